package generators

import "dsqlconform/model"

func drawDeleteStream(d *draft) model.Op {
	ref, stream := d.someStream(1)
	return model.DeleteStream{Ref: ref, Stream: stream, Token: d.fresh()}
}
