package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dsqlconform/generators"
	"dsqlconform/model"
)

// Run tests a target under go test: a subtest for the tour, if there is one, but
// for what waits longer than a transition may take; and one for each profile, whose
// sequences rapid draws. The number of sequences is rapid's (-rapid.checks), and so
// is the seed (-rapid.seed). A violation that is not known fails the subtest with
// its minimal sequence, the rule that it breaks and where that is documented;
// suspicions are logged, or fail it too when the settings are strict.
func Run(t *testing.T, target Target, opts ...Option) {
	t.Helper()
	set := settingsOf(opts)
	if set.err != nil {
		t.Fatal(set.err)
	}
	if tour := set.brief(set.tour()); len(tour) > 0 {
		t.Run(TourName, func(t *testing.T) {
			for _, s := range tour {
				if message := check(t, target, &set, TourName, s); message != "" {
					t.Fatal(message)
				}
			}
		})
	}
	for _, p := range set.Profiles {
		p = p.In(set.Regions, set.Witness).Speaking(set.Revision).AskedBy(set.Principals)
		if set.Steps > 0 {
			p.Steps = set.Steps
		}
		t.Run(p.Name, func(t *testing.T) {
			if p.Others > 0 && len(set.Principals) == 0 {
				t.Skip("the target is not told of principals of fewer rights")
			}
			// The sequence that failed and its message: rapid asks again for
			// smaller ones, but the shrinking is done, and done better on the
			// data. So the first fails the same way and any other passes,
			// without another call to the target.
			var failed, message string
			rapid.Check(t, func(rt *rapid.T) {
				s := generators.Sequence(p).Draw(rt, "sequence")
				text := s.String()
				if message == "" {
					message = check(t, target, &set, p.Name, s)
					failed = text
				}
				if message != "" && text == failed {
					rt.Fatalf("%s", message)
				}
			})
		})
	}
}

// check replays one sequence and returns the message of its first violation,
// shrunk, or "".
func check(t *testing.T, target Target, set *Settings, profile string, s model.Sequence) string {
	ctx := t.Context()
	r := &run{target: target, set: set, tally: newTally(), census: newCensus(), started: time.Now(), profiles: map[string]*tally{}, sequences: map[string]int{}}
	r.observe = serial(set.Observe)
	x := r.execute(ctx, s, profile, s.Seed, "", nil)
	if x.fatal != nil {
		return x.fatal.Error()
	}
	r.absorb(x)
	i := slices.IndexFunc(r.findings, func(f Finding) bool { return r.counts(&f) })
	if i < 0 {
		for _, f := range r.findings {
			t.Logf("%s: %s", f.Severity, f.Signature())
		}
		return ""
	}
	f := r.reduce(context.WithoutCancel(ctx), r.findings[i], set.Shrinking)
	return Message(f)
}

// Message tells a finding in plain text: the rule, the minimal sequence, what
// was wanted and got, and where the rule comes from. It holds no identifiers of
// the target and no times, so that the same fault gives the same message.
func Message(f Finding) string {
	var b strings.Builder
	rule, _ := LookupRule(f.Rule)
	fmt.Fprintf(&b, "%s: %s\n", f.Rule, rule.Says)
	fmt.Fprintf(&b, "%s (%s, %s), in %s of a cluster that is %s (%s)\n\n", f.Severity, f.Kind, rule.Basis, f.Operation, f.Status, f.Role)
	for i, l := range f.Minimal.Lines {
		mark := "  "
		if i == f.At {
			mark = "> "
		}
		b.WriteString(mark + l.String() + "\n")
	}
	fmt.Fprintf(&b, "\ngot  %s\n", f.Got)
	for _, w := range f.Expected {
		fmt.Fprintf(&b, "want %s\n", w)
	}
	for _, c := range rule.Citations() {
		fmt.Fprintf(&b, "see  %s\n", c)
	}
	return strings.TrimRight(b.String(), "\n")
}
