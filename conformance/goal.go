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
	// owed says whether a run with these settings can expect it; nil for any.
	owed func(*Settings) bool
}

// enough is how often a goal must have been tried before it is missed.
const enough = 20

var goals = []goal{
	{Rule: goalRule("DSQL-GOL-001", "a single-Region cluster becomes ACTIVE", "T04", "F033"), of: awaiting(model.Active, "single")},
	{Rule: goalRule("DSQL-GOL-002", "two members that name each other become ACTIVE", "T09", "F110"), of: awaiting(model.Active, "mutual")},
	{Rule: goalRule("DSQL-GOL-003", "a deleted cluster goes", "T20", "F057"), of: awaiting(model.Gone, "single", "lone", "mutual", "named", "naming", "orphan", "none")},
	{Rule: goalRule("DSQL-GOL-004", "an ACTIVE cluster is updated", "T10"), of: succeeding("UpdateCluster")},
	{Rule: goalRule("DSQL-GOL-005", "an ACTIVE cluster is deleted", "T16", "T17"), of: succeeding("DeleteCluster")},
	{Rule: goalRule("DSQL-GOL-006", "an ACTIVE cluster is tagged", "F148"), of: succeeding("TagResource")},
	{Rule: goalRule("DSQL-GOL-007", "an ACTIVE cluster is untagged", "F148"), of: succeeding("UntagResource")},
	{Rule: goalRule("DSQL-GOL-008", "a cluster is created", "F031"), of: func(op model.Op, _, _ string, r model.Reply) (bool, bool) {
		_, ok := op.(model.CreateCluster)
		return ok, !r.Refused() && !r.Lost
	}},
	{Rule: goalRule("DSQL-GOL-009", "a created cluster is listed", "F060"), of: func(op model.Op, _, _ string, r model.Reply) (bool, bool) {
		_, ok := op.(model.ListClusters)
		return ok && !r.Refused() && !r.Lost, len(r.Listed) > 0
	}},
	{Rule: goalRule("DSQL-GOL-010", "an ACTIVE cluster is given a policy", "F151"), of: unless(succeeding("PutClusterPolicy"), expecting)},
	{Rule: goalRule("DSQL-GOL-011", "the policy of an ACTIVE cluster is deleted", "F151"), of: unless(unless(succeeding("DeleteClusterPolicy"), expecting), absent)},
	{Rule: goalRule("DSQL-GOL-012", "an ACTIVE cluster is given a stream", "F170", "F174"), of: unless(succeeding("CreateStream"), elsewhere),
		owed: delivering},
	{Rule: goalRule("DSQL-GOL-013", "a stream of an ACTIVE cluster is deleted", "F177"), of: unless(succeeding("DeleteStream"), absent),
		owed: delivering},
}

// delivering says that streams come to work. Those that never do may be refused
// anything.
func delivering(s *Settings) bool { return s.Kinesis != (Kinesis{}) }

// unless leaves out what need not succeed.
func unless(of func(model.Op, string, string, model.Reply) (bool, bool), excused func(model.Op, string, model.Reply) bool) func(model.Op, string, string, model.Reply) (bool, bool) {
	return func(op model.Op, status, role string, r model.Reply) (bool, bool) {
		tried, reached := of(op, status, role, r)
		return tried && (reached || !excused(op, role, r)), reached
	}
}

// expecting excuses a call that may expect another version.
func expecting(op model.Op, _ string, _ model.Reply) bool {
	switch op := op.(type) {
	case model.PutClusterPolicy:
		return op.Expect != (model.Expect{})
	case model.DeleteClusterPolicy:
		return op.Expect != (model.Expect{})
	}
	return false
}

// absent excuses a call about what is not there.
func absent(_ model.Op, _ string, r model.Reply) bool { return r.Code == model.NotFound }

// elsewhere excuses a stream that is to deliver to somewhere of its own, or of a
// cluster with peers.
func elsewhere(op model.Op, role string, _ model.Reply) bool {
	create, _ := op.(model.CreateStream)
	return create.Kinesis.Given || create.Role.Given || create.Ordering.Given || create.Format.Given || role != "single"
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
// reached, under these settings.
func (t *tally) missed(set *Settings) []Finding {
	var list []Finding
	for i := range goals {
		p := t.goals[string(goals[i].ID)]
		if p == nil || p.tried < enough || p.reached > 0 || goals[i].owed != nil && !goals[i].owed(set) {
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
	list := []model.Rule{ruleThrice, ruleContradiction, ruleBlame, ruleStreamPage, ruleStreamPages}
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
	ruleBlame = model.Rule{ID: "DSQL-ERR-008", Says: "a request that breaks the service description is refused with a 4xx, not with a server error",
		Cite: []model.FactID{"F018", "F025"}, Basis: model.Modelled, Force: model.Must}
	ruleContradiction = model.Rule{ID: "DSQL-ERR-007", Says: "an open question is answered one way in one context",
		Cite: []model.FactID{"F056"}, Basis: model.Observed, Force: model.Should}
)
