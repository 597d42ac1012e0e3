package model

import (
	"slices"
	"time"
)

// lose empties a component after a finding: what it may hold now is everything
// that it held or that the operation could have made of it, until its clusters
// have been read again.
func (g *group) lose(states []state, op Op, as Handle, r *Reply) []Handle {
	candidates := slices.Clone(states)
	_, stream := Made(op)
	if mutating(op) && !r.Refused() {
		// In whichever Region it was asked: what has succeeded there had its
		// effect all the same.
		home := Edit(op, func(p *Parts) {
			if p.At != nil {
				*p.At = ""
			}
		})
		for i := range states {
			for _, o := range effects(states[i].World, home) {
				st := state{World: settled(states[i].World, o.Next)}
				if as != 0 && r.Cluster != as || stream != 0 && r.Stream.Handle != stream {
					continue
				}
				candidates = append(candidates, st)
			}
		}
	}
	if made := candidates[len(states):]; stream != 0 && len(made) > 0 {
		candidates = made // the answer names the new stream, which no read of a cluster shows
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

// unread takes in the answer to a call on a component in doubt, and returns the
// clusters that have to be read to end the doubt; none when it is there to stay.
func (g *group) unread(op Op, as Handle, r *Reply) []Handle {
	switch {
	case len(g.states) == 0:
		return nil
	case mutating(op) && r.Lost || len(g.states) > MaxStates:
		g.giveUp(g.doubt)
		return nil
	}
	return g.lose(g.states, op, as, r)
}

// effects returns what op would do if nothing forbade it.
func effects(w World, op Op) []Outcome {
	switch op := op.(type) {
	case CreateCluster:
		return createEffect(nil, &w, op)
	case UpdateCluster:
		return updateEffect(nil, &w, op)
	case DeleteCluster:
		return deleteEffect(nil, &w, op)
	case TagResource:
		return tagEffect(w, op)
	case UntagResource:
		return untagEffect(w, op)
	case PutClusterPolicy:
		return putPolicyEffect(w, op)
	case DeleteClusterPolicy:
		return deletePolicyEffect(w, op)
	case CreateStream:
		return createStreamEffect(w, op)
	case DeleteStream:
		return deleteStreamEffect(w, op)
	case CreateMultiRegionClusters:
		return createLinkedEffect(w, op)
	case DeleteMultiRegionClusters:
		return deleteLinkedEffect(w, op)
	case Hostile:
		var out []Outcome
		for _, reading := range op.Readings(w.Env.Revision) {
			out = append(out, effects(w, reading)...)
		}
		return out
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
		adoptEncryption(&c, r.Encryption)
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
		c.Policy.Version = 0 // no answer has shown it, as far as can be told
		w = w.With(c).vagueStreams(h)
	}
	return w, true
}
