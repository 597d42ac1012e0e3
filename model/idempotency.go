package model

// Rules about client tokens.
var (
	ruleReplay = Rule{ID: "DSQL-TOK-001", Says: "an identical retry with the same token has no further effect and, for a creation, returns the original result",
		Cite: cite("F048", "F051"), Basis: Documented, Force: Must}
	ruleOldUse = Rule{ID: "DSQL-TOK-002", Says: "what a token means after its lifetime or its cluster's deletion is open",
		Cite: cite("Q22", "F050"), Basis: Assumed, Force: May}
	ruleOtherUse = Rule{ID: "DSQL-TOK-003", Says: "the same token with another request is refused, or answered with the old result, or taken as new",
		Cite: cite("Q22", "F049"), Basis: Assumed, Force: May, Question: "Q22"}
	ruleForeignUse = Rule{ID: "DSQL-TOK-004", Says: "the same token on another operation or in another Region is taken as new or refused",
		Cite: cite("Q22"), Basis: Assumed, Force: May, Question: "Q22"}
)

// useMatch says how a token was used before.
type useMatch uint8

const (
	noUse      useMatch = iota
	sameUse             // the identical request, recently: it must have no further effect
	oldUse              // the identical request, but long ago or its cluster is deleted
	otherUse            // another request to the same operation and Region
	foreignUse          // another operation or Region
)

func tokenRule(m useMatch) RuleID {
	switch m {
	case oldUse:
		return ruleOldUse.ID
	case otherUse:
		return ruleOtherUse.ID
	}
	return ruleForeignUse.ID
}

// tokenText returns the canonical text of a token, "" for none.
func tokenText(t Token) string {
	if t == (Token{}) {
		return ""
	}
	if t.Length == 36 {
		t.Length = 0
	}
	return t.String()
}

// lookupUse says how op's token was used before in w, and returns the uses whose
// result an answer may repeat. An identical retry binds the service only while
// nothing else was done with the token in the Region: what a token means once it
// has stood for two requests is open (F049).
func lookupUse[O Op](w World, token Token, name string, region Region, op O) ([]Use, useMatch) {
	text := tokenText(token)
	if text == "" || len(w.Tokens) == 0 {
		return nil, noUse
	}
	var same, other []Use
	match, mixed, request := noUse, false, ""
	for _, u := range w.Tokens {
		if u.Token != text {
			continue
		}
		if request == "" {
			request = requestText(&w, op)
		}
		switch {
		case u.Op != name || u.Region != region:
			if match == noUse {
				match = foreignUse
			}
			mixed = mixed || u.Region == region
		case u.Request != request:
			other = append(other, u)
		default:
			same = append(same, u)
		}
	}
	if len(same)+len(other) == 0 {
		return nil, match
	}
	if len(other) > 0 || mixed {
		return append(same, other...), otherUse
	}
	for _, u := range same {
		c, ok := w.Find(u.Cluster)
		deleted := ok && c.Deleted && name != "DeleteCluster" || ok && c.Status == Gone
		if s, ok := w.FindStream(u.Stream); ok {
			deleted = deleted || s.Deleted && name != "DeleteStream" || s.Status.within(endedStream)
		}
		if !deleted && w.Now-u.At <= w.Env.Window {
			return []Use{u}, sameUse
		}
	}
	return same, oldUse
}

// record returns the world with the successful use of op's token noted. The
// first use of an identical request stays the one that counts.
func record[O Op](w World, token Token, name string, region Region, op O, cluster Handle, s Status) World {
	return w.withUse(useOf(&w, token, name, region, op, cluster).showing(s))
}

// useOf returns the use of op's token that a success is, the zero value without
// a token.
func useOf[O Op](w *World, token Token, name string, region Region, op O, cluster Handle) Use {
	text := tokenText(token)
	if text == "" {
		return Use{}
	}
	return Use{Token: text, Op: name, Region: region, Request: requestText(w, op), Cluster: cluster, At: w.Asked}
}

// showing returns the use with a result that shows s.
func (u Use) showing(s Status) Use {
	u.Shown = Statuses(s)
	return u
}

// recordStream is [record] for an operation on a stream.
func recordStream(w World, token Token, name string, region Region, op Op, s *Stream) World {
	n := record(w, token, name, region, op, s.Cluster, NoStatus)
	if len(n.Tokens) > len(w.Tokens) {
		n.Tokens[len(w.Tokens)].Stream = s.Handle
	}
	return n
}

// requestText returns what makes two requests the same: everything but the
// token and the names that a create gives to its results. A handle that no
// cluster or stream has yet stands for another identifier than when one has.
func requestText(w *World, op Op) string {
	bound := func(r Ref) Ref {
		if c, ok := w.Find(r.Handle); r.Handle != 0 && (!ok || c.Nameless) {
			return Ref{Literal: "no " + r.Handle.String()}
		}
		return r
	}
	return Edit(op, func(p *Parts) {
		p.replace(bound)
		if p.As != nil {
			*p.As = 0
		}
		if p.StreamAs != nil {
			*p.StreamAs = 0
		}
		if p.Many != nil {
			*p.Many = make([]Handle, len(*p.Many))
		}
		if p.Token != nil {
			*p.Token = Token{}
		}
		if p.Stream != nil && p.Stream.Handle != 0 {
			if s, ok := w.FindStream(p.Stream.Handle); !ok || s.Nameless {
				*p.Stream = StreamRef{Literal: "no " + p.Stream.Handle.String()}
			}
		}
	}).String()
}

// tokenUsers returns the clusters that a token stands for in w.
func tokenUsers(w World, token Token) []Handle {
	text := tokenText(token)
	if text == "" {
		return nil
	}
	var list []Handle
	for _, u := range w.Tokens {
		if u.Token == text {
			list = append(list, u.Cluster)
		}
	}
	return list
}
