package model

import "strings"

// accusing returns the rule itself if it can be broken, and else the general
// one that stands behind it.
func accusing(id RuleID, r *Reply) RuleID {
	if rule, ok := LookupRule(id); ok && rule.Force == Must {
		return id
	}
	if r.Refused() {
		return ruleFitting.ID
	}
	return ruleStatus.ID
}

// mutating reports whether a success of op may change a cluster.
func mutating(op Op) bool {
	switch op.(type) {
	case CreateCluster, UpdateCluster, DeleteCluster, TagResource, UntagResource, Connect, Raw:
		return true
	}
	return false
}

// status reports whether a success of op shows the status: an unseen excursion
// to IDLE explains what a read shows at any time, but a refusal only after the
// floor.
func status(op Op) bool {
	read, _ := reads(op)
	return read
}

// subject returns the cluster that op is about, 0 for a listing or a literal.
func subject(op Op) Handle {
	switch op := op.(type) {
	case CreateCluster:
		return op.As
	case GetCluster:
		return op.Ref.Handle
	case UpdateCluster:
		return op.Ref.Handle
	case DeleteCluster:
		return op.Ref.Handle
	case TagResource:
		return op.Ref.Handle
	case UntagResource:
		return op.Ref.Handle
	case ListTagsForResource:
		return op.Ref.Handle
	case GetVpcEndpointServiceName:
		return op.Ref.Handle
	case Await:
		return op.Ref.Handle
	case Connect:
		return op.Ref.Handle
	}
	return 0
}

// resolve returns op with every handle replaced by the first name of its
// cluster.
func (b *Belief) resolve(op Op) Op {
	if len(b.alias) == 0 {
		return op
	}
	name := func(r Ref) Ref {
		if h, ok := b.alias[r.Handle]; ok {
			r.Handle = h
		}
		return r
	}
	multi := func(m *MultiRegion) *MultiRegion {
		if m == nil || len(m.Peers) == 0 {
			return m
		}
		n := *m
		n.Peers = make([]Ref, len(m.Peers))
		for i := range m.Peers {
			n.Peers[i] = name(m.Peers[i])
		}
		return &n
	}
	switch op := op.(type) {
	case CreateCluster:
		op.Multi = multi(op.Multi)
		return op
	case GetCluster:
		op.Ref = name(op.Ref)
		return op
	case UpdateCluster:
		op.Ref, op.Multi = name(op.Ref), multi(op.Multi)
		return op
	case DeleteCluster:
		op.Ref = name(op.Ref)
		return op
	case TagResource:
		op.Ref = name(op.Ref)
		return op
	case UntagResource:
		op.Ref = name(op.Ref)
		return op
	case ListTagsForResource:
		op.Ref = name(op.Ref)
		return op
	case GetVpcEndpointServiceName:
		op.Ref = name(op.Ref)
		return op
	case Await:
		op.Ref = name(op.Ref)
		return op
	case Connect:
		op.Ref = name(op.Ref)
		return op
	}
	return op
}

// rest returns the status at which the subject of op would come to rest.
func (g *group) rest(op Op) string {
	set := StatusSet(0)
	for i := range g.states {
		w := g.states[i].World
		h := subject(op)
		for range 8 {
			t := w.Due(h)
			if t == nil {
				break
			}
			w = w.Take(h, t)
		}
		if c, ok := w.Find(h); ok && !c.Nameless {
			set |= Statuses(c.Status)
		}
	}
	if set == 0 {
		return "none"
	}
	return set.List()[0].String()
}

// role returns the relation of op's subject to others.
func (g *group) role(op Op) string {
	if len(g.states) == 0 {
		return "none"
	}
	w := &g.states[0].World
	c, ok := w.Find(subject(op))
	return roleOf(w, &c, ok)
}

func roleOf(w *World, c *Cluster, ok bool) string {
	switch {
	case !ok:
		return "none"
	case !c.Multi:
		return "single"
	case orphan(w, c):
		return "orphan"
	case c.Joined:
		return "mutual"
	case c.Peers != [MaxPeers]Handle{}:
		return "naming"
	case linked(w, c):
		return "named"
	}
	return "lone"
}

// String lists the worlds that are held possible, for debugging.
func (b *Belief) String() string {
	var out strings.Builder
	for _, g := range b.groups {
		out.WriteString("component " + g.doubt + "\n")
		for _, st := range g.states {
			for _, c := range st.Clusters {
				out.WriteString("  " + c.Handle.String() + " " + c.Status.String())
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}
