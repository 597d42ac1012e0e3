package model

var (
	ruleListed = Rule{ID: "DSQL-LST-001", Says: "a listing holds every ACTIVE, CREATING, UPDATING or DELETING cluster of the Region",
		Cite: cite("F059", "F060"), Basis: Documented, Force: Must}
	ruleUnlisted = Rule{ID: "DSQL-LST-002", Says: "a listing holds no cluster that is gone, and none of another Region",
		Cite: cite("F060", "F057"), Basis: Documented, Force: Must}
	ruleListedOnce = Rule{ID: "DSQL-LST-003", Says: "a listing holds a cluster once over all its pages",
		Cite: cite("F060", "F061"), Basis: Modelled, Force: Must}
	rulePageSize = Rule{ID: "DSQL-LST-004", Says: "a page holds no more clusters than maxResults",
		Cite: cite("F061"), Basis: Modelled, Force: Must}
	rulePagesEnd = Rule{ID: "DSQL-LST-005", Says: "the pages of a listing come to an end",
		Cite: cite("F061"), Basis: Modelled, Force: Must}
)

var listGuards = []Guard[ListClusters]{
	{Rule{ID: "DSQL-LST-006", Says: "maxResults is 1 to 100", Cite: cite("F061"), Basis: Modelled, Force: Must},
		func(_ *World, op ListClusters) bool { return op.Max < 0 || op.Max > 100 }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-LST-007", Says: "what a made-up nextToken answers is open", Cite: cite("Q24"), Basis: Assumed, Force: May, Question: "Q24"},
		func(_ *World, op ListClusters) bool { return op.Next.Given }, Refusal{Allowed: Any4xx}},
}

var listAccepts = []Accept[ListClusters]{
	{Rule{ID: "DSQL-LST-010", Says: "a Region that may hold clusters can be listed", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(*World, ListClusters) bool { return true }},
}

// unsurelyListed is the statuses in which it is open whether a listing holds a
// cluster (F062, Q24).
const unsurelyListed = StatusSet(1<<Deleted | 1<<PendingSetup | 1<<PendingDelete)

func listEffect(w World, op ListClusters) []Outcome {
	if op.Next.Given {
		return []Outcome{{Rules: []RuleID{"DSQL-LST-007"}, Want: Want{Any: true}, Next: w}}
	}
	var want Want
	want.List = true
	for i := range w.Clusters {
		c := &w.Clusters[i]
		switch {
		case c.Nameless || c.Region == op.Region && unsurelyListed.Has(c.Status):
		case c.Status == Gone || c.Region != op.Region:
			want.Unlisted = append(want.Unlisted, c.Handle)
		default:
			want.Listed = append(want.Listed, c.Handle)
		}
	}
	return []Outcome{{Rules: []RuleID{"DSQL-LST-010"}, Want: want, Next: w}}
}
