package model

var untagGuards = []Guard[UntagResource]{
	{Rule{ID: "DSQL-UTG-001", Says: "a cluster that does not exist cannot be untagged", Cite: cite("F057", "F016"), Basis: Modelled, Force: Must},
		func(w *World, op UntagResource) bool {
			return absent(w, op.Ref) && !lingers(w, op.Ref, op.Stream, op.At)
		}, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-UTG-002", Says: "a cluster of another Region cannot be untagged", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op UntagResource) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UTG-003", Says: "a malformed ARN cannot be untagged", Cite: cite("F009", "Q01"), Basis: Modelled, Force: Must},
		func(_ *World, op UntagResource) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UTG-004", Says: "what removing no keys, malformed keys or more than 200 answers is open", Cite: cite("F146", "F149"), Basis: Assumed, Force: May},
		func(_ *World, op UntagResource) bool {
			return len(op.Keys) == 0 || len(op.Keys) > 200 || badKeys(op.Keys)
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UTG-005", Says: "in which statuses a cluster can be untagged is open", Cite: cite("Q27", "F150"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op UntagResource) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UTG-006", Says: "removing a key that the cluster does not have may be refused", Cite: cite("F149"), Basis: Assumed, Force: May},
		func(w *World, op UntagResource) bool {
			t, ok := tagsOf(w, op.Ref, op.Stream, op.At)
			return ok && t.Without(op.Keys...).Len() != t.Len()-len(op.Keys)
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UTG-007", Says: "a stream that does not exist, or is another cluster's, cannot be untagged", Cite: cite("F009", "F016"), Basis: Modelled, Force: Must},
		func(w *World, op UntagResource) bool { return absentTagged(w, op.Ref, op.Stream, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-UTG-008", Says: "the malformed ARN of a stream cannot be untagged", Cite: cite("F009", "Q01"), Basis: Modelled, Force: Must},
		func(_ *World, op UntagResource) bool { return malformedTagged(op.Stream) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UTG-009", Says: "whether a stream can be untagged by its ARN is open", Cite: cite("F009", "F150"), Basis: Assumed, Force: May},
		func(_ *World, op UntagResource) bool { return op.Stream != (StreamRef{}) }, Refusal{Allowed: Any4xx}},
}

var untagAccepts = []Accept[UntagResource]{
	{Rule{ID: "DSQL-UTG-010", Says: "tags can be removed from an ACTIVE cluster", Cite: cite("F148", "F016"), Basis: Documented, Force: Must},
		func(w *World, op UntagResource) bool {
			return op.Stream == (StreamRef{}) && activeAt(w, op.Ref, op.At)
		}},
}

func untagEffect(w World, op UntagResource) []Outcome {
	return retag(w, op.Ref, op.Stream, op.At, "DSQL-UTG-010", func(t Tags) Tags { return t.Without(op.Keys...) })
}

func badKeys(keys []string) bool {
	for _, k := range keys {
		if badTagKey(k) {
			return true
		}
	}
	return false
}
