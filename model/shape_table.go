package model

import (
	"regexp"
	"slices"
)

// need and opt return m as a required or an optional member called name.
func (m Member) need(name string) Member { m.Name, m.Required = name, true; return m }
func (m Member) opt(name string) Member  { m.Name = name; return m }

// path and query return m as the member called name that stands in the path, or
// in the query under another name.
func (m Member) path(name string) Member {
	m.Name, m.Required, m.Location, m.Wire = name, true, InPath, name
	return m
}

func (m Member) query(name, wire string) Member {
	m.Name, m.Location, m.Wire = name, InQuery, wire
	return m
}

// since and until return m as a member that only the revision [Current], or
// only [May2025], has.
func (m Member) since() Member { m.In = only(Current); return m }
func (m Member) until() Member { m.In = only(May2025); return m }

// pattern compiles a pattern of the service description, whole string.
func pattern(text string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + text + `)$`) }

// The service description's named types. Where its releases differ in a pattern
// (the service name of F011, the ARN of a Kinesis stream) the wider one stands
// here.
var (
	textType      = Member{Form: StringForm}
	flagType      = Member{Form: BooleanForm}
	timeType      = Member{Form: TimestampForm}
	clusterIDType = Member{Form: StringForm, Pattern: pattern(`[a-z0-9]{26}`), Identity: true}
	streamIDType  = clusterIDType
	arnType       = Member{Form: StringForm, Identity: true,
		Pattern: pattern(`arn:aws(-[^:]+)?:dsql:[a-z0-9-]{1,20}:[0-9]{12}:cluster/[a-z0-9]{26}`)}
	streamARNType = Member{Form: StringForm, Identity: true,
		Pattern: pattern(`arn:aws(-[^:]+)?:dsql:[a-z0-9-]{1,20}:[0-9]{12}:cluster/[a-z0-9]{26}/stream/[a-z0-9]{26}`)}
	resourceType = Member{Form: StringForm, Min: 1, Max: 1011, Pattern: pattern(`arn:.+`)}
	tokenType    = Member{Form: StringForm, Min: 1, Max: 128, Pattern: pattern(`[!-~]+`), Token: true}
	pageSizeType = Member{Form: IntegerForm, Min: 1, Max: 100}
	statusType   = Member{Form: StringForm, Enum: statusNames[Creating:Gone]}
	hostType     = Member{Form: StringForm, Pattern: pattern(`[a-zA-Z0-9.-]+`)}
	serviceType  = Member{Form: StringForm, Min: 1, Max: 128, Pattern: pattern(`com\.amazonaws\.[a-z0-9-]+\.dsql[a-z0-9-]*`)}
	regionType   = Member{Form: StringForm, Max: 50}
	keyType      = Member{Form: StringForm, Min: 1, Max: 2048, Pattern: pattern(`[a-zA-Z0-9:/_-]+`)}
	policyType   = Member{Form: StringForm, Min: 1, Max: 20480}
	tagKeyType   = Member{Form: StringForm, Min: 1, Max: 128, Pattern: pattern(`[a-zA-Z0-9_.:/=+\-@ ]*`)}
	tagValueType = Member{Form: StringForm, Max: 256, Pattern: pattern(`[a-zA-Z0-9_.:/=+\-@ ]*`)}
	tagMapType   = Member{Form: MapForm, Max: 200, Key: &tagKeyType, Item: &tagValueType}
	tagKeysType  = Member{Form: ListForm, Max: 200, Item: &tagKeyType}
	arnListType  = Member{Form: ListForm, Unique: true, Item: &arnType}
	multiType    = Member{Form: StructureForm, Members: []Member{
		regionType.opt("witnessRegion"),
		arnListType.opt("clusters"),
	}}
	encryptionType = Member{Form: StructureForm, Members: []Member{
		Member{Form: StringForm, Enum: []string{"AWS_OWNED_KMS_KEY", "CUSTOMER_MANAGED_KMS_KEY"}}.need("encryptionType"),
		textType.opt("kmsKeyArn"),
		Member{Form: StringForm, Enum: []string{"ENABLED", "UPDATING", "KMS_KEY_INACCESSIBLE", "ENABLING"}}.need("encryptionStatus"),
	}}
	summaryType = Member{Form: StructureForm, Members: []Member{clusterIDType.need("identifier"), arnType.need("arn")}}

	orderingType     = Member{Form: StringForm, Enum: []string{"UNORDERED"}}
	formatType       = Member{Form: StringForm, Enum: []string{"JSON"}}
	streamStatusType = Member{Form: StringForm, Enum: []string{"CREATING", "ACTIVE", "DELETING", "DELETED", "FAILED", "IMPAIRED"}}
	targetType       = Member{Form: StructureForm, Union: true, Members: []Member{
		Member{Form: StructureForm, Members: []Member{
			Member{Form: StringForm, Min: 1, Max: 2048, Pattern: pattern(`arn:aws.*:kinesis:.*:\d{12}:stream/\S+`)}.need("streamArn"),
			Member{Form: StringForm, Min: 20, Max: 2048, Pattern: pattern(`arn:aws(-[^:]+)?:iam::[0-9]{12}:role(/[a-zA-Z0-9+=,.@_-]+)+`)}.need("roleArn"),
		}}.opt("kinesis"),
	}}
	statusReasonType = Member{Form: StructureForm, Members: []Member{
		Member{Form: StringForm, Enum: []string{"KINESIS_THROUGHPUT_EXCEEDED", "KINESIS_STREAM_NOT_FOUND", "ROLE_ACCESS_DENIED",
			"KINESIS_ACCESS_DENIED", "KINESIS_KMS_ACCESS_DENIED", "KINESIS_OVERSIZE_RECORD", "CLUSTER_CMK_INACCESSIBLE",
			"INTERNAL_ERROR"}}.need("error"),
		timeType.need("updatedAt"),
	}}
	streamSummaryType = Member{Form: StructureForm, Members: []Member{
		clusterIDType.need("clusterIdentifier"), streamIDType.need("streamIdentifier"), streamARNType.need("arn"),
		timeType.need("creationTime"), streamStatusType.need("status")}}

	// Of the retired operations.
	linkedType = Member{Form: MapForm, Key: &regionType, Item: &Member{Form: StructureForm, Members: []Member{
		onByDefault.opt("deletionProtectionEnabled"),
		tagMapType.opt("tags"),
	}}}

	reasonType = Member{Form: StringForm, Enum: []string{
		"unknownOperation", "cannotParse", "fieldValidationFailed", "deletionProtectionEnabled", "other"}}
	fieldType      = Member{Form: StructureForm, Members: []Member{textType.need("name"), textType.need("message")}}
	retryAfterType = Member{Form: IntegerForm, Location: InHeader, Wire: "Retry-After"}

	onByDefault = Member{Form: BooleanForm, Default: "true"} // F032
)

// changed are the members that every answer about one cluster has (F065).
var changed = []Member{
	clusterIDType.need("identifier"),
	arnType.need("arn"),
	statusType.need("status"),
	timeType.need("creationTime"),
}

// streamed are the members that every answer about one stream has.
var streamed = []Member{
	clusterIDType.need("clusterIdentifier"),
	streamIDType.need("streamIdentifier"),
	streamARNType.need("arn"),
	streamStatusType.need("status"),
	timeType.need("creationTime"),
}

// with returns a new list of the members of both.
func with(list []Member, more ...Member) []Member { return append(slices.Clip(list), more...) }

// common are the errors that every operation may answer.
const common = CodeSet(1<<AccessDenied | 1<<Validation | 1<<Throttling | 1<<InternalServer)

// shapes is the table of operations, by the service description of the present
// (section 1 of the facts), with what the change of 2025-05-13 had besides or
// did not have yet (section 7). Policies came on 2025-10-23, streams on
// 2026-05-13 (F045, F169); the retired operations went on 2025-05-19 (F135).
var shapes = []Shape{
	{Name: "CreateCluster", Method: "POST", Path: "/cluster", Status: 200,
		Errors: common | Codes(QuotaExceeded, Conflict),
		Request: []Member{
			onByDefault.opt("deletionProtectionEnabled"),
			keyType.opt("kmsEncryptionKey").since(),
			tagMapType.opt("tags"),
			tokenType.opt("clientToken"),
			multiType.opt("multiRegionProperties"),
			policyType.opt("policy").since(),
			flagType.opt("bypassPolicyLockoutSafetyCheck").since()},
		Members: with(changed,
			multiType.opt("multiRegionProperties"),
			encryptionType.opt("encryptionDetails").since(),
			flagType.need("deletionProtectionEnabled"),
			hostType.opt("endpoint").since())},
	{Name: "GetCluster", Method: "GET", Path: "/cluster/{identifier}", Status: 200,
		Errors:  common | Codes(NotFound),
		Request: []Member{clusterIDType.path("identifier")},
		Members: with(changed,
			regionType.opt("witnessRegion").until(),
			arnListType.opt("linkedClusterArns").until(),
			flagType.need("deletionProtectionEnabled"),
			multiType.opt("multiRegionProperties"),
			tagMapType.opt("tags"),
			encryptionType.opt("encryptionDetails").since(),
			hostType.opt("endpoint").since())},
	{Name: "ListClusters", Method: "GET", Path: "/cluster", Status: 200,
		Errors: common | Codes(NotFound),
		Request: []Member{
			pageSizeType.query("maxResults", "max-results"),
			textType.query("nextToken", "next-token")},
		Members: []Member{
			textType.opt("nextToken"),
			Member{Form: ListForm, Item: &summaryType}.need("clusters")}},
	{Name: "UpdateCluster", Method: "POST", Path: "/cluster/{identifier}", Status: 200,
		Errors: common | Codes(NotFound, Conflict),
		Request: []Member{
			clusterIDType.path("identifier"),
			flagType.opt("deletionProtectionEnabled"),
			keyType.opt("kmsEncryptionKey").since(),
			tokenType.opt("clientToken"),
			multiType.opt("multiRegionProperties")},
		Members: with(changed,
			regionType.opt("witnessRegion").until(),
			arnListType.opt("linkedClusterArns").until(),
			flagType.opt("deletionProtectionEnabled").until())},
	{Name: "DeleteCluster", Method: "DELETE", Path: "/cluster/{identifier}", Status: 200,
		Errors:  common | Codes(NotFound, Conflict),
		Request: []Member{clusterIDType.path("identifier"), tokenType.query("clientToken", "client-token")},
		Members: with(changed, flagType.opt("deletionProtectionEnabled").until())},
	{Name: "TagResource", Method: "POST", Path: "/tags/{resourceArn}", Status: 200,
		Errors:  common | Codes(NotFound, QuotaExceeded),
		Request: []Member{resourceType.path("resourceArn"), tagMapType.need("tags")}},
	{Name: "UntagResource", Method: "DELETE", Path: "/tags/{resourceArn}", Status: 200,
		Errors:  common | Codes(NotFound),
		Request: []Member{resourceType.path("resourceArn"), tagKeysType.query("tagKeys", "tagKeys").need("tagKeys")}},
	{Name: "ListTagsForResource", Method: "GET", Path: "/tags/{resourceArn}", Status: 200,
		Errors:  common | Codes(NotFound),
		Request: []Member{resourceType.path("resourceArn")},
		Members: []Member{tagMapType.opt("tags")}},
	{Name: "GetVpcEndpointServiceName", Method: "GET", Path: "/clusters/{identifier}/vpc-endpoint-service-name", Status: 200,
		Errors:  common | Codes(NotFound),
		Request: []Member{clusterIDType.path("identifier")},
		Members: []Member{
			serviceType.need("serviceName"),
			hostType.opt("clusterVpcEndpoint").since()}},
	{Name: "PutClusterPolicy", Method: "POST", Path: "/cluster/{identifier}/policy", Status: 200, In: only(Current),
		Errors: common | Codes(NotFound, Conflict),
		Request: []Member{
			clusterIDType.path("identifier"),
			policyType.need("policy"),
			flagType.opt("bypassPolicyLockoutSafetyCheck"),
			textType.opt("expectedPolicyVersion"),
			tokenType.opt("clientToken")},
		Members: []Member{textType.need("policyVersion")}},
	{Name: "GetClusterPolicy", Method: "GET", Path: "/cluster/{identifier}/policy", Status: 200, In: only(Current),
		Errors:  common | Codes(NotFound),
		Request: []Member{clusterIDType.path("identifier")},
		Members: []Member{policyType.need("policy"), textType.need("policyVersion")}},
	{Name: "DeleteClusterPolicy", Method: "DELETE", Path: "/cluster/{identifier}/policy", Status: 200, In: only(Current),
		Errors: common | Codes(NotFound, Conflict),
		Request: []Member{
			clusterIDType.path("identifier"),
			textType.query("expectedPolicyVersion", "expected-policy-version"),
			tokenType.query("clientToken", "client-token")},
		Members: []Member{textType.need("policyVersion")}},
	{Name: "CreateStream", Method: "POST", Path: "/stream/{clusterIdentifier}", Status: 200, In: only(Current),
		Errors: common | Codes(NotFound, QuotaExceeded, Conflict),
		Request: []Member{
			clusterIDType.path("clusterIdentifier"),
			targetType.need("targetDefinition"),
			orderingType.need("ordering"),
			formatType.need("format"),
			tagMapType.opt("tags"),
			tokenType.opt("clientToken")},
		Members: with(streamed, orderingType.need("ordering"), formatType.need("format"))},
	{Name: "GetStream", Method: "GET", Path: "/stream/{clusterIdentifier}/{streamIdentifier}", Status: 200, In: only(Current),
		Errors:  common | Codes(NotFound),
		Request: []Member{clusterIDType.path("clusterIdentifier"), streamIDType.path("streamIdentifier")},
		Members: with(streamed, orderingType.need("ordering"), formatType.need("format"),
			targetType.opt("targetDefinition"),
			statusReasonType.opt("statusReason"),
			tagMapType.opt("tags"))},
	{Name: "ListStreams", Method: "GET", Path: "/stream/{clusterIdentifier}", Status: 200, In: only(Current),
		Errors: common | Codes(NotFound),
		Request: []Member{
			clusterIDType.path("clusterIdentifier"),
			pageSizeType.query("maxResults", "max-results"),
			textType.query("nextToken", "next-token")},
		Members: []Member{
			textType.opt("nextToken"),
			Member{Form: ListForm, Item: &streamSummaryType}.need("streams")}},
	{Name: "DeleteStream", Method: "DELETE", Path: "/stream/{clusterIdentifier}/{streamIdentifier}", Status: 200, In: only(Current),
		Errors: common | Codes(NotFound, Conflict),
		Request: []Member{
			clusterIDType.path("clusterIdentifier"),
			streamIDType.path("streamIdentifier"),
			tokenType.query("clientToken", "client-token")},
		Members: streamed},
	{Name: "CreateMultiRegionClusters", Method: "POST", Path: "/multi-region-clusters", Status: 200, In: only(May2025),
		Errors: common | Codes(QuotaExceeded, Conflict),
		Request: []Member{
			Member{Form: ListForm, Item: &regionType}.need("linkedRegionList"),
			linkedType.opt("clusterProperties"),
			regionType.need("witnessRegion"),
			tokenType.opt("clientToken")},
		Members: []Member{arnListType.need("linkedClusterArns")}},
	{Name: "DeleteMultiRegionClusters", Method: "DELETE", Path: "/multi-region-clusters", Status: 200, In: only(May2025),
		Errors: common | Codes(NotFound, Conflict),
		Request: []Member{
			arnListType.query("linkedClusterArns", "linked-cluster-arns").need("linkedClusterArns"),
			tokenType.query("clientToken", "client-token")}},
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
