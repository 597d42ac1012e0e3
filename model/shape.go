package model

import (
	"regexp"
	"slices"
)

// Form is the JSON form of a member.
type Form uint8

// The forms that the service's answers use.
const (
	StringForm    Form = iota + 1
	BooleanForm        // true or false
	IntegerForm        // a number without a fraction
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

// Shape is the wire form of an operation's success or of an error. Its slices
// must not be written to.
type Shape struct {
	Name         string   // of the operation or the error
	Method, Path string   // of the request, path members in braces; empty for an error
	Status       int      // HTTP status code of the answer
	Members      []Member // of the answer; none means that its body is empty
}

// Member is one value of a [Shape], with everything that the service
// description says of it.
type Member struct {
	Name     string // JSON name; empty for items and keys
	Header   string // the header that carries it instead of the body
	Required bool
	Form     Form

	Pattern  *regexp.Regexp // of a string, anchored; nil for any
	Enum     []string       // of a string; nil for any
	Min, Max int            // characters of a string, items of a list or map; Max 0 is no limit
	Unique   bool           // a list's items differ from one another
	Identity bool           // names a resource: its pattern is demanded, not suspected

	Members []Member // of a structure
	Item    *Member  // of a list, and the values of a map
	Key     *Member  // of a map
}

// need and opt return m as a required or an optional member called name.
func (m Member) need(name string) Member { m.Name, m.Required = name, true; return m }
func (m Member) opt(name string) Member  { m.Name = name; return m }

// pattern compiles a pattern of the service description, whole string.
func pattern(text string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + text + `)$`) }

// The service description's named types.
var (
	textType      = Member{Form: StringForm}
	flagType      = Member{Form: BooleanForm}
	timeType      = Member{Form: TimestampForm}
	clusterIDType = Member{Form: StringForm, Pattern: pattern(`[a-z0-9]{26}`), Identity: true}
	arnType       = Member{Form: StringForm, Identity: true,
		Pattern: pattern(`arn:aws(-[^:]+)?:dsql:[a-z0-9-]{1,20}:[0-9]{12}:cluster/[a-z0-9]{26}`)}
	statusType   = Member{Form: StringForm, Enum: statusNames[Creating:Gone]}
	hostType     = Member{Form: StringForm, Pattern: pattern(`[a-zA-Z0-9.-]+`)}
	serviceType  = Member{Form: StringForm, Min: 1, Max: 128, Pattern: pattern(`com\.amazonaws\.[a-z0-9-]+\.dsql-[a-f0-9]{6}`)}
	tagKeyType   = Member{Form: StringForm, Min: 1, Max: 128, Pattern: pattern(`[a-zA-Z0-9_.:/=+\-@ ]*`)}
	tagValueType = Member{Form: StringForm, Max: 256, Pattern: pattern(`[a-zA-Z0-9_.:/=+\-@ ]*`)}
	tagMapType   = Member{Form: MapForm, Max: 200, Key: &tagKeyType, Item: &tagValueType}
	multiType    = Member{Form: StructureForm, Members: []Member{
		Member{Form: StringForm, Max: 50}.opt("witnessRegion"),
		Member{Form: ListForm, Unique: true, Item: &arnType}.opt("clusters"),
	}}
	encryptionType = Member{Form: StructureForm, Members: []Member{
		Member{Form: StringForm, Enum: []string{"AWS_OWNED_KMS_KEY", "CUSTOMER_MANAGED_KMS_KEY"}}.need("encryptionType"),
		Member{Form: StringForm, Enum: []string{"ENABLED", "UPDATING", "KMS_KEY_INACCESSIBLE", "ENABLING"}}.need("encryptionStatus"),
		textType.opt("kmsKeyArn"),
	}}
	summaryType = Member{Form: StructureForm, Members: []Member{clusterIDType.need("identifier"), arnType.need("arn")}}
	reasonType  = Member{Form: StringForm, Enum: []string{
		"unknownOperation", "cannotParse", "fieldValidationFailed", "deletionProtectionEnabled", "other"}}
	fieldType      = Member{Form: StructureForm, Members: []Member{textType.need("name"), textType.need("message")}}
	retryAfterType = Member{Form: IntegerForm, Header: "Retry-After"}
)

// changed are the members that every answer about one cluster has (F065).
var changed = []Member{
	clusterIDType.need("identifier"),
	arnType.need("arn"),
	statusType.need("status"),
	timeType.need("creationTime"),
}

// with returns a new list of the members of both.
func with(list []Member, more ...Member) []Member { return append(slices.Clip(list), more...) }

// shapes is the table of the operations' answers.
var shapes = []Shape{
	{"CreateCluster", "POST", "/cluster", 200, with(changed,
		flagType.need("deletionProtectionEnabled"),
		multiType.opt("multiRegionProperties"),
		encryptionType.opt("encryptionDetails"),
		hostType.opt("endpoint"))},
	{"GetCluster", "GET", "/cluster/{identifier}", 200, with(changed,
		flagType.need("deletionProtectionEnabled"),
		multiType.opt("multiRegionProperties"),
		tagMapType.opt("tags"),
		encryptionType.opt("encryptionDetails"),
		hostType.opt("endpoint"))},
	{"ListClusters", "GET", "/cluster", 200, []Member{
		Member{Form: ListForm, Item: &summaryType}.need("clusters"),
		textType.opt("nextToken")}},
	{"UpdateCluster", "POST", "/cluster/{identifier}", 200, changed},
	{"DeleteCluster", "DELETE", "/cluster/{identifier}", 200, changed},
	{"TagResource", "POST", "/tags/{resourceArn}", 200, nil},
	{"UntagResource", "DELETE", "/tags/{resourceArn}", 200, nil},
	{"ListTagsForResource", "GET", "/tags/{resourceArn}", 200, []Member{
		tagMapType.opt("tags")}},
	{"GetVpcEndpointServiceName", "GET", "/clusters/{identifier}/vpc-endpoint-service-name", 200, []Member{
		serviceType.need("serviceName"),
		hostType.opt("clusterVpcEndpoint")}},
}

// errorMembers is the table of the errors' members; names and status codes
// stand in [Errors].
var errorMembers = map[Code][]Member{
	AccessDenied: {textType.need("message")},
	Validation: {textType.need("message"), reasonType.need("reason"),
		Member{Form: ListForm, Item: &fieldType}.opt("fieldList")},
	NotFound: {textType.need("message"), textType.need("resourceId"), textType.need("resourceType")},
	Conflict: {textType.need("message"), textType.opt("resourceId"), textType.opt("resourceType")},
	QuotaExceeded: {textType.need("message"), textType.need("resourceId"), textType.need("resourceType"),
		textType.need("serviceCode"), textType.need("quotaCode")},
	Throttling: {textType.need("message"), textType.opt("serviceCode"), textType.opt("quotaCode"),
		retryAfterType.opt("retryAfterSeconds")},
	InternalServer: {textType.need("message"), retryAfterType.opt("retryAfterSeconds")},
}

// Shapes returns the shape of every operation's success, in the order of the
// table.
func Shapes() []Shape { return slices.Clone(shapes) }

// LookupShape returns the shape of a success of the operation with the
// service's name, and whether there is one. [Await] has that of GetCluster.
func LookupShape(op string) (Shape, bool) {
	if op == (Await{}).Name() {
		op = "GetCluster"
	}
	i := slices.IndexFunc(shapes, func(s Shape) bool { return s.Name == op })
	if i < 0 {
		return Shape{}, false
	}
	return shapes[i], true
}

// ErrorShape returns the shape of the service's error with that name, and
// whether there is one.
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
		{ID: WireIdentity, Says: "an identifier is 26 characters of a-z0-9 and an ARN has the form of a cluster's", Cite: cite("F004", "F009"), Basis: Modelled, Force: Must},
		{ID: WireBounds, Says: "a value keeps the pattern and the length that the service description gives it", Cite: cite("F011", "F013", "F146", "F147"), Basis: Modelled, Force: Should},
		{ID: WireEnum, Says: "a value of an enumeration is one of its members", Cite: cite("F186", "F022"), Basis: Modelled, Force: Must},
		{ID: WireTime, Says: "creationTime counts seconds and lies within 24 hours of the answer", Cite: cite("F002"), Basis: Modelled, Force: Must},
		{ID: WireCase, Says: "member names are spelt as the service description spells them", Cite: cite("F002"), Basis: Modelled, Force: Must},
		{ID: WireStatus, Says: "the HTTP status code is the one that the service description gives the operation or the error", Cite: cite("F018", "F025", "F148"), Basis: Modelled, Force: Must},
		{ID: WireAgree, Says: "x-amzn-errortype and __type name the same error", Cite: cite("F017"), Basis: Modelled, Force: Must},
		{ID: WireNamed, Says: "a refusal names its error", Cite: cite("F017"), Basis: Modelled, Force: Must},
		{ID: WireError, Says: "an error carries every required member", Cite: cite("F019", "F020", "F022"), Basis: Modelled, Force: Must},
		{ID: WireContent, Says: "an answer with a body is JSON by its content type", Cite: cite("F001"), Basis: Modelled, Force: Must},
		{ID: WireBody, Says: "the body of an answer is one JSON object with each member once, or empty where there are none", Cite: cite("F001", "F148"), Basis: Modelled, Force: Must},
		{ID: WireRedirect, Says: "an operation is answered at its path, without a redirect", Cite: cite("F012", "F016"), Basis: Modelled, Force: Must},
		{ID: WireUnique, Says: "the ARNs of multiRegionProperties.clusters differ from one another", Cite: cite("F105"), Basis: Modelled, Force: Must},
		{ID: WireARN, Says: "a cluster's ARN ends in its identifier and names the Region that was asked", Cite: cite("F009", "F060"), Basis: Modelled, Force: Must},
		{ID: WireUnknown, Says: "an answer may carry members that the service description does not name", Cite: cite("F055", "F066"), Basis: Modelled, Force: May},
		{ID: WireRequestID, Says: "an answer may lack a request id", Cite: cite("F001"), Basis: Modelled, Force: May},
	}
}
