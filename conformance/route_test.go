package conformance

import (
	"testing"

	"dsqlconform/model"
)

// answers is what a target says in bytes, and how that is read.
func answers(status int, media, body, code string) *Exchange {
	return &Exchange{
		Answer:   Answer{HTTP: status, Code: code},
		Attempts: []Attempt{{Method: "GET", StatusCode: status, Answer: []byte(body), AnswerHeader: map[string][]string{"Content-Type": {media}, "X-Amzn-Requestid": {"r"}}}},
	}
}

// A route that a target does not have is no fault of an operation that it
// serves, and no proof that it serves it.
func TestAnOperationWithoutARouteIsNotServed(t *testing.T) {
	const page = "<!doctype html><title>404 Not Found</title>"
	html := func() *Exchange { return answers(404, "text/html; charset=utf-8", page, "UnknownError") }
	plain := func() *Exchange { return answers(404, "application/json", `{"message":"no"}`, "UnknownError") }
	other := func() *Exchange {
		return answers(404, "application/json", `{"message":"no","resourceId":"x"}`, "UnknownError")
	}
	named := func() *Exchange {
		ex := answers(404, "application/json", `{"message":"no","resourceId":"x","resourceType":"cluster"}`, "ResourceNotFoundException")
		ex.Attempts[0].AnswerHeader["X-Amzn-Errortype"] = []string{"ResourceNotFoundException"}
		return ex
	}
	method := func() *Exchange { return answers(405, "text/html", page, "UnknownError") }
	policy, get := model.GetClusterPolicy{}.Name(), model.GetCluster{}.Name()
	const lines = "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\n"
	for _, tt := range []struct {
		name, lines    string
		operation      string
		route, nowhere func() *Exchange
		served         bool
		want           string
	}{
		{"a page as for any path", "get-policy c1", policy, html, html, false, ""},
		{"an error without a name, as for any path", "get-policy c1", policy, plain, plain, false, ""},
		{"a method that is not allowed", "get-policy c1", policy, method, plain, false, ""},
		{"a page, but not as for any path", "get-policy c1", policy, html, plain, true, "DSQL-WIR-012 HTML with HTTP 404"},
		{"an error without a name, but not as for any path", "get-policy c1", policy, other, plain, true, "DSQL-WIR-010 nameless error"},
		{"an error of the service", "get-policy c1", policy, named, html, true, ""},
		{"a page of an operation that was served before", "get c9", get, html, html, true, "DSQL-WIR-012 HTML with HTTP 404"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &shelf{strange: func(call Call) *Exchange {
				_, raw := call.Op.(model.Raw)
				ref := model.C(9)
				switch {
				case raw:
					return tt.nowhere()
				case call.Op.Name() == policy && tt.operation == policy:
					return tt.route()
				case call.Op == model.Op(model.GetCluster{Ref: ref}):
					return tt.route()
				}
				return nil
			}}
			x := listing(t, s, lines+tt.lines, nil)
			got := ""
			if len(x.findings) > 0 {
				got = string(x.findings[0].Rule) + " " + x.findings[0].Shape
			}
			if got != tt.want {
				t.Errorf("got findings %q, want %q", rules(x), tt.want)
			}
			if got := x.tally.notServed[tt.operation] == 0; got != tt.served {
				t.Errorf("got served %t, want %t", got, tt.served)
			}
			if n := s.asked[(model.Raw{}).Name()]; n > 1 {
				t.Errorf("got %d requests for a path that nobody serves, want one at most", n)
			}
		})
	}
}
