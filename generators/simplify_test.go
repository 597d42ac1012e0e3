package generators

import (
	"strings"
	"testing"

	"dsqlconform/model"
)

// plainPut puts the simplest policy, but for the last quote.
var plainPut = strings.TrimSuffix(model.PutClusterPolicy{Ref: model.C(1), Policy: policies[0]}.String(), `"`)

func TestShrinkingSimplifiesValues(t *testing.T) {
	// What the failure needs of the one line that is left.
	for _, tc := range []struct {
		name, from, want string
		need             func(l model.Line) bool
	}{
		{"decorations, tokens and options go", "c7 = create us-east-2 protection=on key=k tags=a=b,c=d token=t9:128 !twice !retries", "c1 = create us-east-1",
			func(l model.Line) bool { _, ok := l.Op.(model.CreateCluster); return ok }},
		{"a needed token stays, an ordinary one", "c7 = create us-east-1 token=t9:128", "c1 = create us-east-1 token=t1",
			func(l model.Line) bool { return tokenOf(l.Op).Name != "" }},
		{"a needed length stays", "c1 = create us-east-1 token=t1:128", "c1 = create us-east-1 token=t1:128",
			func(l model.Line) bool { return tokenOf(l.Op).Length == 128 }},
		{"of needed tags one stays", "c1 = create us-east-1 tags=a=b,long/key=value", "c1 = create us-east-1 tags=k0=v",
			func(l model.Line) bool { return l.Op.(model.CreateCluster).Tags.Len() > 0 }},
		{"a pair of needed tags becomes short", "tag c1 alpha=beta,gamma=delta", "tag c1 k0=v,k1=v",
			func(l model.Line) bool { return l.Op.(model.TagResource).Tags.Len() == 2 }},
		{"the cluster itself goes from its peers", "update c1 witness=us-west-2 peers=c1,c2 token=t3", "update c1 witness=us-west-2 peers=c2",
			func(l model.Line) bool { return names(l.Op, 2) }},
		{"multi-Region becomes single-Region", "c1 = create us-east-2 witness=us-west-2 peers=c2", "c1 = create us-east-1",
			func(model.Line) bool { return true }},
		{"a needed witness stays without its peers", "c1 = create us-east-1 witness=us-west-2 peers=c2", "c1 = create us-east-1 witness=us-west-2",
			func(l model.Line) bool { m := multiOf(l.Op); return m != nil && m.Witness.Given }},
		{"the Region asked goes", "get c4 @us-east-2", "get c1", func(model.Line) bool { return true }},
		{"a needed Region stays", "get c4 @us-east-2", "get c1 @us-east-2", func(l model.Line) bool { _, at, _ := refOf(l.Op); return at != "" }},
		{"await becomes get", "await c1 ACTIVE", "get c1", func(model.Line) bool { return true }},
		{"a wait gets shorter", "wait 9s", "wait 1s", func(model.Line) bool { return true }},
		{"a listing becomes plain", "list us-east-2 max=2 next=x", "list us-east-1", func(model.Line) bool { return true }},
		{"an await of a stream becomes a read", "await c1/s1 ACTIVE", "get-stream c1/s1", func(model.Line) bool { return true }},
		{"a listing of streams becomes plain", "list-streams c1 max=50 next=x", "list-streams c1", func(model.Line) bool { return true }},
		{"needed pages become small", "list-streams c1 max=50", "list-streams c1 max=1", func(l model.Line) bool { return l.Op.(model.ListStreams).Max > 0 }},
		{"a policy becomes the simplest, without expectation and bypass", "put-policy c1 x bypass=on expect=v4 token=t1", plainPut + `"`,
			func(model.Line) bool { return true }},
		{"a needed expectation is of the first version", "put-policy c1 x expect=v4", plainPut + `" expect=v1`,
			func(l model.Line) bool { return expectOf(l.Op) != model.Expect{} }},
		{"a needed text that is no version stays", `delete-policy c1 expect="x y"`, `delete-policy c1 expect="x y"`,
			func(l model.Line) bool { return expectOf(l.Op).Literal.Given }},
		{"a policy goes from a create", "c1 = create us-east-1 policy=x bypass=off", "c1 = create us-east-1", func(model.Line) bool { return true }},
		{"a needed key becomes the service's", "update c1 key=alias/orders", "update c1 key=AWS_OWNED_KMS_KEY",
			func(l model.Line) bool { return l.Op.(model.UpdateCluster).Key.Given }},
		{"a stream becomes plain", "s3 = create-stream c1 ordering=UNORDERED format=JSON kinesis=x role=y tags=a=b token=t1", "s1 = create-stream c1",
			func(model.Line) bool { return true }},
		{"a needed target stays", "s1 = create-stream c1 kinesis=x role=y", "s1 = create-stream c1 kinesis=x",
			func(l model.Line) bool { return l.Op.(model.CreateStream).Kinesis.Given }},
		{"the tags of a stream become those of its cluster", "tag c1/s1 k0=v", "tag c1 {}", func(model.Line) bool { return true }},
		{"a needed stream stays, numbered in the order of use", "tag c2/s7 k0=v", "tag c1/s1 {}",
			func(l model.Line) bool { return l.Op.(model.TagResource).Stream.Handle != 0 }},
		{"of many clusters one is deleted", "delete-linked us-east-2 c3,c2 token=t1", "delete-linked us-east-1 c1", func(model.Line) bool { return true }},
		{"of many clusters one is created", "c3,c4 = create-linked us-east-2 regions=us-east-1,us-east-2 witness=us-west-2 protection=off",
			"c1 = create-linked us-east-1 regions=us-east-1 witness=us-west-2", func(model.Line) bool { return true }},
		{"of several keys one stays", "untag c1 a,b,c", "untag c1 a", func(model.Line) bool { return true }},
		{"whoever asked, the run asks", "get c1 !by=reader", "get c1", func(model.Line) bool { return true }},
		{"a lost answer is read", "delete c1 token=t1 !lost", "delete c1", func(model.Line) bool { return true }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := parse(t, tc.from)
			kind := s.Lines[0].Op.Name()
			got, _ := Shrink(s, func(c model.Sequence) bool {
				name := c.Lines[0].Op.Name()
				return (name == kind || kind == "await" && (name == "GetCluster" || name == "GetStream")) && tc.need(c.Lines[0])
			}, Budget{})
			if text := got.Lines[0].String(); text != tc.want {
				t.Errorf("got  %s\nwant %s", text, tc.want)
			}
		})
	}
}

func TestEachEditMakesAWellFormedLine(t *testing.T) {
	// What the profiles hardly draw.
	rare := parse(t, "wait 9s\nuntag c1 a,b,c\nget c1 !by=reader").Lines
	changed := map[string]bool{}
	for _, p := range Profiles() {
		p.Twice, p.Lost, p.Retries = 10, 10, 10
		for seed := range uint64(200) {
			s := FromSeed(p, seed)
			for _, l := range append(s.Lines, rare...) {
				for i := range edits {
					e := &edits[i]
					got, ok := e.on(l, s.Regions)
					if ok != (got.String() != l.String()) {
						t.Fatalf("%s: got %v and %s of %s", e.says, ok, got, l)
					}
					if !ok {
						continue
					}
					changed[e.says] = true
					if _, err := model.ParseLine(got.String()); err != nil {
						t.Fatalf("%s: %v in %s", e.says, err, got)
					}
					// Going on comes to an end.
					for n := 0; ok; n++ {
						if got, ok = e.on(got, s.Regions); n > 8 {
							t.Fatalf("%s: no end of simplifying %s", e.says, l)
						}
					}
				}
			}
		}
	}
	for _, e := range edits {
		if !changed[e.says] {
			t.Errorf("%q changes no line", e.says)
		}
	}
}
