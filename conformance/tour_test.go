package conformance_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/conformance/mutants"
	"dsqlconform/conformance/reference"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// sequences returns n sequences of the same lines.
func sequences(t testing.TB, n int, lines string) []model.Sequence {
	t.Helper()
	return slices.Repeat([]model.Sequence{parse(t, lines)}, n)
}

// none is every profile but none: the tour alone.
var none = []generators.Profile{}

// begun runs a check on a plain endpoint, with an observer of its own, and
// returns the profile and the seed of each sequence in the order of their
// beginning.
func begun(t *testing.T, s conformance.Settings) (list []string, res conformance.Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if s.Settle == 0 {
			s.Settle = settle
		}
		s.Observe = func(e conformance.Event) {
			if e.Begin != nil {
				list = append(list, fmt.Sprintf("%s %d", e.Profile, e.Seed))
			}
		}
		res = check(t, over(t, reference.New(options(t, "plain", 1))), s)
	})
	return list, res
}

func TestTheTourComesFirst(t *testing.T) {
	tags, err := generators.Select("tags,listing") // of the weights 2 and 2, see below
	if err != nil {
		t.Fatal(err)
	}
	tags[0].Weight, tags[1].Weight = 1, 2
	tour := sequences(t, 9, "list us-east-1\nlist us-east-2")
	for _, tt := range []struct {
		name string
		told conformance.Settings
		want string
	}{
		{"whole, where it is no more than a quarter of the sequences", conformance.Settings{Sequences: 12, Tour: tour[:3], Profiles: tags},
			"tour 1, tour 2, tour 3, tags 5, listing 5, listing 6, tags 6, listing 7, listing 8, tags 7, listing 9, listing 10"},
		{"for a quarter of the sequences, then in turn", conformance.Settings{Sequences: 14, Tour: tour, Profiles: tags},
			"tour 1, tour 2, tour 3, tour 4, tags 5, listing 5, tour 5, listing 6, tour 6, tour 7, tour 8, tags 6, listing 7, tour 9"},
		{"alone, and then the run is done", conformance.Settings{Sequences: 14, Tour: tour[:4], Profiles: none},
			"tour 1, tour 2, tour 3, tour 4"},
		{"alone, within the limit", conformance.Settings{Sequences: 2, Tour: tour[:4], Profiles: none},
			"tour 1, tour 2"},
		{"alone, within the limit of operations", conformance.Settings{Operations: 5, Tour: tour[:4], Profiles: none},
			"tour 1, tour 2, tour 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.told.Seed = 5
			got, _ := begun(t, tt.told)
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("sequences (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("for a quarter of the operations", func(t *testing.T) {
		got, _ := begun(t, conformance.Settings{Seed: 5, Operations: 16, Tour: tour, Profiles: tags})
		// Two lines each: a quarter is two sequences.
		if want := "tour 1, tour 2, tags 5"; !strings.HasPrefix(strings.Join(got, ", "), want) {
			t.Errorf("got %q, want it to begin with %q", got, want)
		}
	})
}

func TestTheTourHasAQuarterOfTheBudgetToItself(t *testing.T) {
	profiles, err := generators.Select("lifecycle")
	if err != nil {
		t.Fatal(err)
	}
	profiles[0].Weight = 1
	got, res := begun(t, conformance.Settings{Budget: 20 * time.Second, Profiles: profiles, Steps: 1, Tour: sequences(t, 100, "list us-east-1\nwait 1s")})
	want := []string{"tour 1", "tour 2", "tour 3", "tour 4", "tour 5", "lifecycle 1", "tour 6", "tour 7", "tour 8", "tour 9", "lifecycle 2"}
	if len(got) < len(want) {
		t.Fatalf("got %q, want more", got)
	}
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
		t.Errorf("the first sequences (-want +got):\n%s", diff)
	}
	p := res.Profiles[0]
	if want := fmt.Sprintf("%d of its 100 sequences were replayed", p.Sequences); p.Name != conformance.TourName || p.Verdict != conformance.Conforms || p.Reason != want {
		t.Errorf("got %+v, want the tour first, which conforms, and the reason %q", p, want)
	}
}

func TestATourAloneEndsBeforeItsBudget(t *testing.T) {
	got, res := begun(t, conformance.Settings{Budget: time.Hour, Profiles: none, Tour: sequences(t, 7, "c1 = create us-east-1\nwait 10m\nget c1"), Workers: 3})
	if len(got) != 7 || res.Sequences != 7 || res.Duration > 40*time.Minute {
		t.Errorf("got %d sequences in %v, want 7 in less than their budget", res.Sequences, res.Duration)
	}
	want := []conformance.ProfileResult{{Name: conformance.TourName, Verdict: conformance.Conforms, Sequences: 7, Operations: res.Operations}}
	if diff := cmp.Diff(want, res.Profiles); diff != "" || res.Verdict != conformance.Conforms {
		t.Errorf("got %s, profiles (-want +got):\n%s", res.Verdict, diff)
	}
	if n := res.Toured["CREATING service ACTIVE"]; n != 7 || res.Toured["GetCluster ACTIVE single ok"] == 0 {
		t.Errorf("got %d times %q covered by the tour, want 7, and its read", n, "CREATING service ACTIVE")
	}
	if len(res.Toured) != len(res.Edges)+len(res.Cells) {
		t.Errorf("got %d points, want every edge and every cell", len(res.Toured))
	}
}

func TestWhatTheTourCoversIsCountedApart(t *testing.T) {
	_, res := begun(t, conformance.Settings{Sequences: 60, Tour: sequences(t, 1, "list us-east-1")})
	hit := 0
	for _, n := range res.Toured {
		hit += min(n, 1)
	}
	if hit != 1 || res.Toured["ListClusters none none ok"] != 1 || res.Cells["ListClusters none none ok"] < 2 {
		t.Errorf("got %d points of the tour, want its listing alone, and the run's apart", hit)
	}
	if _, res := begun(t, conformance.Settings{Sequences: 3}); res.Toured != nil {
		t.Error("got what the tour covered of a run without one")
	}
}

func TestARunOfNothingIsRefused(t *testing.T) {
	_, err := conformance.Check(t.Context(), nil, conformance.Only(conformance.TourName))
	if err == nil || !strings.Contains(err.Error(), "neither a profile nor a tour") {
		t.Errorf("got error %v, want one that says that there is nothing to do", err)
	}
}

// What waits for long comes last, and only where there is time for it.
func TestTheTourWaitsOnlyWhereThereIsTime(t *testing.T) {
	tour := []model.Sequence{parse(t, "wait 1m\nlist us-east-1"), parse(t, "wait 10s\nlist us-east-1"), parse(t, "list us-east-1"), parse(t, "wait 2m\nlist us-east-1")}
	tags, err := generators.Select("tags")
	if err != nil {
		t.Fatal(err)
	}
	tags[0].Weight = 1
	for _, tt := range []struct {
		name string
		told conformance.Settings
		want string
	}{
		{"alone and without a budget", conformance.Settings{Sequences: 9, Profiles: none}, "tour 3, tour 2, tour 1, tour 4"},
		{"alone, in a budget", conformance.Settings{Budget: 90 * time.Second, Profiles: none}, "tour 3, tour 2, tour 1"},
		{"in company and without a budget: no longer than a transition", conformance.Settings{Sequences: 24, Profiles: tags}, "tour 3, tour 2"},
		{"in company, in a budget", conformance.Settings{Budget: 90 * time.Second, Profiles: tags}, "tour 3, tour 2, tour 1"},
		{"in company, in a larger budget", conformance.Settings{Budget: time.Hour, Operations: 200, Profiles: tags}, "tour 3, tour 2, tour 1, tour 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.told.Tour = tour
			all, res := begun(t, tt.told)
			got := slices.DeleteFunc(all, func(s string) bool { return !strings.HasPrefix(s, conformance.TourName) })
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("sequences (-want +got):\n%s", diff)
			}
			if complete := res.Profiles[0].Reason == ""; complete != (len(got) == len(tour)) {
				t.Errorf("got the reason %q for %d of %d sequences", res.Profiles[0].Reason, len(got), len(tour))
			}
		})
	}
}

// Each shard replays its part of the tour, under the same numbers.
func TestShardsShareTheTour(t *testing.T) {
	var all []string
	for shard := 1; shard <= 3; shard++ {
		got, res := begun(t, conformance.Settings{Sequences: 100, Tour: sequences(t, 8, "list us-east-1"), Profiles: none, Shard: shard, Shards: 3})
		if res.Verdict != conformance.Conforms || res.Profiles[0].Reason != "" {
			t.Errorf("shard %d: got %s, %+v; want its part replayed whole", shard, res.Verdict, res.Profiles)
		}
		all = append(all, got...)
	}
	slices.Sort(all)
	if diff := cmp.Diff([]string{"tour 1", "tour 2", "tour 3", "tour 4", "tour 5", "tour 6", "tour 7", "tour 8"}, all); diff != "" {
		t.Errorf("the sequences of three shards (-want +got):\n%s", diff)
	}
	tags, err := generators.Select("tags")
	if err != nil {
		t.Fatal(err)
	}
	_, res := begun(t, conformance.Settings{Sequences: 3, Tour: sequences(t, 1, "list us-east-1"), Profiles: tags, Shard: 2, Shards: 2})
	if len(res.Profiles) != 1 || res.Verdict != conformance.Conforms {
		t.Errorf("got %s, %+v of a shard without a part of the tour; want it to conform without", res.Verdict, res.Profiles)
	}
}

func TestATourGoesToTheRegionsOfTheTarget(t *testing.T) {
	tour := []model.Sequence{
		parse(t, "c1 = create us-east-1 witness=us-west-2\nget c1 @us-west-2\nget c1 @us-east-2\nget c1 @ap-south-1\nlist us-east-2"),
		parse(t, "list us-east-1"),
		parse(t, "c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2"),
	}
	for _, tt := range []struct {
		name    string
		regions []model.Region
		want    []string
	}{
		{"other ones", []model.Region{"us-west-2", "us-east-1", "eu-west-1"}, []string{
			"c1 = create us-west-2 witness=us-east-2; get c1 @us-east-2; get c1 @us-east-1; get c1 @ap-south-1; list us-east-1",
			"list us-west-2",
			"c1,c2 = create-linked us-west-2 regions=us-west-2,us-east-1 witness=us-east-2",
		}},
		{"one only", []model.Region{"us-west-2"}, []string{"list us-west-2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			synctest.Test(t, func(t *testing.T) {
				check(t, over(t, reference.New(options(t, "plain", 1))), conformance.Settings{
					Sequences: 3, Tour: tour, Profiles: none, Regions: tt.regions, Witness: "us-east-2", Settle: settle,
					Observe: func(e conformance.Event) {
						if e.Begin != nil {
							var lines []string
							for _, l := range e.Begin.Lines {
								lines = append(lines, l.String())
							}
							got = append(got, strings.Join(lines, "; "))
							if diff := cmp.Diff(tt.regions, e.Begin.Regions); diff != "" || e.Begin.Seed != e.Seed || e.Begin.Profile != conformance.TourName {
								t.Errorf("got the header of %+v, want the target's Regions, and where it comes from", e.Begin)
							}
						}
					},
				})
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("sequences (-want +got):\n%s", diff)
			}
		})
	}
	if got := tour[0].Lines[0].String(); got != "c1 = create us-east-1 witness=us-west-2" {
		t.Errorf("got %q, want the caller's tour left as it was", got)
	}
}

// A fault that no profile draws is found by the tour, under its number, and made
// small.
func TestAFaultThatOnlyTheTourShows(t *testing.T) {
	tags := model.NewTags(map[string]string{"rare": "x"})
	rare := mutants.Mutant{Step: func(next mutants.StepFunc) mutants.StepFunc {
		return func(w model.World, op model.Op) []model.Outcome {
			if create, ok := op.(model.CreateCluster); ok && create.Tags == tags && create.Protection == model.Unset {
				create.Protection = model.Off
				return next(w, create)
			}
			return next(w, op)
		}
	}}
	tour := sequences(t, 3, "list us-east-1")
	tour[1] = parse(t, "list us-east-1\nc1 = create us-east-1 tags=a=b\nawait c1 ACTIVE\nc2 = create us-east-2 tags=rare=x token=t1\nget c2\ntags c1")
	run := func(tour []model.Sequence, workers int) (res conformance.Result) {
		synctest.Test(t, func(t *testing.T) {
			res = check(t, over(t, reference.New(rare.Over(options(t, "plain", 1)))), conformance.Settings{
				Sequences: 60, Tour: tour, Settle: settle, Repeats: 2, Shrinking: time.Hour, Workers: workers,
			})
		})
		return res
	}
	if res := run(nil, 1); len(res.Findings) != 0 {
		t.Fatalf("without a tour: got %s, want no finding", res.Findings[0].Signature())
	}
	res := run(tour, 1)
	if len(res.Findings) != 1 {
		t.Fatalf("got %d findings, want that of the fault", len(res.Findings))
	}
	f := res.Findings[0]
	if f.Profile != conformance.TourName || f.Seed != 2 || f.Hits != 2 || f.Sequence.Seed != 2 {
		t.Errorf("got a finding of %s %d, seen again %d times; want one of tour 2, seen again twice", f.Profile, f.Seed, f.Hits)
	}
	var minimal []string
	for _, l := range f.Minimal.Lines {
		minimal = append(minimal, l.String())
	}
	if diff := cmp.Diff([]string{"c1 = create us-east-1 tags=rare=x"}, minimal); diff != "" {
		t.Errorf("the minimal sequence (-want +got):\n%s", diff)
	}
	if p := res.Profiles[0]; p.Name != conformance.TourName || p.Verdict != conformance.Diverges {
		t.Errorf("got %+v first, want the tour, which diverges", p)
	}
	if diff := cmp.Diff(summarise(res), summarise(run(tour, 3))); diff != "" {
		t.Errorf("three workers (-one +three):\n%s", diff)
	}
}

// What a tour has found is kept when it is interrupted, or the target dies.
func TestATourThatIsCutShort(t *testing.T) {
	m, _ := mutants.Lookup("delete-protected")
	tour := sequences(t, 50, "list us-east-1\nwait 1s")
	tour[2] = parse(t, "c1 = create us-east-1\ndelete c1")
	for _, tt := range []struct {
		name string
		cut  func(*dying, context.CancelFunc)
	}{
		{"by an interrupt", func(_ *dying, cancel context.CancelFunc) { cancel() }},
		{"by the death of the target", func(d *dying, _ context.CancelFunc) { d.dead = true }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				target := &dying{Target: over(t, m.Handler(options(t, "plain", 1)))}
				res, err := conformance.Check(ctx, target, conformance.With(conformance.Settings{
					Sequences: 400, Tour: tour, Settle: settle,
					Observe: func(e conformance.Event) {
						if e.Begin != nil && e.Seed == 6 && e.Profile == conformance.TourName {
							tt.cut(target, cancel)
						}
					},
				}))
				if err != nil {
					t.Fatal(err)
				}
				p := res.Profiles[0]
				if res.Verdict != conformance.Diverges || p.Name != conformance.TourName || p.Verdict != conformance.Diverges || p.Sequences < 5 {
					t.Errorf("got %s, %+v; want the tour to diverge after five sequences", res.Verdict, p)
				}
				for _, p := range res.Profiles[1:] {
					if p.Verdict == conformance.Conforms {
						t.Errorf("got %+v, want no profile to conform without a turn", p)
					}
				}
			})
		})
	}
}

// dying is a target that nobody listens at any more once it is dead.
type dying struct {
	conformance.Target
	dead bool
}

func (d *dying) Do(ctx context.Context, c conformance.Call) (conformance.Exchange, error) {
	if d.dead {
		return conformance.Exchange{Answer: conformance.Answer{Outage: conformance.Unreachable}}, nil
	}
	return d.Target.Do(ctx, c)
}

func TestASeedDeterminesARunWithATour(t *testing.T) {
	told := conformance.Settings{Seed: 7, Operations: 600, Tour: sequences(t, 30, "c1 = create us-east-1\nawait c1 ACTIVE\nget c1"), Repeats: 1}
	_, one := begun(t, told)
	told.Workers = 3
	_, three := begun(t, told)
	if diff := cmp.Diff(summarise(one), summarise(three)); diff != "" {
		t.Errorf("three workers (-one +three):\n%s", diff)
	}
	for _, p := range one.Profiles {
		if p.Verdict == conformance.Inconclusive {
			t.Errorf("got %+v, want each profile to have its turn", p)
		}
	}
}

// Under go test the tour leaves out what waits longer than a transition may take.
func TestRunReplaysTheTour(t *testing.T) {
	checks(t, "1")
	var got []string
	target, told := conditions{temperament: "fast"}.start(t, 1)
	told.Tour = append(sequences(t, 2, "list us-east-1"), parse(t, "wait 1h"))
	told.Profiles = none
	told.Observe = func(e conformance.Event) {
		if e.Begin != nil {
			got = append(got, fmt.Sprintf("%s %d", e.Profile, e.Seed))
		}
	}
	conformance.Run(t, target, conformance.With(told))
	if diff := cmp.Diff([]string{"tour 1", "tour 2"}, got); diff != "" {
		t.Errorf("sequences (-want +got):\n%s", diff)
	}
}
