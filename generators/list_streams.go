package generators

import "dsqlconform/model"

// drawListStreams mostly lists a cluster that has some.
func drawListStreams(d *draft) model.Op {
	c, _ := d.pick(func(c *model.Cluster) int {
		if c.Status == model.Gone {
			return 0
		}
		return 1 + 3*d.streams(c.Handle)
	})
	return model.ListStreams{Ref: model.Ref{Handle: c.Handle}, Max: oneOf(d, d.profile.pageSizes())}
}
