package reports

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"dsqlconform/conformance"
)

// markdownSections are the sections of the page, in order. A section without
// text is left out.
var markdownSections = []struct {
	title string
	text  func(Report) string
}{
	{"Target", Report.markdownTarget},
	{"Profiles", Report.markdownProfiles},
	{"Findings", Report.markdownFindings},
	{"Answers to open questions", Report.markdownAnswers},
	{"Not served", Report.markdownNotServed},
	{"Inconclusive", Report.markdownDoubts},
	{"Notes", Report.markdownNotes},
	{"Coverage of the model", Report.markdownCoverage},
	{"Known divergences", Report.markdownKnown},
}

// WriteMarkdown writes the report as GitHub-flavoured Markdown, for people.
// Nothing in it that came from a target is taken for markup.
func WriteMarkdown(w io.Writer, r Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n", prose(r.Target.label()), prose(string(r.Verdict)), r.summary())
	for _, s := range markdownSections {
		if text := s.text(r); text != "" {
			fmt.Fprintf(&b, "\n## %s\n\n%s", s.title, text)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// label returns what to call the target in a title.
func (t Target) label() string {
	name := strings.TrimSpace(t.Name + " " + t.Version)
	return cmp.Or(name, t.Preset, t.Endpoint, "target")
}

// summary returns the outcome in one line.
func (r Report) summary() string {
	n := r.count()
	parts := []string{
		plural(n.violations, "violation"),
		plural(n.suspicions, "suspicion"),
		plural(n.known, "known divergence"),
		fmt.Sprintf("%s in %s", plural(r.Operations, "operation"), plural(r.Sequences, "sequence")),
		(time.Duration(r.DurationMS) * time.Millisecond).String(),
		"seed " + strconv.FormatUint(r.Seed, 10),
	}
	text := "**" + prose(string(r.Verdict)) + "**: " + strings.Join(parts, ", ") + "."
	if r.Interrupted {
		text += " The run was interrupted."
	}
	if r.Strict {
		text += " Strict: suspicions fail the run."
	}
	return text
}

// counts are the findings by sort; known ones count as such only.
type counts struct{ violations, suspicions, known int }

func (r Report) count() counts {
	var n counts
	for _, f := range r.Findings {
		switch {
		case f.Known:
			n.known++
		case f.Severity == conformance.Suspicion:
			n.suspicions++
		default:
			n.violations++
		}
	}
	return n
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func (r Report) markdownTarget() string {
	t := r.Target
	rows := [][]string{
		{"name", code(t.Name)},
		{"version", code(t.Version)},
		{"endpoint", code(t.Endpoint)},
		{"Regions", code(strings.Join(t.Regions, ","))},
		{"witness", code(t.Witness)},
		{"API revision", code(t.Revision)},
		{"preset", code(t.Preset)},
		{"started", code(r.Started.Format(time.RFC3339))},
	}
	return table([]string{"", ""}, rows)
}

func (r Report) markdownProfiles() string {
	return table([]string{"profile", "verdict", "sequences", "operations", "inconclusive", "reason"},
		each(r.Profiles, func(p Profile) []string {
			return []string{code(p.Name), prose(string(p.Verdict)), strconv.Itoa(p.Sequences),
				strconv.Itoa(p.Operations), percent(p.InconclusiveShare), prose(p.Reason)}
		}))
}

func (r Report) markdownFindings() string {
	return table([]string{"rule", "severity", "operation", "minimal sequence", "says", "report"},
		each(r.Findings, func(f Finding) []string {
			severity := prose(string(f.Severity))
			if f.Known {
				severity += ", known"
			}
			if f.After != nil {
				severity += ", after " + code(*f.After)
			}
			return []string{code(string(f.Rule)), severity, code(f.Operation),
				firstLines(f.Minimal, 3), prose(f.Says), code(f.File)}
		}))
}

// firstLines returns a table cell with the first lines of a sequence.
func firstLines(list []string, limit int) string {
	shown := list[:min(len(list), limit)]
	text := strings.Join(each(shown, code), "<br>")
	if rest := len(list) - len(shown); rest > 0 {
		text += fmt.Sprintf("<br>and %d more", rest)
	}
	return text
}

func (r Report) markdownAnswers() string {
	return table([]string{"question", "where", "answer", "times", "sequence"},
		each(r.Answers, func(a Answer) []string {
			return []string{code(string(a.Question)), code(a.Context), prose(a.Answer), strconv.Itoa(a.Count), code(a.File)}
		}))
}

func (r Report) markdownNotServed() string {
	var b strings.Builder
	for _, name := range r.NotServed {
		b.WriteString("- " + code(name) + "\n")
	}
	return b.String()
}

func (r Report) markdownDoubts() string {
	return table([]string{"reason", "operations", "share"}, each(r.Inconclusive, func(d Doubt) []string {
		return []string{prose(d.Reason), strconv.Itoa(d.Count), percent(d.Share)}
	}))
}

func (r Report) markdownNotes() string {
	return table([]string{"note", "times", "example"}, each(r.Notes, func(n Note) []string {
		return []string{prose(n.Kind), strconv.Itoa(n.Count), code(n.Example)}
	}))
}

func (r Report) markdownCoverage() string {
	c := r.Coverage
	row := func(name string, s Share) []string {
		const shown = 20
		missed := strings.Join(each(s.Missed[:min(len(s.Missed), shown)], code), " ")
		if more := len(s.Missed) - shown; more > 0 {
			missed += fmt.Sprintf(" and %d more", more)
		}
		return []string{name, fmt.Sprintf("%d of %d", s.Hit, s.Total), missed}
	}
	folded := func(name string, s Share) []string {
		missed := ""
		if len(s.Missed) > 0 {
			missed = fmt.Sprintf("%d, below", len(s.Missed))
		}
		return []string{name, fmt.Sprintf("%d of %d", s.Hit, s.Total), missed}
	}
	rows := [][]string{row("rules", c.Rules), row("transitions", c.Transitions), folded("edges", c.Edges), folded("cells", c.Cells)}
	if c.Faults.Total > 0 {
		rows = append(rows, row("hostile requests", c.Faults))
	}
	text := table([]string{"of", "hit", "missed"}, rows)
	if c.Tour != (Toured{}) {
		text += fmt.Sprintf("\nThe tour alone hit %s and %s.\n", plural(c.Tour.Edges, "edge"), plural(c.Tour.Cells, "cell"))
	}
	return text + r.markdownMissed()
}

func (r Report) markdownKnown() string {
	return table([]string{"entry", "status"}, each(r.Known, func(k Known) []string {
		return []string{code(k.Entry), prose(k.Status)}
	}))
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + " %" }
