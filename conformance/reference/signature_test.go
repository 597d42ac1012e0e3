package reference_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

func TestOnlyARequestThatIsSignedRightIsServed(t *testing.T) {
	c := newClock()
	e := reference.New(reference.Options{Now: c.now, Regions: regions})
	for name, tt := range map[string]struct {
		region model.Region
		change func(*http.Request)
		status int
		kind   string
	}{
		"a signed request":                 {"us-east-1", func(*http.Request) {}, 200, ""},
		"no signature":                     {"us-east-1", func(r *http.Request) { r.Header.Del("Authorization") }, 403, "MissingAuthenticationTokenException"},
		"another scheme":                   {"us-east-1", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 403, "IncompleteSignatureException"},
		"an unknown access key":            {"us-east-1", edited(reference.AccessKey, "AKIANOBODY"), 403, "UnrecognizedClientException"},
		"another service":                  {"us-east-1", edited("/dsql/", "/s3/"), 403, "InvalidSignatureException"},
		"another Region than was signed":   {"us-east-1", edited("us-east-1", "us-east-2"), 403, "InvalidSignatureException"},
		"a Region that the service lacks":  {"eu-west-1", func(*http.Request) {}, 403, "InvalidSignatureException"},
		"another query than was signed":    {"us-east-1", func(r *http.Request) { r.URL.RawQuery = "max-results=1" }, 403, "InvalidSignatureException"},
		"another path than was signed":     {"us-east-1", func(r *http.Request) { r.URL.Path = "/cluster/x" }, 403, "InvalidSignatureException"},
		"another method than was signed":   {"us-east-1", func(r *http.Request) { r.Method = "POST" }, 403, "InvalidSignatureException"},
		"another host than was signed":     {"us-east-1", func(r *http.Request) { r.Host = "elsewhere" }, 403, "InvalidSignatureException"},
		"a signature that is cut":          {"us-east-1", func(r *http.Request) { a := r.Header.Get("Authorization"); r.Header.Set("Authorization", a[:len(a)-1]) }, 403, "InvalidSignatureException"},
		"another day than that of the key": {"us-east-1", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20200101T000000Z") }, 403, "IncompleteSignatureException"},
		"a Region of another form":         {"US EAST", func(*http.Request) {}, 403, "InvalidSignatureException"},
		"a scope that is cut":              {"us-east-1", edited("/aws4_request", ""), 403, "IncompleteSignatureException"},
		"another time than was signed":     {"us-east-1", func(r *http.Request) { r.Header.Set("X-Amz-Date", c.at.Format("20060102")+"T000000Z") }, 403, "InvalidSignatureException"},
	} {
		r, err := speak.Request("GET", "/cluster", tt.region, nil, c.at)
		if err != nil {
			t.Fatal(err)
		}
		tt.change(r)
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if got := w.Header().Get("x-amzn-ErrorType"); w.Code != tt.status || got != tt.kind {
			t.Errorf("%s: got %d %s, want %d %s", name, w.Code, got, tt.status, tt.kind)
		}
		if strings.Contains(w.Body.String(), "Signature=") {
			t.Errorf("%s: got a signature in the answer, want none", name)
		}
	}
}

// edited returns a change of the Authorization header.
func edited(from, to string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
	}
}

func TestABodyThatWasNotSignedIsRefused(t *testing.T) {
	c := newClock()
	r, err := speak.Request("POST", "/cluster", "us-east-1", []byte(`{}`), c.at)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := speak.Request("POST", "/cluster", "us-east-1", []byte(`[]`), c.at)
	r.Body = other.Body
	w := httptest.NewRecorder()
	reference.New(reference.Options{Now: c.now}).ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("got %d, want 403", w.Code)
	}
}

func TestASignatureIsGoodForFiveMinutes(t *testing.T) {
	c := newClock()
	e := reference.New(reference.Options{Now: c.now})
	for age, want := range map[time.Duration]int{0: 200, 5 * time.Minute: 200, 5*time.Minute + time.Second: 403, -5 * time.Minute: 200, -6 * time.Minute: 403} {
		r, err := speak.Request("GET", "/cluster", "us-east-1", nil, c.at.Add(-age))
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		if e.ServeHTTP(w, r); w.Code != want || want == 403 && w.Header().Get("x-amzn-ErrorType") != "InvalidSignatureException" {
			t.Errorf("%s old: got %d %s, want %d", age, w.Code, w.Body, want)
		}
	}
}
