package generators

import (
	"cmp"
	"slices"

	"dsqlconform/model"
)

// The search for a smaller sequence is probabilistic delta debugging (Wang et
// al., Probabilistic Delta Debugging, 2021). Everything that could be taken
// away is a cut, with the probability that the failure needs what it takes.
// Each candidate makes the set of cuts that promises most for each operation
// that its execution costs. A set that loses the failure makes each of its cuts
// likelier to be needed, by Bayes; a single cut that loses it is needed. The
// truncation behind the failing line, the removal of whole clusters, of runs
// and of single lines are all the same here, and what is known of how lines
// depend on one another enters as the probabilities to begin with.

// cut is one thing that can be taken away from a sequence.
type cut struct {
	line int     // index of the line; everyLine for all
	edit *edit   // how it is simplified; nil removes the line
	need float64 // probability that the failure needs what the cut takes
	made bool    // it has been taken away
}

const everyLine = -1

// gain is what a cut is worth: a line less makes each later execution cheaper.
func (c *cut) gain() float64 {
	if c.edit == nil {
		return 1
	}
	return 0.3
}

// relapse is how likely a failure is to need what it has been seen to need
// before the sequence was as small as it is.
const relapse = 0.9

type search struct {
	trial *trial
	from  model.Sequence
	cuts  []cut
	lines []model.Line // of from, as they are by now
	gone  []bool       // those that have been removed
	again bool         // handles and tokens are numbered anew
}

// newSearch prepares a search around the line at. The first one weighs by
// dependency; a later one looks for what has become possible meanwhile.
func newSearch(r *trial, s model.Sequence, at int, first bool) *search {
	x := &search{trial: r, from: s, lines: slices.Clone(s.Lines), gone: make([]bool, len(s.Lines))}
	needs := needs(s, at)
	for i, l := range s.Lines {
		if i != at {
			x.cuts = append(x.cuts, cut{line: i, need: needs[i]})
		}
		for j := range edits {
			if _, ok := edits[j].on(l, s.Regions); ok {
				x.cuts = append(x.cuts, cut{line: i, edit: &edits[j], need: edits[j].need})
			}
		}
	}
	for i := range everywhere {
		x.cuts = append(x.cuts, cut{line: everyLine, edit: &everywhere[i], need: everywhere[i].need})
	}
	if !first {
		for i := range x.cuts {
			x.cuts[i].need = max(x.cuts[i].need, relapse)
		}
	}
	return x
}

// run makes cuts until each that is left has alone been seen to be needed, or
// the budget is exhausted. It returns what is left.
func (x *search) run() model.Sequence {
	for {
		set := x.best()
		if set == nil {
			break
		}
		smaller := x.with(set)
		if x.trial.fail(smaller.sequence()) {
			x.lines, x.gone, x.again = smaller.lines, smaller.gone, smaller.again
			for _, i := range set {
				x.cuts[i].made = true
			}
			continue
		}
		if x.trial.spent.Exhausted {
			break
		}
		x.learn(set)
	}
	return x.sequence()
}

// learn takes notice that the failure needs at least one cut of the set.
func (x *search) learn(set []int) {
	if len(set) == 1 {
		c := &x.cuts[set[0]]
		c.need = 1
		for i := range x.cuts {
			d := &x.cuts[i]
			if c.edit != nil && d.edit != nil && d.line == c.line && d.edit.whole && d.edit.part == c.edit.part {
				d.need = 1
			}
		}
		return
	}
	none := 1.0 // probability that it needed none of them
	for _, i := range set {
		none *= 1 - x.cuts[i].need
	}
	for _, i := range set {
		x.cuts[i].need = min(x.cuts[i].need/(1-none), 0.999)
	}
}

// best returns the set of cuts with the greatest gain to expect for each
// operation that it costs to try, nil when nothing is left to try. Sets are
// taken in the order of what their cuts risk for their gain.
func (x *search) best() []int {
	length := 0
	for _, gone := range x.gone {
		if !gone {
			length++
		}
	}
	var best []int
	most := 0.0
	weigh := func(set []int, gain, hope float64, removed int) {
		if score := gain * hope / float64(max(length-removed, 1)); score > most {
			most, best = score, slices.Clone(set)
		}
	}

	risk := x.risks()
	var order []int
	for i := range x.cuts {
		if c := &x.cuts[i]; !c.made && c.need < 1 && (c.line == everyLine || !x.gone[c.line]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(risk[a]/x.cuts[a].gain(), risk[b]/x.cuts[b].gain()), cmp.Compare(b, a))
	})

	var set []int
	gain, hope, removed := 0.0, 1.0, 0
	taken := make([]bool, len(x.lines))
	for _, i := range order {
		c := &x.cuts[i]
		if c.edit == nil {
			taken[c.line] = true
			removed++
			// What was to be simplified goes with its line.
			set = slices.DeleteFunc(set, func(j int) bool {
				same := x.cuts[j].line == c.line
				if same {
					gain -= x.cuts[j].gain()
					hope /= 1 - x.cuts[j].need
				}
				return same
			})
		} else if c.line != everyLine && taken[c.line] {
			continue
		}
		set = append(set, i)
		gain += c.gain()
		hope *= 1 - c.need
		weigh(set, gain, hope, removed)
	}
	return best
}

// risks returns what each cut risks, for their order: the cut of a create risks
// no less than those of the lines that name what it creates.
func (x *search) risks() []float64 {
	removal := make([]float64, len(x.lines)) // of each line
	for i := range removal {
		removal[i] = 1
	}
	risk := make([]float64, len(x.cuts))
	for i := range x.cuts {
		c := &x.cuts[i]
		risk[i] = c.need
		if c.edit == nil {
			removal[c.line] = c.need
		}
	}
	for i := range x.cuts {
		c := &x.cuts[i]
		if c.edit != nil || x.gone[c.line] {
			continue
		}
		op := x.lines[c.line].Op
		clusters, stream := model.Made(op)
		if len(clusters) == 0 && stream == 0 {
			continue
		}
		for j, l := range x.lines {
			if j == c.line || x.gone[j] {
				continue
			}
			hangs := func(h model.Handle) bool { return names(l.Op, h) }
			if stream != 0 && streamOf(l.Op) == stream || slices.ContainsFunc(clusters, hangs) {
				risk[i] = max(risk[i], removal[j])
			}
		}
	}
	return risk
}

// with returns the search after the cuts of the set.
func (x *search) with(set []int) search {
	y := *x
	y.lines, y.gone = slices.Clone(x.lines), slices.Clone(x.gone)
	for _, i := range set {
		c := &x.cuts[i]
		switch {
		case c.edit == nil:
			y.gone[c.line] = true
		case c.edit.on == nil:
			y.again = true
		case c.line == everyLine:
			for j := range y.lines {
				y.lines[j], _ = c.edit.on(y.lines[j], x.from.Regions)
			}
		default:
			y.lines[c.line], _ = c.edit.on(y.lines[c.line], x.from.Regions)
		}
	}
	return y
}

// sequence returns what is left.
func (x *search) sequence() model.Sequence {
	s := x.from
	s.Lines = nil
	for i, l := range x.lines {
		if !x.gone[i] {
			s.Lines = append(s.Lines, l)
		}
	}
	if x.again {
		return numbered(s)
	}
	return s
}
