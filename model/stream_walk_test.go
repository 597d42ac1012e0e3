package model

import (
	"slices"

	"pgregory.net/rapid"
)

// streamCall draws an operation on few streams of few clusters.
func (s *walker) streamCall(t *rapid.T, ref Ref, token Token) Op {
	stream := StreamRef{Handle: StreamHandle(rapid.IntRange(1, 4).Draw(t, "stream"))}
	// Mostly one that the cluster has.
	if of := s.world.StreamsOf(ref.Handle); len(of) > 0 && rapid.IntRange(0, 4).Draw(t, "its own") > 0 {
		stream.Handle = rapid.SampledFrom(of).Draw(t, "of").Handle
	}
	tags := NewTags(map[string]string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"): "v"})
	switch rapid.IntRange(0, 11).Draw(t, "stream call") {
	case 0, 1, 2:
		if s.nextStream < 4 {
			op := CreateStream{As: s.nextStream + 1, Ref: ref, Token: token}
			if rapid.Bool().Draw(t, "tagged") {
				op.Tags, op.GivenTags = tags, true
			}
			if rapid.IntRange(0, 4).Draw(t, "own") == 0 {
				op.Kinesis = Some("arn:aws:kinesis:us-east-1:123456789012:stream/x")
			}
			if rapid.IntRange(0, 6).Draw(t, "ordered") == 0 {
				op.Ordering = Some("FIFO")
			}
			return op
		}
	case 3, 4:
		return DeleteStream{Ref: ref, Stream: stream, Token: token}
	case 5:
		return TagResource{Ref: ref, Stream: stream, Tags: tags}
	case 6:
		return UntagResource{Ref: ref, Stream: stream, Keys: []string{"a"}}
	case 7:
		return ListTagsForResource{Ref: ref, Stream: stream}
	case 8:
		return ListStreams{Ref: ref}
	}
	return GetStream{Ref: ref, Stream: stream}
}

// driftStreams lets the service take some transitions of streams.
func (s *walker) driftStreams(t *rapid.T) {
	for _, x := range s.world.Streams {
		if s.world.ended(x.Cluster) && rapid.IntRange(0, 2).Draw(t, "cascade") == 0 {
			s.world = s.world.inStatus(&x, StreamStatuses(rapid.SampledFrom([]StreamStatus{StreamDeleting, StreamGone}).Draw(t, "left")))
			continue
		}
		for range rapid.IntRange(0, 2).Draw(t, "stream transitions") {
			edges := slices.DeleteFunc(s.world.EnabledStream(x.Handle), func(e *StreamTransition) bool {
				return troubled.Has(e.To) && s.world.Env.Kinesis && !x.Own // not before the floor
			})
			if len(edges) > 0 {
				s.world = s.world.TakeStream(x.Handle, rapid.SampledFrom(edges).Draw(t, "stream edge"))
			}
		}
	}
}

// concreteStream draws what a want allows of streams.
func (s *walker) concreteStream(t *rapid.T, w *StreamWant, r *Reply) {
	if w == nil {
		return
	}
	got := &r.Stream
	if w.Of == 0 {
		got.Handle = w.Handle
		got.Status = rapid.SampledFrom((w.Status &^ StreamStatuses(StreamGone)).List()).Draw(t, "stream status")
		if w.Fresh {
			s.nextStream = max(s.nextStream, w.As)
		}
		if w.Form {
			got.Ordering, got.Format = "UNORDERED", "JSON"
		}
		if w.Detail {
			got.Target = rapid.SampledFrom([]Switch{Unset, On}).Draw(t, "target")
			got.Reason = troubled.Has(got.Status) || rapid.Bool().Draw(t, "reason")
		}
		return
	}
	got.Listed = []StreamHandle{}
	for _, x := range s.world.StreamsOf(w.Of) {
		sure := slices.Contains(w.Listed, x.Handle)
		if sure || !x.Nameless && !slices.Contains(w.Unlisted, x.Handle) && rapid.Bool().Draw(t, "listed") {
			got.Listed, got.Shown = append(got.Listed, x.Handle), append(got.Shown, x.Status.List()[0])
		}
	}
}

// observed returns the world after an outcome that allows the reply.
func observed(o *Outcome, op Op, r *Reply) World {
	return o.Next.sawStreams(o.Want.Stream, r).learned(op, r)
}
