package generators

import "dsqlconform/model"

func drawGet(d *draft) model.Op { return model.GetCluster{Ref: d.someone(1)} }

// someone draws a cluster: any that is alive, and one that is gone in so many
// of fifteen cases.
func (d *draft) someone(gone int) model.Ref {
	c, _ := d.pick(func(c *model.Cluster) int {
		switch {
		case c.Status == model.Gone:
			return gone
		case c.Status == model.Active:
			return 15
		}
		return 8
	})
	return model.Ref{Handle: c.Handle}
}
