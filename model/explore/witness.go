package explore

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"dsqlconform/model"
)

// Counterexample is a shortest way to a failed check.
type Counterexample struct {
	Rule  model.Rule
	Err   error
	Steps []Step // empty when the tables themselves are at fault
}

// Step is one step of a [Counterexample]: a call, or a move of the service.
type Step struct {
	Op      model.Op // nil for a move
	Cluster model.Handle
	Move    *model.Transition
}

// String returns the line of a sequence file that has a target make the step: a
// call; an await for a transition that the service must take; a comment for one
// that it may take.
func (s Step) String() string {
	switch {
	case s.Move == nil:
		return s.Op.String()
	case s.Move.Fair:
		return s.line().String()
	}
	return fmt.Sprintf("# %s: %s to %s, by the service", s.Cluster, s.Move.From, s.Move.To)
}

func (s Step) line() model.Line {
	if s.Move == nil {
		return model.Line{Op: s.Op}
	}
	return model.Line{Op: model.Await{Ref: model.Ref{Handle: s.Cluster}, Status: s.Move.To}}
}

// Sequence returns the steps that can be asked of a target, as a test.
func (c *Counterexample) Sequence() model.Sequence {
	var s model.Sequence
	for _, st := range c.Steps {
		if st.Move == nil || st.Move.Fair {
			s.Lines = append(s.Lines, st.line())
		}
	}
	return s
}

// String returns a sequence file of all steps, which says what is wrong.
func (c *Counterexample) String() string {
	var b strings.Builder
	b.WriteString(model.Sequence{}.String())
	fmt.Fprintf(&b, "# %s: %s\n# %v\n", c.Rule.ID, c.Rule.Says, c.Err)
	for _, s := range c.Steps {
		b.WriteString(s.String() + "\n")
	}
	return b.String()
}

var errLost = errors.New("the way to a visited world cannot be found again")

// way returns the steps to a visited world, and the world that they lead to.
// Visited worlds stand for all that differ in names only, so it walks along anew
// and takes at each world the first step to one that is like the next.
func (s *search) way(at id) (world model.World, steps []Step, err error) {
	var keys []key
	for n := s.visited.node(at); ; n = s.visited.node(at) {
		keys = append(keys, n.key)
		if n.depth == 0 {
			break
		}
		at = s.levels[n.depth-1][n.from]
	}
	slices.Reverse(keys)
	world = model.World{Env: s.codec.env}
	for _, want := range keys[1:] {
		var next *model.World
		s.each(&world, func(st *step) bool {
			if k, err := s.key(st.next); err != nil || k != want {
				return true
			}
			copied := *st.next
			next = &copied
			steps = append(steps, st.public())
			return false
		})
		if next == nil {
			return world, nil, errLost
		}
		world = *next
	}
	return world, steps, nil
}

// witness returns the way to a fault.
func (s *search) witness(f *fault) (*Counterexample, error) {
	world, steps, err := s.way(f.at)
	if err != nil {
		return nil, err
	}
	c := &Counterexample{Rule: f.rule, Err: f.err, Steps: steps}
	if f.rule.ID == ruleDrains.ID {
		return c, nil
	}
	// What is wrong is told of the world as it is called on this way.
	w := newWorker(s)
	w.world = world
	if !f.step {
		w.look(0, f.at)
	} else {
		s.each(&world, func(st *step) bool {
			w.watch(st, 0, f.at)
			if w.fault != nil {
				c.Steps = append(c.Steps, st.public())
			}
			return w.fault == nil
		})
	}
	if w.fault == nil {
		return nil, errLost
	}
	c.Rule, c.Err = w.fault.rule, w.fault.err
	return c, nil
}

func (st *step) public() Step {
	if st.call != nil {
		return Step{Op: st.call.op}
	}
	return Step{Cluster: st.cluster, Move: st.move}
}
