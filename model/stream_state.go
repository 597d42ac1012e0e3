package model

import (
	"slices"
	"time"
)

// drifted returns the world with each stream in all the statuses that the
// service may have taken it to by now.
func (w World) drifted() World {
	cloned := false
	for i := range w.Streams {
		set := w.Streams[i].Status.closed()
		if !set.within(endedStream) && w.ended(w.Streams[i].Cluster) {
			set = anyStream
		}
		if set == w.Streams[i].Status {
			continue
		}
		if !cloned {
			w.Streams, cloned = slices.Clone(w.Streams), true
		}
		w.Streams[i].Status = set
	}
	return w
}

// sawStreams returns the world that knows what a reply that want allows shows of
// streams.
func (w World) sawStreams(want *StreamWant, r *Reply) World {
	if want == nil || r.Refused() || len(w.Streams) == 0 {
		return w
	}
	got := &r.Stream
	if want.Of != 0 {
		for i, h := range got.Listed {
			if i < len(got.Shown) && got.Shown[i] != NoStream {
				w = w.sawStream(h, func(s *Stream) { s.saw(&w, got.Shown[i]) })
			}
		}
		return w
	}
	if want.As != 0 && got.Handle == want.As {
		w = w.namedStream(want.Handle, want.As)
	}
	return w.sawStream(got.Handle, func(s *Stream) {
		if want.Now {
			s.saw(&w, got.Status)
		}
		if want.Detail && s.Vague {
			s.Vague, s.Tags = false, r.Tags
		}
	})
}

// sawStream returns the world with stream h as edit leaves it.
func (w World) sawStream(h StreamHandle, edit func(*Stream)) World {
	s, ok := w.FindStream(h)
	if !ok {
		return w
	}
	edit(&s)
	return w.WithStream(s)
}

// saw notes that an answer has shown the status of the moment.
func (s *Stream) saw(w *World, shown StreamStatus) {
	s.Status, s.Deleted = StreamStatuses(shown), s.Deleted || leavingStream.Has(shown)
	if s.Shown != shown {
		s.Since = Span{Early: s.Seen, Late: w.Now}
	}
	s.Shown, s.Seen = shown, w.Asked
}

// namedStream returns the world in which the nameless stream old is called h.
func (w World) namedStream(old, h StreamHandle) World {
	s, ok := w.FindStream(old)
	if !ok || !s.Nameless {
		return w
	}
	w.Streams = slices.DeleteFunc(slices.Clone(w.Streams), func(x Stream) bool { return x.Handle == old || x.Handle == h })
	s.Handle, s.Nameless = h, false
	w = w.WithStream(s)
	w.Tokens = slices.Clone(w.Tokens)
	for i := range w.Tokens {
		if w.Tokens[i].Stream == old {
			w.Tokens[i].Stream = h
		}
	}
	return w
}

// vagueStreams returns the world that knows nothing of the streams of cluster h
// but that there may be some.
func (w World) vagueStreams(h Handle) World {
	for _, s := range w.StreamsOf(h) {
		s.Vague, s.Status, s.Deleted, s.Shown = true, anyStream, false, NoStream
		w = w.WithStream(s)
	}
	return w
}

// widened returns the streams of two ways to one world, in favour of the service.
func widened(a, b []Stream) []Stream {
	cloned := false
	for i := range a {
		x, y := &a[i], &b[i]
		since := Span{min(x.Since.Early, y.Since.Early), max(x.Since.Late, y.Since.Late)}
		seen, shown := min(x.Seen, y.Seen), x.Shown
		if shown != y.Shown {
			shown = NoStream
		}
		if since == x.Since && seen == x.Seen && shown == x.Shown {
			continue
		}
		if !cloned {
			a, cloned = slices.Clone(a), true
		}
		a[i].Since, a[i].Seen, a[i].Shown = since, seen, shown
	}
	return a
}

// stirred reports whether an answer has just shown a stream in another status
// than before.
func stirred(w *World) bool {
	return slices.ContainsFunc(w.Streams, func(s Stream) bool { return s.Shown != NoStream && s.Since.Late == w.Now })
}

// vanished reports whether a read tells that a stream is gone, as one from before
// its creation would.
func vanished(op Op, r *Reply) bool {
	switch op := op.(type) {
	case GetStream:
		return r.Code == NotFound
	case Await:
		return r.Code == NotFound && op.Stream != (StreamRef{})
	}
	return false
}

// firstStream returns the first name of a stream.
func (b *Belief) firstStream(h StreamHandle) StreamHandle {
	if f, ok := b.streams[h]; ok {
		return f
	}
	return h
}

// each calls visit with stream s of cluster h in every surviving world, nil
// where there is none that has a name, until it returns false. It returns false
// if the component of the cluster is in doubt.
func (b *Belief) each(h Handle, s StreamHandle, visit func(*group, *World, *Stream) bool) bool {
	h, s = b.first(h), b.firstStream(s)
	for _, g := range b.groups {
		if !g.concerns([]Handle{h}, "") {
			continue
		}
		if g.doubt != "" {
			return false
		}
		for i := range g.states {
			w := g.states[i].drifted()
			var named *Stream
			for j := range w.Streams {
				if x := &w.Streams[j]; x.Handle == s && x.Cluster == h && !x.Nameless {
					named = x
				}
			}
			if !visit(g, &g.states[i].World, named) {
				return true
			}
		}
	}
	return true
}

// CanStream reports whether stream s of cluster h may come to show status by the
// service's own doing, in some surviving world. A stream that nothing is known
// of can be [StreamGone] alone.
func (b *Belief) CanStream(h Handle, s StreamHandle, status StreamStatus) bool {
	can, found := false, false
	sure := b.each(h, s, func(_ *group, _ *World, x *Stream) bool {
		found = true
		can = x != nil && x.Status.Has(status) || x == nil && status == StreamGone
		return !can
	})
	return !sure || can || !found && status == StreamGone
}

// StreamExists reports whether stream s of cluster h may still exist.
func (b *Belief) StreamExists(h Handle, s StreamHandle) bool {
	exists := false
	sure := b.each(h, s, func(_ *group, _ *World, x *Stream) bool {
		exists = x != nil && !x.Status.within(endedStream)
		return !exists
	})
	return !sure || exists
}

// StreamLeaving reports whether stream s of cluster h was deleted, or does not
// exist, in every surviving world.
func (b *Belief) StreamLeaving(h Handle, s StreamHandle) bool {
	stays := false
	sure := b.each(h, s, func(_ *group, _ *World, x *Stream) bool {
		stays = x != nil && !x.Deleted && !x.Status.within(endedStream)
		return !stays
	})
	return sure && !stays
}

// StreamWaiting reports whether stream s of cluster h must move from one of the
// statuses that it may be in.
func (b *Belief) StreamWaiting(h Handle, s StreamHandle) bool {
	waits := false
	sure := b.each(h, s, func(_ *group, w *World, x *Stream) bool {
		if x == nil {
			return true
		}
		for _, status := range x.Status.List() {
			one := *x
			one.Status = StreamStatuses(status)
			waits = waits || dueStream(w, &one) != nil
		}
		return !waits
	})
	return !sure || waits
}

// OverdueStream returns the fair transition that stream s of cluster h should
// have taken by now in every surviving world, or nil: it has been due for longer
// than settle. now is when the latest read that showed otherwise was sent.
func (b *Belief) OverdueStream(h Handle, s StreamHandle, now, settle time.Duration) *StreamTransition {
	var late *StreamTransition
	sure := b.each(h, s, func(g *group, w *World, x *Stream) bool {
		late = nil
		if g.pruned || x == nil {
			return false
		}
		// As it was shown, not as it may have become since.
		was, _ := w.FindStream(x.Handle)
		c, _ := w.Find(x.Cluster)
		since := was.Since.Late
		if was.Status.Has(StreamCreating) {
			since = max(since, c.Since.Late)
		}
		if t := dueStream(w, &was); t != nil && now-since > settle {
			late = t
		}
		return late != nil
	})
	if !sure {
		return nil
	}
	return late
}
