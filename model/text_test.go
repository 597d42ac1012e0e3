package model

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// exact compares strictly: nil and empty lists differ.
var exact = cmp.Comparer(func(a, b Tags) bool { return a == b })

// lineForms is read both ways: each text parses to the line beside it, and the
// line prints to the text.
var lineForms = []struct {
	text string
	line Line
}{
	{`c1 = create us-east-1`, Line{Op: CreateCluster{As: 1, Region: "us-east-1"}}},
	{`c999 = create "" protection=off key="" tags={} multi={} token=""`, Line{Op: CreateCluster{As: 999, Protection: Off,
		Key: Some(""), GivenTags: true, Multi: &MultiRegion{}, Token: Token{Literal: Some("")}}}},
	{`c1 = create us-east-1 protection=on key=alias/x tags=a=b,"c d"=e witness=us-west-2 peers=c2,"literal id",c1 token=t1`,
		Line{Op: CreateCluster{As: 1, Region: "us-east-1", Protection: On, Key: Some("alias/x"),
			Tags: NewTags(map[string]string{"a": "b", "c d": "e"}), GivenTags: true,
			Multi: &MultiRegion{Witness: Some("us-west-2"), Peers: []Ref{C(2), {Literal: "literal id"}, C(1)}, GivenPeers: true},
			Token: Token{Name: "t1"}}}},
	{`c2 = create us-east-2 witness="" peers=[]`, Line{Op: CreateCluster{As: 2, Region: "us-east-2",
		Multi: &MultiRegion{Witness: Some(""), GivenPeers: true}}}},
	{`c2 = create us-east-2 witness=us-west-2`, Line{Op: CreateCluster{As: 2, Region: "us-east-2",
		Multi: &MultiRegion{Witness: Some("us-west-2")}}}},
	{`c1 = create us-east-1 tags=""="",b=""`, Line{Op: CreateCluster{As: 1, Region: "us-east-1",
		Tags: NewTags(map[string]string{"": "", "b": ""}), GivenTags: true}}},
	{`get c1`, Line{Op: GetCluster{Ref: C(1)}}},
	{`get c1 @us-east-2`, Line{Op: GetCluster{C(1), "us-east-2"}}},
	{`get ""`, Line{Op: GetCluster{}}},
	{`get "c1" @"no such \"place\""`, Line{Op: GetCluster{Ref{Literal: "c1"}, `no such "place"`}}},
	{`get "\xff\x00\u00e9\n"`, Line{Op: GetCluster{Ref: Ref{Literal: "\xff\x00é\n"}}}},
	{`list us-east-1`, Line{Op: ListClusters{Region: "us-east-1"}}},
	{`list us-east-1 max=2 next="z z"`, Line{Op: ListClusters{"us-east-1", 2, Some("z z")}}},
	{`update c1`, Line{Op: UpdateCluster{Ref: C(1)}}},
	{`update c1 @us-east-2 protection=off key=k witness=us-west-2 peers=c2 token=t2~:128`, Line{Op: UpdateCluster{C(1), "us-east-2",
		Off, Some("k"), &MultiRegion{Some("us-west-2"), []Ref{C(2)}, true}, Token{Name: "t2", Near: true, Length: 128}}}},
	{`update c1 multi={}`, Line{Op: UpdateCluster{Ref: C(1), Multi: &MultiRegion{}}}},
	{`delete c1 token=t1~`, Line{Op: DeleteCluster{C(1), "", Token{Name: "t1", Near: true}}}},
	{`delete c1 @us-east-2 token="t1"`, Line{Op: DeleteCluster{C(1), "us-east-2", Token{Literal: Some("t1")}}}},
	{`delete c1 token=t10:36`, Line{Op: DeleteCluster{C(1), "", Token{Name: "t10", Length: 36}}}},
	{`tag c1 @us-east-2 k=v,"x y"=z`, Line{Op: TagResource{Ref: C(1), At: "us-east-2", Tags: NewTags(map[string]string{"k": "v", "x y": "z"})}}},
	{`tag c1 {}`, Line{Op: TagResource{Ref: C(1)}}},
	{`tag c1 "{}"="!lost"`, Line{Op: TagResource{Ref: C(1), Tags: NewTags(map[string]string{"{}": "!lost"})}}},
	{`untag c1 k,"x y",k,""`, Line{Op: UntagResource{Ref: C(1), Keys: []string{"k", "x y", "k", ""}}}},
	{`untag c1 []`, Line{Op: UntagResource{Ref: C(1)}}},
	{`tags c1 @us-east-2`, Line{Op: ListTagsForResource{Ref: C(1), At: "us-east-2"}}},
	{`vpc c1`, Line{Op: GetVpcEndpointServiceName{Ref: C(1)}}},
	{`c1 = create us-east-1 policy="{\"a\": 1}" bypass=off`, Line{Op: CreateCluster{As: 1, Region: "us-east-1", Policy: Some(`{"a": 1}`), Bypass: Off}}},
	{`c1 = create us-east-1 policy=""`, Line{Op: CreateCluster{As: 1, Region: "us-east-1", Policy: Some("")}}},
	{`tag c1/s1 k=v`, Line{Op: TagResource{Ref: C(1), Stream: StreamRef{Handle: 1}, Tags: NewTags(map[string]string{"k": "v"})}}},
	{`untag "c1"/"s1" @us-east-2 k`, Line{Op: UntagResource{Ref: Ref{Literal: "c1"}, Stream: StreamRef{Literal: "s1"}, At: "us-east-2", Keys: []string{"k"}}}},
	{`tags c1/s999`, Line{Op: ListTagsForResource{Ref: C(1), Stream: StreamRef{Handle: 999}}}},
	{`put-policy c1 "{}"`, Line{Op: PutClusterPolicy{Ref: C(1), Policy: "{}"}}},
	{`put-policy c1 @us-east-2 "" bypass=on expect=v2 token=t1`, Line{Op: PutClusterPolicy{Ref: C(1), At: "us-east-2", Bypass: On,
		Expect: Expect{Version: 2}, Token: Token{Name: "t1"}}}},
	{`get-policy c1 @us-east-2`, Line{Op: GetClusterPolicy{C(1), "us-east-2"}}},
	{`delete-policy c1`, Line{Op: DeleteClusterPolicy{Ref: C(1)}}},
	{`delete-policy c1 expect="v1" token=t1`, Line{Op: DeleteClusterPolicy{Ref: C(1), Expect: Expect{Literal: Some("v1")}, Token: Token{Name: "t1"}}}},
	{`delete-policy c1 expect=""`, Line{Op: DeleteClusterPolicy{Ref: C(1), Expect: Expect{Literal: Some("")}}}},
	{`s1 = create-stream c1`, Line{Op: CreateStream{As: 1, Ref: C(1)}}},
	{`s999 = create-stream "x" @us-east-2 ordering=X format=Y kinesis=a role="" tags={} token=t1`, Line{Op: CreateStream{As: 999,
		Ref: Ref{Literal: "x"}, At: "us-east-2", Ordering: Some("X"), Format: Some("Y"), Kinesis: Some("a"), Role: Some(""),
		GivenTags: true, Token: Token{Name: "t1"}}}},
	{`get-stream c1/s1`, Line{Op: GetStream{Ref: C(1), Stream: StreamRef{Handle: 1}}}},
	{`get-stream ""/""`, Line{Op: GetStream{}}},
	{`list-streams c1 @us-east-2 max=2 next=x`, Line{Op: ListStreams{C(1), "us-east-2", 2, Some("x")}}},
	{`delete-stream c1/"literal" @us-east-2 token=t1`, Line{Op: DeleteStream{C(1), StreamRef{Literal: "literal"}, "us-east-2", Token{Name: "t1"}}}},
	{`c2 = create-linked us-east-1 regions=us-east-2`, Line{Op: CreateMultiRegionClusters{As: []Handle{2}, Region: "us-east-1", Linked: []Region{"us-east-2"}}}},
	{`c2,c1 = create-linked us-east-1 regions=us-east-1,"" witness=us-west-2 protection=off token=t1`, Line{Op: CreateMultiRegionClusters{
		As: []Handle{2, 1}, Region: "us-east-1", Linked: []Region{"us-east-1", ""}, Witness: "us-west-2", Protection: Off, Token: Token{Name: "t1"}}}},
	{`delete-linked us-east-1 c2,"x",c1,c2 token=t1`, Line{Op: DeleteMultiRegionClusters{"us-east-1", []Ref{C(2), {Literal: "x"}, C(1), C(2)}, Token{Name: "t1"}}}},
	{`delete-linked us-east-1 []`, Line{Op: DeleteMultiRegionClusters{Region: "us-east-1"}}},
	{`hostile us-east-1 GetStream streamIdentifier pattern c1/s1`, Line{Op: Hostile{Region: "us-east-1", Operation: "GetStream",
		Member: "streamIdentifier", Fault: "pattern", Ref: C(1), Stream: StreamRef{Handle: 1}}}},
	{`hostile us-east-1 GetCluster - unsigned c1 !lost`, Line{Op: Hostile{Region: "us-east-1", Operation: "GetCluster", Fault: "unsigned", Ref: C(1)}, Lost: true}},
	{`hostile us-east-1 ListClusters "-" "" ""/s1`, Line{Op: Hostile{Region: "us-east-1", Operation: "ListClusters", Member: "-", Stream: StreamRef{Handle: 1}}}},
	{`c3 = hostile us-east-1 CreateCluster "multiRegionProperties.clusters[]" too-long`, Line{Op: Hostile{As: 3, Region: "us-east-1",
		Operation: "CreateCluster", Member: "multiRegionProperties.clusters[]", Fault: "too-long"}}},
	{`await c1 ACTIVE`, Line{Op: Await{Ref: C(1), Status: Active}}},
	{`await c1/s1 ACTIVE`, Line{Op: Await{Ref: C(1), Stream: StreamRef{Handle: 1}, Shows: StreamActive}}},
	{`await "c1"/"s1" gone`, Line{Op: Await{Ref: Ref{Literal: "c1"}, Stream: StreamRef{Literal: "s1"}, Shows: StreamGone}}},
	{`await c1 gone`, Line{Op: Await{Ref: C(1), Status: Gone}}},
	{`wait 3s`, Line{Op: Wait{3 * time.Second}}},
	{`wait 1m0.0000015s`, Line{Op: Wait{time.Minute + 1500}}},
	{`wait 0s`, Line{Op: Wait{}}},
	{`connect c1`, Line{Op: Connect{C(1)}}},
	{`raw us-east-1 POST /cluster type=application/json body="{"`,
		Line{Op: Raw{"us-east-1", "POST", "/cluster", Some("application/json"), Some("{")}}},
	{`raw us-east-1 GET /cluster?max-results=2&next-token=%20`, Line{Op: Raw{Region: "us-east-1", Method: "GET", Path: "/cluster?max-results=2&next-token=%20"}}},
	{`raw "" "!lost" "x" body=""`, Line{Op: Raw{Method: "!lost", Path: "x", Body: Some("")}}},
	{`delete c1 !lost`, Line{Op: DeleteCluster{Ref: C(1)}, Lost: true}},
	{`tag c1 a=b !lost !twice !retries`, Line{Op: TagResource{Ref: C(1), Tags: NewTags(map[string]string{"a": "b"})}, Lost: true, Twice: true, Retries: true}},
	{`get c1 !by=reader`, Line{Op: GetCluster{Ref: C(1)}, By: "reader"}},
	{`get c1 !lost !by="a !b"`, Line{Op: GetCluster{Ref: C(1)}, Lost: true, By: "a !b"}},
}

func TestALineReadsAndPrintsTheSame(t *testing.T) {
	for _, f := range lineForms {
		got, err := ParseLine(f.text)
		if err != nil {
			t.Errorf("ParseLine(%s): %v", f.text, err)
			continue
		}
		if diff := cmp.Diff(f.line, got, exact); diff != "" {
			t.Errorf("ParseLine(%s) (-want +got):\n%s", f.text, diff)
		}
		if text := f.line.String(); text != f.text {
			t.Errorf("got text  %s\nwant text %s", text, f.text)
		}
	}
}

func TestEveryOperationHasATextForm(t *testing.T) {
	for _, o := range Operations {
		if !slices.ContainsFunc(lineForms, func(f struct {
			text string
			line Line
		}) bool {
			return f.line.Op.Name() == o.Name && slices.Contains(strings.Fields(f.text), o.Word)
		}) {
			t.Errorf("%s: got no line form with the word %s, want one", o.Name, o.Word)
		}
	}
	if got, want := len(verbs), len(Operations); got != want {
		t.Errorf("got %d operations that parse, want %d", got, want)
	}
}

func TestASequencePrintsItsHeaderThenItsLines(t *testing.T) {
	s := Sequence{Seed: 5, Profile: "life cycle", Regions: []Region{"us-east-1", "a,b"}, Revision: "current", Lines: []Line{
		{Op: CreateCluster{As: 1, Region: "us-east-1"}, Twice: true}, {Op: Await{Ref: C(1), Status: Gone}},
	}}
	want := `# dsqlseq 1
# seed: 5
# profile: "life cycle"
# regions: us-east-1,"a,b"
# revision: current
c1 = create us-east-1 !twice
await c1 gone
`
	if diff := cmp.Diff(want, s.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if got, want := (Sequence{}).String(), "# dsqlseq 1\n"; got != want {
		t.Errorf("empty sequence: got %q, want %q", got, want)
	}
}

// Malformed values print without a panic, to a text that is not mistaken for
// another well-formed value.
func TestAMalformedLineDoesNotParseBack(t *testing.T) {
	for name, l := range map[string]Line{
		"no operation":               {},
		"no handle to create":        {Op: CreateCluster{Region: "us-east-1"}},
		"handle too great":           {Op: GetCluster{Ref: C(1000)}},
		"the unknown handle":         {Op: GetCluster{Ref: Ref{Handle: Unknown}}},
		"handle and literal":         {Op: GetCluster{Ref: Ref{Handle: 1, Literal: "x"}}},
		"a switch out of range":      {Op: UpdateCluster{Ref: C(1), Protection: 9}},
		"a negative maximum":         {Op: ListClusters{Region: "us-east-1", Max: -1}},
		"too many peers":             {Op: CreateCluster{As: 1, Multi: &MultiRegion{Peers: []Ref{C(2), C(3), C(4), C(5)}, GivenPeers: true}}},
		"a token without a name":     {Op: DeleteCluster{Ref: C(1), Token: Token{Near: true}}},
		"a token of another name":    {Op: DeleteCluster{Ref: C(1), Token: Token{Name: "x"}}},
		"a token too long":           {Op: DeleteCluster{Ref: C(1), Token: Token{Name: "t1", Length: 129}}},
		"a token both ways":          {Op: DeleteCluster{Ref: C(1), Token: Token{Name: "t1", Literal: Some("x")}}},
		"a stream out of range":      {Op: GetStream{Ref: C(1), Stream: StreamRef{Handle: 1000}}},
		"a stream both ways":         {Op: GetStream{Ref: C(1), Stream: StreamRef{Handle: 1, Literal: "x"}}},
		"no stream to create":        {Op: CreateStream{Ref: C(1)}},
		"a negative version":         {Op: DeleteClusterPolicy{Ref: C(1), Expect: Expect{Version: -1}}},
		"a version both ways":        {Op: DeleteClusterPolicy{Ref: C(1), Expect: Expect{Version: 1, Literal: Some("x")}}},
		"no clusters to create":      {Op: CreateMultiRegionClusters{Region: "us-east-1"}},
		"a cluster without a Region": {Op: CreateMultiRegionClusters{As: []Handle{1, 2}, Linked: []Region{"us-east-1"}}},
		"a cluster created twice":    {Op: CreateMultiRegionClusters{As: []Handle{1, 1}, Linked: []Region{"us-east-1", "us-east-2"}}},
		"too many clusters":          {Op: CreateMultiRegionClusters{As: []Handle{1, 2, 3, 4}, Linked: make([]Region, 4)}},
		"too many deleted":           {Op: DeleteMultiRegionClusters{Refs: []Ref{C(1), C(2), C(3), C(4)}}},
		"no status of a stream":      {Op: Await{Ref: C(1), Stream: StreamRef{Handle: 1}, Status: Active}},
		"a status out of range":      {Op: Await{Ref: C(1), Status: 99}},
		"no status":                  {Op: Await{Ref: C(1)}},
		"a negative wait":            {Op: Wait{-1}},
	} {
		if got, err := ParseLine(l.String()); err == nil {
			t.Errorf("%s: %s parsed as %#v, want an error", name, l, got)
		}
	}
}

var replyForms = []struct {
	text  string
	reply Reply
}{
	{`lost`, Reply{Lost: true}},
	{`other`, Reply{Code: OtherError}},
	{`ResourceNotFoundException`, Reply{Code: NotFound}},
	{`ValidationException reason=deletionProtectionEnabled`, Reply{Code: Validation, Reason: "deletionProtectionEnabled"}},
	{`ok`, Reply{}},
	{`ok c1 CREATING protection=on`, Reply{Cluster: 1, Status: Creating, Protection: On}},
	{`ok unknown gone`, Reply{Cluster: Unknown, Status: Gone}},
	{`ok ACTIVE`, Reply{Status: Active}},
	{`ok c1 PENDING_SETUP protection=on witness=us-west-2 clusters=c1,c2,unknown tags=a=b`, Reply{Cluster: 1, Status: PendingSetup, Protection: On,
		Multi: true, Witness: Some("us-west-2"), Members: []Handle{1, 2, Unknown}, Tags: NewTags(map[string]string{"a": "b"})}},
	{`ok c1 ACTIVE changed=arn,creationTime multi`, Reply{Cluster: 1, Status: Active, Changed: "arn,creationTime", Multi: true}},
	{`ok changed="a b" witness="" clusters=[]`, Reply{Changed: "a b", Multi: true, Witness: Some(""), Empty: true}},
	{`ok list=[]`, Reply{Listed: []Handle{}}},
	{`ok list=c1,c2 twice=c1`, Reply{Listed: []Handle{1, 2}, Twice: []Handle{1}}},
	{`ok c1 ACTIVE encryption=CUSTOMER_MANAGED_KMS_KEY/ENABLED kms="a*b"`, Reply{Cluster: 1, Status: Active,
		Encryption: Encryption{CustomerManaged, EncryptionEnabled, Some("a*b")}}},
	{`ok encryption=AWS_OWNED_KMS_KEY/`, Reply{Encryption: Encryption{Type: AWSOwned}}},
	{`ok encryption=/KMS_KEY_INACCESSIBLE kms=""`, Reply{Encryption: Encryption{Status: KeyInaccessible, Key: Some("")}}},
	{`ok policy="{}" version=v2`, Reply{Policy: Document{"{}", 2}}},
	{`ok version=v1`, Reply{Policy: Document{Version: 1}}},
	{`ok c1 s1 CREATING tags=a=b order=UNORDERED format=JSON target=on`, Reply{Cluster: 1, Tags: NewTags(map[string]string{"a": "b"}),
		Stream: StreamReply{Handle: 1, Status: StreamCreating, Ordering: "UNORDERED", Format: "JSON", Target: On}}},
	{`ok s1 IMPAIRED target=off reason`, Reply{Stream: StreamReply{Handle: 1, Status: StreamImpaired, Target: Off, Reason: true}}},
	{`ok unknown unknown gone`, Reply{Cluster: Unknown, Stream: StreamReply{Handle: UnknownStream, Status: StreamGone}}},
	{`ok none unknown`, Reply{Stream: StreamReply{Handle: UnknownStream}}},
	{`ok none none ACTIVE`, Reply{Stream: StreamReply{Status: StreamActive}}},
	{`ok c1 none ACTIVE`, Reply{Cluster: 1, Stream: StreamReply{Status: StreamActive}}},
	{`ok streams=s1:ACTIVE,s2 streams-twice=s1,s2`, Reply{Stream: StreamReply{Listed: []StreamHandle{1, 2},
		Shown: []StreamStatus{StreamActive, NoStream}, Twice: []StreamHandle{1, 2}}}},
	{`ok streams=[]`, Reply{Stream: StreamReply{Listed: []StreamHandle{}}}},
	{`ok c1 ACTIVE legacy-witness=us-west-2 linked=c2,c1,unknown,unknown`, Reply{Cluster: 1, Status: Active,
		Legacy: Legacy{Some("us-west-2"), []Handle{2, 1, Unknown, Unknown}}}},
	{`ok legacy-witness="" linked=[]`, Reply{Legacy: Legacy{Some(""), []Handle{}}}},
	{`ok service`, Reply{Service: "service"}},
	{`ok service=com.amazonaws.us-east-1.dsql-x`, Reply{Service: "com.amazonaws.us-east-1.dsql-x"}},
}

func TestAReplyReadsAndPrintsTheSame(t *testing.T) {
	for _, f := range replyForms {
		got, err := ParseReply(f.text)
		if err != nil {
			t.Errorf("ParseReply(%s): %v", f.text, err)
			continue
		}
		if diff := cmp.Diff(f.reply, got, exact); diff != "" {
			t.Errorf("ParseReply(%s) (-want +got):\n%s", f.text, diff)
		}
		if text := f.reply.String(); text != f.text {
			t.Errorf("got text  %s\nwant text %s", text, f.text)
		}
	}
}

func TestAWantPrintsItsAlternatives(t *testing.T) {
	ab := NewTags(map[string]string{"a": "b"})
	for _, test := range []struct {
		text string
		want Want
	}{
		{`ok`, Want{}},
		{`ResourceNotFoundException|ConflictException`, Want{Codes: Codes(NotFound, Conflict)}},
		{`ValidationException reason=fieldValidationFailed`, Want{Codes: Codes(Validation), Reason: "fieldValidationFailed"}},
		{`any 4xx`, Want{Codes: Any4xx}},
		{`ok c1 CREATING|ACTIVE protection=on|off witness=us-west-2 clusters=c1 (+c2)`, Want{Cluster: 1, Status: Statuses(Active, Creating),
			Protection: ShowsOn | ShowsOff, Multi: Present, Witness: []Region{"us-west-2"}, Must: []Handle{1}, May: []Handle{2}}},
		{`ok c1 (fresh) CREATING protection=on multi=absent tags={}|a=b`, Want{Cluster: 1, Fresh: true, Status: Statuses(Creating),
			Protection: ShowsOn, Multi: Absent, Tags: []Tags{{}, ab}}},
		{`ok protection=off multi=any witness=us-west-2|us-east-2 clusters=(+c1,unknown)`, Want{Protection: ShowsOff, Multi: Whichever,
			Witness: []Region{"us-west-2", "us-east-2"}, May: []Handle{1, Unknown}}},
		{`ok multi`, Want{Multi: Present}},
		{`ok list=c1,c2 (-c3)`, Want{Listed: []Handle{1, 2}, Unlisted: []Handle{3}}},
		{`ok list=(-c3)`, Want{Unlisted: []Handle{3}}},
		{`ok list=any`, Want{Listed: []Handle{}}},
		{`ok service`, Want{Service: true}},
		{`ok ` + words(new(StreamWant).text(), new(EncryptionWant).text(), new(PolicyWant).text(), new(LegacyWant).text()),
			Want{Stream: new(StreamWant), Encryption: new(EncryptionWant), Policy: new(PolicyWant), Legacy: new(LegacyWant)}},
	} {
		if got := test.want.String(); got != test.text {
			t.Errorf("got  %s\nwant %s", got, test.text)
		}
	}
}

func TestAnyLineParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyLine.Draw(t, "line")
		text := want.String()
		if strings.ContainsFunc(text, unprintable) {
			t.Fatalf("got a control or non-ASCII character in %q", text)
		}
		got, err := ParseLine(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}

func TestAnySequenceParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Sequence{
			Seed:     rapid.Uint64().Draw(t, "seed"),
			Profile:  anyText.Draw(t, "profile"),
			Regions:  orNil(rapid.SliceOfN(anyRegion, 0, 3)).Draw(t, "regions"),
			Revision: anyText.Draw(t, "revision"),
			Lines:    orNil(rapid.SliceOfN(anyLine, 0, 6)).Draw(t, "lines"),
		}
		for i := range want.Lines { // each handle is created once
			want.Lines[i].Op = Edit(want.Lines[i].Op, func(p *Parts) {
				first := MaxPeers*i + 1
				if p.As != nil && *p.As != 0 {
					*p.As = Handle(first)
				}
				if p.As != nil && p.Multi != nil {
					*p.Multi = nil
				}
				if p.StreamAs != nil && *p.StreamAs != 0 {
					*p.StreamAs = StreamHandle(first)
				}
				if p.Many != nil {
					var list []Handle
					for j := range *p.Many {
						list = append(list, Handle(first+j))
					}
					*p.Many = list
				}
			})
		}
		text := want.String()
		got, err := ParseSequence(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}

func TestAnyReplyParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyReply.Draw(t, "reply")
		text := want.String()
		if strings.ContainsFunc(text, unprintable) {
			t.Fatalf("got a control or non-ASCII character in %q", text)
		}
		got, err := ParseReply(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}

// unprintable reports a character that must be escaped; durations hold a µ.
func unprintable(r rune) bool { return r < ' ' || r > '~' && r != 'µ' }

// Generators of every well-formed value: any bytes wherever a text stands.
var (
	anyText = rapid.OneOf(
		rapid.SampledFrom([]string{"", "us-east-1", "c1", "!lost", "a=b", "{}", "[]", "#", "t1~:9", `"`, `\`, "\xff", "\n"}),
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }))
	anyRegion = rapid.Map(anyText, func(s string) Region { return Region(s) })
	anyMaybe  = rapid.OneOf(rapid.Just(Maybe{}), rapid.Map(anyText, Some))
	anyHandle = rapid.Uint16Range(1, uint16(MaxHandle))
	anyRef    = rapid.OneOf(
		rapid.Map(anyHandle, func(h uint16) Ref { return Ref{Handle: Handle(h)} }),
		rapid.Map(anyText, func(s string) Ref { return Ref{Literal: s} }))
	anyStreamRef = rapid.OneOf(
		rapid.Map(anyHandle, func(h uint16) StreamRef { return StreamRef{Handle: StreamHandle(h)} }),
		rapid.Map(anyText, func(s string) StreamRef { return StreamRef{Literal: s} }))
	anyShows  = rapid.Map(rapid.IntRange(int(StreamCreating), int(StreamGone)), func(i int) StreamStatus { return StreamStatus(i) })
	anySwitch = rapid.SampledFrom([]Switch{Unset, Off, On})
	anyStatus = rapid.Map(rapid.IntRange(int(Creating), int(Gone)), func(i int) Status { return Status(i) })
	anyTags   = rapid.Map(rapid.MapOfN(anyText, anyText, 0, 3), NewTags)
	anyToken  = rapid.OneOf(
		rapid.Just(Token{}),
		rapid.Map(anyText, func(s string) Token { return Token{Literal: Some(s)} }),
		rapid.Custom(func(t *rapid.T) Token {
			return Token{Name: rapid.StringMatching(`t[0-9]{1,3}`).Draw(t, "name"), Near: rapid.Bool().Draw(t, "near"),
				Length: rapid.IntRange(0, 128).Draw(t, "length")}
		}))
	anyMulti = rapid.OneOf(rapid.Just((*MultiRegion)(nil)), rapid.Custom(func(t *rapid.T) *MultiRegion {
		m := &MultiRegion{Witness: anyMaybe.Draw(t, "witness"), GivenPeers: rapid.Bool().Draw(t, "given peers")}
		if m.GivenPeers {
			m.Peers = orNil(rapid.SliceOfN(anyRef, 0, MaxPeers)).Draw(t, "peers")
		}
		return m
	}))
	anyCreate = rapid.Custom(func(t *rapid.T) Op {
		o := CreateCluster{As: Handle(anyHandle.Draw(t, "as")), Region: anyRegion.Draw(t, "region"), Protection: anySwitch.Draw(t, "protection"),
			Key: anyMaybe.Draw(t, "key"), Tags: anyTags.Draw(t, "tags"), GivenTags: rapid.Bool().Draw(t, "given tags"), Multi: anyMulti.Draw(t, "multi"),
			Policy: anyMaybe.Draw(t, "policy"), Bypass: anySwitch.Draw(t, "bypass"), Token: anyToken.Draw(t, "token")}
		o.GivenTags = o.GivenTags || o.Tags.Len() > 0
		return o
	})
	anyUpdate = rapid.Custom(func(t *rapid.T) Op {
		return UpdateCluster{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at"), anySwitch.Draw(t, "protection"), anyMaybe.Draw(t, "key"),
			anyMulti.Draw(t, "multi"), anyToken.Draw(t, "token")}
	})
	anyCreateStream = rapid.Custom(func(t *rapid.T) Op {
		o := CreateStream{StreamHandle(anyHandle.Draw(t, "as")), anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at"), anyMaybe.Draw(t, "ordering"),
			anyMaybe.Draw(t, "format"), anyMaybe.Draw(t, "kinesis"), anyMaybe.Draw(t, "role"), anyTags.Draw(t, "tags"),
			rapid.Bool().Draw(t, "given tags"), anyToken.Draw(t, "token")}
		o.GivenTags = o.GivenTags || o.Tags.Len() > 0
		return o
	})
	anyCreateLinked = rapid.Custom(func(t *rapid.T) Op {
		o := CreateMultiRegionClusters{Region: anyRegion.Draw(t, "region"), Witness: anyRegion.Draw(t, "witness"),
			Protection: anySwitch.Draw(t, "protection"), Token: anyToken.Draw(t, "token")}
		for _, h := range rapid.SliceOfNDistinct(anyHandle, 1, MaxPeers, rapid.ID).Draw(t, "as") {
			o.As, o.Linked = append(o.As, Handle(h)), append(o.Linked, anyRegion.Draw(t, "linked"))
		}
		return o
	})
	anyHostile = rapid.Custom(func(t *rapid.T) Op {
		return Hostile{anyRegion.Draw(t, "region"), rapid.OneOf(anyText, rapid.Just("CreateStream")).Draw(t, "operation"),
			rapid.OneOf(anyText, rapid.Just("-")).Draw(t, "member"), anyText.Draw(t, "fault"),
			rapid.OneOf(rapid.Just(Ref{}), anyRef).Draw(t, "ref"), anyStreamRef.Draw(t, "stream"),
			Handle(rapid.Uint16Max(uint16(MaxHandle)).Draw(t, "as"))}
	})
	anyAwait = rapid.Custom(func(t *rapid.T) Op {
		o := Await{Ref: anyRef.Draw(t, "ref"), Stream: anyStreamRef.Draw(t, "stream")}
		if o.Stream == (StreamRef{}) {
			o.Status = anyStatus.Draw(t, "status")
		} else {
			o.Shows = anyShows.Draw(t, "shows")
		}
		return o
	})
	anyExpect = rapid.OneOf(
		rapid.Map(rapid.IntMin(0), func(n int) Expect { return Expect{Version: n} }),
		rapid.Map(anyMaybe, func(m Maybe) Expect { return Expect{Literal: m} }))
	anyOp = rapid.OneOf(anyCreate, anyUpdate, anyCreateStream, anyCreateLinked, anyHostile, anyAwait,
		rapid.Custom(func(t *rapid.T) Op { return GetCluster{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at")} }),
		rapid.Custom(func(t *rapid.T) Op {
			return ListClusters{anyRegion.Draw(t, "region"), rapid.IntMin(0).Draw(t, "max"), anyMaybe.Draw(t, "next")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return DeleteCluster{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at"), anyToken.Draw(t, "token")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return TagResource{anyRef.Draw(t, "ref"), anyStreamRef.Draw(t, "stream"), anyRegion.Draw(t, "at"), anyTags.Draw(t, "tags")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return UntagResource{anyRef.Draw(t, "ref"), anyStreamRef.Draw(t, "stream"), anyRegion.Draw(t, "at"),
				orNil(rapid.SliceOfN(anyText, 0, 3)).Draw(t, "keys")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return ListTagsForResource{anyRef.Draw(t, "ref"), anyStreamRef.Draw(t, "stream"), anyRegion.Draw(t, "at")}
		}),
		rapid.Custom(func(t *rapid.T) Op { return GetVpcEndpointServiceName{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at")} }),
		rapid.Custom(func(t *rapid.T) Op {
			return PutClusterPolicy{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at"), anyText.Draw(t, "policy"), anySwitch.Draw(t, "bypass"),
				anyExpect.Draw(t, "expect"), anyToken.Draw(t, "token")}
		}),
		rapid.Custom(func(t *rapid.T) Op { return GetClusterPolicy{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at")} }),
		rapid.Custom(func(t *rapid.T) Op {
			return DeleteClusterPolicy{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at"), anyExpect.Draw(t, "expect"), anyToken.Draw(t, "token")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return GetStream{anyRef.Draw(t, "ref"), anyStreamRef.Draw(t, "stream"), anyRegion.Draw(t, "at")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return ListStreams{anyRef.Draw(t, "ref"), anyRegion.Draw(t, "at"), rapid.IntMin(0).Draw(t, "max"), anyMaybe.Draw(t, "next")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return DeleteStream{anyRef.Draw(t, "ref"), anyStreamRef.Draw(t, "stream"), anyRegion.Draw(t, "at"), anyToken.Draw(t, "token")}
		}),
		rapid.Custom(func(t *rapid.T) Op {
			return DeleteMultiRegionClusters{anyRegion.Draw(t, "region"), orNil(rapid.SliceOfN(anyRef, 0, MaxPeers)).Draw(t, "refs"),
				anyToken.Draw(t, "token")}
		}),
		rapid.Custom(func(t *rapid.T) Op { return Wait{time.Duration(rapid.Int64Min(0).Draw(t, "for"))} }),
		rapid.Custom(func(t *rapid.T) Op { return Connect{anyRef.Draw(t, "ref")} }),
		rapid.Custom(func(t *rapid.T) Op {
			return Raw{anyRegion.Draw(t, "region"), anyText.Draw(t, "method"),
				rapid.OneOf(anyText, rapid.StringMatching(`/cluster/[!-~]*`)).Draw(t, "path"), anyMaybe.Draw(t, "type"), anyMaybe.Draw(t, "body")}
		}))
	anyLine = rapid.Custom(func(t *rapid.T) Line {
		return Line{anyOp.Draw(t, "op"), rapid.Bool().Draw(t, "lost"), rapid.Bool().Draw(t, "twice"), rapid.Bool().Draw(t, "retries"), anyText.Draw(t, "by")}
	})
	anySeen        = seen[Handle]()
	anySeenStreams = seen[StreamHandle]()
	anyReply       = rapid.OneOf(
		rapid.Just(Reply{Lost: true}),
		rapid.Custom(func(t *rapid.T) Reply {
			return Reply{Code: Code(rapid.IntRange(int(AccessDenied), int(OtherError)).Draw(t, "code")), Reason: anyText.Draw(t, "reason")}
		}),
		rapid.Custom(func(t *rapid.T) Reply {
			r := Reply{
				Cluster:    Handle(rapid.Uint16().Draw(t, "cluster")),
				Changed:    rapid.OneOf(anyText, rapid.StringMatching(`[a-z,]*`)).Draw(t, "changed"),
				Status:     rapid.OneOf(rapid.Just(NoStatus), anyStatus).Draw(t, "status"),
				Protection: anySwitch.Draw(t, "protection"),
				Witness:    anyMaybe.Draw(t, "witness"),
				Members:    anySeen.Draw(t, "members"),
				Tags:       anyTags.Draw(t, "tags"),
				Listed:     anySeen.Draw(t, "listed"),
				Twice:      anySeen.Draw(t, "twice"),
				Service:    anyText.Draw(t, "service"),
			}
			r.Empty = r.Members == nil && rapid.Bool().Draw(t, "empty")
			r.Multi = r.Witness.Given || r.Members != nil || r.Empty || rapid.Bool().Draw(t, "multi")
			if r.Listed == nil && rapid.Bool().Draw(t, "listed empty") {
				r.Listed = []Handle{}
			}
			r.Encryption = Encryption{EncryptionType(rapid.IntRange(0, int(CustomerManaged)).Draw(t, "encryption")),
				EncryptionStatus(rapid.IntRange(0, int(KeyInaccessible)).Draw(t, "encryption status")), anyMaybe.Draw(t, "kms")}
			r.Policy = Document{anyText.Draw(t, "policy"), rapid.IntMin(0).Draw(t, "version")}
			r.Legacy = Legacy{anyMaybe.Draw(t, "legacy witness"), nil}
			if rapid.Bool().Draw(t, "linked") {
				r.Legacy.Linked = []Handle{}
				for _, h := range rapid.SliceOfN(rapid.Uint16Min(1), 0, 3).Draw(t, "links") {
					r.Legacy.Linked = append(r.Legacy.Linked, Handle(h))
				}
			}
			r.Stream = StreamReply{Ordering: anyText.Draw(t, "order"), Format: anyText.Draw(t, "format"), Target: anySwitch.Draw(t, "target"),
				Reason: rapid.Bool().Draw(t, "stream reason"), Listed: anySeenStreams.Draw(t, "streams"), Twice: anySeenStreams.Draw(t, "streams twice")}
			if r.Status == NoStatus {
				r.Stream.Handle = StreamHandle(rapid.OneOf(rapid.SampledFrom([]uint16{0, uint16(UnknownStream)}), rapid.Uint16()).Draw(t, "stream"))
				r.Stream.Status = rapid.OneOf(rapid.Just(NoStream), anyShows).Draw(t, "stream status")
			}
			for range r.Stream.Listed {
				r.Stream.Shown = append(r.Stream.Shown, rapid.OneOf(rapid.Just(NoStream), anyShows).Draw(t, "shows"))
			}
			if r.Stream.Listed == nil && rapid.Bool().Draw(t, "streams empty") {
				r.Stream.Listed = []StreamHandle{}
			}
			return r
		}))
)

// seen generates sorted distinct handles, nil for none.
func seen[T ~uint16]() *rapid.Generator[[]T] {
	return rapid.Map(rapid.SliceOfNDistinct(rapid.Uint16Min(1), 0, 4, rapid.ID), func(list []uint16) []T {
		var handles []T
		for _, h := range list {
			handles = append(handles, T(h))
		}
		return sorted(handles)
	})
}

// orNil turns empty lists into nil, as the parser makes them.
func orNil[T any](g *rapid.Generator[[]T]) *rapid.Generator[[]T] {
	return rapid.Map(g, func(list []T) []T {
		if len(list) == 0 {
			return nil
		}
		return list
	})
}
