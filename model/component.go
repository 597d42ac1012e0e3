package model

import (
	"cmp"
	"slices"
	"time"
)

// gather returns the component that op can depend on, merging those that it
// links. A read of what is in no component gets an empty one of its own.
func (b *Belief) gather(op Op) *group {
	touched, token := op.Touches(World{}), ""
	if mutating(op) {
		token = tokenText(TokenOf(op))
	}
	var found *group
	rest := b.groups[:0:0]
	for _, g := range b.groups {
		if !g.concerns(touched, token) {
			rest = append(rest, g)
			continue
		}
		if found == nil {
			found = g
			rest = append(rest, g)
			continue
		}
		found.absorb(g)
	}
	b.groups = rest
	if found == nil {
		found = &group{states: []state{{World: World{Env: b.env}}}}
		if mutating(op) {
			b.groups = append(b.groups, found)
		}
	}
	return found
}

// admit merges the components of streams that g does not hold into g: to list
// those of another cluster is a fault that only a world of both clusters shows.
func (b *Belief) admit(g *group, streams []StreamHandle) {
	if g.doubt != "" {
		return
	}
	held, absorbed := slices.Contains(b.groups, g), false
	b.groups = slices.DeleteFunc(b.groups, func(other *group) bool {
		if other == g || other.doubt != "" || !slices.ContainsFunc(other.states, func(st state) bool {
			return slices.ContainsFunc(st.Streams, func(s Stream) bool { return !s.Nameless && slices.Contains(streams, s.Handle) })
		}) {
			return false
		}
		g.absorb(other)
		absorbed = true
		return true
	})
	if absorbed && !held {
		b.groups = append(b.groups, g)
	}
}

// concerns reports whether the component holds one of the clusters or a use of
// the token.
func (g *group) concerns(touched []Handle, token string) bool {
	for i := range g.states {
		for j := range g.states[i].Clusters {
			if slices.Contains(touched, g.states[i].Clusters[j].Handle) {
				return true
			}
		}
		if token == "" {
			continue
		}
		for j := range g.states[i].Tokens {
			if g.states[i].Tokens[j].Token == token {
				return true
			}
		}
	}
	return slices.ContainsFunc(touched, func(h Handle) bool { return slices.Contains(g.held, h) })
}

// absorb makes g the product of g and h.
func (g *group) absorb(h *group) {
	if g.doubt != "" || h.doubt != "" {
		why := g.doubt
		if why == "" {
			why = h.doubt
		}
		g.giveUp(why)
		h.giveUp(why)
		g.held = append(g.held, h.held...)
		return
	}
	var past []snapshot
	for _, p := range g.past {
		past = append(past, snapshot{p.at, product(p.states, h.until(p.at))})
	}
	for _, p := range h.past {
		past = append(past, snapshot{p.at, product(g.until(p.at), p.states)})
	}
	slices.SortStableFunc(past, func(a, b snapshot) int { return cmp.Compare(a.at, b.at) })
	g.past, g.pruned = past, g.pruned || h.pruned
	g.changed, g.moved = max(g.changed, h.changed), max(g.moved, h.moved)
	g.states = g.prune(product(g.states, h.states))
}

// until returns what was believed up to that moment.
func (g *group) until(at time.Duration) []state {
	for _, p := range g.past {
		if p.at >= at {
			return p.states
		}
	}
	return g.states
}

// product returns the states that hold the clusters, tokens and streams of one of
// each.
func product(xs, ys []state) []state {
	list := make([]state, 0, len(xs)*len(ys))
	for _, x := range xs {
		for _, y := range ys {
			w := x.World
			for _, c := range y.Clusters {
				w = w.With(c)
			}
			w.Tokens = slices.Concat(x.Tokens, y.Tokens)
			for _, s := range y.Streams {
				w = w.WithStream(s)
			}
			list = append(list, state{World: w, broken: slices.Concat(x.broken, y.broken)})
		}
	}
	return list
}

// become sets the component's states.
func (g *group) become(states []state) {
	g.states = g.prune(dedupe(states))
}

const tooMany = "more possible states than can be followed"

// giveUp puts the component in doubt for good.
func (g *group) giveUp(why string) {
	g.held = g.handles()
	g.states, g.past, g.doubt = nil, nil, why
}

// tell tells all worlds of the call: who makes it and when, and that streams may
// have moved.
func (g *group) tell(env *Env, got Seen) {
	for i := range g.states {
		st := &g.states[i]
		st.Env, st.Now, st.Asked, st.By = env, got.Answered, got.Sent, got.By
		if len(st.Streams) > 0 {
			st.World = st.drifted()
		}
	}
}

// laggard reports whether an answer is only a little late, for what is so on any
// target (Q24, Q26).
func (g *group) laggard(m mismatch, sent time.Duration) bool {
	since := g.changed
	if m.rule != ruleTagsShown.ID {
		since = max(since, g.moved)
	}
	return sent-since < indexLag && lags(m)
}

// lags reports whether a mismatch may be an answer that is a little late: of
// tags or a listing.
func lags(m mismatch) bool {
	switch m.rule {
	case ruleTagsShown.ID, rulePolicyShown.ID, ruleListed.ID, ruleStreamListed.ID, ruleStreamRow.ID:
		return true
	case ruleUnlisted.ID:
		return m.shape == clusterLingers
	case ruleStreamUnlisted.ID:
		return m.shape == streamLingers
	}
	return false
}

// used reports whether a token was used in any of the component's worlds.
func (g *group) used(t Token) bool {
	return slices.ContainsFunc(g.states, func(st state) bool { return len(tokenUsers(st.World, t)) > 0 })
}

// handles returns the clusters of the group in any of its worlds.
func (g *group) handles() []Handle {
	list := slices.Clone(g.held)
	for i := range g.states {
		for j := range g.states[i].Clusters {
			if h := g.states[i].Clusters[j].Handle; !slices.Contains(list, h) {
				list = append(list, h)
			}
		}
	}
	slices.Sort(list)
	return list
}
