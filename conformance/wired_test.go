package conformance_test

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// samples holds a line of each operation.
var samples = []string{
	`c1 = create us-east-1`,
	`get c1`,
	`list us-east-1`,
	`update c1 protection=off`,
	`delete c1`,
	`tag c1 a=b`,
	`untag c1 a`,
	`tags c1`,
	`vpc c1`,
	`put-policy c1 "{}"`,
	`get-policy c1`,
	`delete-policy c1`,
	`s1 = create-stream c1`,
	`get-stream c1/s1`,
	`list-streams c1`,
	`delete-stream c1/s1`,
	`c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2`,
	`delete-linked us-east-1 c1,c2`,
	`hostile us-east-1 GetCluster - unsigned c1`,
	`await c1 ACTIVE`,
	`wait 1s`,
	`connect c1`,
	`raw us-east-1 GET /cluster`,
}

// sample returns the operation of that name, nil when no line gives one.
func sample(name string) model.Op {
	for _, text := range samples {
		if l, err := model.ParseLine(text); err == nil && l.Op.Name() == name && l.String() == text {
			return l.Op
		}
	}
	return nil
}

// wires is the table of what an operation must be wired to.
var wires = []struct {
	name  string
	needs func(model.Operation) bool
	holds func(*testing.T, model.Operation) bool
}{
	{"a text form", every, func(_ *testing.T, o model.Operation) bool {
		op := sample(o.Name)
		return op != nil && slices.Contains(strings.Fields(op.String()), o.Word)
	}},
	{"a shape", service, func(_ *testing.T, o model.Operation) bool {
		_, _, ok := shapeOf(o.Name)
		return ok
	}},
	{"rules of its own", service, func(_ *testing.T, o model.Operation) bool { return len(ownRules(o.Name)) > 0 }},
	{"a file in model", service, file("../model")},
	{"a file in generators", service, file("../generators")},
	{"a profile that draws it", func(o model.Operation) bool { return o.Name != (model.Raw{}).Name() },
		func(_ *testing.T, o model.Operation) bool { return drawn()[o.Name] }},
	{"a file in conformance/awsdsql", service, file("awsdsql")},
	{"a request of the SDK target", service, func(t *testing.T, o model.Operation) bool { return asked(t, o.Name) }},
	{"a route of the reference endpoint", service, func(t *testing.T, o model.Operation) bool { return served(t, o.Name) }},
}

// every is for what all operations need, service for what those of the service
// need.
func every(model.Operation) bool     { return true }
func service(o model.Operation) bool { return o.Service }

// missing returns what the operation is not wired to.
func missing(t *testing.T, o model.Operation) []string {
	var list []string
	for _, w := range wires {
		if w.needs(o) && !w.holds(t, o) {
			list = append(list, w.name)
		}
	}
	return list
}

func TestEveryOperationIsWired(t *testing.T) {
	for _, o := range model.Operations {
		if list := missing(t, o); len(list) > 0 {
			t.Errorf("%s lacks %s", o.Name, strings.Join(list, ", "))
		}
	}
}

func TestAnOperationThatIsNotWiredLacksEverything(t *testing.T) {
	var want []string
	for _, w := range wires {
		want = append(want, w.name)
	}
	got := missing(t, model.Operation{Name: "DescribeCluster", Word: "describe", Service: true})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lacking (-want +got):\n%s", diff)
	}
}

// shapeOf returns the shape of an operation in a revision that has it.
func shapeOf(name string) (model.Shape, model.Revision, bool) {
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		if s, ok := model.LookupShape(rev, name); ok {
			return s, rev, true
		}
	}
	return model.Shape{}, 0, false
}

// ownRules returns the rules that only this operation's answers cite where
// nothing exists yet.
func ownRules(name string) []model.RuleID {
	op := sample(name)
	if op == nil {
		return nil
	}
	own := cited(op)
	for _, o := range model.Operations {
		if other := sample(o.Name); other != nil && o.Name != name && o.Service {
			rules := cited(other)
			own = slices.DeleteFunc(own, func(id model.RuleID) bool { return slices.Contains(rules, id) })
		}
	}
	return own
}

func cited(op model.Op) []model.RuleID {
	var list []model.RuleID
	_, rev, _ := shapeOf(op.Name())
	env := model.NewEnv()
	env.Revision = rev
	for _, o := range model.Step(model.World{Env: env}, op) {
		list = append(list, o.Rules...)
	}
	return list
}

// file returns a check for the file of an operation in a directory:
// delete_cluster.go for DeleteCluster.
func file(dir string) func(*testing.T, model.Operation) bool {
	return func(_ *testing.T, o model.Operation) bool {
		var name strings.Builder
		for i, r := range o.Name {
			if unicode.IsUpper(r) && i > 0 {
				name.WriteByte('_')
			}
			name.WriteRune(unicode.ToLower(r))
		}
		_, err := os.Stat(dir + "/" + name.String() + ".go")
		return err == nil
	}
}

// drawn returns the operations that the profiles draw, by name.
var drawn = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, p := range generators.Profiles() {
		for seed := range uint64(40) {
			for _, l := range generators.FromSeed(p, seed).Lines {
				names[l.Op.Name()] = true
			}
		}
	}
	return names
})

// exchange sends an operation to the reference endpoint through the SDK target.
func exchange(t *testing.T, name string) (conformance.Exchange, error) {
	t.Helper()
	op := sample(name)
	_, rev, ok := shapeOf(name)
	if op == nil || !ok {
		return conformance.Exchange{}, fmt.Errorf("got no sample or no shape of %s, want both", name)
	}
	opts := options(t, "plain", 1)
	opts.Revision = rev
	const id = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	arn := "arn:aws:dsql:us-east-1:" + reference.Account + ":cluster/" + id
	return over(t, reference.New(opts)).Do(t.Context(), conformance.Call{
		Op: op, Region: "us-east-1", Identifier: id, Stream: id, ARN: arn, ARNs: []string{arn}, Token: "token", Policy: "{}",
		Kinesis: "arn:aws:kinesis:us-east-1:" + reference.Account + ":stream/changes", Role: "arn:aws:iam::" + reference.Account + ":role/changes",
	})
}

// asked reports whether the SDK target sends an operation as its shape says.
func asked(t *testing.T, name string) bool {
	x, err := exchange(t, name)
	if err != nil || len(x.Attempts) == 0 {
		return false
	}
	sent, err := url.Parse(x.Attempts[0].URL)
	if err != nil {
		return false
	}
	s, _, _ := shapeOf(name)
	got, want := strings.Split(sent.EscapedPath(), "/"), strings.Split(s.Path, "/")
	return x.Attempts[0].Method == s.Method && slices.EqualFunc(got, want, func(got, want string) bool {
		return got == want || strings.HasPrefix(want, "{")
	})
}

// served reports whether the reference endpoint knows an operation: it answers a
// success or one of the service's errors.
func served(t *testing.T, name string) bool {
	x, err := exchange(t, name)
	return err == nil && x.Answer.Outage == conformance.Answered &&
		(x.Answer.HTTP < 400 || model.ParseCode(x.Answer.Code) != model.OtherError)
}
