package model

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// HTTPNames are the concrete names that a request of a [Hostile] needs, as far as
// its operation has them. Those that are empty are made up.
type HTTPNames struct {
	Identifier string // of the cluster
	Stream     string // identifier of the stream
	ARN        string // of the resource of a tag operation
	ARNs       []string
	Token      string // a client token that was not used before
	Policy     string // a resource policy that locks nobody out
	Kinesis    string // ARN of a Kinesis stream
	Role       string // ARN of the role that may write to it
}

// HTTPRequest is a request as it is sent, but for its signature.
type HTTPRequest struct {
	Method  string
	Path    string // with the query, as it stands on the request line
	Type    Maybe  // Content-Type
	Body    []byte // nil for none at all
	Signing Signing
}

// Signing says how a request is signed.
type Signing uint8

// The ways to sign a request, of which but the first are wrong.
const (
	Signed       Signing = iota // as it should be
	Unsigned                    // not at all
	OtherSecret                 // with another secret than the access key's
	OtherKey                    // by an access key that nobody has
	OtherService                // for the service s3
	Stale                       // an hour ago
	OtherBody                   // for another body
)

// The plain values of members, which nothing is wrong with.
const (
	plainKey      = "AWS_OWNED_KMS_KEY"
	plainTag      = "hostile"
	plainVersion  = "no-such-version"
	plainOrdering = "UNORDERED"
	plainFormat   = "JSON"
	plainID       = "aaaaaaaaaaaaaaaaaaaaaaaaaa" // of no cluster and no stream
	plainARN      = "arn:aws:dsql:us-east-1:123456789012:cluster/" + plainID
	plainToken    = "hostile-client-token"
	plainKinesis  = "arn:aws:kinesis:us-east-1:123456789012:stream/hostile"
	plainRole     = "arn:aws:iam::123456789012:role/hostile"

	// PlainPolicy is a resource policy that locks nobody out; see
	// [PutClusterPolicy] for ${account}.
	PlainPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"dsql:*","Resource":"*"}]}`
)

// witnessFor returns a Region that can be the witness of a cluster in own: the
// first other one of its set, or us-west-2.
func witnessFor(own Region) Region {
	witness := Region("us-west-2")
	sets := RegionSets()
	if witness != own && (sets[own] == "" || sets[own] == sets[witness]) {
		return witness
	}
	var set []Region
	for r, name := range sets {
		if r != own && name == sets[own] {
			set = append(set, r)
		}
	}
	if len(set) == 0 {
		return "us-east-1"
	}
	return slices.Min(set)
}

// Request returns the operation's request, right in every respect but the one
// fault: the required members, and on the way to the member that is at fault
// whatever it stands in. shape is that of the operation. The error says that
// the operation, the member or the fault stands in none of the tables.
func (op Hostile) Request(shape Shape, names HTTPNames) (HTTPRequest, error) {
	f, p, ok := op.find(shape)
	if !ok || shape.Name != op.Operation {
		return HTTPRequest{}, fmt.Errorf("got no fault %q of member %q in %q", op.Fault, op.Member, op.Operation)
	}
	d := newDraft(op, shape, p, names)
	f.put(d, p)
	return d.request(), nil
}

// draft is a request before it is put into bytes.
type draft struct {
	shape          Shape
	names          HTTPNames
	region         Region
	target         string // path of the member that is at fault
	method         string
	prefix, suffix string // of the path
	media          Maybe
	signing        Signing
	segments       map[string]string // of the path, by member, encoded
	fields         []*field          // of the body and the query, in the order of the shape
	spoil          func(string) string
	given          map[string]bool // paths of the members that are given
	at             map[string]slot
}

// node is a JSON value: its text, or the parts that it is made of.
type node struct {
	text   string
	object bool
	fields []*field
	array  bool
	items  []*node
}

// field is one member of an object.
type field struct {
	key   string // JSON text
	wire  string // name in the query, empty for members of the body
	value *node
}

// slot is where a member of a draft stands.
type slot struct {
	node   *node     // its value; nil for a key
	field  *field    // that it is the value, or the key, of
	fields *[]*field // that the field is one of
	member Member
}

func newDraft(op Hostile, s Shape, p Pair, names HTTPNames) *draft {
	d := &draft{
		shape: s, names: names, region: op.Region, target: p.Path, method: s.Method,
		segments: map[string]string{}, given: map[string]bool{}, at: map[string]slot{},
	}
	for _, m := range s.Request {
		if m.Location == InPath {
			d.segments[m.Name] = escape(d.plain(m.Name, m))
			continue
		}
		if m.Location == InBody {
			d.media = Some("application/json")
		}
		d.give(&d.fields, m, "")
	}
	return d
}

// give adds a member to an object if the request needs it: if it is required,
// on the way to the target, or what makes the request have an effect.
func (d *draft) give(fields *[]*field, m Member, prefix string) {
	path := prefix + m.Name
	if !m.Required && !d.leads(path) && path != "deletionProtectionEnabled" && path != "targetDefinition.kinesis" && path != beside[d.target] {
		return
	}
	f := &field{key: quoteJSON(m.Name), wire: m.Wire}
	f.value = d.build(path, m)
	*fields = append(*fields, f)
	d.note(path, slot{f.value, f, fields, m})
}

// beside names what must be given with a member for it to make sense.
var beside = map[string]string{
	"multiRegionProperties.clusters":   "multiRegionProperties.witnessRegion",
	"multiRegionProperties.clusters[]": "multiRegionProperties.witnessRegion",
}

// leads reports whether the target is at the path, or below.
func (d *draft) leads(path string) bool {
	rest, below := strings.CutPrefix(d.target, path)
	return below && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func (d *draft) note(path string, at slot) {
	d.at[path], d.given[path] = at, true
}

// build returns a good value of a member.
func (d *draft) build(path string, m Member) *node {
	n := &node{}
	switch m.Form {
	case StructureForm:
		n.object = true
		for _, part := range m.Members {
			d.give(&n.fields, part, path+".")
		}
	case ListForm:
		n.array = true
		item := d.build(path+"[]", *m.Item)
		n.items = []*node{item}
		d.note(path+"[]", slot{node: item, member: *m.Item})
	case MapForm:
		n.object = true
		key := &field{key: quoteJSON(d.plain(path+".key", *m.Key))}
		key.value = d.build(path+".value", *m.Item)
		n.fields = []*field{key}
		d.note(path+".key", slot{field: key, fields: &n.fields, member: *m.Key})
		d.note(path+".value", slot{key.value, key, &n.fields, *m.Item})
	case BooleanForm:
		n.text = "false"
	case IntegerForm:
		n.text = strconv.Itoa(max(m.Min, min(m.Max, 10)))
	default:
		n.text = quoteJSON(d.plain(path, m))
	}
	return n
}

// plain returns a good value of a string.
func (d *draft) plain(path string, m Member) string {
	or := func(given, else_ string) string {
		if given == "" {
			return else_
		}
		return given
	}
	switch name := path[strings.LastIndexByte(path, '.')+1:]; name {
	case "identifier", "clusterIdentifier":
		return or(d.names.Identifier, plainID)
	case "streamIdentifier":
		return or(d.names.Stream, plainID)
	case "resourceArn":
		return or(d.names.ARN, plainARN)
	case "linkedClusterArns[]":
		if len(d.names.ARNs) > 0 {
			return d.names.ARNs[0]
		}
		return plainARN
	case "clusters[]":
		return plainARN
	case "clientToken":
		return or(d.names.Token, plainToken)
	case "policy":
		return or(d.names.Policy, PlainPolicy)
	case "streamArn":
		return or(d.names.Kinesis, plainKinesis)
	case "roleArn":
		return or(d.names.Role, plainRole)
	case "kmsEncryptionKey":
		return plainKey
	case "expectedPolicyVersion":
		return plainVersion
	case "witnessRegion":
		return string(witnessFor(d.region))
	case "linkedRegionList[]":
		return string(d.region)
	}
	if len(m.Enum) > 0 {
		return m.Enum[0]
	}
	return plainTag
}

// request puts the draft into bytes.
func (d *draft) request() HTTPRequest {
	r := HTTPRequest{Method: d.method, Type: d.media, Signing: d.signing}
	path := d.shape.Path
	for name, segment := range d.segments {
		path = strings.ReplaceAll(path, "{"+name+"}", segment)
	}
	r.Path = d.prefix + path + d.suffix
	var query []string
	body := &node{object: true}
	sized := false
	for _, m := range d.shape.Request {
		sized = sized || m.Location == InBody
	}
	for _, f := range d.fields {
		if f.wire == "" {
			body.fields = append(body.fields, f)
			continue
		}
		values := f.value.items
		if !f.value.array {
			values = []*node{f.value}
		}
		for _, v := range values {
			query = append(query, f.wire+"="+escape(unquoteJSON(v.text)))
		}
	}
	if len(query) > 0 {
		r.Path += "?" + strings.Join(query, "&")
	}
	if sized {
		text := body.String()
		if d.spoil != nil {
			text = d.spoil(text)
		}
		r.Body = []byte(text)
	}
	return r
}

// String returns the value as JSON.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	switch {
	case n.object:
		b.WriteByte('{')
		for i, f := range n.fields {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(f.key + ":")
			f.value.write(b)
		}
		b.WriteByte('}')
	case n.array:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		b.WriteString(n.text)
	}
}

// quoteJSON returns a text as a JSON string. What is not UTF-8 is replaced.
func quoteJSON(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil { // of a string: cannot fail
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// unquoteJSON returns the text of a JSON string, and anything else as it is.
func unquoteJSON(text string) string {
	var s string
	if json.Unmarshal([]byte(text), &s) != nil {
		return text
	}
	return s
}

// escape percent-encodes everything but what is unreserved.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// The ways to put a fault into a draft.

// becomes replaces a value by a JSON text.
func becomes(text string) func(*draft, Pair) {
	return func(d *draft, p Pair) {
		if n := d.at[p.Path].node; n != nil {
			*n = node{text: text}
		}
		if text == "null" {
			d.forget(p.Path)
		}
	}
}

// forget notes that a member is not given after all.
func (d *draft) forget(path string) {
	for given := range d.given {
		if rest, below := strings.CutPrefix(given, path); below && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			delete(d.given, given)
		}
	}
}

// leaveOut removes a member.
func leaveOut(d *draft, p Pair) {
	at := d.at[p.Path]
	*at.fields = slices.DeleteFunc(*at.fields, func(f *field) bool { return f == at.field })
	d.forget(p.Path)
}

// simply gives a value of another simple type.
func simply(d *draft, p Pair) {
	text := `"true"`
	switch {
	case p.Path == tokenPath:
		text = d.digits()
	case p.Member.Form == StringForm:
		text = "7"
	case p.Location == InQuery:
		text = "ten"
	}
	becomes(text)(d, p)
}

// nested gives an array, or an object where one belongs.
func nested(d *draft, p Pair) {
	switch {
	case p.Path == tokenPath:
		becomes("["+d.digits()+"]")(d, p)
	case p.Member.Form == ListForm:
		becomes(`{"0":"x"}`)(d, p)
	default:
		becomes(`["x"]`)(d, p)
	}
}

const tokenPath = "clientToken"

// digits returns a number that goes with the token of the request: whoever takes
// it for a token must not know it from another request.
func (d *draft) digits() string {
	h := fnv.New32a()
	io.WriteString(h, d.plain(tokenPath, Member{})) // into memory: cannot fail
	return strconv.FormatUint(uint64(h.Sum32()), 10)
}

// retext replaces the text of a string, of a key, or of a segment of the path.
func (d *draft) retext(p Pair, f func(string) string) {
	if p.Location == InPath {
		d.segments[p.Path] = escape(f(d.plain(p.Path, p.Member)))
		return
	}
	at := d.at[p.Path]
	if at.node == nil {
		at.field.key = quoteJSON(f(unquoteJSON(at.field.key)))
		return
	}
	at.node.text = quoteJSON(f(unquoteJSON(at.node.text)))
}

func shorten(d *draft, p Pair) {
	d.retext(p, func(s string) string { return string([]rune(s)[:min(utf8.RuneCountInString(s), p.Member.Min-1)]) })
}

// lengthen fills a string up, one character beyond its limit: a policy with
// spaces, anything else with letters, which every pattern allows at the end.
func lengthen(d *draft, p Pair) {
	filler := "a"
	if p.Path == "policy" {
		filler = " "
	}
	d.retext(p, func(s string) string {
		return s + strings.Repeat(filler, max(1, p.Member.Max+1-utf8.RuneCountInString(s)))
	})
}

// misspell makes a string break its pattern, at its length where that can be.
func misspell(d *draft, p Pair) {
	d.retext(p, func(s string) string {
		head, tail := "", ""
		if s != "" {
			_, n := utf8.DecodeLastRuneInString(s)
			head = s[:len(s)-n]
			_, n = utf8.DecodeRuneInString(s)
			tail = s[n:]
		}
		for _, text := range []string{head + "!", head + " ", head + "é", "x" + tail} {
			if p.Member.Pattern == nil || !p.Member.Pattern.MatchString(text) {
				return text
			}
		}
		return "" // of the known patterns each disallows one of these
	})
}

// number gives an integer.
func number(of func(Member) int) func(*draft, Pair) {
	return func(d *draft, p Pair) { becomes(strconv.Itoa(of(p.Member)))(d, p) }
}

// items fills a list or a map up to a number of different items, or cuts it.
func items(of func(Member) int) func(*draft, Pair) {
	return func(d *draft, p Pair) {
		n, want := d.at[p.Path].node, of(p.Member)
		n.items = n.items[:min(len(n.items), max(want, 0))]
		n.fields = n.fields[:min(len(n.fields), max(want, 0))]
		for i := 1; i < want; i++ {
			name := quoteJSON(plainTag + strconv.Itoa(i))
			if n.array {
				n.items = append(n.items, &node{text: name})
			} else {
				n.fields = append(n.fields, &field{key: name, value: n.fields[0].value})
			}
		}
	}
}

// repeat doubles the item of a list.
func repeat(d *draft, p Pair) {
	n := d.at[p.Path].node
	n.items = append(n.items, n.items...)
}

// double gives a member twice.
func double(d *draft, p Pair) {
	at := d.at[p.Path]
	*at.fields = append(*at.fields, at.field)
}

// segment replaces a segment of the path by what stands there encoded.
func segment(text string) func(*draft, Pair) {
	return func(d *draft, p Pair) { d.segments[p.Path] = text }
}

// cut puts an encoded slash into the middle of a segment.
func cut(d *draft, p Pair) {
	d.retext(p, func(s string) string { return s[:len(s)/2] + "/" + s[len(s)/2:] })
}

func inflate(d *draft, p Pair) {
	d.retext(p, func(s string) string { return s + strings.Repeat("a", 4<<10) })
}

// encode percent-encodes every character of a segment.
func encode(d *draft, p Pair) {
	var b strings.Builder
	for _, c := range []byte(d.plain(p.Path, p.Member)) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	d.segments[p.Path] = b.String()
}

// plainly leaves the slashes of an ARN as they are.
func plainly(d *draft, p Pair) {
	d.segments[p.Path] = strings.ReplaceAll(escape(d.plain(p.Path, p.Member)), "%2F", "/")
}

// body spoils the text of the body.
func body(f func(string) string) func(*draft, Pair) {
	return func(d *draft, _ Pair) { d.spoil = f }
}

// bodiless leaves the body empty, and so none of its members given.
func bodiless(d *draft, _ Pair) {
	d.spoil = func(string) string { return "" }
	clear(d.given)
}

func media(m Maybe) func(*draft, Pair) {
	return func(d *draft, _ Pair) { d.media = m }
}

// extra adds a member that the operation does not have.
func extra(text string) func(*draft, Pair) {
	return func(d *draft, _ Pair) {
		d.fields = append(d.fields, &field{key: `"noSuchMember"`, value: &node{text: text}})
	}
}

func signed(how Signing) func(*draft, Pair) {
	return func(d *draft, _ Pair) { d.signing = how }
}
