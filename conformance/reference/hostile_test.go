package reference_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// fixture is an endpoint with a cluster that is ACTIVE.
type fixture struct {
	*testing.T
	c     *clock
	e     *reference.Endpoint
	names model.HTTPNames
}

func newFixture(t *testing.T, rev model.Revision, temperament reference.Temperament) *fixture {
	t.Helper()
	c := newClock()
	e := reference.New(reference.Options{Now: c.now, Revision: rev, Temperament: temperament, Settle: settle})
	f := &fixture{T: t, c: c, e: e}
	var made struct{ Identifier, ARN string }
	f.ask("POST", "/cluster", `{"deletionProtectionEnabled":false}`, 200, &made)
	c.pass(2 * settle)
	f.names = model.HTTPNames{Identifier: made.Identifier, ARN: made.ARN, ARNs: []string{made.ARN}, Stream: strings.Repeat("a", 26),
		Token: "token", Policy: `{"Version":"2012-10-17"}`}
	return f
}

// ask makes a call, fails the test unless it is answered with that status code,
// and reads the answer.
func (f *fixture) ask(method, path, body string, status int, answer any) {
	f.Helper()
	w := send(f.T, f.e, f.c, method, path, body)
	if w.Code != status {
		f.Fatalf("%s %s %s: got %d %s, want %d", method, path, body, w.Code, w.Body, status)
	}
	if answer == nil {
		return
	}
	if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
		f.Fatalf("%s %s: got %s: %v", method, path, w.Body, err)
	}
}

// sign signs a request in one of the ways there are to do so.
func (f *fixture) sign(h model.HTTPRequest) *http.Request {
	f.Helper()
	at, signed := f.c.at, h.Body
	switch h.Signing {
	case model.Stale:
		at = at.Add(-time.Hour)
	case model.OtherBody:
		signed = append(slices.Clone(signed), ' ')
	}
	r, err := speak.Request(h.Method, h.Path, "us-east-1", signed, at)
	if err != nil {
		f.Fatal(err)
	}
	if h.Type.Given {
		r.Header.Set("Content-Type", h.Type.Value)
	}
	switch h.Signing {
	case model.Unsigned:
		r.Header.Del("Authorization")
	case model.OtherKey:
		edited(reference.AccessKey, "AKIANOBODY")(r)
	case model.OtherService:
		edited("/dsql/", "/s3/")(r)
	case model.OtherSecret:
		a := r.Header.Get("Authorization")
		r.Header.Set("Authorization", a[:len(a)-1]+map[bool]string{true: "0", false: "1"}[strings.HasSuffix(a, "1")])
	}
	fresh := httptest.NewRequest(h.Method, "http://dsql.test/", bytes.NewReader(h.Body))
	fresh.URL, fresh.Host, fresh.Header = r.URL, r.Host, r.Header
	return fresh
}

func TestEveryFaultIsRefusedAndChangesNothing(t *testing.T) {
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		for _, name := range []string{"plain", "open", "eager"} {
			temperament, _ := reference.LookupTemperament(name)
			f := newFixture(t, rev, temperament)
			for _, op := range model.Hostiles(rev) {
				op.Region = "us-east-1"
				shape, _ := model.LookupShape(rev, op.Operation)
				request, err := op.Request(shape, f.names)
				if err != nil {
					t.Fatal(err)
				}
				before := f.e.World()
				w := httptest.NewRecorder()
				f.e.ServeHTTP(w, f.sign(request))
				switch {
				case w.Code >= 500:
					t.Errorf("%s %s: got %d %s, want no 5xx", name, op, w.Code, w.Body)
				case op.Must(rev) && w.Code < 400:
					t.Errorf("%s %s: got %d %s, want 4xx", name, op, w.Code, w.Body)
				case w.Code >= 400 && !f.e.World().Equal(before):
					t.Errorf("%s %s: got a refusal and another world", name, op)
				}
				if w.Code < 400 {
					f = newFixture(t, rev, temperament)
				}
			}
		}
	}
}

func TestABreachOfTheTableIsRefusedByTheNameOfItsMember(t *testing.T) {
	f := newFixture(t, model.Current, reference.Temperament{})
	seen := map[string]bool{}
	for _, op := range model.Hostiles(model.Current) {
		i := slices.IndexFunc(model.Faults, func(fault model.Fault) bool { return fault.Name == op.Fault })
		breach := model.Faults[i].Breaks
		shape, _ := model.LookupShape(model.Current, op.Operation)
		pair := slices.IndexFunc(model.Constraints(shape), func(p model.Pair) bool { return p.Path == op.Member && p.Constraint == breach })
		if breach == 0 || pair < 0 || model.Constraints(shape)[pair].Location == model.InPath {
			continue
		}
		op.Region = "us-east-1"
		request, err := op.Request(shape, f.names)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		f.e.ServeHTTP(w, f.sign(request))
		var got struct {
			Reason    string
			FieldList []struct{ Name, Message string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: got %s: %v", op, w.Body, err)
		}
		reason := "fieldValidationFailed"
		if breach == model.WrongForm || breach == model.IsNull {
			reason = "cannotParse"
		}
		if w.Code != 400 || got.Reason != reason || len(got.FieldList) != 1 || got.FieldList[0].Name != op.Member || got.FieldList[0].Message == "" {
			t.Errorf("%s: got %d %s, want 400 %s naming %s", op, w.Code, w.Body, reason, op.Member)
		}
		seen[breach.String()] = true
	}
	if len(seen) < 12 {
		t.Errorf("got breaches of %v, want of nearly every constraint", seen)
	}
}
