package model

var putPolicyGuards = []Guard[PutClusterPolicy]{
	{Rule{ID: "DSQL-PPO-001", Says: "a cluster that does not exist takes no policy", Cite: cite("F057", "F151"), Basis: Modelled, Force: Must},
		func(w *World, op PutClusterPolicy) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-PPO-002", Says: "a cluster of another Region takes no policy", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op PutClusterPolicy) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-PPO-003", Says: "a malformed identifier takes no policy", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op PutClusterPolicy) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-PPO-004", Says: "a policy has 1 to 20480 characters", Cite: cite("F151"), Basis: Modelled, Force: Must},
		func(_ *World, op PutClusterPolicy) bool { return badPolicy(op.Policy) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-PPO-005", Says: "a malformed client token is refused", Cite: cite("F151"), Basis: Modelled, Force: Must},
		func(_ *World, op PutClusterPolicy) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-PPO-006", Says: "a policy that is more than plain, or no policy at all, may be refused", Cite: cite("Q28", "F156", "F157"), Basis: Assumed, Force: May, Question: "Q28"},
		func(_ *World, op PutClusterPolicy) bool { return oddPolicy(op.Policy) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-PPO-007", Says: "a policy is not replaced when another version of it is expected", Cite: cite("F153", "F152", "Q28"), Basis: Modelled, Force: Should},
		func(w *World, op PutClusterPolicy) bool { return op.Expect.on(w, op.Ref, op.At) == missed }, Refusal{Allowed: Any4xx, Expected: Codes(Conflict, Validation)}},
	{Rule{ID: "DSQL-PPO-008", Says: "a version expected of a policy that is unknown, unseen or missing may be refused", Cite: cite("F153", "F158", "Q28"), Basis: Assumed, Force: May, Question: "Q28"},
		func(w *World, op PutClusterPolicy) bool { return op.Expect.on(w, op.Ref, op.At) == unclear }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-PPO-009", Says: "in which statuses a cluster takes a policy is open", Cite: cite("Q27"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op PutClusterPolicy) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
}

var putPolicyAccepts = []Accept[PutClusterPolicy]{
	{Rule{ID: "DSQL-PPO-020", Says: "an ACTIVE cluster takes a policy in place of the one it has", Cite: cite("F151", "F152"), Basis: Modelled, Force: Must},
		func(w *World, op PutClusterPolicy) bool {
			return activeAt(w, op.Ref, op.At) && op.Expect.on(w, op.Ref, op.At) == unsaid
		}},
	{Rule{ID: "DSQL-PPO-021", Says: "the policy of an ACTIVE cluster is replaced when its version is the expected one", Cite: cite("F153", "F152"), Basis: Modelled, Force: Should},
		func(w *World, op PutClusterPolicy) bool {
			return activeAt(w, op.Ref, op.At) && op.Expect.on(w, op.Ref, op.At) == met
		}},
}

func stepPutPolicy(w World, op PutClusterPolicy) []Outcome {
	out := decide(w, op, putPolicyGuards, putPolicyAccepts, putPolicyEffect)
	return repeatPolicy(out, w, op, op.Token, op.Ref, op.At)
}

func putPolicyEffect(w World, op PutClusterPolicy) []Outcome {
	c, ok := known(&w, op.Ref, op.At)
	if !ok {
		return nil
	}
	p := attached(op.Policy, w.Now)
	want := PolicyWant{}
	if c.Policy.Text != p.Text {
		want.Other = max(c.Policy.Version, 0)
	}
	return repolicy(w, op, op.Token, c, p, want, "DSQL-PPO-020", "DSQL-PPO-009")
}
