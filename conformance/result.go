package conformance

import (
	"time"

	"dsqlconform/model"
)

// Verdict is the three-valued result of judging something.
type Verdict string

// The verdicts. A profile may also be "not-served".
const (
	Conforms     Verdict = "conforms"
	Diverges     Verdict = "diverges"
	Inconclusive Verdict = "inconclusive"
	Unserved     Verdict = "not-served"
)

// Severity says how sure a finding is.
type Severity string

// The severities: a violation breaks a Must rule, a suspicion a Should rule or
// a goal. Suspicions fail a run only when asked to.
const (
	Violation Severity = "violation"
	Suspicion Severity = "suspicion"
)

// Kind says what sort of property a finding is about.
type Kind string

// The kinds.
const (
	Safety   Kind = "safety"
	Liveness Kind = "liveness"
	Wire     Kind = "wire"
)

// Finding is one divergence between a target and the model.
type Finding struct {
	Rule      model.RuleID
	Severity  Severity
	Kind      Kind
	Operation string // name of the operation whose answer diverged
	Status    string // the abstract status before it: statuses joined by "|", or "none"
	Role      string // the peer role: "single", "lone", "named", "naming", "mutual", "orphan" or "none"
	Shape     string // the shape of the answer: an error name, or the member and value that diverged
	Known     bool   // a listed divergence
	After     string // signature of the finding in whose wake it was seen, or ""

	Profile  string
	Seed     uint64
	At       int            // index of the line in Sequence
	Sequence model.Sequence // as executed
	Minimal  model.Sequence // shrunk; equal to Sequence when it was not
	// ShrinkOperations counts the target operations that shrinking took.
	ShrinkOperations int
	Hits, Tries      int // how often the minimal sequence reproduced it

	Expected []string // the allowed replies, in text form
	Got      string   // the reply, in text form
	Diff     string   // a readable difference of the two
	AlsoSeen []string // signatures of other findings seen while shrinking
	Calls    []Record // the calls of the execution that showed it, with their attempts

	// fragile says that other clusters coming and going may explain it, as in
	// a listing over several pages: it counts only if it comes again alone.
	fragile bool
}

// Signature is what makes two findings the same: rule, operation, abstract
// status, peer role and shape of the answer, joined by "/". It holds no
// identifiers and no times.
func (f Finding) Signature() string {
	return string(f.Rule) + "/" + f.Operation + "/" + f.Status + "/" + f.Role + "/" + f.Shape
}

// Record is one call of an execution, as the trace keeps it.
type Record struct {
	Line     int    // index of the line in the sequence; -1 for teardown
	Why      string // "" for the line itself, "poll", "again", "probe", "resolve", "teardown"
	Call     Call
	Exchange Exchange
	Reply    model.Reply
	Sent     time.Duration // since the start of the execution
	Answered time.Duration
}

// Open is an answer to an open question, as the target gave it.
type Open struct {
	Question model.FactID
	Rule     model.RuleID // the May row that it chose
	Context  string       // operation, status and role
	Answer   string       // what the row says
	Count    int
	Sequence model.Sequence // the first that showed it
}

// Note is something worth telling that never fails a run.
type Note struct {
	Kind    string // such as "stale read"
	Example string
	Count   int
}

// Doubt is a reason for which operations could not be judged.
type Doubt struct {
	Reason string
	Count  int // operations
}

// ProfileResult is the result of one profile.
type ProfileResult struct {
	Name       string
	Verdict    Verdict
	Sequences  int
	Operations int // judged
	Doubtful   int // operations that were inconclusive
	Reason     string
}

// Tally counts how often each member of a fixed set was exercised.
type Tally map[string]int

// KnownResult tells what became of one entry of a list of known divergences.
type KnownResult struct {
	Entry  string // name of the entry
	Status string // "seen", "stale", "expired" or "not-attempted"
}

// Result is everything that a run found.
type Result struct {
	Verdict     Verdict
	Seed        uint64
	Profiles    []ProfileResult
	Findings    []Finding // one per signature, in the order of their discovery
	Open        []Open
	NotServed   []string
	Doubts      []Doubt
	Notes       []Note
	Known       []KnownResult
	Rules       Tally // by rule, every Must and Should rule has a key
	Transitions Tally // by transition rule
	Edges       Tally // by edge, each of [explore.Reach] has a key
	Cells       Tally // by cell, each of [explore.Reach] has a key
	Toured      Tally // by edge and by cell, what the tour covered; nil for a run without one
	Faults      Tally // by "operation member fault"; every fault of the revision has a key if a profile is about them
	Sequences   int
	Operations  int // judged, probes apart
	Probes      int
	Started     time.Time
	Duration    time.Duration
	Interrupted bool
}
