package diagram_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/model"
	"dsqlconform/model/diagram"
)

var update = flag.Bool("update", false, "write the catalogue and the pictures anew")

const readme = "../../README.md"

func graphs() []diagram.Graph { return []diagram.Graph{diagram.Clusters(), diagram.Streams()} }

// written returns what a writer wrote.
func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// plain draws the table alone.
func plain(g diagram.Graph) func(io.Writer) error {
	return func(w io.Writer) error { return g.SVG(w, nil) }
}

func catalogue(w io.Writer) error {
	return diagram.Catalogue(w, append(model.Rules(), conformance.Rules()...))
}

// between returns a document with its generated section replaced by text.
func between(document, name, text string) (string, error) {
	begin, end := "<!-- "+name+":begin -->\n", "<!-- "+name+":end -->\n"
	head, rest, ok := strings.Cut(document, begin)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return "", fmt.Errorf("got no section between %q and %q, want one", begin, end)
	}
	return head + begin + text + end + tail, nil
}

func TestTheFilesAreWhatTheTablesSay(t *testing.T) {
	c, s := diagram.Clusters(), diagram.Streams()
	for _, f := range []struct {
		path, want string
	}{
		{"../RULES.md", written(t, catalogue)},
		{"../lifecycle.svg", written(t, plain(c))},
		{"../lifecycle.dot", written(t, c.DOT)},
		{"../stream.svg", written(t, plain(s))},
		{"../stream.dot", written(t, s.DOT)},
	} {
		drift(t, f.path, func(string) (string, error) { return f.want, nil })
	}
	drift(t, readme, func(have string) (string, error) {
		return between(have, "lifecycle", "```mermaid\n"+written(t, c.Mermaid)+"```\n")
	})
}

// drift fails when a file is not what it should be, and writes it with -update.
func drift(t *testing.T, path string, want func(have string) (string, error)) {
	t.Helper()
	have, err := os.ReadFile(path)
	if err != nil && !(*update && errors.Is(err, os.ErrNotExist)) {
		t.Fatal(err)
	}
	text, err := want(string(have))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if *update && text != string(have) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(string(have), "\n")); diff != "" {
		t.Errorf("%s is not what the tables say (go test ./model/diagram -update): want -, got +\n%s", path, diff)
	}
}

func TestEveryTransitionAppearsExactlyOnceInEachPicture(t *testing.T) {
	want := map[string]int{"cluster": len(model.Transitions()), "stream": len(model.StreamTransitions())}
	for _, g := range graphs() {
		if len(g.Edges) != want[g.Name] {
			t.Errorf("%s: got %d edges, want %d", g.Name, len(g.Edges), want[g.Name])
		}
		var all []string
		for _, e := range g.Edges {
			all = append(all, string(e.ID))
		}
		slices.Sort(all)
		for _, p := range []struct {
			name, text, prefix string
			at                 *regexp.Regexp
		}{
			{"SVG", written(t, plain(g)), "", regexp.MustCompile(`<g class="edge [^>]*data-rule="(DSQL-[A-Z]{3}-\d{3})">`)},
			{"DOT", written(t, g.DOT), "DSQL-", regexp.MustCompile(`([A-Z]{3}-\d{3})"`)},
			{"Mermaid", written(t, g.Mermaid), "DSQL-", regexp.MustCompile(`([A-Z]{3}-\d{3})`)},
		} {
			var got []string
			for _, m := range p.at.FindAllStringSubmatch(p.text, -1) {
				got = append(got, p.prefix+m[1])
			}
			slices.Sort(got)
			if diff := cmp.Diff(all, got); diff != "" {
				t.Errorf("%s as %s: want -, got +\n%s", g.Name, p.name, diff)
			}
		}
	}
}

func TestEachSVGIsWellFormedAndSaysWhatItShows(t *testing.T) {
	for _, g := range graphs() {
		for _, hit := range []func(model.RuleID) int{nil, func(model.RuleID) int { return 7 }} {
			text := written(t, func(w io.Writer) error { return g.SVG(w, hit) })
			d := xml.NewDecoder(strings.NewReader(text))
			ids, elements := map[string]bool{}, map[string]int{}
			for {
				token, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", g.Name, err)
				}
				start, ok := token.(xml.StartElement)
				if !ok {
					continue
				}
				elements[start.Name.Local]++
				for _, a := range start.Attr {
					if a.Name.Local == "id" && ids[a.Value] {
						t.Errorf("%s: got the id %s twice", g.Name, a.Value)
					} else if a.Name.Local == "id" {
						ids[a.Value] = true
					}
				}
			}
			if elements["desc"] != 1 || elements["title"] < 1+len(g.Edges) {
				t.Errorf("%s: got %d titles and %d desc, want one of each edge and of the whole", g.Name, elements["title"], elements["desc"])
			}
			for _, id := range []string{"-title", "-desc"} {
				if !ids[g.Name+id] {
					t.Errorf("%s: got no %s%s, want what aria-labelledby names", g.Name, g.Name, id)
				}
			}
		}
	}
}

func TestAPictureTellsWhatARunTook(t *testing.T) {
	text := written(t, func(w io.Writer) error {
		return diagram.Diagram(w, func(id model.RuleID) int {
			if id == "DSQL-LIF-004" {
				return 12
			}
			return 0
		})
	})
	if !regexp.MustCompile(`class="edge must fair hit" data-rule="DSQL-LIF-004"`).MatchString(text) || !strings.Contains(text, "004 ×12") {
		t.Error("got no edge DSQL-LIF-004 that was hit 12 times, want one")
	}
	if got, want := strings.Count(text, ` missed" data-rule=`), len(model.Transitions())-1; got != want {
		t.Errorf("got %d edges that were missed, want %d", got, want)
	}
	if got := written(t, plain(diagram.Clusters())); strings.Contains(got, `missed"`) || strings.Contains(got, "×") {
		t.Error("got counts without a run, want none")
	}
}

func TestTheCatalogueHoldsEveryRuleAndEveryLinkLeadsSomewhere(t *testing.T) {
	text := written(t, catalogue)
	for _, r := range append(model.Rules(), conformance.Rules()...) {
		if got := strings.Count(text, "\n### "+string(r.ID)+"\n\n"+r.Says+"\n"); got != 1 {
			t.Errorf("%s: got %d entries, want 1", r.ID, got)
		}
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(text, -1) {
		if n := strings.Count(text, `<a id="`+m[1]+`"></a>`); n != 1 {
			t.Errorf("got %d places %s, want 1", n, m[1])
		}
	}
	if m := regexp.MustCompile(`(?m)^## [A-Z]{3}$`).FindString(text); m != "" {
		t.Errorf("got the family %q without a title", m)
	}
}

func TestASectionIsReplacedBetweenItsMarkersAlone(t *testing.T) {
	got, err := between("a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n", "x", "new\n")
	if want := "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, err := between("a\n", "x", "new\n"); err == nil {
		t.Error("got no error for a document without markers, want one")
	}
}
