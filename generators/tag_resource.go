package generators

import "dsqlconform/model"

func drawTag(d *draft) model.Op { return model.TagResource{Ref: d.someone(0), Tags: d.tags()} }

// tags draws one to three tags of few keys, or some at the limits.
func (d *draft) tags() model.Tags {
	if d.below(16) == 15 {
		return oneOf(d, longTags)
	}
	var t model.Tags
	for range 1 + d.bits(2)*d.bits(1)/2 {
		t = t.With(pair(oneOf(d, keys), oneOf(d, values)))
	}
	return t
}
