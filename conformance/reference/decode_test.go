package reference_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// send sends one signed request to an endpoint.
func send(t testing.TB, e http.Handler, c *clock, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r, err := speak.Request(method, path, "us-east-1", []byte(body), c.at)
	if err != nil {
		t.Skip(err) // no request can be made of it
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func TestARequestIsReadStrictly(t *testing.T) {
	id := strings.Repeat("a", 26)
	arn := "/tags/arn%3Aaws%3Adsql%3Aus-east-1%3A123456789012%3Acluster%2F" + id
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
		says               string // part of the body
	}{
		"no body is an empty one":               {"POST", "/cluster", "", 200, "CREATING"},
		"members that are not known":            {"POST", "/cluster", `{"later":1}`, 200, "CREATING"},
		"a member in another case is not known": {"POST", "/cluster", `{"DELETIONPROTECTIONENABLED":false}`, 200, `"deletionProtectionEnabled":true`},
		"null is absent":                        {"POST", "/cluster", `{"multiRegionProperties":null,"tags":null}`, 200, "CREATING"},
		"broken JSON":                           {"POST", "/cluster", `{`, 400, "cannotParse"},
		"an array":                              {"POST", "/cluster", `[]`, 400, "cannotParse"},
		"not UTF-8":                             {"POST", "/cluster", "{\"kmsEncryptionKey\":\"\xff\"}", 400, "cannotParse"},
		"a text for a flag":                     {"POST", "/cluster", `{"deletionProtectionEnabled":"true"}`, 400, "cannotParse"},
		"a number for a text":                   {"POST", "/cluster", `{"clientToken":1}`, 400, "cannotParse"},
		"a list for a map":                      {"POST", "/cluster", `{"tags":[]}`, 400, "cannotParse"},
		"a tag without a value":                 {"POST", "/cluster", `{"tags":{"a":null}}`, 400, "cannotParse"},
		"a text for a structure":                {"POST", "/cluster", `{"multiRegionProperties":"x"}`, 400, "cannotParse"},
		"an empty token":                        {"POST", "/cluster", `{"clientToken":""}`, 400, "ValidationException"},
		"the witness in its own Region":         {"POST", "/cluster", `{"multiRegionProperties":{"witnessRegion":"us-east-1"}}`, 400, "ValidationException"},
		"no cluster of that identifier":         {"GET", "/cluster/" + id, "", 404, "ResourceNotFoundException"},
		"an identifier that is a dot":           {"GET", "/cluster/.", "", 400, "ValidationException"},
		"an identifier that is two dots":        {"GET", "/cluster/..", "", 400, "ValidationException"},
		"an identifier with a slash":            {"GET", "/cluster/a%2Fb", "", 400, "ValidationException"},
		"an empty identifier to delete":         {"DELETE", "/cluster/", "", 400, "ValidationException"},
		"tags are required":                     {"POST", arn, `{}`, 400, "fieldValidationFailed"},
		"tags of no cluster":                    {"POST", arn, `{"tags":{}}`, 404, "ResourceNotFoundException"},
		"tags of what is no ARN":                {"GET", "/tags/x", "", 400, "ValidationException"},
		"a page size that is no number":         {"GET", "/cluster?max-results=x", "", 400, "cannotParse"},
		"a page size of 0":                      {"GET", "/cluster?max-results=0", "", 400, "ValidationException"},
		"a made-up page":                        {"GET", "/cluster?next-token=x", "", 400, "ValidationException"},
		"a member that stands twice":            {"POST", "/cluster", `{"clientToken":"t","clientToken":"t"}`, 400, "cannotParse"},
		"a parameter that stands twice":         {"GET", "/cluster?max-results=1&max-results=2", "", 400, "cannotParse"},
		"too many results":                      {"GET", "/cluster?max-results=101", "", 400, `"fieldList":[{"message"`},
		"a peer that is no ARN":                 {"POST", "/cluster", `{"multiRegionProperties":{"clusters":["x"]}}`, 400, `"name":"multiRegionProperties.clusters[]"`},
		"two members that are wrong":            {"POST", "/cluster", `{"clientToken":"","kmsEncryptionKey":"!"}`, 400, `"name":"kmsEncryptionKey"},{`},
		"a policy of no cluster":                {"GET", "/cluster/" + id + "/policy", "", 404, `"resourceId":"` + id + `"`},
		"a policy of nothing":                   {"POST", "/cluster/" + id + "/policy", `{"policy":""}`, 400, `"name":"policy"`},
		"a stream without its members":          {"POST", "/stream/" + id, "", 400, `"name":"targetDefinition"`},
		"a stream of another target":            {"POST", "/stream/" + id, `{"ordering":"UNORDERED","format":"JSON","targetDefinition":{"s3":{}}}`, 400, `"name":"targetDefinition"`},
		"a stream of no cluster":                {"GET", "/stream/" + id + "/" + id, "", 404, `"resourceType":"stream"`},
		"streams of no cluster":                 {"GET", "/stream/" + id, "", 404, "ResourceNotFoundException"},
		"an empty identifier of a stream":       {"GET", "/stream/" + id + "/", "", 400, "streamIdentifier"},
		"an unknown path":                       {"GET", "/", "", 404, "UnknownOperationException"},
		"an unknown method":                     {"PUT", "/cluster", "", 405, "UnknownOperationException"},
		"a body that is too long":               {"POST", "/cluster", strings.Repeat(" ", 1<<20+1), 413, "RequestEntityTooLargeException"},
	} {
		c := newClock()
		w := send(t, reference.New(reference.Options{Now: c.now}), c, tt.method, tt.path, tt.body)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: got %d %s, want %d %s", name, w.Code, w.Body, tt.status, tt.says)
		}
	}
}

func TestABodyIsJSONByItsContentType(t *testing.T) {
	c := newClock()
	e := reference.New(reference.Options{Now: c.now})
	for kind, want := range map[string]int{"": 200, "application/json": 200, "application/json; charset=utf-8": 200, "text/plain": 415, "application/x-amz-json-1.1": 415, ";": 415} {
		r, err := speak.Request("POST", "/cluster", "us-east-1", []byte("{}"), c.at)
		if err != nil {
			t.Fatal(err)
		}
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		w := httptest.NewRecorder()
		if e.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q: got %d %s, want %d", kind, w.Code, w.Body, want)
		}
	}
}

func TestAnEndpointThatPanicsAnswers500AndGoesOn(t *testing.T) {
	c := newClock()
	broken := true
	e := reference.New(reference.Options{Now: c.now, Step: func(w model.World, op model.Op) []model.Outcome {
		if broken {
			panic("planted")
		}
		return model.Step(w, op)
	}})
	if w := send(t, e, c, "POST", "/cluster", ""); w.Code != 500 || !strings.Contains(w.Body.String(), "InternalServerException") {
		t.Errorf("got %d %s, want 500 InternalServerException", w.Code, w.Body)
	}
	broken = false
	if w := send(t, e, c, "POST", "/cluster", ""); w.Code != 200 {
		t.Errorf("afterwards got %d, want 200", w.Code)
	}
}

func TestATokenIsRememberedForTenMinutesAfterItsClusterIsGone(t *testing.T) {
	old, _ := reference.LookupTemperament("old-result")
	c := newClock()
	e := reference.New(reference.Options{Now: c.now, Temperament: old})
	const request = `{"clientToken":"t","deletionProtectionEnabled":false}`
	create := func() string {
		var made struct{ Identifier string }
		json.Unmarshal(send(t, e, c, "POST", "/cluster", request).Body.Bytes(), &made)
		return made.Identifier
	}
	first := create()
	send(t, e, c, "DELETE", "/cluster/"+first, "")
	c.pass(9 * 60 * 1e9)
	if again := create(); again != first {
		t.Errorf("after 9 minutes got %s, want the first cluster %s", again, first)
	}
	c.pass(3 * 60 * 1e9)
	send(t, e, c, "POST", "/cluster", "")
	if again := create(); again == first || again == "" {
		t.Errorf("after 12 minutes got %q, want a new cluster", again)
	}
}

func TestAConnectionWakesAnIdleCluster(t *testing.T) {
	for _, name := range []string{"idle", "drowsy"} {
		wakes(t, name)
	}
}

func wakes(t *testing.T, name string) {
	idle, _ := reference.LookupTemperament(name)
	c := newClock()
	e := reference.New(reference.Options{Now: c.now, Temperament: idle})
	send(t, e, c, "POST", "/cluster", "")
	c.pass(63 * 1e9)
	w := e.World()
	if len(w.Clusters) != 1 || w.Clusters[0].Status != model.Idle {
		t.Fatalf("got %v, want one IDLE cluster", w.Clusters)
	}
	id := e.Identifier(w.Clusters[0].Handle)
	if err := e.Connect(id); err != nil {
		t.Error(err)
	}
	if got := e.World().Clusters[0].Status; got != model.Active {
		t.Errorf("got %s, want ACTIVE", got)
	}
	if err := e.Connect("nobody"); err == nil {
		t.Error("got no error for an unknown cluster, want one")
	}
	e.Reset()
	if n := len(e.World().Clusters); n != 0 {
		t.Errorf("after Reset got %d clusters, want none", n)
	}
}

func FuzzHandler(f *testing.F) {
	f.Add("POST", "/cluster", `{"multiRegionProperties":{"witnessRegion":"us-west-2","clusters":["x"]},"tags":{"a":"b"}}`, uint8(0))
	f.Add("GET", "/cluster/..?x=%", "", uint8(3))
	f.Add("DELETE", "/tags/arn%3Aaws?tagKeys=a&tagKeys=", "", uint8(5))
	f.Add("GET", "/clusters//vpc-endpoint-service-name", "", uint8(9))
	f.Fuzz(func(t *testing.T, method, path, body string, temperament uint8) {
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		c := newClock()
		all := reference.Temperaments()
		e := reference.New(reference.Options{Now: c.now, Temperament: all[int(temperament)%len(all)]})
		send(t, e, c, "POST", "/cluster", "")
		for range 2 {
			w := send(t, e, c, method, path, body)
			if w.Code == 500 || w.Code < 200 {
				t.Errorf("got %d for %s %s", w.Code, method, path)
			}
			if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
				t.Errorf("got a body that is not JSON for %s %s", method, path)
			}
			c.pass(settle)
		}
	})
}

// FuzzOperation sends every operation, of either revision, whatever body and
// query: it is answered, and a refusal changes nothing.
func FuzzOperation(f *testing.F) {
	for i := range uint8(20) {
		f.Add(i, "", `{"policy":"{}","tags":{"a":"b"},"ordering":"UNORDERED","format":"JSON","multiRegionProperties":{"clusters":["x"]},"clusterProperties":{"us-east-1":{}},`+
			`"targetDefinition":{"kinesis":{"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/s","roleArn":"arn:aws:iam::123456789012:role/r"}}}`)
		f.Add(i, "client-token=t&tagKeys=a&tagKeys=b&max-results=1&next-token=x&expected-policy-version=1&linked-cluster-arns=x", "{}")
	}
	f.Fuzz(func(t *testing.T, op uint8, query, body string) {
		rev := model.Revision(op % 2)
		shapes := model.Shapes(rev)
		shape := shapes[int(op/2)%len(shapes)]
		c := newClock()
		e := reference.New(reference.Options{Now: c.now, Revision: rev})
		var made struct{ Identifier, ARN string }
		json.Unmarshal(send(t, e, c, "POST", "/cluster", "").Body.Bytes(), &made)
		c.pass(settle)
		path := strings.NewReplacer("{identifier}", made.Identifier, "{clusterIdentifier}", made.Identifier,
			"{streamIdentifier}", strings.Repeat("a", 26), "{resourceArn}", url.PathEscape(made.ARN)).Replace(shape.Path)
		if query != "" {
			path += "?" + query
		}
		before := e.World()
		w := send(t, e, c, shape.Method, path, body)
		if w.Code == 500 || w.Code < 200 {
			t.Errorf("got %d for %s", w.Code, shape.Name)
		}
		if w.Code >= 400 && !e.World().Equal(before) {
			t.Errorf("got a refusal of %s and another world", shape.Name)
		}
		if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("got a body that is not JSON for %s", shape.Name)
		}
	})
}

func FuzzSignature(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=a/b/c/dsql/aws4_request, SignedHeaders=host, Signature=x", "20260102T030405Z")
	f.Add("AWS4-HMAC-SHA256 Credential="+reference.AccessKey+"/20260102/us-east-1/dsql/aws4_request,SignedHeaders=host;x-amz-date;content-length,Signature=00", "20260102T030405Z")
	f.Fuzz(func(t *testing.T, authorization, date string) {
		r := httptest.NewRequest("GET", "/cluster", strings.NewReader(""))
		r.Header.Set("Authorization", authorization)
		r.Header.Set("X-Amz-Date", date)
		w := httptest.NewRecorder()
		reference.New(reference.Options{}).ServeHTTP(w, r)
		if w.Code != 403 {
			t.Errorf("got %d, want 403", w.Code)
		}
	})
}
