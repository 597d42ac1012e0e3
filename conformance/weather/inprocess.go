package weather

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// InProcess returns a transport that hands each request to h in the caller's
// goroutine, without a socket, and behaves as a server and a client would:
// h sees a server's request, an answer without a Date gets one, and a handler
// that panics with [http.ErrAbortHandler] cuts the connection, which is the
// error [io.ErrUnexpectedEOF], or a body that ends with it when the answer had
// been flushed. Any other panic is the handler's own and goes on to the
// caller. A handler that waits must watch its request's context.
func InProcess(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ h http.Handler }

// RoundTrip serves the request. It returns the context's error when the
// context ended before or while it was served.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &tape{}
	cut := serve(t.h, w, received(r))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if cut && !w.flushed {
		return nil, io.ErrUnexpectedEOF
	}
	w.WriteHeader(http.StatusOK)
	if _, ok := w.sent["Date"]; !ok {
		w.sent["Date"] = []string{time.Now().UTC().Format(http.TimeFormat)}
	}
	resp := &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  w.sent,
		Request: r,
		Body:    http.NoBody,
	}
	resp.ContentLength = int64(len(w.body))
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil && n > resp.ContentLength {
		resp.ContentLength, cut = n, true // a server closes such a connection
	} else if cut {
		resp.ContentLength = -1
	}
	switch {
	case r.Method == http.MethodHead:
	case cut:
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(w.body), failing{io.ErrUnexpectedEOF}))
	case len(w.body) > 0:
		resp.Body = io.NopCloser(bytes.NewReader(w.body))
	}
	return resp, nil
}

// serve reports whether the handler cut the connection.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (cut bool) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			cut = true
		} else if v != nil {
			panic(v)
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

// received returns a client's request as a server gets it.
func received(r *http.Request) *http.Request {
	in := *r
	in.RequestURI = r.URL.RequestURI()
	in.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery, ForceQuery: r.URL.ForceQuery}
	in.Header = r.Header.Clone()
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	in.RemoteAddr = "127.0.0.1:0"
	in.Close = false
	in.Response, in.GetBody, in.Cancel = nil, nil, nil
	return &in
}
