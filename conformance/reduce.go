package conformance

import (
	"context"
	"maps"
	"slices"
	"time"

	"dsqlconform/generators"
	"dsqlconform/model"
)

// shrinkOperations bounds what shrinking one finding may ask of the target.
const shrinkOperations = 1500

// shrink makes each finding's sequence minimal and counts how often it
// reproduces. What was seen only in another's wake and does not come again is
// dropped.
func (r *run) shrink(ctx context.Context) {
	deadline := time.Now().Add(r.set.Shrinking)
	var kept []Finding
	for i := range r.findings {
		f := r.findings[i]
		if f.Known || ctx.Err() != nil || r.fatal != nil || time.Now().After(deadline) {
			if !f.fragile {
				kept = append(kept, f)
			}
			continue
		}
		left := time.Until(deadline) / time.Duration(len(r.findings)-i)
		f = r.reduce(ctx, f, max(left, time.Second))
		for _, other := range r.others[key(&f)] {
			// What does not come again may have needed what other sequences
			// did meanwhile; another occurrence may stand by itself.
			if f.Hits > 0 || ctx.Err() != nil || time.Now().After(deadline) {
				break
			}
			if g := r.reduce(ctx, other, max(left, time.Second)); g.Hits > 0 {
				f = g
			}
		}
		if (f.After != "" || f.fragile) && f.Hits == 0 && ctx.Err() == nil {
			continue
		}
		kept = append(kept, f)
		ev := Event{Profile: f.Profile, Seed: f.Seed, Shrunk: &kept[len(kept)-1]}
		r.observe(ev)
	}
	r.findings = kept
}

// reduce shrinks one finding.
func (r *run) reduce(ctx context.Context, f Finding, limit time.Duration) Finding {
	until := time.Now().Add(limit)
	also := map[string]bool{}
	var last *Finding
	fails := func(s model.Sequence) bool {
		if ctx.Err() != nil || r.fatal != nil {
			return false
		}
		var hit *Finding
		x := r.execute(ctx, s, f.Profile, f.Seed, "shrink", func(g *Finding) bool { return here(g, &f, s) })
		if x.fatal != nil {
			r.fatal = x.fatal
		}
		for i := range x.findings {
			if here(&x.findings[i], &f, s) {
				hit = &x.findings[i]
				break
			}
			also[x.findings[i].Signature()] = true
		}
		if hit != nil {
			last = hit
		}
		return hit != nil
	}
	at := min(f.At, max(len(f.Sequence.Lines)-1, 0))
	budget := generators.Budget{Operations: shrinkOperations, Time: limit}
	if at < len(f.Sequence.Lines) && f.Sequence.Lines[at].Op.Name() == f.Operation {
		budget.Plausible = generators.Plausible(f.Sequence, at, f.Rule)
	}
	minimal, spent := generators.ShrinkAt(f.Sequence, at, fails, budget)
	f.Minimal, f.ShrinkOperations = minimal, spent.Operations
	for range r.set.Repeats {
		if ctx.Err() != nil || r.fatal != nil || f.Tries > 0 && f.Hits == 0 && time.Now().After(until) {
			break
		}
		f.Tries++
		if fails(minimal) {
			f.Hits++
		}
	}
	if last != nil && f.Hits > 0 {
		f.Status, f.Role = last.Status, last.Role
		f.At, f.Expected, f.Got, f.Diff, f.Calls = last.At, last.Expected, last.Got, last.Diff, last.Calls
		f.After = last.After
	}
	delete(also, f.Signature())
	f.AlsoSeen = slices.Sorted(maps.Keys(also))
	return f
}

// same reports whether two findings are the same fault for the shrinker: the
// status and the role before it may change with the sequence around it.
func same(a, b *Finding) bool { return key(a) == key(b) }

// pin is what makes two findings the same for the shrinker.
type pin struct {
	rule             model.RuleID
	operation, shape string
	kind             Kind
}

func key(f *Finding) pin { return pin{f.Rule, f.Operation, f.Shape, f.Kind} }

// here reports whether g is the fault f, shown by a line of s and not by the
// teardown behind it.
func here(g, f *Finding, s model.Sequence) bool { return same(g, f) && g.At < len(s.Lines) }
