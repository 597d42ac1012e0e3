package model

var getPolicyGuards = []Guard[GetClusterPolicy]{
	{Rule{ID: "DSQL-GPO-001", Says: "a cluster that does not exist has no policy", Cite: cite("F057", "F151"), Basis: Modelled, Force: Must},
		func(w *World, op GetClusterPolicy) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-GPO-002", Says: "the policy of a cluster of another Region cannot be read", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op GetClusterPolicy) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-GPO-003", Says: "a malformed identifier has no policy", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op GetClusterPolicy) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-GPO-004", Says: "the policy of a cluster that has none is not found", Cite: cite("F154"), Basis: Observed, Force: Should},
		func(w *World, op GetClusterPolicy) bool { return noPolicy(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-GPO-005", Says: "in which statuses the policy of a cluster can be read is open", Cite: cite("Q27"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op GetClusterPolicy) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
}

var getPolicyAccepts = []Accept[GetClusterPolicy]{
	{rulePolicyShown, func(w *World, op GetClusterPolicy) bool {
		return activeAt(w, op.Ref, op.At) && !noPolicy(w, op.Ref, op.At)
	}},
}

func getPolicyEffect(w World, op GetClusterPolicy) []Outcome {
	c, ok := known(&w, op.Ref, op.At)
	if !ok {
		return nil
	}
	want := PolicyWant{Read: true, Text: c.Policy.Text, Version: max(c.Policy.Version, 0)}
	if !c.Policy.Given {
		// What a service shows that has a policy for every cluster is not
		// known, but it is no policy that was given and deleted, nor that of
		// another cluster.
		want = PolicyWant{Read: true}
		for i := range w.Clusters {
			if text := w.Clusters[i].Policy.Text; text != "" {
				want.Hidden = append(want.Hidden, text)
			}
		}
	}
	return []Outcome{{Rules: []RuleID{rulePolicyShown.ID}, Want: Want{Policy: &want}, Next: w}}
}
