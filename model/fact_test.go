package model

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func ExampleLookupFact() {
	f, _ := LookupFact("F022")
	fmt.Println(f)
	fmt.Println(f.Certainty)
	fmt.Println(f.URLs()[0])
	// Output:
	// F022: Validation errors must carry a reason, and deletionProtectionEnabled is one of its possible values (M-SMI)
	// modelled
	// https://github.com/aws/aws-sdk-go-v2/blob/main/codegen/sdk-codegen/aws-models/dsql.json
}

func TestFactIDsAreCompleteAndInOrder(t *testing.T) {
	var want []FactID
	for _, series := range []struct {
		format string
		last   int
	}{{"F%03d", 186}, {"T%02d", 30}, {"Q%02d", 36}} {
		for n := 1; n <= series.last; n++ {
			want = append(want, FactID(fmt.Sprintf(series.format, n)))
		}
	}
	var got []FactID
	for _, f := range Facts() {
		got = append(got, f.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got ids %v, want %v", got, want)
	}
}

func TestFactsAreWellFormed(t *testing.T) {
	said := map[string]FactID{}
	for _, f := range Facts() {
		if f.Says == "" || f.Says != strings.TrimSpace(f.Says) || strings.HasSuffix(f.Says, ".") {
			t.Errorf("%s: got %q, want one sentence without a final full stop", f.ID, f.Says)
		}
		key := strings.ToLower(f.Says)
		if first, ok := said[key]; ok {
			t.Errorf("%s: says the same as %s: %q", f.ID, first, f.Says)
		}
		said[key] = f.ID

		if f.Certainty < CertainDocumented || f.Certainty > CertainUnknown {
			t.Errorf("%s: got %v, want a known certainty", f.ID, f.Certainty)
		}
		question := strings.HasPrefix(string(f.ID), "Q")
		if got := strings.HasSuffix(f.Says, "?"); got != question {
			t.Errorf("%s: got question mark %t, want %t", f.ID, got, question)
		}
		if question && (f.Certainty != CertainUnknown || len(f.Sources) > 0) {
			t.Errorf("%s: got %v from %q, want an unknown without sources", f.ID, f.Certainty, f.Sources)
		}
	}
}

func TestFactsCiteKnownSources(t *testing.T) {
	for _, f := range Facts() {
		if len(f.Sources) == 0 && f.Certainty != CertainInferred && f.Certainty != CertainUnknown {
			t.Errorf("%s: got no source, want one for what is %v", f.ID, f.Certainty)
		}
		for i, key := range f.Sources {
			if _, ok := LookupSource(key); !ok {
				t.Errorf("%s: got unknown source %q", f.ID, key)
			}
			if slices.Contains(f.Sources[:i], key) {
				t.Errorf("%s: got source %s twice", f.ID, key)
			}
		}
	}
}

func TestFactSourcesAreWellFormed(t *testing.T) {
	cited := map[string]bool{}
	for _, f := range facts {
		for _, key := range f.Sources {
			cited[key] = true
		}
	}
	seen := map[string]bool{}
	for _, s := range sources {
		if seen[s.Key] {
			t.Errorf("%s: listed twice", s.Key)
		}
		seen[s.Key] = true
		if !cited[s.Key] {
			t.Errorf("%s: got no fact, want at least one that cites it", s.Key)
		}
		if s.Title == "" {
			t.Errorf("%s: got no title", s.Key)
		}
		if s.URL == "" {
			continue
		}
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Errorf("%s: %v", s.Key, err)
		} else if u.Scheme != "https" || u.Host == "" {
			t.Errorf("%s: got %q, want an absolute https address", s.Key, s.URL)
		}
	}
}

func TestFactString(t *testing.T) {
	tests := []struct {
		name string
		fact Fact
		want string
	}{
		{"one source", Fact{"F900", "It rains", []string{"SEED"}, CertainDocumented}, "F900: It rains (SEED)"},
		{"two sources", Fact{"F901", "It pours", []string{"D-API", "M-SMI"}, CertainDocumented}, "F901: It pours (D-API, M-SMI)"},
		{"no source", Fact{"Q90", "Will it snow?", nil, CertainUnknown}, "Q90: Will it snow? (unknown)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.fact.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFactURLsLeaveOutSourcesWithoutAddress(t *testing.T) {
	f := Fact{Sources: []string{"SEED", "T-NUKE", "nowhere"}}
	want := []string{"https://github.com/ekristen/aws-nuke/pull/594"}
	if got := f.URLs(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFactCertaintyString(t *testing.T) {
	want := []string{"Certainty(0)", "documented", "modelled", "observed", "inferred", "unknown", "Certainty(6)"}
	for i, w := range want {
		if got := Certainty(i).String(); got != w {
			t.Errorf("got %q, want %q", got, w)
		}
	}
}

func TestFactLookupsMissWhatIsAbsent(t *testing.T) {
	if f, ok := LookupFact("F000"); ok {
		t.Errorf("got %v, want no fact F000", f)
	}
	if s, ok := LookupSource("D-NONE"); ok {
		t.Errorf("got %v, want no source D-NONE", s)
	}
}

func TestFactsBelongToTheCaller(t *testing.T) {
	want, _ := LookupFact("F001")
	all := Facts()
	all[0].Says = "changed"
	all[0].Sources[0] = "changed"
	one, _ := LookupFact("F001")
	one.Sources[0] = "changed"
	if got, _ := LookupFact("F001"); got.String() != want.String() {
		t.Errorf("got %v, want %v", got, want)
	}
}
