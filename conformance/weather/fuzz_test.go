package weather

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// However odd a request, parsing leaves it as it was.
func FuzzParse(f *testing.F) {
	id := strings.Repeat("7", 26)
	scope := "AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/dsql/aws4_request, Signature=x"
	f.Add("POST", "/cluster", "", scope, []byte(`{"clientToken":"t","multiRegionProperties":{"clusters":["arn:aws:dsql:us-east-2:123456789012:cluster/`+id+`"]}}`))
	f.Add("GET", "/cluster", "max-results=7&next-token=x", scope, []byte{})
	f.Add("DELETE", "/cluster/"+id, "client-token=a", scope, []byte{})
	f.Add("POST", "/tags/arn%3Aaws%3Adsql%3Aus-east-1%3A123456789012%3Acluster%2F"+id, "", scope, []byte(`{"tags":{}}`))
	f.Add("GET", "/clusters/"+id+"/vpc-endpoint-service-name", "", scope, []byte(nil))
	f.Add("POST", "/cluster", "%", "Credential=/////", []byte(`{"clientToken":null}`))
	f.Fuzz(func(t *testing.T, method, path, query, auth string, body []byte) {
		plain, err := url.PathUnescape(path)
		if err != nil {
			return
		}
		r := &http.Request{Method: method, URL: &url.URL{Path: plain, RawPath: path, RawQuery: query},
			Header: http.Header{"Authorization": {auth}}, Body: io.NopCloser(bytes.NewReader(body))}
		c, ok := parse(r)
		if ok {
			if c.op == "" || c.region == "" || c.id != "" && !validID(c.id) || c.max < 1 || c.max > 100 {
				t.Fatalf("got %+v, want a call of the service", c)
			}
		}
		left, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(left, body) {
			t.Fatalf("got the body %q and error %v, want %q", left, err, body)
		}
		if r.Method != method || r.URL.RawPath != path || r.URL.RawQuery != query || r.Header.Get("Authorization") != auth {
			t.Fatal("the request was changed")
		}
	})
}

// However odd an answer, rewriting keeps what it does not understand, and what
// it makes of a JSON object is one.
func FuzzRewrite(f *testing.F) {
	id := strings.Repeat("z", 26)
	arn := "arn:aws:dsql:us-east-1:123456789012:cluster/" + id
	row := `{"identifier":"` + id + `","arn":"` + arn + `"}`
	for op := range byte(5) {
		for _, body := range []string{
			`{"identifier":"` + id + `","arn":"` + arn + `","status":"ACTIVE","creationTime":1790000000,"tags":{"a":"b"}}`,
			`{"clusters":[` + row + `,` + row + `],"nextToken":"n"}`,
			`{"clusters":[7,null,{},"x"]}`, `{"clusters":null}`, `{"clusters":{}}`, `{"clusters":[],"nextToken":7}`,
			`{"tags":null}`, `{"tags":[]}`, `{"tags":{"a":{"b":[1e400]}}}`, `{"creationTime":1e9,"identifier":7}`,
			``, `null`, `[]`, `{`, `{"a":1}{"a":2}`, `{"status":"a","status":"b"}`, "{\"a\":\"\xff\"}", `{"identifier":"<&>\u2028"}`,
		} {
			f.Add(op, uint16(200), uint64(op), []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, op byte, status uint16, seed uint64, body []byte) {
		code := 200 + int(status)%400
		if code == http.StatusNoContent || code == http.StatusNotModified {
			return
		}
		endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(code)
			w.Write(body)
		})
		k := newClock()
		wrap, _, err := Compose([]string{"subsecond", "strangers", "listing-lag", "empty-pages", "flapping", "stale-reads"}, k.config(seed))
		if err != nil {
			t.Fatal(err)
		}
		via := InProcess(wrap(endpoint))
		target := []struct{ method, path string }{{"GET", "/cluster/" + id}, {"GET", "/cluster"}, {"GET", tagsPath(arn)}, {"POST", "/cluster"}, {"DELETE", "/cluster/" + id}}[int(op)%5]
		for range 6 {
			k.Sleep(100 * time.Millisecond)
			resp, err := via.RoundTrip(request(target.method, "us-east-1", target.path, []byte("{}")))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			want, ok := decode(body)
			if !ok || code != 200 {
				if resp.StatusCode != code || !bytes.Equal(answer, body) {
					t.Fatalf("got %d %q, want %d %q untouched", resp.StatusCode, answer, code, body)
				}
				continue
			}
			got, ok := decode(answer)
			if !ok {
				t.Fatalf("got %q, want a JSON object", answer)
			}
			for _, key := range slices.Sorted(maps.Keys(want)) {
				switch key {
				case "clusters", "nextToken", "tags", "creationTime":
					continue // rewritten; their own tests say how
				}
				if compact(want[key]) != compact(got[key]) {
					t.Fatalf("%s: got %s, want %s untouched", key, got[key], want[key])
				}
			}
			if op%5 != 1 {
				at, from := string(got["creationTime"]), string(want["creationTime"])
				if whole, _, _ := strings.Cut(at, "."); at != from && (whole != from || !wholeSeconds.MatchString(from)) {
					t.Fatalf("got creation time %s, want %s or a fraction more", at, from)
				}
			}
		}
	})
}

func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}
