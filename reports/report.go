package reports

import (
	"maps"
	"slices"
	"strings"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// ReportSchema is the value of a report's member "schema".
const ReportSchema = "dsqlconform/report/v1"

// TraceFile is the name of the trace beside a report.
const TraceFile = "trace.jsonl"

// Report is what a run found, in the form that is written. Within v1 fields
// and values are only added. The schema of its JSON is [Schema].
type Report struct {
	Schema       string              `json:"schema"`
	Verdict      conformance.Verdict `json:"verdict"`
	Strict       bool                `json:"strict"`      // suspicions fail the run
	Interrupted  bool                `json:"interrupted"` // the run was stopped before its end
	Target       Target              `json:"target"`
	Seed         uint64              `json:"seed"`
	Profiles     []Profile           `json:"profiles"`
	Sequences    int                 `json:"sequences"`
	Operations   int                 `json:"operations"` // judged, probes apart
	Probes       int                 `json:"probes"`
	Started      time.Time           `json:"started"`
	DurationMS   int64               `json:"duration_ms"`
	Findings     []Finding           `json:"findings"` // one per signature, in the order of their discovery
	Answers      []Answer            `json:"answers"`
	NotServed    []string            `json:"not_served"`
	Inconclusive []Doubt             `json:"inconclusive"`
	Notes        []Note              `json:"notes"`
	Coverage     Coverage            `json:"coverage"`
	Known        []Known             `json:"known"`
	Trace        string              `json:"trace"` // name of the trace file, relative to the report
}

// Target says what was tested. All but Regions may be empty.
type Target struct {
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Endpoint string   `json:"endpoint"`
	Regions  []string `json:"regions"`
	Witness  string   `json:"witness"`
	Revision string   `json:"revision"`
	Preset   string   `json:"preset"`
}

// Profile is the result of one profile.
type Profile struct {
	Name       string              `json:"name"`
	Verdict    conformance.Verdict `json:"verdict"`
	Sequences  int                 `json:"sequences"`
	Operations int                 `json:"operations"`
	// InconclusiveShare is the part, 0 to 1, of the operations asked that
	// could not be judged.
	InconclusiveShare float64 `json:"inconclusive_share"`
	Reason            string  `json:"reason"`
}

// Finding is one divergence; see [conformance.Finding].
type Finding struct {
	Rule      model.RuleID         `json:"rule"`
	Says      string               `json:"says"`
	Cite      []string             `json:"cite"`  // one line a fact: identifier, sentence, sources, addresses
	Basis     string               `json:"basis"` // "unknown" for a rule that the catalogue does not have
	Severity  conformance.Severity `json:"severity"`
	Kind      conformance.Kind     `json:"kind"`
	Operation string               `json:"operation"`
	Signature string               `json:"signature"`
	Known     bool                 `json:"known"`
	After     *string              `json:"after"` // signature of the finding in whose wake it was seen
	Profile   string               `json:"profile"`
	Seed      uint64               `json:"seed"`
	At        int                  `json:"at"`
	Minimal   []string             `json:"minimal"` // operations in text form

	ShrunkFrom       int        `json:"shrunk_from"`       // operations of the sequence as executed
	ShrinkOperations int        `json:"shrink_operations"` // operations that shrinking took
	Reproduced       Reproduced `json:"reproduced"`
	Expected         []string   `json:"expected"`
	Got              string     `json:"got"`
	Diff             string     `json:"diff"`
	AlsoSeen         []string   `json:"also_seen"`
	File             string     `json:"file"` // the bug report, relative to the report
}

// Reproduced tells how often the minimal sequence showed the finding.
type Reproduced struct {
	Hits  int `json:"hits"`
	Tries int `json:"tries"`
}

// Answer is what the target answered to an open question.
type Answer struct {
	Question model.FactID `json:"question"`
	Rule     model.RuleID `json:"rule"`
	Context  string       `json:"context"`
	Answer   string       `json:"answer"`
	Count    int          `json:"count"`
	File     string       `json:"file"`     // the sequence that showed it first, relative to the report
	Sequence []string     `json:"sequence"` // the lines of that file
}

// Doubt is a reason for which operations could not be judged. Share is their
// part, 0 to 1, of all operations asked.
type Doubt struct {
	Reason string  `json:"reason"`
	Count  int     `json:"count"`
	Share  float64 `json:"share"`
}

// Note is something worth telling that never fails a run.
type Note struct {
	Kind    string `json:"kind"`
	Count   int    `json:"count"`
	Example string `json:"example"`
}

// Coverage tells what part of the model the run exercised.
type Coverage struct {
	Rules       Share  `json:"rules"`
	Transitions Share  `json:"transitions"` // by rule
	Edges       Share  `json:"edges"`       // "status trigger status", of all that the model reaches
	Cells       Share  `json:"cells"`       // "operation status role outcome", of all that the model reaches
	Tour        Toured `json:"tour"`
	Faults      Share  `json:"faults"` // of hostile requests; none where no profile is about them
	// Ways holds a shortest way to each edge and cell that was missed, as lines
	// of a sequence file. A comment is what the service may do or not.
	Ways map[string][]string `json:"ways"`
}

// Toured is how many edges and cells the tour alone hit.
type Toured struct {
	Edges int `json:"edges"`
	Cells int `json:"cells"`
}

// Share is how many members of a fixed set were hit. Missed names the others,
// sorted.
type Share struct {
	Hit    int      `json:"hit"`
	Total  int      `json:"total"`
	Missed []string `json:"missed"`
}

// Known tells what became of one entry of the list of known divergences:
// "seen", "stale", "expired" or "not-attempted".
type Known struct {
	Entry  string `json:"entry"`
	Status string `json:"status"`
}

// New returns the report of a run against a target. Strict is left for the
// caller to set; it does not change the verdict.
func New(res conformance.Result, target Target) Report {
	doubtful := 0
	for _, d := range res.Doubts {
		doubtful += d.Count
	}
	return Report{
		Schema:      ReportSchema,
		Verdict:     res.Verdict,
		Interrupted: res.Interrupted,
		Target:      target.clean(),
		Seed:        res.Seed,
		Profiles:    each(res.Profiles, newProfile),
		Sequences:   res.Sequences,
		Operations:  res.Operations,
		Probes:      res.Probes,
		Started:     res.Started.UTC().Truncate(time.Millisecond),
		DurationMS:  res.Duration.Milliseconds(),
		Findings:    each(res.Findings, newFinding),
		Answers:     each(res.Open, newAnswer),
		NotServed:   each(res.NotServed, clean),
		Inconclusive: each(res.Doubts, func(d conformance.Doubt) Doubt {
			return Doubt{clean(d.Reason), d.Count, share(d.Count, res.Operations+doubtful)}
		}),
		Notes: each(res.Notes, func(n conformance.Note) Note {
			return Note{clean(n.Kind), n.Count, clean(n.Example)}
		}),
		Coverage: newCoverage(res, target.clean()),
		Known: each(res.Known, func(k conformance.KnownResult) Known {
			return Known{clean(k.Entry), clean(k.Status)}
		}),
		Trace: TraceFile,
	}
}

func newCoverage(res conformance.Result, target Target) Coverage {
	c := Coverage{
		Rules: tally(res.Rules), Transitions: tally(res.Transitions), Edges: tally(res.Edges), Cells: tally(res.Cells),
		Faults: tally(res.Faults), Ways: map[string][]string{},
	}
	local := target.local()
	for _, w := range explore.Reach() {
		of, toured := res.Cells, &c.Tour.Cells
		if w.Edge {
			of, toured = res.Edges, &c.Tour.Edges
		}
		if res.Toured[w.To] > 0 {
			*toured++
		}
		if n, ok := of[w.To]; ok && n == 0 {
			c.Ways[w.To] = each(w.Lines, local)
		}
	}
	return c
}

// local returns what puts the target's Regions in place of those that the ways
// of [explore.Reach] name.
func (t *Target) local() func(string) string {
	var pairs []string
	homes, witness := explore.Places()
	for i, region := range homes {
		if i < len(t.Regions) {
			pairs = append(pairs, string(region), t.Regions[i])
		}
	}
	if t.Witness != "" {
		pairs = append(pairs, string(witness), t.Witness)
	}
	return strings.NewReplacer(pairs...).Replace
}

func newProfile(p conformance.ProfileResult) Profile {
	return Profile{
		Name:              clean(p.Name),
		Verdict:           p.Verdict,
		Sequences:         p.Sequences,
		Operations:        p.Operations,
		InconclusiveShare: share(p.Doubtful, p.Operations+p.Doubtful),
		Reason:            clean(p.Reason),
	}
}

func newFinding(f conformance.Finding) Finding {
	out := Finding{
		Rule:             model.RuleID(clean(string(f.Rule))),
		Cite:             []string{},
		Basis:            "unknown",
		Severity:         f.Severity,
		Kind:             f.Kind,
		Operation:        clean(f.Operation),
		Signature:        clean(f.Signature()),
		Known:            f.Known,
		Profile:          clean(f.Profile),
		Seed:             f.Seed,
		At:               f.At,
		Minimal:          each(f.Minimal.Lines, lineText),
		ShrunkFrom:       len(f.Sequence.Lines),
		ShrinkOperations: f.ShrinkOperations,
		Reproduced:       Reproduced{f.Hits, f.Tries},
		Expected:         each(f.Expected, clean),
		Got:              clean(f.Got),
		Diff:             clean(f.Diff),
		AlsoSeen:         each(f.AlsoSeen, clean),
		File:             BugPath(f),
	}
	if rule, ok := model.LookupRule(f.Rule); ok {
		out.Says, out.Basis, out.Cite = rule.Says, rule.Basis.String(), rule.Citations()
	}
	if f.After != "" {
		after := clean(f.After)
		out.After = &after
	}
	return out
}

func newAnswer(o conformance.Open) Answer {
	a := Answer{
		Question: model.FactID(clean(string(o.Question))),
		Rule:     model.RuleID(clean(string(o.Rule))),
		Context:  clean(o.Context),
		Answer:   clean(o.Answer),
		Count:    o.Count,
		Sequence: lines(clean(o.Sequence.String())),
	}
	a.File = a.path()
	return a
}

func (t Target) clean() Target {
	return Target{
		Name:     clean(t.Name),
		Version:  clean(t.Version),
		Endpoint: clean(t.Endpoint),
		Regions:  each(t.Regions, clean),
		Witness:  clean(t.Witness),
		Revision: clean(t.Revision),
		Preset:   clean(t.Preset),
	}
}

func lineText(l model.Line) string {
	if l.Op == nil {
		return ""
	}
	return clean(l.String())
}

func tally(t conformance.Tally) Share {
	s := Share{Total: len(t), Missed: []string{}}
	for _, key := range slices.Sorted(maps.Keys(t)) {
		if t[key] > 0 {
			s.Hit++
		} else {
			s.Missed = append(s.Missed, clean(key))
		}
	}
	return s
}

func share(part, whole int) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// each maps a list; the result is never nil, because an empty JSON list is not
// null.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = f(a)
	}
	return out
}
