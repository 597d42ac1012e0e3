package model

var (
	ruleIdentity = Rule{ID: "DSQL-GET-001", Says: "an answer names the cluster that was asked for",
		Cite: cite("F052", "F065", "F082"), Basis: Modelled, Force: Must}
	ruleConstant = Rule{ID: "DSQL-GET-002", Says: "identifier, ARN and creation time of a cluster never change",
		Cite: cite("F009", "F052"), Basis: Modelled, Force: Must}
	ruleFresh = Rule{ID: "DSQL-CRE-030", Says: "a new cluster has an identifier of its own",
		Cite: cite("F004", "F034"), Basis: Modelled, Force: Must}
	ruleStatus = Rule{ID: "DSQL-LIF-000", Says: "a status changes only along the transitions of the lifecycle",
		Cite: cite("F033", "F056", "F086", "F110"), Basis: Documented, Force: Must}
	ruleProtection = Rule{ID: "DSQL-PRO-001", Says: "a cluster shows the deletion protection that it was last given, and that of no other member",
		Cite: cite("F032", "F068", "F132"), Basis: Documented, Force: Must}
	ruleInForce = Rule{ID: "DSQL-UPD-030", Says: "an update that was accepted is in force at once",
		Cite: cite("F068", "F069"), Basis: Observed, Force: Should}
	ruleTagsShown = Rule{ID: "DSQL-TAG-001", Says: "a cluster shows the tags that it was given, and those of no other member",
		Cite: cite("F053", "F148"), Basis: Documented, Force: Must}
)

var getGuards = []Guard[GetCluster]{
	{Rule{ID: "DSQL-GET-003", Says: "a cluster that does not exist is not found", Cite: cite("F007", "F057"), Basis: Modelled, Force: Must},
		func(w *World, op GetCluster) bool { return absent(w, op.Ref) }, Refusal{Allowed: Codes(NotFound)}},
	{Rule{ID: "DSQL-GET-004", Says: "a cluster of another Region is not found", Cite: cite("F060", "F007"), Basis: Documented, Force: Must},
		func(w *World, op GetCluster) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-GET-005", Says: "a malformed identifier is invalid or not found", Cite: cite("Q01", "F008", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op GetCluster) bool { return malformed(op.Ref) && op.Ref.Literal != "" }, Refusal{Allowed: Any4xx, Expected: Codes(Validation, NotFound)}},
	{Rule{ID: "DSQL-GET-006", Says: "an empty identifier is refused or read as another path", Cite: cite("Q01"), Basis: Assumed, Force: May},
		func(_ *World, op GetCluster) bool { return malformed(op.Ref) && op.Ref.Literal == "" }, Refusal{Allowed: Any4xx}},
}

var getAccepts = []Accept[GetCluster]{
	{Rule{ID: "DSQL-GET-010", Says: "a cluster can be read in every status until it is gone", Cite: cite("F056", "F007"), Basis: Documented, Force: Must},
		func(w *World, op GetCluster) bool { _, ok := known(w, op.Ref, op.At); return ok }},
}

func getEffect(w World, op GetCluster) []Outcome {
	c, ok := known(&w, op.Ref, op.At)
	if !ok {
		return []Outcome{{Rules: []RuleID{"DSQL-GET-006"}, Want: Want{Any: true}, Next: w}}
	}
	want := Want{
		Cluster: c.Handle, Status: shows(&w, c), Protection: shown(c.Protected), Multi: Absent, Tags: []Tags{c.Tags},
		Encryption: encryptionOf(c), Legacy: legacyOf(&w),
	}
	if c.Multi {
		want.Multi = Present
		want.Witness = witnessesOf(c)
		want.Must, want.May = members(&w, c)
	}
	if c.Before.Valid && !c.Before.Multi || c.Multi && c.Witness == "" {
		want.Multi = Whichever
	}
	out := []Outcome{{Rules: []RuleID{"DSQL-GET-010"}, Want: want, Next: w}}
	if c.Before.Valid && c.Before.Protected != c.Protected {
		want.Protection = shown(c.Before.Protected)
		out = append(out, Outcome{Rules: []RuleID{ruleInForce.ID}, Want: want, Next: w, Breaks: ruleInForce.ID})
	}
	return oddEncryption(out, c)
}
