package conformance

import (
	"slices"

	"dsqlconform/model"
)

// goal is something that a working target reaches at least once when it is tried
// often enough: a May refusal explains one case, not all of them.
type goal struct {
	model.Rule
	// of says whether an operation on a cluster of that status and role tries
	// the goal, and whether its reply reaches it.
	of func(op model.Op, status, role string, r model.Reply) (tried, reached bool)
}

// enough is how often a goal must have been tried before it is missed.
const enough = 20

var goals = []goal{
	{goalRule("DSQL-GOL-001", "a single-Region cluster becomes ACTIVE", "T04", "F033"), awaiting(model.Active, "single")},
	{goalRule("DSQL-GOL-002", "two members that name each other become ACTIVE", "T09", "F110"), awaiting(model.Active, "mutual")},
	{goalRule("DSQL-GOL-003", "a deleted cluster goes", "T20", "F057"), awaiting(model.Gone, "single", "lone", "mutual", "named", "naming", "orphan", "none")},
	{goalRule("DSQL-GOL-004", "an ACTIVE cluster is updated", "T10"), succeeding("UpdateCluster")},
	{goalRule("DSQL-GOL-005", "an ACTIVE cluster is deleted", "T16", "T17"), succeeding("DeleteCluster")},
	{goalRule("DSQL-GOL-006", "an ACTIVE cluster is tagged", "F148"), succeeding("TagResource")},
	{goalRule("DSQL-GOL-007", "an ACTIVE cluster is untagged", "F148"), succeeding("UntagResource")},
	{goalRule("DSQL-GOL-008", "a cluster is created", "F031"), func(op model.Op, _, _ string, r model.Reply) (bool, bool) {
		_, ok := op.(model.CreateCluster)
		return ok, !r.Refused() && !r.Lost
	}},
	{goalRule("DSQL-GOL-009", "a created cluster is listed", "F060"), func(op model.Op, _, _ string, r model.Reply) (bool, bool) {
		_, ok := op.(model.ListClusters)
		return ok && !r.Refused() && !r.Lost, len(r.Listed) > 0
	}},
}

func goalRule(id model.RuleID, says string, cite ...model.FactID) model.Rule {
	return model.Rule{ID: id, Says: "seen at least once in a run: " + says, Cite: cite, Basis: model.Documented, Force: model.Should}
}

func awaiting(s model.Status, roles ...string) func(model.Op, string, string, model.Reply) (bool, bool) {
	return func(op model.Op, status, role string, r model.Reply) (bool, bool) {
		a, ok := op.(model.Await)
		if !ok || a.Status != s || !slices.Contains(roles, role) || r.Lost {
			return false, false
		}
		if s == model.Gone {
			return true, r.Code == model.NotFound
		}
		return true, r.Status == s
	}
}

func succeeding(name string) func(model.Op, string, string, model.Reply) (bool, bool) {
	return func(op model.Op, status, _ string, r model.Reply) (bool, bool) {
		return op.Name() == name && status == model.Active.String() && !r.Lost, !r.Refused() && !r.Lost
	}
}

// try counts an operation towards the goals.
func (t *tally) try(op model.Op, status, role string, r model.Reply, s model.Sequence) {
	for i := range goals {
		tried, reached := goals[i].of(op, status, role, r)
		if !tried {
			continue
		}
		p := t.goals[string(goals[i].ID)]
		if p == nil {
			p = &progress{sequence: s}
			t.goals[string(goals[i].ID)] = p
		}
		p.tried++
		if reached {
			p.reached++
		}
	}
}

// missed returns a suspicion for each goal that was tried often and never
// reached.
func (t *tally) missed() []Finding {
	var list []Finding
	for i := range goals {
		p := t.goals[string(goals[i].ID)]
		if p == nil || p.tried < enough || p.reached > 0 {
			continue
		}
		list = append(list, Finding{
			Rule: goals[i].ID, Severity: Suspicion, Kind: Safety, Operation: "run", Status: "none", Role: "none",
			Shape: "never seen to succeed", Sequence: p.sequence, Minimal: p.sequence,
			Expected: []string{goals[i].Says}, Got: "never",
		})
	}
	return list
}

// Rules returns the rules that are judged outside the model's tables: goals over
// a run, and what the engine itself sees.
func Rules() []model.Rule {
	list := []model.Rule{ruleThrice, ruleContradiction}
	for i := range goals {
		list = append(list, goals[i].Rule)
	}
	return list
}

// LookupRule returns a rule of the model or of the engine.
func LookupRule(id model.RuleID) (model.Rule, bool) {
	if r, ok := model.LookupRule(id); ok {
		return r, true
	}
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return model.Rule{}, false
}

var (
	ruleThrice = model.Rule{ID: "DSQL-ERR-006", Says: "a server error does not answer three tries of one call",
		Cite: []model.FactID{"F025"}, Basis: model.Modelled, Force: model.Should}
	ruleContradiction = model.Rule{ID: "DSQL-ERR-007", Says: "an open question is answered one way in one context",
		Cite: []model.FactID{"F056"}, Basis: model.Observed, Force: model.Should}
)
