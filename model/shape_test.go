package model

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryShapeIsOfAnOperationOrAnError(t *testing.T) {
	var served []string
	for _, rev := range []Revision{Current, May2025} {
		for _, s := range Shapes(rev) {
			if got, ok := LookupShape(rev, s.Name); !ok || got.Path != s.Path {
				t.Errorf("%s: got %v, %t, want the row itself", s.Name, got, ok)
			}
			if s.Status != 200 || !strings.HasPrefix(s.Path, "/") || s.Method == "" || s.Errors&common != common {
				t.Errorf("%s: got %s %s answered with %d or %s, want a request answered with 200 or common errors", s.Name, s.Method, s.Path, s.Status, s.Errors)
			}
			checkMembers(t, s.Name+" request", s.Request)
			checkMembers(t, s.Name, s.Members)
			checkPlaces(t, s)
			served = append(served, s.Name)
		}
	}
	for _, op := range Operations {
		if op.Service && !slices.Contains(served, op.Name) {
			t.Errorf("%s: got no shape in any revision, want one", op.Name)
		}
	}
	for _, e := range Errors {
		s, ok := ErrorShape(e.Name)
		if !ok || s.Status != e.HTTP || len(s.Members) == 0 || s.Members[0].Name != "message" || !s.Members[0].Required {
			t.Errorf("%s: got %v, %t, want a shape with its status and a required message", e.Name, s, ok)
		}
		checkMembers(t, e.Name, s.Members)
	}
	if s, ok := LookupShape(Current, "DropCluster"); ok {
		t.Errorf("got %v, want no shape of an unknown operation", s)
	}
	if s, ok := LookupShape(Current, "CreateMultiRegionClusters"); ok {
		t.Errorf("got %v, want no shape of an operation that the revision does not have", s)
	}
	if s, ok := ErrorShape("Teapot"); ok {
		t.Errorf("got %v, want no shape of an unknown error", s)
	}
	if s, ok := LookupShape(Current, Await{}.Name()); !ok || s.Name != "GetCluster" {
		t.Errorf("got %v, %t, want await to have the shape of GetCluster", s, ok)
	}
}

// checkPlaces checks that what a path names is what its members are, and that
// only a request with a method for it has a body.
func checkPlaces(t *testing.T, s Shape) {
	t.Helper()
	path := s.Path
	for _, m := range s.Request {
		switch m.Location {
		case InPath:
			if !m.Required || !strings.Contains(path, "{"+m.Wire+"}") {
				t.Errorf("%s.%s: got it not in %s, want it there and required", s.Name, m.Name, s.Path)
			}
			path = strings.Replace(path, "{"+m.Wire+"}", "", 1)
		case InBody:
			if s.Method != "POST" {
				t.Errorf("%s.%s: got a body with %s, want none", s.Name, m.Name, s.Method)
			}
		default:
			if m.Wire == "" {
				t.Errorf("%s.%s: got no name in the %s, want one", s.Name, m.Name, m.Location)
			}
		}
	}
	if strings.Contains(path, "{") {
		t.Errorf("%s: got no member for %s, want one for each in the path", s.Name, path)
	}
}

// checkMembers checks that each member says what its form needs, and no more.
func checkMembers(t *testing.T, path string, members []Member) {
	t.Helper()
	var names []string
	for _, m := range members {
		if m.Name == "" || slices.Contains(names, m.Name) {
			t.Errorf("%s: got member %q, want a name that no other has", path, m.Name)
		}
		names = append(names, m.Name)
		checkMember(t, path+"."+m.Name, m)
	}
}

func checkMember(t *testing.T, path string, m Member) {
	t.Helper()
	for _, part := range m.Members {
		if part.In != 0 || part.Location != InBody {
			t.Errorf("%s.%s: got a part of one revision, or with a place of its own, want neither", path, part.Name)
		}
	}
	if m.Form < StringForm || m.Form > MapForm || m.Form.String() == "" {
		t.Errorf("%s: got form %d, want a known one", path, m.Form)
	}
	if text := m.Form == StringForm; !text && (m.Pattern != nil || m.Enum != nil || m.Identity) {
		t.Errorf("%s: got %v with what only a string has", path, m.Form)
	}
	if m.Identity && m.Pattern == nil {
		t.Errorf("%s: got no pattern, want one of a name of a resource", path)
	}
	if m.Max > 0 && m.Min > m.Max {
		t.Errorf("%s: got %d to %d, want an order", path, m.Min, m.Max)
	}
	if (m.Form == StructureForm) != (m.Members != nil) || (m.Form == MapForm) != (m.Key != nil) ||
		(m.Form == MapForm || m.Form == ListForm) != (m.Item != nil) {
		t.Errorf("%s: got parts that do not fit a %v", path, m.Form)
	}
	checkMembers(t, path, m.Members)
	for part, of := range map[string]*Member{"key": m.Key, "item": m.Item} {
		if of != nil {
			checkMember(t, path+" "+part, *of)
		}
	}
}

func TestPatternsOfTheDescriptionTakeWholeValues(t *testing.T) {
	id := strings.Repeat("a1", 13)
	tests := []struct {
		member Member
		value  string
		want   bool
	}{
		{clusterIDType, id, true},
		{clusterIDType, id + "a", false},
		{clusterIDType, id + "\n", false},
		{clusterIDType, strings.ToUpper(id), false},
		{arnType, "arn:aws:dsql:us-east-1:123456789012:cluster/" + id, true},
		{arnType, "arn:aws-us-gov:dsql:us-gov-west-1:123456789012:cluster/" + id, true},
		{arnType, "arn:aws:dsql:us-east-1:12345678901:cluster/" + id, false},
		{arnType, "arn:aws:dsql:us-east-1:123456789012:cluster/" + id + "/stream/" + id, false},
		{arnType, " arn:aws:dsql:us-east-1:123456789012:cluster/" + id, false},
		{serviceType, "com.amazonaws.us-east-1.dsql-0a1b2c", true},
		{serviceType, "com.amazonaws.us-east-1.dsql", true},
		{serviceType, "com.amazonaws.us-east-1.rds-0a1b2c", false},
		{tagKeyType, "a b+c=d@e/f:g.h_i-j", true},
		{tagKeyType, "a,b", false},
		{hostType, "x.dsql.us-east-1.on.aws", true},
		{hostType, "x:443", false},
	}
	for _, tt := range tests {
		if got := tt.member.Pattern.MatchString(tt.value); got != tt.want {
			t.Errorf("%s of %q: got %t, want %t", tt.member.Pattern, tt.value, got, tt.want)
		}
	}
}

func TestStatusesOfTheWireAreThoseOfTheAPI(t *testing.T) {
	if n := len(statusType.Enum); n != 10 || slices.Contains(statusType.Enum, Gone.String()) || slices.Contains(statusType.Enum, "") {
		t.Errorf("got %d statuses %q, want the ten of the API", n, statusType.Enum)
	}
}

func TestRulesOfTheWireRestOnFacts(t *testing.T) {
	seen := map[RuleID]bool{}
	for _, r := range shapeRules() {
		if seen[r.ID] || !strings.HasPrefix(string(r.ID), "DSQL-WIR-") {
			t.Errorf("%s: got it twice or of another family", r.ID)
		}
		seen[r.ID] = true
		if r.Says == "" || strings.HasSuffix(r.Says, ".") || len(r.Cite) == 0 || r.Basis != Modelled || r.Force < May {
			t.Errorf("%s: got %+v, want a sentence, a citation, a basis and a force", r.ID, r)
		}
		for _, id := range r.Cite {
			if _, ok := LookupFact(id); !ok {
				t.Errorf("%s: got citation %s, want a fact", r.ID, id)
			}
		}
	}
}
