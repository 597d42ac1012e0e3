package model

import (
	"fmt"
	"slices"
	"strings"
)

// Certainty says how well a fact is known. The zero value is no certainty at
// all and appears in no fact.
type Certainty uint8

const (
	// CertainDocumented marks what AWS wrote in its documentation.
	CertainDocumented Certainty = iota + 1
	// CertainModelled marks what the published API models and SDKs define.
	CertainModelled
	// CertainObserved marks what somebody else's code or report, run against
	// AWS, has seen.
	CertainObserved
	// CertainInferred marks a conclusion drawn from other facts.
	CertainInferred
	// CertainUnknown marks a question that no source answers. Such a fact can
	// only allow behaviour, never forbid it.
	CertainUnknown
)

// String returns "documented", "modelled", "observed", "inferred" or
// "unknown", and "Certainty(n)" for a value that is none of the constants.
func (c Certainty) String() string {
	switch c {
	case CertainDocumented:
		return "documented"
	case CertainModelled:
		return "modelled"
	case CertainObserved:
		return "observed"
	case CertainInferred:
		return "inferred"
	case CertainUnknown:
		return "unknown"
	default:
		return fmt.Sprintf("Certainty(%d)", uint8(c))
	}
}

// FactID names one fact for good: a letter and its number. F is a fact about
// the service, T a transition of the lifecycle and Q an open question. An ID
// is never given to another fact.
type FactID string

// Source is a public text that facts were taken from.
type Source struct {
	// Key is the short name that facts cite: D- for AWS documentation, M- for
	// API models and SDKs, T- for third parties, and SEED for the API change
	// that the whole model begins with.
	Key string
	// Title says what the text is.
	Title string
	// URL is an absolute https address, or empty where there is none to give.
	URL string
}

// Fact is one statement about the control plane, with where it comes from.
type Fact struct {
	// ID is unique among all facts.
	ID FactID
	// Says is one sentence without a final full stop; an open question ends
	// in a question mark.
	Says string
	// Sources holds the keys of the sources that support the fact, the
	// weightiest first. Only an inferred or unknown fact may have none.
	Sources []string
	// Certainty tells how far the fact can be relied on.
	Certainty Certainty
}

// String returns the fact on one line: its ID, what it says and, in
// parentheses, the keys of its sources, or its certainty if it has no source.
func (f Fact) String() string {
	cite := strings.Join(f.Sources, ", ")
	if cite == "" {
		cite = f.Certainty.String()
	}
	return fmt.Sprintf("%s: %s (%s)", f.ID, f.Says, cite)
}

// URLs returns the addresses of the fact's sources in the order of Sources.
// Sources without an address are left out.
func (f Fact) URLs() []string {
	var urls []string
	for _, key := range f.Sources {
		if s, ok := LookupSource(key); ok && s.URL != "" {
			urls = append(urls, s.URL)
		}
	}
	return urls
}

func (f Fact) clone() Fact {
	f.Sources = slices.Clone(f.Sources)
	return f
}

// Facts returns every fact, first F, then T, then Q, each in the order of its
// numbers. The caller owns the result.
func Facts() []Fact {
	all := make([]Fact, len(facts))
	for i, f := range facts {
		all[i] = f.clone()
	}
	return all
}

// LookupFact returns the fact with the given ID and whether there is one. The
// caller owns the result.
func LookupFact(id FactID) (Fact, bool) {
	i := slices.IndexFunc(facts, func(f Fact) bool { return f.ID == id })
	if i < 0 {
		return Fact{}, false
	}
	return facts[i].clone(), true
}

// LookupSource returns the source with the given key and whether there is one.
func LookupSource(key string) (Source, bool) {
	i := slices.IndexFunc(sources, func(s Source) bool { return s.Key == key })
	if i < 0 {
		return Source{}, false
	}
	return sources[i], true
}
