package conformance

import (
	"slices"
	"strings"

	"dsqlconform/model"
)

// tally is what executions add up to, apart from findings. Tallies merge in the
// order of the executions, so that a run's result does not depend on timing.
type tally struct {
	rules, transitions   Tally
	edges, cells         Tally // as in [explore.Reach]
	faults               Tally // by operation, member and fault
	open                 []Open
	notes                []Note
	doubts               []Doubt
	notServed            map[string]int
	served               map[string]int
	goals                map[string]*progress
	operations, doubtful int
	probes               int
}

// progress counts how often a goal was tried and reached.
type progress struct {
	tried, reached int
	sequence       model.Sequence // the first that tried
}

func newTally() *tally {
	return &tally{
		rules: Tally{}, transitions: Tally{}, edges: Tally{}, cells: Tally{}, faults: Tally{},
		notServed: map[string]int{}, served: map[string]int{}, goals: map[string]*progress{},
	}
}

func (t *tally) note(kind, example string) { t.notes = addNote(t.notes, Note{kind, example, 1}) }

func addNote(list []Note, n Note) []Note {
	if i := slices.IndexFunc(list, func(x Note) bool { return x.Kind == n.Kind }); i >= 0 {
		list[i].Count += n.Count
		return list
	}
	return append(list, n)
}

func (t *tally) doubt(reason string) { t.doubts = addDoubt(t.doubts, Doubt{reason, 1}) }

func addDoubt(list []Doubt, d Doubt) []Doubt {
	if i := slices.IndexFunc(list, func(x Doubt) bool { return x.Reason == d.Reason }); i >= 0 {
		list[i].Count += d.Count
		return list
	}
	return append(list, d)
}

func addOpen(list []Open, o Open) []Open {
	same := func(x Open) bool { return x.Rule == o.Rule && x.Context == o.Context && x.Answer == o.Answer }
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i].Count += o.Count
		return list
	}
	return append(list, o)
}

// take notes an explanation's rules, edges, cell and answers.
func (t *tally) take(op model.Op, e *model.Explanation, r model.Reply, context func() string, s model.Sequence) {
	for _, id := range e.Rules {
		t.rules[string(id)]++
		if strings.HasPrefix(string(id), "DSQL-LIF-") {
			t.transitions[string(id)]++
		}
	}
	for _, id := range e.Edges {
		t.rules[string(id)]++
		t.transitions[string(id)]++
		if edge, ok := model.EdgeBy(id); ok {
			t.edges[edge.String()]++
		}
	}
	for _, id := range compared(op, r) {
		t.rules[string(id)]++
	}
	if e.Cell != (model.Cell{}) {
		t.cells[e.Cell.String()]++
	}
	if e.Took != (model.Edge{}) {
		t.edges[e.Took.String()]++
	}
	for _, id := range e.Open {
		rule, _ := model.LookupRule(id)
		answer := "accepted"
		if r.Refused() {
			answer = "refused with " + r.Code.String()
		} else if r.Status != model.NoStatus {
			answer += ", " + r.Status.String()
		}
		t.open = addOpen(t.open, Open{Question: rule.Question, Rule: id, Context: context(), Answer: answer, Count: 1, Sequence: s})
	}
}

// comparison are the rules of single members that an explained success is
// compared with, where it has those members.
type comparison struct {
	rules []model.RuleID
	has   func(op model.Op, r *model.Reply) bool
}

var comparisons = []comparison{
	{[]model.RuleID{"DSQL-GET-001", "DSQL-GET-002"}, func(_ model.Op, r *model.Reply) bool { return r.Cluster != 0 && r.Stream.Handle == 0 }},
	{[]model.RuleID{"DSQL-PRO-001", "DSQL-MRG-008"}, func(_ model.Op, r *model.Reply) bool { return r.Protection != model.Unset }},
	{[]model.RuleID{"DSQL-MRG-005", "DSQL-MRG-006", "DSQL-MRG-007"}, func(_ model.Op, r *model.Reply) bool { return r.Multi }},
	{[]model.RuleID{"DSQL-CRE-030"}, func(op model.Op, r *model.Reply) bool {
		create, ok := op.(model.CreateCluster)
		return ok && r.Cluster == create.As
	}},
	{[]model.RuleID{"DSQL-CRE-001"}, func(op model.Op, _ *model.Reply) bool {
		create, ok := op.(model.CreateCluster)
		return ok && create.Protection == model.Unset
	}},
	{[]model.RuleID{"DSQL-TAG-001"}, named("GetCluster", "ListTagsForResource", "GetStream")},
	{[]model.RuleID{"DSQL-LIF-000"}, named("GetCluster")},
	{[]model.RuleID{"DSQL-LST-001", "DSQL-LST-002", "DSQL-LST-003", "DSQL-LST-004", "DSQL-LST-005"},
		func(_ model.Op, r *model.Reply) bool { return len(r.Listed) > 0 }},
	{[]model.RuleID{"DSQL-ENC-001", "DSQL-ENC-003", "DSQL-ENC-004"}, func(_ model.Op, r *model.Reply) bool { return r.Encryption.Type != model.NoEncryption }},
	{[]model.RuleID{"DSQL-ENC-002"}, func(_ model.Op, r *model.Reply) bool { return r.Encryption.Key.Given }},
	{[]model.RuleID{"DSQL-POL-001"}, named("PutClusterPolicy", "GetClusterPolicy", "DeleteClusterPolicy")},
	{[]model.RuleID{"DSQL-POL-002"}, named("PutClusterPolicy")},
	{[]model.RuleID{"DSQL-POL-003"}, named("DeleteClusterPolicy")},
	{[]model.RuleID{"DSQL-STR-000", "DSQL-STR-022", "DSQL-STR-024", "DSQL-STR-025"}, named("GetStream")},
	{[]model.RuleID{"DSQL-STR-020"}, func(op model.Op, r *model.Reply) bool {
		return op.Name() == "GetStream" && r.Stream.Status == model.StreamFailed
	}},
	{[]model.RuleID{"DSQL-STR-023"}, func(_ model.Op, r *model.Reply) bool { return r.Stream.Target != model.Unset }},
	{[]model.RuleID{"DSQL-STR-026"}, named("CreateStream")},
	{[]model.RuleID{"DSQL-SLS-001", "DSQL-SLS-002", "DSQL-SLS-003", "DSQL-SLS-004", "DSQL-PAG-001", "DSQL-PAG-002"},
		func(_ model.Op, r *model.Reply) bool { return len(r.Stream.Listed) > 0 }},
	{[]model.RuleID{"DSQL-REV-001"}, func(_ model.Op, r *model.Reply) bool { return r.Legacy.Witness.Given }},
	{[]model.RuleID{"DSQL-REV-002"}, func(op model.Op, r *model.Reply) bool {
		return r.Legacy.Linked != nil && op.Name() != "CreateMultiRegionClusters"
	}},
	{[]model.RuleID{"DSQL-REV-003"}, named("CreateMultiRegionClusters")},
}

// named reports whether an operation is one of those.
func named(operations ...string) func(model.Op, *model.Reply) bool {
	return func(op model.Op, _ *model.Reply) bool { return slices.Contains(operations, op.Name()) }
}

// compared returns the rules of single members that an explained success was
// compared with.
func compared(op model.Op, r model.Reply) []model.RuleID {
	if r.Lost || r.Refused() {
		return nil
	}
	var list []model.RuleID
	for i := range comparisons {
		if comparisons[i].has(op, &r) {
			list = append(list, comparisons[i].rules...)
		}
	}
	return list
}

// add merges u into t.
func (t *tally) add(u *tally) {
	for k, n := range u.rules {
		t.rules[k] += n
	}
	for k, n := range u.transitions {
		t.transitions[k] += n
	}
	for k, n := range u.edges {
		t.edges[k] += n
	}
	for k, n := range u.cells {
		t.cells[k] += n
	}
	for k, n := range u.faults {
		t.faults[k] += n
	}
	for k, n := range u.notServed {
		t.notServed[k] += n
	}
	for k, n := range u.served {
		t.served[k] += n
	}
	for _, o := range u.open {
		t.open = addOpen(t.open, o)
	}
	for _, n := range u.notes {
		t.notes = addNote(t.notes, n)
	}
	for _, d := range u.doubts {
		t.doubts = addDoubt(t.doubts, d)
	}
	for k, p := range u.goals {
		if q := t.goals[k]; q != nil {
			q.tried += p.tried
			q.reached += p.reached
		} else {
			t.goals[k] = p
		}
	}
	t.operations += u.operations
	t.doubtful += u.doubtful
	t.probes += u.probes
}

// contradictions returns the answers that a target gave both ways in one
// context: accepted here and refused there.
func contradictions(list []Open) [][2]Open {
	var pairs [][2]Open
	first := map[string]Open{}
	for _, o := range list {
		if strings.Contains(o.Context, "="+model.Uncertain) {
			continue // the two may have stood differently
		}
		key := string(o.Rule) + "\x00" + o.Context
		p, seen := first[key]
		switch {
		case !seen:
			first[key] = o
		case strings.HasPrefix(p.Answer, "accepted") != strings.HasPrefix(o.Answer, "accepted"):
			pairs = append(pairs, [2]Open{p, o})
		}
	}
	return pairs
}
