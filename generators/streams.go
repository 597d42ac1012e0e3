package generators

import "dsqlconform/model"

// streams counts the streams of a cluster that are not deleted.
func (d *draft) streams(h model.Handle) int {
	n := 0
	for i := range d.world.Streams {
		if s := &d.world.Streams[i]; s.Cluster == h && !s.Deleted {
			n++
		}
	}
	return n
}

// pickStream draws a stream of the predicted world as [draft.pick] draws a
// cluster.
func (d *draft) pickStream(like func(s *model.Stream) int) (*model.Stream, bool) {
	weights := d.weights[:0]
	for i := range d.world.Streams {
		s := &d.world.Streams[i]
		w := 0
		if !s.Nameless {
			w = like(s)
		}
		weights = append(weights, w)
	}
	d.weights = weights
	i := d.weighted(weights)
	if i < 0 {
		return nil, false
	}
	return &d.world.Streams[i], true
}

// awaitedStream weighs a stream as one to wait for.
func awaitedStream(d *draft, s *model.Stream) int {
	if s.Nameless || d.hastyStreams&streamBit(s.Handle) == 0 {
		return 0
	}
	// What the streams of a deleted cluster do is open (Q29).
	if c, ok := d.world.Live(s.Cluster); !ok || c.Deleted {
		return 0
	}
	return 1
}

// drawAwaitStream waits for a stream to be gone if it is deleted, else for
// ACTIVE.
func drawAwaitStream(d *draft) (model.Op, bool) {
	s, ok := d.pickStream(func(s *model.Stream) int { return awaitedStream(d, s) })
	if !ok {
		return nil, false
	}
	op := model.Await{Ref: model.Ref{Handle: s.Cluster}, Stream: model.StreamRef{Handle: s.Handle}, Shows: model.StreamActive}
	if s.Deleted {
		op.Shows = model.StreamGone
	}
	return op, true
}

// streamBit is the member of a set of stream handles, as [bit] is of clusters.
func streamBit(h model.StreamHandle) uint64 { return 1 << (h % 64) }

// toStream returns op about another stream of its cluster; operations that name
// none are returned as they are.
func toStream(op model.Op, s model.StreamRef) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		if p.Stream != nil {
			*p.Stream = s
		}
	})
}

// created returns the handles that op gives to new clusters.
func created(op model.Op) []model.Handle {
	clusters, _ := model.Made(op)
	return clusters
}

// createdStream returns the handle that op gives to a new stream, 0 for none.
func createdStream(op model.Op) model.StreamHandle {
	_, stream := model.Made(op)
	return stream
}

// streamOf returns the stream that op names or creates, 0 for none.
func streamOf(op model.Op) model.StreamHandle { return model.SubjectStream(op).Handle }
