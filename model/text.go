package model

import (
	"fmt"
	"strconv"
	"strings"
)

// The text form of sequences. Printing stands here and in text_op.go, reading in
// parse.go and parse_op.go; what the words mean is said at [ParseSequence].

// magic is the first line of a sequence file.
const magic = "# dsqlseq 1"

// String returns the whole file, see [ParseSequence]. It parses back to an
// equal sequence if every line is well formed, see [Line.String], and each
// handle is created once.
func (s Sequence) String() string {
	var b strings.Builder
	b.WriteString(magic + "\n")
	if s.Seed != 0 {
		fmt.Fprintf(&b, "# seed: %d\n", s.Seed)
	}
	if s.Profile != "" {
		b.WriteString("# profile: " + quote(s.Profile) + "\n")
	}
	if len(s.Regions) > 0 {
		b.WriteString("# regions: " + join(s.Regions, ",", regionText) + "\n")
	}
	if s.Revision != "" {
		b.WriteString("# revision: " + quote(s.Revision) + "\n")
	}
	for _, l := range s.Lines {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

// String returns the operation and how it is sent: "delete c1 !lost".
//
// The text parses back to an equal line if the operation is well formed:
// handles are 1 to [MaxHandle]; a reference has no Literal beside its Handle; a
// text that is not given is empty, and so is a list or map that is not given; no
// request names more than [MaxPeers] handles besides its own; the name of a
// token is "t" and a number, its length is at most 128, and a literal token has
// neither; Max, For and an expected Version are not negative, and a literal
// expectation has no Version; [CreateMultiRegionClusters] has as many distinct
// handles as Regions, at least one; Await has a status, of the cluster or, when
// it names one, of the stream, and not both. Other values print to a text that
// ParseLine refuses or reads as the nearest well-formed value.
func (l Line) String() string {
	text := ""
	if l.Op != nil {
		text = l.Op.String()
	}
	return words(text, flag("!lost", l.Lost), flag("!twice", l.Twice), flag("!retries", l.Retries), optional("!by", l.By))
}

// String returns "c7" for a handle and the quoted text for a literal.
func (r Ref) String() string {
	switch {
	case r.Handle == 0:
		return strconv.QuoteToASCII(r.Literal)
	case r.Literal != "":
		return r.Handle.String() + strconv.QuoteToASCII(r.Literal) // malformed: show both
	}
	return r.Handle.String()
}

// String returns "s2" for a handle and the quoted text for a literal.
func (r StreamRef) String() string {
	switch {
	case r.Handle == 0:
		return strconv.QuoteToASCII(r.Literal)
	case r.Literal != "":
		return r.Handle.String() + strconv.QuoteToASCII(r.Literal) // malformed: show both
	}
	return r.Handle.String()
}

// String returns "t1", "t1~" for its near miss, "t1:128" for a length, the
// quoted text of a literal, and "" for no token. Tokens of equal text have
// equal values; the reverse does not hold of "t1" and "t1:36".
func (t Token) String() string {
	text := t.Name
	if t.Near {
		text += "~"
	}
	if t.Length != 0 {
		text += ":" + strconv.Itoa(t.Length)
	}
	if t.Literal.Given {
		text += strconv.QuoteToASCII(t.Literal.Value)
	}
	return text
}

// text returns the members that m adds to a line, "" for none.
func (m *MultiRegion) text() string {
	if m == nil {
		return ""
	}
	peers := ""
	if len(m.Peers) > 0 {
		peers = "peers=" + join(m.Peers, ",", Ref.String)
	} else if m.GivenPeers {
		peers = "peers=[]"
	}
	if peers == "" && !m.Witness.Given {
		return "multi={}"
	}
	return words(maybe("witness", m.Witness), peers)
}

// words joins the texts that are not empty by spaces.
func words(list ...string) string {
	var b strings.Builder
	for _, w := range list {
		if w == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// join returns the texts of a list, joined.
func join[T any](list []T, by string, text func(T) string) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = text(v)
	}
	return strings.Join(texts, by)
}

func flag(text string, on bool) string {
	if on {
		return text
	}
	return ""
}

func maybe(name string, m Maybe) string {
	if !m.Given {
		return ""
	}
	return name + "=" + quote(m.Value)
}

func optional(name, value string) string { return maybe(name, Maybe{value, value != ""}) }

func askedText(r Region) string { return flag("@"+quote(string(r)), r != "") }

func regionText(r Region) string { return quote(string(r)) }

func switchText(name string, s Switch) string {
	if s == Unset {
		return ""
	}
	if s > On {
		return fmt.Sprintf("%s=Switch(%d)", name, s) // malformed
	}
	return name + "=" + s.String()
}

func maxText(n int) string { return flag("max="+strconv.Itoa(n), n != 0) }

// expectText returns the member for an expected policy version.
func expectText(e Expect) string {
	text := ""
	if e.Version != 0 {
		text = versionText(e.Version)
	}
	if e.Literal.Given {
		text += strconv.QuoteToASCII(e.Literal.Value)
	}
	return flag("expect="+text, text != "")
}

func versionText(n int) string { return "v" + strconv.Itoa(n) }

// streamText returns "c1/s1".
func streamText(r Ref, stream StreamRef) string { return r.String() + "/" + stream.String() }

// resourceText returns "c1/s1", or "c1" when no stream is named.
func resourceText(r Ref, stream StreamRef) string {
	if stream == (StreamRef{}) {
		return r.String()
	}
	return streamText(r, stream)
}

func givenTags(t Tags, given bool) string { return flag("tags="+tagsText(t), given || t.Len() > 0) }

func tokenMember(t Token) string { return flag("token="+t.String(), t != Token{}) }

func tagsText(t Tags) string {
	if t.Len() == 0 {
		return "{}"
	}
	return t.String()
}

func handlesText(list []Handle) string {
	if len(list) == 0 {
		return "[]"
	}
	return join(list, ",", Handle.String)
}

// exceptions returns "c1,c2 (+c3)".
func exceptions(list []Handle, sign string, more []Handle) string {
	rest := ""
	if len(more) > 0 {
		rest = "(" + sign + handlesText(more) + ")"
	}
	return words(join(list, ",", Handle.String), rest)
}

// changedText leaves the quotes out around plain words joined by commas.
func changedText(s string) string {
	if plain(strings.ReplaceAll(s, ",", ".")) {
		return s
	}
	return strconv.QuoteToASCII(s)
}

// barePath reports whether the path of a raw request needs no quotes.
func barePath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7F || r == '"' || r == '\\'
	})
}

// plainByte reports whether a byte may stand in a word without quotes.
func plainByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.:/", c) >= 0
}

// plain reports whether a word needs no quotes in the text form.
func plain(s string) bool {
	for i := range len(s) {
		if !plainByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// quote returns the text form of any string.
func quote(s string) string {
	if plain(s) {
		return s
	}
	return strconv.QuoteToASCII(s)
}
