package tours_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/tours"
	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// longest is how many lines a sequence may have, so that what is found in it is
// easy to read.
const longest = 40

// covering plays all tours, and returns which sequences cover each point, however
// long calls take.
func covering(t *testing.T) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	results := make([]map[string][]string, len(tours.Tours()))
	t.Run("play", func(t *testing.T) {
		for i, tour := range tours.Tours() {
			t.Run(tour.Temperament, func(t *testing.T) {
				t.Parallel()
				results[i] = playAll(t, &tour)
			})
		}
	})
	for _, r := range results {
		for point, list := range r {
			names[point] = append(names[point], list...)
		}
	}
	return names
}

// playAll plays a tour once for each latency. No answer may be a finding.
func playAll(t *testing.T, tour *tours.Tour) map[string][]string {
	by := map[string][]string{}
	for n, seq := range tour.Sequences {
		name := fmt.Sprintf("%s/%02d", tour.Temperament, n+1)
		var points map[string]bool
		synctest.Test(t, func(t *testing.T) {
			for _, latency := range latencies {
				p := play(t, tour.Temperament, seq, latency)
				for _, f := range p.findings {
					t.Errorf("%s: got a finding, want none: %s\n%s", name, f.Signature(), seq)
				}
				points = both(points, p.lines)
			}
		})
		for p := range points {
			by[p] = append(by[p], name)
		}
	}
	return by
}

// both returns those points of lines that are among points too; nil is all.
func both(points map[string]bool, lines [][]string) map[string]bool {
	set := map[string]bool{}
	for _, line := range lines {
		for _, p := range line {
			if points == nil || points[p] {
				set[p] = true
			}
		}
	}
	return set
}

func TestTheToursCoverTheGraph(t *testing.T) {
	if *update {
		build(t) // what it writes is embedded the next time
		return
	}
	by := covering(t)
	edges, missed := 0, 0
	for _, w := range explore.Reach() {
		if w.Edge {
			edges++
		}
		if by[w.To] == nil {
			missed++
			t.Errorf("got no sequence that covers %s, want one; a way is\n%s", w.To, strings.Join(w.Lines, "\n"))
		}
	}
	alone, points := map[string]int{}, map[string]int{}
	for _, list := range by {
		for i, name := range list {
			if of, _, _ := strings.Cut(name, "/"); i == 0 || !strings.HasPrefix(list[i-1], of+"/") {
				points[of]++
			}
		}
		if len(list) == 1 {
			alone[list[0]]++
		}
	}
	sequences, lines := 0, 0
	for _, tour := range tours.Tours() {
		for n, seq := range tour.Sequences {
			if name := fmt.Sprintf("%s/%02d", tour.Temperament, n+1); alone[name] == 0 {
				t.Errorf("%s: got nothing that it alone covers, want a point\n%s", name, seq)
			}
			sequences++
		}
		lines += tour.Lines()
		t.Logf("%s: %d points, %d sequences, %d lines", tour.Temperament, points[tour.Temperament], len(tour.Sequences), tour.Lines())
	}
	least := bound()
	t.Logf("%d of %d edges and cells, %d of them edges, by %d sequences of %d lines; the least is %d, and this %.2f times as many",
		len(explore.Reach())-missed, len(explore.Reach()), edges, sequences, lines, least, float64(lines)/float64(least))
	if lines > 2*least {
		t.Errorf("got %d lines, want at most twice %d", lines, least)
	}
}

// free are the reads that are made without a line that asks for them: the polls
// of an await, and what a refused call touched.
var free = []string{model.GetCluster{}.Name(), model.GetClusterPolicy{}.Name(), model.GetStream{}.Name()}

// bound returns a number of lines that no tours can do without that cover every
// point and send no line twice. A line is then one call, but for the free reads,
// and a call is of one cell: so every cell of another operation takes a line of
// its own. So does every edge that a creation or a connection takes, but that the
// first accepted creation takes one with it. What else must be asked to get
// there is left out: the true minimum is higher.
func bound() int {
	n := -1
	for _, w := range explore.Reach() {
		words := strings.Fields(w.To)
		switch {
		case w.Edge && (words[1] == model.ByCreate.String() || words[1] == model.ByConnect.String()):
			n++
		case !w.Edge && !slices.Contains(free, words[0]):
			n++
		}
	}
	return n
}

// homes are the Regions that a run has targets in, unless it is told otherwise.
var homes = []string{"us-east-1", "us-east-2"}

var askedRegion = regexp.MustCompile(`(?: @| create |^list )(\S+)`)

func TestEveryTourCanBeReplayedByHand(t *testing.T) {
	order := []string{}
	for _, tour := range tours.Tours() {
		order = append(order, tour.Temperament)
		if _, ok := reference.LookupTemperament(tour.Temperament); !ok {
			t.Errorf("got a tour of %q, want a temperament of the table", tour.Temperament)
		}
		for n, seq := range tour.Sequences {
			name := fmt.Sprintf("%s/%02d", tour.Temperament, n+1)
			if seq.Profile != tours.Profile || seq.Seed != seed {
				t.Errorf("%s: got profile %q and seed %d, want %q and %d", name, seq.Profile, seq.Seed, tours.Profile, seed)
			}
			if len(seq.Lines) == 0 || len(seq.Lines) > longest {
				t.Errorf("%s: got %d lines, want 1 to %d", name, len(seq.Lines), longest)
			}
			for _, l := range seq.Lines {
				if l.Lost || l.Twice || l.Retries || l.By != "" {
					t.Errorf("%s: got %s, want it sent once and plainly", name, l)
				}
				if asked := askedRegion.FindStringSubmatch(l.String()); asked != nil && !slices.Contains(homes, asked[1]) {
					t.Errorf("%s: got %s, want a Region that a run has a target in", name, l)
				}
			}
		}
	}
	if len(order) == 0 || order[0] != "plain" || !slices.IsSorted(order[1:]) {
		t.Errorf("got tours of %q, want plain first and the others sorted", order)
	}
	if got, ok := tours.Lookup(order[len(order)-1]); !ok || got.Lines() == 0 {
		t.Errorf("got no tour of %q, want one", order[len(order)-1])
	}
	if _, ok := tours.Lookup("nobody"); ok {
		t.Error("got a tour of nobody, want none")
	}
}
