package conformance_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/conformance/mutants"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// What shrinking has to reach on the planted faults.
const (
	medianOperations = 60   // of the target, to shrink one finding
	shortestShare    = 0.95 // of the findings that end at the known shortest sequence
)

// shrunk is one planted fault, found and shrunk once.
type shrunk struct {
	mutant     mutants.Mutant
	seed       uint64
	tried      int // sequences until it was found
	from       int // lines of the first sequence that showed it
	operations int // of the target, while shrinking
	hits       int
	minimal    model.Sequence
}

// hunt draws sequences, the profiles in turn, until one shows the fault by the
// rule that the row names, and shrinks it.
func hunt(t *testing.T, m mutants.Mutant, seed uint64) (found shrunk) {
	t.Helper()
	const most = 2000
	shows := func(f conformance.Finding) bool { return f.Rule == m.Rule && f.Severity == conformance.Violation }
	synctest.Test(t, func(t *testing.T) {
		target := over(t, m.Handler(options(t, "plain", seed)))
		settings := conformance.Settings{Settle: settle, Shrinking: 1000 * time.Hour}
		profiles := generators.Profiles()
		for i := range most {
			s := generators.FromSeed(profiles[i%len(profiles)], seed*most+uint64(i))
			trace, err := conformance.Replay(t.Context(), target, s, conformance.With(settings))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(trace.Findings, shows) {
				continue
			}
			res, err := conformance.Verify(t.Context(), target, s, true, conformance.With(settings))
			if err != nil {
				t.Fatal(err)
			}
			j := slices.IndexFunc(res.Findings, shows)
			if j < 0 {
				t.Fatalf("%s, seed %d: got no %s again from\n%s", m.ID, seed, m.Rule, s)
			}
			f := res.Findings[j]
			found = shrunk{m, seed, i + 1, len(s.Lines), f.ShrinkOperations, f.Hits, f.Minimal}
			return
		}
		t.Fatalf("%s, seed %d: not found by %d sequences", m.ID, seed, most)
	})
	return found
}

// planted returns the faults whose shortest sequence is known and of 2 to 8
// lines.
func planted() []mutants.Mutant {
	return slices.DeleteFunc(mutants.All(), func(m mutants.Mutant) bool { return m.Shortest < 2 || m.Shortest > 8 })
}

// Each planted fault is found, and shrunk to the shortest sequence that shows
// it, at a price that a real target can be asked.
func TestShrinkingPlantedFaults(t *testing.T) {
	list := planted()
	if len(list) < 10 {
		t.Fatalf("got %d planted faults, want at least 10", len(list))
	}
	var mu sync.Mutex
	var all []shrunk
	t.Run("hunt", func(t *testing.T) {
		for _, m := range list {
			t.Run(m.ID, func(t *testing.T) {
				t.Parallel()
				for seed := range seeds(t, 5, 20) {
					one := hunt(t, m, uint64(seed+1))
					mu.Lock()
					all = append(all, one)
					mu.Unlock()
				}
			})
		}
	})

	var table strings.Builder
	fmt.Fprintf(&table, "%-26s %8s %9s %5s %10s %9s %5s\n", "fault", "shortest", "sequences", "lines", "operations", "reached", "hits")
	for _, m := range list {
		mine := slices.DeleteFunc(slices.Clone(all), func(s shrunk) bool { return s.mutant.ID != m.ID })
		fmt.Fprintf(&table, "%-26s %8d %9d %5d %10d %6d/%d %5d\n", m.ID, m.Shortest,
			median(mine, func(s shrunk) int { return s.tried }), median(mine, func(s shrunk) int { return s.from }),
			median(mine, func(s shrunk) int { return s.operations }), count(mine, shrunk.shortest), len(mine), median(mine, func(s shrunk) int { return s.hits }))
	}
	t.Logf("medians over the seeds\n%s", &table)

	if got := median(all, func(s shrunk) int { return s.operations }); got > medianOperations {
		t.Errorf("got a median of %d operations to shrink a fault, want at most %d", got, medianOperations)
	}
	if got := count(all, shrunk.shortest); float64(got) < shortestShare*float64(len(all)) {
		t.Errorf("got the shortest sequence in %d of %d, want %v of them", got, len(all), shortestShare)
	}
	for _, s := range all {
		if !s.shortest() {
			t.Logf("%s, seed %d: got %d lines, want %d; after %d operations\n%s", s.mutant.ID, s.seed, len(s.minimal.Lines), s.mutant.Shortest, s.operations, s.minimal)
		}
		if s.hits != 5 {
			t.Errorf("%s, seed %d: got %d hits of the minimal sequence in 5 tries, want 5", s.mutant.ID, s.seed, s.hits)
		}
		if len(s.minimal.Lines) < s.mutant.Shortest {
			t.Errorf("%s: got %d lines, shorter than the known shortest %d:\n%s", s.mutant.ID, len(s.minimal.Lines), s.mutant.Shortest, s.minimal)
		}
	}
}

func (s shrunk) shortest() bool { return len(s.minimal.Lines) <= s.mutant.Shortest }

func median(list []shrunk, of func(shrunk) int) int {
	if len(list) == 0 {
		return -1
	}
	var values []int
	for _, s := range list {
		values = append(values, of(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func count(list []shrunk, which func(shrunk) bool) (n int) {
	for _, s := range list {
		if which(s) {
			n++
		}
	}
	return n
}
