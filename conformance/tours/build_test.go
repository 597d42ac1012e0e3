package tours_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dsqlconform/conformance/reference"
	"dsqlconform/model/explore"
)

var update = flag.Bool("update", false, "find the tours anew and write them")

// cast are the temperaments that are asked: the fewest, nearly, between whom
// every point can be reached. plain comes first, and takes what it can.
var cast = []string{"plain", "slow", "deleted", "idle", "keyshy", "sudden", "drowsy", "held", "flappy", "direct", "eager"}

// worth is how many new points a line of plain's tour must bring, on average over
// a sequence. What plain gives only in small change another gives cheaper.
const worth = 0.5

// alike is how many ways to one stand are tried.
const alike = 2

// latencies are how long a call takes in the plays that must agree on what is
// covered: nothing, and several times as long as on loopback.
var latencies = []time.Duration{0, 1500 * time.Microsecond}

// candidate is a sequence as it might stand in a tour.
type candidate struct {
	temperament string
	lines       []string
	way         int        // how many of the lines lead there
	covers      [][]string // the points that each line covers
	value       float64    // new points of a line; it is worth no more than that
}

// builder finds tours. It is deterministic.
type builder struct {
	wanted map[string]bool // points that nothing covers yet

	mu    sync.Mutex
	known map[string][][]string // what lines cover, by temperament and text
}

// build finds the tours and writes them. It takes minutes.
func build(t *testing.T) {
	b := &builder{wanted: map[string]bool{}, known: map[string][][]string{}}
	for _, w := range explore.Reach() {
		b.wanted[w.To] = true
	}
	pool := make([][]*candidate, len(cast))
	t.Run("ask", func(t *testing.T) {
		for i, name := range cast {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				pool[i] = b.candidates(t, name)
			})
		}
	})
	list := b.choose(t, pool[0], worth)
	list = append(list, b.choose(t, slices.Concat(pool...), 0)...)
	list = b.shrink(t, list)
	for _, w := range explore.Reach() {
		if b.wanted[w.To] {
			t.Errorf("got no candidate that covers %s, want one; a way is\n%s", w.To, strings.Join(w.Lines, "\n"))
		}
	}
	write(t, list)
}

// candidates returns what may be asked of a temperament: each way, and at the end
// of each everything, but where two shorter ways lead to the same.
func (b *builder) candidates(t *testing.T, temperament string) (list []*candidate) {
	add := func(lines []string, way int) {
		list = append(list, &candidate{temperament: temperament, lines: lines, way: way, covers: b.covered(t, temperament, lines, latencies[:1])})
	}
	stands := map[string]int{}
	for _, way := range ways() {
		way = atPace(temperament, way)
		if len(way) > 0 {
			add(way, len(way))
		}
		for _, c := range abouts(way) {
			got := b.covered(t, temperament, append(slices.Clip(way), "get "+c), latencies[:1])
			stand := fmt.Sprint(got[len(way)][0], slices.ContainsFunc(way, streams.MatchString), strings.Contains(strings.Join(way, " "), "token="))
			if stands[stand]++; stands[stand] > alike {
				continue
			}
			for _, lines := range lush(way, c) {
				add(atPace(temperament, lines), len(way))
			}
		}
	}
	return list
}

// atPace shortens the waits for a temperament that does not wait for quiet.
func atPace(temperament string, lines []string) []string {
	temper, _ := reference.LookupTemperament(temperament)
	if slices.ContainsFunc(temper.Ways, func(w reference.Way) bool { return w.Quiet }) {
		return lines
	}
	lines = slices.Clone(lines)
	for i, line := range lines {
		if strings.HasPrefix(line, "wait ") {
			lines[i] = "wait 100ms"
		}
	}
	return lines
}

// covered returns what each line covers whatever of these times a call takes. A
// finding fails the test.
func (b *builder) covered(t *testing.T, temperament string, lines []string, latencies []time.Duration) [][]string {
	key := fmt.Sprintln(temperament, latencies, strings.Join(lines, "\n"))
	b.mu.Lock()
	all, ok := b.known[key]
	b.mu.Unlock()
	if ok {
		return all
	}
	seq := sequence(t, lines)
	synctest.Test(t, func(t *testing.T) {
		for i, latency := range latencies {
			p := play(t, temperament, seq, latency)
			for _, f := range p.findings {
				t.Errorf("%s: got a finding, want none: %s\n%s", temperament, f.Signature(), seq)
			}
			if i == 0 {
				all = p.lines
			}
			for j := range all {
				all[j] = slices.DeleteFunc(all[j], func(point string) bool { return !slices.Contains(p.lines[j], point) })
			}
		}
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[key] = all
	return all
}

// choose takes the candidate whose lines bring the most new points on average,
// again and again, while it brings as many as least. The value of a candidate only
// falls, so that those below the best need not be looked at again.
func (b *builder) choose(t *testing.T, pool []*candidate, least float64) (chosen []*candidate) {
	for _, c := range pool {
		c.value = worthOf(b.gain(c))
	}
	for {
		slices.SortStableFunc(pool, func(a, b *candidate) int { return cmp.Compare(b.value, a.value) })
		var best *candidate
		for _, c := range pool {
			if c.value < least || best != nil && c.value <= best.value {
				break
			}
			if c.value = worthOf(b.gain(c)); c.value == 0 || best != nil && c.value <= best.value {
				continue
			}
			real := b.pare(t, c)
			if c.value = real.value; c.value > 0 && c.value >= least && (best == nil || c.value > best.value) {
				best = real
			}
		}
		if best == nil {
			return chosen
		}
		for _, line := range best.covers {
			for _, p := range line {
				delete(b.wanted, p)
			}
		}
		chosen = append(chosen, best)
	}
}

// pare returns a candidate of the lines of c that bring something, as they do when
// calls take time.
func (b *builder) pare(t *testing.T, c *candidate) *candidate {
	lines, _ := b.gain(c)
	lines = lines[:min(len(lines), longest)]
	for {
		real := &candidate{temperament: c.temperament, lines: lines, way: min(c.way, len(lines)), covers: b.covered(t, c.temperament, lines, latencies)}
		fewer, n := b.gain(real)
		if len(fewer) == len(lines) {
			real.value = worthOf(fewer, n)
			return real
		}
		lines = fewer
	}
}

func worthOf(lines []string, points int) float64 { return float64(points) / float64(len(lines)) }

// gain returns the way of a candidate with those lines that bring new points, or
// that such lines may need, and the number of new points.
func (b *builder) gain(c *candidate) (keep []string, n int) {
	fresh := map[string]bool{}
	for i, line := range c.lines {
		before := len(fresh)
		for _, p := range c.covers[i] {
			if b.wanted[p] {
				fresh[p] = true
			}
		}
		if i < c.way || len(fresh) > before || needed(line, c.lines[i+1:]) {
			keep = append(keep, line)
		}
	}
	return keep, len(fresh)
}

// needed reports whether a line makes what a later one is about.
func needed(line string, later []string) bool {
	if m := streams.FindStringSubmatch(line); m != nil {
		return slices.ContainsFunc(later, func(l string) bool { return strings.Contains(l, m[2]+"/"+m[1]) })
	}
	return strings.HasPrefix(line, "put-policy") || strings.HasPrefix(line, "wait") || strings.HasPrefix(line, "connect")
}

// shrink drops every line without which no point is lost, until there is none.
func (b *builder) shrink(t *testing.T, list []*candidate) []*candidate {
	by := map[string]int{} // how many sequences cover a point
	count := func(covers [][]string, n int) map[string]bool {
		points := both(nil, covers)
		for p := range points {
			by[p] += n
		}
		return points
	}
	for _, c := range list {
		count(c.covers, 1)
	}
	for dropped := true; dropped; {
		dropped = false
		for _, c := range slices.Backward(list) {
			for i := len(c.lines) - 1; i >= 0; i-- {
				fewer := slices.Delete(slices.Clone(c.lines), i, i+1)
				var covers [][]string
				if len(fewer) > 0 {
					covers = b.covered(t, c.temperament, fewer, latencies)
				}
				old, now := count(c.covers, -1), both(nil, covers)
				lost := false
				for p := range old {
					lost = lost || by[p] == 0 && !now[p]
				}
				if !lost {
					c.lines, c.covers, dropped = fewer, covers, true
				}
				count(c.covers, 1)
			}
		}
		list = slices.DeleteFunc(list, func(c *candidate) bool { return len(c.lines) == 0 })
	}
	return list
}

// write stores the tours in place of those that there are, each sequence under a
// comment that says what is new in it.
func write(t *testing.T, list []*candidate) {
	old, err := filepath.Glob("*/*.dsqlseq")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Dir(name)) //nolint:errcheck // it is empty when its last file is gone
	}
	rank := func(c *candidate) string { return strings.TrimPrefix(c.temperament, cast[0]) } // plain comes first
	slices.SortStableFunc(list, func(a, b *candidate) int { return cmp.Compare(rank(a), rank(b)) })
	count, seen := map[string]int{}, map[string]bool{}
	for _, c := range list {
		count[c.temperament]++
		name := filepath.Join(c.temperament, fmt.Sprintf("%02d.dsqlseq", count[c.temperament]))
		if err := os.MkdirAll(c.temperament, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(header+news(c.covers, seen)+strings.Join(c.lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// news returns comments that say which points are covered that were not seen yet:
// the edges, and how many cells of clusters of each status and role.
func news(covers [][]string, seen map[string]bool) (text string) {
	var edges, stands []string
	cells := map[string]int{}
	for _, p := range slices.Concat(covers...) {
		if seen[p] {
			continue
		}
		seen[p] = true
		if words := strings.Fields(p); len(words) < 4 { // an edge: from, by, to
			edges = append(edges, p)
		} else {
			stand := words[1] + " " + words[2]
			if cells[stand]++; cells[stand] == 1 {
				stands = append(stands, stand)
			}
		}
	}
	for i, stand := range stands {
		stands[i] = fmt.Sprintf("%s (%d)", stand, cells[stand])
	}
	if len(stands) > 0 {
		text = "# cells: " + strings.Join(stands, ", ") + "\n"
	}
	if len(edges) > 0 {
		text += "# edges: " + strings.Join(edges, ", ") + "\n"
	}
	return text
}
