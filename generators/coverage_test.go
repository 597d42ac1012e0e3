package generators

import (
	"fmt"
	"strings"
	"testing"

	"dsqlconform/model"
)

// fired counts how often each rule makes an outcome of the sequences of a
// profile, predicted twice: with all that must move moved at once, and not
// before an await asks for it.
func fired(p Profile, seeds uint64) map[model.RuleID]int {
	count := map[model.RuleID]int{}
	ask := func(w model.World, op model.Op) {
		for _, o := range model.Step(w, op) {
			for _, id := range o.Rules {
				count[id]++
			}
		}
	}
	for seed := range seeds {
		s := FromSeed(p, seed)
		replay(s, func(r *run, _ int, l model.Line) bool { ask(r.world, l.Op); return false })

		eager := &draft{}
		lazy := model.World{Env: usual}
		for _, l := range s.Lines {
			ask(lazy, l.Op)
			if _, ok := l.Op.(model.Await); ok {
				lazy = eager.settle(lazy)
			}
			for _, o := range model.Step(lazy, l.Op) {
				if o.Want.Success() && o.Breaks == "" {
					lazy = o.Next
					break
				}
			}
		}
	}
	return count
}

// families are the rules of calls. The other ones are about what answers look
// like, or about time.
const families = "CRE GET LST UPD DEL TAG UTG LTG VPC TOK"

// notOfCalls are the rules of those families that no call makes fire: they name
// what an answer broke.
var notOfCalls = map[model.RuleID]bool{
	"DSQL-CRE-001": true, "DSQL-CRE-030": true, "DSQL-GET-001": true, "DSQL-GET-002": true,
	"DSQL-LST-001": true, "DSQL-LST-002": true, "DSQL-LST-003": true, "DSQL-LST-004": true, "DSQL-LST-005": true,
	"DSQL-TAG-001": true,
}

func TestEveryBindingRuleOfACallFires(t *testing.T) {
	var table strings.Builder
	per := map[string]map[model.RuleID]int{}
	fmt.Fprintf(&table, "%-20s", "")
	for _, p := range Profiles() {
		per[p.Name] = fired(p, 500)
		fmt.Fprintf(&table, "%12s", p.Name)
	}
	for _, r := range model.Rules() {
		total, row := 0, fmt.Sprintf("\n%s %-7s", r.ID, r.Force)
		for _, p := range Profiles() {
			n := per[p.Name][r.ID]
			total += n
			row += fmt.Sprintf("%12d", n)
		}
		if total > 0 {
			table.WriteString(row)
		}
		if strings.Contains(families, string(r.ID)[5:8]) && r.Force != model.May && !notOfCalls[r.ID] && total < 5 {
			t.Errorf("%s (%s) fired %d times over 500 seeds of each profile, want at least 5", r.ID, r.Says, total)
		}
		if notOfCalls[r.ID] && total > 0 {
			t.Errorf("%s fired: it does not belong in the list of those that cannot", r.ID)
		}
	}
	t.Log("\n" + table.String())
}

// What the profile is about happens in a good share of its sequences.
func TestProfilesReachWhatTheyAreAbout(t *testing.T) {
	cluster := func(is func(c *model.Cluster) bool) func(*run, model.Line) bool {
		return func(r *run, _ model.Line) bool {
			for i := range r.world.Clusters {
				if is(&r.world.Clusters[i]) {
					return true
				}
			}
			return false
		}
	}
	for _, tc := range []struct {
		profile, what string
		percent       int
		seen          func(*run, model.Line) bool
	}{
		{"lifecycle", "a cluster is gone", 40, cluster(func(c *model.Cluster) bool { return c.Status == model.Gone })},
		{"multiregion", "a pair is ACTIVE", 40, cluster(func(c *model.Cluster) bool { return c.Joined && c.Status == model.Active })},
		{"multiregion", "half of a pair is deleted", 12, cluster(func(c *model.Cluster) bool { return c.Joined && c.Status == model.PendingDelete })},
		{"multiregion", "both of a pair are deleted", 7, cluster(func(c *model.Cluster) bool { return c.Joined && c.Status == model.Gone })},
		{"protection", "a protected cluster is deleted", 50, func(r *run, l model.Line) bool {
			_, ok := l.Op.(model.DeleteCluster)
			return ok && r.cluster(l.Op).Protected
		}},
		{"protection", "protection is turned off and a delete follows at once", 15, func(r *run, l model.Line) bool {
			_, ok := l.Op.(model.DeleteCluster)
			c := r.cluster(l.Op)
			return ok && !c.Protected && r.updates[c.Handle] > 0 && r.moving(c.Handle)
		}},
		{"idempotency", "a token is used again", 80, func(r *run, l model.Line) bool {
			name := tokenOf(l.Op).Name
			for _, u := range r.world.Tokens {
				if u.Token == name {
					return true
				}
			}
			return false
		}},
		{"tags", "tags meet tags", 35, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.TagResource)
			return ok && r.cluster(l.Op).Tags.Len()+op.Tags.Len() > r.cluster(l.Op).Tags.With(op.Tags).Len()
		}},
		{"listing", "a listing has several pages", 25, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.ListClusters)
			n := 0
			for _, c := range r.world.Clusters {
				if c.Region == op.Region && c.Status != model.Gone {
					n++
				}
			}
			return ok && op.Max > 0 && n > op.Max
		}},
		{"isolation", "a cluster is asked for elsewhere", 22, func(r *run, l model.Line) bool {
			_, at, _ := refOf(l.Op)
			return at != "" && at != r.cluster(l.Op).Region
		}},
	} {
		t.Run(tc.profile+": "+tc.what, func(t *testing.T) {
			p, err := Lookup(tc.profile)
			if err != nil {
				t.Fatal(err)
			}
			const seeds = 400
			n := 0
			for seed := range uint64(seeds) {
				if _, ok := replay(FromSeed(p, seed), func(r *run, _ int, l model.Line) bool { return tc.seen(r, l) }); ok {
					n++
				}
			}
			if got := n * 100 / seeds; got < tc.percent {
				t.Errorf("got %d %% of the sequences, want at least %d %%", got, tc.percent)
			} else {
				t.Logf("%d %% of the sequences", got)
			}
		})
	}
}
