package mutants_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance/mutants"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

const settle = 2 * time.Second

// judged plays a sequence against the endpoint of a mutant, with its fault or
// without, and returns the first rule that an answer breaks, and what it was
// asked; "" when everything is explained.
func judged(t *testing.T, m mutants.Mutant, faulty bool, lines []model.Line) (model.RuleID, string) {
	t.Helper()
	plain, _ := reference.LookupTemperament("plain")
	begun := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	now := begun
	clock := func() time.Time { return now }
	opts := reference.Options{Now: clock, Seed: 1, Temperament: plain, Settle: settle}
	var h http.Handler = reference.New(m.Under(opts))
	if faulty {
		h = m.Handler(opts)
	}
	s := speak.New(h, clock)
	env := model.NewEnv()
	env.Kinesis, env.Revision, env.Quota = true, m.Revision, m.Quota
	b := model.NewBelief(env)
	ask := func(op model.Op) (model.Reply, model.RuleID) {
		op = s.Located(op)
		reply, err := s.Ask(op)
		if err != nil {
			t.Fatal(err)
		}
		at := now.Sub(begun)
		e := b.Observe(op, model.Seen{Reply: reply, Sent: at, Answered: at})
		if e.Broken == "" && len(e.Suspect) > 0 {
			return reply, e.Suspect[0]
		}
		return reply, e.Broken
	}
	for _, l := range lines {
		switch op := l.Op.(type) {
		case model.Wait:
			now = now.Add(op.For)
			continue
		case model.Await:
			for range 100 {
				reply, broken := ask(op)
				if broken != "" {
					return broken, op.String()
				}
				if op.Stream != (model.StreamRef{}) {
					if late := b.OverdueStream(op.Ref.Handle, op.Stream.Handle, now.Sub(begun), settle); late != nil {
						return late.ID, op.String()
					}
				} else if late := b.Overdue(op.Ref.Handle, now.Sub(begun), settle); late != nil {
					return late.ID, op.String()
				}
				if reply.Code == model.NotFound && (op.Status == model.Gone || op.Shows == model.StreamGone) {
					break
				}
				if op.Stream == (model.StreamRef{}) && reply.Status == op.Status || op.Shows != model.NoStream && reply.Stream.Status == op.Shows {
					break
				}
				now = now.Add(100 * time.Millisecond)
			}
			continue
		}
		if _, broken := ask(l.Op); broken != "" {
			return broken, l.Op.String()
		}
	}
	return "", ""
}

// engines reports whether only the engine can judge the rule of a mutant: it is
// one of bytes, of hostile requests, or of single pages.
func engines(m mutants.Mutant) bool {
	return strings.HasPrefix(string(m.Rule), "DSQL-WIR-") || strings.HasPrefix(string(m.Rule), "DSQL-VAL-") ||
		m.Rule == "DSQL-LST-004" || m.Rule == "DSQL-LST-005"
}

func lines(t *testing.T, text string) []model.Line {
	t.Helper()
	s, err := model.ParseSequence("# dsqlseq 1\n" + text + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return s.Lines
}

func TestEachMinimalSequenceShowsItsFault(t *testing.T) {
	for _, m := range mutants.All() {
		if engines(m) {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			if got, op := judged(t, m, true, lines(t, m.Minimal)); got != m.Rule {
				t.Errorf("got rule %q broken by %q, want %q", got, op, m.Rule)
			}
			if got, op := judged(t, m, false, lines(t, m.Minimal)); got != "" {
				t.Errorf("without the fault got rule %q broken by %q, want none", got, op)
			}
		})
	}
}

func TestNoMinimalSequenceHasALineToSpare(t *testing.T) {
	for _, m := range mutants.All() {
		all := lines(t, m.Minimal)
		if len(all) != m.Shortest {
			t.Errorf("%s: got %d lines, want Shortest %d", m.ID, len(all), m.Shortest)
		}
		for i := range all {
			less := append(append([]model.Line(nil), all[:i]...), all[i+1:]...)
			if engines(m) || len(less) == 0 {
				continue
			}
			if got, op := judged(t, m, true, less); got != "" {
				t.Errorf("%s: without line %d got rule %q broken by %q, want none", m.ID, i+1, got, op)
			}
		}
	}
}

func TestTheMinimalSequencesSpreadFromTwoToEight(t *testing.T) {
	seen := map[int]bool{}
	for _, m := range mutants.All() {
		seen[m.Shortest] = true
	}
	for n := 2; n <= 8; n++ {
		if !seen[n] {
			t.Errorf("got no mutant whose shortest sequence has %d lines, want one", n)
		}
	}
}

func TestEveryMutantIsAWholeRow(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range mutants.All() {
		if _, ok := model.LookupRule(m.Rule); !ok {
			t.Errorf("%s: got rule %q, want one of the model", m.ID, m.Rule)
		}
		if seen[m.ID] || m.Says == "" || m.Step == nil && m.Transitions == nil && m.StreamTransitions == nil && m.Wrap == nil {
			t.Errorf("%s: got a row that stands twice or does nothing", m.ID)
		}
		seen[m.ID] = true
		if found, ok := mutants.Lookup(m.ID); !ok || found.Says != m.Says {
			t.Errorf("Lookup(%q): got %v, want the row", m.ID, ok)
		}
	}
	if _, ok := mutants.Lookup("no such mutant"); ok {
		t.Error("Lookup of an unknown mutant: got one, want none")
	}
}

func TestAWireFaultChangesTheBytes(t *testing.T) {
	clock := func() time.Time { return time.Unix(1_800_000_000, 0) }
	answer := func(m mutants.Mutant, faulty bool) string {
		method, path := "POST", "/cluster"
		if line, get := strings.CutPrefix(m.Minimal, "get"); get {
			method, path = "GET", "/cluster/"+strings.Repeat("a", 26)
			if strings.HasPrefix(line, "-policy") {
				path += "/policy"
			}
		}
		r, err := speak.Request(method, path, "us-east-1", nil, clock())
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		var h http.Handler = reference.New(reference.Options{Now: clock})
		if faulty {
			h = m.Handler(reference.Options{Now: clock})
		}
		h.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, w.Header(), w.Body)
	}
	for _, m := range mutants.All() {
		if strings.HasPrefix(string(m.Rule), "DSQL-WIR-") && answer(m, true) == answer(m, false) {
			t.Errorf("%s: got the answer of an endpoint without fault", m.ID)
		}
	}
}
