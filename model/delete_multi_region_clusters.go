package model

import (
	"slices"
	"time"
)

var deleteLinkedGuards = []Guard[DeleteMultiRegionClusters]{
	{Rule{ID: "DSQL-DML-001", Says: "DeleteMultiRegionClusters is refused where the revision no longer has it", Cite: cite("F135", "Q32"), Basis: Documented, Force: Must},
		func(w *World, _ DeleteMultiRegionClusters) bool { return !w.Env.has("DeleteMultiRegionClusters") }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DML-002", Says: "deletion protection of one member forbids DeleteMultiRegionClusters for all", Cite: cite("F022", "F132", "F135"), Basis: Documented, Force: Must},
		func(w *World, op DeleteMultiRegionClusters) bool {
			return slices.ContainsFunc(op.Refs, func(r Ref) bool {
				c, ok := known(w, r, "")
				return ok && c.Protected && (!c.Before.Valid || c.Before.Protected)
			})
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-DML-003", Says: "DeleteMultiRegionClusters is usable while it is deprecated, or refused with a modelled error", Cite: cite("F135"), Basis: Assumed, Force: May},
		func(w *World, _ DeleteMultiRegionClusters) bool { return w.Env.has("DeleteMultiRegionClusters") }, Refusal{Allowed: modelled4xx}},
}

// deleteLinkedAccepts is empty: a deprecated operation promises no success.
var deleteLinkedAccepts []Accept[DeleteMultiRegionClusters]

func stepDeleteLinked(w World, op DeleteMultiRegionClusters) []Outcome {
	out := decide(w, op, deleteLinkedGuards, deleteLinkedAccepts, deleteLinkedEffect)
	if len(usedAs(&w, op.Token)) > 0 && w.Env.has(op.Name()) {
		out = refuse(out, w, ruleOldUse.ID, Refusal{Allowed: Any4xx})
		out = append(out, Outcome{Rules: []RuleID{ruleOldUse.ID}, Next: w})
	}
	return out
}

// deleteLinkedEffect takes every member that is named on its way out, none of
// them later than the others: to DELETING at once, or to PENDING_DELETE first.
// Who does not exist is left out.
func deleteLinkedEffect(w World, op DeleteMultiRegionClusters) []Outcome {
	worlds := []World{w}
	for _, ref := range op.Refs {
		c, ok := known(&w, ref, "")
		if !ok {
			continue
		}
		var next []World
		for _, v := range worlds {
			for _, s := range []Status{PendingDelete, Deleting} {
				if d, ok := v.Find(c.Handle); ok && (c.Multi || s == Deleting) {
					next = append(next, record(v.With(d.leave(s, w.Now)), op.Token, op.Name(), op.Region, op, c.Handle, s))
				}
			}
		}
		worlds = next
	}
	out := make([]Outcome, len(worlds))
	for i, v := range worlds {
		out[i] = Outcome{Rules: []RuleID{"DSQL-DML-003"}, Next: v}
	}
	return out
}

// leave returns the cluster after a delete that took it to s; one that is on its
// way out stays where it is.
func (c Cluster) leave(s Status, now time.Duration) Cluster {
	if !leaving.Has(c.Status) {
		c.Status, c.Since = s, Span{now, now}
	}
	c.Deleted, c.Origin, c.Relinked, c.Before = true, NoStatus, false, Before{}
	return c
}
