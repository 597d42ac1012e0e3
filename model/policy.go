package model

import (
	"slices"
	"time"
)

// Policy is the resource policy of a cluster (F151). The zero value says that
// there never was one.
type Policy struct {
	Given   bool
	Text    string        // canonical; that of the last one when it is not Given any more
	Version int           // as in [Document]; 0 while no answer has shown it, [untold] where one cannot
	At      time.Duration // when it was last changed; outside the identity
}

// untold is the version of a policy that a repeated put answered for: whether
// the answer names the version of now or of then is not known.
const untold = -1

// rulePolicyShown stands in the table of GetClusterPolicy too: it is owed where
// a cluster has a policy.
var (
	rulePolicyShown = Rule{ID: "DSQL-GPO-010", Says: "an ACTIVE cluster shows the policy that it was last given with its version, and that of no other member",
		Cite: cite("F151", "F152", "F045", "F157"), Basis: Modelled, Force: Must}
	rulePolicyMembers = Rule{ID: "DSQL-POL-001", Says: "every answer about a policy carries its version, and GetClusterPolicy its text",
		Cite: cite("F152", "F151"), Basis: Modelled, Force: Must}
	rulePolicyVersion = Rule{ID: "DSQL-POL-002", Says: "an update of a policy that changes it gives it another version",
		Cite: cite("F152"), Basis: Modelled, Force: Must}
	rulePolicyLeft = Rule{ID: "DSQL-POL-003", Says: "deleting a policy answers with the version that was deleted",
		Cite: cite("F152"), Basis: Modelled, Force: Should}
	rulePolicyRepeat = Rule{ID: "DSQL-POL-004", Says: "a policy call repeated with its token has no further effect, or counts anew, or is refused",
		Cite: cite("Q22", "F049", "F050"), Basis: Assumed, Force: May, Question: "Q22"}
)

// policyRules are those about policies that are no row of an operation's table.
var policyRules = []Rule{rulePolicyMembers, rulePolicyVersion, rulePolicyLeft, rulePolicyRepeat}

// PolicyWant says which parts of a reply about a policy are allowed. A version
// is part of each.
type PolicyWant struct {
	Read    bool     // the reply shows a text
	Text    string   // which, canonical; "" for any
	Hidden  []string // while there is no policy: texts that are not it, since they were deleted or are those of others
	Version int      // which version; 0 for any
	Other   int      // which version it must not be; 0 for none
}

func (w *PolicyWant) text() string {
	shows := flag("policy=any", w.Read)
	switch {
	case w.Text != "":
		shows = "policy=" + quote(w.Text)
	case len(w.Hidden) > 0:
		shows += "(-" + join(w.Hidden, ",", quote) + ")"
	}
	version := "version=any"
	switch {
	case w.Version > 0:
		version = "version=" + versionText(w.Version)
	case w.Other > 0:
		version += "(-" + versionText(w.Other) + ")"
	}
	return words(shows, version)
}

func (w *PolicyWant) diff(r *Reply, miss func(RuleID, string)) {
	if w == nil {
		return
	}
	got := &r.Policy
	switch {
	case got.Version == 0:
		miss(rulePolicyMembers.ID, "no policy version")
	case w.Read && got.Text == "":
		miss(rulePolicyMembers.ID, "no policy")
	case w.Text != "" && got.Text != w.Text:
		miss(rulePolicyShown.ID, "another policy")
	case slices.Contains(w.Hidden, got.Text):
		miss(rulePolicyShown.ID, "a policy that was deleted or is another cluster's")
	case w.Version > 0 && got.Version != w.Version:
		miss(rulePolicyShown.ID, "another version of the policy")
	case w.Other > 0 && got.Version == w.Other:
		miss(rulePolicyVersion.ID, "the version of before")
	}
}

// learned returns the world that knows the policy version which a reply has
// shown: that of a put is news only to the world in which it had its effect.
func (w World) learned(by Op, r *Reply) World {
	if r.Refused() || r.Policy.Version == 0 {
		return w
	}
	var ref Ref
	var news func(c *Cluster) bool
	switch op := by.(type) {
	case GetClusterPolicy:
		ref = op.Ref
		// A late answer may show an earlier policy of the same text.
		news = func(c *Cluster) bool {
			return c.Policy.Version <= 0 && (c.Policy.At == c.Born || w.Asked-c.Policy.At >= w.Env.Lag+indexLag)
		}
	case PutClusterPolicy:
		ref = op.Ref
		news = func(c *Cluster) bool { return c.Policy.Version == 0 && c.Policy.Text == CanonicalPolicy(op.Policy) }
	}
	c, ok := w.Find(ref.Handle)
	if !ok || !c.Policy.Given || !news(&c) {
		return w
	}
	c.Policy.Version = r.Policy.Version
	return w.With(c)
}

// attached returns the policy that a request gives to a cluster.
func attached(text string, at time.Duration) Policy {
	return Policy{Given: true, Text: CanonicalPolicy(text), At: at}
}

// noPolicy reports that a cluster of the Region asked has no policy.
func noPolicy(w *World, ref Ref, at Region) bool {
	c, ok := known(w, ref, at)
	return ok && !c.Policy.Given
}

// changing reports that a change of the policy is so young that not everybody
// sees it yet (F158).
func changing(w *World, ref Ref, at Region) bool {
	c, ok := known(w, ref, at)
	return ok && w.Env.Lag > 0 && c.Policy != Policy{} && w.Asked-c.Policy.At < w.Env.Lag
}

// expectation says how an expected version relates to the one that is in force.
type expectation uint8

const (
	unsaid  expectation = iota // none is expected
	met                        // it is the version in force
	missed                     // it is another
	unclear                    // the version in force is not known, or there is none
)

func (e Expect) on(w *World, ref Ref, at Region) expectation {
	c, ok := known(w, ref, at)
	switch {
	case e == Expect{} || !ok:
		return unsaid
	case e.Version == 0 || c.Policy.Version <= 0 || changing(w, ref, at):
		return unclear
	case e.Version == c.Policy.Version:
		return met
	}
	return missed
}

// repolicy returns the outcome of a change of the policy of c to p, which rule
// makes. On a cluster that is on its way out the change may be taken and lost
// (Q27), by the rule open.
func repolicy(w World, op Op, token Token, c *Cluster, p Policy, want PolicyWant, rule, open RuleID) []Outcome {
	_, match := lookupUse(w, token, op.Name(), c.Region, op)
	outcome := func(rule RuleID, p Policy, want PolicyWant) Outcome {
		n := *c
		n.Policy = p
		next := w.With(n)
		if match != sameUse {
			next = record(next, token, op.Name(), c.Region, op, c.Handle, NoStatus)
		}
		return Outcome{Rules: []RuleID{rule}, Want: Want{Policy: &want}, Next: next}
	}
	out := []Outcome{outcome(rule, p, want)}
	if leaving.Has(c.Status) && (p.Given != c.Policy.Given || p.Text != c.Policy.Text) {
		out = append(out, outcome(open, c.Policy, PolicyWant{}))
	}
	return out
}

// repeatPolicy appends to the outcomes of a policy call what an earlier use of
// its token adds: an answer without another effect, or a refusal.
func repeatPolicy(out []Outcome, w World, op Op, token Token, ref Ref, at Region) []Outcome {
	_, match := lookupUse(w, token, op.Name(), askedRegion(w, ref, at), op)
	switch match {
	case noUse:
		return out
	case foreignUse:
		return refuse(out, w, tokenRule(match), Refusal{Allowed: Any4xx})
	}
	next := w
	if c, ok := w.Find(ref.Handle); ok && c.Policy.Given && c.Policy.Version == 0 {
		c.Policy.Version = untold
		next = w.With(c)
	}
	out = append(out, Outcome{Rules: []RuleID{rulePolicyRepeat.ID}, Want: Want{Policy: &PolicyWant{}}, Next: next})
	return refuse(out, w, rulePolicyRepeat.ID, Refusal{Allowed: Any4xx})
}
