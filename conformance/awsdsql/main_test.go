package awsdsql

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What the tests sign with. None of it may show anywhere.
const (
	keyID   = "AKIDEXAMPLE"
	secret  = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	session = "FwoGZXIvYXdzEXAMPLESESSIONTOKEN=="
)

// The cluster that the tests ask about.
const (
	id  = "abcdefghijklmnopqrstuvwxyz"
	arn = "arn:aws:dsql:us-east-1:123456789012:cluster/" + id
)

// inProcess is a transport that answers without a network.
type inProcess func(*http.Request) (*http.Response, error)

func (f inProcess) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Do makes it an HTTP client of the bare SDK too.
func (f inProcess) Do(req *http.Request) (*http.Response, error) { return f(req) }

// says returns a transport with one answer to everything.
func says(status int, body string, header ...string) inProcess {
	return func(req *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
	}
}

// over returns a target over a transport.
func over(t testing.TB, transport http.RoundTripper, change ...func(*Options)) *Target {
	t.Helper()
	o := Options{
		Endpoint:    "http://127.0.0.1:4566",
		Credentials: staticKeys,
		Transport:   transport,
	}
	for _, f := range change {
		f(&o)
	}
	target, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.Close)
	return target
}

// do makes a call that must be possible.
func do(t testing.TB, target *Target, call conformance.Call) conformance.Exchange {
	t.Helper()
	if call.Region == "" {
		call.Region = "us-east-1"
	}
	x, err := target.Do(context.Background(), call)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Attempts) == 0 {
		t.Fatal("got no attempts, want at least one")
	}
	return x
}

// get is the call that reads the cluster.
var get = conformance.Call{Op: model.GetCluster{Ref: model.C(1)}, Region: "us-east-1", Identifier: id}
