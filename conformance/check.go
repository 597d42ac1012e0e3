package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"dsqlconform/generators"
	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// doubtfulShare is the share of operations that may be inconclusive before the
// profile is.
const doubtfulShare = 0.05

// Check replays the tour, if there is one, and sequences that it generates for
// each profile, judges every answer, and shrinks what it finds. The error says
// that the run could not be made at all; what was found before a failure or an
// interrupt is in the result, and the error is nil then.
func Check(ctx context.Context, t Target, opts ...Option) (Result, error) {
	s := settingsOf(opts)
	if s.err != nil {
		return Result{}, s.err
	}
	for i := range s.Profiles {
		s.Profiles[i] = s.Profiles[i].In(s.Regions, s.Witness).Speaking(s.Revision).AskedBy(s.Principals)
		if s.Steps > 0 {
			s.Profiles[i].Steps = s.Steps
		}
	}
	r := &run{target: t, set: &s, tally: newTally(), census: newCensus(), started: time.Now(), profiles: map[string]*tally{}, sequences: map[string]int{}}
	r.observe = serial(s.Observe)
	r.set.Observe = r.observe
	r.tour = s.tour()
	r.known(ctx)
	r.generate(ctx)
	r.shrink(ctx)
	return r.result(ctx), nil
}

// run is a check in progress.
type run struct {
	target  Target
	set     *Settings
	started time.Time
	observe func(Event)
	census  *census
	tour    []model.Sequence // this shard's

	mu         sync.Mutex
	executions int
	tally      *tally
	profiles   map[string]*tally
	sequences  map[string]int
	findings   []Finding
	others     map[pin][]Finding
	knowns     []KnownResult
	fatal      error
	deadline   time.Time // of generating; zero for none
	stale      bool      // a known entry no longer diverges
}

// serial makes a callback one that only one goroutine at a time is in.
func serial(f func(Event)) func(Event) {
	var mu sync.Mutex
	return func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		f(e)
	}
}

// generate replays sequences until the budget is spent.
func (r *run) generate(ctx context.Context) {
	schedule := newSchedule(r.set, r.tour, slices.DeleteFunc(slices.Clone(r.set.Profiles), r.unable))
	if r.set.Budget > 0 {
		r.deadline = time.Now().Add(r.set.Budget)
	}
	var (
		workers sync.WaitGroup
		pending = map[int]*execution{}
		done    int
		enough  bool
	)
	// take hands out the next job; give takes the executions in, in order.
	take := func() (job, bool) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if enough || r.fatal != nil || ctx.Err() != nil || expired(r.deadline) || r.set.Sequences > 0 && schedule.index >= r.set.Sequences {
			return job{}, false
		}
		return schedule.next()
	}
	give := func(j job, x *execution) {
		r.mu.Lock()
		defer r.mu.Unlock()
		pending[j.index] = x
		for !enough {
			x, ok := pending[done]
			if !ok {
				return
			}
			delete(pending, done)
			done++
			r.absorb(x)
			if x.fatal != nil {
				r.fatal = x.fatal
			}
			enough = r.set.Operations > 0 && r.tally.operations >= r.set.Operations
			r.observe(Event{Share: r.share(done)})
		}
	}
	for range r.set.Workers {
		workers.Go(func() {
			for {
				j, ok := take()
				if !ok {
					return
				}
				x := r.execute(ctx, j.sequence(), j.profile.Name, j.seed, "", nil)
				give(j, x)
			}
		})
	}
	workers.Wait()
	r.deadline = time.Time{}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !enough {
		// Those that came after one that never ended.
		for _, i := range slices.Sorted(maps.Keys(pending)) {
			r.absorb(pending[i])
		}
	}
}

func expired(deadline time.Time) bool { return !deadline.IsZero() && time.Now().After(deadline) }

// share returns how much of the budget is spent.
func (r *run) share(done int) float64 {
	share := 0.0
	if r.set.Budget > 0 {
		share = float64(time.Since(r.started)) / float64(r.set.Budget)
	}
	if r.set.Operations > 0 {
		share = max(share, float64(r.tally.operations)/float64(r.set.Operations))
	}
	if r.set.Sequences > 0 {
		share = max(share, float64(done)/float64(r.set.Sequences))
	}
	return min(share, 1)
}

// execute replays one sequence.
func (r *run) execute(ctx context.Context, seq model.Sequence, profile string, seed uint64, purpose string, stop func(*Finding) bool) *execution {
	r.mu.Lock()
	r.executions++
	ev := Event{Profile: profile, Seed: seed, Execution: r.executions, Purpose: purpose}
	r.mu.Unlock()
	x := newExecution(r.target, r.set, r.census, seq, ev)
	x.stop = stop
	x.deadline = r.deadline
	x.run(ctx)
	return x
}

// absorb adds an execution's results to the run's, in the order of the jobs.
func (r *run) absorb(x *execution) {
	name := x.event.Profile
	if r.profiles[name] == nil {
		r.profiles[name] = newTally()
	}
	t := r.profiles[name]
	t.operations += x.tally.operations
	t.doubtful += x.tally.doubtful
	for k, n := range x.tally.served {
		t.served[k] += n
	}
	for k, n := range x.tally.notServed {
		t.notServed[k] += n
	}
	for k, n := range x.tally.edges {
		t.edges[k] += n
	}
	for k, n := range x.tally.cells {
		t.cells[k] += n
	}
	r.sequences[name]++
	r.tally.add(x.tally)
	for _, f := range x.findings {
		r.find(f)
	}
}

// keptOthers is how many further occurrences of a fault are kept.
const keptOthers = 3

// find keeps one finding of each fault: rather one that stands alone than one in
// another's wake, and rather an early one, which is cheaper to shrink.
func (r *run) find(f Finding) {
	f.Known = r.isKnown(&f)
	i := slices.IndexFunc(r.findings, func(g Finding) bool { return same(&g, &f) && g.Known == f.Known })
	if i >= 0 {
		if list := r.others[key(&f)]; len(list) < keptOthers {
			if r.others == nil {
				r.others = map[pin][]Finding{}
			}
			r.others[key(&f)] = append(list, f)
		}
	}
	switch {
	case i < 0:
		r.findings = append(r.findings, f)
	case r.findings[i].After != "" && f.After == "":
		r.findings[i] = f
	case (r.findings[i].After == "") == (f.After == "") && f.At < r.findings[i].At:
		r.findings[i] = f
	}
}

// result sums up the run.
func (r *run) result(ctx context.Context) Result {
	res := Result{
		Seed: r.set.Seed, Findings: r.findings, Open: r.tally.open, Doubts: r.tally.doubts, Notes: r.tally.notes, Known: r.knowns,
		Rules: Tally{}, Transitions: Tally{}, Edges: Tally{}, Cells: Tally{},
		Operations: r.tally.operations, Probes: r.tally.probes,
		Started: r.started, Duration: time.Since(r.started), Interrupted: ctx.Err() != nil,
	}
	for _, f := range r.tally.missed(r.set) {
		f.Known = r.isKnown(&f)
		res.Findings = append(res.Findings, f)
	}
	for _, pair := range contradictions(r.tally.open) {
		f := contradiction(pair)
		f.Known = r.isKnown(&f)
		if !slices.ContainsFunc(res.Findings, func(g Finding) bool { return g.Signature() == f.Signature() }) {
			res.Findings = append(res.Findings, f)
		}
	}
	for _, rule := range model.Rules() {
		// Invariants are judged on the model, not on a target.
		if rule.Force != model.May && !strings.HasPrefix(string(rule.ID), "DSQL-INV-") {
			res.Rules[string(rule.ID)] = r.tally.rules[string(rule.ID)]
		}
	}
	for _, t := range model.Transitions() {
		res.Transitions[string(t.ID)] = r.tally.transitions[string(t.ID)]
	}
	for _, w := range explore.Reach() {
		if w.Edge {
			res.Edges[w.To] = r.tally.edges[w.To]
		} else {
			res.Cells[w.To] = r.tally.cells[w.To]
		}
	}
	profiles := r.set.Profiles
	if len(r.tour) > 0 {
		profiles = append([]generators.Profile{touring}, profiles...)
		res.Toured = r.toured()
	}
	for name := range r.tally.notServed {
		if r.unserved(name) {
			res.NotServed = append(res.NotServed, name)
		}
	}
	slices.Sort(res.NotServed)
	for _, p := range profiles {
		res.Profiles = append(res.Profiles, r.profile(p))
		res.Sequences += r.sequences[p.Name]
	}
	res.Faults = r.faults()
	res.Verdict = r.verdict(&res)
	return res
}

// profile sums up one profile.
func (r *run) profile(profile generators.Profile) ProfileResult {
	name := profile.Name
	p := ProfileResult{Name: name, Verdict: Conforms, Sequences: r.sequences[name]}
	if r.unable(profile) {
		p.Verdict, p.Reason = Unserved, "the target is not told of principals of fewer rights"
		return p
	}
	t := r.profiles[name]
	if t == nil {
		p.Verdict, p.Reason = Inconclusive, "it got no turn"
		if r.fatal != nil {
			p.Reason = r.fatal.Error()
		}
		return p
	}
	p.Operations, p.Doubtful = t.operations, t.doubtful
	switch {
	case slices.ContainsFunc(r.findings, func(f Finding) bool { return f.Profile == name && r.counts(&f) }):
		p.Verdict = Diverges
	case t.operations == 0 && t.doubtful == 0 && len(t.served) == 0 && len(t.notServed) > 0:
		p.Verdict, p.Reason = Unserved, "the target serves none of its operations"
	case r.lacks(profile):
		p.Verdict, p.Reason = Unserved, "the target does not serve what it is about"
	case t.operations == 0:
		p.Verdict, p.Reason = Inconclusive, "nothing could be judged"
	case float64(t.doubtful) > doubtfulShare*float64(t.operations+t.doubtful):
		p.Verdict, p.Reason = Inconclusive, fmt.Sprintf("%d of %d operations could not be judged", t.doubtful, t.operations+t.doubtful)
	}
	if name == TourName && p.Reason == "" && p.Sequences < len(r.tour) {
		p.Reason = fmt.Sprintf("%d of its %d sequences were replayed", p.Sequences, len(r.tour))
	}
	return p
}

// toured returns what the tour alone covered.
func (r *run) toured() Tally {
	covered := Tally{}
	for _, w := range explore.Reach() {
		covered[w.To] = 0
		if t := r.profiles[TourName]; t != nil {
			covered[w.To] = t.edges[w.To] + t.cells[w.To]
		}
	}
	return covered
}

// unable reports whether the profile needs principals that the target has not.
func (r *run) unable(p generators.Profile) bool { return p.Others > 0 && len(r.set.Principals) == 0 }

// unserved reports whether the target serves an operation never.
func (r *run) unserved(operation string) bool {
	return r.tally.notServed[operation] > 0 && r.tally.served[operation] == 0
}

// lacks reports whether the target serves nothing of what the profile is about.
func (r *run) lacks(p generators.Profile) bool {
	served := func(name string) bool { return r.tally.served[name] > 0 }
	return slices.ContainsFunc(p.About, r.unserved) && !slices.ContainsFunc(p.About, served)
}

// counts reports whether a finding makes the run diverge.
func (r *run) counts(f *Finding) bool {
	return !f.Known && (f.Severity == Violation || r.set.Strict)
}

func (r *run) verdict(res *Result) Verdict {
	if r.stale || slices.ContainsFunc(res.Findings, func(f Finding) bool { return r.counts(&f) }) {
		return Diverges
	}
	for _, p := range res.Profiles {
		if p.Verdict == Inconclusive {
			return Inconclusive
		}
	}
	served := func(p ProfileResult) bool { return p.Verdict != Unserved }
	if res.Interrupted || r.fatal != nil || !slices.ContainsFunc(res.Profiles, served) {
		return Inconclusive
	}
	return Conforms
}

func contradiction(pair [2]Open) Finding {
	return Finding{
		Rule: ruleContradiction.ID, Severity: Suspicion, Kind: Safety, Operation: string(pair[0].Question), Status: "none", Role: "none",
		Shape: "two answers to " + string(pair[0].Rule), Sequence: pair[0].Sequence, Minimal: pair[0].Sequence, Profile: pair[0].Sequence.Profile,
		Expected: []string{pair[0].Answer + " (as in the other sequence)"}, Got: pair[1].Answer,
		Diff: "context: " + pair[0].Context + "\n\nthe other sequence:\n" + pair[1].Sequence.String(),
	}
}
