package reports

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"pgregory.net/rapid"

	"dsqlconform/conformance"
)

// readJUnit returns the status of each test case, by suite and name.
func readJUnit(t testing.TB, r Report) map[string]map[string]junit.Status {
	t.Helper()
	var text bytes.Buffer
	if err := WriteJUnit(&text, r); err != nil {
		t.Fatal(err)
	}
	suites, err := junit.Ingest(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]junit.Status{}
	for _, s := range suites {
		got[s.Name] = map[string]junit.Status{}
		for _, c := range s.Tests {
			got[s.Name][c.Name] = c.Status
		}
	}
	return got
}

func TestJUnitTellsCIWhatFails(t *testing.T) {
	res, target := sample(t)
	violation, suspicion, known := res.Findings[0].Signature(), res.Findings[1].Signature(), res.Findings[2].Signature()
	for _, c := range []struct {
		name      string
		strict    bool
		suspicion junit.Status
	}{
		{"a suspicion passes", false, junit.StatusPassed},
		{"a suspicion fails a strict run", true, junit.StatusFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := New(res, target)
			r.Strict = c.strict
			want := map[string]map[string]junit.Status{
				"dsqlconform.tour":      {"conforms": junit.StatusPassed},
				"dsqlconform.lifecycle": {violation: junit.StatusFailed},
				"dsqlconform.wire":      {suspicion: c.suspicion},
				"dsqlconform.pairs":     {known: junit.StatusSkipped},
				"dsqlconform.tags":      {"conforms": junit.StatusPassed},
				"dsqlconform.streams":   {"conforms": junit.StatusSkipped},
				"dsqlconform.quota":     {"conforms": junit.StatusSkipped},
				"known divergences":     {"delete-protected": junit.StatusPassed, "old": junit.StatusFailed, "later": junit.StatusSkipped},
			}
			if diff := cmp.Diff(want, readJUnit(t, r)); diff != "" {
				t.Errorf("test cases (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJUnitLosesNoDivergence(t *testing.T) {
	for _, c := range []struct {
		name string
		r    Report
		want map[string]map[string]junit.Status
	}{
		{
			"a finding of a profile that is not listed",
			Report{Findings: []Finding{{Profile: "p", Signature: "s", Severity: conformance.Violation}}},
			map[string]map[string]junit.Status{"dsqlconform.p": {"s": junit.StatusFailed}},
		},
		{
			"a profile that diverges without a finding",
			Report{Profiles: []Profile{{Name: "p", Verdict: conformance.Diverges}}},
			map[string]map[string]junit.Status{"dsqlconform.p": {"conforms": junit.StatusFailed}},
		},
		{
			"a finding in an inconclusive profile",
			Report{
				Profiles: []Profile{{Name: "p", Verdict: conformance.Inconclusive, Reason: "throttled"}},
				Findings: []Finding{{Profile: "p", Signature: "s", Severity: conformance.Violation}},
			},
			map[string]map[string]junit.Status{"dsqlconform.p": {"s": junit.StatusFailed, "conforms": junit.StatusSkipped}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, readJUnit(t, c.r)); diff != "" {
				t.Errorf("test cases (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJUnitIsValidXMLForAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := New(result().Draw(t, "result"), target().Draw(t, "target"))
		// Also texts that New never lets through.
		r.NotServed, r.Target.Name = nil, hostile().Draw(t, "raw")
		for i := range r.Findings {
			r.Findings[i].Got = hostile().Draw(t, "raw")
		}
		var text bytes.Buffer
		if err := WriteJUnit(&text, r); err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(bytes.NewReader(text.Bytes()))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("got XML that does not parse: %v\n%s", err, text.Bytes())
			}
		}
		suites, err := junit.Ingest(text.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, s := range suites {
			failed += s.Totals.Failed
		}
		want := 0
		for _, f := range r.Findings {
			if !f.Known && f.Severity == conformance.Violation {
				want++
			}
		}
		if failed < want {
			t.Fatalf("got %d failures, want at least the %d violations", failed, want)
		}
	})
}
