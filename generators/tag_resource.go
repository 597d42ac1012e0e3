package generators

import "dsqlconform/model"

func drawTag(d *draft) model.Op {
	if ref, stream, ok := d.tagged(); ok {
		return model.TagResource{Ref: ref, Stream: stream, Tags: d.tags()}
	}
	return model.TagResource{Ref: d.someone(0), Tags: d.tags()}
}

// tagged draws a stream to be asked for its tags, in the profile's share of the
// cases.
func (d *draft) tagged() (model.Ref, model.StreamRef, bool) {
	if urgeStream(d) == 0 || !d.chance(d.profile.TaggedStreams) {
		return model.Ref{}, model.StreamRef{}, false
	}
	ref, stream := d.someStream(1)
	return ref, stream, true
}

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
