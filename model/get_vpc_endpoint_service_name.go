package model

var serviceGuards = []Guard[GetVpcEndpointServiceName]{
	{Rule{ID: "DSQL-VPC-001", Says: "a cluster that does not exist has no VPC endpoint service name", Cite: cite("F057", "F012"), Basis: Modelled, Force: Must},
		func(w *World, op GetVpcEndpointServiceName) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-VPC-002", Says: "a cluster of another Region has no VPC endpoint service name here", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op GetVpcEndpointServiceName) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-VPC-003", Says: "a malformed identifier has no VPC endpoint service name", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op GetVpcEndpointServiceName) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-VPC-004", Says: "in which statuses the VPC endpoint service name can be read is open", Cite: cite("Q27", "F014"), Basis: Assumed, Force: May, Question: "Q27"},
		func(w *World, op GetVpcEndpointServiceName) bool { return openStatus(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
}

var serviceAccepts = []Accept[GetVpcEndpointServiceName]{
	{Rule{ID: "DSQL-VPC-010", Says: "an ACTIVE cluster has a VPC endpoint service name", Cite: cite("F013", "F014"), Basis: Modelled, Force: Must},
		func(w *World, op GetVpcEndpointServiceName) bool { return activeAt(w, op.Ref, op.At) }},
}

func serviceEffect(w World, op GetVpcEndpointServiceName) []Outcome {
	if _, ok := known(&w, op.Ref, op.At); !ok {
		return nil
	}
	return []Outcome{{Rules: []RuleID{"DSQL-VPC-010"}, Want: Want{Service: true}, Next: w}}
}
