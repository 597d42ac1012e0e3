package model

var deletePolicyGuards = []Guard[DeleteClusterPolicy]{
	{Rule{ID: "DSQL-DPO-001", Says: "a cluster that does not exist has no policy to delete", Cite: cite("F057", "F151"), Basis: Modelled, Force: Must},
		func(w *World, op DeleteClusterPolicy) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-DPO-002", Says: "the policy of a cluster of another Region cannot be deleted", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op DeleteClusterPolicy) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DPO-003", Says: "a malformed identifier has no policy to delete", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op DeleteClusterPolicy) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DPO-004", Says: "a malformed client token is refused", Cite: cite("F151"), Basis: Modelled, Force: Must},
		func(_ *World, op DeleteClusterPolicy) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DPO-005", Says: "a policy that is not there cannot be deleted", Cite: cite("F155", "F152"), Basis: Observed, Force: Should},
		func(w *World, op DeleteClusterPolicy) bool {
			return noPolicy(w, op.Ref, op.At) && !changing(w, op.Ref, op.At)
		}, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-DPO-006", Says: "a policy is not deleted when another version of it is expected", Cite: cite("F153", "F152", "Q28"), Basis: Modelled, Force: Should},
		func(w *World, op DeleteClusterPolicy) bool { return op.Expect.on(w, op.Ref, op.At) == missed }, Refusal{Allowed: Any4xx, Expected: Codes(Conflict, Validation)}},
	{Rule{ID: "DSQL-DPO-007", Says: "a version expected of a policy that is unknown, unseen or missing may be refused", Cite: cite("F153", "F158", "Q28"), Basis: Assumed, Force: May, Question: "Q28"},
		func(w *World, op DeleteClusterPolicy) bool { return op.Expect.on(w, op.Ref, op.At) == unclear }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DPO-008", Says: "a policy that was changed a moment ago may not be found by a delete", Cite: cite("F158"), Basis: Documented, Force: May},
		func(w *World, op DeleteClusterPolicy) bool { return changing(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DPO-009", Says: "in which statuses the policy of a cluster can be deleted is open", Cite: cite("Q27"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op DeleteClusterPolicy) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
}

var deletePolicyAccepts = []Accept[DeleteClusterPolicy]{
	{Rule{ID: "DSQL-DPO-020", Says: "the policy of an ACTIVE cluster can be deleted", Cite: cite("F151", "F152"), Basis: Modelled, Force: Must},
		func(w *World, op DeleteClusterPolicy) bool {
			return activeAt(w, op.Ref, op.At) && op.Expect.on(w, op.Ref, op.At) == unsaid
		}},
	{Rule{ID: "DSQL-DPO-021", Says: "the policy of an ACTIVE cluster is deleted when its version is the expected one", Cite: cite("F153", "F152"), Basis: Modelled, Force: Should},
		func(w *World, op DeleteClusterPolicy) bool {
			return activeAt(w, op.Ref, op.At) && op.Expect.on(w, op.Ref, op.At) == met
		}},
}

func stepDeletePolicy(w World, op DeleteClusterPolicy) []Outcome {
	out := decide(w, op, deletePolicyGuards, deletePolicyAccepts, deletePolicyEffect)
	return repeatPolicy(out, w, op, op.Token, op.Ref, op.At)
}

func deletePolicyEffect(w World, op DeleteClusterPolicy) []Outcome {
	c, ok := known(&w, op.Ref, op.At)
	if !ok {
		return nil
	}
	p, version := c.Policy, max(c.Policy.Version, 0)
	if p.Given {
		p = Policy{Text: p.Text, At: w.Now}
	}
	out := repolicy(w, op, op.Token, c, p, PolicyWant{Version: version}, "DSQL-DPO-020", "DSQL-DPO-009")
	if version > 0 {
		odd := out[0]
		odd.Want.Policy, odd.Breaks = &PolicyWant{}, rulePolicyLeft.ID
		out = append(out, odd)
	}
	return out
}
