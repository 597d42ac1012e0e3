package mutants

import (
	"slices"

	"dsqlconform/model"
)

// callFaults are the faults in what a call answers or does.
var callFaults = []Mutant{
	{ID: "delete-protected", Says: "deletion protection does not hinder DeleteCluster", Rule: "DSQL-DEL-002",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				op, ok := o.(model.DeleteCluster)
				if !ok {
					return next(w, o)
				}
				c, _ := w.Live(op.Ref.Handle)
				out := unchanged(next(edit(w, op.Ref, func(c *model.Cluster) { c.Protected = false }), o), w)
				for i := range out {
					out[i].Next = edit(out[i].Next, op.Ref, func(n *model.Cluster) { n.Protected = c.Protected })
				}
				return out
			}
		},
		Shortest: 2, Minimal: "c1 = create us-east-1\ndelete c1"},

	{ID: "create-token-ignored", Says: "a retry of CreateCluster with the same token makes a second cluster", Rule: "DSQL-TOK-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if _, ok := o.(model.CreateCluster); ok {
					w.Tokens = nil
				}
				return next(w, o)
			}
		},
		Shortest: 2, Minimal: "c1 = create us-east-1 token=t1\nc2 = create us-east-1 token=t1"},

	{ID: "read-across-regions", Says: "GetCluster finds the clusters of every Region", Rule: "DSQL-GET-004",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.GetCluster); ok {
					op.At = ""
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 2, Minimal: "c1 = create us-east-1\nget c1 @us-east-2"},

	{ID: "protection-off-by-default", Says: "a cluster is not protected unless the create says so", Rule: "DSQL-CRE-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.CreateCluster); ok && op.Protection == model.Unset {
					op.Protection = model.Off
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "tags-replaced", Says: "TagResource replaces all tags instead of merging", Rule: "DSQL-TAG-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.TagResource); ok {
					return unchanged(next(edit(w, op.Ref, func(c *model.Cluster) { c.Tags = model.Tags{} }), o), w)
				}
				return next(w, o)
			}
		},
		Shortest: 3, Minimal: "c1 = create us-east-1 tags=a=x\ntag c1 b=y\ntags c1"},

	{ID: "untag-without-effect", Says: "UntagResource removes nothing", Rule: "DSQL-TAG-001",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				if _, ok := o.(model.UntagResource); ok {
					after.Next = w
				}
			})
		},
		Shortest: 3, Minimal: "c1 = create us-east-1 tags=a=x\nuntag c1 a\ntags c1"},

	{ID: "refused-update-applied", Says: "an update that is refused changes the deletion protection all the same", Rule: "DSQL-PRO-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				out := slices.Clone(next(w, o))
				if op, ok := o.(model.UpdateCluster); ok && op.Protection != model.Unset {
					for i := range out {
						if !out[i].Want.Success() {
							out[i].Next = edit(w, op.Ref, func(c *model.Cluster) { c.Protected = op.Protection == model.On })
						}
					}
				}
				return out
			}
		},
		Shortest: 3, Minimal: "c1 = create us-east-1\nupdate c1 protection=off\nget c1"},

	{ID: "deleting-not-found", Says: "a cluster that is DELETING is not found by GetCluster, and still has tags", Rule: "DSQL-LTG-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.GetCluster); ok {
					return unchanged(next(edit(w, op.Ref, func(c *model.Cluster) {
						if c.Status == model.Deleting {
							c.Status = model.Gone
						}
					}), o), w)
				}
				return next(w, o)
			}
		},
		Shortest: 4, Minimal: "c1 = create us-east-1 protection=off\ndelete c1\nget c1\ntags c1"},

	{ID: "protected-not-listed", Says: "ListClusters leaves out protected clusters", Rule: "DSQL-LST-001",
		Step: func(next StepFunc) StepFunc {
			return listing(next, func(c model.Cluster, shown bool) bool { return shown && !c.Protected })
		},
		Shortest: 2, Minimal: "c1 = create us-east-1\nlist us-east-1"},

	{ID: "gone-listed", Says: "ListClusters goes on to show clusters that are gone", Rule: "DSQL-LST-002",
		Step: func(next StepFunc) StepFunc {
			return listing(next, func(c model.Cluster, shown bool) bool { return shown || c.Status == model.Gone })
		},
		Shortest: 4, Minimal: "c1 = create us-east-1 protection=off\ndelete c1\nawait c1 gone\nlist us-east-1"},

	{ID: "self-not-listed", Says: "multiRegionProperties.clusters leaves out the cluster itself", Rule: "DSQL-MRG-005",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				want := &after.Want
				others := slices.DeleteFunc(slices.Concat(want.Must, want.May), func(h model.Handle) bool {
					return h == want.Cluster || h == model.Unknown
				})
				if len(others) > 0 {
					want.Must, want.May = others, nil
				}
			})
		},
		Shortest: 2, Minimal: "c1 = create us-east-1 witness=us-west-2\nc2 = create us-east-2 witness=us-west-2 peers=c1"},

	{ID: "peered-delete-at-once", Says: "deleting an ACTIVE member of a pair takes it to DELETING without PENDING_DELETE", Rule: "DSQL-LIF-017",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.DeleteCluster)
				if c, _ := pair(w, op.Ref); ok && c != nil && c.Status == model.Active {
					after.Want.Status = model.Statuses(model.Deleting)
					after.Next = edit(after.Next, op.Ref, func(c *model.Cluster) { c.Status = model.Deleting })
				}
			})
		},
		Shortest: 5, Minimal: pairUp + "await c1 ACTIVE\ndelete c1"},

	{ID: "delete-takes-both", Says: "deleting one of two ACTIVE members deletes the other too", Rule: "DSQL-LIF-000",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.DeleteCluster)
				if c, p := pair(w, op.Ref); ok && c != nil && c.Status == model.Active && p.Status == model.Active {
					after.Next = edit(after.Next, model.Ref{Handle: p.Handle}, func(c *model.Cluster) { c.Status, c.Deleted = model.Deleting, true })
				}
			})
		},
		Shortest: 6, Minimal: pairUp + "wait 1s\ndelete c1\nget c2"},

	{ID: "protection-of-both", Says: "an update of the deletion protection of one of two ACTIVE members changes that of the other too", Rule: "DSQL-PRO-001",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.UpdateCluster)
				if c, p := pair(w, op.Ref); ok && op.Protection != model.Unset && c != nil && c.Status == model.Active && p.Status == model.Active {
					after.Next = edit(after.Next, model.Ref{Handle: p.Handle}, func(c *model.Cluster) { c.Protected = op.Protection == model.On })
				}
			})
		},
		Shortest: 6, Minimal: pairUp + "wait 1s\nupdate c1 protection=on\nget c2"},

	{ID: "last-delete-forgotten", Says: "deleting the second of two ACTIVE members is accepted and never completes", Rule: "DSQL-LIF-019",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.DeleteCluster)
				if c, p := pair(w, op.Ref); ok && c != nil && c.Status == model.Active && p.Status == model.PendingDelete {
					after.Next = edit(after.Next, op.Ref, func(c *model.Cluster) { c.Deleted = false })
					after.Next = edit(after.Next, op.Ref, func(c *model.Cluster) { c.Origin = stuck })
					after.Next = edit(after.Next, model.Ref{Handle: p.Handle}, func(c *model.Cluster) { c.Origin = stuck })
				}
			})
		},
		Transitions: blocked("DSQL-LIF-019", func(c *model.Cluster) bool { return c.Origin == stuck }),
		Shortest:    7, Minimal: pairUp + "wait 1s\ndelete c1\ndelete c2\nawait c1 gone"},

	{ID: "gone-pair-listed", Says: "members that were deleted while ACTIVE stay listed after they are gone", Rule: "DSQL-LST-002",
		Step: func(next StepFunc) StepFunc {
			marked := succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.DeleteCluster)
				if c, _ := pair(w, op.Ref); ok && c != nil && c.Status == model.Active {
					after.Next = edit(after.Next, op.Ref, func(c *model.Cluster) { c.Origin = stuck })
				}
			})
			return listing(marked, func(c model.Cluster, shown bool) bool {
				return shown || c.Status == model.Gone && c.Origin == stuck
			})
		},
		Shortest: 8, Minimal: pairUp + "await c1 ACTIVE\ndelete c1\ndelete c2\nawait c1 gone\nlist us-east-1"},
}

// pairUp makes two members that become ACTIVE and are not protected.
const pairUp = "c1 = create us-east-1 protection=off witness=us-west-2\n" +
	"c2 = create us-east-2 protection=off witness=us-west-2 peers=c1\n" +
	"update c1 witness=us-west-2 peers=c2\n"

// stuck marks, in a field that the model reads only of clusters that are
// UPDATING, those that a fault has chosen.
const stuck = model.Failed

// edit returns the world with the cluster that ref names changed; a status that
// changes does so now.
func edit(w model.World, ref model.Ref, change func(*model.Cluster)) model.World {
	c, ok := w.Live(ref.Handle)
	if !ok {
		return w
	}
	was := c.Status
	change(&c)
	if c.Status != was {
		c.Since = model.Span{Early: w.Now, Late: w.Now}
	}
	return w.With(c)
}

// unchanged returns the outcomes with w behind those that refuse.
func unchanged(out []model.Outcome, w model.World) []model.Outcome {
	out = slices.Clone(out)
	for i := range out {
		if !out[i].Want.Success() {
			out[i].Next = w
		}
	}
	return out
}

// succeeded changes the successes among the outcomes.
func succeeded(next StepFunc, change func(w model.World, o model.Op, after *model.Outcome)) StepFunc {
	return func(w model.World, o model.Op) []model.Outcome {
		out := slices.Clone(next(w, o))
		for i := range out {
			if out[i].Want.Success() {
				change(w, o, &out[i])
			}
		}
		return out
	}
}

// listing changes which clusters of the Region a listing shows.
func listing(next StepFunc, shows func(c model.Cluster, shown bool) bool) StepFunc {
	return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
		op, ok := o.(model.ListClusters)
		if !ok || !after.Want.List {
			return
		}
		want := &after.Want
		before := want.Listed
		want.Listed, want.Unlisted = nil, nil
		for _, c := range w.Clusters {
			if c.Region == op.Region && shows(c, slices.Contains(before, c.Handle)) {
				want.Listed = append(want.Listed, c.Handle)
			} else {
				want.Unlisted = append(want.Unlisted, c.Handle)
			}
		}
	})
}

// pair returns the cluster that ref names and the live one with which it names
// each other, or nil.
func pair(w model.World, ref model.Ref) (c, p *model.Cluster) {
	one, ok := w.Live(ref.Handle)
	if !ok || !one.Joined {
		return nil, nil
	}
	for _, other := range w.Clusters {
		if other.Status != model.Gone && one.Names(other.Handle) && other.Names(one.Handle) {
			return &one, &other
		}
	}
	return nil, nil
}
