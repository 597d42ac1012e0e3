package explore

import (
	"fmt"

	"dsqlconform/model"
)

// fault is a check that failed.
type fault struct {
	rule model.Rule
	err  error
	at   id     // the world
	rank uint32 // its place in its level
	step bool   // a step out of it fails, not the world itself
}

func (f *fault) before(g *fault) bool {
	if f.step != g.step {
		return g.step
	}
	return f.rank < g.rank
}

// stateCheck is a property that every reachable world of the bounds has.
type stateCheck struct {
	model.Rule
	only  func(*Bounds) bool // nil: within all bounds
	holds func(s *search, w *model.World) error
}

// rule returns the rule with that identifier.
func rule(id model.RuleID) model.Rule {
	r, _ := model.LookupRule(id)
	return r
}

// Rules of the exploration itself: what the tables must be for their rules to
// mean what they say. They speak of the model and accuse no target.
var (
	ruleStuck = model.Rule{ID: "DSQL-XPL-001", Says: "a cluster that is CREATING, UPDATING, DELETING or DELETED has somewhere to go",
		Cite: []model.FactID{"F033", "F070", "F057"}, Basis: model.Documented, Force: model.Must}
	ruleDueEnabled = model.Rule{ID: "DSQL-XPL-002", Says: "a transition that is due can be taken and changes the cluster",
		Cite: []model.FactID{"F033", "F086", "F110"}, Basis: model.Documented, Force: model.Must}
	ruleContradiction = model.Rule{ID: "DSQL-XPL-003", Says: "no call is promised success and must be refused",
		Cite: []model.FactID{"F022", "F083"}, Basis: model.Documented, Force: model.Must}
	ruleDrains = model.Rule{ID: "DSQL-XPL-004", Says: "every account can be emptied: protection off, delete, wait",
		Cite: []model.FactID{"F057", "F070", "F083", "F086"}, Basis: model.Documented, Force: model.Must}
	ruleNoFairCycle = model.Rule{ID: "DSQL-XPL-005", Says: "transitions that are due lead to rest",
		Cite: []model.FactID{"F033", "F086", "F110"}, Basis: model.Documented, Force: model.Must}
	ruleAnswers = model.Rule{ID: "DSQL-XPL-006", Says: "every call has an answer that breaks no rule",
		Cite: []model.FactID{"F018"}, Basis: model.Documented, Force: model.Must}
	ruleOneEffect = model.Rule{ID: "DSQL-XPL-007", Says: "one token has one effect: an identical request is answered and changes nothing",
		Cite: []model.FactID{"F048"}, Basis: model.Documented, Force: model.Must}
	ruleSymmetric = model.Rule{ID: "DSQL-XPL-008", Says: "where peers are named once, members that are ACTIVE name each other and nobody else, in two Regions of one set, with one witness that is neither's Region",
		Cite: []model.FactID{"F106", "F119", "F121", "F123"}, Basis: model.Documented, Force: model.Must}
)

// stateChecks are the checks of a world besides [model.Invariants].
var stateChecks = []stateCheck{
	{ruleSymmetric, func(b *Bounds) bool { return !b.Relink }, symmetric},
	{ruleStuck, nil, func(s *search, w *model.World) error {
		for i := range w.Clusters {
			if c := &w.Clusters[i]; transient.Has(c.Status) && !s.moving(w, c) {
				return fmt.Errorf("got %s that is %s for ever", c.Handle, c.Status)
			}
		}
		return nil
	}},
	{ruleDueEnabled, nil, func(s *search, w *model.World) error {
		for i := range w.Clusters {
			c := &w.Clusters[i]
			t := s.due(w, c)
			if t == nil {
				continue
			}
			if next := w.Take(c.Handle, t); !t.When(w, c) || next.Clusters[i].Status == c.Status {
				return fmt.Errorf("got %s that is %s, where %s is due and not possible", c.Handle, c.Status, t.ID)
			}
		}
		return nil
	}},
}

// transient is the statuses in which no cluster stays.
var transient = model.Statuses(model.Creating, model.Updating, model.Deleting, model.Deleted)

// settled is the statuses of a cluster that has been set up.
var settled = model.Statuses(model.Active, model.Idle, model.Inactive)

// moving reports whether the service has something to do with c.
func (s *search) moving(w *model.World, c *model.Cluster) bool {
	for _, t := range s.moves[c.Status] {
		if !pastime[t.ID] && t.When(w, c) {
			return true
		}
	}
	return false
}

// due returns the fair transition that c must take, or nil.
func (s *search) due(w *model.World, c *model.Cluster) *model.Transition {
	for _, t := range s.moves[c.Status] {
		if !t.Fair {
			continue
		}
		must := t.Due
		if must == nil {
			must = t.When
		}
		if must(w, c) {
			return t
		}
	}
	return nil
}

func symmetric(s *search, w *model.World) error {
	for i := range w.Clusters {
		c := &w.Clusters[i]
		if !c.Multi || !settled.Has(c.Status) {
			continue
		}
		p, ok := w.Find(c.Peers[0])
		switch sets := s.codec.env.Sets; {
		case !ok || c.Peers[1] != 0:
			return fmt.Errorf("got %s %s with peers %v", c.Handle, c.Status, c.Peers)
		case p.Peers != [model.MaxPeers]model.Handle{c.Handle}:
			return fmt.Errorf("got %s %s with peer %s, whose peers are %v", c.Handle, c.Status, p.Handle, p.Peers)
		case p.Witness != c.Witness || p.Region == c.Region || c.Witness == c.Region || c.Witness == p.Region:
			return fmt.Errorf("got %s in %s with witness %s, and %s in %s with %s", c.Handle, c.Region, c.Witness, p.Handle, p.Region, p.Witness)
		case sets[c.Region] != sets[p.Region] || sets[c.Region] != sets[c.Witness]:
			return fmt.Errorf("got %s in %s and %s in %s with witness %s, not of one set", c.Handle, c.Region, p.Handle, p.Region, c.Witness)
		}
	}
	return nil
}

// look checks the world that is expanded, and notes its statuses and which rows
// of the tables hold.
func (w *worker) look(rank uint32, at id) {
	for i := range w.world.Clusters {
		w.statuses |= model.Statuses(w.world.Clusters[i].Status)
	}
	note := func(r model.Rule, err error) {
		if err != nil {
			w.note(fault{rule: r, err: err, at: at, rank: rank})
		}
	}
	for i := range model.Invariants {
		note(model.Invariants[i].Rule, model.Invariants[i].Holds(w.world))
	}
	for i := range stateChecks {
		if c := &stateChecks[i]; c.only == nil || c.only(&w.bounds) {
			note(c.Rule, c.holds(w.search, &w.world))
		}
	}
	for i := range w.calls {
		if c := &w.calls[i]; w.bounds.possible(&w.world, c) {
			note(ruleContradiction, w.contradiction(c))
		}
	}
}

// contradiction notes the rows that hold for a call, and returns an error when
// success is both promised and ruled out.
func (w *worker) contradiction(c *call) error {
	var forbids, promises *model.Rule
	w.options.Rows(&w.world, c.op, func(r *model.Rule) {
		w.meet(r.ID)
		if r.Force == model.Must {
			forbids = r
		}
	}, func(r *model.Rule) {
		w.meet(r.ID)
		if r.Force == model.Must {
			promises = r
		}
	})
	if forbids != nil && promises != nil {
		return fmt.Errorf("got %s: %s and %s", c.op, promises.ID, forbids.ID)
	}
	return nil
}

// watch checks a step, and notes the rules that made it.
func (w *worker) watch(st *step, rank uint32, at id) {
	note := func(r model.Rule, err error) {
		if err != nil {
			w.note(fault{rule: r, err: err, at: at, rank: rank, step: true})
		}
	}
	switch {
	case st.call == nil:
		w.meet(st.move.ID)
	case st.outcome == nil:
		note(ruleAnswers, fmt.Errorf("got no answer to %s", st.call.op))
	default:
		for _, id := range st.outcome.Rules {
			w.meet(id)
		}
		if st.call.token != 0 && st.outcome.Want.Success() {
			note(ruleOneEffect, w.oneEffect(st))
		}
	}
	if unchanged(&w.world, st.next) {
		return
	}
	change := st.change(&w.world)
	for i := range model.StepInvariants {
		note(model.StepInvariants[i].Rule, model.StepInvariants[i].Holds(&change))
	}
}

// oneEffect holds that an identical request with the same token, which stands for
// nothing else, changes nothing: whether it comes at once or later.
func (w *worker) oneEffect(st *step) error {
	text, same, other := tokenNamed(st.call.token).String(), false, false
	for i := range w.world.Tokens {
		u := &w.world.Tokens[i]
		if u.Token != text {
			continue
		}
		c := &w.world.Clusters[u.Cluster-1]
		if u.Op != st.call.op.Name() || u.Request != st.call.request || u.Region != st.call.region(&w.world) ||
			c.Status == model.Gone || c.Deleted && u.Op != "DeleteCluster" {
			other = true // what it means then is open (Q22)
		}
		same = true
	}
	switch {
	case other:
		return nil
	case same:
		if !st.next.Equal(w.world) {
			return fmt.Errorf("got a change by %s, which had come before", st.call.op)
		}
		return nil
	}
	if c := st.call.about; c != 0 && st.next.Clusters[c-1].Deleted && st.call.op.Name() != "DeleteCluster" {
		return nil // likewise
	}
	again := w.options.Step(*st.next, st.call.op)
	for i := range again {
		if again[i].Breaks == "" && !again[i].Next.Equal(*st.next) {
			return fmt.Errorf("got a change by %s at once after itself", st.call.op)
		}
	}
	return nil
}

// note keeps the first fault.
func (w *worker) note(f fault) {
	if w.fault == nil || f.before(w.fault) {
		w.fault = &f
	}
}

func (w *worker) meet(id model.RuleID) {
	if i, ok := w.ids[id]; ok {
		w.met[i] = true
	}
}
