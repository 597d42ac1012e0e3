package model

var getStreamGuards = []Guard[GetStream]{
	{Rule{ID: "DSQL-SGT-001", Says: "a cluster that does not exist has no stream to read", Cite: cite("F007", "F057"), Basis: Modelled, Force: Must},
		func(w *World, op GetStream) bool { return absent(w, op.Ref) && !lingers(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SGT-002", Says: "a stream of another Region is not found", Cite: cite("F060", "F172"), Basis: Documented, Force: Must},
		func(w *World, op GetStream) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SGT-003", Says: "a malformed identifier has no stream to read", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op GetStream) bool { return malformed(op.Ref) || malformedStream(op.Stream) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SGT-004", Says: "a stream that does not exist, or is another cluster's, is not found", Cite: cite("F009", "F057", "F173"), Basis: Modelled, Force: Must},
		func(w *World, op GetStream) bool { return absentStream(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SGT-005", Says: "what becomes of the streams of a cluster that failed or is on its way out is open", Cite: cite("Q29", "F095"), Basis: Assumed, Force: May},
		func(w *World, op GetStream) bool { return lingers(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx}},
}

var getStreamAccepts = []Accept[GetStream]{
	{Rule{ID: "DSQL-SGT-010", Says: "a stream can be read in every status until it is gone", Cite: cite("F173", "F178"), Basis: Documented, Force: Must},
		func(w *World, op GetStream) bool { return streamOf(w, op.Ref, op.Stream, op.At) != nil }},
}

func getStreamEffect(w World, op GetStream) []Outcome {
	s := streamOf(&w, op.Ref, op.Stream, op.At)
	if s == nil {
		return nil
	}
	var out []Outcome
	if live := s.Status &^ StreamStatuses(StreamGone); live != 0 {
		want := Want{Cluster: s.Cluster, Tags: streamTags(&w, s), Stream: &StreamWant{Handle: s.Handle, Status: live, Now: true, Form: true, Detail: true}}
		out = append(out, Outcome{Rules: []RuleID{"DSQL-SGT-010"}, Want: want, Next: w.inStatus(s, live)})
	}
	// A record that is DELETED may be found no more (section 2.3).
	if ended := s.Status & endedStream; ended != 0 {
		out = append(out, Outcome{Rules: []RuleID{"DSQL-STR-012"}, Want: Want{Codes: Codes(NotFound)}, Next: w.inStatus(s, ended)})
	}
	return out
}

// streamOf returns the stream that ref and stream name, nil when there is
// none: it is no stream of that cluster, or gone, or nobody knows its
// identifier. The Region asked must be the cluster's own.
func streamOf(w *World, ref Ref, stream StreamRef, at Region) *Stream {
	if ref.Handle == 0 || stream.Handle == 0 {
		return nil
	}
	c, ok := w.Find(ref.Handle)
	if !ok || c.Nameless || at != "" && at != c.Region {
		return nil
	}
	for i := range w.Streams {
		s := &w.Streams[i]
		if s.Handle == stream.Handle && s.Cluster == ref.Handle && !s.Nameless && s.Status != StreamStatuses(StreamGone) {
			return s
		}
	}
	return nil
}

// lingers reports whether the stream named is one of a cluster that failed or is
// on its way out, or gone.
func lingers(w *World, ref Ref, stream StreamRef, at Region) bool {
	return w.ended(ref.Handle) && streamOf(w, ref, stream, at) != nil
}

// absentStream reports that the cluster exists and has no such stream.
func absentStream(w *World, ref Ref, stream StreamRef, at Region) bool {
	_, ok := known(w, ref, at)
	return ok && !malformedStream(stream) && streamOf(w, ref, stream, at) == nil
}

// malformedStream reports that the identifier is that of no stream.
func malformedStream(stream StreamRef) bool {
	return stream.Handle == 0 && malformed(Ref{Literal: stream.Literal})
}

// streamTags returns the tags that stream s may show, nil for any.
func streamTags(w *World, s *Stream) []Tags {
	switch {
	case s.Vague:
		return nil
	case s.Deleted || w.ended(s.Cluster):
		return []Tags{s.Tags, {}}
	}
	return []Tags{s.Tags}
}

// inStatus returns the world in which the stream is in one of set.
func (w World) inStatus(s *Stream, set StreamSet) World {
	if s.Status == set {
		return w
	}
	n := *s
	n.Status = set
	return w.WithStream(n)
}
