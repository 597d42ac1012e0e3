package reports

import (
	"bytes"
	"strings"
	"testing"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func TestABugReportShowsTheCallThatDiverged(t *testing.T) {
	call := func(line int, op model.Op, url string) conformance.Record {
		return conformance.Record{
			Line: line, Call: conformance.Call{Op: op},
			Exchange: conformance.Exchange{Attempts: []conformance.Attempt{{Method: "X", URL: url}}},
		}
	}
	get, del := model.GetCluster{Ref: model.C(1)}, model.DeleteCluster{Ref: model.C(1)}
	for _, c := range []struct {
		name  string
		calls []conformance.Record
		want  string
	}{
		{"not a probe after it", []conformance.Record{call(0, del, "early"), call(1, del, "it"), call(1, get, "probe"), call(-1, del, "teardown")}, "it"},
		{"the last time that it was asked", []conformance.Record{call(1, del, "first"), call(1, del, "again")}, "again"},
		{"else the line's call", []conformance.Record{call(0, del, "early"), call(1, get, "poll"), call(2, del, "late")}, "poll"},
		{"else a call of the operation", []conformance.Record{call(0, del, "early"), call(2, get, "late")}, "early"},
		{"else the last call", []conformance.Record{call(0, get, "early"), call(2, get, "late")}, "late"},
	} {
		got, ok := diverging(conformance.Finding{At: 1, Operation: "DeleteCluster", Calls: c.calls})
		if !ok || got.Exchange.Attempts[0].URL != c.want {
			t.Errorf("%s: got %v, want %q", c.name, got.Exchange.Attempts, c.want)
		}
	}
	if _, ok := diverging(conformance.Finding{}); ok {
		t.Error("without calls: got one, want none")
	}
}

func TestABugReportIsBounded(t *testing.T) {
	huge := strings.Repeat("x", 1<<20)
	header := map[string][]string{"A": {huge}, "B": make([]string, 1000)}
	attempt := conformance.Attempt{Method: "GET", URL: huge, Header: header, Body: []byte(huge), StatusCode: 200, Answer: []byte(huge), AnswerHeader: header, Err: huge}
	f := conformance.Finding{
		Got: huge, Diff: huge, Expected: []string{huge}, AlsoSeen: []string{huge}, After: huge, Operation: "GetCluster",
		Calls: []conformance.Record{{Exchange: conformance.Exchange{Attempts: []conformance.Attempt{attempt, attempt, attempt, attempt, attempt}}}},
	}
	var b bytes.Buffer
	if err := Bug(&b, f, Target{}); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 200<<10 {
		t.Errorf("got %d bytes, want at most 200 KiB", b.Len())
	}
	if !strings.Contains(b.String(), "The last 3 of 5 attempts") {
		t.Error("got no word of the attempts left out")
	}
}

func TestTheReplayCommandIsQuoted(t *testing.T) {
	var b bytes.Buffer
	if err := Bug(&b, conformance.Finding{}, Target{Endpoint: "http://x/$(touch pwned)", Preset: "my toy", Revision: "2025-05-13"}); err != nil {
		t.Fatal(err)
	}
	if want := `--preset 'my toy' --endpoint 'http://x/$(touch pwned)' --revision 2025-05-13`; !strings.Contains(b.String(), want) {
		t.Errorf("got\n%s\nwant it to hold %s", b.String(), want)
	}
}
