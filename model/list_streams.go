package model

var (
	ruleStreamListed = Rule{ID: "DSQL-SLS-001", Says: "a listing holds every stream of the cluster that is not on its way out",
		Cite: cite("F061", "F173"), Basis: Modelled, Force: Must}
	ruleStreamUnlisted = Rule{ID: "DSQL-SLS-002", Says: "a listing holds no stream that is gone, and none of another cluster",
		Cite: cite("F009", "F061"), Basis: Modelled, Force: Must}
	ruleStreamOnce = Rule{ID: "DSQL-SLS-003", Says: "a listing holds a stream once over all its pages",
		Cite: cite("F061"), Basis: Modelled, Force: Must}
	ruleStreamRow = Rule{ID: "DSQL-SLS-004", Says: "a listing shows each stream in a status that it can be in",
		Cite: cite("F173", "F174", "F177"), Basis: Modelled, Force: Must}
)

var listStreamsGuards = []Guard[ListStreams]{
	{Rule{ID: "DSQL-SLS-005", Says: "maxResults is 1 to 100", Cite: cite("F061"), Basis: Modelled, Force: Must},
		func(_ *World, op ListStreams) bool { return op.Max < 0 || op.Max > 100 }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SLS-006", Says: "what a made-up nextToken answers is open", Cite: cite("Q24"), Basis: Assumed, Force: May, Question: "Q24"},
		func(_ *World, op ListStreams) bool { return op.Next.Given }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SLS-007", Says: "a cluster that does not exist has no streams to list", Cite: cite("F007", "F057"), Basis: Modelled, Force: Must},
		func(w *World, op ListStreams) bool {
			return absent(w, op.Ref) && len(w.StreamsOf(op.Ref.Handle)) == 0
		}, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SLS-008", Says: "the streams of a cluster of another Region cannot be listed", Cite: cite("F060", "F172"), Basis: Documented, Force: Must},
		func(w *World, op ListStreams) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SLS-009", Says: "the streams of a malformed identifier cannot be listed", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op ListStreams) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SLS-010", Says: "what a listing of the streams of a cluster that failed, is on its way out or gone answers is open", Cite: cite("Q29", "F095"), Basis: Assumed, Force: May},
		func(w *World, op ListStreams) bool {
			c, ok := w.Find(op.Ref.Handle)
			return ok && !c.Nameless && w.ended(c.Handle)
		}, Refusal{Allowed: Any4xx}},
}

var listStreamsAccepts = []Accept[ListStreams]{
	{Rule{ID: "DSQL-SLS-020", Says: "the streams of an ACTIVE cluster can be listed", Cite: cite("F061"), Basis: Modelled, Force: Must},
		func(w *World, op ListStreams) bool { return activeAt(w, op.Ref, op.At) }},
}

func listStreamsEffect(w World, op ListStreams) []Outcome {
	c, ok := known(&w, op.Ref, op.At)
	if op.Next.Given || !ok {
		return []Outcome{{Rules: []RuleID{"DSQL-SLS-006"}, Want: Want{Any: true}, Next: w}}
	}
	want := &StreamWant{Of: c.Handle}
	for i := range w.Streams {
		s := &w.Streams[i]
		switch {
		case s.Nameless:
		case s.Cluster != c.Handle || s.Status == StreamStatuses(StreamGone):
			want.Unlisted = append(want.Unlisted, s.Handle)
		case s.Status&(leavingStream|endedStream) == 0:
			want.Listed = append(want.Listed, s.Handle)
		}
	}
	return []Outcome{{Rules: []RuleID{"DSQL-SLS-020"}, Want: Want{Stream: want}, Next: w}}
}
