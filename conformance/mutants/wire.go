package mutants

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dsqlconform/model"
)

// wireFaults are the faults in the bytes of an answer.
var wireFaults = []Mutant{
	{ID: "required-member-missing", Says: "answers about a cluster lack its ARN", Rule: model.WireRequired,
		Wrap: rewritten(func(a *response) { delete(a.body, "arn") }), Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "protection-as-text", Says: "deletionProtectionEnabled is a string", Rule: model.WireForm,
		Wrap: rewritten(func(a *response) {
			if on, ok := a.body["deletionProtectionEnabled"].(bool); ok {
				a.body["deletionProtectionEnabled"] = strconv.FormatBool(on)
			}
		}), Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "time-in-milliseconds", Says: "creationTime counts milliseconds", Rule: model.WireTime,
		Wrap: rewritten(func(a *response) {
			if n, ok := a.body["creationTime"].(json.Number); ok {
				seconds, _ := n.Float64()
				a.body["creationTime"] = int64(seconds * 1000)
			}
		}), Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "upper-case-members", Says: "member names begin with a capital letter", Rule: model.WireCase,
		Wrap: rewritten(func(a *response) {
			for _, k := range slices.Collect(maps.Keys(a.body)) {
				if a.status == http.StatusOK && k[0] >= 'a' {
					a.body[string(k[0]-'a'+'A')+k[1:]] = a.body[k]
					delete(a.body, k)
				}
			}
		}), Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "short-identifier", Says: "identifiers have 25 characters", Rule: model.WireIdentity,
		Wrap: rewritten(func(a *response) {
			if id, ok := a.body["identifier"].(string); ok {
				a.body["identifier"] = id[:25]
			}
		}), Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "created-status-code", Says: "CreateCluster answers 201", Rule: model.WireStatus,
		Wrap: rewritten(func(a *response) {
			if a.status == http.StatusOK && a.body["encryptionDetails"] != nil && a.body["tags"] == nil {
				a.status = http.StatusCreated
			}
		}), Shortest: 1, Minimal: "c1 = create us-east-1"},

	{ID: "not-found-as-400", Says: "ResourceNotFoundException comes with status code 400", Rule: model.WireStatus,
		Wrap: rewritten(func(a *response) {
			if a.status == http.StatusNotFound {
				a.status = http.StatusBadRequest
			}
		}), Shortest: 1, Minimal: "get c1"},

	{ID: "error-without-resource", Says: "ResourceNotFoundException lacks resourceId and resourceType", Rule: model.WireError,
		Wrap: rewritten(func(a *response) {
			if a.status == http.StatusNotFound {
				delete(a.body, "resourceId")
				delete(a.body, "resourceType")
			}
		}), Shortest: 1, Minimal: "get c1"},

	{ID: "errors-disagree", Says: "the header and the body of an error name different ones", Rule: model.WireAgree,
		Wrap: rewritten(func(a *response) {
			if a.status == http.StatusNotFound {
				a.header.Set("X-Amzn-Errortype", model.NotFound.String())
				a.body["__type"] = model.Conflict.String()
			}
		}), Shortest: 1, Minimal: "get c1"},

	{ID: "error-unnamed", Says: "refusals do not name their error", Rule: model.WireNamed,
		Wrap: rewritten(func(a *response) {
			if a.status >= http.StatusBadRequest {
				a.header.Del("X-Amzn-Errortype")
				delete(a.body, "__type")
			}
		}), Shortest: 1, Minimal: "get c1"},

	{ID: "no-policy-as-empty", Says: "GetClusterPolicy answers 200 without a policy for what it does not find", Rule: model.WireRequired,
		Wrap: rewritten(func(a *response) {
			if a.status == http.StatusNotFound && strings.HasSuffix(a.asked.URL.Path, "/policy") {
				a.status, a.body = http.StatusOK, map[string]any{}
				a.header.Del("X-Amzn-Errortype")
			}
		}), Shortest: 1, Minimal: "get-policy c1"},

	{ID: "answer-as-html", Says: "a cluster that is not found is answered with a web page", Rule: model.WireContent,
		Wrap: rewritten(func(a *response) {
			if a.status == http.StatusNotFound {
				a.header.Set("Content-Type", "text/html")
				a.text = []byte("<html><body>not found</body></html>")
			}
		}), Shortest: 1, Minimal: "get c1"},
}

// response is an answer that is being rewritten. A text replaces the body.
type response struct {
	asked  *http.Request
	status int
	header http.Header
	body   map[string]any // nil when the answer has none
	text   []byte
}

// rewritten returns a wrapper that changes every answer.
func rewritten(change func(*response)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kept := &keeper{header: w.Header()}
			next.ServeHTTP(kept, r)
			a := &response{asked: r, status: kept.status, header: kept.header, text: kept.body.Bytes()}
			d := json.NewDecoder(bytes.NewReader(a.text))
			d.UseNumber()
			if d.Decode(&a.body) == nil {
				a.text = nil
			}
			change(a)
			if a.text == nil && a.body != nil {
				a.text, _ = json.Marshal(a.body) // what was decoded can be encoded
			}
			a.header.Set("Content-Length", strconv.Itoa(len(a.text)))
			w.WriteHeader(a.status)
			w.Write(a.text)
		})
	}
}

// keeper keeps an answer back.
type keeper struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keeper) Header() http.Header         { return k.header }
func (k *keeper) WriteHeader(status int)      { k.status = status }
func (k *keeper) Write(b []byte) (int, error) { return k.body.Write(b) }
