package model

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// partTypes are the types that stand for something that operations share; a
// field of one of them must be among the parts. What a field of the name As,
// Region or At means is the field's.
var partTypes = map[reflect.Type]string{
	reflect.TypeFor[Ref]():          "Ref",
	reflect.TypeFor[[]Ref]():        "Refs",
	reflect.TypeFor[StreamRef]():    "Stream",
	reflect.TypeFor[Token]():        "Token",
	reflect.TypeFor[*MultiRegion](): "Multi",
	reflect.TypeFor[Tags]():         "Tags",
	reflect.TypeFor[[]Handle]():     "Many",
	reflect.TypeFor[Handle]():       "As",
	reflect.TypeFor[StreamHandle](): "StreamAs",
}

// full returns an operation of each type with every field given.
func full() []Op {
	return []Op{
		CreateCluster{As: 1, Region: "r", Multi: &MultiRegion{Peers: []Ref{C(2), C(3)}}, Tags: NewTags(map[string]string{"a": "b"}), Token: Token{Name: "t1"}},
		GetCluster{Ref: C(1), At: "r"},
		ListClusters{Region: "r"},
		UpdateCluster{Ref: C(1), At: "r", Multi: &MultiRegion{Peers: []Ref{C(2), C(3)}}, Token: Token{Name: "t1"}},
		DeleteCluster{Ref: C(1), At: "r", Token: Token{Name: "t1"}},
		TagResource{Ref: C(1), Stream: StreamRef{Handle: 1}, At: "r", Tags: NewTags(map[string]string{"a": "b"})},
		UntagResource{Ref: C(1), Stream: StreamRef{Handle: 1}, At: "r"},
		ListTagsForResource{Ref: C(1), Stream: StreamRef{Handle: 1}, At: "r"},
		GetVpcEndpointServiceName{Ref: C(1), At: "r"},
		PutClusterPolicy{Ref: C(1), At: "r", Token: Token{Name: "t1"}},
		GetClusterPolicy{Ref: C(1), At: "r"},
		DeleteClusterPolicy{Ref: C(1), At: "r", Token: Token{Name: "t1"}},
		CreateStream{As: 1, Ref: C(1), At: "r", Tags: NewTags(map[string]string{"a": "b"}), Token: Token{Name: "t1"}},
		GetStream{Ref: C(1), Stream: StreamRef{Handle: 1}, At: "r"},
		ListStreams{Ref: C(1), At: "r"},
		DeleteStream{Ref: C(1), Stream: StreamRef{Handle: 1}, At: "r", Token: Token{Name: "t1"}},
		CreateMultiRegionClusters{As: []Handle{1, 2}, Region: "r", Token: Token{Name: "t1"}},
		DeleteMultiRegionClusters{Region: "r", Refs: []Ref{C(1), C(2)}, Token: Token{Name: "t1"}},
		Hostile{Region: "r", Ref: C(1), Stream: StreamRef{Handle: 1}, As: 2},
		Await{Ref: C(1), Stream: StreamRef{Handle: 1}},
		Wait{},
		Connect{Ref: C(1)},
		Raw{Region: "r"},
	}
}

func TestEveryOperationGivesAllThatItShares(t *testing.T) {
	ops := full()
	if got, want := len(ops), len(Operations); got != want {
		t.Fatalf("got %d operations, want %d", got, want)
	}
	for i, op := range ops {
		if got, want := op.Name(), Operations[i].Name; got != want {
			t.Errorf("row %d: got %s, want %s", i, got, want)
		}
		want := map[string]any{}
		v := reflect.ValueOf(op)
		for j := range v.NumField() {
			f := v.Type().Field(j)
			name := partTypes[f.Type]
			if f.Type == reflect.TypeFor[Region]() && (f.Name == "At" || f.Name == "Region") {
				name = f.Name
			}
			if name != "" {
				want[name] = v.Field(j).Interface()
			}
		}
		got := map[string]any{}
		Edit(op, func(p *Parts) {
			v := reflect.ValueOf(*p)
			for j := range v.NumField() {
				if f := v.Field(j); !f.IsNil() {
					got[v.Type().Field(j).Name] = f.Elem().Interface()
				}
			}
		})
		if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Errorf("%s: parts (-fields +parts):\n%s", op.Name(), diff)
		}
	}
}

func TestAHostileRequestHasNoPartThatItDoesNotName(t *testing.T) {
	for _, test := range []struct {
		op   Hostile
		want []string
	}{
		{Hostile{Operation: "ListClusters"}, []string{"Region"}},
		{Hostile{Operation: "CreateCluster", As: 1}, []string{"As", "Region"}},
		{Hostile{Operation: "GetStream", Ref: C(1), Stream: StreamRef{Literal: "x"}}, []string{"Ref", "Region", "Stream"}},
		{Hostile{Operation: "CreateStream", Ref: C(1), Stream: StreamRef{Handle: 1}}, []string{"Ref", "Region", "StreamAs"}},
	} {
		var got []string
		Edit(test.op, func(p *Parts) {
			v := reflect.ValueOf(*p)
			for i := range v.NumField() {
				if !v.Field(i).IsNil() {
					got = append(got, v.Type().Field(i).Name)
				}
			}
		})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: parts (-want +got):\n%s", test.op, diff)
		}
	}
}

func TestPartsAreFoundAndReplaced(t *testing.T) {
	for _, op := range full() {
		name := op.Name()
		var ref Ref
		Edit(op, func(p *Parts) {
			switch {
			case name == (Hostile{}).Name():
				ref = C(2) // the new one counts more
			case p.As != nil:
				ref.Handle = *p.As
			case p.Ref != nil:
				ref = *p.Ref
			}
		})
		if got := Subject(op); got != ref.Handle {
			t.Errorf("Subject(%s): got %v, want %v", op, got, ref.Handle)
		}
		if _, at, ok := RefOf(WithRef(op, C(9), "there")); ok && at != "there" && name != "await" && name != "connect" && name != "hostile" {
			t.Errorf("WithRef(%s): got Region %q, want there", op, at)
		}
		token := Token{Name: "t9"}
		if got := TokenOf(WithToken(op, token)); TakesToken(op) != (got == token) || !TakesToken(op) && got != (Token{}) {
			t.Errorf("WithToken(%s): got %v, want t9 as it takes a token or none", op, got)
		}
		m := &MultiRegion{Witness: Some("w")}
		if got := MultiOf(WithMulti(op, m)); got != nil && got != m || (got != nil) != (MultiOf(op) != nil) {
			t.Errorf("WithMulti(%s): got %v", op, got)
		}
	}
	if got, want := SubjectStream(full()[13]), (StreamRef{Handle: 1}); got != want {
		t.Errorf("SubjectStream: got %v, want %v", got, want)
	}
	if got := Subject(nil); got != 0 {
		t.Errorf("Subject(nil): got %v, want none", got)
	}
}

// The text is what shows whether a rename reached every handle.
func TestRenameReachesEveryHandleAndLeavesTheOperationAlone(t *testing.T) {
	for _, test := range []struct{ op, want string }{
		{`c1 = create us-east-1 peers=c1,c2,"c3"`, `c11 = create us-east-1 peers=c11,c12,"c3"`},
		{`update c1 multi={}`, `update c11 multi={}`},
		{`tag c1/s1 a=b`, `tag c11/s21 a=b`},
		{`s1 = create-stream c1`, `s21 = create-stream c11`},
		{`get-stream "x"/"y"`, `get-stream "x"/"y"`},
		{`c1,c2 = create-linked r regions=a,b`, `c11,c12 = create-linked r regions=a,b`},
		{`delete-linked r c1,"x",c2`, `delete-linked r c11,"x",c12`},
		{`c3 = hostile r CreateCluster - unsigned`, `c13 = hostile r CreateCluster - unsigned`},
		{`hostile r CreateStream - unsigned c1/s1`, `hostile r CreateStream - unsigned c11/s21`},
		{`await c1/s1 ACTIVE`, `await c11/s21 ACTIVE`},
		{`list us-east-1`, `list us-east-1`},
	} {
		l, err := ParseLine(test.op)
		if err != nil {
			t.Fatal(err)
		}
		got := Rename(l.Op, func(h Handle) Handle { return h + 10 }, func(h StreamHandle) StreamHandle { return h + 20 })
		if got.String() != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
		if l.Op.String() != test.op {
			t.Errorf("the original: got %s, want %s", l.Op, test.op)
		}
		if same := Rename(l.Op, nil, nil); same.String() != test.op {
			t.Errorf("renamed to itself: got %s, want %s", same, test.op)
		}
	}
}

func TestUsesAreThoseThatARenameReplaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		op := anyOp.Draw(t, "op")
		var replaced, used []Handle
		var replacedStreams, usedStreams []StreamHandle
		Rename(op, func(h Handle) Handle { replaced = append(replaced, h); return h },
			func(h StreamHandle) StreamHandle { replacedStreams = append(replacedStreams, h); return h })
		Uses(op, func(h Handle) { used = append(used, h) }, func(h StreamHandle) { usedStreams = append(usedStreams, h) })
		slices.Sort(replaced)
		clusters, stream := Made(op)
		if n := len(clusters); n > 0 && !slices.Equal(used[:n], clusters) {
			t.Fatalf("%s: got uses %v, want those made first: %v", op, used, clusters)
		}
		if stream != 0 && !slices.Contains(usedStreams, stream) {
			t.Fatalf("%s: got streams %v, want %v among them", op, usedStreams, stream)
		}
		slices.Sort(used)
		if !slices.Equal(replaced, used) || !slices.Equal(replacedStreams, usedStreams) {
			t.Fatalf("%s: got uses %v %v, want %v %v", op, used, usedStreams, replaced, replacedStreams)
		}
	})
}

func BenchmarkSubject(b *testing.B) {
	ops := full()
	b.ReportAllocs()
	for b.Loop() {
		for _, op := range ops {
			Subject(op)
		}
	}
}

func BenchmarkMutating(b *testing.B) {
	ops := full()
	b.ReportAllocs()
	for b.Loop() {
		for _, op := range ops {
			mutating(op)
		}
	}
}

func BenchmarkTokenOf(b *testing.B) {
	ops := full()
	b.ReportAllocs()
	for b.Loop() {
		for _, op := range ops {
			TokenOf(op)
		}
	}
}
