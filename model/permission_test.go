package model

import (
	"strings"
	"testing"
)

// policy returns a document of statements, each "allow|deny ACTIONS on RESOURCES
// [if OPERATOR KEY VALUE]", lists joined by commas.
func policyOf(statements ...string) string {
	quoted := func(list string) string { return `["` + strings.ReplaceAll(list, ",", `","`) + `"]` }
	var out []string
	for _, s := range statements {
		w := strings.Fields(s)
		text := `{"Effect":"` + strings.ToUpper(w[0][:1]) + w[0][1:] + `","Action":` + quoted(w[1]) + `,"Resource":` + quoted(w[3])
		if len(w) > 4 {
			text += `,"Condition":{"` + w[5] + `":{"` + w[6] + `":` + quoted(w[7]) + `}}`
		}
		out = append(out, text+"}")
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(out, ",") + `]}`
}

func TestPermit(t *testing.T) {
	const here, any = "arn:aws:dsql:us-east-1:*:cluster/*", "arn:aws:dsql:*:*:cluster/*"
	w := World{Env: NewEnv()}
	w = w.With(Cluster{Handle: 1, Region: "us-east-1", Status: Active, Multi: true, Joined: true, Witness: "us-west-2", Peers: [MaxPeers]Handle{2}})
	w = w.With(Cluster{Handle: 2, Region: "us-east-2", Status: Active, Multi: true, Joined: true, Witness: "us-west-2", Peers: [MaxPeers]Handle{1}})
	w = w.With(Cluster{Handle: 5, Region: "us-east-1", Status: PendingSetup, Multi: true, Witness: "us-west-2", Peers: [MaxPeers]Handle{6}})
	for _, tt := range []struct {
		says string
		can  string
		op   string
		want Grant
	}{
		{"everything is allowed by *", policyOf("allow * on *"), "get c1", Granted},
		{"what no statement allows is denied", policyOf("allow dsql:GetCluster on *"), "delete c1", Denied},
		{"an explicit deny wins", policyOf("allow dsql:* on *", "deny dsql:DeleteCluster on *"), "delete c1", Denied},
		{"actions are compared without case", policyOf("allow DSQL:getcluster on *"), "get c1", Granted},
		{"a wildcard in an action", policyOf("allow dsql:Get* on *"), "get c1", Granted},
		{"a cluster of the Region", policyOf("allow dsql:GetCluster on " + here), "get c1", Granted},
		{"a cluster of another Region", policyOf("allow dsql:GetCluster on " + here), "get c2", Denied},
		{"a cluster asked in another Region", policyOf("allow dsql:GetCluster on " + here), "get c1 @us-east-2", Denied},
		{"an identifier that only the target knows", policyOf("allow dsql:GetCluster on arn:aws:dsql:us-east-1:*:cluster/abcdefghijklmnopqrstuvwxyz"), "get c1", Undecided},
		{"an account that only the target knows", policyOf("allow dsql:GetCluster on arn:aws:dsql:us-east-1:123456789012:cluster/*"), "get c1", Undecided},
		{"another service", policyOf("allow dsql:GetCluster on arn:aws:s3:us-east-1:*:cluster/*"), "get c1", Denied},
		{"listings are asked of *", policyOf("allow dsql:ListClusters on *"), "list us-east-1", Granted},
		{"listings are not asked of clusters", policyOf("allow dsql:ListClusters on " + here), "list us-east-1", Denied},
		{"a create", policyOf("allow dsql:CreateCluster on " + here), "c3 = create us-east-1", Granted},
		{"a create in another Region", policyOf("allow dsql:CreateCluster on " + here), "c3 = create us-east-2", Denied},
		{"a create with tags needs TagResource", policyOf("allow dsql:CreateCluster on " + any), "c3 = create us-east-1 tags=a=b", Denied},
		{"a create with a policy may need PutClusterPolicy", policyOf("allow dsql:CreateCluster on " + any), `c3 = create us-east-1 policy="{}"`, Undecided},
		{"a witness is needed where the cluster is", policyOf("allow dsql:CreateCluster,dsql:PutMultiRegionProperties on "+any, "allow dsql:PutWitnessRegion on "+here), "c3 = create us-east-1 witness=us-west-2", Denied},
		{"a witness is needed in both Regions", policyOf("allow dsql:CreateCluster,dsql:PutMultiRegionProperties on "+any, "allow dsql:PutWitnessRegion on "+any), "c3 = create us-east-1 witness=us-west-2", Granted},
		{"a witness that the condition names", policyOf("allow dsql:* on " + any + " if StringEquals dsql:WitnessRegion us-west-2"), "c3 = create us-east-1 witness=us-west-2", Denied}, // PutMultiRegionProperties does not know the key
		{"a witness of a condition on the actions that know it", policyOf("allow dsql:PutMultiRegionProperties on "+any, "allow dsql:CreateCluster,dsql:PutWitnessRegion on "+any+" if StringEquals dsql:WitnessRegion us-west-2"), "c3 = create us-east-1 witness=us-west-2", Granted},
		{"another witness than the condition's", policyOf("allow dsql:PutMultiRegionProperties on "+any, "allow dsql:CreateCluster,dsql:PutWitnessRegion on "+any+" if StringEquals dsql:WitnessRegion us-west-2"), "c3 = create us-east-1 witness=eu-west-1", Denied},
		{"a deny unless the witness is like that", policyOf("allow dsql:* on *", "deny dsql:PutWitnessRegion on * if StringNotLike dsql:WitnessRegion us-*"), "c3 = create us-east-1 witness=us-west-2", Granted},
		{"a deny of such a witness", policyOf("allow dsql:* on *", "deny dsql:PutWitnessRegion on * if StringLike dsql:WitnessRegion us-*"), "c3 = create us-east-1 witness=us-west-2", Denied},
		{"a condition that is not understood", policyOf("allow dsql:* on * if Bool aws:SecureTransport true"), "get c1", Undecided},
		{"a peer is asked for in its Region", policyOf("allow dsql:* on " + here), "c3 = create us-east-1 peers=c2", Denied},
		{"an update that keeps its peer", policyOf("allow dsql:UpdateCluster,dsql:GetCluster,dsql:PutMultiRegionProperties,dsql:AddPeerCluster,dsql:RemovePeerCluster,dsql:PutWitnessRegion on " + any), "update c1 witness=us-west-2 peers=c2", Granted},
		{"an update that keeps its peer may need RemovePeerCluster all the same", policyOf("allow dsql:* on *", "deny dsql:RemovePeerCluster on *"), "update c1 witness=us-west-2 peers=c2", Undecided},
		{"an update that drops who is named only may need it too", policyOf("allow dsql:* on *", "deny dsql:RemovePeerCluster on *"), "update c5 witness=us-west-2 peers=[]", Undecided},
		{"an update that drops its peer", policyOf("allow dsql:UpdateCluster,dsql:GetCluster,dsql:PutMultiRegionProperties,dsql:AddPeerCluster,dsql:PutWitnessRegion on " + any), "update c1 witness=us-west-2 peers=[]", Denied},
		{"an update that may drop the peer by its ARN or by a wildcard", policyOf("allow dsql:* on *", "deny dsql:RemovePeerCluster on arn:aws:dsql:us-east-1:*:cluster/*"), "update c1 witness=us-west-2 peers=[]", Undecided},
		{"an update of the peering needs GetCluster", policyOf("allow dsql:* on *", "deny dsql:GetCluster on *"), "update c1 witness=us-west-2 peers=c2", Denied},
		{"an update of the protection does not", policyOf("allow dsql:* on *", "deny dsql:GetCluster on *"), "update c1 protection=off", Granted},
		{"an await is a read", policyOf("allow dsql:* on *", "deny dsql:GetCluster on *"), "await c1 ACTIVE", Denied},
	} {
		t.Run(tt.says, func(t *testing.T) {
			can, err := ParsePermissions([]byte(tt.can))
			if err != nil {
				t.Fatal(err)
			}
			line, err := ParseLine(tt.op)
			if err != nil {
				t.Fatal(err)
			}
			if got := can.Permit(w, line.Op, unnamed); got != tt.want {
				t.Errorf("%s: got %d, want %d; it needs %+v", tt.op, got, tt.want, Needs(w, line.Op, unnamed))
			}
		})
	}
}

func TestADeniedCallIsRefusedWhateverElseItIs(t *testing.T) {
	reader, err := ParsePermissions([]byte(policyOf("allow dsql:GetCluster on *")))
	if err != nil {
		t.Fatal(err)
	}
	w := World{Env: NewEnv()}
	w.Env.Principals = map[string]*Permissions{"reader": reader}
	w = w.With(Cluster{Handle: 1, Region: "us-east-1", Status: Active})
	for _, tt := range []struct {
		says, by string
		op       Op
		reply    Reply
		want     bool
	}{
		{"a denied delete succeeds", "reader", DeleteCluster{Ref: Ref{Handle: 1}}, Reply{Cluster: 1, Status: Deleting}, false},
		{"a denied delete is denied", "reader", DeleteCluster{Ref: Ref{Handle: 1}}, Reply{Code: AccessDenied}, true},
		{"a denied delete of nobody is not found", "reader", DeleteCluster{Ref: Ref{Handle: 9}}, Reply{Code: NotFound}, true},
		{"an allowed read is denied", "reader", GetCluster{Ref: Ref{Handle: 1}}, Reply{Code: AccessDenied}, false},
		{"everybody else may", "", DeleteCluster{Ref: Ref{Handle: 1}}, Reply{Cluster: 1, Status: Deleting}, true},
	} {
		got := false
		w := w
		w.By = tt.by
		for _, o := range Step(w, tt.op) {
			if o.Breaks == "" && o.Match(w, tt.op, tt.reply) {
				got = true
				if tt.reply.Refused() && !o.Next.Equal(w) {
					t.Errorf("%s: got a change, want none", tt.says)
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: got allowed %t, want %t", tt.says, got, tt.want)
		}
	}
}

func TestAPolicyThatIsNotUnderstoodIsAnError(t *testing.T) {
	for _, text := range []string{
		``, `null`, `[]`, `{}`, `{"Statement":[]}`,
		`{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":"*"}}`,
		`{"Statement":{"Effect":"Allow","NotAction":"dsql:GetCluster","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":[1],"Resource":"*"}}`,
	} {
		if p, err := ParsePermissions([]byte(text)); err == nil {
			t.Errorf("%s: got %v, want an error", text, p)
		}
	}
}

func FuzzParsePermissions(f *testing.F) {
	f.Add(policyOf("allow dsql:* on *", "deny dsql:PutWitnessRegion on a,b if StringLike dsql:WitnessRegion us-*"), "get c1")
	w := World{Env: NewEnv()}.With(Cluster{Handle: 1, Region: "us-east-1", Status: Active})
	f.Fuzz(func(_ *testing.T, document, text string) {
		p, err := ParsePermissions([]byte(document))
		line, bad := ParseLine(text)
		if err == nil && bad == nil {
			p.Permit(w, line.Op, unnamed) // never a panic
		}
	})
}

func TestAPatternMatchesWhatIsUnsaidOnlyIfItMust(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		must, could   bool
	}{
		{"a*c", "abbc", true, true},
		{"a?c", "abbc", false, false},
		{"*", "", true, true},
		{"", "", true, true},
		{"cluster/*", "cluster/" + Unsaid, true, true},
		{"cluster/*z", "cluster/" + Unsaid, false, true},
		{"cluster/a?c", "cluster/" + Unsaid, false, true},
		{"cluster/", "cluster/" + Unsaid, false, false},
		{"cluster/a/stream/*", "cluster/" + Unsaid + "/stream/" + Unsaid, false, true},
		{"other/*", "cluster/" + Unsaid, false, false},
		{"**", Unsaid, true, true},
	} {
		if must, could := glob(tt.pattern, tt.text, false), glob(tt.pattern, tt.text, true); must != tt.must || could != tt.could {
			t.Errorf("%q against %q: got must %t and could %t, want %t and %t", tt.pattern, tt.text, must, could, tt.must, tt.could)
		}
	}
}
