package generators

import "dsqlconform/model"

// urgeStream lets an operation wait for a stream that it can name.
func urgeStream(d *draft) int {
	for i := range d.world.Streams {
		if !d.world.Streams[i].Nameless {
			return 1
		}
	}
	return 0
}

func drawGetStream(d *draft) model.Op {
	ref, stream := d.someStream(1)
	return model.GetStream{Ref: ref, Stream: stream}
}

// someStream draws a stream and names its cluster: any, and one that is deleted
// in so many of nine cases.
func (d *draft) someStream(deleted int) (model.Ref, model.StreamRef) {
	s, ok := d.pickStream(func(s *model.Stream) int {
		if s.Deleted {
			return deleted
		}
		return 8
	})
	if !ok {
		return d.someone(0), model.StreamRef{Handle: strangeStreams}
	}
	return model.Ref{Handle: s.Cluster}, model.StreamRef{Handle: s.Handle}
}
