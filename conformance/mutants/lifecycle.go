package mutants

import (
	"slices"

	"dsqlconform/model"
)

// lifecycleFaults are the faults in what the service does by itself.
var lifecycleFaults = []Mutant{
	{ID: "lone-active", Says: "a cluster with a witness and no peer becomes ACTIVE", Rule: "DSQL-MRG-001",
		Transitions: added(model.PendingSetup, model.Active, func(_ *model.World, c *model.Cluster) bool {
			return c.Peers == [model.MaxPeers]model.Handle{}
		}),
		Shortest: 3, Minimal: "c1 = create us-east-1 witness=us-west-2\nwait 1s\nget c1"},

	{ID: "one-sided-active", Says: "a member becomes ACTIVE when it names a peer that does not name it", Rule: "DSQL-MRG-001",
		Transitions: added(model.PendingSetup, model.Active, func(w *model.World, c *model.Cluster) bool {
			return slices.ContainsFunc(w.Clusters, func(p model.Cluster) bool { return c.Names(p.Handle) && !p.Names(c.Handle) })
		}),
		Shortest: 4, Minimal: "c1 = create us-east-1 witness=us-west-2\nc2 = create us-east-2 witness=us-west-2 peers=c1\nwait 1s\nget c2"},

	{ID: "two-witnesses-active", Says: "members with different witnesses become ACTIVE", Rule: "DSQL-MRG-002",
		Transitions: added(model.PendingSetup, model.Active, func(w *model.World, c *model.Cluster) bool {
			return slices.ContainsFunc(w.Clusters, func(p model.Cluster) bool {
				return c.Names(p.Handle) && p.Names(c.Handle) && c.Witness != p.Witness
			})
		}),
		Shortest: 5, Minimal: "c1 = create us-east-1 witness=us-west-2\nc2 = create us-east-2 witness=us-west-1 peers=c1\n" +
			"update c1 witness=us-west-2 peers=c2\nwait 1s\nget c1"},

	{ID: "creation-stuck", Says: "a single-Region cluster stays CREATING for ever", Rule: "DSQL-LIF-004",
		Transitions: blocked("DSQL-LIF-004", func(*model.Cluster) bool { return true }),
		Shortest:    2, Minimal: "c1 = create us-east-1\nawait c1 ACTIVE"},

	{ID: "setup-stuck", Says: "members that name each other stay PENDING_SETUP for ever", Rule: "DSQL-LIF-008",
		Transitions: blocked("DSQL-LIF-008", func(*model.Cluster) bool { return true }),
		Shortest:    4, Minimal: pairUp + "await c2 ACTIVE"},

	{ID: "deletion-stuck", Says: "a DELETING cluster never goes", Rule: "DSQL-LIF-020",
		Transitions: blocked("DSQL-LIF-020", func(*model.Cluster) bool { return true }),
		Shortest:    3, Minimal: "c1 = create us-east-1 protection=off\ndelete c1\nawait c1 gone"},

	{ID: "deleted-alone", Says: "a deleted member vanishes although its peer is not deleted", Rule: "DSQL-GET-010",
		Transitions: added(model.PendingDelete, model.Gone, func(*model.World, *model.Cluster) bool { return true }),
		Shortest:    6, Minimal: pairUp + "delete c1\nwait 1s\nget c1"},
}

// added returns an edit of the table that adds a fair transition.
func added(from, to model.Status, when func(*model.World, *model.Cluster) bool) func([]model.Transition) []model.Transition {
	return func(table []model.Transition) []model.Transition {
		return append(slices.Clip(table), model.Transition{From: from, To: to, By: model.ByService, Fair: true, When: when})
	}
}

// blocked returns an edit of the table that takes one transition from the
// clusters that which is true of.
func blocked(id model.RuleID, which func(*model.Cluster) bool) func([]model.Transition) []model.Transition {
	return func(table []model.Transition) []model.Transition {
		table = slices.Clone(table)
		for i := range table {
			if t := &table[i]; t.ID == id {
				t.When, t.Due = unless(t.When, which), unless(t.Due, which)
			}
		}
		return table
	}
}

func unless(when func(*model.World, *model.Cluster) bool, which func(*model.Cluster) bool) func(*model.World, *model.Cluster) bool {
	if when == nil {
		return nil
	}
	return func(w *model.World, c *model.Cluster) bool { return !which(c) && when(w, c) }
}
