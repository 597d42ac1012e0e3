package mutants

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"dsqlconform/model"
)

// streamFaults are the faults in change streams.
var streamFaults = []Mutant{
	{ID: "stream-too-early", Says: "a cluster that is not ACTIVE takes a stream", Rule: "DSQL-SCR-004",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				op, ok := o.(model.CreateStream)
				c, live := w.Live(op.Ref.Handle)
				if !ok || !live {
					return next(w, o)
				}
				ready := c
				ready.Status = model.Active
				out := unchanged(next(w.With(ready), o), w)
				for i := range out {
					out[i].Next = out[i].Next.With(c)
				}
				return out
			}
		},
		Shortest: 2, Minimal: "c1 = create us-east-1 witness=us-west-2\ns1 = create-stream c1"},

	{ID: "sixth-stream", Says: "a cluster takes more than five streams", Rule: "DSQL-SCR-005",
		Step:     unlimited(func(o model.Op) bool { _, ok := o.(model.CreateStream); return ok }),
		Shortest: 8, Minimal: hosted + "s1 = create-stream c1\ns2 = create-stream c1\ns3 = create-stream c1\n" +
			"s4 = create-stream c1\ns5 = create-stream c1\ns6 = create-stream c1"},

	{ID: "stream-token-ignored", Says: "a retry of CreateStream with the same token makes a second stream", Rule: "DSQL-TOK-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if _, ok := o.(model.CreateStream); ok {
					w.Tokens = nil
				}
				return next(w, o)
			}
		},
		Shortest: 4, Minimal: hosted + "s1 = create-stream c1 token=t1\ns2 = create-stream c1 token=t1"},

	{ID: "stream-tags-lost", Says: "CreateStream drops the tags that it is given", Rule: "DSQL-TAG-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.CreateStream); ok {
					op.Tags = model.Tags{}
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 4, Minimal: hosted + "s1 = create-stream c1 tags=a=x\nget-stream c1/s1"},

	{ID: "stream-tags-to-cluster", Says: "TagResource gives the tags of a stream to its cluster", Rule: "DSQL-TAG-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				op, ok := o.(model.TagResource)
				if _, found := w.FindStream(op.Stream.Handle); ok && found {
					op.Stream = model.StreamRef{}
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 5, Minimal: hosted + "s1 = create-stream c1\ntag c1/s1 a=x\ntags c1/s1"},

	{ID: "stream-of-another", Says: "a stream is found under every cluster of the Region", Rule: "DSQL-GET-001",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				op, ok := o.(model.GetStream)
				s, found := w.FindStream(op.Stream.Handle)
				if _, live := w.Live(op.Ref.Handle); ok && found && live {
					op.Ref = model.Ref{Handle: s.Cluster}
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 5, Minimal: hosted + "s1 = create-stream c1\nc2 = create us-east-1\nget-stream c2/s1"},

	{ID: "stream-delete-forgotten", Says: "the delete of an ACTIVE stream is accepted and leaves it as it is", Rule: "DSQL-STR-000",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.DeleteStream)
				if s, _ := w.FindStream(op.Stream.Handle); ok && s.Status == model.StreamStatuses(model.StreamActive) {
					after.Next = w
				}
			})
		},
		Shortest: 6, Minimal: hosted + "s1 = create-stream c1\nawait c1/s1 ACTIVE\ndelete-stream c1/s1\nget-stream c1/s1"},

	{ID: "stream-stuck", Says: "a stream stays CREATING for ever", Rule: "DSQL-STR-002",
		StreamTransitions: without("DSQL-STR-002"),
		Shortest:          4, Minimal: hosted + "s1 = create-stream c1\nawait c1/s1 ACTIVE"},

	{ID: "stream-never-gone", Says: "a DELETING stream never goes", Rule: "DSQL-STR-012",
		StreamTransitions: without("DSQL-STR-012"),
		Shortest:          5, Minimal: hosted + "s1 = create-stream c1\ndelete-stream c1/s1\nawait c1/s1 gone"},

	{ID: "failed-stream-recovers", Says: "streams fail, and a FAILED one is ACTIVE once it was read", Rule: "DSQL-STR-020",
		StreamTransitions: failing,
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.GetStream)
				if s, _ := w.FindStream(op.Stream.Handle); ok && s.Status == model.StreamStatuses(model.StreamFailed) {
					s.Status = model.StreamStatuses(model.StreamActive)
					after.Next = after.Next.WithStream(s)
				}
			})
		},
		Shortest: 5, Minimal: hosted + "s1 = create-stream c1\nawait c1/s1 FAILED\nget-stream c1/s1"},

	{ID: "failed-without-reason", Says: "streams fail, and a FAILED one shows no statusReason", Rule: "DSQL-STR-024",
		StreamTransitions: failing,
		Wrap:              rewritten(func(a *response) { delete(a.body, "statusReason") }),
		Shortest:          5, Minimal: hosted + "s1 = create-stream c1\nwait 1s\nget-stream c1/s1"},

	{ID: "target-of-another", Says: "GetStream shows another Kinesis stream than was given", Rule: "DSQL-STR-023",
		Wrap: rewritten(func(a *response) {
			target, _ := a.body["targetDefinition"].(map[string]any)
			if kinesis, ok := target["kinesis"].(map[string]any); ok {
				arn, _ := kinesis["streamArn"].(string)
				kinesis["streamArn"] = arn + "-other"
			}
		}),
		Shortest: 4, Minimal: hosted + "s1 = create-stream c1\nget-stream c1/s1"},

	{ID: "stream-not-listed", Says: "ListStreams leaves out streams without tags", Rule: "DSQL-SLS-001",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				if want := after.Want.Stream; want != nil && want.Of != 0 {
					tagged := func(h model.StreamHandle) bool {
						s, _ := w.FindStream(h)
						return s.Tags.Len() > 0
					}
					less := *want
					less.Unlisted = slices.Concat(want.Unlisted, slices.DeleteFunc(slices.Clone(want.Listed), tagged))
					less.Listed = slices.DeleteFunc(slices.Clone(want.Listed), func(h model.StreamHandle) bool { return !tagged(h) })
					after.Want.Stream = &less
				}
			})
		},
		Shortest: 4, Minimal: hosted + "s1 = create-stream c1\nlist-streams c1"},

	{ID: "streams-of-all-listed", Says: "ListStreams shows the streams of the Region's first cluster for every one", Rule: "DSQL-SLS-002",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				op, ok := o.(model.ListStreams)
				i := slices.IndexFunc(w.Clusters, func(c model.Cluster) bool { return c.Region == op.At && c.Status != model.Gone })
				if _, live := w.Live(op.Ref.Handle); ok && live {
					op.Ref = model.Ref{Handle: w.Clusters[i].Handle}
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 5, Minimal: hosted + "s1 = create-stream c1\nc2 = create us-east-1\nlist-streams c2"},

	{ID: "stream-listed-twice", Says: "a page of ListStreams begins with the last stream of the page before", Rule: "DSQL-SLS-003",
		Wrap: func(next http.Handler) http.Handler {
			var mu sync.Mutex
			last := map[string]any{} // row of the page before, by path
			return rewritten(func(a *response) {
				rows, ok := a.body["streams"].([]any)
				if !ok || len(rows) == 0 {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				path := a.asked.URL.Path
				if a.asked.URL.Query().Has("next-token") && last[path] != nil {
					rows[0] = last[path]
				}
				last[path] = rows[len(rows)-1]
			})(next)
		},
		Shortest: 5, Minimal: hosted + "s1 = create-stream c1\ns2 = create-stream c1\nlist-streams c1 max=1"},

	{ID: "stream-row-stale", Says: "ListStreams shows every stream CREATING", Rule: "DSQL-SLS-004",
		Wrap: rewritten(func(a *response) {
			rows, _ := a.body["streams"].([]any)
			for _, r := range rows {
				if row, ok := r.(map[string]any); ok {
					row["status"] = model.StreamCreating.String()
				}
			}
		}),
		Shortest: 5, Minimal: hosted + "s1 = create-stream c1\nawait c1/s1 ACTIVE\nlist-streams c1"},

	{ID: "another-ordering", Says: "a new stream is ORDERED", Rule: "DSQL-STR-022",
		Wrap: rewritten(func(a *response) {
			if strings.HasPrefix(a.asked.URL.Path, "/stream/") && a.body["ordering"] != nil {
				a.body["ordering"] = "ORDERED"
			}
		}),
		Shortest: 3, Minimal: hosted + "s1 = create-stream c1"},
}

// hosted makes a cluster that can be given streams.
const hosted = "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\n"

// without returns an edit of the table that leaves a transition out.
func without(id model.RuleID) func([]model.StreamTransition) []model.StreamTransition {
	return func(table []model.StreamTransition) []model.StreamTransition {
		return slices.DeleteFunc(slices.Clone(table), func(t model.StreamTransition) bool { return t.ID == id })
	}
}

// failing makes every creation of a stream fail, which is legal.
func failing(table []model.StreamTransition) []model.StreamTransition {
	table = without("DSQL-STR-002")(table)
	for i := range table {
		if table[i].ID == "DSQL-STR-003" {
			table[i].Fair = true
		}
	}
	return table
}

// unlimited lays over a creation that no quota is enforced.
func unlimited(which func(model.Op) bool) func(StepFunc) StepFunc {
	return func(next StepFunc) StepFunc {
		return func(w model.World, o model.Op) []model.Outcome {
			if !which(o) {
				return next(w, o)
			}
			boundless := w
			env := *w.Env
			env.Quota = model.Quota{Single: 1 << 20, Multi: 1 << 20, Streams: 1 << 20}
			boundless.Env = &env
			out := unchanged(next(boundless, o), w)
			for i := range out {
				out[i].Next.Env = w.Env
			}
			if slices.ContainsFunc(out, func(o model.Outcome) bool { return o.Want.Success() }) {
				out = slices.DeleteFunc(out, func(o model.Outcome) bool { return !o.Want.Success() })
			}
			return out
		}
	}
}
