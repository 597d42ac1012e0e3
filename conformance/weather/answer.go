package weather

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"time"
	"unicode/utf8"

	"dsqlconform/model"
)

// answer is a whole response. It is a value: changes make a new one, and its
// header and body are never written to.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    bool      // the connection broke instead
	asOf   time.Time // all of it was true at this moment or later
}

// record serves a request and returns what the handler did.
func record(h http.Handler, r *http.Request) answer {
	t := &tape{}
	if serve(h, t, r) {
		return answer{cut: true}
	}
	t.WriteHeader(http.StatusOK)
	return answer{status: t.status, header: t.sent, body: t.body}
}

// write gives the answer to a client, cutting the connection if need be.
func (a answer) write(w http.ResponseWriter) {
	if a.cut {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	w.Write(a.body) // the client may be gone: nobody is left to tell
}

// object returns the members of a successful answer, or false when it is not
// one or not a JSON object.
func (a answer) object() (object, bool) {
	if a.cut || a.status != http.StatusOK {
		return nil, false
	}
	return decode(a.body)
}

// text returns a member of a successful answer that is a string, or "".
func (a answer) text(key string) string {
	o, ok := a.object()
	if !ok {
		return ""
	}
	return o.text(key)
}

// with returns the answer with other members.
func (a answer) with(o object) answer {
	a.body = o.encode()
	a.header = a.header.Clone()
	a.header.Del("Content-Length")
	return a
}

// at returns the answer dated back to at, unless it is older already.
func (a answer) at(at time.Time) answer {
	if a.asOf.IsZero() || at.Before(a.asOf) {
		a.asOf = at
	}
	return a
}

// decode reads a JSON object; null, invalid UTF-8 and everything that is not
// one object give false.
func decode(body []byte) (object, bool) {
	var o object
	if !utf8.Valid(body) || json.Unmarshal(body, &o) != nil || o == nil {
		return nil, false
	}
	return o, true
}

func (o object) encode() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err != nil {
		// Every member is valid JSON: it was read from a valid text, or
		// made by raw.
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func (o object) text(key string) string {
	var s string
	if o.member(key, &s) != nil {
		return ""
	}
	return s
}

// raw returns v, which is made of strings, numbers, booleans, lists and maps,
// as JSON.
func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// refuse returns an error of the service with members besides its message.
func refuse(code model.Code, message string, members map[string]string) answer {
	body := object{"message": raw(message)}
	for k, v := range members {
		body[k] = raw(v)
	}
	a := plain(http.StatusInternalServerError, body)
	for _, e := range model.Errors {
		if e.Code == code {
			a.status = e.HTTP
			a.header.Set("X-Amzn-Errortype", e.Name)
		}
	}
	return a
}

// plain returns an answer with that status code and body.
func plain(status int, body object) answer {
	return answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body.encode()}
}

// notFound says that what the call is about does not exist.
func notFound(c *call) answer {
	kind := "cluster"
	if c.stream != "" {
		kind = "stream"
	}
	return refuse(model.NotFound, "the "+kind+" does not exist", map[string]string{"resourceId": c.of(), "resourceType": kind})
}

// tape is a ResponseWriter that keeps what is written to it.
type tape struct {
	header  http.Header
	sent    http.Header // a copy of header when the answer began
	status  int         // 0 until then
	body    []byte
	flushed bool
}

var errNoBody = errors.New("status code allows no body")

func (t *tape) Header() http.Header {
	if t.header == nil {
		t.header = http.Header{}
	}
	return t.header
}

// WriteHeader begins the answer; informational codes and all calls but the
// first do nothing.
func (t *tape) WriteHeader(status int) {
	if t.status != 0 || status < 200 {
		return
	}
	t.status = status
	t.sent = t.Header().Clone()
}

func (t *tape) Write(p []byte) (int, error) {
	t.WriteHeader(http.StatusOK)
	if t.status == http.StatusNoContent || t.status == http.StatusNotModified {
		return 0, errNoBody
	}
	t.body = append(t.body, p...)
	return len(p), nil
}

// Flush begins the answer, so that cutting the connection leaves a part of it.
func (t *tape) Flush() {
	t.WriteHeader(http.StatusOK)
	t.flushed = true
}
