package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Permissions is what a principal may do: the statements of an identity-based
// policy.
type Permissions struct{ Statements []Statement }

// Statement is one statement of a policy. Patterns hold "*" for any text and
// "?" for one character.
type Statement struct {
	Allow      bool // else Deny
	Actions    []string
	Resources  []string
	Conditions []Condition
}

// Condition is one line of a Condition block: a key compared with values.
type Condition struct {
	Operator string // such as "StringEquals"
	Key      string // such as "dsql:WitnessRegion"
	Values   []string
}

// ParsePermissions reads a policy document of IAM: a JSON object with Version
// and Statement, each statement with Effect, Action, Resource and perhaps Sid and
// Condition. NotAction and NotResource are not understood: they, and everything
// else that is no part of that, are an error.
func ParsePermissions(document []byte) (*Permissions, error) {
	var file struct {
		Version   string
		ID        string `json:"Id"`
		Statement some[struct {
			Sid, Effect      string
			Action, Resource some[string]
			Condition        map[string]map[string]some[string]
		}]
	}
	dec := json.NewDecoder(strings.NewReader(string(document)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("got a policy that cannot be read: %w", err)
	}
	if len(file.Statement) == 0 {
		return nil, errors.New("got a policy without a statement, want one at least")
	}
	p := &Permissions{}
	for i, s := range file.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return nil, fmt.Errorf("statement %d: got effect %q, want Allow or Deny", i+1, s.Effect)
		}
		if len(s.Action) == 0 || len(s.Resource) == 0 {
			return nil, fmt.Errorf("statement %d: got %d actions and %d resources, want one of each at least", i+1, len(s.Action), len(s.Resource))
		}
		st := Statement{Allow: s.Effect == "Allow", Actions: s.Action, Resources: s.Resource}
		for operator, keys := range s.Condition {
			for key, values := range keys {
				st.Conditions = append(st.Conditions, Condition{operator, key, values})
			}
		}
		slices.SortFunc(st.Conditions, func(a, b Condition) int { return strings.Compare(a.Operator+"\n"+a.Key, b.Operator+"\n"+b.Key) })
		p.Statements = append(p.Statements, st)
	}
	return p, nil
}

// some is a JSON value, or a list of such values.
type some[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (list *some[T]) UnmarshalJSON(data []byte) error {
	var one T
	strict := func(to any) error {
		dec := json.NewDecoder(strings.NewReader(string(data)))
		dec.DisallowUnknownFields()
		return dec.Decode(to)
	}
	if data[0] == '[' {
		var many []T
		err := strict(&many)
		*list = many
		return err
	}
	err := strict(&one)
	*list = []T{one}
	return err
}

// Grant says whether something is permitted.
type Grant uint8

// The grants. What depends on something that is not known is undecided.
const (
	Denied Grant = iota
	Undecided
	Granted
)

// Unsaid stands in the resource of a [Need] for a part that is not known: the
// account of the clusters, or the identifier that the target chose.
const Unsaid = "\x00"

// Grants evaluates one permission: an explicit Deny wins, and what no statement
// allows is denied.
func (p *Permissions) Grants(n Need) Grant {
	verdict := Denied
	for i, resource := range n.Resources {
		one := p.grants(n, resource)
		if i > 0 && one != verdict {
			return Undecided
		}
		verdict = one
	}
	return verdict
}

func (p *Permissions) grants(n Need, resource string) Grant {
	allow, deny := Denied, Denied
	for i := range p.Statements {
		s := &p.Statements[i]
		if !slices.ContainsFunc(s.Actions, func(a string) bool { return glob(strings.ToLower(a), strings.ToLower(n.Action), false) }) {
			continue
		}
		holds := min(covers(s.Resources, resource), s.met(n))
		if s.Allow {
			allow = max(allow, holds)
		} else {
			deny = max(deny, holds)
		}
	}
	return min(allow, Granted-deny)
}

// covers reports whether one of the patterns matches the ARN.
func covers(patterns []string, arn string) Grant {
	best := Denied
	want := strings.SplitN(arn, ":", 6)
	for _, p := range patterns {
		part := strings.SplitN(p, ":", 6)
		switch {
		case p == "*":
			return Granted
		case len(part) != 6 || len(want) != 6:
			// Whether a wildcard reaches over a colon is not for us to say.
			if glob(p, arn, true) {
				best = max(best, Undecided)
			}
			continue
		}
		one := Granted
		for i := range part {
			switch {
			case glob(part[i], want[i], false):
			case glob(part[i], want[i], true):
				one = min(one, Undecided)
			default:
				one = Denied
			}
		}
		best = max(best, one)
	}
	return best
}

// met reports whether the statement's conditions hold. Only dsql:WitnessRegion
// is known, and comparisons of texts (F141, F142); others leave it undecided.
func (s *Statement) met(n Need) Grant {
	verdict := Granted
	for _, c := range s.Conditions {
		verdict = min(verdict, c.met(n))
	}
	return verdict
}

func (c *Condition) met(n Need) Grant {
	if !strings.EqualFold(c.Key, WitnessKey) {
		return Undecided
	}
	same, optional := strings.CutSuffix(c.Operator, "IfExists")
	if !n.Witness.Given {
		if optional || strings.Contains(same, "Not") {
			return Granted // a negated comparison holds of a key that is absent
		}
		return Denied
	}
	any := func(equal func(pattern, text string) bool) bool {
		return slices.ContainsFunc(c.Values, func(v string) bool { return equal(v, n.Witness.Value) })
	}
	like := func(pattern, text string) bool { return glob(pattern, text, false) }
	holds, known := map[string]bool{
		"StringEquals":              any(func(a, b string) bool { return a == b }),
		"StringNotEquals":           !any(func(a, b string) bool { return a == b }),
		"StringEqualsIgnoreCase":    any(strings.EqualFold),
		"StringNotEqualsIgnoreCase": !any(strings.EqualFold),
		"StringLike":                any(like),
		"StringNotLike":             !any(like),
	}[same]
	switch {
	case !known:
		return Undecided
	case holds:
		return Granted
	}
	return Denied
}

// glob reports whether the pattern matches the text, in which [Unsaid] stands
// for one or more characters: whatever they are or, if could, if they happen to
// be right.
func glob(pattern, text string, could bool) bool {
	// reach[j] says that the pattern so far can have consumed text[:j]; inside[j]
	// that it has consumed part of the unsaid text at j.
	reach, inside := make([]bool, len(text)+1), make([]bool, len(text)+1)
	reach[0] = true
	for i := range len(pattern) {
		next, within := make([]bool, len(text)+1), make([]bool, len(text)+1)
		for j := 0; j <= len(text); j++ {
			at := reach[j] || inside[j]
			unsaid := j < len(text) && text[j:j+1] == Unsaid
			switch {
			case pattern[i] == '*':
				next[j] = next[j] || reach[j]
				within[j] = within[j] || inside[j]
				if j < len(text) && (at || next[j] || within[j]) {
					next[j+1] = true
				}
			case j == len(text) || !at:
			case unsaid && could:
				next[j+1], within[j] = true, true
			case !unsaid && reach[j] && (pattern[i] == '?' || pattern[i] == text[j]):
				next[j+1] = true
			}
		}
		reach, inside = next, within
	}
	return reach[len(text)]
}
