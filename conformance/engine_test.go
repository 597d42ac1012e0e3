package conformance_test

import (
	"context"
	"fmt"
	"net/http"
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

// The shortest sequence of each mutant shows its fault, by the rule that the
// row names, and nothing without the fault.
func TestReplayOfPlantedFaults(t *testing.T) {
	for _, m := range mutants.All() {
		if m.Minimal == "" {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				told := conformance.Settings{Settle: settle, Kinesis: conformance.MadeUp, Quota: m.Quota, Revision: m.Revision}
				trace := replay(t, over(t, m.Handler(options(t, "plain", 1))), m.Minimal, told)
				var got []model.RuleID
				for _, f := range trace.Findings {
					got = append(got, f.Rule)
				}
				if !slices.Contains(got, m.Rule) {
					t.Errorf("got rules %q, want %q among them, from\n%s", got, m.Rule, m.Minimal)
				}
				trace = replay(t, over(t, reference.New(m.Under(options(t, "plain", 1)))), m.Minimal, told)
				for _, f := range trace.Findings {
					t.Errorf("without the fault: got %s, want no finding", f.Signature())
				}
			})
		})
	}
}

// recorder keeps the calls that reach a target.
type recorder struct {
	conformance.Target
	calls []conformance.Call
}

func (r *recorder) Do(ctx context.Context, c conformance.Call) (conformance.Exchange, error) {
	r.calls = append(r.calls, c)
	return r.Target.Do(ctx, c)
}

func TestHowALineIsSent(t *testing.T) {
	const name = "UpdateCluster"
	for _, tt := range []struct {
		name, line string
		lose       int // answers of the operation to lose, from the first
		calls      int
		whys       []string
		findings   int
	}{
		{"once", "update c1 protection=on", 0, 1, []string{""}, 0},
		{"twice with one token", "update c1 protection=on !twice", 0, 2, []string{"", "again"}, 0},
		{"lost once by order", "update c1 protection=on !lost", 0, 1, []string{""}, 0},
		{"again with its token after a lost answer", "update c1 protection=on", 1, 2, []string{"", "again"}, 0},
		{"again twice", "update c1 protection=on token=t7", 2, 3, []string{"", "again", "again"}, 0},
		{"not more than three times", "update c1 protection=on", 3, 3, []string{"", "again", "again"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := reference.New(options(t, "plain", 1))
				left := tt.lose
				h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPost && r.URL.Path != "/cluster" && left > 0 {
						left--
						w.Header().Set("Content-Type", "application/json")
						w.Header().Set("X-Amzn-Errortype", "InternalServerException")
						w.WriteHeader(http.StatusInternalServerError)
						w.Write([]byte(`{"message":"internal error"}`))
						return
					}
					e.ServeHTTP(w, r)
				})
				rec := &recorder{Target: over(t, h)}
				trace := replay(t, rec, "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\n"+tt.line, conformance.Settings{Settle: settle})
				if len(trace.Findings) != tt.findings {
					for _, f := range trace.Findings {
						t.Log(f.Signature())
					}
					t.Errorf("got %d findings, want %d", len(trace.Findings), tt.findings)
				}
				var whys, tokens []string
				for _, r := range trace.Records {
					if r.Line == 2 && r.Call.Op.Name() == name {
						whys = append(whys, r.Why)
						tokens = append(tokens, r.Call.Token)
					}
				}
				if len(whys) != tt.calls {
					t.Errorf("got %d calls, want %d", len(whys), tt.calls)
				}
				if diff := cmp.Diff(tt.whys, whys); diff != "" {
					t.Errorf("reasons of the calls (-want +got):\n%s", diff)
				}
				if slices.Sort(tokens); len(slices.Compact(tokens)) != 1 {
					t.Errorf("got several tokens, want one")
				}
			})
		})
	}
}

// What a sequence made is gone when it has ended, unless the service may keep
// it, which is noted. The cluster of a create whose answer is thrown away may
// have no name that anybody could know.
func TestTeardownLeavesNothing(t *testing.T) {
	// These may refuse to delete, or to change, what is on its way.
	keeping := []string{"contrary", "crabbed", "shuffled"}
	for _, temper := range reference.Temperaments() {
		t.Run(temper.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				profiles := generators.Profiles()
				for seed := range 28 {
					s := generators.FromSeed(profiles[seed%len(profiles)], uint64(seed))
					for i := range s.Lines {
						s.Lines[i].Lost = false
					}
					e := reference.New(options(t, temper.Name, uint64(seed)))
					trace, err := conformance.Replay(t.Context(), over(t, e), s, conformance.With(conformance.Settings{Settle: settle}))
					if err != nil {
						t.Fatal(err)
					}
					noted := 0
					for _, n := range trace.Notes {
						if n.Kind == "a cluster was left behind" {
							noted = n.Count
						}
					}
					left := e.World().Clusters
					if len(left) != noted || noted > 0 && !slices.Contains(keeping, temper.Name) {
						t.Errorf("got %d clusters left behind, %d noted, by\n%s", len(left), noted, s)
						for _, c := range left {
							t.Logf("%s %s %s, protected %v, peers %v", c.Handle, c.Region, c.Status, c.Protected, c.Peers)
						}
					}
				}
			})
		})
	}
}

// summary is what must not depend on timing or on the number of workers.
type summary struct {
	Profiles   []conformance.ProfileResult
	Findings   []string
	Operations int
}

func summarise(res conformance.Result) summary {
	s := summary{Profiles: res.Profiles, Operations: res.Operations}
	for _, f := range res.Findings {
		s.Findings = append(s.Findings, fmt.Sprintf("%s seed %d hits %d\n%s", f.Signature(), f.Seed, f.Hits, f.Minimal))
	}
	return s
}

func TestASeedDeterminesARun(t *testing.T) {
	m, _ := mutants.Lookup("delete-protected")
	run := func(seed uint64, workers int) (got summary) {
		synctest.Test(t, func(t *testing.T) {
			got = summarise(check(t, over(t, m.Handler(options(t, "plain", 1))), conformance.Settings{
				Seed: seed, Operations: 400, Settle: settle, Workers: workers, Repeats: 1, Shrinking: time.Hour,
			}))
		})
		return got
	}
	first := run(7, 1)
	if len(first.Findings) == 0 {
		t.Fatal("got no finding, want that of the mutant")
	}
	if diff := cmp.Diff(first, run(7, 1)); diff != "" {
		t.Errorf("the same seed once more (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(first, run(7, 3)); diff != "" {
		t.Errorf("three workers (-one +three):\n%s", diff)
	}
	if cmp.Equal(first.Profiles, run(8, 1).Profiles) {
		t.Error("another seed gave the same run")
	}
}

// Shards share the seeds out without overlap and without a gap.
func TestShardsAreDisjoint(t *testing.T) {
	drawn := func(shard, shards, n int) (list []string) {
		synctest.Test(t, func(t *testing.T) {
			check(t, over(t, reference.New(options(t, "plain", 1))), conformance.Settings{
				Sequences: n, Settle: settle, Shard: shard, Shards: shards,
				Observe: func(e conformance.Event) {
					if e.Begin != nil {
						list = append(list, fmt.Sprint(e.Profile, e.Seed))
					}
				},
			})
		})
		slices.Sort(list)
		return list
	}
	turns := 0
	for _, p := range generators.Profiles() {
		if p.Others == 0 { // else it gets no turn without principals
			turns += p.Weight
		}
	}
	both := append(drawn(1, 2, turns), drawn(2, 2, turns)...)
	slices.Sort(both)
	if diff := cmp.Diff(drawn(1, 1, 2*turns), both); diff != "" {
		t.Errorf("two shards (-whole +both):\n%s", diff)
	}
}

// After a finding the run goes on: an independent fault is found too, and one
// in the wake of the first is marked.
func TestGoingOnAfterAFinding(t *testing.T) {
	a, _ := mutants.Lookup("read-across-regions")
	b, _ := mutants.Lookup("tags-replaced")
	synctest.Test(t, func(t *testing.T) {
		opts := b.Over(a.Over(options(t, "plain", 1)))
		trace := replay(t, over(t, reference.New(opts)), `c1 = create us-east-1 tags=a=x
c2 = create us-east-1 tags=a=x
await c1 ACTIVE
await c2 ACTIVE
get c1 @us-east-2
tag c1 b=y
tag c2 b=y
wait 3s
tags c1
tags c2`, conformance.Settings{Settle: settle})
		got := map[int]conformance.Finding{}
		for _, f := range trace.Findings {
			got[f.At] = f
		}
		if f := got[4]; f.Rule != a.Rule || f.After != "" {
			t.Errorf("line 5: got rule %q after %q, want %q alone", f.Rule, f.After, a.Rule)
		}
		if f := got[8]; f.Rule != b.Rule || f.After != got[4].Signature() {
			t.Errorf("line 9: got rule %q after %q, want %q after %q", f.Rule, f.After, b.Rule, got[4].Signature())
		}
		if f := got[9]; f.Rule != b.Rule || f.After != "" {
			t.Errorf("line 10: got rule %q after %q, want %q alone", f.Rule, f.After, b.Rule)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		opts := b.Over(a.Over(options(t, "plain", 1)))
		res := check(t, over(t, reference.New(opts)), conformance.Settings{Sequences: 200, Settle: settle, Repeats: 2, Shrinking: time.Hour})
		var got []model.RuleID
		for _, f := range res.Findings {
			got = append(got, f.Rule)
			if f.After != "" || f.Hits != 2 {
				t.Errorf("%s: got %d hits of 2, after %q; want both, alone", f.Signature(), f.Hits, f.After)
			}
		}
		if !slices.Contains(got, a.Rule) || !slices.Contains(got, b.Rule) {
			t.Errorf("got rules %q, want %q and %q", got, a.Rule, b.Rule)
		}
	})
}

// refusing lets a target refuse what it may, always: each refusal alone is
// legal, all of them together are not.
func refusing(name string, code model.Code) mutants.Mutant {
	return mutants.Mutant{Step: func(next mutants.StepFunc) mutants.StepFunc {
		return func(w model.World, op model.Op) []model.Outcome {
			out := next(w, op)
			if op.Name() != name {
				return out
			}
			return []model.Outcome{{Rules: out[0].Rules, Want: model.Want{Codes: model.Codes(code)}, Next: w}}
		}
	}}
}

func TestGoals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mutant mutants.Mutant
		want   model.RuleID
	}{
		{"no quota for anything", refusing("CreateCluster", model.QuotaExceeded), "DSQL-GOL-008"},
		{"nothing is ever updated", refusing("UpdateCluster", model.Conflict), "DSQL-GOL-004"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := conformance.Settings{Sequences: 120, Settle: settle, Repeats: 1, Shrinking: time.Hour}
				res := check(t, over(t, reference.New(tt.mutant.Over(options(t, "plain", 1)))), s)
				i := slices.IndexFunc(res.Findings, func(f conformance.Finding) bool { return f.Rule == tt.want })
				if i < 0 {
					t.Fatalf("got %d findings, want %s among them", len(res.Findings), tt.want)
				}
				if f := res.Findings[i]; f.Severity != conformance.Suspicion || f.Shape != "never seen to succeed" {
					t.Errorf("got a %s of shape %q, want the suspicion that it was never seen to succeed", f.Severity, f.Shape)
				}
				s.Sequences = 3
				res = check(t, over(t, reference.New(tt.mutant.Over(options(t, "plain", 1)))), s)
				if slices.ContainsFunc(res.Findings, func(f conformance.Finding) bool { return f.Rule == tt.want }) {
					t.Error("got it missed after a few tries, want many first")
				}
			})
		})
	}
}

// A target that answers an open question now one way and now the other
// contradicts itself; one that sticks to its answer does not.
func TestContradictions(t *testing.T) {
	moody := func() mutants.Mutant {
		asked := 0
		return mutants.Mutant{Step: func(next mutants.StepFunc) mutants.StepFunc {
			return func(w model.World, op model.Op) []model.Outcome {
				out := next(w, op)
				update, ok := op.(model.UpdateCluster)
				if !ok || !update.Key.Given {
					return out
				}
				asked++
				var some []model.Outcome
				for _, o := range out {
					if o.Want.Success() == (asked%2 == 0) && o.Breaks == "" {
						some = append(some, o)
					}
				}
				if len(some) == 0 {
					return out
				}
				return some[:1]
			}
		}}
	}
	// A key may be refused at the call (Q30).
	const lines = "c1 = create us-east-1\nawait c1 ACTIVE\nupdate c1 key=alias/mine\nc2 = create us-east-1\nawait c2 ACTIVE\nupdate c2 key=alias/mine"
	for _, tt := range []struct {
		name   string
		mutant mutants.Mutant
		want   int
	}{{"moody", moody(), 1}, {"steady", mutants.Mutant{}, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				res, err := conformance.Verify(t.Context(), over(t, reference.New(tt.mutant.Over(options(t, "plain", 1)))), parse(t, lines), false,
					conformance.With(conformance.Settings{Settle: settle}))
				if err != nil {
					t.Fatal(err)
				}
				if len(res.Findings) != tt.want {
					t.Errorf("got %d findings, want %d; answers %v", len(res.Findings), tt.want, res.Open)
				}
				for _, f := range res.Findings {
					if f.Rule != "DSQL-ERR-007" || f.Severity != conformance.Suspicion {
						t.Errorf("got %s %s, want the suspicion DSQL-ERR-007", f.Severity, f.Rule)
					}
				}
			})
		})
	}
}

// An interrupted run holds what it found, and undoes what it made.
func TestInterrupt(t *testing.T) {
	m, _ := mutants.Lookup("delete-protected")
	synctest.Test(t, func(t *testing.T) {
		e := reference.New(m.Over(options(t, "plain", 1)))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		calls := 0
		res, err := conformance.Check(ctx, over(t, e), conformance.With(conformance.Settings{
			Sequences: 1000, Settle: settle,
			Observe: func(ev conformance.Event) {
				if ev.Finding != nil && ev.Finding.Severity == conformance.Violation {
					calls = 1
				} else if ev.Record != nil && calls > 0 {
					if calls++; calls > 5 {
						cancel()
					}
				}
			},
		}))
		if err != nil {
			t.Fatal(err)
		}
		if !res.Interrupted || res.Verdict != conformance.Diverges || len(res.Findings) == 0 {
			t.Errorf("got interrupted %v, %s, %d findings; want the finding of an interrupted run", res.Interrupted, res.Verdict, len(res.Findings))
		}
		time.Sleep(time.Minute)
		for _, c := range e.World().Clusters {
			t.Errorf("got %s left behind %s, want nothing", c.Handle, c.Status)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		res, err := conformance.Check(ctx, over(t, reference.New(options(t, "plain", 1))), conformance.With(conformance.Settings{Sequences: 10}))
		if err != nil || !res.Interrupted || res.Verdict != conformance.Inconclusive || res.Operations != 0 {
			t.Errorf("got %v, %s, %d operations, interrupted %v; want nothing done", err, res.Verdict, res.Operations, res.Interrupted)
		}
	})
}

func TestUnknownProfile(t *testing.T) {
	_, err := conformance.Check(t.Context(), nil, conformance.Only("lifecycle", "nonsense"))
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("got error %v, want one that names the profile", err)
	}
}
