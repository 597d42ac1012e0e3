package model

import (
	"fmt"
	"hash/fnv"
	"strconv"
)

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
	Edit(op, func(p *Parts) {
		switch {
		case p.As != nil:
			text += " in " + string(*p.Region)
		case p.Ref != nil:
			about("of", *p.Ref)
			text += b.besides(op, *p.Ref)
		}
		if update, ok := op.(UpdateCluster); ok {
			text += " protection=" + update.Protection.String()
		}
		if p.Multi != nil {
			multi(*p.Multi)
		}
	})
	return text + given(op)
}

// given says what else of a request its answer may depend on: the key, the
// policy and the version expected. How the last relates to the one in force is
// not looked at.
func given(op Op) string {
	some := func(label string, m Maybe) string { return flag(" "+label+"="+brief(m.Value), m.Given) }
	expects := func(e Expect) string { return flag(" expect="+Uncertain, e != Expect{}) }
	switch op := op.(type) {
	case CreateCluster:
		return some("key", op.Key) + some("policy", op.Policy) + flag(" bypass="+op.Bypass.String(), op.Policy.Given)
	case UpdateCluster:
		return some("key", op.Key)
	case PutClusterPolicy:
		return some("policy", Some(op.Policy)) + " bypass=" + op.Bypass.String() + expects(op.Expect)
	case DeleteClusterPolicy:
		return expects(op.Expect)
	}
	return ""
}

// brief returns the text form of a value, or what tells a long one from others.
func brief(value string) string {
	if len(value) <= 40 {
		return quote(value)
	}
	sum := fnv.New32a()
	sum.Write([]byte(value))
	return fmt.Sprintf("%d-bytes-%08x", len(value), sum.Sum32())
}

// besides says how the streams stand that an answer to op may depend on: the one
// that it names, or how many the cluster has.
func (b *Belief) besides(op Op, ref Ref) string {
	counted := false
	switch op.(type) {
	case DeleteCluster, CreateStream:
		counted = true
	}
	stream := SubjectStream(op).Handle
	if !counted && stream == 0 {
		return ""
	}
	text := ""
	for _, g := range b.groups {
		if len(g.states) == 0 || !g.concerns([]Handle{ref.Handle}, "") {
			continue
		}
		for i := range g.states {
			w, one := g.states[i].drifted(), " stream=none"
			if counted {
				sure, may := liveStreams(&w, ref.Handle)
				one = flag(" streams="+strconv.Itoa(may), may > 0)
				if sure != may {
					one = " streams=" + Uncertain
				}
			} else if s, ok := w.FindStream(stream); ok && s.Cluster == ref.Handle {
				one = " stream=" + s.Status.String()
				if s.Status.Len() != 1 {
					one = " stream=" + Uncertain
				}
			}
			if text != "" && text != one {
				return " streams=" + Uncertain
			}
			text = one
		}
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
