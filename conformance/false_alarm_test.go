package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/weather"
)

// chunk is how many sequences one endpoint serves: contradictions and goals
// need many, and many endpoints have many seeds.
const chunk = 140

// silent runs n sequences against endpoints of one temperament under the
// weathers, and fails on every finding. It returns what the runs noted.
func silent(t *testing.T, temperament string, weathers []string, seed uint64, n int) (notes map[string]int) {
	notes = map[string]int{}
	operations, doubtful := 0, 0
	doubts := map[string]int{}
	for first := 0; first < n; first += chunk {
		synctest.Test(t, func(t *testing.T) {
			seed := seed + uint64(first)
			e := reference.New(options(t, temperament, seed))
			wrap, lag, err := weather.Compose(weathers, weather.Config{Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			res := check(t, over(t, wrap(e)), conformance.Settings{
				Seed: seed, Sequences: min(chunk, n-first), Settle: settle, ReadLag: lag,
				Repeats: 1, Shrinking: 1000 * time.Hour,
			})
			for _, f := range res.Findings {
				t.Errorf("endpoint %s seed %d, weathers %q: got a finding, want none\n%s\nalone %d/%d, after %q, profile %s seed %d\n%s\ndiff %s",
					temperament, seed, weathers, conformance.Message(f), f.Hits, f.Tries, f.After, f.Profile, f.Seed, f.Sequence, f.Diff)
			}
			for _, p := range res.Profiles {
				operations += p.Operations
				doubtful += p.Doubtful
				if p.Sequences > 0 && p.Verdict != conformance.Conforms {
					t.Errorf("%s: got %s (%s), want conforms", p.Name, p.Verdict, p.Reason)
				}
			}
			for _, d := range res.Doubts {
				doubts[d.Reason] += d.Count
			}
			for _, x := range res.Notes {
				notes[x.Kind] += x.Count
			}
		})
	}
	if doubtful*100 > operations {
		t.Errorf("got %d of %d operations in doubt (%v), want at most 1 %%", doubtful, operations, doubts)
	}
	t.Logf("%d sequences, %d operations, doubts %v, notes %v", n, operations, doubts, notes)
	return notes
}

// Whatever a temperament makes of what the documents leave open, it is no
// finding.
func TestNoFalseAlarm(t *testing.T) {
	all := reference.Temperaments()
	if len(all) < 12 {
		t.Errorf("got %d temperaments, want at least 12", len(all))
	}
	n := seeds(t, 42, 1)
	for _, temper := range all {
		t.Run(temper.Name, func(t *testing.T) {
			t.Parallel()
			silent(t, temper.Name, nil, 1, n)
		})
	}
}

// Nor is what lies around the service: old reads, lost answers, strangers.
func TestNoFalseAlarmInAnyWeather(t *testing.T) {
	n := seeds(t, 42, 4)
	for _, w := range weather.All() {
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			notes := silent(t, "plain", []string{w.Name}, 1, n)
			if stale := notes["stale read"]; (w.ReadLag > 0 && w.Name != "region-lag" || w.Name == "listing-lag") != (stale > 0) {
				t.Errorf("got %d notes of stale reads, read lag %v", stale, w.ReadLag)
			}
		})
	}
}

// Weathers and temperaments meet.
func TestNoFalseAlarmInMixedWeather(t *testing.T) {
	n := seeds(t, 8, 100)
	all := weather.All()
	for mix := range n {
		r := rand.New(rand.NewPCG(uint64(mix), 0))
		var names []string
		for _, i := range r.Perm(len(all))[:2+r.IntN(len(all)-1)] {
			names = append(names, all[i].Name)
		}
		tempers := reference.Temperaments()
		temper := tempers[r.IntN(len(tempers))].Name
		t.Run(fmt.Sprintf("%s under %s", temper, strings.Join(names, "+")), func(t *testing.T) {
			t.Parallel()
			silent(t, temper, slices.Clone(names), uint64(1000*mix+1), 20)
		})
	}
}
