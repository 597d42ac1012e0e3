package spin_test

import (
	"slices"
	"testing"

	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// successes edits, in a copy, what calls that succeed leave behind.
func successes(out []model.Outcome, edit func(clusters []model.Cluster)) []model.Outcome {
	for i := range out {
		if out[i].Want.Success() && out[i].Breaks == "" {
			out[i].Next.Clusters = slices.Clone(out[i].Next.Clusters)
			edit(out[i].Next.Clusters)
		}
	}
	return out
}

// row returns the lifecycle with what edit makes of one row.
func row(id model.RuleID, edit func(*model.Transition)) []model.Transition {
	table := model.Transitions()
	edit(&table[slices.IndexFunc(table, func(t model.Transition) bool { return t.ID == id })])
	return table
}

func never(*model.World, *model.Cluster) bool  { return false }
func always(*model.World, *model.Cluster) bool { return true }

// wrong are errors in the tables. Some show in the states that are reached. Others
// only in the steps: a member that is still being set up may go to DELETING at
// once, so that whether one waits in PENDING_DELETE changes no state.
var wrong = []struct {
	name, bounds string
	bySteps      bool // the states are the same
	options      explore.Options
}{
	{"a dropped guard: deletion protection is ignored", "alone", false, explore.Options{Step: func(w model.World, op model.Op) []model.Outcome {
		del, _ := op.(model.DeleteCluster)
		c, ok := w.Find(del.Ref.Handle)
		if !ok || !c.Protected {
			return model.Step(w, op)
		}
		c.Protected, c.Before.Protected = false, false
		return successes(model.Step(w.With(c), op), func(clusters []model.Cluster) { clusters[c.Handle-1].Protected = true })
	}}},
	{"an asymmetric peering: a member becomes ACTIVE though the other does not name it", "pair", false, explore.Options{
		Transitions: row("DSQL-LIF-009", func(t *model.Transition) {
			t.When = func(_ *model.World, c *model.Cluster) bool { return c.Multi }
		})}},
	{"a missing edge: a DELETING cluster never goes", "three", false, explore.Options{
		Transitions: row("DSQL-LIF-020", func(t *model.Transition) { t.When = never })}},
	{"a missing edge: members that name each other never become ACTIVE", "three", false, explore.Options{
		Transitions: row("DSQL-LIF-009", func(t *model.Transition) { t.When = never })}},
	{"a dropped condition: members need not have one witness", "pair", false, explore.Options{
		Transitions: row("DSQL-LIF-008", func(t *model.Transition) {
			t.When = func(w *model.World, c *model.Cluster) bool {
				p, ok := w.Find(c.Peers[0])
				return ok && p.Peers[0] == c.Handle
			}
		})}},
	{"a missing edge: PENDING_DELETE is never left", "pair", true, explore.Options{
		Transitions: row("DSQL-LIF-019", func(t *model.Transition) { t.When = never })}},
	{"a dropped condition: PENDING_DELETE is left while the peer lives", "pair", true, explore.Options{
		Transitions: row("DSQL-LIF-019", func(t *model.Transition) { t.When = always })}},
	{"a missing edge: a set-up never goes on", "pair", true, explore.Options{
		Transitions: row("DSQL-LIF-008", func(t *model.Transition) { t.When = never })}},
	{"a lost update: protection of a member whose peer is PENDING_DELETE does not change", "pair", true, explore.Options{Step: func(w model.World, op model.Op) []model.Outcome {
		update, ok := op.(model.UpdateCluster)
		if c, made := w.Find(update.Ref.Handle); ok && made {
			if p, named := w.Find(c.Peers[0]); named && p.Status == model.PendingDelete && update.Multi == nil {
				return nil
			}
		}
		return model.Step(w, op)
	}}},
	{"a wrong answer: deleting an ACTIVE member answers DELETING", "three", true, explore.Options{Step: func(w model.World, op model.Op) []model.Outcome {
		out := model.Step(w, op)
		del, _ := op.(model.DeleteCluster)
		if c, ok := w.Find(del.Ref.Handle); ok && c.Multi && c.Status == model.Active {
			return successes(out, func(clusters []model.Cluster) { clusters[c.Handle-1].Status = model.Deleting })
		}
		return out
	}}},
}

func TestAnErrorInTheTablesIsSeen(t *testing.T) {
	requireSpin(t)
	for _, e := range wrong {
		t.Run(e.name, func(t *testing.T) {
			p, _ := explore.LookupAbstract(e.bounds)
			us, err := ours(p.Bounds, e.options)
			if err != nil {
				t.Fatal(err)
			}
			them, err := theirs[p.Name]()
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %d states and %d steps of the tables with the error, %d and %d of Spin", p.Name, len(us.states), len(us.steps), len(them.states), len(them.steps))
			if got := differ("states", us.states, them.states) == nil; got != e.bySteps {
				t.Errorf("got the same states %v, want %v", got, e.bySteps)
			}
			if !e.bySteps && len(us.states) == len(them.states) {
				t.Errorf("got %d states on both sides, want different numbers", len(us.states))
			}
			if differ("steps", us.steps, them.steps) == nil || len(us.steps) == len(them.steps) {
				t.Errorf("got %d and %d steps, want different ones and another number", len(us.steps), len(them.steps))
			}
		})
	}
}
