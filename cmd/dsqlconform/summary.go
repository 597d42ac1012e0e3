package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/reports"
)

// summarise writes what a run found for people. dir is where the reports are,
// or "".
func summarise(w io.Writer, r reports.Report, dir string, unlisted []string) {
	out := &printer{w: w}
	defer out.flush()
	out.line("%s  %s, seed %d", r.Verdict, target(r.Target), r.Seed)
	out.line("%s, %s judged, %s apart, %v", count(r.Sequences, "sequence"), count(r.Operations, "operation"), count(r.Probes, "probe"),
		(time.Duration(r.DurationMS) * time.Millisecond).Round(100*time.Millisecond))
	out.line("")
	out.table("profile\tverdict\tsequences\toperations\tinconclusive\t")
	for _, p := range r.Profiles {
		out.table("%s\t%s\t%d\t%d\t%.1f %%\t%s", p.Name, p.Verdict, p.Sequences, p.Operations, 100*p.InconclusiveShare, p.Reason)
	}
	known := 0
	for _, f := range r.Findings {
		if f.Known {
			known++
			continue
		}
		out.line("")
		finding(out, &f, dir)
	}
	out.line("")
	for _, k := range r.Known {
		if k.Status != "seen" {
			out.line("known divergence %q: %s", k.Entry, k.Status)
		}
	}
	if known > 0 {
		out.line("%s known", verb(known, "finding", "is", "are"))
	}
	for _, d := range r.Inconclusive {
		out.line("inconclusive: %s, %s", count(d.Count, "operation"), d.Reason)
	}
	for _, n := range r.Notes {
		out.line("note: %s (%d times), such as %s", n.Kind, n.Count, n.Example)
	}
	if len(r.NotServed) > 0 {
		out.line("not served: %s", strings.Join(r.NotServed, ", "))
	}
	if r.Target.Preset != "" && len(unlisted) > 0 {
		out.line("not served, although preset %s does not say so: %s", r.Target.Preset, strings.Join(unlisted, ", "))
	}
	if r.Coverage.Rules.Total > 0 {
		out.line("rules exercised: %d of %d", r.Coverage.Rules.Hit, r.Coverage.Rules.Total)
	}
	if c := r.Coverage; c.Cells.Total > 0 {
		alone := ""
		if c.Tour != (reports.Toured{}) {
			alone = fmt.Sprintf(" (the tour alone: %d and %d)", c.Tour.Edges, c.Tour.Cells)
		}
		out.line("covered: %d of %d edges, %d of %d cells of the model's graph%s", c.Edges.Hit, c.Edges.Total, c.Cells.Hit, c.Cells.Total, alone)
	}
	if r.Coverage.Faults.Total > 0 {
		out.line("hostile requests: %d of %d", r.Coverage.Faults.Hit, r.Coverage.Faults.Total)
	}
	if dir != "" {
		out.line("reports: %s", filepath.Join(dir, "report.md"))
	}
}

func target(t reports.Target) string {
	if t.Name == "" {
		return t.Endpoint
	}
	return t.Endpoint + " (" + strings.TrimSpace(t.Name+" "+t.Version) + ")"
}

// finding writes one finding with its minimal sequence.
func finding(out *printer, f *reports.Finding, dir string) {
	says := f.Says
	if rule, ok := conformance.LookupRule(f.Rule); ok {
		says = rule.Says
	}
	out.line("%s %s: %s", f.Severity, f.Rule, says)
	for i, l := range f.Minimal {
		mark := "   "
		if i == f.At {
			mark = "  >"
		}
		out.line("%s %s", mark, l)
	}
	for _, e := range f.Expected {
		out.line("    want %s", e)
	}
	out.line("    got  %s", f.Got)
	if f.Reproduced.Tries > 0 {
		out.line("    seen in %d of %d repeats", f.Reproduced.Hits, f.Reproduced.Tries)
	}
	if f.After != nil {
		out.line("    after %s", *f.After)
	}
	if dir != "" && f.File != "" {
		out.line("    %s", filepath.Join(dir, filepath.FromSlash(f.File)))
	}
}

func verb(n int, noun, one, many string) string {
	if n == 1 {
		many = one
	}
	return count(n, noun) + " " + many
}

// printer writes lines that a terminal shows as they are.
type printer struct {
	w    io.Writer
	rows *tabwriter.Writer
}

func (p *printer) line(format string, args ...any) {
	p.flush()
	fmt.Fprintln(p.w, strings.TrimRight(plain(fmt.Sprintf(format, args...)), " "))
}

func (p *printer) table(format string, args ...any) {
	if p.rows == nil {
		p.rows = tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	}
	fmt.Fprintln(p.rows, plain(fmt.Sprintf(format, args...)))
}

func (p *printer) flush() {
	if p.rows != nil {
		p.rows.Flush() //nolint:errcheck // nobody reads on
		p.rows = nil
	}
}
