package explore

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"dsqlconform/model"
)

// Options say how a search is made.
type Options struct {
	Workers   int   // goroutines; 0 means one for each processor
	Memory    int64 // bytes that the visited worlds may take; 0 means 1 GiB
	Unchecked bool  // nothing is checked, only counted
	Abstract  bool  // the abstract states are noted; not with symmetry
	Steps     bool  // with Abstract: the steps between them, too

	// Step, Rows and Transitions replace the model's own, to see whether an error
	// in them is found. Nil means the model's.
	Step        func(model.World, model.Op) []model.Outcome
	Rows        func(w *model.World, op model.Op, guard, accept func(*model.Rule))
	Transitions []model.Transition
}

// Ceiling returns how many worlds fit in the memory.
func (o Options) Ceiling() int {
	memory := o.Memory
	if memory <= 0 {
		memory = 1 << 30
	}
	return int(min(memory/worldBytes, placeMax<<shardBits))
}

// Report is what a search has seen.
type Report struct {
	States      int
	Transitions int // outcomes of calls that break no rule and moves of the service, those that change nothing included
	Depth       int // steps to the furthest world
	Complete    bool
	Elapsed     time.Duration
	Bytes       int64 // that the visited worlds take

	Statuses model.StatusSet
	Rules    []model.RuleID // that were met: a row that held, or a rule of an outcome or a transition; sorted

	Abstract []Abstract     // that were met, each once; sorted
	Steps    []AbstractStep // likewise

	Counterexample *Counterexample // nil if no check failed
}

// Branching returns how many transitions leave a world on average.
func (r *Report) Branching() float64 { return float64(r.Transitions) / float64(max(r.States, 1)) }

// Run explores the bounds. It ends early, with a report that is not complete,
// when the memory is used up or ctx ends, and with the first counterexample. The
// error says that the bounds cannot be explored.
func Run(ctx context.Context, b Bounds, o Options) (Report, error) {
	if err := b.Validate(); err != nil {
		return Report{}, err
	}
	if o.Abstract && b.Symmetric {
		return Report{}, errors.New("got symmetry, want none where abstract states are noted: a world would stand for others")
	}
	began := time.Now()
	s := newSearch(b, o)
	crew, complete := s.run(ctx)
	if s.err != nil {
		return Report{}, s.err
	}
	r := Report{States: s.visited.len(), Depth: len(s.levels) - 1, Complete: complete}
	r.Abstract, r.Steps = abstracts(crew)
	r.Bytes = int64(r.States) * worldBytes
	met := make([]bool, len(s.rules))
	for _, w := range crew {
		r.Transitions += w.transitions
		r.Statuses |= w.statuses
		for i, ok := range w.met {
			met[i] = met[i] || ok
		}
	}
	for i, ok := range met {
		if ok {
			r.Rules = append(r.Rules, s.rules[i].ID)
		}
	}
	f := s.fault(crew)
	if f == nil && !o.Unchecked {
		if err := calm(s.table); err != nil {
			r.Counterexample = &Counterexample{Rule: ruleNoFairCycle, Err: err}
		} else if complete && !b.narrow() {
			f = s.drains()
		}
	}
	r.Elapsed = time.Since(began)
	if f != nil {
		c, err := s.witness(f)
		if err != nil {
			return r, err
		}
		r.Counterexample = c
	}
	return r, nil
}

// Limit tells the garbage collector how much memory the whole process may take
// for a search, and returns a function that takes it back.
func Limit(bytes int64) func() {
	percent, limit := debug.SetGCPercent(400), debug.SetMemoryLimit(bytes)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
