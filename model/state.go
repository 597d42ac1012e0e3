package model

import "slices"

// anew returns the states in which a retry was taken for a new request.
func anew(states []state, op Op) []state {
	switch o := op.(type) {
	case UpdateCluster:
		o.Token = Token{}
		op = o
	case DeleteCluster:
		o.Token = Token{}
		op = o
	}
	var out []state
	for i := range states {
		for _, o := range Step(states[i].World, op) {
			if o.Want.Success() && o.Breaks == "" {
				out = append(out, state{World: o.Next})
			}
		}
	}
	return dedupe(out)
}

// forked returns the states after a call whose answer was lost: it had its
// effect, or not.
func forked(states []state, op Op, as Handle) []state {
	out := slices.Clone(states)
	for i := range states {
		for _, o := range Step(states[i].World, op) {
			if !o.Want.Success() || o.Breaks != "" {
				continue
			}
			next := o.Next
			if c, ok := next.Find(as); ok && as != 0 {
				if was, had := states[i].Find(as); !had || was.Nameless {
					c.Nameless = true
					next = next.With(c)
				}
			}
			out = append(out, state{World: next, broken: states[i].broken})
		}
	}
	return dedupe(out)
}

// follow returns the state after an outcome that allows the reply.
func follow(st *state, o *Outcome, as Handle, r *Reply) state {
	next := state{World: o.Next, broken: st.broken, via: st.via, by: o.Rules}
	if o.Breaks != "" && !slices.Contains(next.broken, o.Breaks) {
		next.broken = append(slices.Clip(next.broken), o.Breaks)
	}
	if as != 0 && r.Cluster == as && o.Want.Cluster != 0 {
		if c, ok := next.Find(o.Want.Cluster); ok && c.Nameless {
			next.World = next.World.named(o.Want.Cluster, as)
		}
	}
	return next
}

// named returns the world in which the nameless cluster old is called h.
func (w World) named(old, h Handle) World {
	clusters := slices.Clone(w.Clusters)
	for i := range clusters {
		c := &clusters[i]
		if c.Handle == old {
			c.Handle, c.Nameless = h, false
		}
		for j := range c.Peers {
			if c.Peers[j] == old {
				c.Peers[j] = h
			}
			if c.Before.Peers[j] == old {
				c.Before.Peers[j] = h
			}
		}
	}
	slices.SortFunc(clusters, func(a, b Cluster) int { return int(a.Handle) - int(b.Handle) })
	tokens := slices.Clone(w.Tokens)
	for i := range tokens {
		if tokens[i].Cluster == old {
			tokens[i].Cluster = h
		}
	}
	w.Clusters, w.Tokens = clusters, tokens
	return w
}

// dedupe merges states of one identity.
func dedupe(states []state) []state {
	var out []state
	for _, st := range states {
		if j := slices.IndexFunc(out, func(s state) bool { return s.Equal(st.World) }); j >= 0 {
			out[j] = merge(out[j], st)
		} else {
			out = append(out, st)
		}
	}
	return out
}

// merge joins two ways to one world, in favour of the service: the kinder broken
// set, the wider spans, the older tokens.
func merge(a, b state) state {
	if len(b.broken) < len(a.broken) {
		a.broken, a.via, a.by = b.broken, b.via, b.by
	}
	cloned := false
	for i := range a.Clusters {
		x, y := a.Clusters[i].Since, b.Clusters[i].Since
		span := Span{min(x.Early, y.Early), max(x.Late, y.Late)}
		born := max(a.Clusters[i].Born, b.Clusters[i].Born)
		if span == x && born == a.Clusters[i].Born {
			continue
		}
		if !cloned {
			a.Clusters, cloned = slices.Clone(a.Clusters), true
		}
		a.Clusters[i].Since, a.Clusters[i].Born = span, born
	}
	for i := range a.Tokens {
		x, y := a.Tokens[i], b.Tokens[i]
		if y.At < x.At || y.Shown&^x.Shown != 0 {
			a.Tokens = slices.Clone(a.Tokens)
			a.Tokens[i].At, a.Tokens[i].Shown = min(x.At, y.At), x.Shown|y.Shown
		}
	}
	return a
}
