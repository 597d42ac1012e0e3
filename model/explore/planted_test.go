package explore

import (
	"context"
	"slices"
	"testing"

	"dsqlconform/model"
)

// stepWith returns the model's Step with what edit makes of its outcomes.
func stepWith(edit func(w model.World, op model.Op, out []model.Outcome) []model.Outcome) Options {
	return Options{Step: func(w model.World, op model.Op) []model.Outcome { return edit(w, op, model.Step(w, op)) }}
}

// tableWith returns the lifecycle with what edit makes of the row id.
func tableWith(id model.RuleID, edit func(*model.Transition)) Options {
	table := model.Transitions()
	for i := range table {
		if table[i].ID == id {
			edit(&table[i])
		}
	}
	return Options{Transitions: table}
}

// successes changes, in a copy, the clusters that a success leaves behind.
func successes(out []model.Outcome, edit func(clusters []model.Cluster)) []model.Outcome {
	for i := range out {
		if out[i].Want.Success() && out[i].Breaks == "" {
			out[i].Next.Clusters = slices.Clone(out[i].Next.Clusters)
			edit(out[i].Next.Clusters)
		}
	}
	return out
}

// unprotected returns w with the cluster unprotected.
func unprotected(w model.World, h model.Handle) model.World {
	c, ok := w.Find(h)
	if c.Protected, c.Before.Protected = false, false; !ok {
		return w
	}
	return w.With(c)
}

// planted are errors in the tables: each is found, by the check that forbids it,
// with a counterexample of the shortest length that there is.
var planted = []struct {
	name    string
	bound   string
	options Options
	rule    model.RuleID
	steps   int // of the shortest counterexample, the failing one included
}{
	{"deletion protection is ignored", "one", Options{Step: func(w model.World, op model.Op) []model.Outcome {
		if del, ok := op.(model.DeleteCluster); ok {
			return model.Step(unprotected(w, del.Ref.Handle), op)
		}
		return model.Step(w, op)
	}}, "DSQL-INV-011", 2},
	{"a refused update changes the protection", "one", stepWith(func(w model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if _, ok := op.(model.UpdateCluster); ok && len(w.Clusters) > 0 {
			for i := range out {
				if !out[i].Want.Success() {
					c := w.Clusters[0]
					c.Protected = !c.Protected
					out[i].Next = w.With(c)
				}
			}
		}
		return out
	}), "DSQL-INV-010", 2},
	{"naming a peer is enough to be set up with it", "pair", stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if create, ok := op.(model.CreateCluster); ok && create.Multi != nil && create.Multi.GivenPeers {
			return successes(out, func(clusters []model.Cluster) { clusters[create.As-1].Joined = true })
		}
		return out
	}), "DSQL-INV-018", 2},
	{"an update of one member takes the peers of the other away", "pair", stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if update, ok := op.(model.UpdateCluster); ok {
			return successes(out, func(clusters []model.Cluster) {
				for i := range clusters {
					if clusters[i].Handle != update.Ref.Handle {
						clusters[i].Peers = [model.MaxPeers]model.Handle{}
					}
				}
			})
		}
		return out
	}), "DSQL-INV-013", 3},
	{"the edge from CREATING to ACTIVE is missing", "one", Options{Transitions: slices.DeleteFunc(model.Transitions(), func(t model.Transition) bool { return t.ID == "DSQL-LIF-004" })},
		"DSQL-XPL-001", 1},
	{"a single-Region cluster goes from CREATING to PENDING_SETUP", "one", tableWith("DSQL-LIF-004", func(t *model.Transition) { t.To = model.PendingSetup }),
		"DSQL-INV-003", 2},
	{"a member is set up before the other names it", "pair", tableWith("DSQL-LIF-009", func(t *model.Transition) {
		t.When = func(_ *model.World, c *model.Cluster) bool { return c.Multi }
	}), "DSQL-INV-004", 3},
	{"the delete of one member deletes both", "pair", stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if _, ok := op.(model.DeleteCluster); ok {
			return successes(out, func(clusters []model.Cluster) {
				for i := range clusters {
					if !clusters[i].Protected {
						clusters[i].Status, clusters[i].Deleted, clusters[i].Origin = model.Deleting, true, model.NoStatus
					}
				}
			})
		}
		return out
	}), "DSQL-INV-013", 3},
	{"a token is forgotten at once", "one", Options{Step: func(w model.World, op model.Op) []model.Outcome {
		tokens := w.Tokens
		w.Tokens = nil
		out := model.Step(w, op)
		for i := range out {
			out[i].Next.Tokens = append(slices.Clone(tokens), out[i].Next.Tokens...)
		}
		return out
	}}, "DSQL-XPL-007", 1},
	{"a repeated delete, later, takes the cluster back to DELETING", "tokens", stepWith(func(w model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if del, ok := op.(model.DeleteCluster); ok && len(w.Tokens) > 0 && len(w.Clusters) > 1 {
			return successes(out, func(clusters []model.Cluster) { clusters[del.Ref.Handle-1].Protected = true })
		}
		return out
	}), "DSQL-XPL-007", 3},
	{"a PENDING_DELETE cluster that must go cannot", "pair", tableWith("DSQL-LIF-019", func(t *model.Transition) {
		t.When = func(*model.World, *model.Cluster) bool { return false }
	}), "DSQL-XPL-002", 2},
	{"IDLE and ACTIVE follow each other for ever", "one", Options{Transitions: func() []model.Transition {
		table := model.Transitions()
		for i := range table {
			if table[i].ID == "DSQL-LIF-012" || table[i].ID == "DSQL-LIF-133" {
				table[i].Fair = true
			}
		}
		return table
	}()}, "DSQL-XPL-005", 0},
	{"success is promised to the delete of a protected cluster", "one", Options{Rows: func(w *model.World, op model.Op, guard, accept func(*model.Rule)) {
		model.Rows(w, op, guard, accept)
		if del, ok := op.(model.DeleteCluster); ok {
			bare := unprotected(*w, del.Ref.Handle)
			model.Rows(&bare, op, func(*model.Rule) {}, accept)
		}
	}}, "DSQL-XPL-003", 2},
	{"an update moves a cluster to another Region", "tokens", stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if update, ok := op.(model.UpdateCluster); ok {
			return successes(out, func(clusters []model.Cluster) {
				clusters[update.Ref.Handle-1].Region = map[model.Region]model.Region{"us-east-1": "us-east-2", "us-east-2": "us-east-1"}[clusters[update.Ref.Handle-1].Region]
			})
		}
		return out
	}), "DSQL-INV-012", 3},
	{"nothing can be done about a FAILED cluster", "one", stepWith(func(w model.World, op model.Op, out []model.Outcome) []model.Outcome {
		ref, _, _ := model.RefOf(op)
		if c, ok := w.Find(ref.Handle); ok && c.Status == model.Failed && model.TakesToken(op) {
			return slices.DeleteFunc(out, func(o model.Outcome) bool { return o.Want.Success() })
		}
		return out
	}), "DSQL-XPL-004", 2},
	{"there is no answer to the delete of an INACTIVE cluster", "one", stepWith(func(w model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if del, ok := op.(model.DeleteCluster); ok {
			if c, ok := w.Find(del.Ref.Handle); ok && c.Status == model.Inactive {
				return nil
			}
		}
		return out
	}), "DSQL-XPL-006", 5},
	{"the own Region may be the witness", "hostile", Options{Step: func(w model.World, op model.Op) []model.Outcome {
		create, ok := op.(model.CreateCluster)
		if !ok || create.Multi == nil || create.Multi.Witness.Value != string(create.Region) {
			return model.Step(w, op)
		}
		multi := *create.Multi
		multi.Witness = model.Some(string(regions[2]))
		create.Multi = &multi
		return successes(model.Step(w, create), func(clusters []model.Cluster) { clusters[create.As-1].Witness = create.Region })
	}}, "DSQL-INV-001", 1},
	{"a delete works from another Region", "hostile", Options{Step: func(w model.World, op model.Op) []model.Outcome {
		if del, ok := op.(model.DeleteCluster); ok {
			del.At = ""
			return model.Step(w, del)
		}
		return model.Step(w, op)
	}}, "DSQL-INV-014", 2},
	{"turning protection off takes the peers away", "pair", stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if update, ok := op.(model.UpdateCluster); ok && update.Protection == model.Off {
			return successes(out, func(clusters []model.Cluster) {
				clusters[update.Ref.Handle-1].Peers = [model.MaxPeers]model.Handle{}
			})
		}
		return out
	}), "DSQL-INV-016", 3},
	{"a member goes to DELETING while its peer lives", "pair", stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
		if del, ok := op.(model.DeleteCluster); ok {
			return successes(out, func(clusters []model.Cluster) {
				clusters[del.Ref.Handle-1].Status = model.Deleting
			})
		}
		return out
	}), "DSQL-INV-017", 4},
}

func TestEveryPlantedErrorIsFound(t *testing.T) {
	t.Parallel()
	for _, p := range planted {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			bound, _ := Lookup(p.bound)
			got := ""
			for _, workers := range []int{1, 4} {
				p.options.Workers = workers
				r, err := Run(context.Background(), bound.Bounds, p.options)
				if err != nil {
					t.Fatal(err)
				}
				c := r.Counterexample
				if c == nil {
					t.Fatalf("got none, want a counterexample to %s", p.rule)
				}
				if c.Rule.ID != p.rule || len(c.Steps) != p.steps {
					t.Fatalf("got %d steps to %s, want %d to %s\n%s", len(c.Steps), c.Rule.ID, p.steps, p.rule, c)
				}
				if got != "" && c.String() != got {
					t.Errorf("got another counterexample with %d workers:\n%s\nwant\n%s", workers, c, got)
				}
				got = c.String()
				back, err := model.ParseSequence(got)
				if err != nil || back.String() != c.Sequence().String() {
					t.Errorf("got %v and %s, want the sequence\n%s", err, back, c.Sequence())
				}
			}
		})
	}
}
