package mutants

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// lenientFaults are the faults in what is read of a request: each takes one for
// another that is right. Their endpoints have the usual credentials.
var lenientFaults = []Mutant{
	{ID: "long-token-accepted", Says: "a client token that is too long is cut", Rule: "DSQL-VAL-001",
		Wrap: reread(func(_ *http.Request, body map[string]any) map[string]any {
			if token, ok := body["clientToken"].(string); ok && len(token) > 128 {
				body["clientToken"] = token[:128]
				return body
			}
			return nil
		}),
		Shortest: 1, Minimal: "c1 = hostile us-east-1 CreateCluster clientToken too-long"},

	{ID: "enumeration-open", Says: "a stream of any format is taken as one of format JSON", Rule: "DSQL-VAL-001",
		Wrap: reread(func(_ *http.Request, body map[string]any) map[string]any {
			if format, ok := body["format"].(string); ok && format != "JSON" {
				body["format"] = "JSON"
				return body
			}
			return nil
		}),
		Shortest: 3, Minimal: hosted + "hostile us-east-1 CreateStream format enum c1/s1"},

	{ID: "broken-body-empty", Says: "a body that is not JSON is taken for an empty one", Rule: "DSQL-VAL-004",
		Wrap: reread(func(r *http.Request, body map[string]any) map[string]any {
			if r.Method == http.MethodPost && body == nil {
				return map[string]any{}
			}
			return nil
		}),
		Shortest: 1, Minimal: "c1 = hostile us-east-1 CreateCluster - malformed"},

	{ID: "unsigned-accepted", Says: "a request that is not signed is served", Rule: "DSQL-VAL-007",
		Wrap: reread(func(r *http.Request, body map[string]any) map[string]any {
			if r.Header.Get("Authorization") != "" {
				return nil
			}
			if body == nil {
				body = map[string]any{}
			}
			return body
		}),
		Shortest: 1, Minimal: "hostile us-east-1 ListClusters - unsigned"},
}

// reread returns a wrapper that serves another request instead, signed anew for
// the Region of the one that came, when read returns the members of its body. It
// is given those of the body that came, or nil when that is no JSON object.
func reread(read func(r *http.Request, body map[string]any) map[string]any) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body) // a part is as good as none
			r.Body = io.NopCloser(bytes.NewReader(raw))
			var body map[string]any
			if json.Unmarshal(raw, &body) != nil {
				body = nil
			}
			if body = read(r, body); body == nil {
				next.ServeHTTP(w, r)
				return
			}
			raw, _ = json.Marshal(body) // what was decoded can be encoded
			if r.Method == http.MethodGet {
				raw = nil
			}
			other, err := speak.Request(r.Method, r.URL.RequestURI(), signedFor(r), raw, time.Now())
			if err != nil {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, other)
		})
	}
}

// signedFor returns the Region of a request's credential scope, and us-east-1
// where it has none.
func signedFor(r *http.Request) model.Region {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if part := strings.Split(scope, "/"); len(part) > 2 {
		return model.Region(part[2])
	}
	return "us-east-1"
}
