package reports

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// What a bug report shows of one HTTP exchange, at most.
const (
	maxBody     = 4 << 10 // bytes of a body
	maxAttempts = 3       // attempts of the call, the last ones
	maxHeaders  = 40
	maxText     = 16 << 10 // bytes of any other text
)

// Bug writes a bug report in Markdown that needs nothing else to be acted on:
// what rule is broken, the shortest sequence that shows it, what was answered
// and what is allowed, the sources of the rule, how to see it again, and the
// HTTP exchange without secrets. The target serves the commands.
func Bug(w io.Writer, f conformance.Finding, target Target) error {
	var script strings.Builder
	if err := Script(&script, f.Minimal); err != nil {
		return err
	}
	b := &bug{finding: newFinding(f), target: target.clean()}
	b.title()
	b.sequence()
	b.answer()
	b.rule()
	b.certainty(f)
	b.reproduce(f.Minimal, script.String())
	b.exchange(diverging(f))
	b.related()
	_, err := io.WriteString(w, b.text.String())
	return err
}

// bug is a bug report being written.
type bug struct {
	finding Finding
	target  Target
	text    strings.Builder
}

func (b *bug) printf(format string, args ...any) { fmt.Fprintf(&b.text, format, args...) }

func (b *bug) section(title string) { b.printf("\n## %s\n\n", title) }

func (b *bug) title() {
	f := b.finding
	says := cmp.Or(f.Says, "a rule of the suite does not hold")
	b.printf("# %s does not hold to %s: %s\n\n", prose(f.Operation), prose(string(f.Rule)), prose(says))
	b.printf("Found in %s by dsqlconform, as a %s (%s).\n", code(b.target.label()), prose(string(f.Severity)), prose(string(f.Kind)))
}

func (b *bug) sequence() {
	f := b.finding
	b.section("The sequence")
	b.printf("%s, shrunk from %d. Names like `c1` stand for clusters that the sequence creates, and names like `s1` for streams.\n\n",
		plural(len(f.Minimal), "operation"), f.ShrunkFrom)
	b.printf("%s", block("", strings.Join(f.Minimal, "\n")))
}

func (b *bug) answer() {
	f := b.finding
	b.section("Expected and got")
	b.printf("Allowed:\n\n%s\nGot:\n\n%s", block("", clip(strings.Join(f.Expected, "\n"), maxText)), block("", clip(f.Got, maxText)))
	if f.Diff != "" {
		b.printf("\nThe difference:\n\n%s", block("diff", clip(f.Diff, maxText)))
	}
}

func (b *bug) rule() {
	f := b.finding
	b.section("The rule")
	b.printf("%s: %s.\n", code(string(f.Rule)), prose(f.Says))
	if len(f.Cite) > 0 {
		b.printf("\n")
	}
	for _, line := range f.Cite {
		b.printf("- Fact %s\n", linked(line))
	}
}

// bases tells what each basis of a rule means, as a sentence.
var bases = map[string]string{
	model.Documented.String(): "The rule is documented: AWS wrote it",
	model.Modelled.String():   "The rule is modelled: it stands in AWS's own service description",
	model.Observed.String():   "The rule is observed: somebody who ran it against AWS reports it",
	model.Assumed.String():    "The rule is assumed: the sources are silent",
}

func (b *bug) certainty(f conformance.Finding) {
	b.section("How sure this is")
	b.printf("%s.", cmp.Or(bases[b.finding.Basis], "The catalogue does not have this rule"))
	if f.Severity == conformance.Suspicion {
		b.printf(" A suspicion: the sources suggest it, and do not demand it.")
	}
	switch {
	case f.Tries == 0:
		b.printf(" The sequence was not repeated.\n")
	case f.Hits == f.Tries:
		b.printf(" The sequence showed it each of %s.\n", plural(f.Tries, "time"))
	default:
		b.printf(" The sequence showed it %d of %s.\n", f.Hits, plural(f.Tries, "time"))
	}
}

func (b *bug) reproduce(s model.Sequence, script string) {
	b.section("To see it again")
	b.printf("Save this as %s:\n\n%s\n", code(b.file(".dsqlseq")), block("", clean(s.String())))
	b.printf("and run\n\n%s\n", block("sh", b.replay()))
	if slices.ContainsFunc(s.Lines, func(l model.Line) bool { return l.By != "" }) {
		b.printf("A principal other than the run's own makes the calls with `!by=`: the preset says what its keys are and what it may do.\n\n")
	}
	b.printf("Or, with the AWS CLI alone (the same script is %s):\n\n%s", code(b.file(".sh")), block("bash", script))
}

// file returns the name of a file that lies beside the report.
func (b *bug) file(extension string) string {
	return strings.TrimSuffix(path.Base(b.finding.File), ".md") + extension
}

// replay returns the command that replays the sequence.
func (b *bug) replay() string {
	words := []string{"dsqlconform", "replay", quote(b.file(".dsqlseq"))}
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, quote(value))
		}
	}
	add("--preset", b.target.Preset)
	add("--endpoint", b.target.Endpoint)
	add("--regions", strings.Join(b.target.Regions, ","))
	add("--witness", b.target.Witness)
	if b.target.Revision != "current" { // the default
		add("--revision", b.target.Revision)
	}
	return strings.Join(words, " ")
}

// diverging returns the call whose answer diverged: the last one of its line
// that makes the operation, or the nearest to that which the finding has.
func diverging(f conformance.Finding) (conformance.Record, bool) {
	matches := []func(conformance.Record) bool{
		func(r conformance.Record) bool { return r.Line == f.At && named(r, f.Operation) },
		func(r conformance.Record) bool { return r.Line == f.At },
		func(r conformance.Record) bool { return named(r, f.Operation) },
		func(conformance.Record) bool { return true },
	}
	for _, match := range matches {
		for _, r := range slices.Backward(f.Calls) {
			if match(r) {
				return r, true
			}
		}
	}
	return conformance.Record{}, false
}

func named(r conformance.Record, operation string) bool {
	return r.Call.Op != nil && r.Call.Op.Name() == operation
}

func (b *bug) exchange(r conformance.Record, ok bool) {
	if !ok || len(r.Exchange.Attempts) == 0 {
		return
	}
	attempts := each(r.Exchange.Attempts, newTraceAttempt)
	b.section("The HTTP exchange")
	if left := len(attempts) - maxAttempts; left > 0 {
		b.printf("The last %d of %d attempts. ", maxAttempts, len(attempts))
		attempts = attempts[left:]
	}
	b.printf("Authentication is left out.\n")
	for _, a := range attempts {
		b.printf("\n%s", block("http", a.String()))
	}
}

// String returns the request and the response as they stand on the wire, but
// for what is secret or too long.
func (a TraceAttempt) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n%s", a.Method, clip(a.URL, maxBody), headerText(a.Header))
	writeBody(&b, a.Body)
	b.WriteString("\n")
	if a.StatusCode == 0 {
		fmt.Fprintf(&b, "no response: %s\n", cmp.Or(clip(a.Err, maxBody), "no reason given"))
		return b.String()
	}
	fmt.Fprintf(&b, "HTTP %d\n%s", a.StatusCode, headerText(a.AnswerHeader))
	writeBody(&b, a.Answer)
	if a.Truncated {
		b.WriteString("(the response was longer than was read)\n")
	}
	if a.Err != "" {
		fmt.Fprintf(&b, "error: %s\n", clip(a.Err, maxBody))
	}
	return b.String()
}

func headerText(h map[string][]string) string {
	var b strings.Builder
	n := 0
	for _, key := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[key] {
			if n++; n > maxHeaders {
				b.WriteString("… (more headers)\n")
				return b.String()
			}
			fmt.Fprintf(&b, "%s: %s\n", visible(key), visible(clip(value, maxBody)))
		}
	}
	return b.String()
}

// writeBody writes a body after an empty line, JSON indented.
func writeBody(b *strings.Builder, body []byte) {
	if len(body) == 0 {
		return
	}
	var indented bytes.Buffer
	if len(body) <= maxBody && json.Indent(&indented, body, "", "  ") == nil {
		body = indented.Bytes()
	}
	fmt.Fprintf(b, "\n%s\n", clip(strings.ToValidUTF8(string(body), "\uFFFD"), maxBody))
}

func (b *bug) related() {
	f := b.finding
	if f.After == nil && len(f.AlsoSeen) == 0 {
		return
	}
	b.section("Seen with it")
	if f.After != nil {
		b.printf("- in the wake of %s\n", code(*f.After))
	}
	for _, s := range f.AlsoSeen {
		b.printf("- while shrinking: %s\n", code(s))
	}
}
