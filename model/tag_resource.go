package model

var tagGuards = []Guard[TagResource]{
	{Rule{ID: "DSQL-TAG-002", Says: "a cluster that does not exist cannot be tagged", Cite: cite("F057", "F016"), Basis: Modelled, Force: Must},
		func(w *World, op TagResource) bool { return absent(w, op.Ref) && !lingers(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-TAG-003", Says: "a cluster of another Region cannot be tagged", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op TagResource) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-TAG-004", Says: "a malformed ARN cannot be tagged", Cite: cite("F009", "Q01"), Basis: Modelled, Force: Must},
		func(_ *World, op TagResource) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-TAG-005", Says: "malformed tags are refused: keys of 1 to 128 characters, values of at most 256, of letters, digits, spaces and _.:/=+-@, no aws: prefix, at most 200", Cite: cite("F145", "F146", "F147"), Basis: Documented, Force: Must},
		func(_ *World, op TagResource) bool { return badTags(op.Tags) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-TAG-006", Says: "more tags than a quota allows may be refused", Cite: cite("F147"), Basis: Modelled, Force: May},
		func(w *World, op TagResource) bool {
			t, ok := tagsOf(w, op.Ref, op.Stream, op.At)
			return ok && t.With(op.Tags).Len() > plentyTags
		}, Refusal{Allowed: Codes(QuotaExceeded, Validation)}},
	{Rule{ID: "DSQL-TAG-007", Says: "in which statuses a cluster can be tagged is open", Cite: cite("Q27", "F150"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op TagResource) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-TAG-008", Says: "a stream that does not exist, or is another cluster's, cannot be tagged", Cite: cite("F009", "F016"), Basis: Modelled, Force: Must},
		func(w *World, op TagResource) bool { return absentTagged(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-TAG-009", Says: "the malformed ARN of a stream cannot be tagged", Cite: cite("F009", "Q01"), Basis: Modelled, Force: Must},
		func(_ *World, op TagResource) bool { return malformedTagged(op.Stream) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-TAG-011", Says: "whether a stream can be tagged by its ARN is open", Cite: cite("F009", "F150"), Basis: Assumed, Force: May},
		func(_ *World, op TagResource) bool { return op.Stream != (StreamRef{}) }, Refusal{Allowed: Any4xx}},
}

var tagAccepts = []Accept[TagResource]{
	{Rule{ID: "DSQL-TAG-010", Says: "an ACTIVE cluster can be tagged, and the tags merge", Cite: cite("F148", "F016"), Basis: Documented, Force: Must},
		func(w *World, op TagResource) bool {
			return op.Stream == (StreamRef{}) && activeAt(w, op.Ref, op.At)
		}},
}

func tagEffect(w World, op TagResource) []Outcome {
	return retag(w, op.Ref, op.Stream, op.At, "DSQL-TAG-010", func(t Tags) Tags { return t.With(op.Tags) })
}

// retag returns the outcomes of a change of tags. On a cluster that is on its
// way out the change may be taken and lost (Q27).
func retag(w World, ref Ref, stream StreamRef, at Region, rule RuleID, change func(Tags) Tags) []Outcome {
	if stream != (StreamRef{}) {
		return retagStream(w, ref, stream, at, change)
	}
	c, ok := known(&w, ref, at)
	if !ok {
		return nil
	}
	n := *c
	n.Tags = change(n.Tags)
	out := []Outcome{{Rules: []RuleID{rule}, Next: w.With(n)}}
	if leaving.Has(c.Status) && n.Tags != c.Tags {
		out = append(out, Outcome{Rules: []RuleID{"DSQL-TAG-007"}, Next: w})
	}
	return out
}

// retagStream is [retag] for a stream.
func retagStream(w World, ref Ref, stream StreamRef, at Region, change func(Tags) Tags) []Outcome {
	s := streamOf(&w, ref, stream, at)
	if s == nil {
		return nil
	}
	n := *s
	n.Tags = change(n.Tags)
	out := []Outcome{{Rules: []RuleID{"DSQL-TAG-011"}, Next: w.WithStream(n)}}
	if (s.Deleted || w.ended(s.Cluster)) && n.Tags != s.Tags {
		out = append(out, Outcome{Rules: []RuleID{"DSQL-TAG-011"}, Next: w})
	}
	return out
}

// tagsOf returns the tags of the cluster, or of its stream where one is named.
func tagsOf(w *World, ref Ref, stream StreamRef, at Region) (Tags, bool) {
	if stream != (StreamRef{}) {
		if s := streamOf(w, ref, stream, at); s != nil {
			return s.Tags, true
		}
		return Tags{}, false
	}
	c, ok := known(w, ref, at)
	if !ok {
		return Tags{}, false
	}
	return c.Tags, true
}

// absentTagged reports that a stream is named that the cluster does not have.
func absentTagged(w *World, ref Ref, stream StreamRef, at Region) bool {
	return stream != (StreamRef{}) && absentStream(w, ref, stream, at)
}

// malformedTagged reports that a stream is named by what is no identifier.
func malformedTagged(stream StreamRef) bool {
	return stream != (StreamRef{}) && malformedStream(stream)
}

// activeAt reports whether ref names an ACTIVE cluster of the Region asked.
func activeAt(w *World, ref Ref, at Region) bool {
	c, ok := known(w, ref, at)
	return ok && c.Status == Active
}

// openStatus reports whether ref names a cluster of the Region asked that is
// not ACTIVE.
func openStatus(w *World, ref Ref, at Region) bool {
	c, ok := known(w, ref, at)
	return ok && c.Status != Active
}
