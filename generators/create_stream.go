package generators

import "dsqlconform/model"

// urgeCreateStream waits for a cluster that has come to rest, asks for a first
// stream soon, and for no more than the profile wants on one cluster.
func urgeCreateStream(d *draft) int {
	for i := range d.world.Clusters {
		c := &d.world.Clusters[i]
		switch {
		case c.Nameless || d.moving(c.Handle) || d.streamable(c) <= 1:
		case len(d.world.Streams) == 0:
			return 2
		default:
			return 1
		}
	}
	return 0
}

// streamable weighs c as one to get a stream: an ACTIVE cluster, since no other
// takes any (F170), and rather one that has some, so that they come to be many.
func (d *draft) streamable(c *model.Cluster) int {
	n := d.streams(c.Handle)
	switch {
	case c.Status == model.Gone || n >= d.profile.Streams:
		return 0
	case c.Status != model.Active || d.moving(c.Handle):
		return 1
	}
	return 2 + 2*n
}

func drawCreateStream(d *draft) model.Op {
	c, _ := d.pick(d.streamable)
	op := model.CreateStream{As: d.lastStream + 1, Ref: model.Ref{Handle: c.Handle}}
	// The only values that there are (F173), written out or left to the engine.
	if d.bits(2) == 0 {
		op.Ordering = model.Some("UNORDERED")
	}
	if d.bits(2) == 0 {
		op.Format = model.Some("JSON")
	}
	if d.has(tagFeature, d.profile.Tagged) {
		op.Tags, op.GivenTags = d.tags(), true
	}
	op.Token = d.fresh()
	return op
}
