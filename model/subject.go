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

// mutating reports whether a success of op may change a cluster or a stream.
func mutating(op Op) bool { return mutators[op.Name()] }

// mutators holds the operations that the table says may change something.
var mutators = func() map[string]bool {
	set := map[string]bool{}
	for _, o := range Operations {
		set[o.Name] = o.Mutates
	}
	return set
}()

// status reports whether a success of op shows the status: an unseen excursion
// to IDLE explains what a read shows at any time, but a refusal only after the
// floor.
func status(op Op) bool {
	read, _ := reads(op)
	return read
}

// subject is [Subject].
func subject(op Op) Handle { return op.subject() }

// resolve returns op with every cluster and stream that it names replaced by its
// first name.
func (b *Belief) resolve(op Op) Op {
	if len(b.alias) == 0 && len(b.streams) == 0 {
		return op
	}
	return Edit(op, func(p *Parts) {
		if p.Stream != nil {
			p.Stream.Handle = b.firstStream(p.Stream.Handle)
		}
		p.replace(func(r Ref) Ref {
			if h, ok := b.alias[r.Handle]; ok {
				r.Handle = h
			}
			return r
		})
	})
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

// RoleOf returns the relation of cluster h to others, one of those of
// [Explanation.Role].
func RoleOf(w *World, h Handle) string {
	c, ok := w.Find(h)
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
