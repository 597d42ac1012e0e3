package model

import (
	"fmt"
	"strconv"
	"strings"
)

// The text form of sequences, replies and wants. Printing stands here, reading
// in parse.go; what the words mean is said at [ParseSequence] and [ParseReply].

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
// handles are 1 to [MaxHandle]; a Ref has no Literal beside its Handle; a text
// that is not given is empty, and so is a list or map that is not given; no
// request names more than [MaxPeers] handles besides its own; the name of a
// token is "t" and a number, its length is at most 128, and a literal token has
// neither; Max and For are not negative; Await has a status. Other values print
// to a text that ParseLine refuses or reads as the nearest well-formed value.
func (l Line) String() string {
	text := ""
	if l.Op != nil {
		text = l.Op.String()
	}
	return words(text, flag("!lost", l.Lost), flag("!twice", l.Twice), flag("!retries", l.Retries))
}

// String returns the text form: "c1 = create us-east-1 protection=on token=t1".
func (o CreateCluster) String() string {
	tags := ""
	if o.GivenTags || o.Tags.Len() > 0 {
		tags = "tags=" + tagsText(o.Tags)
	}
	return words(o.As.String()+" = create", regionText(o.Region), switchText(o.Protection), maybe("key", o.Key),
		tags, o.Multi.text(), tokenMember(o.Token))
}

// String returns the text form: "get c1 @us-east-2".
func (o GetCluster) String() string { return words("get", o.Ref.String(), askedText(o.At)) }

// String returns the text form: `list us-east-1 max=2 next="x y"`.
func (o ListClusters) String() string {
	limit := ""
	if o.Max != 0 {
		limit = "max=" + strconv.Itoa(o.Max)
	}
	return words("list", regionText(o.Region), limit, maybe("next", o.Next))
}

// String returns the text form: "update c1 protection=off token=t1".
func (o UpdateCluster) String() string {
	return words("update", o.Ref.String(), askedText(o.At), switchText(o.Protection), maybe("key", o.Key),
		o.Multi.text(), tokenMember(o.Token))
}

// String returns the text form: "delete c1 @us-east-2 token=t1".
func (o DeleteCluster) String() string {
	return words("delete", o.Ref.String(), askedText(o.At), tokenMember(o.Token))
}

// String returns the text form: `tag c1 k=v,"x y"=z`.
func (o TagResource) String() string {
	return words("tag", o.Ref.String(), askedText(o.At), tagsText(o.Tags))
}

// String returns the text form: `untag c1 k,"x y"`.
func (o UntagResource) String() string {
	keys := "[]"
	if len(o.Keys) > 0 {
		keys = join(o.Keys, ",", quote)
	}
	return words("untag", o.Ref.String(), askedText(o.At), keys)
}

// String returns the text form: "tags c1".
func (o ListTagsForResource) String() string { return words("tags", o.Ref.String(), askedText(o.At)) }

// String returns the text form: "vpc c1".
func (o GetVpcEndpointServiceName) String() string {
	return words("vpc", o.Ref.String(), askedText(o.At))
}

// String returns the text form: "await c1 ACTIVE", "await c1 gone".
func (o Await) String() string { return words("await", o.Ref.String(), o.Status.String()) }

// String returns the text form: "wait 3s".
func (o Wait) String() string { return words("wait", o.For.String()) }

// String returns the text form: "connect c1".
func (o Connect) String() string { return words("connect", o.Ref.String()) }

// String returns the text form: `raw us-east-1 POST /cluster body="{"`.
func (o Raw) String() string {
	path := o.Path
	if !barePath(path) {
		path = strconv.QuoteToASCII(path)
	}
	return words("raw", regionText(o.Region), quote(o.Method), path, maybe("type", o.Type), maybe("body", o.Body))
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

// String returns the reply in one line, see [ParseReply]. It parses back to an
// equal reply if the reply is normal:
//   - a lost one has no other member, and a refusal has none but Code and Reason;
//   - a success has no Reason, and Multi wherever it has Witness, Members or Empty;
//   - Members, Listed and Twice are sorted, each handle once and none of them 0;
//   - Members and Twice are nil rather than empty; Empty excludes Members;
//   - every code, status and switch is one of the named ones, and a text that
//     is not given is empty.
func (r Reply) String() string {
	switch {
	case r.Lost:
		return "lost"
	case r.Code != NoError:
		return words(r.Code.String(), optional("reason", r.Reason))
	}
	list := []string{"ok"}
	add := func(text string) { list = append(list, text) }
	if r.Cluster != 0 {
		add(r.Cluster.String())
	}
	add(r.Status.String())
	if r.Changed != "" {
		add("changed=" + changedText(r.Changed))
	}
	add(switchText(r.Protection))
	add(flag("multi", r.Multi && !r.Witness.Given && !r.Empty && len(r.Members) == 0))
	add(maybe("witness", r.Witness))
	if r.Empty || len(r.Members) > 0 {
		add("clusters=" + handlesText(r.Members))
	}
	add(flag("tags="+r.Tags.String(), r.Tags.Len() > 0))
	add(flag("list="+handlesText(r.Listed), r.Listed != nil))
	add(flag("twice="+handlesText(r.Twice), len(r.Twice) > 0))
	if r.Service == anyService {
		add(anyService)
	} else {
		add(optional("service", r.Service))
	}
	return words(list...)
}

// String returns the allowed replies in one line, in the words of a [Reply]:
// alternatives are joined by "|", "(fresh)" marks an identifier never seen
// before, "(+c2)" a member that may be shown, "(-c2)" a cluster that must not be
// listed. It is for people and is not parsed.
func (w Want) String() string {
	if !w.Success() {
		return words(w.Codes.String(), optional("reason", w.Reason))
	}
	list := []string{"ok"}
	add := func(text string) { list = append(list, text) }
	if w.Cluster != 0 {
		add(w.Cluster.String())
	}
	add(flag("(fresh)", w.Fresh))
	add(w.Status.String())
	add([...]string{"", "protection=off", "protection=on", "protection=on|off"}[w.Protection&(ShowsOff|ShowsOn)])
	named := len(w.Witness)+len(w.Must)+len(w.May) > 0
	switch {
	case w.Multi == Absent:
		add("multi=absent")
	case w.Multi == Whichever:
		add("multi=any")
	case w.Multi == Present && !named:
		add("multi")
	}
	add(flag("witness="+join(w.Witness, "|", regionText), len(w.Witness) > 0))
	add(flag("clusters="+exceptions(w.Must, "+", w.May), len(w.Must)+len(w.May) > 0))
	add(flag("tags="+join(w.Tags, "|", tagsText), w.Tags != nil))
	switch {
	case len(w.Listed)+len(w.Unlisted) > 0:
		add("list=" + exceptions(w.Listed, "-", w.Unlisted))
	case w.Listed != nil:
		add("list=any")
	}
	add(flag("service", w.Service))
	return words(list...)
}

// anyService is the service name of a reply that says no more than that there
// was one; it prints as a bare word.
const anyService = "service"

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

func switchText(s Switch) string {
	if s == Unset {
		return ""
	}
	if s > On {
		return fmt.Sprintf("protection=Switch(%d)", s) // malformed
	}
	return "protection=" + s.String()
}

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
