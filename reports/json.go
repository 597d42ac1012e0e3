package reports

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"dsqlconform/conformance"
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of report.json. The caller
// owns the result.
func Schema() []byte { return slices.Clone(schema) }

// maxReport is the longest report that ReadJSON reads, in bytes.
const maxReport = 64 << 20

// WriteJSON writes the report as indented JSON. Equal reports give equal bytes.
func WriteJSON(w io.Writer, r Report) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r.filled()); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// ReadJSON reads a report of at most 64 MiB. Members that it does not know are
// ignored. It fails on anything that is not one JSON object of the schema
// [ReportSchema]; it does not check the report against [Schema].
func ReadJSON(r io.Reader) (Report, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return Report{}, fmt.Errorf("reading the report: %w", err)
	}
	if len(text) > maxReport {
		return Report{}, fmt.Errorf("report: got more than %d bytes", maxReport)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return Report{}, errors.New("report: got an empty file, want a JSON object")
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return Report{}, fmt.Errorf("report: %w", located(text, err))
	}
	if head.Schema != ReportSchema {
		return Report{}, fmt.Errorf("report: got schema %q, want %q", head.Schema, ReportSchema)
	}
	var report Report
	if err := json.Unmarshal(text, &report); err != nil {
		return Report{}, fmt.Errorf("report: %w", located(text, err))
	}
	return report.filled(), nil
}

// located adds line and column to an error of encoding/json that has an offset.
func located(text []byte, err error) error {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(text)) {
		return err
	}
	before := text[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

// filled returns the report with an empty list in place of each nil one, and
// the schema named.
func (r Report) filled() Report {
	r.Schema = ReportSchema
	if r.Verdict == "" {
		r.Verdict = conformance.Inconclusive
	}
	fill(&r.Target.Regions)
	fill(&r.Profiles)
	fill(&r.NotServed)
	fill(&r.Inconclusive)
	fill(&r.Notes)
	fill(&r.Known)
	fill(&r.Coverage.Rules.Missed)
	fill(&r.Coverage.Transitions.Missed)
	fill(&r.Coverage.Edges.Missed)
	fill(&r.Coverage.Cells.Missed)
	fill(&r.Coverage.Faults.Missed)
	ways := map[string][]string{}
	for to, way := range r.Coverage.Ways {
		fill(&way)
		ways[to] = way
	}
	r.Coverage.Ways = ways
	r.Findings = each(r.Findings, func(f Finding) Finding {
		fill(&f.Cite)
		fill(&f.Minimal)
		fill(&f.Expected)
		fill(&f.AlsoSeen)
		return f
	})
	r.Answers = each(r.Answers, func(a Answer) Answer {
		fill(&a.Sequence)
		return a
	})
	return r
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}
