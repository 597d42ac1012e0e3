package model

import "slices"

// newCluster returns the name that op gives to a new cluster, 0 for none and for
// many.
func newCluster(op Op) Handle {
	switch op := op.(type) {
	case CreateCluster:
		return op.As
	case Hostile:
		return op.As
	}
	return 0
}

// bind notes whether what an operation created is new, or a second name for what
// was there before.
func (b *Belief) bind(op Op, as Handle, r *Reply) {
	cluster := func(as, r Handle) {
		if r == as {
			delete(b.alias, as)
		} else if b.holds(r) {
			b.alias[as] = r
		}
	}
	switch op := op.(type) {
	case CreateMultiRegionClusters:
		b.bindLinked(op, r, cluster)
	case CreateStream:
		switch r := r.Stream.Handle; r {
		case 0, UnknownStream:
		case op.As:
			delete(b.streams, op.As)
		default:
			b.streams[op.As] = r
		}
	default:
		if as != 0 {
			cluster(as, r.Cluster)
		}
	}
}

// anew returns the states in which a retry was taken for a new request.
func anew(states []state, op Op) []state {
	op = WithToken(op, Token{})
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
func forked(states []state, op Op) []state {
	out := slices.Clone(states)
	for i := range states {
		for _, o := range Step(states[i].World, op) {
			if !o.Want.Success() || o.Breaks != "" {
				continue
			}
			next := o.Next.unnamed(&states[i].World, op).drifted()
			out = append(out, state{World: next, broken: states[i].broken})
		}
	}
	return dedupe(out)
}

// unnamed returns the world in which nobody knows the identifiers of what op has
// added to what was there before.
func (w World) unnamed(before *World, op Op) World {
	clusters, stream := Made(op)
	for _, as := range clusters {
		if c, ok := w.Find(as); ok {
			if was, had := before.Find(as); !had || was.Nameless {
				c.Nameless = true
				w = w.With(c)
			}
		}
	}
	if s, ok := w.FindStream(stream); ok {
		if was, had := before.FindStream(s.Handle); !had || was.Nameless {
			s.Nameless = true
			w = w.WithStream(s)
		}
	}
	return w
}

// follow returns the state after an outcome that allows the reply.
func follow(st *state, o *Outcome, by Op, as Handle, r *Reply) state {
	next := state{World: o.Next, broken: st.broken, via: st.via, by: o.Rules, took: st.took}
	if o.Breaks != "" && !slices.Contains(next.broken, o.Breaks) {
		next.broken = append(slices.Clip(next.broken), o.Breaks)
	}
	if as != 0 && r.Cluster == as && o.Want.Cluster != 0 {
		if c, ok := next.Find(o.Want.Cluster); ok && c.Nameless {
			next.World = next.World.named(o.Want.Cluster, as)
		}
	}
	if many, ok := by.(CreateMultiRegionClusters); ok {
		for _, h := range many.As {
			if c, ok := next.Find(h); ok && c.Nameless && slices.Contains(r.Legacy.Linked, h) {
				next.World = next.World.named(h, h)
			}
		}
	}
	next.World = next.World.sawStreams(o.Want.Stream, r)
	next.World = next.World.learned(by, r)
	next.met, _ = CellOf(&st.World, by, r.Refused())
	if took, ok := EdgeOf(&st.World, &o.Next, by); ok {
		next.took = took
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
	for _, s := range w.StreamsOf(old) {
		s.Cluster = h
		w = w.WithStream(s)
	}
	return w
}

// index returns the place of the state that has the identity of w, or -1.
func index(states []state, w *World) int {
	for i := range states {
		if states[i].equal(w) {
			return i
		}
	}
	return -1
}

// dedupe merges states of one identity.
func dedupe(states []state) []state {
	var out []state
	for _, st := range states {
		if j := index(out, &st.World); j >= 0 {
			out[j] = merge(out[j], st)
		} else {
			out = append(out, st)
		}
	}
	return out
}

// merge joins two ways to one world, in favour of the service: the kinder broken
// set, then the fewer moves unseen; the wider spans, the older tokens.
func merge(a, b state) state {
	fewer := len(b.broken) == len(a.broken) && len(b.via) < len(a.via) && (b.by != nil || a.by == nil)
	if len(b.broken) < len(a.broken) || fewer {
		a.broken, a.via, a.by, a.met, a.took = b.broken, b.via, b.by, b.met, b.took
	}
	cloned := false
	for i := range a.Clusters {
		x, y := a.Clusters[i].Since, b.Clusters[i].Since
		span := Span{min(x.Early, y.Early), max(x.Late, y.Late)}
		born := max(a.Clusters[i].Born, b.Clusters[i].Born)
		policed := max(a.Clusters[i].Policy.At, b.Clusters[i].Policy.At)
		if span == x && born == a.Clusters[i].Born && policed == a.Clusters[i].Policy.At {
			continue
		}
		if !cloned {
			a.Clusters, cloned = slices.Clone(a.Clusters), true
		}
		a.Clusters[i].Since, a.Clusters[i].Born, a.Clusters[i].Policy.At = span, born, policed
	}
	a.Streams = widened(a.Streams, b.Streams)
	for i := range a.Tokens {
		x, y := a.Tokens[i], b.Tokens[i]
		if y.At < x.At || y.Shown&^x.Shown != 0 {
			a.Tokens = slices.Clone(a.Tokens)
			a.Tokens[i].At, a.Tokens[i].Shown = min(x.At, y.At), x.Shown|y.Shown
		}
	}
	return a
}
