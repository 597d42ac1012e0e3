package awsdsql

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"time"

	"dsqlconform/conformance"
)

// recorder is the SDK's HTTP client for one call: it sends each attempt and
// keeps its bytes. It uses the transport itself and so follows no redirect and
// keeps no cookie.
type recorder struct {
	transport http.RoundTripper
	vault     *vault
	now       func() time.Time
	timeout   time.Duration
	limit     int64

	attempts []conformance.Attempt
	failure  error // transport error of the last attempt
	unsent   bool  // no connection was made for the last attempt
}

// Do sends one attempt and reads its whole answer, so that no connection
// outlives the call and the timeout covers a body that drips.
func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), r.timeout)
	defer cancel()
	var wanted, got bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { wanted = true },
		GotConn: func(httptrace.GotConnInfo) { got = true },
	})

	a := conformance.Attempt{
		Method: req.Method,
		URL:    req.URL.Scheme + "://" + req.URL.Host + req.URL.RequestURI(),
		Header: keep(req.Header, scrub{}, requestSecrets),
	}
	if req.Body != nil && req.Body != http.NoBody {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, fmt.Errorf("read request: %w", err)
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		a.Body = body[:min(int64(len(body)), r.limit)]
	}
	scrub := r.vault.scrub(req.Header.Get("Authorization"))

	a.Sent = r.now()
	resp, err := r.transport.RoundTrip(req.WithContext(ctx))
	var body []byte
	if err == nil {
		a.StatusCode = resp.StatusCode
		body, a.Truncated, err = read(resp.Body, r.limit)
		body = scrub.bytes(body)
		a.Answer, a.AnswerHeader = body, keep(resp.Header, scrub, answerSecrets)
	}
	a.Answered = r.now()
	if err != nil {
		a.Err = scrub.text(err.Error())
	}
	r.failure = err
	// A handshake that fails is before a connection is got.
	r.unsent = err != nil && resp == nil && wanted && !got
	r.attempts = append(r.attempts, a)
	if resp == nil {
		return nil, err
	}
	// The SDK sees what a reader of the connection would have seen.
	reader := io.Reader(bytes.NewReader(body))
	if err != nil {
		reader = io.MultiReader(reader, broken{err})
	}
	out := *resp
	out.Body = io.NopCloser(reader)
	out.Header = http.Header(a.AnswerHeader).Clone() // which the SDK writes to
	return &out, nil
}

// read returns at most limit bytes of a body and closes it. What follows them
// is not read: the connection is given up instead.
func read(body io.ReadCloser, limit int64) (b []byte, truncated bool, err error) {
	defer body.Close()
	b, err = io.ReadAll(io.LimitReader(body, limit+1))
	if int64(len(b)) > limit {
		return b[:limit], true, nil
	}
	return b, false, err
}

// broken is the rest of a body whose connection was cut.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// The headers that authenticate.
var (
	requestSecrets = []string{"Authorization", "X-Amz-Security-Token", "Cookie", "Proxy-Authorization"}
	answerSecrets  = append(slices.Clone(requestSecrets), "Set-Cookie", "Authentication-Info")
)

// maxHeader is how many bytes of a header are kept.
const maxHeader = 64 << 10

// keep returns the lines of a header without the secret ones, in the order of
// their names up to maxHeader bytes.
func keep(h http.Header, scrub scrub, secrets []string) map[string][]string {
	kept := make(map[string][]string, len(h))
	size := 0
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if slices.Contains(secrets, http.CanonicalHeaderKey(name)) {
			continue
		}
		for _, value := range h[name] {
			if size += len(name) + len(value); size > maxHeader {
				return kept
			}
			if scrub.replacer != nil {
				value = scrub.text(value)
			}
			kept[name] = append(kept[name], value)
		}
	}
	return kept
}

// newTransport returns a transport over the network that trusts the system's
// certificates and those of bundle. It speaks HTTP/1.1 alone, since HTTP/2 sends
// some requests again on its own, and it does not undo compression, which the
// SDK never asks for.
func newTransport(bundle []byte) (*http.Transport, error) {
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment, // which leaves loopback hosts alone
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true,
		Protocols:              new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	if len(bundle) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(bundle) {
			return nil, errors.New("got a CA bundle without a certificate, want PEM")
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return t, nil
}
