package model

var createStreamGuards = []Guard[CreateStream]{
	{Rule{ID: "DSQL-SCR-001", Says: "a cluster that does not exist can have no stream", Cite: cite("F007", "F057"), Basis: Modelled, Force: Must},
		func(w *World, op CreateStream) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-SCR-002", Says: "a cluster of another Region can be given no stream", Cite: cite("F060", "F172"), Basis: Documented, Force: Must},
		func(w *World, op CreateStream) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-003", Says: "a malformed identifier can be given no stream", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateStream) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-004", Says: "a cluster that is not ACTIVE can be given no stream", Cite: cite("F170"), Basis: Documented, Force: Must},
		// Nobody says whether the status or the quota is looked at first.
		func(w *World, op CreateStream) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(Validation, QuotaExceeded)}},
	{Rule{ID: "DSQL-SCR-005", Says: "a cluster has five streams at most", Cite: cite("F171", "F027"), Basis: Documented, Force: Must},
		func(w *World, op CreateStream) bool {
			c, ok := known(w, op.Ref, op.At)
			if !ok {
				return false
			}
			sure, _ := liveStreams(w, c.Handle)
			return sure >= streamQuota(w.Env)
		}, Refusal{Allowed: Any4xx, Expected: Codes(QuotaExceeded)}},
	{Rule{ID: "DSQL-SCR-006", Says: "malformed tags are refused: keys of 1 to 128 characters, values of at most 256, of letters, digits, spaces and _.:/=+-@, no aws: prefix, at most 200", Cite: cite("F145", "F146", "F147"), Basis: Documented, Force: Must},
		func(_ *World, op CreateStream) bool { return badTags(op.Tags) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-007", Says: "a malformed client token is refused", Cite: cite("F048", "F034"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateStream) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-008", Says: "an ordering other than UNORDERED is refused", Cite: cite("F173"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateStream) bool { return op.Ordering.Given && op.Ordering.Value != "UNORDERED" }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-009", Says: "a format other than JSON is refused", Cite: cite("F173"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateStream) bool { return op.Format.Given && op.Format.Value != "JSON" }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-010", Says: "a Kinesis stream or a role that cannot be used may be refused at the call", Cite: cite("F172", "F175"), Basis: Assumed, Force: May},
		func(w *World, op CreateStream) bool { return !w.Env.Kinesis || ownTarget(op) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-011", Says: "whether a member of a multi-Region cluster can have streams is open", Cite: cite("Q29", "F179"), Basis: Assumed, Force: May, Question: "Q29"},
		func(w *World, op CreateStream) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Multi
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-SCR-012", Says: "whether two streams may have one target is open", Cite: cite("F172", "F173"), Basis: Assumed, Force: May},
		func(w *World, op CreateStream) bool {
			c, ok := known(w, op.Ref, op.At)
			if !ok {
				return false
			}
			_, may := liveStreams(w, c.Handle)
			return may > 0
		}, Refusal{Allowed: Codes(Validation, Conflict)}},
}

var createStreamAccepts = []Accept[CreateStream]{
	{Rule{ID: "DSQL-SCR-020", Says: "an ACTIVE single-Region cluster can be given a stream", Cite: cite("F170", "F174"), Basis: Documented, Force: Must},
		func(w *World, op CreateStream) bool {
			c, ok := known(w, op.Ref, op.At)
			if !ok || c.Multi || c.Status != Active || !w.Env.Kinesis || ownTarget(op) || op.Tags.Len() > plentyTags {
				return false
			}
			_, may := liveStreams(w, c.Handle)
			return may < streamQuota(w.Env)
		}},
}

// ownTarget reports whether the request names what the stream is to deliver to,
// or the role, itself: whether they can be used is not known.
func ownTarget(op CreateStream) bool { return op.Kinesis.Given || op.Role.Given }

// streamQuota returns how many streams a cluster may have (F171).
func streamQuota(e *Env) int {
	if e.Quota.Streams > 0 {
		return e.Quota.Streams
	}
	return 5
}

// liveStreams returns how many streams cluster h surely has, and may have. That
// a FAILED one counts is not known (Q33).
func liveStreams(w *World, h Handle) (sure, may int) {
	for i := range w.Streams {
		s := &w.Streams[i]
		if s.Cluster != h || s.Status.within(endedStream) {
			continue
		}
		may++
		const live = StreamSet(1<<StreamCreating | 1<<StreamActive | 1<<StreamImpaired)
		if !s.Nameless && likely(w, s).within(live) {
			sure++
		}
	}
	return sure, may
}

func stepCreateStream(w World, op CreateStream) []Outcome {
	uses, match := lookupUse(w, op.Token, op.Name(), askedRegion(w, op.Ref, op.At), op)
	if match == sameUse {
		return replayStream(nil, w, op.As, uses[0])
	}
	out := decide(w, op, createStreamGuards, createStreamAccepts, createStreamEffect)
	if !refusedAlways(out) {
		out = refuse(out, w, ruleQuota.ID, Refusal{Allowed: Codes(QuotaExceeded)})
	}
	return reused(out, w, op.As, uses, match)
}

func createStreamEffect(w World, op CreateStream) []Outcome {
	c, ok := known(&w, op.Ref, op.At)
	if !ok {
		return nil
	}
	s := Stream{Handle: op.As, Cluster: c.Handle, Status: StreamStatuses(StreamCreating), Tags: op.Tags, Own: ownTarget(op), Since: Span{w.Now, w.Now}}
	want := Want{Cluster: c.Handle, Stream: &StreamWant{Handle: op.As, As: op.As, Fresh: true, Status: s.Status, Now: true, Form: true}}
	next := recordStream(w, op.Token, op.Name(), c.Region, op, &s).WithStream(s)
	return []Outcome{{Rules: []RuleID{"DSQL-STR-001"}, Want: want, Next: next}}
}

// replayStream appends the answer that an earlier use of the token gave to an
// operation on a stream: no effect, the original or the current status; or, as
// only CreateCluster's tokens are written about, a refusal. as is the name that a
// creation gives.
func replayStream(out []Outcome, w World, as StreamHandle, use Use) []Outcome {
	want := &StreamWant{Handle: use.Stream, As: as, Status: StreamStatuses(StreamCreating), Form: as != 0}
	codes := Codes(Validation, Conflict)
	if as == 0 {
		want.Status = leavingStream
		codes |= Codes(NotFound)
	}
	if s, ok := w.FindStream(use.Stream); ok {
		want.Status |= s.Status &^ StreamStatuses(StreamGone)
		if s.Status&(leavingStream|endedStream) != 0 {
			codes |= Codes(NotFound)
		}
	}
	out = append(out, Outcome{Rules: []RuleID{ruleReplay.ID}, Want: Want{Cluster: use.Cluster, Stream: want}, Next: w})
	return refuse(out, w, ruleOldUse.ID, Refusal{Allowed: codes})
}

// reused appends what a token that was used before may make of an operation on a
// stream.
func reused(out []Outcome, w World, as StreamHandle, uses []Use, match useMatch) []Outcome {
	switch match {
	case oldUse, otherUse:
		out = refuse(out, w, tokenRule(match), Refusal{Allowed: Any4xx})
		for _, u := range uses {
			out = replayStream(out, w, as, u)
		}
	case foreignUse:
		out = refuse(out, w, tokenRule(match), Refusal{Allowed: Any4xx})
	}
	return out
}
