package generators

import "dsqlconform/model"

// drawDeletePolicy mostly names a cluster that has a policy.
func drawDeletePolicy(d *draft) model.Op {
	c, _ := d.pick(func(c *model.Cluster) int {
		switch {
		case c.Status == model.Gone:
			return 0
		case c.Policy.Given:
			return 8
		}
		return 1
	})
	return model.DeleteClusterPolicy{Ref: model.Ref{Handle: c.Handle}, Expect: d.expectation(c.Handle), Token: d.fresh()}
}
