package conformance_test

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"go.uber.org/goleak"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/weather"
	"dsqlconform/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// settle is within which the reference endpoint takes a due transition, and
// what the engine is told of it. In a bubble it costs nothing.
const settle = 10 * time.Second

// seeds returns how many seeds a test tries: usual, or, where
// DSQLCONFORM_SEEDS is set, that number divided by share.
func seeds(t testing.TB, usual, share int) int {
	t.Helper()
	text := os.Getenv("DSQLCONFORM_SEEDS")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("got DSQLCONFORM_SEEDS=%q, want a positive number", text)
	}
	return max(n/share, 1)
}

// over returns a target that asks the handler through the SDK, without a
// socket.
func over(t testing.TB, h http.Handler) conformance.Target {
	t.Helper()
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    "http://127.0.0.1:1",
		Transport:   weather.InProcess(h),
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// options returns the options of a reference endpoint of that temperament.
func options(t testing.TB, temperament string, seed uint64) reference.Options {
	t.Helper()
	temper, ok := reference.LookupTemperament(temperament)
	if !ok {
		t.Fatalf("got temperament %q, want one of the table", temperament)
	}
	return reference.Options{Temperament: temper, Seed: seed, Settle: settle}
}

// admit makes an endpoint take the principals of the table. It returns what a run
// is to believe of them, and what signs their calls, by name.
func admit(t testing.TB, o *reference.Options) (map[string]*model.Permissions, map[string]aws.CredentialsProvider) {
	t.Helper()
	who := conformance.Principals([]model.Region{"us-east-1", "us-east-2"}, "us-west-2", reference.SecretKey)
	believed, err := conformance.Permissions(who)
	if err != nil {
		t.Fatal(err)
	}
	o.Credentials = map[string]string{reference.AccessKey: reference.SecretKey}
	o.Principals = map[string]*model.Permissions{}
	keys := map[string]aws.CredentialsProvider{}
	for _, p := range who {
		o.Credentials[p.AccessKey], o.Principals[p.AccessKey] = p.SecretKey, believed[p.Name]
		keys[p.Name] = credentials.NewStaticCredentialsProvider(p.AccessKey, p.SecretKey, "")
	}
	return believed, keys
}

// parse reads a sequence from its lines.
func parse(t testing.TB, lines string) model.Sequence {
	t.Helper()
	s, err := model.ParseSequence("# dsqlseq 1\n# regions: us-east-1,us-east-2\n" + lines + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// check runs a check with these settings.
func check(t testing.TB, target conformance.Target, s conformance.Settings) conformance.Result {
	t.Helper()
	res, err := conformance.Check(t.Context(), target, conformance.With(s))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// replay replays a sequence of these lines.
func replay(t testing.TB, target conformance.Target, lines string, s conformance.Settings) conformance.Trace {
	t.Helper()
	trace, err := conformance.Replay(t.Context(), target, parse(t, lines), conformance.With(s))
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// contextThatEnded returns a context that has been cancelled.
func contextThatEnded(t testing.TB) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}
