package model

var listTagsGuards = []Guard[ListTagsForResource]{
	{Rule{ID: "DSQL-LTG-001", Says: "a cluster that does not exist has no tags to list", Cite: cite("F057", "F016"), Basis: Modelled, Force: Must},
		func(w *World, op ListTagsForResource) bool {
			return absent(w, op.Ref) && !lingers(w, op.Ref, op.Stream, op.At)
		}, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-LTG-002", Says: "the tags of a cluster of another Region cannot be listed", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op ListTagsForResource) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-LTG-003", Says: "the tags of a malformed ARN cannot be listed", Cite: cite("F009", "Q01"), Basis: Modelled, Force: Must},
		func(_ *World, op ListTagsForResource) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-LTG-004", Says: "the tags of a cluster that failed or is on its way out may not be found", Cite: cite("Q27"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op ListTagsForResource) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && (leaving.Has(c.Status) || c.Status == Failed)
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-LTG-005", Says: "a stream that does not exist, or is another cluster's, has no tags to list", Cite: cite("F009", "F016"), Basis: Modelled, Force: Must},
		func(w *World, op ListTagsForResource) bool { return absentTagged(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-LTG-006", Says: "the tags of the malformed ARN of a stream cannot be listed", Cite: cite("F009", "Q01"), Basis: Modelled, Force: Must},
		func(_ *World, op ListTagsForResource) bool { return malformedTagged(op.Stream) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-LTG-007", Says: "whether the tags of a stream can be listed by its ARN is open", Cite: cite("F009", "F150"), Basis: Assumed, Force: May},
		func(_ *World, op ListTagsForResource) bool { return op.Stream != (StreamRef{}) }, Refusal{Allowed: Any4xx}},
}

var listTagsAccepts = []Accept[ListTagsForResource]{
	{Rule{ID: "DSQL-LTG-010", Says: "the tags of a live cluster can be listed", Cite: cite("F016", "F148"), Basis: Documented, Force: Must},
		func(w *World, op ListTagsForResource) bool {
			_, ok := known(w, op.Ref, op.At)
			return ok && op.Stream == (StreamRef{})
		}},
}

func listTagsEffect(w World, op ListTagsForResource) []Outcome {
	if op.Stream != (StreamRef{}) {
		s := streamOf(&w, op.Ref, op.Stream, op.At)
		if s == nil {
			return nil
		}
		return []Outcome{{Rules: []RuleID{"DSQL-LTG-007"}, Want: Want{Tags: streamTags(&w, s)}, Next: w}}
	}
	c, ok := known(&w, op.Ref, op.At)
	if !ok {
		return nil
	}
	want := Want{Tags: []Tags{c.Tags}}
	if leaving.Has(c.Status) {
		want.Tags = append(want.Tags, Tags{})
	}
	return []Outcome{{Rules: []RuleID{"DSQL-LTG-010"}, Want: want, Next: w}}
}
