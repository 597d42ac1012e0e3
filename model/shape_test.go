package model

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryShapeIsOfAnOperationOrAnError(t *testing.T) {
	for _, s := range Shapes() {
		if got, ok := LookupShape(s.Name); !ok || got.Path != s.Path {
			t.Errorf("%s: got %v, %t, want the row itself", s.Name, got, ok)
		}
		if s.Status != 200 || !strings.HasPrefix(s.Path, "/") || s.Method == "" {
			t.Errorf("%s: got %s %s answered with %d, want a request answered with 200", s.Name, s.Method, s.Path, s.Status)
		}
		checkMembers(t, s.Name, s.Members)
	}
	for _, e := range Errors {
		s, ok := ErrorShape(e.Name)
		if !ok || s.Status != e.HTTP || len(s.Members) == 0 || s.Members[0].Name != "message" || !s.Members[0].Required {
			t.Errorf("%s: got %v, %t, want a shape with its status and a required message", e.Name, s, ok)
		}
		checkMembers(t, e.Name, s.Members)
	}
	if s, ok := LookupShape("DropCluster"); ok {
		t.Errorf("got %v, want no shape of an unknown operation", s)
	}
	if s, ok := ErrorShape("Teapot"); ok {
		t.Errorf("got %v, want no shape of an unknown error", s)
	}
	if s, ok := LookupShape(Await{}.Name()); !ok || s.Name != "GetCluster" {
		t.Errorf("got %v, %t, want await to have the shape of GetCluster", s, ok)
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
		{serviceType, "com.amazonaws.us-east-1.dsql-0a1b2g", false},
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
