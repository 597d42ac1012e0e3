package generators

import "dsqlconform/model"

func drawUntag(d *draft) model.Op {
	if ref, stream, ok := d.tagged(); ok {
		s, _ := d.world.FindStream(stream.Handle)
		return model.UntagResource{Ref: ref, Stream: stream, Keys: d.keys(s.Tags)}
	}
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
	return model.UntagResource{Ref: model.Ref{Handle: c.Handle}, Keys: d.keys(c.Tags)}
}

// keys draws a key, mostly one that is there; tags are few.
func (d *draft) keys(tags model.Tags) []string {
	n := tags.Len()
	if n == 0 || d.below(8) == 0 {
		return []string{oneOf(d, keys)}
	}
	chosen, i := d.below(n), 0
	for k := range tags.All() {
		if i == chosen {
			return []string{k}
		}
		i++
	}
	return nil // not reached: chosen is below n
}
