package weather

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seen is what a handler sees of a request, and sight what a client sees of an
// answer: as a server and a client with a socket between them would.
type (
	seen struct {
		Method, URI, Path, RawPath, Query, Host, Type, Body string
		Empty                                               bool // the URL has neither scheme nor host
	}
	sight struct {
		Status     string
		Header     http.Header
		Body       string
		Length     int64
		Err, Break string
	}
)

func TestInProcessBehavesLikeASocket(t *testing.T) {
	for _, tt := range []struct {
		name, method, target, body string
		serve                      func(w http.ResponseWriter)
	}{
		{"a plain answer", "POST", "/cluster", "{}", func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(201)
			io.WriteString(w, `{"a":`)
			io.WriteString(w, `1}`)
		}},
		{"an implicit 200", "GET", "/cluster?max-results=1", "", func(w http.ResponseWriter) { io.WriteString(w, "x") }},
		{"no answer at all", "GET", "/", "", func(http.ResponseWriter) {}},
		{"an escaped path", "GET", "/tags/arn%3Aaws%2Fb/%2e%2e/c?d=%20e", "", func(http.ResponseWriter) {}},
		{"headers after the fact", "GET", "/", "", func(w http.ResponseWriter) {
			w.WriteHeader(404)
			w.Header().Set("X-Late", "1")
			w.WriteHeader(500)
		}},
		{"no content", "DELETE", "/", "", func(w http.ResponseWriter) {
			w.WriteHeader(204)
			io.WriteString(w, "x")
		}},
		{"a head", "HEAD", "/", "", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "12345")
		}},
		{"a cut connection", "GET", "/", "", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }},
		{"a cut after a part", "GET", "/", "", func(w http.ResponseWriter) {
			io.WriteString(w, "part")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"fewer bytes than promised", "GET", "/", "", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "part")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			saw := make(chan seen, 1)
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				saw <- seen{r.Method, r.RequestURI, r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.Host, r.Header.Get("X-Type"), string(b),
					r.URL.Scheme == "" && r.URL.Host == ""}
				w.Header().Set("Content-Type", "text/plain")
				tt.serve(w)
			})
			server := httptest.NewUnstartedServer(h)
			server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the second WriteHeader
			server.Start()
			defer server.Close()
			look := func(via http.RoundTripper) (seen, sight) {
				r, err := http.NewRequest(tt.method, server.URL+tt.target, strings.NewReader(tt.body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("X-Type", "t")
				resp, err := via.RoundTrip(r)
				at := <-saw
				if err != nil {
					return at, sight{Err: "cut"}
				}
				defer resp.Body.Close()
				b, err := io.ReadAll(resp.Body)
				s := sight{Status: resp.Status, Header: resp.Header, Body: string(b), Length: resp.ContentLength}
				if err != nil {
					s.Break = err.Error()
				}
				if s.Header.Get("Date") == "" {
					t.Error("got no Date")
				}
				s.Header.Del("Date")
				s.Header.Del("Content-Length")
				s.Header.Del("Connection")
				return at, s
			}
			wantSeen, wantSight := look(&http.Transport{DisableKeepAlives: true}) // no silent second try
			gotSeen, gotSight := look(InProcess(h))
			if diff := cmp.Diff(wantSeen, gotSeen); diff != "" {
				t.Errorf("the handler sees (-socket +in process):\n%s", diff)
			}
			if diff := cmp.Diff(wantSight, gotSight); diff != "" {
				t.Errorf("the client sees (-socket +in process):\n%s", diff)
			}
		})
	}
}

func TestInProcessTellsCutConnectionsAndContexts(t *testing.T) {
	cut := InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	if _, err := cut.RoundTrip(request("GET", "us-east-1", "/", nil)); err != io.ErrUnexpectedEOF {
		t.Errorf("cut: got error %v, want %v", err, io.ErrUnexpectedEOF)
	}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	served := 0
	waits := InProcess(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		served++
		cancel()
		<-r.Context().Done()
	}))
	for range 2 {
		_, err := waits.RoundTrip(request("GET", "us-east-1", "/", nil).WithContext(ctx))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v", err, context.Canceled)
		}
	}
	if served != 1 {
		t.Errorf("got %d requests served, want 1: the second came too late", served)
	}
}

func TestInProcessKeepsTheRequestAndClosesItsBody(t *testing.T) {
	r := request("POST", "us-east-1", "/cluster?a=b", []byte("{}"))
	body := &closing{Reader: strings.NewReader("{}")}
	r.Body = body
	url, auth := r.URL.String(), r.Header.Get("Authorization")
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "mine")
		r.URL.Path = "/mine"
		r.Body = nil
	})
	if _, err := InProcess(h).RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if r.URL.String() != url || r.Header.Get("Authorization") != auth || r.Body != body {
		t.Error("the caller's request was changed")
	}
	if !body.closed {
		t.Error("the body was not closed")
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestInProcessPassesPanicsOn(t *testing.T) {
	defer func() {
		if v := recover(); v != "fault" {
			t.Errorf("got panic %v, want the handler's own", v)
		}
	}()
	InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("fault") })).RoundTrip(request("GET", "r", "/", nil))
}

func BenchmarkInProcess(b *testing.B) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })
	via := InProcess(h)
	r := request("POST", "us-east-1", "/cluster", nil)
	body := []byte(`{"clientToken":"t"}`)
	b.ReportAllocs()
	for b.Loop() {
		r.Body = io.NopCloser(bytes.NewReader(body))
		resp, err := via.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

func BenchmarkAllWeather(b *testing.B) {
	c, f := under(b, 1, knownNames()...)
	c.ask("POST", "us-east-1", "/cluster", `{"clientToken":"t"}`)
	path := "/cluster/" + f.clusters[0].id
	b.ReportAllocs()
	for b.Loop() {
		c.ask("GET", "us-east-1", path, "")
		c.log = c.log[:0]
	}
}
