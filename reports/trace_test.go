package reports

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// traceOf returns the text of a trace with the sample's records.
func traceOf(t testing.TB) string {
	t.Helper()
	res, target := sample(t)
	var b bytes.Buffer
	w, err := NewTraceWriter(&b, TraceHeader{Target: target, Seed: 42, Started: res.Started})
	if err != nil {
		t.Fatal(err)
	}
	f := res.Findings[0]
	if err := w.Sequence(f.Profile, f.Seed, 0, f.Sequence); err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Calls {
		if err := w.Record(f.Profile, f.Seed, 0, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// readTrace returns all lines of a trace and the error that ended it.
func readTrace(text string) ([]TraceLine, error) {
	_, seq, err := ReadTrace(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	var list []TraceLine
	for line, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, line)
	}
	return list, nil
}

func TestTheTraceIsAsInItsGoldenFile(t *testing.T) { golden(t, "trace.jsonl", traceOf(t)) }

func TestARecordReadsBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := record().Draw(t, "record")
		var b bytes.Buffer
		w, err := NewTraceWriter(&b, TraceHeader{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Record("p", 7, 3, want); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b.Bytes(), []byte("\n")); n != 2 {
			t.Fatalf("got %d lines, want the header and one record: %s", n, b.Bytes())
		}
		list, err := readTrace(b.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]TraceLine{{Profile: "p", Seed: 7, Execution: 3, Record: newTraceRecord(want)}}, list, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("line (-want +got):\n%s", diff)
		}
	})
}

func TestARecordOfTheModelReadsBackEqual(t *testing.T) {
	yes, witness, text := true, "us-west-2", "{}"
	want := conformance.Record{
		Line: 2, Why: "again",
		Call: conformance.Call{
			Op:     model.UpdateCluster{Ref: model.C(1), Protection: model.Off, Multi: &model.MultiRegion{Witness: model.Some("us-west-2"), Peers: []model.Ref{model.C(2)}, GivenPeers: true}, Token: model.Token{Name: "t1"}},
			Region: "us-east-1", Identifier: "abc", Peers: []string{"arn:x"}, Token: "tok", Retries: true,
			By: "reader", Stream: "s", ARNs: []string{"arn:y"}, Kinesis: "arn:k", Role: "arn:r", Policy: "{}", Expect: model.Some(""),
		},
		Exchange: conformance.Exchange{
			Answer: conformance.Answer{
				Outage: conformance.Undecodable, HTTP: 200, Identifier: "abc", ARN: "arn:x", Status: "ACTIVE",
				Created: time.Unix(1_700_000_000, 5e8).UTC(), Protection: &yes,
				Multi: &conformance.Multi{Witness: &witness, Clusters: []string{}}, Tags: map[string]string{},
				Listed: []conformance.Listed{{Identifier: "abc", ARN: "arn:x"}},
				Policy: &text, PolicyVersion: "2", Encryption: &conformance.Encryption{Type: "AWS_OWNED_KMS_KEY", Status: "ENABLED", Key: &text},
				Stream:  &conformance.Stream{Cluster: "abc", Identifier: "s", ARN: "arn:s", Status: "ACTIVE", Created: time.Unix(5, 0).UTC(), Kinesis: "arn:k", Role: "arn:r", Reason: true},
				Streams: []conformance.Stream{{Identifier: "s", Ordering: "UNORDERED", Format: "JSON"}}, Witness: &witness, Linked: []string{},
			},
			Attempts: []conformance.Attempt{{
				Method: "POST", URL: "http://h/cluster/abc", Header: map[string][]string{"A": {"b"}}, Body: []byte("{}"), StatusCode: 200,
				Answer: []byte{0xff, 0}, Sent: time.Unix(1, 2).UTC(), Answered: time.Unix(3, 4).UTC(), Err: "cut",
			}},
		},
		Reply: model.Reply{Cluster: 1, Status: model.Active, Protection: model.Off},
		Sent:  3 * time.Millisecond, Answered: 4 * time.Millisecond,
	}
	var b bytes.Buffer
	w, err := NewTraceWriter(&b, TraceHeader{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Record("p", 1, 0, want); err != nil {
		t.Fatal(err)
	}
	list, err := readTrace(b.String())
	if err != nil {
		t.Fatal(err)
	}
	got, err := list[0].Record.Record()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(model.Tags{})); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestATraceLineThatIsNotOfTheModelIsAnError(t *testing.T) {
	for _, c := range []struct {
		r    TraceRecord
		want string
	}{
		{TraceRecord{Op: "fly c1", Reply: "lost"}, `operation "fly c1"`},
		{TraceRecord{Op: "get c1", Reply: "maybe"}, `reply "maybe"`},
		{TraceRecord{Op: "get c1", Reply: "lost", Answer: TraceAnswer{Outage: "flood"}}, `got outage "flood"`},
	} {
		if _, err := c.r.Record(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want one with %q", err, c.want)
		}
	}
}

// A crash can cut a trace anywhere. What was whole is read, and the cut is told
// apart from damage.
func TestATraceMayBeCutAnywhere(t *testing.T) {
	whole := traceOf(t)
	all, err := readTrace(whole)
	if err != nil {
		t.Fatal(err)
	}
	header := strings.Index(whole, "\n") + 1
	for cut := header; cut < len(whole); cut++ {
		got, err := readTrace(whole[:cut])
		want := strings.Count(whole[header:cut], "\n")
		onLine := whole[cut-1] == '\n'
		ends := whole[cut] == '\n' // only the newline is missing: the line is good
		if ends && !onLine {
			want++
		}
		if wantErr := !onLine && !ends; wantErr != errors.Is(err, ErrCut) || !wantErr && err != nil {
			t.Fatalf("cut at %d: got error %v, want ErrCut: %v", cut, err, wantErr)
		}
		if diff := cmp.Diff(all[:want], got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("cut at %d (-want +got):\n%s", cut, diff)
		}
	}
}

func TestReadTraceSaysWhatIsWrong(t *testing.T) {
	whole := traceOf(t)
	header, rest, _ := strings.Cut(whole, "\n")
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "empty file"},
		{"a cut header", header[:10], "line 1"},
		{"another schema", `{"schema":"x"}` + "\n", `got schema "x", want "dsqlconform/trace/v1"`},
		{"damage in the middle", header + "\n{\n" + rest, "line 2"},
		{"an empty line", header + "\n\n" + rest, "line 2"},
		{"a line with nothing in it", header + "\n{}\n", `want one of "sequence" and "record"`},
		{"a line too long", header + "\n" + strings.Repeat("x", maxTraceLine+1), "line 2: got a line of more than"},
	} {
		_, err := readTrace(c.text)
		if err == nil || errors.Is(err, ErrCut) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("reading %s: got error %v, want one with %q", c.name, err, c.want)
		}
	}
}

// oneAtATime is a writer that notices two writes at once.
type oneAtATime struct {
	bytes.Buffer
	busy, overlap atomic.Bool
}

func (w *oneAtATime) Write(p []byte) (int, error) {
	if !w.busy.CompareAndSwap(false, true) {
		w.overlap.Store(true)
		return len(p), nil
	}
	defer w.busy.Store(false)
	runtime.Gosched() // let another in, if it can get in
	return w.Buffer.Write(p)
}

func TestATraceWriterTakesManyWriters(t *testing.T) {
	var b oneAtATime
	w, err := NewTraceWriter(&b, TraceHeader{})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	const writers, each = 8, 50
	for n := range writers {
		wg.Go(func() {
			for range each {
				if err := w.Record("p", 1, n, conformance.Record{Call: conformance.Call{Op: model.GetCluster{Ref: model.C(1)}}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if b.overlap.Load() {
		t.Fatal("got two writes at once")
	}
	list, err := readTrace(b.String())
	if err != nil || len(list) != writers*each {
		t.Errorf("got %d lines and error %v, want %d", len(list), err, writers*each)
	}
}

// lineWriter counts calls and fails when it has room for no more.
type lineWriter struct{ calls, room int }

func (w *lineWriter) Write(p []byte) (int, error) {
	if w.calls++; w.calls > w.room {
		return len(p) / 2, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestEachLineIsOneWriteAndNoneFollowsAFailedOne(t *testing.T) {
	out := &lineWriter{room: 2}
	w, err := NewTraceWriter(out, TraceHeader{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, io.ErrClosedPipe, io.ErrClosedPipe} {
		if err := w.Record("p", 1, 0, conformance.Record{}); !errors.Is(err, want) {
			t.Errorf("record %d: got error %v, want %v", i, err, want)
		}
	}
	if out.calls != 3 {
		t.Errorf("got %d writes, want 3: header, record, and the failed one", out.calls)
	}
}

// The seeds of both fuzz targets are short: minimising a long one takes all the
// time there is.

func FuzzReadTrace(f *testing.F) {
	const header = `{"schema":"dsqlconform/trace/v1","seed":1}` + "\n"
	f.Add(header + `{"sequence":"# dsqlseq 1\n"}` + "\n" + `{"rec`)
	f.Add(header + `{"record":{"op":"get c1","reply":"lost","answer":{"multi":{"clusters":[]}},"attempts":[{"body":{"base64":"/w=="},"answer":"x"}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		list, _ := readTrace(text)
		for _, line := range list {
			if line.Record != nil {
				line.Record.Record()
			}
		}
	})
}

func FuzzReadJSON(f *testing.F) {
	f.Add([]byte(`{"schema":"dsqlconform/report/v1","findings":[{"after":"x","minimal":["a"]}],"answers":[{}],"known":[{"entry":"|"}]}`))
	f.Add([]byte(`{"schema":"dsqlconform/report/v1","profiles":[{"name":"p","verdict":"diverges"}],"coverage":{"rules":{"missed":["a"]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := ReadJSON(bytes.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteJSON(&b, first); err != nil {
			t.Fatalf("writing what was read: %v", err)
		}
		second, err := ReadJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("reading it again (-first +second):\n%s", diff)
		}
		if err := errors.Join(WriteMarkdown(io.Discard, first), WriteJUnit(io.Discard, first)); err != nil {
			t.Fatal(err)
		}
	})
}
