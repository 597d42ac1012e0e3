package generators

import "dsqlconform/model"

func drawListTags(d *draft) model.Op {
	if ref, stream, ok := d.tagged(); ok {
		return model.ListTagsForResource{Ref: ref, Stream: stream}
	}
	return model.ListTagsForResource{Ref: d.someone(0)}
}
