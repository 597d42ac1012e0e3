package conformance

import (
	"context"
	"time"

	"dsqlconform/generators"
	"dsqlconform/model"
)

// Trace is one replayed sequence: its calls, and what was found.
type Trace struct {
	Sequence   model.Sequence
	Records    []Record
	Findings   []Finding
	Operations int // judged
	Doubts     []Doubt
	Notes      []Note
}

// Replay executes one sequence against a target, judges it and undoes it. The
// error says that the target could not be asked at all; the trace then holds
// what came before.
func Replay(ctx context.Context, t Target, s model.Sequence, opts ...Option) (Trace, error) {
	set := settingsOf(opts)
	if set.err != nil {
		return Trace{}, set.err
	}
	set.Observe = serial(set.Observe)
	x := newExecution(t, &set, newCensus(), s, Event{Profile: s.Profile, Seed: s.Seed, Execution: 1, Purpose: "replay"})
	x.run(ctx)
	return Trace{s, x.records, x.findings, x.tally.operations, x.tally.doubts, x.tally.notes}, x.fatal
}

// Verify replays one sequence and gives the result the form of a run's: what
// was found is shrunk if shrink says so, and counted over the set repeats.
func Verify(ctx context.Context, t Target, s model.Sequence, shrink bool, opts ...Option) (Result, error) {
	set := settingsOf(opts)
	if set.err != nil {
		return Result{}, set.err
	}
	set.Profiles = []generators.Profile{{Name: s.Profile, Weight: 1}}
	r := &run{target: t, set: &set, tally: newTally(), census: newCensus(), started: time.Now(), profiles: map[string]*tally{}, sequences: map[string]int{}}
	r.observe = serial(set.Observe)
	r.set.Observe = r.observe
	x := r.execute(ctx, s, s.Profile, s.Seed, "replay", nil)
	r.fatal = x.fatal
	r.absorb(x)
	if shrink {
		r.shrink(ctx)
	}
	return r.result(ctx), nil
}
