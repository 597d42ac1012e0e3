package conformance_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
)

// serve returns a target over loopback that the handler answers, with a short
// timeout and little patience for long bodies.
func serve(t *testing.T, h http.HandlerFunc) *awsdsql.Target {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return dial(t, server.URL)
}

func dial(t *testing.T, endpoint string) *awsdsql.Target {
	t.Helper()
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
		Timeout:     50 * time.Millisecond,
		MaxBody:     64 << 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.Close)
	return target
}

// brief are the settings of a run that is over soon, whatever the target does.
var brief = conformance.Settings{
	Operations: 40, Sequences: 6, Budget: 2 * time.Second, Shrinking: 200 * time.Millisecond, Repeats: 1, Settle: 20 * time.Millisecond,
}

// Whatever answers, a run ends, and says what it can say.
func TestHostileTargets(t *testing.T) {
	say := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	const page = "<!doctype html><html><body>It works!</body></html>"
	for _, tt := range []struct {
		name    string
		answer  http.HandlerFunc
		want    []conformance.Verdict
		because string // part of the reason of a doubt or a profile
	}{
		{"a web page for everything", say(200, "text/html", page), []conformance.Verdict{conformance.Diverges}, ""},
		{"a web page of errors", say(400, "text/html", page), []conformance.Verdict{conformance.Diverges}, ""},
		{"a web page that says that nothing is here", say(404, "text/html", page), []conformance.Verdict{conformance.Inconclusive}, "serves none"},
		{"a method that is not allowed", say(405, "application/json", "{}"), []conformance.Verdict{conformance.Inconclusive}, "serves none"},
		{"a web page that is a 500", say(500, "text/html", page), []conformance.Verdict{conformance.Diverges, conformance.Inconclusive}, ""},
		{"an empty object for everything", say(200, "application/json", "{}"), []conformance.Verdict{conformance.Diverges}, ""},
		{"null for everything", say(200, "application/json", "null"), []conformance.Verdict{conformance.Diverges}, ""},
		{"nothing for everything", say(200, "", ""), []conformance.Verdict{conformance.Diverges}, ""},
		{"no content", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }, []conformance.Verdict{conformance.Diverges}, ""},
		{"another content type", say(200, "application/xml", `{"identifier":"abcdefghijklmnopqrstuvwxyz"}`), []conformance.Verdict{conformance.Diverges}, ""},
		{"500 always", say(500, "application/json", `{"message":"no"}`), []conformance.Verdict{conformance.Inconclusive}, ""},
		{"429 always", say(429, "application/json", `{"__type":"ThrottlingException","message":"slow down"}`), []conformance.Verdict{conformance.Inconclusive}, "throttled"},
		{"501 always", say(501, "application/json", `{"message":"not here"}`), []conformance.Verdict{conformance.Conforms, conformance.Inconclusive}, "serves none"},
		{"no such credentials", say(403, "application/json", `{"__type":"UnrecognizedClientException","message":"who are you"}`), []conformance.Verdict{conformance.Inconclusive}, "credentials"},
		{"a redirect to itself", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
		}, []conformance.Verdict{conformance.Diverges}, ""},
		{"a body without end", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for chunk := bytes.Repeat([]byte(" "), 32<<10); r.Context().Err() == nil; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, []conformance.Verdict{conformance.Diverges, conformance.Inconclusive}, ""},
		{"a header without end", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("a", 2<<20))
		}, []conformance.Verdict{conformance.Inconclusive, conformance.Diverges}, ""},
		{"silence", func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		}, []conformance.Verdict{conformance.Inconclusive}, ""},
		{"half an answer", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "500")
			io.WriteString(w, `{"identifier":"abcdefghi`)
		}, []conformance.Verdict{conformance.Inconclusive, conformance.Diverges}, ""},
		{"a cut connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, []conformance.Verdict{conformance.Inconclusive}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := bounded(t, serve(t, tt.answer))
			verdict(t, res, tt.want...)
			for _, p := range res.Profiles {
				// Nobody conforms by not answering.
				if p.Verdict == conformance.Conforms && !slices.Contains(tt.want, conformance.Diverges) {
					t.Errorf("%s: got conforms after %d operations, want a reason why not", p.Name, p.Operations)
				}
			}
			if tt.because != "" && !strings.Contains(reasons(res), tt.because) {
				t.Errorf("got reasons %q, want one with %q", reasons(res), tt.because)
			}
		})
	}
}

// bounded runs a brief check and fails when it takes out of all proportion
// longer than its budget, or holds on to what the target sent.
func bounded(t *testing.T, target conformance.Target) conformance.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	res, err := conformance.Check(ctx, target, conformance.With(brief))
	if err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatal("the run did not end by itself")
	}
	for _, f := range res.Findings {
		for _, c := range f.Calls {
			for _, a := range c.Exchange.Attempts {
				if len(a.Answer) > 65<<10 {
					t.Fatalf("got %d bytes of an answer kept, want at most the limit", len(a.Answer))
				}
			}
		}
	}
	return res
}

func verdict(t *testing.T, res conformance.Result, want ...conformance.Verdict) {
	t.Helper()
	for _, w := range want {
		if res.Verdict == w {
			return
		}
	}
	t.Errorf("got %s (%s), want %s", res.Verdict, reasons(res), want)
	for _, f := range res.Findings {
		t.Log(f.Severity, f.Signature())
	}
}

func reasons(res conformance.Result) string {
	var list []string
	for _, p := range res.Profiles {
		list = append(list, p.Name+" "+string(p.Verdict)+": "+p.Reason)
	}
	for _, d := range res.Doubts {
		list = append(list, d.Reason)
	}
	return strings.Join(list, "; ")
}

// Bytes at random, and pieces of proper answers at random.
func TestRandomAnswers(t *testing.T) {
	pieces := []string{
		"{", "}", "[", "]", ":", ",", `"identifier"`, `"abcdefghijklmnopqrstuvwxyz"`, `"arn"`, `"status"`, `"ACTIVE"`, `"CREATING"`,
		`"creationTime"`, "1e300", "-1", "null", "true", `"deletionProtectionEnabled"`, `"clusters"`, `"nextToken"`, `"a"`, `"multiRegionProperties"`,
		`"__type"`, `"ValidationException"`, `"tags"`, `"policy"`, `"policyVersion"`, `"streams"`, `"streamIdentifier"`, `"targetDefinition"`, `"kinesis"`,
		`"encryptionDetails"`, `"kmsKeyArn"`, `"linkedClusterArns"`, `"witnessRegion"`, "\x00", "\xff", strings.Repeat("[", 20000),
	}
	for seed := range seeds(t, 8, 40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Uint64
			target := serve(t, func(w http.ResponseWriter, r *http.Request) {
				rng := rand.New(rand.NewPCG(uint64(seed), asked.Add(1)))
				for range rng.IntN(3) {
					w.Header().Set([]string{"Content-Type", "X-Amzn-Errortype", "X-Amzn-Requestid"}[rng.IntN(3)],
						[]string{"application/json", "text/html", "ConflictException:http://x/", ""}[rng.IntN(4)])
				}
				w.WriteHeader([]int{200, 200, 200, 201, 202, 299, 301, 400, 403, 404, 409, 418, 499, 503, 599}[rng.IntN(15)])
				for range rng.IntN(40) {
					if rng.IntN(4) == 0 {
						w.Write([]byte{byte(rng.Uint32())})
					} else {
						io.WriteString(w, pieces[rng.IntN(len(pieces))])
					}
				}
			})
			verdict(t, bounded(t, target), conformance.Diverges, conformance.Inconclusive)
		})
	}
}

// A stream of long answers must not pile up.
func TestLongAnswersDoNotPileUp(t *testing.T) {
	body := `{"x":"` + strings.Repeat("a", 60<<10) + `"}`
	target := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	res := check(t, target, conformance.Settings{Sequences: 40, Settle: 5 * time.Millisecond, Repeats: 1, Shrinking: time.Millisecond})
	runtime.GC()
	runtime.ReadMemStats(&after)
	verdict(t, res, conformance.Diverges)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 64<<20 {
		t.Errorf("got %d bytes more on the heap after %d operations, want at most 64 MiB", grown, res.Operations)
	}
}

func TestUnreachableEndpoint(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	res := bounded(t, dial(t, server.URL))
	verdict(t, res, conformance.Inconclusive)
	if !strings.Contains(reasons(res), "unreachable") {
		t.Errorf("got reasons %q, want that the target is unreachable", reasons(res))
	}
	if len(res.Findings) > 0 {
		t.Errorf("got %d findings, want none", len(res.Findings))
	}
}
