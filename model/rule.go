package model

import (
	"fmt"
	"slices"
	"strings"
)

// RuleID names a rule for ever: an identifier is never used for a second rule.
// It has the form DSQL-FAMILY-NNN.
type RuleID string

// Basis says what kind of source a rule rests on.
type Basis uint8

// The kinds of source, from the strongest to the weakest.
const (
	Documented Basis = iota + 1 // AWS wrote it
	Modelled                    // AWS's own service description says it
	Observed                    // somebody who ran it against AWS reports it
	Assumed                     // the sources are silent; either answer is allowed
)

var basisNames = [...]string{"", "documented", "modelled", "observed", "assumed"}

// String returns the word that reports use.
func (b Basis) String() string {
	if int(b) < len(basisNames) {
		return basisNames[b]
	}
	return fmt.Sprintf("Basis(%d)", b)
}

// Force says what it means to break a rule.
type Force uint8

// The forces. Breaking a Must is a violation and breaking a Should is a
// suspicion; a May cannot be broken.
const (
	May Force = iota + 1
	Should
	Must
)

var forceNames = [...]string{"", "may", "should", "must"}

// String returns the word that reports use.
func (f Force) String() string {
	if int(f) < len(forceNames) {
		return forceNames[f]
	}
	return fmt.Sprintf("Force(%d)", f)
}

// Rule is one sentence about the service and where it comes from.
type Rule struct {
	ID    RuleID
	Says  string   // one sentence, without a full stop
	Cite  []FactID // the facts that it rests on, never empty
	Basis Basis
	Force Force // an Assumed rule is always a May

	// Question is the open question (Q01…Q36) that a May rule answers one
	// way, or empty. Answers to it go into the answers ledger.
	Question FactID
}

// Citations returns one line a fact that the rule rests on: identifier, what it
// says, sources and addresses.
func (r Rule) Citations() []string {
	lines := make([]string, 0, len(r.Cite))
	for _, id := range r.Cite {
		fact, ok := LookupFact(id)
		if !ok {
			lines = append(lines, string(id))
			continue
		}
		line := fact.String()
		if urls := fact.URLs(); len(urls) > 0 {
			line += " " + strings.Join(urls, " ")
		}
		lines = append(lines, line)
	}
	return lines
}

// cite is short for a list of facts in a table row.
func cite(ids ...FactID) []FactID { return ids }

var registry = func() map[RuleID]Rule {
	all := map[RuleID]Rule{}
	for _, r := range ruleTable() {
		if _, twice := all[r.ID]; twice {
			panic("rule " + string(r.ID) + " stands twice in the tables")
		}
		all[r.ID] = r
	}
	return all
}()

// Rules returns every rule of the model, ordered by identifier.
func Rules() []Rule {
	list := make([]Rule, 0, len(registry))
	for _, r := range registry {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Rule) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list
}

// LookupRule returns the rule with that identifier.
func LookupRule(id RuleID) (Rule, bool) {
	r, ok := registry[id]
	return r, ok
}
