package tours_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/tours"
	"dsqlconform/conformance/weather"
	"dsqlconform/model"
)

// settle is within which an endpoint takes a due transition.
const settle = 10 * time.Second

// seed is that of every endpoint's chance: no tour hangs on it.
const seed = 1

// stage is an endpoint of one temperament and what a run is told of it. Its time
// is that of the bubble.
type stage struct {
	target   conformance.Target
	settings conformance.Settings
}

// slower makes every call take a while.
type slower struct {
	http.RoundTripper
	by time.Duration
}

func (s slower) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.by)
	return s.RoundTripper.RoundTrip(r)
}

// open returns the stage of a temperament whose every call takes so long.
func open(t testing.TB, temperament string, latency time.Duration) stage {
	t.Helper()
	temper, ok := reference.LookupTemperament(temperament)
	if !ok {
		t.Fatalf("got temperament %q, want one of the table", temperament)
	}
	endpoint := reference.New(reference.Options{Temperament: temper, Seed: seed, Settle: settle})
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    "http://127.0.0.1:1",
		Transport:   slower{weather.InProcess(endpoint), latency},
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return stage{target, conformance.Settings{
		Settle: settle, Quota: temper.Quota, Kinesis: conformance.MadeUp,
		Connect: func(_ context.Context, identifier string, _ model.Region) error { return endpoint.Connect(identifier) },
	}}
}

// played is what came of a sequence.
type played struct {
	lines    [][]string // the points that each line covers
	findings []conformance.Finding
}

// play replays a sequence on an endpoint of its own.
func play(t testing.TB, temperament string, seq model.Sequence, latency time.Duration) played {
	t.Helper()
	s := open(t, temperament, latency)
	trace, err := conformance.Replay(t.Context(), s.target, seq, conformance.With(s.settings))
	if err != nil {
		t.Fatalf("%s: %v\n%s", temperament, err, seq)
	}
	return played{lines: covers(&s.settings, &trace), findings: trace.Findings}
}

// covers returns the points that each line covers, by the same account as a run
// gives, but without the teardown.
func covers(s *conformance.Settings, trace *conformance.Trace) [][]string {
	env := model.NewEnv()
	env.Quota, env.Kinesis = s.Quota, true
	belief := model.NewBelief(env)
	list := make([][]string, len(trace.Sequence.Lines))
	next := 0
	connect := func(until int, at time.Duration) {
		for ; next <= until && next < len(trace.Sequence.Lines); next++ {
			if op, ok := trace.Sequence.Lines[next].Op.(model.Connect); ok {
				belief.Observe(op, model.Seen{Sent: at, Answered: at})
			}
		}
	}
	for i := range trace.Records {
		r := &trace.Records[i]
		if r.Line < 0 {
			break
		}
		connect(r.Line, r.Sent)
		e := belief.Observe(r.Call.Op, model.Seen{Reply: r.Reply, Sent: r.Sent, Answered: r.Answered, Attempts: len(r.Exchange.Attempts)})
		add := func(point string) {
			if !slices.Contains(list[r.Line], point) {
				list[r.Line] = append(list[r.Line], point)
			}
		}
		if e.Doubt != "" || e.Broken != "" || e.Stale {
			continue
		}
		for _, id := range e.Edges {
			if edge, ok := model.EdgeBy(id); ok {
				add(edge.String())
			}
		}
		if e.Cell != (model.Cell{}) {
			add(e.Cell.String())
		}
		if e.Took != (model.Edge{}) {
			add(e.Took.String())
		}
	}
	return list
}

// header begins a sequence of a tour.
var header = model.Sequence{Seed: seed, Profile: tours.Profile}.String()

// sequence reads the lines of a sequence.
func sequence(t testing.TB, lines []string) model.Sequence {
	t.Helper()
	seq, err := model.ParseSequence(header + strings.Join(lines, "\n") + "\n")
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(lines, "\n"))
	}
	return seq
}
