package generators

import (
	"fmt"
	"slices"
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
		for _, env := range []*model.Env{envOf(s), usual} {
			lazy := model.World{Env: env}
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
			if env == usual {
				break
			}
		}
	}
	return count
}

// families are the rules of calls. The other ones are about what answers look
// like, or about time.
const families = "CRE GET LST UPD DEL TAG UTG LTG VPC TOK PPO GPO DPO SCR SGT SLS SDL CML DML"

// notOfCalls are the rules of those families that no call makes fire: they name
// what an answer broke.
var notOfCalls = map[model.RuleID]bool{
	"DSQL-CRE-001": true, "DSQL-CRE-030": true, "DSQL-GET-001": true, "DSQL-GET-002": true,
	"DSQL-LST-001": true, "DSQL-LST-002": true, "DSQL-LST-003": true, "DSQL-LST-004": true, "DSQL-LST-005": true,
	"DSQL-TAG-001": true,
	"DSQL-SLS-001": true, "DSQL-SLS-002": true, "DSQL-SLS-003": true, "DSQL-SLS-004": true,
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
		{"listing", "a listing has several pages", 25, severalPages},
		{"policy", "a policy meets another", 35, func(r *run, l model.Line) bool {
			_, ok := l.Op.(model.PutClusterPolicy)
			return ok && r.cluster(l.Op).Policy.Given
		}},
		{"policy", "the version in force is expected", 15, func(r *run, l model.Line) bool {
			e := expectOf(l.Op).Version
			return e != 0 && e == r.cluster(l.Op).Policy.Version
		}},
		{"policy", "a version is expected that is not in force any more", 5, func(r *run, l model.Line) bool {
			e := expectOf(l.Op).Version
			return e != 0 && e < r.cluster(l.Op).Policy.Version
		}},
		{"streams", "a stream is asked for on a cluster that has five", 8, crowdedStreams},
		{"streams", "a stream is tagged", 20, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.TagResource)
			_, there := r.world.FindStream(op.Stream.Handle)
			return ok && there
		}},
		{"streams", "a stream is waited for to be gone", 15, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.Await)
			return ok && op.Shows == model.StreamGone
		}},
		{"encryption", "a key is replaced by another", 60, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.UpdateCluster)
			return ok && op.Key.Given && r.cluster(op).Status == model.Active
		}},
		{"pagination", "a listing of clusters has several pages", 35, severalPages},
		{"pagination", "a listing of streams has several pages", 12, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.ListStreams)
			return ok && op.Max > 0 && r.streams(op.Ref.Handle) > op.Max
		}},
		{"quota", "a Region has twenty single-Region clusters and is asked for another", 8, crowdedRegion(20, false)},
		{"quota", "a Region has five multi-Region clusters and is asked for another", 10, crowdedRegion(5, true)},
		{"quota", "a cluster has five streams and is asked for another", 15, crowdedStreams},
		{"idle", "a cluster is woken after it had its rest", 20, func(r *run, l model.Line) bool {
			_, ok := l.Op.(model.Connect)
			return ok && r.world.Now > 0 && r.cluster(l.Op).Status == model.Active
		}},
		{"retired", "clusters of one call are read", 50, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.GetCluster)
			return ok && r.linked(op.Ref.Handle)
		}},
		{"retired", "clusters of one call are deleted by one", 30, func(r *run, l model.Line) bool {
			op, ok := l.Op.(model.DeleteMultiRegionClusters)
			return ok && len(op.Refs) > 1 && r.linked(op.Refs[0].Handle)
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

// severalPages reports whether the line lists clusters on more than one page.
func severalPages(r *run, l model.Line) bool {
	op, ok := l.Op.(model.ListClusters)
	n := 0
	for _, c := range r.world.Clusters {
		if c.Region == op.Region && c.Status != model.Gone {
			n++
		}
	}
	return ok && op.Max > 0 && n > op.Max
}

// crowdedRegion reports whether the line creates a cluster in a Region that has
// that many of its kind.
func crowdedRegion(n int, multi bool) func(*run, model.Line) bool {
	return func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.CreateCluster)
		there := 0
		for _, c := range r.world.Clusters {
			if c.Region == op.Region && c.Multi == multi && c.Status != model.Gone {
				there++
			}
		}
		return ok && (op.Multi != nil) == multi && there >= n
	}
}

// crowdedStreams reports whether the line creates a stream on an ACTIVE cluster
// that has five.
func crowdedStreams(r *run, l model.Line) bool {
	op, ok := l.Op.(model.CreateStream)
	return ok && r.cluster(op).Status == model.Active && r.streams(op.Ref.Handle) >= 5
}

func expectOf(op model.Op) model.Expect {
	switch op := op.(type) {
	case model.PutClusterPolicy:
		return op.Expect
	case model.DeleteClusterPolicy:
		return op.Expect
	}
	return model.Expect{}
}

// linked reports whether the cluster was created together with another and
// lives.
func (r *run) linked(h model.Handle) bool {
	_, ok := r.world.Live(h)
	return ok && slices.ContainsFunc(r.lines, func(l model.Line) bool {
		return len(created(l.Op)) > 1 && slices.Contains(created(l.Op), h)
	})
}

// Each value of the tables is drawn by somebody.
func TestEveryValueIsDrawn(t *testing.T) {
	seen := map[string]map[string]bool{}
	see := func(table string, value any) {
		if seen[table] == nil {
			seen[table] = map[string]bool{}
		}
		seen[table][fmt.Sprint(value)] = true
	}
	given := func(table string, m model.Maybe) {
		if m.Given {
			see(table, m.Value)
		}
	}
	for _, p := range Profiles() {
		for seed := range uint64(600) {
			for _, l := range FromSeed(p, seed).Lines {
				if e := expectOf(l.Op); e != (model.Expect{}) {
					given("versions", e.Literal)
					if e.Version != 0 {
						see("expectations", min(e.Version, 3))
					}
				}
				switch op := l.Op.(type) {
				case model.CreateCluster:
					given("keys", op.Key)
					given("policies at creation", op.Policy)
					see("bypass at creation", op.Bypass)
				case model.UpdateCluster:
					given("keys of updates", op.Key)
				case model.PutClusterPolicy:
					see("policies", op.Policy)
					see("bypass", op.Bypass)
				case model.CreateStream:
					given("orderings", op.Ordering)
					given("formats", op.Format)
					given("targets", op.Kinesis)
					given("roles", op.Role)
				case model.ListClusters:
					see("pages", op.Max)
				case model.ListStreams:
					see("pages of streams", op.Max)
				}
			}
		}
	}
	for _, tc := range []struct {
		table string
		want  []string
	}{
		{"versions", badVersions},
		{"expectations", []string{"1", "2", "3"}},
		{"keys", slices.Concat(kmsKeys, badKMSKeys)},
		{"keys of updates", slices.Concat(kmsKeys, badKMSKeys)},
		{"policies at creation", slices.Concat(policies, oddPolicies, badPolicies)},
		{"bypass at creation", []string{"unset", "off", "on"}},
		{"policies", slices.Concat(policies, oddPolicies, badPolicies)},
		{"bypass", []string{"unset", "off", "on"}},
		{"orderings", slices.Concat([]string{"UNORDERED"}, badOrderings)},
		{"formats", slices.Concat([]string{"JSON"}, badFormats)},
		{"targets", badKinesis},
		{"roles", badRoles},
		{"pages", []string{"0", "1", "2", "3", "5", "10", "50", "99", "100", "101"}},
		{"pages of streams", []string{"0", "1", "2", "3", "5", "10", "50", "99", "100", "101"}},
	} {
		for _, value := range tc.want {
			if !seen[tc.table][value] {
				t.Errorf("%s: %.60q is never drawn", tc.table, value)
			}
		}
	}
}
