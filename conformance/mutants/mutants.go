// Package mutants is a table of seeded faults: each makes the reference endpoint
// illegal in exactly one way. They show what a suite can find. They are not
// known divergences of any real service.
package mutants

import (
	"net/http"
	"slices"

	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// StepFunc is what [model.Step] is.
type StepFunc func(model.World, model.Op) []model.Outcome

// Mutant is one fault. One or more of its four layers are set.
type Mutant struct {
	ID   string
	Says string       // one sentence about what the endpoint does wrong, without a full stop
	Rule model.RuleID // that Minimal shows to be broken

	// Revision is the one that the endpoint serves, and Quota what it is known
	// to allow, with the fault and without it. A run has to be told.
	Revision model.Revision
	Quota    model.Quota

	// Step lays the fault over what the model allows a call.
	Step func(next StepFunc) StepFunc
	// Transitions lays it over the table of the lifecycle.
	Transitions func([]model.Transition) []model.Transition
	// StreamTransitions lays it over the table of the lifecycle of streams.
	StreamTransitions func([]model.StreamTransition) []model.StreamTransition
	// Wrap lays it over the bytes.
	Wrap func(http.Handler) http.Handler

	// Shortest is how many operations it takes to show the fault on the
	// "plain" temperament, and Minimal is a sequence of that length in text
	// form, without the header. It counts every call: a run that reads more
	// than its lines say, sends one twice, or judges how it tidies up may get
	// by with fewer lines, and never needs more.
	Shortest int
	Minimal  string
}

// Under returns the options of the endpoint that the fault belongs to, without
// the fault.
func (m Mutant) Under(opts reference.Options) reference.Options {
	if m.Revision != 0 {
		opts.Revision = m.Revision
	}
	if m.Quota != (model.Quota{}) {
		opts.Quota = m.Quota
	}
	return opts
}

// Over returns the options with the fault laid over their layers. Wrap is left
// to [Mutant.Handler].
func (m Mutant) Over(opts reference.Options) reference.Options {
	opts = m.Under(opts)
	if m.Step != nil {
		next := StepFunc(model.Step)
		if opts.Step != nil {
			next = opts.Step
		}
		opts.Step = m.Step(next)
	}
	if m.Transitions != nil {
		opts.Transitions = after(opts.Transitions, m.Transitions)
	}
	if m.StreamTransitions != nil {
		opts.StreamTransitions = after(opts.StreamTransitions, m.StreamTransitions)
	}
	return opts
}

// after returns the edit that makes both, before first; nil is none.
func after[T any](before, edit func([]T) []T) func([]T) []T {
	if before == nil {
		return edit
	}
	return func(table []T) []T { return edit(before(table)) }
}

// Handler returns a new endpoint with the fault, ready to be served.
func (m Mutant) Handler(opts reference.Options) http.Handler {
	var h http.Handler = reference.New(m.Over(opts))
	if m.Wrap != nil {
		h = m.Wrap(h)
	}
	return h
}

// All returns the table: the faults of calls, of the lifecycle, of policies and
// keys, of streams, of listings and quotas, of the retired operations, of what is
// read leniently, and of the wire.
func All() []Mutant {
	return slices.Concat(callFaults, lifecycleFaults, policyFaults, streamFaults, listingFaults, retiredFaults, lenientFaults, wireFaults)
}

// Lookup returns the mutant with that identifier.
func Lookup(id string) (Mutant, bool) {
	for _, m := range All() {
		if m.ID == id {
			return m, true
		}
	}
	return Mutant{}, false
}
