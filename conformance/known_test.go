package conformance_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/conformance/mutants"
	"dsqlconform/conformance/reference"
)

// unprotected is the entry of a list that knows of the mutant
// "protection-off-by-default".
var unprotected = conformance.Divergence{
	Name: "protection is off by default", Signature: "*/*/*/*/protection off", Because: "no protection yet",
	Sequence: []string{"c1 = create us-east-1"},
}

func TestKnownDivergences(t *testing.T) {
	expired, elsewhere, other := unprotected, unprotected, unprotected
	expired.Expires = "1999-12-31"
	elsewhere.Elsewhere = true
	other.Signature = "DSQL-CRE-001/CreateCluster/*/*/protection on"
	for _, tt := range []struct {
		name    string
		mutant  string
		entry   conformance.Divergence
		status  string
		verdict conformance.Verdict
		known   bool
	}{
		{"that is seen", "protection-off-by-default", unprotected, "seen", conformance.Conforms, true},
		{"that is mended", "", unprotected, "stale", conformance.Diverges, false},
		{"that is mended, but shows only elsewhere", "", elsewhere, "not-attempted", conformance.Conforms, false},
		{"that has expired", "protection-off-by-default", expired, "expired", conformance.Diverges, false},
		{"that is another", "protection-off-by-default", other, "stale", conformance.Diverges, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, _ := mutants.Lookup(tt.mutant)
				res := check(t, over(t, reference.New(m.Over(options(t, "plain", 1)))), conformance.Settings{
					Known: []conformance.Divergence{tt.entry}, Sequences: 48, Settle: settle, Repeats: 1, Shrinking: time.Hour,
				})
				if diff := cmp.Diff([]conformance.KnownResult{{Entry: tt.entry.Name, Status: tt.status}}, res.Known); diff != "" {
					t.Errorf("entries (-want +got):\n%s", diff)
				}
				if res.Verdict != tt.verdict {
					t.Errorf("got %s, want %s", res.Verdict, tt.verdict)
				}
				for _, f := range res.Findings {
					if f.Known != tt.known && f.Severity == conformance.Violation {
						t.Errorf("%s: got known %v, want %v", f.Signature(), f.Known, tt.known)
					}
				}
				if tt.mutant != "" && len(res.Findings) == 0 {
					t.Error("got no finding, want those of the mutant")
				}
			})
		})
	}
}

func TestAKnownDivergenceIsNotAttemptedWithoutATarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := contextThatEnded(t)
		defer cancel()
		res, err := conformance.Check(ctx, over(t, reference.New(options(t, "plain", 1))), conformance.With(conformance.Settings{
			Known: []conformance.Divergence{unprotected}, Sequences: 1,
		}))
		if err != nil || len(res.Known) != 1 || res.Known[0].Status != "not-attempted" || res.Verdict != conformance.Inconclusive {
			t.Errorf("got %v, %v, %s; want the entry not attempted", err, res.Known, res.Verdict)
		}
	})
}

// A list made of a run's findings makes the next run conform, and reads back.
func TestKnownFromARun(t *testing.T) {
	m, _ := mutants.Lookup("protection-off-by-default")
	s := conformance.Settings{Sequences: 48, Settle: settle, Repeats: 1, Shrinking: time.Hour, Strict: true}
	synctest.Test(t, func(t *testing.T) {
		res := check(t, over(t, m.Handler(options(t, "plain", 1))), s)
		if res.Verdict != conformance.Diverges {
			t.Fatalf("got %s, want diverges", res.Verdict)
		}
		list := conformance.KnownFrom(nil, res)
		data, err := conformance.FormatKnown(list)
		if err != nil {
			t.Fatal(err)
		}
		again, err := conformance.ParseKnown(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(list, again); diff != "" {
			t.Errorf("read back (-written +read):\n%s", diff)
		}
		s := s
		s.Known = again
		res = check(t, over(t, m.Handler(options(t, "plain", 1))), s)
		if res.Verdict != conformance.Conforms {
			t.Errorf("got %s with the list, want conforms; entries %v", res.Verdict, res.Known)
		}
		if more := conformance.KnownFrom(again, res); len(more) != len(again) {
			t.Errorf("got %d entries after the second run, want the same %d", len(more), len(again))
		}
	})
}

func TestMalformedListsOfKnownDivergences(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"no JSON", "x", "invalid character"},
		{"a member that there is not", `[{"nam":"a"}]`, "unknown field"},
		{"no name", `[{"signature":"a/b/c/d/e","sequence":["list us-east-1"]}]`, "name"},
		{"a name twice", `[{"name":"a","signature":"a/b/c/d/e"},{"name":"a","signature":"a/b/c/d/e"}]`, "once"},
		{"half a signature", `[{"name":"a","signature":"a/b"}]`, "rule/operation/status/role/shape"},
		{"a broken pattern", `[{"name":"a","signature":"a/b/c/d/[e"}]`, "signature"},
		{"no day", `[{"name":"a","signature":"a/b/c/d/e","expires":"soon"}]`, "want a day"},
		{"a sequence that does not parse", `[{"name":"a","signature":"a/b/c/d/e","sequence":["dance c1"]}]`, "dance"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := conformance.ParseKnown([]byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func FuzzParseKnown(f *testing.F) {
	for _, text := range []string{`[]`, `null`, `[{"name":"a","signature":"a/b/*/*/\\*","expires":"2027-01-31","sequence":["list us-east-1"]}]`, `[{"name":""}]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := conformance.ParseKnown(data)
		if err != nil {
			return
		}
		text, err := conformance.FormatKnown(list)
		if err != nil {
			t.Fatal(err)
		}
		again, err := conformance.ParseKnown(text)
		if err != nil {
			t.Fatalf("what was written does not read back: %v\n%s", err, text)
		}
		if len(list) != len(again) {
			t.Errorf("got %d entries back, want %d", len(again), len(list))
		}
	})
}
