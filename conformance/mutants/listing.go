package mutants

import (
	"slices"

	"dsqlconform/model"
)

// listingFaults are the faults in listings of clusters and in quotas.
var listingFaults = []Mutant{
	{ID: "page-too-long", Says: "a full page of ListClusters holds one cluster more", Rule: "DSQL-LST-004",
		Wrap: rewritten(func(a *response) {
			rows, ok := a.body["clusters"].([]any)
			if ok && len(rows) > 0 && a.asked.URL.Query().Has("max-results") {
				id := "zzzzzzzzzzzzzzzzzzzzzzzzzz"
				a.body["clusters"] = append(rows, map[string]any{"identifier": id, "arn": "arn:aws:dsql:us-east-1:123456789012:cluster/" + id})
			}
		}),
		Shortest: 2, Minimal: "c1 = create us-east-1\nlist us-east-1 max=1"},

	{ID: "pages-without-end", Says: "the second page of ListClusters leads to itself", Rule: "DSQL-LST-005",
		Wrap: rewritten(func(a *response) {
			if token := a.asked.URL.Query().Get("next-token"); token != "" && a.body["clusters"] != nil {
				a.body["nextToken"] = token
			}
		}),
		Shortest: 3, Minimal: twoListed},

	{ID: "lost-between-pages", Says: "a listing of several pages lacks the oldest cluster of the Region", Rule: "DSQL-LST-001",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(_ model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.ListClusters)
				if want := &after.Want; ok && op.Max > 0 && len(want.Listed) > op.Max {
					want.Listed, want.Unlisted = want.Listed[1:], append(slices.Clip(want.Unlisted), want.Listed[0])
				}
			})
		},
		Shortest: 3, Minimal: twoListed},

	{ID: "quota-not-enforced", Says: "a Region takes more clusters than its quota allows", Rule: "DSQL-CRE-013",
		Quota:    model.Quota{Single: 1},
		Step:     unlimited(func(o model.Op) bool { _, ok := o.(model.CreateCluster); return ok }),
		Shortest: 3, Minimal: "c1 = create us-east-1\nawait c1 ACTIVE\nc2 = create us-east-1"},
}

// twoListed makes a listing of two pages.
const twoListed = "c1 = create us-east-1\nc2 = create us-east-1\nlist us-east-1 max=1"
