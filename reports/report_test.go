package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"dsqlconform/conformance"
	"dsqlconform/model/explore"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	res, target := sample(t)
	report := New(res, target)
	for name, write := range map[string]func(io.Writer) error{
		"report.json": func(w io.Writer) error { return WriteJSON(w, report) },
		"report.md":   func(w io.Writer) error { return WriteMarkdown(w, report) },
		"junit.xml":   func(w io.Writer) error { return WriteJUnit(w, report) },
		"bug.md":      func(w io.Writer) error { return Bug(w, res.Findings[0], target) },
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			golden(t, name, got.String())
		})
	}
}

// golden compares text with a file of testdata, or writes it there.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; if that is meant, run the test with -update (-want +got):\n%s", file, diff)
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestEveryReportIsValidAndReadsBackEqual(t *testing.T) {
	s := compiled(t)
	rapid.Check(t, func(t *rapid.T) {
		want := New(result().Draw(t, "result"), target().Draw(t, "target"))
		want.Strict = rapid.Bool().Draw(t, "strict")
		var text bytes.Buffer
		if err := WriteJSON(&text, want); err != nil {
			t.Fatal(err)
		}
		if err := validate(s, text.Bytes()); err != nil {
			t.Fatalf("got an invalid report: %v\n%s", err, text.Bytes())
		}
		got, err := ReadJSON(&text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("reading a written report (-want +got):\n%s", diff)
		}
	})
}

func TestTheEmptyReportIsValid(t *testing.T) {
	for name, r := range map[string]Report{
		"of an empty result": New(conformance.Result{Verdict: conformance.Conforms}, Target{}),
		"the zero value":     {},
	} {
		var text bytes.Buffer
		if err := WriteJSON(&text, r); err != nil {
			t.Fatal(err)
		}
		if err := validate(compiled(t), text.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(text.String(), "null") {
			t.Errorf("%s: got null in %s, want empty lists", name, text.String())
		}
	}
}

func TestTheSchemaRefusesWhatIsNoReport(t *testing.T) {
	s := compiled(t)
	res, target := sample(t)
	var whole bytes.Buffer
	if err := WriteJSON(&whole, New(res, target)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(map[string]any){
		"without a verdict":        func(m map[string]any) { delete(m, "verdict") },
		"with a strange verdict":   func(m map[string]any) { m["verdict"] = "maybe" },
		"with a null list":         func(m map[string]any) { m["notes"] = nil },
		"with a strange time":      func(m map[string]any) { m["started"] = "yesterday" },
		"with a negative seed":     func(m map[string]any) { m["seed"] = -1 },
		"with a finding's file up": func(m map[string]any) { m["findings"].([]any)[0].(map[string]any)["file"] = "../x" },
		"with a way that is none":  func(m map[string]any) { m["coverage"].(map[string]any)["ways"].(map[string]any)["x"] = "c1" },
		"with a tour of less":      func(m map[string]any) { m["coverage"].(map[string]any)["tour"].(map[string]any)["cells"] = -1 },
		"with a share above one":   func(m map[string]any) { m["inconclusive"].([]any)[0].(map[string]any)["share"] = 1.5 },
	} {
		var m map[string]any
		if err := json.Unmarshal(whole.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if validate(s, text) == nil {
			t.Errorf("a report %s is valid, want it refused", name)
		}
	}
}

func TestReadJSONSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "empty file"},
		{"blanks", " \n", "empty file"},
		{"no JSON", "{\n  what", "line 2, column 3"},
		{"a list", "[]", "cannot unmarshal array"},
		{"another schema", `{"schema":"dsqlconform/report/v2"}`, `got schema "dsqlconform/report/v2", want "dsqlconform/report/v1"`},
		{"no schema", `{}`, `got schema ""`},
		{"a wrong type", "{\"schema\":\"dsqlconform/report/v1\",\n\"seed\":\"x\"}", "line 2"},
		{"two reports", `{"schema":"dsqlconform/report/v1"}{}`, "after top-level value"},
		{"too much", strings.Repeat(" ", maxReport+1), "more than"},
	} {
		_, err := ReadJSON(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("reading %s: got error %v, want one with %q", c.name, err, c.want)
		}
	}
}

func TestAReportWithoutItsListsIsWrittenWithThem(t *testing.T) {
	r, err := ReadJSON(strings.NewReader(`{"schema":"dsqlconform/report/v1","findings":[{}],"answers":[{}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := WriteJSON(&text, r); err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(text.String(), `"after": null`, ""); strings.Contains(got, "null") {
		t.Errorf("got null in %s, want empty lists", got)
	}
}

func TestReadJSONIgnoresWhatItDoesNotKnow(t *testing.T) {
	r, err := ReadJSON(strings.NewReader(`{"schema":"dsqlconform/report/v1","new":{"x":[1]},"verdict":"conforms","seed":18446744073709551615}`))
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != conformance.Conforms || r.Seed != 18446744073709551615 {
		t.Errorf("got verdict %q and seed %d, want those of the file", r.Verdict, r.Seed)
	}
}

func TestAFileNameIsSafeStableAndUnique(t *testing.T) {
	form := regexp.MustCompile(`^bugs/[a-z0-9-]{1,100}\.md$`)
	rapid.Check(t, func(t *rapid.T) {
		f, g := finding().Draw(t, "one"), finding().Draw(t, "other")
		if path := BugPath(f); !form.MatchString(path) {
			t.Fatalf("got path %q, want it to match %s", path, form)
		}
		if same, paths := clean(f.Signature()) == clean(g.Signature()), BugPath(f) == BugPath(g); same != paths {
			t.Fatalf("signatures %q and %q: equal %v, paths equal %v", f.Signature(), g.Signature(), same, paths)
		}
	})
	base := conformance.Finding{Rule: "DSQL-GET-001", Operation: "GetCluster", Status: "ACTIVE", Role: "single"}
	seen := map[string]string{}
	for _, shape := range []string{"a", "A", "a ", "a/", "ä", strings.Repeat("x", 300), strings.Repeat("x", 301), "con", "..", ""} {
		base.Shape = shape
		path := BugPath(base)
		if !form.MatchString(path) {
			t.Errorf("shape %q: got path %q, want it to match %s", shape, path, form)
		}
		if other, twice := seen[path]; twice {
			t.Errorf("shapes %q and %q share the path %s", shape, other, path)
		}
		seen[path] = shape
	}
}

func TestCoverageCountsAndNamesWhatWasMissed(t *testing.T) {
	got := tally(conformance.Tally{"b": 0, "c": 4, "a": 0})
	if diff := cmp.Diff(Share{Hit: 1, Total: 3, Missed: []string{"a", "b"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCoverageShowsAWayToWhatWasMissedInTheTargetsRegions(t *testing.T) {
	const hit, missed, other = "CREATING service ACTIVE", "UntagResource ACTIVE mutual ok", "a point that the model has not"
	c := New(conformance.Result{
		Edges:  conformance.Tally{hit: 2, other: 0},
		Cells:  conformance.Tally{missed: 0},
		Toured: conformance.Tally{hit: 1, missed: 0},
	}, Target{Regions: []string{"us-west-2", "us-east-1", "eu-west-1"}, Witness: "us-east-2"}).Coverage
	want := map[string][]string{missed: {
		"c1 = create us-west-2 protection=off witness=us-east-2",
		"c2 = create us-east-1 protection=off witness=us-east-2 peers=c1",
		"update c1 witness=us-east-2 peers=c2",
		"untag c1 a",
	}}
	if diff := cmp.Diff(want, c.Ways); diff != "" {
		t.Errorf("ways (-want +got):\n%s", diff)
	}
	if want := (Toured{Edges: 1}); c.Tour != want {
		t.Errorf("got %+v of the tour, want %+v", c.Tour, want)
	}
}

// A run that has covered nothing misses everything: its report stays one that
// people and machines read.
func TestAReportOfNothingCoveredIsWhole(t *testing.T) {
	res := conformance.Result{Verdict: conformance.Conforms, Edges: conformance.Tally{}, Cells: conformance.Tally{}}
	for _, w := range explore.Reach() {
		if w.Edge {
			res.Edges[w.To] = 0
		} else {
			res.Cells[w.To] = 0
		}
	}
	r := New(res, Target{})
	for _, to := range append(slices.Clone(r.Coverage.Edges.Missed), r.Coverage.Cells.Missed...) {
		if len(r.Coverage.Ways[to]) == 0 {
			t.Errorf("got no way to %s, want one", to)
		}
	}
	var text, page bytes.Buffer
	if err := errors.Join(WriteJSON(&text, r), WriteMarkdown(&page, r)); err != nil {
		t.Fatal(err)
	}
	if err := validate(compiled(t), text.Bytes()); err != nil {
		t.Error(err)
	}
	if text.Len() > 1<<20 || page.Len() > 1<<16 {
		t.Errorf("got %d bytes of JSON and %d of Markdown, want less than 1 MiB and 64 KiB", text.Len(), page.Len())
	}
	if n := strings.Count(page.String(), "<details>"); n != 2 {
		t.Errorf("got %d folds in the page, want that of edges and that of cells", n)
	}
}
