package generators

import "dsqlconform/model"

func drawUntag(d *draft) model.Op {
	c, ok := d.pick(func(c *model.Cluster) int {
		switch {
		case c.Status == model.Gone:
			return 0
		case c.Tags != model.Tags{}:
			return 8
		}
		return 1
	})
	if !ok {
		return drawGet(d)
	}
	op := model.UntagResource{Ref: model.Ref{Handle: c.Handle}}
	// Mostly a key that is there; its tags are few.
	n := c.Tags.Len()
	if n == 0 || d.below(8) == 0 {
		op.Keys = []string{oneOf(d, keys)}
		return op
	}
	chosen, i := d.below(n), 0
	for k := range c.Tags.All() {
		if i == chosen {
			op.Keys = []string{k}
		}
		i++
	}
	return op
}
