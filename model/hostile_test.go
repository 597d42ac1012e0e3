package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someNames = HTTPNames{
	Identifier: "abcdefghijklmnopqrstuvwxyz",
	Stream:     "zyxwvutsrqponmlkjihgfedcba",
	ARN:        "arn:aws:dsql:us-east-1:123456789012:cluster/abcdefghijklmnopqrstuvwxyz",
	ARNs:       []string{"arn:aws:dsql:us-east-1:123456789012:cluster/abcdefghijklmnopqrstuvwxyz"},
	Token:      "a-token",
}

// flaw is one line of what the shape's own check says of a request.
type flaw struct {
	Path       string
	Constraint Constraint
}

// readRequest returns the members of a request as a server reads them, and
// whether it is one at all.
func readRequest(t *testing.T, s Shape, r HTTPRequest) (map[string]any, bool) {
	t.Helper()
	members := map[string]any{}
	path, rest, _ := strings.Cut(r.Path, "?")
	want, got := strings.Split(s.Path, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(want) != len(got) {
		return nil, false
	}
	for i := range want {
		text, err := url.PathUnescape(got[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(want[i], "{"); ok {
			members[strings.TrimSuffix(name, "}")] = text
		} else if text != want[i] {
			return nil, false
		}
	}
	query, err := url.ParseQuery(rest)
	if err != nil {
		t.Fatalf("got query %q: %v", rest, err)
	}
	body := map[string]any{}
	if len(bytes.TrimSpace(r.Body)) > 0 {
		dec := json.NewDecoder(bytes.NewReader(r.Body))
		dec.UseNumber()
		if dec.Decode(&body) != nil || body == nil {
			return nil, false
		}
		if _, err := dec.Token(); err != io.EOF {
			return nil, false
		}
	}
	for _, m := range s.Request {
		switch m.Location {
		case InBody:
			if v, there := body[m.Name]; there {
				members[m.Name] = v
			}
		case InQuery:
			values := query[m.Wire]
			switch {
			case len(values) == 0:
			case m.Form == ListForm:
				var list []any
				for _, v := range values {
					list = append(list, v)
				}
				members[m.Name] = list
			default:
				members[m.Name] = m.Value(values[0])
			}
		}
	}
	return members, true
}

func breaches(s Shape, members map[string]any) []flaw {
	var list []flaw
	s.Check(members, func(path string, c Constraint) {
		if b := (flaw{path, c}); !slices.Contains(list, b) {
			list = append(list, b)
		}
	})
	return list
}

// implied are the breaches that come with another: the shortest texts are empty
// or cut, and few patterns allow that.
func implied(fault, found flaw) bool {
	return fault.Path == found.Path && fault.Constraint == TooShort && found.Constraint == OffPattern
}

func TestEachFaultBreaksItsConstraintAndNoOther(t *testing.T) {
	for _, rev := range []Revision{Current, May2025} {
		seen := map[flaw]bool{}
		for _, op := range Hostiles(rev) {
			op.Region = "us-east-1"
			s, _ := LookupShape(rev, op.Operation)
			r, err := op.Request(s, someNames)
			if err != nil {
				t.Fatalf("%v: %v", op, err)
			}
			f, p, _ := op.find(s)
			members, readable := readRequest(t, s, r)
			switch {
			case f.Breaks != 0:
				want := flaw{op.Member, f.Breaks}
				seen[flaw{op.Operation + " " + op.Member, f.Breaks}] = true
				got := breaches(s, members)
				if !readable || !slices.Contains(got, want) {
					t.Errorf("%+v: got breaches %v, want %v", op, got, want)
				}
				for _, b := range got {
					if b != want && !implied(want, b) {
						t.Errorf("%+v: got breaches %v, want %v alone", op, got, want)
					}
				}
			case op.Must(rev) && (f.Rule == ruleSegment.ID || f.Rule == ruleRoute.ID || f.Rule == ruleBody.ID || f.Rule == ruleNeeded.ID):
				if readable && r.Method == s.Method && len(breaches(s, members)) == 0 {
					t.Errorf("%+v: got a request that breaks nothing, want one that is none of the operation's", op)
				}
			case f.Open != nil && f.Open(s, p) && (op.Fault == "empty" || op.Fault == "dot" || op.Fault == "plain"):
				// Read as something else, or over several segments.
			default:
				// Odd, or signed wrongly, but right in every other respect.
				if got := breaches(s, members); !readable || len(got) > 0 {
					t.Errorf("%+v: got %q with breaches %v, want none", op, r.Path, got)
				}
			}
		}
		for _, s := range Shapes(rev) {
			for _, p := range Constraints(s) {
				// A member of the path cannot be left out or be short of one
				// character: it is empty.
				at := flaw{s.Name + " " + p.Path, p.Constraint}
				if !seen[at] && !(p.Location == InPath && (p.Constraint == Missing || p.Constraint == TooShort)) {
					t.Errorf("%v: got no fault for %v", rev, at)
				}
			}
		}
	}
}

func TestAllFaultsAreUsed(t *testing.T) {
	used := map[string]int{}
	for _, op := range Hostiles(Current) {
		used[op.Fault]++
	}
	for _, f := range Faults {
		if used[f.Name] == 0 && f.Breaks != TooFew { // no list has a least number of items
			t.Errorf("%s: got no place where it fits", f.Name)
		}
		if rule, ok := LookupRule(f.Rule); !ok || (rule.Force == May) != (f.Rule == ruleOdd.ID) {
			t.Errorf("%s: got rule %q with force %v", f.Name, f.Rule, rule.Force)
		}
		if f.Says == "" || strings.HasSuffix(f.Says, ".") {
			t.Errorf("%s: got sentence %q, want one without a full stop", f.Name, f.Says)
		}
	}
}

func TestFaultNamesAreUnique(t *testing.T) {
	seen := map[Hostile]bool{}
	for _, op := range Hostiles(Current) {
		if seen[op] {
			t.Errorf("got %+v twice", op)
		}
		seen[op] = true
	}
	names := map[string]bool{}
	for _, f := range Faults {
		if names[f.Name] {
			t.Errorf("got fault %q twice", f.Name)
		}
		names[f.Name] = true
	}
}

func TestRequestsOfFaults(t *testing.T) {
	id, arn := someNames.Identifier, "arn%3Aaws%3Adsql%3Aus-east-1%3A123456789012%3Acluster%2F"+someNames.Identifier
	json := Some("application/json")
	tests := []struct {
		says string
		op   Hostile
		want HTTPRequest
	}{
		{"a required member left out", Hostile{Operation: "TagResource", Member: "tags", Fault: "required"},
			HTTPRequest{Method: "POST", Path: "/tags/" + arn, Type: json, Body: []byte(`{}`)}},
		{"an item of a list in the query", Hostile{Operation: "UntagResource", Member: "tagKeys[]", Fault: "pattern"},
			HTTPRequest{Method: "DELETE", Path: "/tags/" + arn + "?tagKeys=hostil%21"}},
		{"a member given twice", Hostile{Operation: "CreateCluster", Member: "kmsEncryptionKey", Fault: "twice"},
			HTTPRequest{Method: "POST", Path: "/cluster", Type: json,
				Body: []byte(`{"deletionProtectionEnabled":false,"kmsEncryptionKey":"AWS_OWNED_KMS_KEY","kmsEncryptionKey":"AWS_OWNED_KMS_KEY"}`)}},
		{"null for an item", Hostile{Operation: "UpdateCluster", Region: "us-east-1", Member: "multiRegionProperties.clusters[]", Fault: "null"},
			HTTPRequest{Method: "POST", Path: "/cluster/" + id, Type: json,
				Body: []byte(`{"deletionProtectionEnabled":false,"multiRegionProperties":{"witnessRegion":"us-west-2","clusters":[null]}}`)}},
		{"a key that is too short", Hostile{Operation: "TagResource", Member: "tags.key", Fault: "too-short"},
			HTTPRequest{Method: "POST", Path: "/tags/" + arn, Type: json, Body: []byte(`{"tags":{"":"hostile"}}`)}},
		{"a number that is too big", Hostile{Operation: "ListClusters", Member: "maxResults", Fault: "too-big"},
			HTTPRequest{Method: "GET", Path: "/cluster?max-results=101"}},
		{"no number", Hostile{Operation: "ListStreams", Member: "maxResults", Fault: "type"},
			HTTPRequest{Method: "GET", Path: "/stream/" + id + "?max-results=ten"}},
		{"an empty identifier", Hostile{Operation: "GetVpcEndpointServiceName", Member: "identifier", Fault: "empty"},
			HTTPRequest{Method: "GET", Path: "/clusters//vpc-endpoint-service-name"}},
		{"encoded dots", Hostile{Operation: "DeleteStream", Member: "clusterIdentifier", Fault: "coded-dots"},
			HTTPRequest{Method: "DELETE", Path: "/stream/%2e%2e/" + someNames.Stream}},
		{"half a body", Hostile{Operation: "CreateCluster", Fault: "malformed"},
			HTTPRequest{Method: "POST", Path: "/cluster", Type: json, Body: []byte(`{"deletionProtectionEnabled":false,"`)}},
		{"an empty body", Hostile{Operation: "CreateCluster", Fault: "no-body"},
			HTTPRequest{Method: "POST", Path: "/cluster", Type: json, Body: []byte{}}},
		{"no content type", Hostile{Operation: "CreateCluster", Fault: "untyped"},
			HTTPRequest{Method: "POST", Path: "/cluster", Body: []byte(`{"deletionProtectionEnabled":false}`)}},
		{"another method", Hostile{Operation: "GetCluster", Fault: "method"},
			HTTPRequest{Method: "PUT", Path: "/cluster/" + id}},
		{"a trailing slash", Hostile{Operation: "DeleteCluster", Fault: "trailing-slash"},
			HTTPRequest{Method: "DELETE", Path: "/cluster/" + id + "/"}},
		{"another service", Hostile{Operation: "GetCluster", Fault: "service"},
			HTTPRequest{Method: "GET", Path: "/cluster/" + id, Signing: OtherService}},
	}
	for _, test := range tests {
		t.Run(test.says, func(t *testing.T) {
			s, _ := LookupShape(Current, test.op.Operation)
			got, err := test.op.Request(s, someNames)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestARequestThatTheTablesDoNotHaveIsAnError(t *testing.T) {
	for _, op := range []Hostile{
		{Operation: "CreateCluster", Fault: "no-such-fault"},
		{Operation: "CreateCluster", Member: "noSuchMember", Fault: "type"},
		{Operation: "GetCluster", Member: "identifier", Fault: "type"},
		{Operation: "DropCluster", Fault: "unsigned"},
	} {
		s, _ := LookupShape(Current, op.Operation)
		if r, err := op.Request(s, someNames); err == nil {
			t.Errorf("%+v: got %+v, want an error", op, r)
		}
	}
}

// activeWorld holds one unprotected cluster that is ACTIVE.
func activeWorld() World {
	return World{Env: NewEnv(), Clusters: []Cluster{{Handle: 1, Region: "us-east-1", Status: Active, Joined: true}}}
}

func TestAFaultThatMustBeRefusedHasNoOtherOutcome(t *testing.T) {
	w := activeWorld()
	for _, op := range Hostiles(Current) {
		op.Region, op.Ref, op.As, op.Stream = "us-east-1", C(1), 2, StreamRef{Handle: 1}
		refused := false
		for _, o := range Step(w, op) {
			if o.Want.Success() && op.Must(Current) {
				t.Errorf("%+v: got an outcome %v, want refusals alone", op, o.Want)
			}
			refused = refused || o.Want.Codes == Any4xx && o.Next.Equal(w) && o.Breaks == ""
		}
		if !refused {
			t.Errorf("%+v: got no refusal with any 4xx, want one without an effect always allowed", op)
		}
	}
}

func TestAnOddRequestMayHaveTheEffectOfItsReading(t *testing.T) {
	tests := []struct {
		op   Hostile
		says string
		want func(w World) bool
	}{
		{Hostile{Operation: "DeleteCluster", Fault: "trailing-slash"}, "the cluster is deleted",
			func(w World) bool { c, _ := w.Find(1); return c.Deleted }},
		{Hostile{Operation: "CreateCluster", Member: "deletionProtectionEnabled", Fault: "absent"}, "the new cluster is protected",
			func(w World) bool { c, ok := w.Find(2); return ok && c.Protected }},
		{Hostile{Operation: "CreateCluster", Fault: "unknown-member"}, "the new cluster is not protected",
			func(w World) bool { c, ok := w.Find(2); return ok && !c.Protected }},
		{Hostile{Operation: "CreateCluster", Fault: "text"}, "a body that is no JSON is no body",
			func(w World) bool { c, ok := w.Find(2); return ok && c.Protected }},
		{Hostile{Operation: "TagResource", Member: "tags", Fault: "twice"}, "the cluster is tagged",
			func(w World) bool { c, _ := w.Find(1); return c.Tags.Len() == 1 }},
	}
	for _, test := range tests {
		t.Run(test.says, func(t *testing.T) {
			test.op.Region, test.op.Ref, test.op.As = "us-east-1", C(1), 2
			if !slices.ContainsFunc(Step(activeWorld(), test.op), func(o Outcome) bool { return o.Want.Success() && test.want(o.Next) }) {
				t.Errorf("got no success after which %s", test.says)
			}
		})
	}
}

// A target that takes a wrong token for one must not know it from another run.
func TestAWrongTokenIsTheRequestsOwn(t *testing.T) {
	for _, fault := range []string{"type", "nested", "too-long", "pattern"} {
		bodies := map[string]bool{}
		for _, token := range []string{"a-token", "another", "a-token"} {
			op := Hostile{Operation: "CreateCluster", Region: "us-east-1", As: 1, Member: "clientToken", Fault: fault}
			s, _ := LookupShape(Current, op.Operation)
			r, err := op.Request(s, HTTPNames{Token: token})
			if err != nil {
				t.Fatal(err)
			}
			bodies[string(r.Body)] = true
		}
		if len(bodies) != 2 {
			t.Errorf("%s: got %d requests with two tokens, want one for each", fault, len(bodies))
		}
	}
}

// What is a right request of another operation is not hostile.
func TestNoFaultMakesAnUpdateACreate(t *testing.T) {
	for _, op := range Hostiles(Current) {
		if op.Operation == "UpdateCluster" && op.Member == "identifier" && (op.Fault == "empty" || op.Fault == "dot") {
			t.Errorf("got %s, want it left out: POST /cluster/ may be CreateCluster", op)
		}
	}
}

func TestEveryOddRequestHasAReading(t *testing.T) {
	for _, op := range Hostiles(Current) {
		op.Region, op.Ref, op.As, op.Stream = "us-east-1", C(1), 2, StreamRef{Handle: 1}
		readings := op.Readings(Current)
		if len(readings) == 0 || readings[0].Name() != op.Operation {
			t.Errorf("%+v: got readings %v, want the operation itself first", op, readings)
		}
	}
}

// FuzzHostile builds requests from odd names: none panics, each is one request
// line, and each that is built twice is the same.
func FuzzHostile(f *testing.F) {
	list := Hostiles(Current)
	for i := range list {
		f.Add(i, "abcdefghijklmnopqrstuvwxyz", "arn:aws:dsql:us-east-1:1:cluster/x", "us-east-1")
	}
	f.Add(3, "", "", "")
	f.Add(7, "é\xff\x00/?#%", "\n", "\"")
	f.Fuzz(func(t *testing.T, n int, id, arn, region string) {
		op := list[(n%len(list)+len(list))%len(list)]
		op.Region = Region(region)
		s, _ := LookupShape(Current, op.Operation)
		names := HTTPNames{Identifier: id, Stream: id, ARN: arn, ARNs: []string{arn}, Token: id, Policy: arn, Kinesis: arn, Role: arn}
		r, err := op.Request(s, names)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(r.Path, "/") || strings.ContainsFunc(r.Path, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
			t.Errorf("got path %q, want what stands on a request line", r.Path)
		}
		again, _ := op.Request(s, names)
		if fmt.Sprint(r) != fmt.Sprint(again) {
			t.Errorf("got %v and %v, want the same", r, again)
		}
		op.Readings(Current)
		if op.Fault == "unsigned" && r.Body != nil && !json.Valid(r.Body) {
			t.Errorf("got body %q, want JSON", r.Body)
		}
	})
}
