package model

import (
	"regexp"
	"slices"
)

// Form is the JSON form of a member.
type Form uint8

// The forms that the service's requests and answers use.
const (
	StringForm    Form = iota + 1
	BooleanForm        // true or false
	IntegerForm        // a number without a fraction, of 32 bits
	TimestampForm      // a number of epoch seconds, fractions allowed (F002)
	StructureForm      // an object with the given members
	ListForm           // an array of one kind of item
	MapForm            // an object from keys to one kind of item
)

var formNames = [...]string{"", "string", "boolean", "integer", "timestamp", "structure", "list", "map"}

// String returns the service description's word for the form.
func (f Form) String() string {
	if int(f) < len(formNames) {
		return formNames[f]
	}
	return ""
}

// Location says where a member stands.
type Location uint8

// The locations of a member.
const (
	InBody Location = iota
	InPath
	InQuery
	InHeader
)

var locationNames = [...]string{"body", "path", "query", "header"}

// String returns "body", "path", "query" or "header".
func (l Location) String() string {
	if int(l) < len(locationNames) {
		return locationNames[l]
	}
	return ""
}

// Shape is the wire form of an operation, or of an error. Its slices must not
// be written to.
type Shape struct {
	Name         string    // of the operation or the error
	Method, Path string    // of the request, path members in braces; empty for an error
	Status       int       // HTTP status code of the answer
	Request      []Member  // of the request, wherever they stand
	Members      []Member  // of the answer; none means that its body is empty
	Errors       CodeSet   // that the operation may answer
	In           Revisions // that have the operation
}

// Member is one value of a [Shape], with everything that the service
// description says of it.
type Member struct {
	Name     string // JSON name; empty for items and keys
	Location Location
	Wire     string // its name in the query, such as "client-token", or in the header
	Required bool
	Default  string    // JSON of the value that stands for an absent one, "" for none
	Token    bool      // an idempotency token, which an SDK fills in
	In       Revisions // that have the member
	Form     Form

	Pattern  *regexp.Regexp // of a string, anchored; nil for any
	Enum     []string       // of a string; nil for any
	Min, Max int            // characters of a string, items of a list or map, value of an integer; Max 0 is no limit
	Unique   bool           // a list's items differ from one another
	Identity bool           // names a resource: its pattern is demanded, not suspected
	Union    bool           // of a structure: exactly one of its members is given

	Members []Member // of a structure
	Item    *Member  // of a list, and the values of a map
	Key     *Member  // of a map
}

// Shapes returns the shape of every operation that the revision has, with the
// members that it has there, in the order of the table.
func Shapes(rev Revision) []Shape { return slices.Clone(shapesOf[rev]) }

// LookupShape returns the shape of the operation with the service's name as the
// revision has it, and whether it has one: [May2025] alone has the retired
// operations, [Current] alone those on policies and streams. [Await] has that
// of GetCluster.
func LookupShape(rev Revision, op string) (Shape, bool) {
	if op == (Await{}).Name() {
		op = "GetCluster"
	}
	i := slices.IndexFunc(shapesOf[rev], func(s Shape) bool { return s.Name == op })
	if i < 0 {
		return Shape{}, false
	}
	return shapesOf[rev][i], true
}

// shapesOf is the table as each revision has it. Revisions differ in members of
// requests and answers, not in what those are made of.
var shapesOf = func() map[Revision][]Shape {
	of := map[Revision][]Shape{}
	for i := range revisionNames {
		rev := Revision(i)
		have := func(list []Member) []Member {
			return slices.DeleteFunc(slices.Clone(list), func(m Member) bool { return !m.In.Has(rev) })
		}
		for _, s := range shapes {
			if s.In.Has(rev) {
				s.Request, s.Members = have(s.Request), have(s.Members)
				of[rev] = append(of[rev], s)
			}
		}
	}
	return of
}()

// ErrorShape returns the shape of the service's error with that name, and
// whether there is one. Revisions do not differ in them.
func ErrorShape(name string) (Shape, bool) {
	for _, e := range Errors {
		if e.Name == name {
			return Shape{Name: e.Name, Status: e.HTTP, Members: errorMembers[e.Code]}, true
		}
	}
	return Shape{}, false
}

// The rules of the wire, which the bytes of every answer are held against.
const (
	WireRequired  RuleID = "DSQL-WIR-001"
	WireForm      RuleID = "DSQL-WIR-002"
	WireIdentity  RuleID = "DSQL-WIR-003"
	WireBounds    RuleID = "DSQL-WIR-004"
	WireEnum      RuleID = "DSQL-WIR-005"
	WireTime      RuleID = "DSQL-WIR-006"
	WireCase      RuleID = "DSQL-WIR-007"
	WireStatus    RuleID = "DSQL-WIR-008"
	WireAgree     RuleID = "DSQL-WIR-009"
	WireNamed     RuleID = "DSQL-WIR-010"
	WireError     RuleID = "DSQL-WIR-011"
	WireContent   RuleID = "DSQL-WIR-012"
	WireBody      RuleID = "DSQL-WIR-013"
	WireRedirect  RuleID = "DSQL-WIR-014"
	WireUnique    RuleID = "DSQL-WIR-015"
	WireARN       RuleID = "DSQL-WIR-016"
	WireUnknown   RuleID = "DSQL-WIR-017"
	WireRequestID RuleID = "DSQL-WIR-018"
	WireRevision  RuleID = "DSQL-WIR-019"
	WireQuiet     RuleID = "DSQL-WIR-020"
)

// shapeRules returns the rules of the wire.
//
// Patterns of identifiers and ARNs are demanded. Other patterns and lengths
// are only suspected: a service checks what it is sent against its description,
// and nobody checks what it answers. Members that the description does not
// name may appear at any time, since it gains members without a new version.
func shapeRules() []Rule {
	return []Rule{
		{ID: WireRequired, Says: "a success carries every required member", Cite: cite("F034", "F052", "F058", "F065", "F013"), Basis: Modelled, Force: Must},
		{ID: WireForm, Says: "a member has the JSON type that the service description gives it, times being epoch seconds", Cite: cite("F002", "F034", "F052"), Basis: Modelled, Force: Must},
		{ID: WireIdentity, Says: "an identifier is 26 characters of a-z0-9 and an ARN has the form of a cluster's or of its stream's", Cite: cite("F004", "F009"), Basis: Modelled, Force: Must},
		{ID: WireBounds, Says: "a value keeps the pattern and the length that the service description gives it", Cite: cite("F011", "F013", "F146", "F147"), Basis: Modelled, Force: Should},
		{ID: WireEnum, Says: "a value of an enumeration is one of its members", Cite: cite("F186", "F022"), Basis: Modelled, Force: Must},
		{ID: WireTime, Says: "a time counts seconds and lies within 24 hours of the answer", Cite: cite("F002"), Basis: Modelled, Force: Must},
		{ID: WireCase, Says: "member names are spelt as the service description spells them", Cite: cite("F002"), Basis: Modelled, Force: Must},
		{ID: WireStatus, Says: "the HTTP status code is the one that the service description gives the operation or the error", Cite: cite("F018", "F025", "F148"), Basis: Modelled, Force: Must},
		{ID: WireAgree, Says: "x-amzn-errortype and __type name the same error", Cite: cite("F017"), Basis: Modelled, Force: Must},
		{ID: WireNamed, Says: "a refusal names its error", Cite: cite("F017"), Basis: Modelled, Force: Must},
		{ID: WireError, Says: "an error carries every required member", Cite: cite("F019", "F020", "F022"), Basis: Modelled, Force: Must},
		{ID: WireContent, Says: "an answer with a body is JSON by its content type", Cite: cite("F001"), Basis: Modelled, Force: Must},
		{ID: WireBody, Says: "the body of an answer is one JSON object with each member once, or empty where there are none", Cite: cite("F001", "F148"), Basis: Modelled, Force: Must},
		{ID: WireRedirect, Says: "an operation is answered at its path, without a redirect", Cite: cite("F012", "F016"), Basis: Modelled, Force: Must},
		{ID: WireUnique, Says: "the ARNs of a list of clusters differ from one another", Cite: cite("F105"), Basis: Modelled, Force: Must},
		{ID: WireARN, Says: "the ARN of a cluster, or of its stream, ends in its identifiers and names the Region that was asked", Cite: cite("F009", "F060"), Basis: Modelled, Force: Must},
		{ID: WireUnknown, Says: "an answer may carry members that the service description does not name", Cite: cite("F055", "F066"), Basis: Modelled, Force: May},
		{ID: WireRevision, Says: "an answer has no member that only another revision of the API has", Cite: cite("F055", "F066"), Basis: Modelled, Force: Should},
		{ID: WireQuiet, Says: "names that a resource has for good are the same in two reads with no call between them", Cite: cite("F010", "F011", "F013"), Basis: Modelled, Force: Should},
		{ID: WireRequestID, Says: "an answer may lack a request id", Cite: cite("F001"), Basis: Modelled, Force: May},
	}
}
