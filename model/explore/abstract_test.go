package explore

import (
	"context"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

// around returns a world of the clusters within the abstract bounds pair, each
// called by its place and, but for the Region, as it is given.
func around(clusters ...model.Cluster) *model.World {
	b, _ := LookupAbstract("pair")
	for i := range clusters {
		c := &clusters[i]
		c.Handle = model.Handle(i + 1)
		if c.Region == "" {
			c.Region = b.Regions[i%2]
		}
	}
	return &model.World{Env: model.NewEnv(), Clusters: clusters}
}

// naming1 returns the peers of a cluster that names one.
func naming1(h model.Handle) [model.MaxPeers]model.Handle {
	return [model.MaxPeers]model.Handle{h}
}

func TestAWorldHasAnAbstractState(t *testing.T) {
	pair, _ := LookupAbstract("pair")
	w1, w2 := pair.Witnesses[0], pair.Witnesses[1]
	for name, c := range map[string]struct {
		world *model.World
		want  string
	}{
		"nothing was made": {around(), "none"},
		"a single-Region cluster": {
			around(model.Cluster{Status: model.Creating, Protected: true}),
			"c1 r1 CREATING protected witness=- peer=-"},
		"one in the other Region": {
			around(model.Cluster{Status: model.Idle, Region: pair.Regions[1]}),
			"c1 r2 IDLE open witness=- peer=-"},
		"a change in progress: what was asked is in force, what was before is not": {
			around(model.Cluster{Status: model.Updating, Origin: model.Active, Before: model.Before{Valid: true, Protected: true}}),
			"c1 r1 UPDATING/live open witness=- peer=-"},
		"a set-up in progress, by an update": {
			around(model.Cluster{Status: model.PendingSetup, Multi: true, Witness: w1},
				model.Cluster{Status: model.Updating, Origin: model.PendingSetup, Relinked: true, Multi: true, Witness: w2, Peers: naming1(1), Before: model.Before{Valid: true, Multi: true, Witness: w2}}),
			"c1 r1 PENDING_SETUP open witness=w1 peer=-; c2 r2 UPDATING/setup open witness=w2 peer=c1"},
		"a set-up in progress, by a creation": {
			around(model.Cluster{Status: model.Inactive},
				model.Cluster{Status: model.Updating, Origin: model.PendingSetup, Multi: true, Witness: w1, Peers: naming1(1)}),
			"c1 r1 INACTIVE open witness=- peer=-; c2 r2 UPDATING/setup open witness=w1 peer=c1"},
		"a pair that changes": {
			around(model.Cluster{Status: model.Active, Joined: true, Multi: true, Witness: w1, Peers: naming1(2)},
				model.Cluster{Status: model.Updating, Origin: model.Active, Joined: true, Protected: true, Multi: true, Witness: w1, Peers: naming1(1)}),
			"c1 r1 ACTIVE open witness=w1 peer=c2; c2 r2 UPDATING/live protected witness=w1 peer=c1"},
		"what is gone is remembered": {
			around(model.Cluster{Status: model.Gone, Deleted: true, Joined: true, Multi: true, Witness: w2, Peers: naming1(2)},
				model.Cluster{Status: model.PendingDelete, Deleted: true, Joined: true, Multi: true, Witness: w2, Peers: naming1(1)}),
			"c1 r1 gone open witness=w2 peer=c2; c2 r2 PENDING_DELETE open witness=w2 peer=c1"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := pair.Abstract(c.world)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got.String()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAWorldThatNoAbstractStateExpresses(t *testing.T) {
	pair, _ := LookupAbstract("pair")
	member := model.Cluster{Status: model.Active, Joined: true, Multi: true, Witness: pair.Witnesses[0], Peers: naming1(2)}
	other := member
	other.Peers = naming1(1)
	if _, err := pair.Abstract(around(member, other)); err != nil {
		t.Fatalf("got %v, want none", err)
	}
	for name, edit := range map[string]func(w *model.World, c *model.Cluster){
		"a stranger's Region":             func(_ *model.World, c *model.Cluster) { c.Region = "us-east-1" },
		"a stranger's witness":            func(_ *model.World, c *model.Cluster) { c.Witness = "us-east-1" },
		"a multi-Region one without":      func(_ *model.World, c *model.Cluster) { c.Witness = "" },
		"a single-Region one with one":    func(_ *model.World, c *model.Cluster) { c.Multi, c.Peers = false, naming1(0) },
		"a single-Region one with a peer": func(_ *model.World, c *model.Cluster) { c.Multi, c.Witness = false, "" },
		"two peers":                       func(_ *model.World, c *model.Cluster) { c.Peers[1] = 3 },
		"a peer that was never made":      func(_ *model.World, c *model.Cluster) { c.Peers[0] = 3 },
		"a peer that is nobody's":         func(_ *model.World, c *model.Cluster) { c.Peers[0] = model.Unknown },
		"itself as peer":                  func(_ *model.World, c *model.Cluster) { c.Peers[0] = 1 },
		"an update of an idle one":        func(_ *model.World, c *model.Cluster) { c.Status, c.Origin = model.Updating, model.Idle },
		"an update from nowhere":          func(_ *model.World, c *model.Cluster) { c.Status = model.Updating },
		"a set-up of a single-Region one": func(_ *model.World, c *model.Cluster) {
			*c = model.Cluster{Handle: 1, Region: c.Region, Status: model.Updating, Origin: model.PendingSetup}
		},
		"peers changed after the set-up": func(_ *model.World, c *model.Cluster) {
			c.Status, c.Origin, c.Relinked = model.Updating, model.Active, true
		},
		"one that was single-Region": func(_ *model.World, c *model.Cluster) { c.Turned = true },
		"one that nobody knows":      func(_ *model.World, c *model.Cluster) { c.Nameless = true },
		"another handle":             func(_ *model.World, c *model.Cluster) { c.Handle = 3 },
		"a token":                    func(w *model.World, _ *model.Cluster) { w.Tokens = []model.Use{{}} },
		"a stream":                   func(w *model.World, _ *model.Cluster) { w.Streams = []model.Stream{{}} },
		"too many clusters":          func(w *model.World, _ *model.Cluster) { w.Clusters = make([]model.Cluster, MaxClusters+1) },
	} {
		t.Run(name, func(t *testing.T) {
			w := around(member, other)
			edit(w, &w.Clusters[0])
			if got, err := pair.Abstract(w); err == nil {
				t.Errorf("got %s, want an error", got)
			}
		})
	}
}

// asked returns the calls about the clusters of a world as the abstract bounds
// describe them, from the description and not from the calls of the bounds.
func asked(w *model.World, b *Bounds) []string {
	var list []string
	add := func(op model.Op) { list = append(list, op.String()) }
	protections := []model.Switch{model.Off}
	if b.Protection {
		protections = append(protections, model.Unset)
	}
	if made := len(w.Clusters); made < b.Clusters {
		for _, r := range b.Regions {
			for _, p := range protections {
				c := model.CreateCluster{As: model.Handle(made + 1), Region: r, Protection: p}
				add(c)
				for _, witness := range b.Witnesses {
					c.Multi = &model.MultiRegion{Witness: model.Some(string(witness))}
					add(c)
					for _, p := range w.Clusters {
						if p.Region != r && p.Status != model.Gone {
							c.Multi = &model.MultiRegion{Witness: model.Some(string(witness)), GivenPeers: true, Peers: []model.Ref{{Handle: p.Handle}}}
							add(c)
						}
					}
				}
			}
		}
	}
	for _, c := range w.Clusters {
		it := model.Ref{Handle: c.Handle}
		if c.Status == model.Active && b.Protection {
			add(model.UpdateCluster{Ref: it, Protection: model.Off})
			add(model.UpdateCluster{Ref: it, Protection: model.On})
		}
		for _, p := range w.Clusters {
			if c.Status == model.PendingSetup && c.Peers == naming1(0) && p.Region != c.Region && p.Status != model.Gone {
				add(model.UpdateCluster{Ref: it, Multi: &model.MultiRegion{Witness: model.Some(string(c.Witness)), GivenPeers: true, Peers: []model.Ref{{Handle: p.Handle}}}})
			}
		}
		switch c.Status {
		case model.PendingDelete, model.Deleting, model.Deleted, model.Gone:
		default:
			add(model.DeleteCluster{Ref: it})
		}
		if b.Free && c.Status != model.Gone {
			add(model.Connect{Ref: it})
		}
	}
	slices.Sort(list)
	return list
}

func TestAbstractBoundsAskWhatTheySay(t *testing.T) {
	t.Parallel()
	for _, p := range Abstracts {
		if p.Name == "wide" {
			continue // three has its clusters, pair its protection
		}
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			if sets := model.RegionSets(); slices.ContainsFunc(p.places(), func(r model.Region) bool { return sets[r] != sets[p.Regions[0]] }) || len(p.places()) != len(p.Regions)+len(p.Witnesses) {
				t.Errorf("got Regions %v and witnesses %v, want different ones of one set", p.Regions, p.Witnesses)
			}
			worlds, _ := plain(t, newSearch(p.Bounds, Options{}))
			calls := p.universe()
			for i := range worlds {
				var got []string
				for j := range calls {
					if p.possible(&worlds[i], &calls[j]) {
						got = append(got, calls[j].op.String())
					}
				}
				slices.Sort(got)
				if d := cmp.Diff(asked(&worlds[i], &p.Bounds), got); d != "" {
					t.Fatalf("%v: (-want +got)\n%s", worlds[i].Clusters, d)
				}
			}
		})
	}
}

func TestTheModelIsSoundWithinAbstractBounds(t *testing.T) {
	t.Parallel()
	for _, p := range Abstracts {
		if p.Name != "wide" {
			explored(t, p.Bounds, Options{})
		}
	}
}

// listing explores abstract bounds and returns their states, sorted.
func listing(t *testing.T, name string, o Options) []string {
	t.Helper()
	p, _ := LookupAbstract(name)
	o.Unchecked, o.Abstract = true, true
	var list []string
	r := explored(t, p.Bounds, o)
	for _, s := range r.Steps {
		list = append(list, s.String())
	}
	for _, a := range r.Abstract {
		if !o.Steps {
			list = append(list, a.String())
		}
	}
	slices.Sort(list)
	return list
}

// What one cluster can ever look like and how that can change, for the eye.
func TestTheAbstractStatesOfOneCluster(t *testing.T) {
	for file, o := range map[string]Options{"testdata/alone.txt": {}, "testdata/alone-steps.txt": {Steps: true}} {
		got := strings.Join(listing(t, "alone", o), "\n") + "\n"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s: -want +got\n%s", file, d)
		}
	}
}

// Texts are states, or steps: two states have two texts, whoever found them.
func TestAbstractStatesAreEachOnceWhateverTheWorkers(t *testing.T) {
	t.Parallel()
	for _, steps := range []bool{false, true} {
		want := listing(t, "pair", Options{Workers: 1, Steps: steps})
		if n := len(slices.Compact(slices.Clone(want))); n != len(want) {
			t.Errorf("got %d texts of %d, want one of each", n, len(want))
		}
		if d := cmp.Diff(want, listing(t, "pair", Options{Workers: 5, Steps: steps})); d != "" {
			t.Error(d)
		}
	}
}

// Steps lead from states to others, and to every state but that of no cluster.
func TestAbstractStepsJoinTheStates(t *testing.T) {
	t.Parallel()
	p, _ := LookupAbstract("pair")
	r := explored(t, p.Bounds, Options{Unchecked: true, Abstract: true, Steps: true})
	reached := map[Abstract]bool{0: true}
	for _, s := range r.Steps {
		if s[0] == s[1] || s[1] == 0 {
			t.Fatalf("got %s, want a step to another state", s)
		}
		if _, ok := slices.BinarySearch(r.Abstract, s[0]); !ok {
			t.Fatalf("got %s, want a step from a state that was met", s)
		}
		reached[s[1]] = true
	}
	if d := cmp.Diff(r.Abstract, slices.Sorted(maps.Keys(reached))); d != "" {
		t.Errorf("-states +where steps lead\n%s", d)
	}
}

func TestAbstractStatesAreNotNotedWhereTheyCannotBe(t *testing.T) {
	t.Parallel()
	p, _ := LookupAbstract("alone")
	p.Symmetric = true
	if _, err := Run(context.Background(), p.Bounds, Options{Abstract: true}); err == nil {
		t.Error("got no error with symmetry, want one")
	}
	search, _ := Lookup("one")
	search.Symmetric = false
	if _, err := Run(context.Background(), search.Bounds, Options{Abstract: true, Unchecked: true}); err == nil {
		t.Error("got no error for bounds with tokens, want one")
	}
}
