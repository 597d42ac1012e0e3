package generators

import "dsqlconform/model"

// maxAwaits is how many awaits a sequence may hold besides the last ones.
const maxAwaits = 4

// urgeAwait grows with the number of clusters and streams that have moved and were not
// waited for: what comes next depends on where they are.
func urgeAwait(d *draft) int {
	if d.awaits >= maxAwaits {
		return 0
	}
	n := 0
	for i := range d.world.Clusters {
		n += awaited(d, &d.world.Clusters[i])
	}
	for i := range d.world.Streams {
		n += awaitedStream(d, &d.world.Streams[i])
	}
	return min(n, 3)
}

// awaited weighs a cluster as one to wait for: it moved, and is predicted to
// come to rest where it must.
func awaited(d *draft, c *model.Cluster) int {
	if !c.Nameless && d.moving(c.Handle) && (c.Status == model.Active || c.Status == model.Gone) {
		return 1
	}
	return 0
}

func drawAwait(d *draft) model.Op {
	c, ok := d.pick(func(c *model.Cluster) int { return awaited(d, c) })
	if len(d.world.Streams) > 0 && (!ok || d.bits(1) == 1) {
		if op, ok := drawAwaitStream(d); ok {
			return op
		}
	}
	return model.Await{Ref: model.Ref{Handle: c.Handle}, Status: c.Status}
}
