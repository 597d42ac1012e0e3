package awsdsql

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// serve starts a server on loopback whose handlers end when the test does.
func serve(t *testing.T, start func(*httptest.Server), handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // TLS handshakes that fail on purpose
	start(s)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// until calls f again and again until the client has gone.
func until(r *http.Request, f func() error) {
	for r.Context().Err() == nil {
		if f() != nil {
			return
		}
	}
}

func TestAHostileServerNeitherHangsNorFloodsACall(t *testing.T) {
	chunk := bytes.Repeat([]byte(" "), 32<<10)
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    conformance.Outage
		check   func(conformance.Attempt) error
	}{
		{"an endless body", func(w http.ResponseWriter, r *http.Request) {
			until(r, func() error { _, err := w.Write(chunk); return err })
		}, conformance.Undecodable, func(a conformance.Attempt) error {
			if !a.Truncated || len(a.Answer) != 64<<10 {
				return fmt.Errorf("got %d bytes, truncated %t, want 64 KiB, true", len(a.Answer), a.Truncated)
			}
			return nil
		}},
		{"a slow drip", func(w http.ResponseWriter, r *http.Request) {
			until(r, func() error {
				time.Sleep(time.Millisecond)
				_, err := io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				return err
			})
		}, conformance.Lost, nil},
		{"no answer at all", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, conformance.Lost, nil},
		{"a truncated body", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, fullBody)
		}, conformance.Lost, func(a conformance.Attempt) error {
			if a.StatusCode != 200 || a.Err == "" {
				return fmt.Errorf("got status %d, error %q, want 200 and why it was lost", a.StatusCode, a.Err)
			}
			return nil
		}},
		{"a connection cut before the answer", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, conformance.Lost, nil},
		{"an answer that is no HTTP", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			io.WriteString(conn, "SSH-2.0-x\r\n\r\n")
		}, conformance.Lost, nil},
		{"another content type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<!DOCTYPE html><html></html>")
		}, conformance.Undecodable, nil},
		{"a redirect to itself", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
		}, conformance.Undecodable, nil},
		{"huge headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Junk", strings.Repeat("x", 1<<20))
		}, conformance.Lost, nil},
		{"many headers", func(w http.ResponseWriter, _ *http.Request) {
			for i := range 1000 {
				w.Header().Set(fmt.Sprintf("X-Junk-%d", i), strings.Repeat("x", 100))
			}
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, fullBody)
		}, conformance.Answered, func(a conformance.Attempt) error {
			if n := len(a.AnswerHeader); n == 0 || n > 700 {
				return fmt.Errorf("got %d headers kept, want some of 1000", n)
			}
			return nil
		}},
		{"a deep body", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Repeat(`{"a":`, 9000)+"1"+strings.Repeat("}", 9000))
		}, conformance.Answered, nil},
		{"a body deeper than JSON goes", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Repeat("[", 60<<10))
		}, conformance.Undecodable, nil},
		{"a compressed body that nobody asked for", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte{0x1f, 0x8b, 8, 0})
		}, conformance.Undecodable, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, (*httptest.Server).Start, tt.handler)
			target := over(t, nil, func(o *Options) {
				o.Endpoint, o.Timeout, o.MaxBody = server.URL, 500*time.Millisecond, 64<<10
			})
			// Far more than the attempt's own timeout: a call that
			// outlives it ends in an error, which do refuses.
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			for _, call := range []conformance.Call{get, {Op: model.Raw{Method: "GET", Path: "/"}, Region: "us-east-1"}} {
				x, err := target.Do(ctx, call)
				if err != nil || ctx.Err() != nil {
					t.Fatalf("got error %v, want an exchange in time", err)
				}
				if x.Answer.Outage != tt.want || len(x.Attempts) != 1 {
					t.Errorf("got outage %v (%+v) of %d attempts, want %v of one", x.Answer.Outage, x.Answer, len(x.Attempts), tt.want)
				}
				if tt.check != nil {
					if err := tt.check(x.Attempts[0]); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	server := serve(t, (*httptest.Server).Start, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	target := over(t, nil, func(o *Options) { o.Endpoint, o.Timeout = server.URL, time.Hour })
	call := get
	call.Retries = true
	x, err := target.Do(ctx, call)
	if err != nil || x.Answer.Outage != conformance.Lost || len(x.Attempts) != 1 {
		t.Errorf("got %+v, %v, want one lost attempt", x, err)
	}
}

func TestACallWhoseContextEndsBeforeItIsSentIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	target := over(t, &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	if x, err := target.Do(ctx, get); err == nil {
		t.Errorf("got %+v, want an error", x)
	}
}

func TestAServerThatCannotBeTalkedToIsUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := listener.Addr().String()
	listener.Close()
	good := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, fullBody)
	}
	plain, secure := serve(t, (*httptest.Server).Start, good), serve(t, (*httptest.Server).StartTLS, good)
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})

	tests := []struct {
		name    string
		options Options
		want    conformance.Outage
	}{
		{"nobody listens", Options{Endpoint: "http://" + silent}, conformance.Unreachable},
		{"its certificate is not trusted", Options{Endpoint: secure.URL}, conformance.Unreachable},
		{"its certificate is trusted", Options{Endpoint: secure.URL, CABundle: bundle}, conformance.Answered},
		{"it does not speak TLS", Options{Endpoint: "https://" + plain.Listener.Addr().String()}, conformance.Unreachable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := over(t, nil, func(o *Options) { o.Endpoint, o.CABundle = tt.options.Endpoint, tt.options.CABundle })
			if x := do(t, target, get); x.Answer.Outage != tt.want {
				t.Errorf("got outage %v (%s), want %v", x.Answer.Outage, x.Attempts[0].Err, tt.want)
			}
		})
	}
}

// endless is a body that counts what is read of it.
type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte(" "), len(p))), nil
}
func (e *endless) Close() error { e.closed = true; return nil }

func TestNoMoreOfABodyIsReadThanTheLimit(t *testing.T) {
	body := &endless{}
	target := over(t, inProcess(func(req *http.Request) (*http.Response, error) {
		resp, err := says(200, "")(req)
		resp.Body = body
		return resp, err
	}), func(o *Options) { o.MaxBody = 1000 })
	if x := do(t, target, get); !x.Attempts[0].Truncated || body.read != 1001 || !body.closed {
		t.Errorf("got %d bytes read, truncated %t, closed %t, want one more than 1000, true, true", body.read, x.Attempts[0].Truncated, body.closed)
	}
}
