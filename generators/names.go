package generators

import (
	"slices"

	"dsqlconform/model"
)

// What answers teach the author of a sequence: which clusters and streams the
// names of creations stand for, and versions of policies.

// original returns the stream that a successful creation answers with: its own,
// or that of an earlier one with its token if the world holds no other.
func (d *draft) original(op model.CreateStream) model.StreamHandle {
	if _, ok := d.world.FindStream(op.As); ok {
		return op.As
	}
	for _, u := range d.used {
		if first, ok := u.(model.CreateStream); ok && first.Token == op.Token {
			return first.As
		}
	}
	return op.As
}

// bind notes that a create named as has answered with the cluster first, or
// that nobody has read the answer.
func (d *draft) bind(first, as model.Handle, lost bool) {
	c, ok := d.world.Find(first)
	switch {
	case !ok:
	case first != as: // a replay
		if c.Nameless {
			c.Nameless = false // now it has a name, its second one
			d.world = d.world.With(c)
		}
		if d.second == nil {
			d.second = map[model.Handle]model.Handle{}
		}
		d.second[first] = as
	case lost:
		c.Nameless = true
		d.world = d.world.With(c)
	}
}

// bindStream is [draft.bind] for a stream.
func (d *draft) bindStream(first, as model.StreamHandle, lost bool) {
	s, ok := d.world.FindStream(first)
	switch {
	case !ok:
	case first != as:
		if s.Nameless {
			s.Nameless = false
			d.world = d.world.WithStream(s)
		}
		if d.secondStream == nil {
			d.secondStream = map[model.StreamHandle]model.StreamHandle{}
		}
		d.secondStream[first] = as
	case lost:
		s.Nameless = true
		d.world = d.world.WithStream(s)
	}
}

// answer notes that the version of a cluster's policy has been answered.
func (d *draft) answer(h model.Handle) {
	c, ok := d.world.Live(h)
	if !ok || !c.Policy.Given || c.Policy.Version != 0 {
		return
	}
	if d.versions == nil {
		d.versions = map[model.Handle]int{}
	}
	d.versions[h]++
	c.Policy.Version = d.versions[h]
	d.world = d.world.With(c)
}

// alias draws one of the names of a cluster.
func (d *draft) alias(h model.Handle) model.Handle {
	other, ok := d.second[h]
	if !ok {
		return h
	}
	// The first name of a cluster whose create went unanswered is no name.
	for i := range d.lines {
		if d.lines[i].Lost && slices.Contains(created(d.lines[i].Op), h) {
			return other
		}
	}
	if d.bits(2) == 0 {
		return h
	}
	return other
}

// aliasStream draws one of the names of a stream.
func (d *draft) aliasStream(h model.StreamHandle) model.StreamHandle {
	other, ok := d.secondStream[h]
	if !ok {
		return h
	}
	for i := range d.lines {
		if create, ok := d.lines[i].Op.(model.CreateStream); ok && d.lines[i].Lost && create.As == h {
			return other
		}
	}
	if d.bits(2) == 0 {
		return h
	}
	return other
}
