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
	if total.OK() {
		total.Cell, _ = CellOf(&World{}, op, got.Reply.Refused())
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

func listed(st *state, op ListClusters, r *Reply) (state, mismatch, int) {
	var best mismatch
	at := -1
	for _, o := range Step(st.World, op) {
		n, miss := o.diff(&st.World, op, 0, r, false)
		if n == 0 {
			return follow(st, &o, op, 0, r), mismatch{}, 0
		}
		if at < 0 || n < at {
			best, at = miss, n
		}
	}
	return *st, best, at
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
