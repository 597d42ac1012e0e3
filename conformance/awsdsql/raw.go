package awsdsql

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// request is an HTTP request as it is sent, without its signature.
type request struct {
	method string
	path   string // with the query, as it stands on the request line
	media  string // content type
	body   []byte
	sized  bool // has a body, possibly empty
}

// rawRequest returns the request of a [model.Raw].
func rawRequest(op model.Raw) request {
	return request{method: op.Method, path: op.Path, media: op.Type.Value, body: []byte(op.Body.Value), sized: op.Body.Given}
}

// byHand signs and sends a request for the principal that asks, and decodes its
// answer as far as it can be understood. The error says that it could not be
// sent.
func (t *Target) byHand(ctx context.Context, way line, rec *recorder, call conformance.Call, r request) (conformance.Answer, error) {
	req, err := r.build(ctx, way.endpoint)
	if err != nil {
		return conformance.Answer{}, err
	}
	keys, err := t.vault.key(call.By).Retrieve(ctx)
	if err != nil {
		return conformance.Answer{}, err
	}
	hash := sha256.Sum256(r.body)
	query := req.URL.RawQuery
	if err := t.signer.SignHTTP(ctx, keys, req, hex.EncodeToString(hash[:]), "dsql", string(call.Region), t.options.Now()); err != nil {
		return conformance.Answer{}, fmt.Errorf("sign: %w", err)
	}
	req.URL.RawQuery = query // the signer puts it in order
	return answered(rec, req)
}

// answered sends a request that is signed, and decodes its answer.
func answered(rec *recorder, req *http.Request) (conformance.Answer, error) {
	if _, err := rec.Do(req); err != nil {
		return conformance.Answer{}, err
	}
	last := rec.attempts[len(rec.attempts)-1]
	if last.StatusCode < 200 || last.StatusCode >= 300 {
		return conformance.Answer{}, apiError(last)
	}
	return decode(last.Answer)
}

// build returns the HTTP request below a base URL. It refuses what would not
// be one request of HTTP/1.1.
func (r request) build(ctx context.Context, endpoint string) (*http.Request, error) {
	control := func(c rune) bool { return c < ' ' || c == 0x7f }
	switch {
	case !strings.HasPrefix(r.path, "/"), strings.ContainsFunc(r.path, control), strings.Contains(r.path, " "):
		return nil, errors.New("got a path that does not fit a request line, want one that begins with / and has no spaces")
	case strings.ContainsFunc(r.media, control):
		return nil, errors.New("got a control character in the content type, want none")
	}
	req, err := http.NewRequestWithContext(ctx, r.method, endpoint, nil)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	path, query, _ := strings.Cut(strings.TrimSuffix(req.URL.EscapedPath(), "/")+r.path, "?")
	req.URL.RawQuery, req.URL.ForceQuery = query, strings.HasSuffix(r.path, "?")
	// A path that is no valid encoding can only be sent opaquely; any other
	// is also given in the form that an in-process transport reads.
	plain, err := url.PathUnescape(path)
	req.URL.Path, req.URL.RawPath = plain, path
	if err != nil || req.URL.EscapedPath() != path {
		req.URL.Path, req.URL.RawPath, req.URL.Opaque = "", "", path
	}
	if strings.HasPrefix(req.URL.Opaque, "//") {
		return nil, errors.New("got a path that is neither an encoding nor opaque, want one of them")
	}
	if r.sized {
		req.Body = http.NoBody
		if len(r.body) > 0 {
			req.Body = readCloser{bytes.NewReader(r.body)}
		}
		req.ContentLength = int64(len(r.body))
	}
	if r.media != "" {
		req.Header.Set("Content-Type", r.media)
	}
	req.Header.Set("User-Agent", "dsqlconform")
	return req, nil
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
