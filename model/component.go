package model

import "slices"

// gather returns the component that op can depend on, merging those that it
// links. A read of what is in no component gets an empty one of its own.
func (b *Belief) gather(op Op) *group {
	touched := op.Touches(World{})
	token := ""
	switch op := op.(type) {
	case CreateCluster:
		token = tokenText(op.Token)
	case UpdateCluster:
		token = tokenText(op.Token)
	case DeleteCluster:
		token = tokenText(op.Token)
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
	product := make([]state, 0, len(g.states)*len(h.states))
	for _, x := range g.states {
		for _, y := range h.states {
			w := x.World
			for _, c := range y.Clusters {
				w = w.With(c)
			}
			w.Tokens = slices.Concat(x.Tokens, y.Tokens)
			product = append(product, state{World: w, broken: slices.Concat(x.broken, y.broken)})
		}
	}
	g.past, g.changed, g.pruned = nil, max(g.changed, h.changed), g.pruned || h.pruned
	g.states = g.prune(product)
}
