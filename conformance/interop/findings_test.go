package interop_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

var update = flag.Bool("update", false, "write the table of findings into the README")

const (
	readme = "../../README.md"
	begin  = "<!-- findings:begin -->\n"
	end    = "<!-- findings:end -->"
)

// verified are the presets of the emulators that these tests run.
var verified = []string{"moto", "ministack"}

// TestTheFindingsOfTheREADMEAreTheKnownDivergences holds the README to the lists
// that the other tests hold the emulators to.
func TestTheFindingsOfTheREADMEAreTheKnownDivergences(t *testing.T) {
	var presets []conformance.Preset
	for _, name := range verified {
		p, err := conformance.LookupPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		presets = append(presets, p)
	}
	want, err := table(presets)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	got, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no %q and %q, want the table between them", readme, strings.TrimSpace(begin), end)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("the lists (-) and the README (+) differ; go test ./conformance/interop -run README -update writes it:\n%s", diff)
	}
}

// hidden says what an empty cell is worth.
const hidden = "\n– is what no run has seen: right, or hidden behind another finding.\n"

// table returns a row for each rule that a list names, by identifier: what each
// target does, and for each signature the shortest sequence of any list.
func table(presets []conformance.Preset) (string, error) {
	type row struct {
		names      [][]string // of the entries, by preset
		signatures []string   // in order
		shortest   map[string][]string
	}
	rows := map[model.RuleID]*row{}
	for i, p := range presets {
		for _, d := range p.Known {
			if d.Elsewhere {
				continue // another entry's fault, in a sequence that may or may not show it
			}
			id, _, _ := strings.Cut(d.Signature, "/")
			r := rows[model.RuleID(id)]
			if r == nil {
				r = &row{names: make([][]string, len(presets)), shortest: map[string][]string{}}
				rows[model.RuleID(id)] = r
			}
			r.names[i] = append(r.names[i], d.Name)
			s, there := r.shortest[d.Signature]
			if !there {
				r.signatures = append(r.signatures, d.Signature)
			}
			if !there || len(d.Sequence) < len(s) {
				r.shortest[d.Signature] = d.Sequence
			}
		}
	}
	var out strings.Builder
	out.WriteString("| rule | what it says |")
	for _, p := range presets {
		fmt.Fprintf(&out, " %s |", label(p))
	}
	out.WriteString(" shortest sequence |\n|" + strings.Repeat(" --- |", 3+len(presets)) + "\n")
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		rule, ok := conformance.LookupRule(id)
		if !ok {
			return "", fmt.Errorf("got rule %s in a list, want one that there is", id)
		}
		r := rows[id]
		fmt.Fprintf(&out, "| %s | %s |", id, cell(rule.Says))
		for _, names := range r.names {
			fmt.Fprintf(&out, " %s |", cell(cmp.Or(strings.Join(names, "; "), "–")))
		}
		var sequences []string
		for _, signature := range r.signatures {
			if s := "`" + strings.Join(r.shortest[signature], "`<br>`") + "`"; !slices.Contains(sequences, s) {
				sequences = append(sequences, s)
			}
		}
		fmt.Fprintf(&out, " %s |\n", cell(strings.Join(sequences, "<br>or<br>")))
	}
	return out.String() + hidden, nil
}

// label names a preset and its version, as its maintainers spell it.
func label(p conformance.Preset) string {
	spelt := map[string]string{"ministack": "MiniStack"}
	return cmp.Or(spelt[p.Name], p.Name) + " " + p.Version
}

// cell returns text as a cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
