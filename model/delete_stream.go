package model

var deleteStreamGuards = []Guard[DeleteStream]{
	{Rule{ID: "DSQL-SDL-001", Says: "a cluster that does not exist has no stream to delete", Cite: cite("F007", "F057"), Basis: Modelled, Force: Must},
		func(w *World, op DeleteStream) bool {
			return absent(w, op.Ref) && !lingers(w, op.Ref, op.Stream, op.At)
		}, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SDL-002", Says: "a stream of another Region cannot be deleted", Cite: cite("F060", "F172"), Basis: Documented, Force: Must},
		func(w *World, op DeleteStream) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SDL-003", Says: "a malformed identifier has no stream to delete", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op DeleteStream) bool { return malformed(op.Ref) || malformedStream(op.Stream) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SDL-004", Says: "a stream that does not exist, or is another cluster's, cannot be deleted", Cite: cite("F009", "F057", "F173"), Basis: Modelled, Force: Must},
		func(w *World, op DeleteStream) bool { return absentStream(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SDL-005", Says: "a malformed client token is refused", Cite: cite("F082", "F173"), Basis: Modelled, Force: Must},
		func(_ *World, op DeleteStream) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SDL-006", Says: "a second delete of a stream is answered with the status, or refused", Cite: cite("F177", "F091"), Basis: Assumed, Force: May},
		func(w *World, op DeleteStream) bool {
			s := streamOf(w, op.Ref, op.Stream, op.At)
			return s != nil && s.Status&(leavingStream|endedStream) != 0
		}, Refusal{Allowed: Codes(Conflict, Validation, NotFound)}},
	{Rule{ID: "DSQL-SDL-007", Says: "whether a stream of a cluster that failed or is on its way out can be deleted is open", Cite: cite("Q29", "F095"), Basis: Assumed, Force: May},
		func(w *World, op DeleteStream) bool { return lingers(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx}},
}

var deleteStreamAccepts = []Accept[DeleteStream]{
	{Rule{ID: "DSQL-SDL-010", Says: "an ACTIVE or FAILED stream of an ACTIVE cluster can be deleted", Cite: cite("F173", "F177"), Basis: Documented, Force: Must},
		func(w *World, op DeleteStream) bool {
			s := streamOf(w, op.Ref, op.Stream, op.At)
			return s != nil && activeAt(w, op.Ref, op.At) && likely(w, s).within(StreamStatuses(StreamActive, StreamFailed))
		}},
}

func stepDeleteStream(w World, op DeleteStream) []Outcome {
	uses, match := lookupUse(w, op.Token, op.Name(), askedRegion(w, op.Ref, op.At), op)
	if match == sameUse {
		return replayStream(nil, w, 0, uses[0])
	}
	return reused(decide(w, op, deleteStreamGuards, deleteStreamAccepts, deleteStreamEffect), w, 0, uses, match)
}

// afterDeleteStream says which edge a delete takes, by the status before it.
var afterDeleteStream = map[StreamStatus]RuleID{
	StreamActive:   "DSQL-STR-008",
	StreamFailed:   "DSQL-STR-009",
	StreamImpaired: "DSQL-STR-010",
	StreamCreating: "DSQL-STR-011",
}

func deleteStreamEffect(w World, op DeleteStream) []Outcome {
	s := streamOf(&w, op.Ref, op.Stream, op.At)
	if s == nil {
		return nil
	}
	c, _ := w.Find(s.Cluster)
	gone := func(rule RuleID, set StreamSet) Outcome {
		n := *s
		n.Status, n.Deleted = set, true
		if !s.Deleted {
			n.Since = Span{w.Now, w.Now}
		}
		want := Want{Cluster: s.Cluster, Stream: &StreamWant{Handle: s.Handle, Status: set, Now: true}}
		next := recordStream(w, op.Token, op.Name(), c.Region, op, &n).WithStream(n)
		return Outcome{Rules: []RuleID{rule}, Want: want, Next: next}
	}
	live := s.Status &^ (leavingStream | endedStream)
	if live == 0 {
		return []Outcome{gone("DSQL-SDL-006", s.Status&leavingStream)}
	}
	rule := afterDeleteStream[live.List()[0]]
	// No text says which of the two the answer shows.
	return []Outcome{gone(rule, StreamStatuses(StreamDeleting)), gone("DSQL-STR-013", StreamStatuses(StreamDeleted))}
}
