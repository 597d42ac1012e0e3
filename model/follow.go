package model

import (
	"slices"
	"time"
)

// observeListing asks each component about its own clusters.
func (b *Belief) observeListing(op ListClusters, got Seen) Explanation {
	total := Explanation{Status: "none", Role: "none"}
	if len(b.groups) == 0 || got.Reply.Refused() || got.Reply.Lost {
		// No cluster of ours bears on a refusal.
		return b.observe(&group{states: []state{{World: World{Env: b.env}}}}, op, got)
	}
	for _, g := range b.groups {
		if g.doubt != "" {
			continue
		}
		e := b.observeListed(g, op, got)
		for _, id := range e.Rules {
			if !slices.Contains(total.Rules, id) {
				total.Rules = append(total.Rules, id)
			}
		}
		total.Edges = append(total.Edges, e.Edges...)
		if e.Doubt != "" {
			total.Doubt = e.Doubt
		}
		affected := slices.Concat(total.Affected, e.Affected)
		if (e.Broken != "" || e.Doubt != "") && (total.Broken == "" || total.Stale) {
			e.Edges, e.Rules = total.Edges, total.Rules
			total = e
		}
		total.Affected = affected
	}
	return total
}

func (b *Belief) observeListed(g *group, op ListClusters, got Seen) Explanation {
	e := Explanation{Status: "none", Role: "none"}
	g.tell(b.env, got)
	var kept, late []state // late: explained by a listing that is a little late
	unmoved := true        // every world explains the answer as it is
	recent := got.Sent-max(g.changed, g.moved) < indexLag
	best, at := mismatch{}, -1
	for i := range g.states {
		st := g.states[i]
		next, miss, n := listed(&st, op, &got.Reply)
		if n != 0 {
			unmoved = false
			if at < 0 || n < at {
				best, at = miss, n
			}
			if recent && lags(miss) {
				late = append(late, st)
			}
			for _, s := range b.settle([]state{st}, g.handles(), false)[1:] {
				later, miss, m := listed(&s, op, &got.Reply)
				switch {
				case m == 0:
					kept = append(kept, later)
				case m < at:
					best, at = miss, m
				}
			}
			continue
		}
		kept = append(kept, next)
	}
	kept = dedupe(kept)
	if len(kept) == 0 {
		for i := range g.states {
			e.Want = append(e.Want, Step(g.states[i].World, op)[0].Want)
		}
		e.Broken, e.Shape = accusing(best.rule, &got.Reply), best.shape
		if b.explainedBefore(g, op, &got) || recent && lags(best) {
			e.Stale = true
			return e
		}
		if g.pruned {
			e.Doubt, e.Broken = tooMany, ""
			g.giveUp(tooMany)
			return e
		}
		e.Affected = g.lose(g.states, op, 0, &got.Reply)
		return e
	}
	if !unmoved && b.explainedBefore(g, op, &got) {
		late = g.states
	}
	kept = dedupe(append(kept, late...))
	b.remember(g, g.states)
	b.account(g, op, kept, &got.Reply, &e)
	return e
}

// lags reports whether a mismatch may be a listing that is a little late.
func lags(m mismatch) bool {
	return m.rule == ruleListed.ID || m.rule == ruleUnlisted.ID && m.shape == "a cluster that is gone"
}

func listed(st *state, op ListClusters, r *Reply) (state, mismatch, int) {
	var best mismatch
	at := -1
	for _, o := range Step(st.World, op) {
		n, miss := o.diff(&st.World, op, 0, r, false)
		if n == 0 {
			return follow(st, &o, 0, r), mismatch{}, 0
		}
		if at < 0 || n < at {
			best, at = miss, n
		}
	}
	return *st, best, at
}

// lose empties a component after a finding: what it may hold now is everything
// that it held or that the operation could have made of it, until its clusters
// have been read again.
func (g *group) lose(states []state, op Op, as Handle, r *Reply) []Handle {
	candidates := slices.Clone(states)
	if mutating(op) && !r.Refused() {
		for i := range states {
			for _, o := range effects(states[i].World, op) {
				st := state{World: settled(states[i].World, o.Next)}
				if as != 0 && r.Cluster != as {
					continue
				}
				candidates = append(candidates, st)
			}
		}
	}
	g.states, g.doubt = dedupe(candidates), "after a finding, not yet read again"
	var affected []Handle
	for i := range g.states {
		for _, c := range g.states[i].Clusters {
			if !c.Nameless && !slices.Contains(affected, c.Handle) {
				affected = append(affected, c.Handle)
			}
		}
	}
	slices.Sort(affected)
	if len(affected) == 0 {
		// Nothing that could be read depends on it.
		g.states, g.doubt = states, ""
	}
	return affected
}

// effects returns what op would do if nothing forbade it.
func effects(w World, op Op) []Outcome {
	switch op := op.(type) {
	case CreateCluster:
		return createEffect(w, op)
	case UpdateCluster:
		return updateEffect(w, op)
	case DeleteCluster:
		return deleteEffect(w, op)
	case TagResource:
		return tagEffect(w, op)
	case UntagResource:
		return untagEffect(w, op)
	}
	return nil
}

// Adopt takes what a read shows of each affected cluster for granted, after a
// finding. A cluster that is missing from shown was not found. It returns false
// when the model cannot hold what was shown; that component then stays in doubt.
func (b *Belief) Adopt(affected []Handle, shown map[Handle]Reply, now time.Duration) bool {
	held := true
	for _, g := range b.groups {
		if g.doubt == "" || len(g.states) == 0 || !g.concerns(affected, "") {
			continue
		}
		ours := slices.DeleteFunc(g.handles(), func(h Handle) bool { return !slices.Contains(affected, h) })
		var kept []state
		for _, st := range g.states {
			if w, ok := adopted(st.World, ours, shown, now); ok {
				kept = append(kept, state{World: w})
			}
		}
		kept = dedupe(kept)
		if len(kept) == 0 || len(kept) > MaxStates {
			g.giveUp("after a finding, in a state that the model cannot hold")
			held = false
			continue
		}
		g.states, g.past, g.doubt, g.pruned = kept, nil, "", false
	}
	return held
}

func adopted(w World, affected []Handle, shown map[Handle]Reply, now time.Duration) (World, bool) {
	w.Now = now
	for _, h := range affected {
		c, ok := w.Find(h)
		r, found := shown[h]
		if !found {
			if ok {
				c.Status, c.Deleted, c.Since = Gone, true, Span{now, now}
				w = w.With(c)
			}
			continue
		}
		if !ok || r.Status == NoStatus {
			return w, false
		}
		if c.Status != r.Status {
			c.Origin, c.Relinked = NoStatus, false
			if r.Status == Updating {
				c.Origin = Active
				if c.Multi && !c.Joined {
					c.Origin = PendingSetup
				}
			}
		}
		c.Status, c.Since, c.Before = r.Status, Span{now, now}, Before{}
		if r.Protection != Unset {
			c.Protected = r.Protection == On
		}
		c.Tags = r.Tags
		c.Turned = c.Turned || r.Multi && !c.Multi
		c.Multi = r.Multi
		if !r.Multi {
			c.Witness, c.Peers, c.Joined = "", [MaxPeers]Handle{}, false
		}
		if r.Witness.Given {
			c.Witness = Region(r.Witness.Value)
		}
		if c.Multi && (c.Status == Creating || c.Status == Active || c.Status == Idle || c.Status == Inactive) {
			c.Joined = true
		}
		c.Deleted = leaving.Has(c.Status)
		w = w.With(c)
	}
	return w, true
}

// Overdue returns the fair transition that cluster h should have taken by now
// in every surviving world, or nil: it has been due for longer than settle. now
// is when the latest read that showed otherwise was sent.
func (b *Belief) Overdue(h Handle, now, settle time.Duration) *Transition {
	h = b.first(h)
	var late *Transition
	for _, g := range b.groups {
		if g.doubt != "" || !g.concerns([]Handle{h}, "") {
			continue
		}
		if g.pruned {
			return nil
		}
		for i := range g.states {
			c, ok := g.states[i].Find(h)
			if !ok {
				return nil
			}
			t := due(&g.states[i].World, &c)
			if t == nil || now-c.Since.Late <= settle {
				return nil
			}
			if late == nil {
				late = t
			}
		}
	}
	return late
}

// Can reports whether cluster h may come to show s by the service's own doing,
// in some surviving world.
func (b *Belief) Can(h Handle, s Status) bool {
	h = b.first(h)
	for _, g := range b.groups {
		if !g.concerns([]Handle{h}, "") {
			continue
		}
		if g.doubt != "" {
			return true
		}
		for _, st := range b.settle(g.states, []Handle{h}, false) {
			c, ok := st.Find(h)
			if !ok || c.Nameless {
				if s == Gone {
					return true
				}
				continue
			}
			if c.Status == s || shows(&st.World, &c).Has(s) {
				return true
			}
		}
		return false
	}
	return s == Gone
}

// Exists reports whether cluster h may still exist.
func (b *Belief) Exists(h Handle) bool {
	h = b.first(h)
	for _, g := range b.groups {
		if !g.concerns([]Handle{h}, "") {
			continue
		}
		if g.doubt != "" {
			return true
		}
		for i := range g.states {
			if c, ok := g.states[i].Live(h); ok && !c.Nameless {
				return true
			}
		}
	}
	return false
}

// Doubted reports why the component of cluster h can no longer be judged, or "".
func (b *Belief) Doubted(h Handle) string {
	h = b.first(h)
	for _, g := range b.groups {
		if g.concerns([]Handle{h}, "") {
			return g.doubt
		}
	}
	return ""
}

// Component returns the clusters that share a component with h, h among them.
func (b *Belief) Component(h Handle) []Handle {
	h = b.first(h)
	for _, g := range b.groups {
		if g.concerns([]Handle{h}, "") {
			return g.handles()
		}
	}
	return nil
}

// States returns how many worlds the largest component holds.
func (b *Belief) States() int {
	n := 0
	for _, g := range b.groups {
		n = max(n, len(g.states))
	}
	return n
}

func (b *Belief) first(h Handle) Handle {
	if f, ok := b.alias[h]; ok {
		return f
	}
	return h
}

// Waiting reports whether cluster h must move in some surviving world.
func (b *Belief) Waiting(h Handle) bool {
	return b.some(h, func(w *World, c *Cluster) bool { return due(w, c) != nil })
}

// Protected reports whether cluster h may be protected.
func (b *Belief) Protected(h Handle) bool {
	return b.some(h, func(_ *World, c *Cluster) bool { return c.Protected || c.Before.Valid && c.Before.Protected })
}

// Leaving reports whether cluster h is on its way out in every surviving world.
func (b *Belief) Leaving(h Handle) bool {
	return !b.some(h, func(_ *World, c *Cluster) bool { return !c.Deleted && c.Status != Gone })
}

// some reports whether holds is true of cluster h in some surviving world, or
// nothing is known about it.
func (b *Belief) some(h Handle, holds func(*World, *Cluster) bool) bool {
	h = b.first(h)
	for _, g := range b.groups {
		if !g.concerns([]Handle{h}, "") {
			continue
		}
		if g.doubt != "" {
			return true
		}
		for i := range g.states {
			if c, ok := g.states[i].Find(h); ok && holds(&g.states[i].World, &c) {
				return true
			}
		}
	}
	return false
}

// Context describes what an answer to op may depend on, in terms that hold for
// any run: the operation with each cluster replaced by its status, role and
// place. It is what an answer to an open question is filed under.
func (b *Belief) Context(op Op) string {
	op = b.resolve(op)
	text := op.Name()
	about := func(label string, r Ref) {
		text += " " + label + "="
		if r.Handle == 0 {
			text += "literal"
			return
		}
		for _, g := range b.groups {
			if len(g.states) == 0 || !g.concerns([]Handle{r.Handle}, "") {
				continue
			}
			text += stands(b.settle(g.states, []Handle{r.Handle}, true), r.Handle)
			return
		}
		text += "none"
	}
	multi := func(m *MultiRegion) {
		if m == nil {
			return
		}
		if m.Witness.Given {
			text += " witness=" + quote(m.Witness.Value)
		}
		if m.GivenPeers {
			text += " peers"
		}
		for _, p := range m.Peers {
			about("peer", p)
		}
	}
	switch op := op.(type) {
	case CreateCluster:
		text += " in " + string(op.Region)
		multi(op.Multi)
	case UpdateCluster:
		about("of", op.Ref)
		text += " protection=" + op.Protection.String()
		multi(op.Multi)
	case DeleteCluster:
		about("of", op.Ref)
	case GetVpcEndpointServiceName:
		about("of", op.Ref)
	case TagResource:
		about("of", op.Ref)
	case UntagResource:
		about("of", op.Ref)
	case ListTagsForResource:
		about("of", op.Ref)
	}
	return text
}

// Uncertain stands in a [Belief.Context] for a cluster that may be in more than
// one status, role or place.
const Uncertain = "uncertain"

// stands says how the cluster stands, if it does so in all states.
func stands(states []state, h Handle) string {
	text := ""
	for i := range states {
		w, one := &states[i].World, "none"
		if c, ok := w.Live(h); ok {
			one = c.Status.String() + "/" + roleOf(w, &c, true) + "/" + string(c.Region) + "/" + string(c.Witness)
			if c.Protected {
				one += "/protected"
			}
		}
		if text != "" && text != one {
			return Uncertain
		}
		text = one
	}
	return text
}
