package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"dsqlconform/model"
)

// The ground truth: traces written by hand from the documents, not by the
// model. Every legal one is accepted; every illegal sibling is rejected by the
// rule that it names.
func TestGroundTruth(t *testing.T) {
	files, err := filepath.Glob("testdata/traces/*.txtar")
	if err != nil || len(files) < 60 {
		t.Fatalf("got %d traces (%v), want at least 60", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			ar := txtar.Parse(data)
			head := header(t, string(ar.Comment))
			legal, illegal := 0, 0
			for _, f := range ar.Files {
				calls := readCalls(t, string(f.Data))
				got := judgeCalls(head, calls)
				words := strings.Fields(f.Name)
				switch words[0] {
				case "legal":
					legal++
					if got != "" {
						t.Errorf("%s: got %q, want it accepted", f.Name, got)
					}
				case "illegal":
					illegal++
					if want := strings.Join(words[1:], " "); got != want {
						t.Errorf("%s: got %q, want %q", f.Name, got, want)
					}
				default:
					t.Errorf("got section %q, want legal or illegal", f.Name)
				}
			}
			if legal == 0 || illegal == 0 {
				t.Errorf("got %d legal and %d illegal sections, want one of each at least", legal, illegal)
			}
		})
	}
}

type traceHead struct {
	settle, lag time.Duration
	kinesis     bool
	revision    model.Revision
}

func header(t *testing.T, text string) traceHead {
	t.Helper()
	h := traceHead{settle: 10 * time.Second}
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		seen[key] = true
		var err error
		switch value = strings.TrimSpace(value); key {
		case "settle":
			h.settle, err = time.ParseDuration(value)
		case "read-lag":
			h.lag, err = time.ParseDuration(value)
		case "revision":
			h.revision, err = model.ParseRevision(value)
		case "kinesis":
			h.kinesis = value == "yes"
		case "cite":
			for _, id := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ':' || r == ' ' || r == '(' || r == ')' || r == ';' }) {
				if len(id) > 1 && strings.ContainsRune("FTQ", rune(id[0])) && id[1] >= '0' && id[1] <= '9' {
					if _, ok := model.LookupFact(model.FactID(id)); !ok {
						t.Errorf("got citation %q, want a fact", id)
					}
				}
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !seen["says"] || !seen["cite"] {
		t.Errorf("got header %q, want says and cite", text)
	}
	return h
}

type traceCall struct {
	line           model.Line
	sent, answered time.Duration
	reply          model.Reply
}

func readCalls(t *testing.T, text string) []traceCall {
	t.Helper()
	var calls []traceCall
	var pending *traceCall
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if pending != nil {
			reply, err := model.ParseReply(strings.TrimSpace(line))
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			pending.reply = reply
			calls = append(calls, *pending)
			pending = nil
			continue
		}
		words := strings.Fields(line)
		if len(words) < 3 {
			t.Fatalf("got %q, want times and an operation", line)
		}
		sent, err1 := time.ParseDuration(words[0])
		answered, err2 := time.ParseDuration(words[1])
		rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(strings.TrimPrefix(line, words[0])), words[1]))
		op, err3 := model.ParseLine(rest)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatalf("%q: %v %v %v", line, err1, err2, err3)
		}
		pending = &traceCall{line: op, sent: sent, answered: answered}
	}
	if pending != nil {
		t.Fatal("got a call without a reply")
	}
	return calls
}

// judgeCalls returns "" or the rule that the calls break, followed by
// "suspicion" or "liveness" where it is one.
func judgeCalls(h traceHead, calls []traceCall) string {
	env := model.NewEnv()
	env.Lag, env.Kinesis, env.Revision = h.lag, h.kinesis, h.revision
	belief := model.NewBelief(env)
	stale := ""
	for _, c := range calls {
		op := c.line.Op
		if c.line.Twice || c.line.Lost {
			c.reply = model.Reply{Lost: c.line.Lost || c.reply.Lost}
		}
		if _, ok := op.(model.Wait); ok {
			continue
		}
		e := belief.Observe(op, model.Seen{Reply: c.reply, Sent: c.sent, Answered: c.answered})
		switch {
		case e.Doubt != "":
			return "doubt: " + e.Doubt
		case e.Stale:
			stale = string(e.Broken)
		case e.Broken != "":
			return string(e.Broken)
		case len(e.Suspect) > 0:
			return string(e.Suspect[0]) + " suspicion"
		default:
			stale = ""
		}
		if await, ok := op.(model.Await); ok && await.Stream.Handle != 0 {
			if c.reply.Stream.Status == await.Shows || await.Shows == model.StreamGone && c.reply.Code == model.NotFound {
				continue
			}
			if late := belief.OverdueStream(await.Ref.Handle, await.Stream.Handle, c.sent, h.settle+h.lag); late != nil {
				return string(late.ID) + " liveness"
			}
			continue
		}
		if await, ok := op.(model.Await); ok {
			if c.reply.Status == await.Status || await.Status == model.Gone && c.reply.Code == model.NotFound {
				continue
			}
			if late := belief.Overdue(await.Ref.Handle, c.sent, h.settle+h.lag); late != nil {
				return string(late.ID) + " liveness"
			}
		}
	}
	if stale != "" {
		return "still stale: " + stale
	}
	return ""
}
