package explore

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

// small are the bounds that the tests explore.
var small = []string{"one", "tokens", "linked", "pair", "hostile"}

func explored(t *testing.T, b Bounds, o Options) Report {
	t.Helper()
	r, err := Run(context.Background(), b, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Counterexample != nil {
		t.Fatalf("got a counterexample:\n%s", r.Counterexample)
	}
	return r
}

// The model is sound within every small bound, and each of its rules is met or
// excused. DSQLCONFORM_EXPLORE names further bounds.
func TestTheModelIsSoundWithinBounds(t *testing.T) {
	t.Parallel()
	names := small
	if more := os.Getenv("DSQLCONFORM_EXPLORE"); more != "" {
		names = append(slices.Clip(names), strings.Split(more, ",")...)
	}
	var reports []Report
	for _, name := range names {
		p, ok := Lookup(name)
		if !ok {
			t.Fatalf("got no bounds %q", name)
		}
		r := explored(t, p.Bounds, Options{})
		if !r.Complete {
			t.Errorf("%s: got %d worlds, want all", name, r.States)
		}
		t.Logf("%s: %d states, %d transitions, depth %d, %.1f transitions a state, %s", name, r.States, r.Transitions, r.Depth, r.Branching(), r.Elapsed)
		reports = append(reports, r)
	}
	var statuses model.StatusSet
	for _, r := range reports {
		statuses |= r.Statuses
	}
	for s := model.Creating; s <= model.Gone; s++ {
		if !statuses.Has(s) {
			t.Errorf("got no world with a cluster that is %s", s)
		}
	}
	idle, met := Idle(reports...)
	for _, id := range idle {
		t.Errorf("%s is never met and not excused: %s", id, rule(id).Says)
	}
	for _, id := range met {
		t.Errorf("%s is met though excused: %s", id, Excuse(id))
	}
}

// plain is the search that nobody can get wrong: worlds as texts in a map, no
// keys, one goroutine.
func plain(t *testing.T, s *search) (worlds []model.World, transitions int) {
	seen := map[string]bool{}
	add := func(w *model.World) {
		if text := worldText(w); !seen[text] {
			seen[text] = true
			worlds = append(worlds, *w)
		}
	}
	add(&model.World{Env: s.codec.env})
	for i := 0; i < len(worlds); i++ {
		if i == 40_000 {
			t.Fatal("got too many worlds for a plain search")
		}
		w := worlds[i]
		s.each(&w, func(st *step) bool {
			transitions++
			if len(st.next.Clusters) <= s.bounds.Clusters {
				add(st.next)
			}
			return true
		})
	}
	return worlds, transitions
}

// worldText returns all of a world's identity. Uses of tokens are a set: which
// came first, and how often, makes no difference.
func worldText(w *model.World) string {
	var uses []string
	for _, u := range w.Tokens {
		u.At, u.Shown = 0, 0
		uses = append(uses, fmt.Sprintf("%+v", u))
	}
	slices.Sort(uses)
	text := strings.Join(slices.Compact(uses), "\n")
	for _, c := range w.Clusters {
		c.Since, c.Born = model.Span{}, 0
		text += fmt.Sprintf("\n%+v", c)
	}
	return text
}

func TestKeysSearchWhatAPlainSearchDoes(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]Bounds{
		"one":    {Clusters: 1, Regions: regions[:1], Witnesses: regions[2:], Tokens: 2, Protection: true, Relink: true, Hostile: true, Free: true, Reads: true},
		"tokens": {Clusters: 2, Regions: regions[:2], Tokens: 2},
		"linked": {Clusters: 2, Regions: regions[:2], Witnesses: regions[2:]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			worlds, transitions := plain(t, newSearch(b, Options{}))
			got := explored(t, b, Options{Unchecked: true})
			if got.States != len(worlds) || got.Transitions != transitions {
				t.Errorf("got %d states and %d transitions, want %d and %d", got.States, got.Transitions, len(worlds), transitions)
			}
			// With symmetry there is one world of each kind.
			b.Symmetric = true
			s := newSearch(b, Options{})
			kinds := map[key]bool{}
			for i := range worlds {
				k, err := s.codec.pack(&worlds[i])
				if err != nil {
					t.Fatal(err)
				}
				kinds[least(s.codec, k)] = true
			}
			if got := explored(t, b, Options{Unchecked: true}); got.States != len(kinds) {
				t.Errorf("got %d states with symmetry, want %d", got.States, len(kinds))
			}
		})
	}
}

// least returns the least key of all renamings, by trying each.
func least(c *codec, k key) key {
	var w model.World
	best, made := k, k.made()
	for i := range c.group.size() {
		r := c.group.renaming(i)
		if slices.ContainsFunc(r.clusters[:made], func(to int) bool { return to >= made }) {
			continue
		}
		c.unpack(&k, &w)
		renamed := model.World{Env: w.Env, Clusters: make([]model.Cluster, made)}
		peers := func(list [model.MaxPeers]model.Handle) [model.MaxPeers]model.Handle {
			var out []model.Handle
			for _, h := range list {
				switch {
				case h == model.Unknown:
					out = append(out, h)
				case h != 0:
					out = append(out, model.Handle(r.clusters[h-1]+1))
				}
			}
			slices.Sort(out)
			var array [model.MaxPeers]model.Handle
			copy(array[:], out)
			return array
		}
		for j, m := range w.Clusters {
			m.Handle = model.Handle(r.clusters[j] + 1)
			m.Region, m.Witness, m.Before.Witness = r.region(m.Region), r.region(m.Witness), r.region(m.Before.Witness)
			m.Peers, m.Before.Peers = peers(m.Peers), peers(m.Before.Peers)
			renamed.Clusters[m.Handle-1] = m
		}
		for _, u := range w.Tokens {
			renamed.Tokens = append(renamed.Tokens, r.use(u))
		}
		other, err := c.pack(&renamed)
		if err == nil && other.compare(&best) < 0 {
			best = other
		}
	}
	return best
}

func TestAKeyHoldsAllOfAWorld(t *testing.T) {
	t.Parallel()
	b := Bounds{Clusters: 2, Regions: regions[:2], Witnesses: regions[2:], Tokens: 1, Protection: true}
	s := newSearch(b, Options{})
	worlds, _ := plain(t, newSearch(Bounds{Clusters: 2, Regions: regions[:2], Witnesses: regions[2:]}, Options{}))
	var back model.World
	for i := range worlds {
		k, err := s.codec.pack(&worlds[i])
		if err != nil {
			t.Fatal(err)
		}
		s.codec.unpack(&k, &back)
		if got, want := worldText(&back), worldText(&worlds[i]); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestAReportDoesNotDependOnTheWorkers(t *testing.T) {
	t.Parallel()
	p, _ := Lookup("linked")
	want := explored(t, p.Bounds, Options{Workers: 1})
	got := explored(t, p.Bounds, Options{Workers: 5})
	want.Elapsed, got.Elapsed = 0, 0
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestASearchEndsWhenTheMemoryIsUsedUp(t *testing.T) {
	t.Parallel()
	p, _ := Lookup("pair")
	r := explored(t, p.Bounds, Options{Memory: 1000 * worldBytes})
	if r.Complete || r.States < 1000 {
		t.Errorf("got %d worlds, complete %v, want at least 1000 and incomplete", r.States, r.Complete)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := Run(ctx, p.Bounds, Options{}); err != nil || r.Complete {
		t.Errorf("got complete %v, %v from a search that was cancelled, want incomplete", r.Complete, err)
	}
}

func TestBoundsThatCannotBeExplored(t *testing.T) {
	t.Parallel()
	fits := Bounds{Clusters: 2, Regions: regions[:2]}
	for name, edit := range map[string]func(*Bounds){
		"no cluster":            func(b *Bounds) { b.Clusters = 0 },
		"more than a key holds": func(b *Bounds) { b.Clusters = MaxClusters + 1 },
		"no Region":             func(b *Bounds) { b.Regions = nil },
		"a nameless Region":     func(b *Bounds) { b.Regions = []model.Region{""} },
		"too many Regions":      func(b *Bounds) { b.Regions = []model.Region{"a", "b", "c", "d", "e", "f", "g"} },
		"too many tokens":       func(b *Bounds) { b.Tokens = maxUses },
		"too many uses":         func(b *Bounds) { b.Tokens, b.Uses = 1, math.MaxInt/2 },
		"fewer than no token":   func(b *Bounds) { b.Tokens = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			b := fits
			edit(&b)
			if _, err := Run(context.Background(), b, Options{}); err == nil {
				t.Errorf("got no error for %+v", b)
			}
		})
	}
	for _, p := range Presets {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

// What the bounds do not foresee is an error, not a world that is folded into
// another.
func TestASearchRefusesWhatItCannotHold(t *testing.T) {
	t.Parallel()
	p, _ := Lookup("one")
	for name, edit := range map[string]func(*model.World){
		"another handle":    func(w *model.World) { w.Clusters[0].Handle = 3 },
		"an unforeseen use": func(w *model.World) { w.Tokens = []model.Use{{Token: "t9", Cluster: 1}} },
		"a stream":          func(w *model.World) { w.Streams = []model.Stream{{}} },
	} {
		o := stepWith(func(_ model.World, op model.Op, out []model.Outcome) []model.Outcome {
			for i := range out {
				if len(out[i].Next.Clusters) > 0 && out[i].Want.Success() {
					out[i].Next.Clusters = slices.Clone(out[i].Next.Clusters)
					edit(&out[i].Next)
				}
			}
			return out
		})
		o.Unchecked = true
		if _, err := Run(context.Background(), p.Bounds, o); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	p, _ := Lookup("pair")
	defer Limit(1 << 30)()
	for _, unchecked := range []bool{false, true} {
		b.Run(fmt.Sprintf("unchecked=%v", unchecked), func(b *testing.B) {
			n := 0
			for b.Loop() {
				r, err := Run(context.Background(), p.Bounds, Options{Unchecked: unchecked, Workers: 2})
				if err != nil {
					b.Fatal(err)
				}
				n += r.Transitions
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "transitions/s")
		})
	}
}
