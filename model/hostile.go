package model

import (
	"slices"
	"strings"
)

// Fault is a row of the table of faults: one way in which a request can be
// wrong, or odd, while it is right in every other respect.
type Fault struct {
	Name   string     // its word in the text form
	Breaks Constraint // the constraint of a member that it breaks; 0 for none
	Rule   RuleID     // that demands a refusal
	Says   string     // what is done to the request, without a full stop

	// Open tells where a lenient reader may take the request for the operation
	// itself, so that a success is allowed. Nil is nowhere.
	Open func(s Shape, p Pair) bool
	// fits tells where the fault can be put: at a member, with its constraint
	// or with none, or, for the zero Pair, at the request as a whole.
	fits func(s Shape, p Pair) bool
	put  func(d *draft, p Pair) // puts it there
}

// The rules of hostile requests.
var (
	ruleBounds = Rule{ID: "DSQL-VAL-001", Says: "a value outside the length, the range, the pattern or the enumeration of its member is refused",
		Cite: cite("F004", "F009", "F061", "F105", "F146", "F147", "F173"), Basis: Modelled, Force: Must}
	ruleForm = Rule{ID: "DSQL-VAL-002", Says: "a value of another JSON type than its member has is refused, and so is null where a value is needed",
		Cite: cite("F001", "F002"), Basis: Modelled, Force: Must}
	ruleNeeded = Rule{ID: "DSQL-VAL-003", Says: "a request without a required member is refused",
		Cite: cite("F001", "F022"), Basis: Modelled, Force: Must}
	ruleBody = Rule{ID: "DSQL-VAL-004", Says: "a body that is not one JSON object is refused",
		Cite: cite("F001", "F022"), Basis: Modelled, Force: Must}
	ruleSegment = Rule{ID: "DSQL-VAL-005", Says: "a path whose identifier or ARN is empty, dotted, cut by a slash or far too long reaches nothing",
		Cite: cite("F004", "F009", "F016"), Basis: Modelled, Force: Must}
	ruleRoute = Rule{ID: "DSQL-VAL-006", Says: "a path or a method that no operation has is refused",
		Cite: cite("F012", "F016"), Basis: Modelled, Force: Must}
	ruleSigned = Rule{ID: "DSQL-VAL-007", Says: "a request is refused unless a known key has signed it, as it is and just now, for the service dsql",
		Cite: cite("F001"), Basis: Modelled, Force: Must}
	ruleOdd = Rule{ID: "DSQL-VAL-008", Says: "a request that is odd, but breaks nothing that the service description says, may be refused or read leniently",
		Cite: cite("F001", "F017"), Basis: Assumed, Force: May}
	ruleParent = Rule{ID: "DSQL-VAL-009", Says: "a read without its last identifier may be taken for a listing",
		Cite: cite("Q01"), Basis: Assumed, Force: May}
)

// hostileRules are those about requests that break the service description.
var hostileRules = []Rule{ruleBounds, ruleForm, ruleNeeded, ruleBody, ruleSegment, ruleRoute, ruleSigned, ruleOdd, ruleParent}

// Faults is the table of faults.
var Faults = slices.Concat(memberFaults, pathFaults, bodyFaults, routeFaults, signingFaults)

// memberFaults are those of the members of a body or a query.
var memberFaults = []Fault{
	{Name: "required", Breaks: Missing, Rule: ruleNeeded.ID, Says: "a required member is left out", fits: outsidePath, put: leaveOut},
	{Name: "type", Breaks: WrongForm, Rule: ruleForm.ID, Says: "a value has another JSON type, a simple one", put: simply},
	{Name: "nested", Breaks: WrongForm, Rule: ruleForm.ID, Says: "an array stands for a value that is none, or an object for an array", fits: inBody, put: nested},
	{Name: "null", Breaks: IsNull, Rule: ruleForm.ID, Says: "null stands for a required member, an item or a value of a map", put: becomes("null")},
	{Name: "too-short", Breaks: TooShort, Rule: ruleBounds.ID, Says: "a string is a character too short", fits: outsidePath, put: shorten},
	{Name: "too-long", Breaks: TooLong, Rule: ruleBounds.ID, Says: "a string is a character too long", put: lengthen},
	{Name: "pattern", Breaks: OffPattern, Rule: ruleBounds.ID, Says: "a string has a character that its pattern does not allow", put: misspell},
	{Name: "enum", Breaks: OffEnum, Rule: ruleBounds.ID, Says: "a string is none of the enumeration", put: becomes(`"NO_SUCH_VALUE"`)},
	{Name: "too-small", Breaks: TooSmall, Rule: ruleBounds.ID, Says: "a number is one too small", put: number(func(m Member) int { return m.Min - 1 })},
	{Name: "too-big", Breaks: TooBig, Rule: ruleBounds.ID, Says: "a number is one too big", put: number(func(m Member) int { return m.Max + 1 })},
	{Name: "too-few", Breaks: TooFew, Rule: ruleBounds.ID, Says: "a list or a map has an item too few", put: items(func(m Member) int { return m.Min - 1 })},
	{Name: "too-many", Breaks: TooMany, Rule: ruleBounds.ID, Says: "a list or a map has an item too many", put: items(func(m Member) int { return m.Max + 1 })},
	{Name: "duplicate", Breaks: Duplicate, Rule: ruleBounds.ID, Says: "a list of different items holds one twice", put: repeat},
	{Name: "union", Breaks: NotOne, Rule: ruleBounds.ID, Says: "a union has no member", put: becomes("{}")},

	{Name: "absent", Rule: ruleOdd.ID, Says: "an optional member is null", Open: anywhere, fits: dispensable, put: becomes("null")},
	{Name: "twice", Rule: ruleOdd.ID, Says: "a member is given twice, with one value", Open: anywhere, fits: named, put: double},
}

// pathFaults are those of the members of the path.
var pathFaults = []Fault{
	{Name: "empty", Rule: ruleSegment.ID, Says: "the segment is empty", Open: hasParent, fits: aimed, put: segment("")},
	{Name: "dot", Rule: ruleSegment.ID, Says: "the segment is a dot", Open: hasParent, fits: aimed, put: segment(".")},
	{Name: "dots", Rule: ruleSegment.ID, Says: "the segment is two dots", fits: inPath, put: segment("..")},
	{Name: "coded-dots", Rule: ruleSegment.ID, Says: "the segment is two dots, percent-encoded", fits: inPath, put: segment("%2e%2e")},
	{Name: "slash", Rule: ruleSegment.ID, Says: "the segment has a percent-encoded slash in the middle", fits: isID, put: cut},
	{Name: "huge", Rule: ruleSegment.ID, Says: "the segment has 4 KiB more than it should", fits: inPath, put: inflate},
	{Name: "coded", Rule: ruleOdd.ID, Says: "the segment is right, with every character percent-encoded", Open: anywhere, fits: inPath, put: encode},
	{Name: "plain", Rule: ruleOdd.ID, Says: "the ARN is right, with its slash as it is", Open: anywhere, fits: isARN, put: plainly},
}

// bodyFaults are those of a body as a whole.
var bodyFaults = []Fault{
	{Name: "malformed", Rule: ruleBody.ID, Says: "the body ends in the middle", fits: hasBody, put: body(func(s string) string { return s[:len(s)-1] + `,"` })},
	{Name: "list", Rule: ruleBody.ID, Says: "the body is an array", fits: hasBody, put: body(func(s string) string { return "[" + s + "]" })},
	{Name: "scalar", Rule: ruleBody.ID, Says: "the body is a number", fits: hasBody, put: body(func(string) string { return "7" })},
	{Name: "garbage", Rule: ruleBody.ID, Says: "something follows the object", fits: hasBody, put: body(func(s string) string { return s + "}x" })},
	{Name: "no-body", Rule: ruleNeeded.ID, Says: "the body is empty", Open: nothingNeeded, fits: hasBody, put: bodiless},
	{Name: "text", Rule: ruleOdd.ID, Says: "the content type is text/plain", Open: anywhere, fits: hasBody, put: media(Some("text/plain"))},
	{Name: "untyped", Rule: ruleOdd.ID, Says: "there is no content type", Open: anywhere, fits: hasBody, put: media(Maybe{})},
	{Name: "unknown-member", Rule: ruleOdd.ID, Says: "the body has a member that the operation does not have", Open: anywhere, fits: hasBody, put: extra(`true`)},
	{Name: "not-utf-8", Rule: ruleOdd.ID, Says: "an unknown member is not UTF-8", Open: anywhere, fits: hasBody, put: extra("\"\xff\xfe\"")},
	{Name: "deep", Rule: ruleOdd.ID, Says: "an unknown member is nested 5000 deep", Open: anywhere, fits: hasBody, put: extra(strings.Repeat("[", 5000) + strings.Repeat("]", 5000))},
	{Name: "oversized", Rule: ruleOdd.ID, Says: "the body has a little more than 1 MiB, nearly all of it spaces", Open: anywhere, fits: hasBody,
		put: body(func(s string) string { return "{" + strings.Repeat(" ", 1<<20) + s[1:] })},
}

// routeFaults are those of where a request goes.
var routeFaults = []Fault{
	{Name: "method", Rule: ruleRoute.ID, Says: "the method is PUT, which no operation has", fits: whole, put: func(d *draft, _ Pair) { d.method = "PUT" }},
	{Name: "path", Rule: ruleRoute.ID, Says: "the path begins with a segment that no operation has", fits: whole, put: func(d *draft, _ Pair) { d.prefix = "/no-such-path" }},
	{Name: "trailing-slash", Rule: ruleOdd.ID, Says: "the path ends in a slash", Open: anywhere, fits: whole, put: func(d *draft, _ Pair) { d.suffix = "/" }},
}

// signingFaults are those of who asks.
var signingFaults = []Fault{
	{Name: "unsigned", Rule: ruleSigned.ID, Says: "the request is not signed", fits: whole, put: signed(Unsigned)},
	{Name: "signature", Rule: ruleSigned.ID, Says: "the signature is by another secret", fits: whole, put: signed(OtherSecret)},
	{Name: "access-key", Rule: ruleSigned.ID, Says: "the access key is one that nobody has", fits: whole, put: signed(OtherKey)},
	{Name: "service", Rule: ruleSigned.ID, Says: "the signature is for the service s3", fits: whole, put: signed(OtherService)},
	{Name: "clock", Rule: ruleSigned.ID, Says: "the signature is of an hour ago", fits: whole, put: signed(Stale)},
	{Name: "hash", Rule: ruleSigned.ID, Says: "the signature is for another body", fits: whole, put: signed(OtherBody)},
}

// Where faults fit, and where they are open.

func anywhere(Shape, Pair) bool        { return true }
func whole(_ Shape, p Pair) bool       { return p.Path == "" }
func inPath(_ Shape, p Pair) bool      { return p.at(InPath) }
func inBody(_ Shape, p Pair) bool      { return p.at(InBody) }
func outsidePath(_ Shape, p Pair) bool { return !p.at(InPath) }

func (p Pair) at(where Location) bool { return p.Path != "" && p.Location == where }

func isID(_ Shape, p Pair) bool  { return p.at(InPath) && p.Member.Identity }
func isARN(_ Shape, p Pair) bool { return p.at(InPath) && !p.Member.Identity }

// named reports a member of the body or the query with a name of its own, and
// thus no item, key or value, that is given once.
func named(_ Shape, p Pair) bool {
	return !p.at(InPath) && p.Member.Name != "" && !(p.at(InQuery) && p.Member.Form == ListForm)
}

// dispensable reports a member for which null stands as well as nothing.
func dispensable(s Shape, p Pair) bool {
	return p.at(InBody) && named(s, p) && !p.Member.Required && !slices.ContainsFunc(Constraints(s), func(of Pair) bool {
		return of.Constraint == NotOne && of.Path+"."+p.Member.Name == p.Path
	})
}

func hasBody(s Shape, p Pair) bool {
	return whole(s, p) && slices.ContainsFunc(s.Request, func(m Member) bool { return m.Location == InBody })
}

func nothingNeeded(s Shape, _ Pair) bool {
	return !slices.ContainsFunc(s.Request, func(m Member) bool { return m.Location == InBody && m.Required })
}

// hasParent reports a read that becomes a listing when its last segment goes.
func hasParent(s Shape, p Pair) bool { return s.Method == "GET" && parented(s, p) }

// aimed reports a member of the path without which a request is not a right one
// of another operation: an update of no cluster is a create.
func aimed(s Shape, p Pair) bool { return inPath(s, p) && (s.Method == "GET" || !parented(s, p)) }

// parented reports a request that has the path and the method of another
// operation when its last segment goes.
func parented(s Shape, p Pair) bool {
	parent, last := strings.CutSuffix(s.Path, "/{"+p.Path+"}")
	return last && slices.ContainsFunc(shapes, func(t Shape) bool {
		return t.Method == s.Method && placeholders(t.Path) == placeholders(parent)
	})
}

// placeholders returns a path with its members unnamed.
func placeholders(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		if strings.HasPrefix(parts[i], "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// places returns where faults can be put in a request: each member with each of
// its constraints, each member with none, and the request as a whole.
func places(s Shape) []Pair {
	list := Constraints(s)
	seen := map[string]bool{}
	for _, p := range slices.Clone(list) {
		if !seen[p.Path] {
			seen[p.Path] = true
			p.Constraint = 0
			list = append(list, p)
		}
	}
	return append(list, Pair{})
}

// at reports whether the fault can be put there.
func (f *Fault) at(s Shape, p Pair) bool {
	return f.Breaks == p.Constraint && (f.fits == nil || f.fits(s, p))
}

// Hostiles returns every pair of a place in a request and a fault that fits it,
// as the hostile operation without its names, for all operations of the
// revision, in the order of the tables.
func Hostiles(rev Revision) []Hostile {
	var list []Hostile
	for _, s := range Shapes(rev) {
		for _, p := range places(s) {
			for i := range Faults {
				if Faults[i].at(s, p) {
					list = append(list, Hostile{Operation: s.Name, Member: p.Path, Fault: Faults[i].Name})
				}
			}
		}
	}
	return list
}

// find returns the fault and where it is put, and whether the shape has such a
// place.
func (op Hostile) find(s Shape) (*Fault, Pair, bool) {
	i := slices.IndexFunc(Faults, func(f Fault) bool { return f.Name == op.Fault })
	if i < 0 {
		return nil, Pair{}, false
	}
	f := &Faults[i]
	list := places(s)
	j := slices.IndexFunc(list, func(p Pair) bool { return p.Path == op.Member && f.at(s, p) })
	if j < 0 {
		return nil, Pair{}, false
	}
	return f, list[j], true
}

// Pair returns the operation without its names: what a run has to reach once,
// see [Hostiles].
func (op Hostile) Pair() Hostile {
	return Hostile{Operation: op.Operation, Member: op.Member, Fault: op.Fault}
}

// Must reports whether a success breaks a rule. It is false as well for what is
// in none of the tables.
func (op Hostile) Must(rev Revision) bool {
	s, _ := LookupShape(rev, op.Operation)
	f, p, ok := op.find(s)
	return ok && (f.Open == nil || !f.Open(s, p))
}

// Readings returns the operations that a reader who overlooks the fault may take
// the request for, the likeliest first; none for an operation that the model
// does not have.
func (op Hostile) Readings(rev Revision) []Op {
	s, _ := LookupShape(rev, op.Operation)
	f, p, ok := op.find(s)
	if !ok {
		return nil
	}
	d := newDraft(op, s, p, HTTPNames{})
	f.put(d, p)
	given := func(path string) bool { return d.given[path] }
	var list []Op
	if first := op.reading(given); first != nil {
		list = append(list, first)
	}
	if f.Name == "text" || f.Name == "untyped" {
		// What is no JSON may be no body at all.
		if bare := op.reading(func(string) bool { return false }); bare != nil && nothingNeeded(s, p) {
			list = append(list, bare)
		}
	}
	return list
}

// reading returns the operation with the members that are given.
func (op Hostile) reading(given func(path string) bool) Op {
	some := func(path, value string) Maybe {
		if given(path) {
			return Some(value)
		}
		return Maybe{}
	}
	off := Unset
	if given("deletionProtectionEnabled") {
		off = Off
	}
	bypass := Unset
	if given("bypassPolicyLockoutSafetyCheck") {
		bypass = Off
	}
	var tags Tags
	if given("tags") {
		tags = NewTags(map[string]string{plainTag: plainTag})
	}
	var multi *MultiRegion
	if given("multiRegionProperties") {
		multi = &MultiRegion{Witness: some("multiRegionProperties.witnessRegion", string(witnessFor(op.Region)))}
		if given("multiRegionProperties.clusters") {
			multi.Peers, multi.GivenPeers = []Ref{{Literal: plainARN}}, true
		}
	}
	expect := Expect{Literal: some("expectedPolicyVersion", plainVersion)}
	switch op.Operation {
	case CreateCluster{}.Name():
		return CreateCluster{As: op.As, Region: op.Region, Protection: off, Key: some("kmsEncryptionKey", plainKey),
			Tags: tags, GivenTags: given("tags"), Multi: multi, Policy: some("policy", PlainPolicy), Bypass: bypass}
	case GetCluster{}.Name():
		return GetCluster{Ref: op.Ref, At: op.Region}
	case ListClusters{}.Name():
		return ListClusters{Region: op.Region}
	case UpdateCluster{}.Name():
		return UpdateCluster{Ref: op.Ref, At: op.Region, Protection: off, Key: some("kmsEncryptionKey", plainKey), Multi: multi}
	case DeleteCluster{}.Name():
		return DeleteCluster{Ref: op.Ref, At: op.Region}
	case TagResource{}.Name():
		return TagResource{Ref: op.Ref, Stream: op.Stream, At: op.Region, Tags: tags}
	case UntagResource{}.Name():
		return UntagResource{Ref: op.Ref, Stream: op.Stream, At: op.Region, Keys: []string{plainTag}}
	case ListTagsForResource{}.Name():
		return ListTagsForResource{Ref: op.Ref, Stream: op.Stream, At: op.Region}
	case GetVpcEndpointServiceName{}.Name():
		return GetVpcEndpointServiceName{Ref: op.Ref, At: op.Region}
	case PutClusterPolicy{}.Name():
		return PutClusterPolicy{Ref: op.Ref, At: op.Region, Policy: PlainPolicy, Bypass: bypass, Expect: expect}
	case GetClusterPolicy{}.Name():
		return GetClusterPolicy{Ref: op.Ref, At: op.Region}
	case DeleteClusterPolicy{}.Name():
		return DeleteClusterPolicy{Ref: op.Ref, At: op.Region, Expect: expect}
	case CreateStream{}.Name():
		return CreateStream{As: op.Stream.Handle, Ref: op.Ref, At: op.Region, Ordering: Some(plainOrdering), Format: Some(plainFormat),
			Tags: tags, GivenTags: given("tags")}
	case GetStream{}.Name():
		return GetStream{Ref: op.Ref, Stream: op.Stream, At: op.Region}
	case ListStreams{}.Name():
		return ListStreams{Ref: op.Ref, At: op.Region}
	case DeleteStream{}.Name():
		return DeleteStream{Ref: op.Ref, Stream: op.Stream, At: op.Region}
	case DeleteMultiRegionClusters{}.Name():
		return DeleteMultiRegionClusters{Region: op.Region, Refs: []Ref{op.Ref}}
	}
	return nil
}

// stepHostile allows every refusal. Where the fault is open it allows what the
// readings do besides; what a read then answers is not judged, only its form is.
func stepHostile(w World, op Hostile) []Outcome {
	rev := Current
	if w.Env != nil {
		rev = w.Env.Revision
	}
	s, _ := LookupShape(rev, op.Operation)
	f, p, ok := op.find(s)
	if !ok {
		return []Outcome{{Rules: []RuleID{ruleRaw.ID}, Want: Want{Any: true}, Next: w}}
	}
	open := f.Open != nil && f.Open(s, p)
	rule := f.Rule
	switch {
	case open && hasParent(s, p):
		rule = ruleParent.ID
	case open:
		rule = ruleOdd.ID
	}
	refusal := refuse(nil, w, rule, Refusal{Allowed: Any4xx})
	if !open {
		return refusal
	}
	readings := op.Readings(rev)
	if s.Method == "GET" || len(readings) == 0 {
		return append(refusal, Outcome{Rules: []RuleID{rule}, Want: Want{Any: true}, Next: w})
	}
	var out []Outcome
	for _, reading := range readings {
		out = append(out, step(nil, &w, reading)...)
	}
	return append(out, refusal...)
}
