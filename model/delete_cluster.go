package model

var deleteGuards = []Guard[DeleteCluster]{
	{Rule{ID: "DSQL-DEL-001", Says: "a cluster that does not exist cannot be deleted", Cite: cite("F057"), Basis: Modelled, Force: Must},
		func(w *World, op DeleteCluster) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-DEL-002", Says: "deletion protection forbids DeleteCluster", Cite: cite("F022", "F023", "F132"), Basis: Documented, Force: Must},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Protected && (!c.Before.Valid || c.Before.Protected)
		}, Refusal{Allowed: Any4xx, Expected: Codes(Validation), Reason: "deletionProtectionEnabled"}},
	{Rule{ID: "DSQL-DEL-003", Says: "deletion protection that is being turned on forbids DeleteCluster", Cite: cite("F068", "F069"), Basis: Observed, Force: Should},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Protected && c.Before.Valid && !c.Before.Protected
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DEL-004", Says: "a cluster of another Region cannot be deleted", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op DeleteCluster) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DEL-005", Says: "a malformed identifier cannot be deleted", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op DeleteCluster) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DEL-006", Says: "a malformed client token is refused", Cite: cite("F082"), Basis: Modelled, Force: Must},
		func(_ *World, op DeleteCluster) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DEL-007", Says: "a cluster that is CREATING may refuse to be deleted", Cite: cite("T23", "F089", "Q15"), Basis: Assumed, Force: May, Question: "Q15"},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == Creating
		}, Refusal{Allowed: Codes(Conflict, Validation)}},
	{Rule{ID: "DSQL-DEL-008", Says: "a second delete is answered with the status, or refused", Cite: cite("Q14", "F091"), Basis: Assumed, Force: May, Question: "Q14"},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && leaving.Has(c.Status)
		}, Refusal{Allowed: Codes(Conflict, Validation, NotFound)}},
	{Rule{ID: "DSQL-DEL-012", Says: "a protected cluster that is not ACTIVE may be refused for its status", Cite: cite("Q18"), Basis: Assumed, Force: May, Question: "Q18"},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status != Active && c.Protected
		}, Refusal{Allowed: Codes(Conflict, Validation)}},
	{Rule{ID: "DSQL-DEL-013", Says: "a cluster that has streams may refuse to be deleted", Cite: cite("Q29", "F095"), Basis: Assumed, Force: May, Question: "Q29"},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			if !ok {
				return false
			}
			_, may := liveStreams(w, c.Handle)
			return may > 0
		}, Refusal{Allowed: Any4xx}},
}

var deleteAccepts = []Accept[DeleteCluster]{
	{Rule{ID: "DSQL-DEL-010", Says: "an ACTIVE cluster without protection can be deleted", Cite: cite("T16", "T17", "T18", "F083", "F084", "F085"), Basis: Documented, Force: Must},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == Active && !c.Protected
		}},
	{Rule{ID: "DSQL-DEL-011", Says: "a cluster can be deleted right after its protection was turned off", Cite: cite("T22", "F069", "F090"), Basis: Observed, Force: Should},
		func(w *World, op DeleteCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == Updating && c.Origin == Active && !c.Relinked && !c.Protected
		}},
}

func stepDelete(buf []Outcome, w *World, op DeleteCluster) []Outcome {
	region := askedRegion(*w, op.Ref, op.At)
	uses, match := lookupUse(*w, op.Token, op.Name(), region, op)
	if match == sameUse {
		return replayChange(buf[:0], *w, uses[0])
	}
	out := decideInto(buf, w, op, deleteGuards, deleteAccepts, deleteEffect)
	switch match {
	case oldUse, otherUse:
		out = refuse(out, *w, tokenRule(match), Refusal{Allowed: Any4xx})
		for _, u := range uses {
			out = replayChange(out, *w, u)
		}
	case foreignUse:
		return refuse(out, *w, tokenRule(match), Refusal{Allowed: Any4xx})
	}
	return out
}

// afterDelete says which edges a delete takes, by the status before it and by
// whether the cluster is multi-Region.
var afterDelete = [Gone + 1]struct{ Single, Pending RuleID }{
	Active:       {"DSQL-LIF-016", "DSQL-LIF-017"},
	Updating:     {"DSQL-LIF-023", "DSQL-LIF-122"},
	Creating:     {"DSQL-LIF-123", "DSQL-LIF-124"},
	PendingSetup: {"DSQL-LIF-024", "DSQL-LIF-124"},
	Failed:       {"DSQL-LIF-027", "DSQL-LIF-124"},
	Idle:         {"DSQL-LIF-131", "DSQL-LIF-135"},
	Inactive:     {"DSQL-LIF-132", "DSQL-LIF-136"},
}

func deleteEffect(out []Outcome, w *World, op DeleteCluster) []Outcome {
	c, ok := known(w, op.Ref, op.At)
	if !ok {
		return out
	}
	use := useOf(w, op.Token, op.Name(), c.Region, op, c.Handle)
	gone := func(s Status, set StatusSet, rule RuleID) Outcome {
		n := *c
		if n.Status != s {
			n.Status, n.Since = s, Span{w.Now, w.Now}
		}
		n.Deleted, n.Origin, n.Relinked, n.Before = true, NoStatus, false, Before{}
		return Outcome{Rules: []RuleID{rule}, Want: Want{Cluster: c.Handle, Status: set}, Next: w.With(n).withUse(use.showing(s))}
	}
	if leaving.Has(c.Status) {
		set := Statuses(c.Status)
		if c.Status == PendingDelete && lastDeleted(w, c) {
			set |= Statuses(Deleting)
		}
		o := gone(c.Status, set, "DSQL-DEL-008")
		if c.Status == PendingDelete {
			o.Rules = append(o.Rules, "DSQL-LIF-019")
		}
		return append(out, o)
	}
	rules := afterDelete[c.Status]
	if !c.Multi {
		o := gone(Deleting, Statuses(Deleting), rules.Single)
		o.Rules = append(o.Rules, "DSQL-LIF-016") // whatever it was in before
		return append(out, o)
	}
	pending := gone(PendingDelete, Statuses(PendingDelete), rules.Pending)
	if peered(w, c) && (c.Status == Active || c.Status == Updating && c.Origin == Active) {
		pending.Rules = append(pending.Rules, "DSQL-LIF-017") // whatever it was in before
		return append(out, pending)
	}
	return append(out, pending, gone(Deleting, Statuses(Deleting), rules.Single))
}
