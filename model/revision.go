package model

import (
	"fmt"
	"slices"
	"strings"
)

// Revision is a revision of the API: which operations there are, and which
// members their requests and answers have.
type Revision uint8

// The revisions of the API, section 7 of the facts.
const (
	Current Revision = iota
	May2025          // the change of 2025-05-13
)

var revisionNames = [...]string{"current", "2025-05-13"}

// String returns "current" or "2025-05-13".
func (r Revision) String() string {
	if int(r) < len(revisionNames) {
		return revisionNames[r]
	}
	return fmt.Sprintf("Revision(%d)", r)
}

// ParseRevision returns the revision with that name; an empty text is
// [Current]. The error names the text and those that there are.
func ParseRevision(text string) (Revision, error) {
	for i, name := range revisionNames {
		if name == text || i == 0 && text == "" {
			return Revision(i), nil
		}
	}
	return 0, fmt.Errorf("got revision %q, want one of %s", text, strings.Join(revisionNames[:], ", "))
}

// Revisions is a set of revisions of the API; empty means all of them.
type Revisions uint8

// only returns the set of one revision.
func only(r Revision) Revisions { return 1 << r }

// Has reports whether r is in the set.
func (s Revisions) Has(r Revision) bool { return s == 0 || s&(1<<r) != 0 }

// has reports whether the revision that is served has the operation with the
// service's name.
func (e *Env) has(op string) bool {
	if e == nil {
		return true
	}
	_, ok := LookupShape(e.Revision, op)
	return ok
}

// early reports that op is an operation of the service that came after the
// revision that is served: nothing is known of what it does there.
func early(w *World, op Op) bool {
	if w.Env == nil || w.Env.Revision == Current || w.Env.has(op.Name()) {
		return false
	}
	_, later := LookupShape(Current, op.Name())
	return later
}

// withoutNew returns op without the members that came after the revision that is
// served, and whether it gives any. They may be refused, overlooked or obeyed.
func withoutNew(w *World, op Op) (Op, bool) {
	if w.Env == nil || w.Env.Revision != May2025 {
		return op, false
	}
	switch op := op.(type) {
	case CreateCluster:
		given := op.Key.Given || op.Policy.Given || op.Bypass != Unset
		op.Key, op.Policy, op.Bypass = Maybe{}, Maybe{}, Unset
		return op, given
	case UpdateCluster:
		given := op.Key.Given
		op.Key = Maybe{}
		return op, given
	}
	return op, false
}

// LegacyWant says what the members that only [May2025] has may show (section 7
// of the facts).
type LegacyWant struct {
	// Linked are the clusters that linkedClusterArns of a
	// CreateMultiRegionClusters must name, sorted; nil for other operations.
	// Of those the legacy members, where they are present, only have to tell
	// what multiRegionProperties tells beside them.
	Linked []Handle
	// Open says that it may name others as well, but none of Absent.
	Open   bool
	Absent []Handle
}

// Rules about the legacy members.
var (
	ruleLegacyWitness = Rule{ID: "DSQL-REV-001", Says: "witnessRegion beside multiRegionProperties names the same witness",
		Cite: cite("F055", "F053"), Basis: Documented, Force: Must}
	ruleLegacyLinked = Rule{ID: "DSQL-REV-002", Says: "linkedClusterArns beside multiRegionProperties names the same clusters, with or without the cluster itself",
		Cite: cite("F055", "F053"), Basis: Documented, Force: Must}
	ruleLinkedShown = Rule{ID: "DSQL-REV-003", Says: "CreateMultiRegionClusters answers with the ARN of a new cluster in each linked Region",
		Cite: cite("F135"), Basis: Documented, Force: Must}
	ruleEarly = Rule{ID: "DSQL-REV-004", Says: "what an operation that the revision does not have yet is answered is open",
		Cite: cite("F045", "F169"), Basis: Assumed, Force: May}
	ruleEarlyMember = Rule{ID: "DSQL-REV-005", Says: "a member that the revision does not have yet may be refused, overlooked or obeyed",
		Cite: cite("F045", "F078"), Basis: Assumed, Force: May}
)

// revisionRules are those about the retired operations and the legacy members
// that are no row of an operation's table.
var revisionRules = []Rule{ruleLegacyWitness, ruleLegacyLinked, ruleLinkedShown, ruleEarly, ruleEarlyMember}

// legacyOf returns what an answer about one cluster may say in its legacy
// members, nil where the revision has none.
func legacyOf(w *World) *LegacyWant {
	if w.Env == nil || w.Env.Revision != May2025 {
		return nil
	}
	return &LegacyWant{}
}

// diff reports what the reply says of the legacy members that it must not.
func (w *LegacyWant) diff(_ *World, r *Reply, miss func(RuleID, string)) {
	switch {
	case w == nil:
	case w.Linked != nil:
		w.diffLinked(r.Legacy.Linked, miss)
	default:
		if r.Legacy.Witness.Given && r.Witness.Given && r.Legacy.Witness != r.Witness {
			miss(ruleLegacyWitness.ID, "another witness")
		}
		others := func(list []Handle) []Handle { return without(list, r.Cluster) }
		if r.Legacy.Linked != nil && r.Members != nil && !slices.Equal(others(r.Legacy.Linked), others(r.Members)) {
			miss(ruleLegacyLinked.ID, "other clusters")
		}
	}
}

func (w *LegacyWant) diffLinked(got []Handle, miss func(RuleID, string)) {
	in := func(list []Handle) func(Handle) bool {
		return func(h Handle) bool { return slices.Contains(list, h) }
	}
	out := func(list []Handle) func(Handle) bool {
		return func(h Handle) bool { return !slices.Contains(list, h) }
	}
	switch {
	case slices.ContainsFunc(w.Linked, out(got)):
		miss(ruleLinkedShown.ID, "a cluster is missing")
	case !w.Open && slices.ContainsFunc(got, out(w.Linked)), slices.ContainsFunc(got, in(w.Absent)):
		miss(ruleLinkedShown.ID, "another cluster")
	}
}

// text returns the members that w adds to the text of a [Want].
func (w *LegacyWant) text() string {
	switch {
	case w.Linked == nil:
		return "" // whatever it is, it is told by multiRegionProperties
	case w.Open:
		return "linked=" + exceptions(w.Linked, "-", w.Absent)
	}
	return "linked=" + handlesText(w.Linked)
}
