package explore

import (
	"strings"
	"testing"

	"dsqlconform/model"
)

// pair returns two clusters that have been set up with each other.
func pair() *model.World {
	member := func(h, peer model.Handle, r model.Region) model.Cluster {
		return model.Cluster{Handle: h, Region: r, Status: model.Active, Multi: true, Joined: true, Witness: regions[2], Peers: [model.MaxPeers]model.Handle{peer}}
	}
	return &model.World{Env: model.NewEnv(), Clusters: []model.Cluster{member(1, 2, regions[0]), member(2, 1, regions[1])}}
}

func TestActiveMembersAreSymmetric(t *testing.T) {
	s := newSearch(Presets[0].Bounds, Options{})
	if err := symmetric(s, pair()); err != nil {
		t.Fatalf("got %v, want none", err)
	}
	for name, edit := range map[string]func(a, b *model.Cluster){
		"one names nobody":          func(a, _ *model.Cluster) { a.Peers[0] = 0 },
		"the other names nobody":    func(_, b *model.Cluster) { b.Status, b.Peers[0] = model.PendingSetup, 0 },
		"one names two":             func(a, _ *model.Cluster) { a.Peers[1] = 3 },
		"two witnesses":             func(a, _ *model.Cluster) { a.Witness = "us-east-9" },
		"the witness of one Region": func(a, b *model.Cluster) { a.Witness, b.Witness = b.Region, b.Region },
		"one Region":                func(a, b *model.Cluster) { a.Region = b.Region },
		"two sets":                  func(a, b *model.Cluster) { a.Witness, b.Witness = "eu-west-1", "eu-west-1" },
	} {
		w := pair()
		edit(&w.Clusters[0], &w.Clusters[1])
		if symmetric(s, w) == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestAMoveOfTheServiceChangesAStatusAlone(t *testing.T) {
	for name, edit := range map[string]func(a, b *model.Cluster){
		"protection too": func(a, _ *model.Cluster) { a.Status, a.Protected = model.Idle, true },
		"both members":   func(a, b *model.Cluster) { a.Status, b.Status = model.Idle, model.Idle },
	} {
		after := pair()
		edit(&after.Clusters[0], &after.Clusters[1])
		c := model.Change{Before: pair(), After: after}
		if err := c.Check(); err == nil || !strings.HasPrefix(err.Error(), "DSQL-INV-015") {
			t.Errorf("%s: got %v, want DSQL-INV-015 to break", name, err)
		}
	}
	after := pair()
	after.Clusters[0].Status = model.Idle
	c := model.Change{Before: pair(), After: after}
	if err := c.Check(); err != nil {
		t.Errorf("got %v, want none", err)
	}
}

// Every check of a world and of a step is one that a planted error, or a test
// here, breaks.
func TestEveryCheckCanFail(t *testing.T) {
	broken := map[model.RuleID]bool{ruleSymmetric.ID: true, "DSQL-INV-015": true}
	for _, p := range planted {
		broken[p.rule] = true
	}
	list := []model.Rule{ruleContradiction, ruleDrains, ruleNoFairCycle, ruleAnswers, ruleOneEffect}
	for i := range stateChecks {
		list = append(list, stateChecks[i].Rule)
	}
	for i := range model.StepInvariants {
		list = append(list, model.StepInvariants[i].Rule)
	}
	for _, r := range list {
		if !broken[r.ID] {
			t.Errorf("%s: got nothing that breaks it: %s", r.ID, r.Says)
		}
	}
}
