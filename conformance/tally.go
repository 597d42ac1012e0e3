package conformance

import (
	"slices"
	"strings"

	"dsqlconform/model"
)

// tally is what executions add up to, apart from findings. Tallies merge in the
// order of the executions, so that a run's result does not depend on timing.
type tally struct {
	rules, transitions, cells Tally
	open                      []Open
	notes                     []Note
	doubts                    []Doubt
	notServed                 map[string]int
	served                    map[string]int
	goals                     map[string]*progress
	operations, doubtful      int
	probes                    int
}

// progress counts how often a goal was tried and reached.
type progress struct {
	tried, reached int
	sequence       model.Sequence // the first that tried
}

func newTally() *tally {
	return &tally{
		rules: Tally{}, transitions: Tally{}, cells: Tally{},
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
	}
	for _, id := range compared(op, r) {
		t.rules[string(id)]++
	}
	class := "ok"
	switch {
	case r.Lost:
		class = "lost"
	case r.Refused():
		class = r.Code.String()
	}
	t.cells[op.Name()+" "+e.Status+" "+e.Role+" "+class]++
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

// compared returns the rules of single members that an explained success was
// compared with.
func compared(op model.Op, r model.Reply) []model.RuleID {
	if r.Lost || r.Refused() {
		return nil
	}
	var list []model.RuleID
	if r.Cluster != 0 {
		list = append(list, "DSQL-GET-001", "DSQL-GET-002")
	}
	if r.Protection != model.Unset {
		list = append(list, "DSQL-PRO-001", "DSQL-MRG-008")
	}
	if r.Multi {
		list = append(list, "DSQL-MRG-005", "DSQL-MRG-006", "DSQL-MRG-007")
	}
	switch op := op.(type) {
	case model.CreateCluster:
		if r.Cluster == op.As {
			list = append(list, "DSQL-CRE-030")
		}
		if op.Protection == model.Unset {
			list = append(list, "DSQL-CRE-001")
		}
	case model.GetCluster:
		list = append(list, "DSQL-TAG-001", "DSQL-LIF-000")
	case model.ListTagsForResource:
		list = append(list, "DSQL-TAG-001")
	case model.ListClusters:
		if len(r.Listed) > 0 {
			list = append(list, "DSQL-LST-001", "DSQL-LST-002", "DSQL-LST-003", "DSQL-LST-004", "DSQL-LST-005")
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
	for k, n := range u.cells {
		t.cells[k] += n
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
