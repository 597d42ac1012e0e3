package generators

import (
	"time"

	"dsqlconform/model"
)

// Budget bounds what shrinking may spend. Zero fields do not bound.
type Budget struct {
	Operations int              // sum of the lengths of the sequences executed
	Time       time.Duration    // no execution begins later than this
	Now        func() time.Time // the clock; nil means time.Now

	// Plausible is asked before a candidate is executed; one for which it is
	// false cannot fail, and costs nothing. Nil means that all may.
	Plausible func(model.Sequence) bool
}

// Spent is what shrinking has spent.
type Spent struct {
	Executions int           // calls of fails
	Operations int           // sum of the lengths of the sequences executed
	Time       time.Duration // since the start
	Exhausted  bool          // the budget ended the search: the result may not be minimal
}

// Shrink returns a sequence that fails and is no longer than s, of which no line
// can be removed by itself, and no value simplified by itself, without losing
// the failure: as far as the budget goes, and if fails says the same of the same
// sequence each time. Some steps that take several lines at once are tried too.
// It calls fails at most once for each sequence, and never for s, which must
// fail. It is deterministic but for the clock.
func Shrink(s model.Sequence, fails func(model.Sequence) bool, b Budget) (model.Sequence, Spent) {
	return ShrinkAt(s, -1, fails, b)
}

// ShrinkAt is [Shrink] for a failure that shows at line at of s. That is a hint:
// it makes the search several times cheaper, since what the line does not
// depend on goes first. An at outside s is no hint.
func ShrinkAt(s model.Sequence, at int, fails func(model.Sequence) bool, b Budget) (model.Sequence, Spent) {
	if b.Now == nil {
		b.Now = time.Now
	}
	if at >= len(s.Lines) {
		at = -1
	}
	r := &trial{fails: fails, budget: b, start: b.Now(), known: map[string]bool{s.String(): true}}
	s = newSearch(r, s, at, true).run()
	for !r.spent.Exhausted {
		// What was needed before may not be needed now, the line at included.
		smaller := newSearch(r, s, -1, false).run()
		if smaller.String() == s.String() {
			leapt := false
			if smaller, leapt = leap(r, s); !leapt {
				break
			}
		}
		s = smaller
	}
	r.spent.Time = b.Now().Sub(r.start)
	return s, r.spent
}

// trial executes candidates, each once, within the budget.
type trial struct {
	fails  func(model.Sequence) bool
	budget Budget
	start  time.Time
	known  map[string]bool // verdicts by text
	spent  Spent
}

// fail reports whether the candidate fails. A candidate that the budget does not
// allow does not, and exhausts it.
func (r *trial) fail(s model.Sequence) bool {
	text := s.String()
	if verdict, ok := r.known[text]; ok {
		return verdict
	}
	if len(s.Lines) == 0 || r.budget.Plausible != nil && !r.budget.Plausible(s) {
		r.known[text] = false
		return false
	}
	over := r.budget.Operations > 0 && r.spent.Operations+len(s.Lines) > r.budget.Operations
	late := r.budget.Time > 0 && r.budget.Now().Sub(r.start) >= r.budget.Time
	if over || late {
		r.spent.Exhausted = true
		return false
	}
	r.spent.Executions++
	r.spent.Operations += len(s.Lines)
	verdict := r.fails(s)
	r.known[text] = verdict
	return verdict
}
