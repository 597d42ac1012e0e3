package model

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// everyOperation returns the names of the service's operations.
func everyOperation() []string {
	var names []string
	for _, o := range Operations {
		if o.Service {
			names = append(names, o.Name)
		}
	}
	return names
}

// thorough is a usage that leaves nothing out.
var thorough = Usage{Operations: everyOperation(), Regions: []Region{"us-east-1", "us-east-2"}, Witness: "us-west-2", Tags: true, Policies: true}

func TestTheLeastPolicySufficesForWhatItIsFor(t *testing.T) {
	for _, name := range everyOperation() {
		u := thorough
		u.Operations = []string{name}
		p := Least(u)
		for _, r := range u.Regions {
			w, op, ok := u.laden(name, r, u.Regions[1])
			if !ok {
				t.Errorf("%s: got no call with everything, want one", name)
				continue
			}
			if got := p.Permit(w, op, unnamed); got != Granted {
				t.Errorf("%s: got %d, want it granted by\n%s", op, got, p.Document())
			}
		}
	}
}

func TestTheLeastPolicyAllowsNothingElse(t *testing.T) {
	for _, name := range everyOperation() {
		// A create may set a policy, and a peering is read.
		if slices.Contains([]string{"PutClusterPolicy", "DeleteClusterPolicy", "GetCluster", "TagResource", "CreateCluster"}, name) {
			continue
		}
		without, only := thorough, thorough
		without.Operations = slices.DeleteFunc(everyOperation(), func(n string) bool { return n == name })
		only.Operations = []string{name}
		w, op, _ := thorough.laden(name, "us-east-1", "us-east-2")
		if got := Least(without).Permit(w, op, unnamed); got != Denied {
			t.Errorf("%s: got %d without it, want it denied", op, got)
		}
		if w, op, _ = thorough.laden(name, "eu-west-1", "eu-west-2"); name != "ListClusters" && name != "UpdateCluster" {
			if got := Least(only).Permit(w, op, unnamed); got != Denied {
				t.Errorf("%s: got %d in other Regions, want it denied", op, got)
			}
		}
	}
}

func TestTheLeastPolicyLeavesOutWhatIsNotUsed(t *testing.T) {
	plain := Least(Usage{Operations: []string{"CreateCluster"}, Regions: []Region{"us-east-1"}})
	want := &Permissions{[]Statement{{Allow: true, Actions: []string{"dsql:CreateCluster"}, Resources: []string{"arn:aws:dsql:us-east-1:*:cluster/*"}}}}
	if diff := cmp.Diff(want, plain); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAPolicyReadsAndPrintsTheSame(t *testing.T) {
	text := rapid.StringMatching(`[a-zA-Z:*?/-]{1,12}`)
	list := rapid.SliceOfN(text, 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		p := &Permissions{}
		for range rapid.IntRange(1, 3).Draw(t, "statements") {
			s := Statement{Allow: rapid.Bool().Draw(t, "allow"), Actions: list.Draw(t, "actions"), Resources: list.Draw(t, "resources")}
			if rapid.Bool().Draw(t, "conditional") {
				s.Conditions = []Condition{{text.Draw(t, "operator"), text.Draw(t, "key"), list.Draw(t, "values")}}
			}
			p.Statements = append(p.Statements, s)
		}
		got, err := ParsePermissions(p.Document())
		if err != nil {
			t.Fatalf("%s: %v", p.Document(), err)
		}
		if diff := cmp.Diff(p, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", p.Document(), diff)
		}
	})
}
