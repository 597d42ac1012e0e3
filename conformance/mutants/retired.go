package mutants

import (
	"net/http"
	"sync"

	"dsqlconform/model"
)

// retiredFaults are the faults of the revision 2025-05-13: in the operations that
// were retired, and in the members that went with them.
var retiredFaults = []Mutant{
	{ID: "linked-delete-halfway", Says: "DeleteMultiRegionClusters deletes only the first of the ACTIVE clusters that it names", Rule: "DSQL-LIF-000",
		Revision: model.May2025,
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.DeleteMultiRegionClusters)
				for i := 1; ok && i < len(op.Refs); i++ {
					if c, live := w.Live(op.Refs[i].Handle); live && c.Status == model.Active {
						after.Next = after.Next.With(c)
					}
				}
			})
		},
		Shortest: 4, Minimal: linkUp + "await c2 ACTIVE\ndelete-linked us-east-1 c1,c2\nget c2"},

	{ID: "linked-protection-of-first", Says: "DeleteMultiRegionClusters asks only for the deletion protection of the first cluster", Rule: "DSQL-DML-002",
		Revision: model.May2025,
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				op, ok := o.(model.DeleteMultiRegionClusters)
				if !ok || len(op.Refs) == 0 {
					return next(w, o)
				}
				open := w
				for _, ref := range op.Refs[1:] {
					open = edit(open, ref, func(c *model.Cluster) { c.Protected = false })
				}
				return unchanged(next(open, o), w)
			}
		},
		Shortest: 4, Minimal: "c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2\n" +
			"await c1 ACTIVE\nupdate c1 protection=off\ndelete-linked us-east-1 c1,c2"},

	{ID: "legacy-witness", Says: "witnessRegion of what CreateMultiRegionClusters made is another than in multiRegionProperties", Rule: "DSQL-REV-001",
		Revision: model.May2025,
		Wrap:     ofLinked(func(body map[string]any) { body["witnessRegion"] = "eu-west-3" }),
		Shortest: 2, Minimal: linkUp + "get c1"},

	{ID: "legacy-linked", Says: "linkedClusterArns of what CreateMultiRegionClusters made is empty beside the peer of multiRegionProperties", Rule: "DSQL-REV-002",
		Revision: model.May2025,
		Wrap:     ofLinked(func(body map[string]any) { body["linkedClusterArns"] = []any{} }),
		Shortest: 2, Minimal: linkUp + "get c1"},
}

// linkUp makes two members at once.
const linkUp = "c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2 protection=off\n"

// ofLinked returns a wrapper that changes what is read of the clusters that
// CreateMultiRegionClusters has made.
func ofLinked(change func(body map[string]any)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		made := map[any]bool{} // by ARN
		return rewritten(func(a *response) {
			mu.Lock()
			defer mu.Unlock()
			if arns, ok := a.body["linkedClusterArns"].([]any); ok && a.asked.Method == http.MethodPost {
				for _, arn := range arns {
					made[arn] = true
				}
			}
			if made[a.body["arn"]] && a.body["multiRegionProperties"] != nil {
				change(a.body)
			}
		})(next)
	}
}
