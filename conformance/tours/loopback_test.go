package tours_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/tours"
	"dsqlconform/model/explore"
)

// quick is the settle time of an endpoint on loopback.
const quick = 2 * time.Second

// onLoopback replays the tour of a temperament over HTTP, in real time, one
// sequence after the other, and returns what it covers.
func onLoopback(t testing.TB, temperament string) map[string]bool {
	t.Helper()
	tour, ok := tours.Lookup(temperament)
	temper, known := reference.LookupTemperament(temperament)
	if !ok || !known {
		t.Fatalf("got no tour of %q, want one", temperament)
	}
	server := httptest.NewServer(reference.New(reference.Options{Temperament: temper, Seed: seed, Settle: quick}))
	defer server.Close()
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    server.URL,
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	points := map[string]bool{}
	for _, seq := range tour.Sequences {
		res, err := conformance.Verify(t.Context(), target, seq, false, conformance.With(conformance.Settings{Settle: quick, Kinesis: conformance.MadeUp}))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.Findings {
			t.Errorf("got a finding, want none: %s\n%s", f.Signature(), seq)
		}
		for _, tally := range []conformance.Tally{res.Edges, res.Cells} {
			for point, n := range tally {
				if n > 0 {
					points[point] = true
				}
			}
		}
	}
	return points
}

// Real time changes nothing but how fast it goes: most of what the tour of plain
// covers is covered over sockets too.
func TestTheTourOfPlainOverHTTP(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	points := onLoopback(t, "plain")
	t.Logf("%d of %d points in %v", len(points), len(explore.Reach()), time.Since(begun))
	if len(points)*4 < len(explore.Reach()) {
		t.Errorf("got %d of %d points, want a quarter", len(points), len(explore.Reach()))
	}
}
