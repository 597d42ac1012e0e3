package conformance

import (
	"cmp"
	"context"
	"iter"
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
			kept = append(kept, f)
			continue
		}
		left := time.Until(deadline) / time.Duration(len(r.findings)-i)
		f = r.reduce(ctx, f, max(left, time.Second))
		if f.After != "" && f.Hits == 0 && ctx.Err() == nil {
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
	also := map[string]bool{}
	var last *Finding
	fails := func(s model.Sequence) bool {
		if ctx.Err() != nil || r.fatal != nil {
			return false
		}
		var hit *Finding
		x := r.execute(ctx, s, f.Profile, f.Seed, "shrink", func(g *Finding) bool { return same(g, &f) })
		if x.fatal != nil {
			r.fatal = x.fatal
		}
		for i := range x.findings {
			if same(&x.findings[i], &f) {
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
	minimal, spent := generators.ShrinkAt(f.Sequence, at, fails, generators.Budget{Operations: shrinkOperations, Time: limit})
	f.Minimal, f.ShrinkOperations = minimal, spent.Operations
	for range r.set.Repeats {
		if ctx.Err() != nil {
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
func same(a, b *Finding) bool {
	return a.Rule == b.Rule && a.Operation == b.Operation && a.Shape == b.Shape && a.Kind == b.Kind
}

func mapsKeys[K cmp.Ordered, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }
