package conformance

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

const (
	wireID  = "abcdefghijklmnopqrstuvwxyz"
	wireARN = "arn:aws:dsql:us-east-1:123456789012:cluster/" + wireID
	wireNow = 1763810000

	// Answers as the service gives them, one a success of each form.
	wireChanged = `"identifier":"` + wireID + `","arn":"` + wireARN + `","status":"ACTIVE","creationTime":1763810000.25`
	wireGet     = `{` + wireChanged + `,"deletionProtectionEnabled":true,"multiRegionProperties":{"witnessRegion":"us-west-2","clusters":["` + wireARN + `"]},` +
		`"tags":{"a":"b"},"encryptionDetails":{"encryptionType":"AWS_OWNED_KMS_KEY","encryptionStatus":"ENABLED"},"endpoint":"x.dsql.us-east-1.on.aws"}`
	wireStreamed = `"clusterIdentifier":"` + wireID + `","streamIdentifier":"` + wireID + `","arn":"` + wireARN + `/stream/` + wireID + `","status":"ACTIVE","creationTime":1763810000`
	wireStream   = `{` + wireStreamed + `,"ordering":"UNORDERED","format":"JSON","targetDefinition":{"kinesis":{"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/k",` +
		`"roleArn":"arn:aws:iam::123456789012:role/r"}},"statusReason":{"error":"INTERNAL_ERROR","updatedAt":1763810000},"tags":{}}`
	wireStreams = `{"streams":[{` + wireStreamed + `}]}`
	wireLegacy  = `{` + wireChanged + `,"deletionProtectionEnabled":true,"witnessRegion":"us-west-2","linkedClusterArns":["` + wireARN + `"]}`
	wireList    = `{"clusters":[{"identifier":"` + wireID + `","arn":"` + wireARN + `"}],"nextToken":"n"}`
	wireInvalid = `{"__type":"com.amazonaws.dsql#ValidationException","message":"m","reason":"other","fieldList":[{"name":"a","message":"b"}]}`
)

// answer is an attempt with that answer; header holds names and values.
func wireAnswer(status int, body string, header ...string) Attempt {
	h := http.Header{"Content-Type": {"application/json"}, "X-Amzn-Requestid": {"r"}}
	for i := 0; i+1 < len(header); i += 2 {
		if h.Set(header[i], header[i+1]); header[i+1] == "" {
			h.Del(header[i])
		}
	}
	return Attempt{StatusCode: status, Answer: []byte(body), AnswerHeader: h, Answered: time.Unix(wireNow, 0)}
}

// broken returns rules and shapes, for tests that compare them.
func broken(faults []fault) []string {
	list := []string{}
	for _, f := range faults {
		list = append(list, string(f.Rule)+" "+f.Shape)
	}
	return list
}

func TestTheWireJudgeIsSilentOnWhatTheServiceMaySay(t *testing.T) {
	get, tag, raw := model.GetCluster{}, model.TagResource{}, model.Raw{}
	tests := []struct {
		name string
		op   model.Op
		a    Attempt
	}{
		{"a full cluster", get, wireAnswer(200, wireGet)},
		{"a cluster that is awaited", model.Await{}, wireAnswer(200, wireGet)},
		{"a cluster with what is required alone", get, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":false}`)},
		{"a created cluster", model.CreateCluster{}, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":true}`)},
		{"a changed cluster", model.UpdateCluster{}, wireAnswer(200, `{`+wireChanged+`}`)},
		{"a deleted cluster", model.DeleteCluster{}, wireAnswer(200, `{`+wireChanged+`}`)},
		{"optional members that are null", get, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":false,"tags":null,"multiRegionProperties":null}`)},
		{"empty multiRegionProperties", get, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":false,"tags":{},"multiRegionProperties":{}}`)},
		{"white space around the body", get, wireAnswer(200, "\n "+wireGet+"\r\n")},
		{"JSON as older protocols name it", get, wireAnswer(200, wireGet, "Content-Type", "application/x-amz-json-1.1; charset=utf-8")},
		{"a target whose clock is years off", get, wireAnswer(200, strings.ReplaceAll(wireGet, "1763810000.25", "946684800"), "Date", "Sat, 01 Jan 2000 00:00:10 GMT")},
		{"a listing", model.ListClusters{}, wireAnswer(200, wireList)},
		{"a witness as long as it may be", get, wireAnswer(200, strings.Replace(wireGet, "us-west-2", strings.Repeat("é", 50), 1))},
		{"a token with quotes and colons", model.ListClusters{}, wireAnswer(200, `{"clusters":[],"nextToken":"a\":\\"}`)},
		{"an empty page with a token", model.ListClusters{}, wireAnswer(200, `{"clusters":[],"nextToken":""}`)},
		{"no tags at all", model.ListTagsForResource{}, wireAnswer(200, `{}`)},
		{"a service name", model.GetVpcEndpointServiceName{}, wireAnswer(200, `{"serviceName":"com.amazonaws.us-east-1.dsql-0a1b2c"}`)},
		{"an empty success of tagging", tag, wireAnswer(200, ``, "Content-Type", "")},
		{"an empty object of tagging", tag, wireAnswer(200, `{}`)},
		{"a refusal named in the body", get, wireAnswer(400, wireInvalid)},
		{"a refusal named in header and body", get, wireAnswer(400, wireInvalid, "X-Amzn-Errortype", "ValidationException:http://x/")},
		{"a refusal named by code", get, wireAnswer(409, `{"code":"ConflictException","message":"m"}`)},
		{"a message as the front door spells it", get, wireAnswer(403, `{"Message":"m"}`, "X-Amzn-Errortype", "AccessDeniedException")},
		{"throttling with a pause", get, wireAnswer(429, `{"__type":"ThrottlingException","message":"m"}`, "Retry-After", "3")},
		{"an unmodelled refusal", get, wireAnswer(403, `{"__type":"ExpiredTokenException","detail":[1]}`)},
		{"an unmodelled refusal in XML", get, wireAnswer(403, `<E/>`, "Content-Type", "application/xml", "X-Amzn-Errortype", "Teapot")},
		{"a request that is too large for HTTP", get, wireAnswer(413, `too large`, "Content-Type", "text/plain")},
		{"a gateway's empty 503", get, wireAnswer(503, ``, "Content-Type", "")},
		{"a gateway's plain 502", get, wireAnswer(502, `bad gateway`, "Content-Type", "text/plain")},
		{"an operation that is not served", get, wireAnswer(501, `<html>`, "Content-Type", "text/html")},
		{"an operation that is unknown", get, wireAnswer(404, `{"__type":"UnknownOperationException"}`)},
		{"an answer that we cut", get, func() Attempt { a := wireAnswer(200, wireGet[:30]); a.Truncated = true; return a }()},
		{"an answer that was lost", get, Attempt{StatusCode: 200, Answer: []byte("{"), Err: "cut"}},
		{"no answer", get, Attempt{}},
		{"a full stream", model.GetStream{}, wireAnswer(200, wireStream)},
		{"a stream that is awaited", model.Await{Ref: model.Ref{Handle: 1}, Stream: model.StreamRef{Handle: 1}}, wireAnswer(200, wireStream)},
		{"a created stream", model.CreateStream{}, wireAnswer(200, `{`+wireStreamed+`,"ordering":"UNORDERED","format":"JSON"}`)},
		{"a deleted stream", model.DeleteStream{}, wireAnswer(200, `{`+wireStreamed+`}`)},
		{"a listing of streams", model.ListStreams{}, wireAnswer(200, wireStreams)},
		{"a target of a kind that is not known yet", model.GetStream{}, wireAnswer(200, strings.Replace(wireStream, `"kinesis":{"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/k","roleArn":"arn:aws:iam::123456789012:role/r"}`, ``, 1))},
		{"a policy", model.GetClusterPolicy{}, wireAnswer(200, `{"policy":"{}","policyVersion":"1"}`)},
		{"a policy's version", model.PutClusterPolicy{}, wireAnswer(200, `{"policyVersion":"1"}`)},
		{"the version of a policy that was deleted", model.DeleteClusterPolicy{}, wireAnswer(200, `{"policyVersion":"2"}`)},
		{"a service name as samples have it", model.GetVpcEndpointServiceName{}, wireAnswer(200, `{"serviceName":"com.amazonaws.us-east-1.dsql-fnh4"}`)},
		{"a success of an operation that the revision does not have", model.CreateMultiRegionClusters{}, wireAnswer(200, `{}`)},
		{"the refusal of a hostile request by a front door", model.Hostile{}, wireAnswer(403, `{"message":"m"}`)},
		{"a raw success of any form", raw, wireAnswer(200, `[`)},
		{"a raw redirect", raw, wireAnswer(301, ``)},
		{"a raw refusal without a name", raw, wireAnswer(400, `bad request`, "Content-Type", "text/plain")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := judgeWire(model.Current, Call{Op: tt.op, Region: "us-east-1"}, tt.a); len(got) > 0 {
				t.Errorf("got %+v, want no fault", got)
			}
		})
	}
}

func TestTheWireJudgeNamesTheRuleThatBytesBreak(t *testing.T) {
	get, list, tag, stream := model.GetCluster{}, model.ListClusters{}, model.TagResource{}, model.GetStream{}
	streamed := func(from, to string) Attempt {
		t.Helper()
		if !strings.Contains(wireStream, from) {
			t.Fatalf("%q is no part of the stream", from)
		}
		return wireAnswer(200, strings.Replace(wireStream, from, to, 1))
	}
	// full is a full cluster with one text replaced.
	full := func(from, to string) Attempt {
		t.Helper()
		if !strings.Contains(wireGet, from) {
			t.Fatalf("%q is no part of the cluster", from)
		}
		return wireAnswer(200, strings.ReplaceAll(wireGet, from, to))
	}
	tests := []struct {
		name string
		op   model.Op
		a    Attempt
		want string // rules and shapes, joined by "; "
	}{
		{"a required member is missing", get, full(`"status":"ACTIVE",`, ``), "DSQL-WIR-001 answer without status"},
		{"a required member is null", get, full(`"ACTIVE"`, `null`), "DSQL-WIR-001 answer without status"},
		{"an empty object", get, wireAnswer(200, `{}`), "DSQL-WIR-001 answer without identifier, arn, status, creationTime, deletionProtectionEnabled"},
		{"a member of a row is missing", list, wireAnswer(200, `{"clusters":[{"arn":"`+wireARN+`"}]}`), "DSQL-WIR-001 clusters[] without identifier"},
		{"an optional structure lacks what it requires", get, full(`"encryptionType":"AWS_OWNED_KMS_KEY",`, ``), "DSQL-WIR-001 encryptionDetails without encryptionType"},
		{"a boolean is text", get, full(`true`, `"true"`), "DSQL-WIR-002 deletionProtectionEnabled"},
		{"a text is a number", get, full(`"ACTIVE"`, `1`), "DSQL-WIR-002 status"},
		{"a time is text", get, full(`1763810000.25`, `"2025-11-22T11:13:20Z"`), "DSQL-WIR-002 creationTime"},
		{"a structure is text", get, full(`{"encryptionType":"AWS_OWNED_KMS_KEY","encryptionStatus":"ENABLED"}`, `"x"`), "DSQL-WIR-002 encryptionDetails"},
		{"a list is an object", list, wireAnswer(200, `{"clusters":{}}`), "DSQL-WIR-002 clusters"},
		{"a list holds null", list, wireAnswer(200, `{"clusters":[null]}`), "DSQL-WIR-002 clusters[]"},
		{"a map is a list", get, full(`{"a":"b"}`, `[]`), "DSQL-WIR-002 tags"},
		{"a map holds a number", get, full(`{"a":"b"}`, `{"a":1}`), "DSQL-WIR-002 tags value"},
		{"an identifier is a UUID", get, full(wireID, `123e4567-e89b-12d3-a456-426614174000`),
			"DSQL-WIR-003 identifier pattern; DSQL-WIR-003 arn pattern; DSQL-WIR-003 multiRegionProperties.clusters[] pattern"},
		{"an ARN has a short account", get, full(`:123456789012:`, `:1:`), "DSQL-WIR-003 arn pattern; DSQL-WIR-003 multiRegionProperties.clusters[] pattern"},
		{"an endpoint is a URL", get, full(`"x.dsql`, `"https://x.dsql`), "DSQL-WIR-004 endpoint pattern"},
		{"a service name is of another service", model.GetVpcEndpointServiceName{}, wireAnswer(200, `{"serviceName":"com.amazonaws.us-east-1.rds"}`), "DSQL-WIR-004 serviceName pattern"},
		{"a witness is too long", get, full(`"us-west-2"`, `"`+strings.Repeat("é", 51)+`"`), "DSQL-WIR-004 multiRegionProperties.witnessRegion length"},
		{"a tag key is empty", get, full(`"a":"b"`, `"":"b"`), "DSQL-WIR-004 tags key length"},
		{"a status is unknown", get, full(`ACTIVE`, `AVAILABLE`), "DSQL-WIR-005 status"},
		{"a status has another case", get, full(`ACTIVE`, `active`), "DSQL-WIR-005 status"},
		{"an encryption status is unknown", get, full(`ENABLED`, `ON`), "DSQL-WIR-005 encryptionDetails.encryptionStatus"},
		{"a time counts milliseconds", get, full(`1763810000.25`, `1763810000250`), "DSQL-WIR-006 creationTime"},
		{"a time is more than a day old", get, full(`1763810000.25`, `1763720000`), "DSQL-WIR-006 creationTime"},
		{"a time is beyond numbers", get, full(`1763810000.25`, `1e999`), "DSQL-WIR-006 creationTime"},
		{"a member is in another case", get, full(`"identifier"`, `"Identifier"`), "DSQL-WIR-007 identifier"},
		{"a success answers 201", get, wireAnswer(201, wireGet), "DSQL-WIR-008 success with HTTP 201"},
		{"a success answers 204", get, wireAnswer(204, ``), "DSQL-WIR-008 success with HTTP 204"},
		{"tagging answers 204", tag, wireAnswer(204, ``), "DSQL-WIR-008 success with HTTP 204"},
		{"an error has the status of another", get, wireAnswer(404, wireInvalid), "DSQL-WIR-008 ValidationException with HTTP 404"},
		{"a quota error is a 400", get, wireAnswer(400, `{"__type":"ServiceQuotaExceededException","message":"","resourceId":"","resourceType":"","serviceCode":"","quotaCode":""}`),
			"DSQL-WIR-008 ServiceQuotaExceededException with HTTP 400"},
		{"header and body name two errors", get, wireAnswer(409, `{"__type":"ValidationException","message":"m"}`, "X-Amzn-Errortype", "ConflictException"),
			"DSQL-WIR-009 ConflictException with another __type"},
		{"a refusal is nameless", get, wireAnswer(400, `{"message":"m"}`), "DSQL-WIR-010 nameless error"},
		{"a refusal is nameless and empty", get, wireAnswer(404, ``, "Content-Type", ""), "DSQL-WIR-010 nameless error"},
		{"an error lacks its message", get, wireAnswer(409, `{"__type":"ConflictException"}`), "DSQL-WIR-011 ConflictException without message"},
		{"an error has no body", get, wireAnswer(404, ``, "X-Amzn-Errortype", "ResourceNotFoundException"), "DSQL-WIR-011 ResourceNotFoundException without message, resourceId, resourceType"},
		{"a validation error lacks its reason", get, wireAnswer(400, `{"__type":"ValidationException","message":"m"}`), "DSQL-WIR-011 ValidationException without reason"},
		{"a raw refusal lacks its reason", model.Raw{}, wireAnswer(400, `{"__type":"ValidationException","message":"m"}`), "DSQL-WIR-011 ValidationException without reason"},
		{"a field of a validation error lacks its message", get, wireAnswer(400, strings.Replace(wireInvalid, `,"message":"b"`, ``, 1)), "DSQL-WIR-011 ValidationException.fieldList[] without message"},
		{"a reason is unknown", get, wireAnswer(400, strings.Replace(wireInvalid, `other`, `why not`, 1)), "DSQL-WIR-005 ValidationException.reason"},
		{"an internal error lacks its message", get, wireAnswer(500, `{"__type":"InternalServerException"}`), "DSQL-WIR-011 InternalServerException without message"},
		{"a pause is a date", get, wireAnswer(429, `{"__type":"ThrottlingException","message":"m"}`, "Retry-After", "Sat, 01 Jan 2000 00:00:10 GMT"), "DSQL-WIR-002 Retry-After"},
		{"an error's code is a number", get, wireAnswer(409, `{"code":409,"message":"m"}`, "X-Amzn-Errortype", "ConflictException"), "DSQL-WIR-002 ConflictException.code"},
		{"a success of another content type", get, wireAnswer(200, wireGet, "Content-Type", "text/plain; charset=utf-8"), "DSQL-WIR-012 content type"},
		{"a success without a content type", get, wireAnswer(200, wireGet, "Content-Type", ""), "DSQL-WIR-012 content type"},
		{"a web page", get, wireAnswer(200, `<!DOCTYPE HTML><p>`, "Content-Type", "application/json"), "DSQL-WIR-012 HTML with HTTP 200"},
		{"a refusal by a web page", get, wireAnswer(404, `<p>`, "Content-Type", "text/html; charset=utf-8"), "DSQL-WIR-012 HTML with HTTP 404"},
		{"a gateway's web page", get, wireAnswer(502, `<html>`, "Content-Type", "text/html"), "DSQL-WIR-012 HTML with HTTP 502"},
		{"an empty success", get, wireAnswer(200, ``), "DSQL-WIR-013 empty body"},
		{"null", get, wireAnswer(200, `null`), "DSQL-WIR-013 body is null"},
		{"an array", list, wireAnswer(200, `[]`), "DSQL-WIR-013 body is array"},
		{"two objects", get, wireAnswer(200, wireGet+`{}`), "DSQL-WIR-013 body is not JSON"},
		{"a body that is cut", get, wireAnswer(200, wireGet[:40]), "DSQL-WIR-013 body is not JSON"},
		{"a body in another encoding", get, full(`"ACTIVE"`, "\"\xff\""), "DSQL-WIR-013 body is not UTF-8"},
		{"a member named twice", get, full(`"status":"ACTIVE"`, `"status":"ACTIVE","status":"IDLE"`), "DSQL-WIR-013 body names a member twice"},
		{"tagging answers null", tag, wireAnswer(200, `null`), "DSQL-WIR-013 body is null"},
		{"an error with broken JSON", get, wireAnswer(409, `{`, "X-Amzn-Errortype", "ConflictException"), "DSQL-WIR-013 body is not JSON"},
		{"an unmodelled error with broken JSON", get, wireAnswer(418, `{`, "X-Amzn-Errortype", "Teapot"), "DSQL-WIR-013 body is not JSON"},
		{"a nameless error with broken JSON", get, wireAnswer(418, `{`), "DSQL-WIR-013 body is not JSON"},
		{"a redirect", get, wireAnswer(301, ``, "Location", "/"), "DSQL-WIR-014 redirect"},
		{"a redirect of a hostile request", model.Hostile{}, wireAnswer(301, ``, "Location", "/"), "DSQL-WIR-014 redirect"},
		{"a member twice", get, full(`["`+wireARN+`"]`, `["`+wireARN+`","`+wireARN+`"]`), "DSQL-WIR-015 multiRegionProperties.clusters"},
		{"an ARN of another cluster", get, full(`"arn":"`+wireARN, `"arn":"`+wireARN[:len(wireARN)-1]+`a`), "DSQL-WIR-016 arn of another identifier"},
		{"an ARN of another Region", list, wireAnswer(200, strings.ReplaceAll(wireList, `us-east-1`, `us-east-2`)), "DSQL-WIR-016 clusters[].arn of another Region"},
		{"a member that nobody knows", get, full(`"endpoint"`, `"colour":"red","endpoint"`), "DSQL-WIR-017 colour"},
		{"a member that only the other revision has", get, full(`"endpoint"`, `"linkedClusterArns":[],"endpoint"`), "DSQL-WIR-019 linkedClusterArns"},
		{"a member of the other revision on another operation", model.DeleteCluster{}, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":true,"witnessRegion":""}`),
			"DSQL-WIR-019 deletionProtectionEnabled; DSQL-WIR-017 witnessRegion"},
		{"a web page for a raw request", model.Raw{}, wireAnswer(404, `<html>`, "Content-Type", "text/html", "X-Amzn-Requestid", ""), "DSQL-WIR-012 HTML with HTTP 404"},
		{"a web page as the success of a hostile request", model.Hostile{}, wireAnswer(200, `<html>`), "DSQL-WIR-012 HTML with HTTP 200"},
		{"a hostile request's refusal without its reason", model.Hostile{}, wireAnswer(400, `{"__type":"ValidationException","message":"m"}`), "DSQL-WIR-011 ValidationException without reason"},

		{"a stream without its identifier", stream, streamed(`"streamIdentifier":"`+wireID+`",`, ``), "DSQL-WIR-001 answer without streamIdentifier"},
		{"a stream's identifier is short", stream, streamed(`"streamIdentifier":"`+wireID, `"streamIdentifier":"x`), "DSQL-WIR-003 streamIdentifier pattern; DSQL-WIR-016 arn of another identifier"},
		{"a stream's ARN is its cluster's", stream, streamed(`/stream/`+wireID, ``), "DSQL-WIR-003 arn pattern; DSQL-WIR-016 arn of another identifier"},
		{"a stream's ARN is of another cluster", stream, streamed(`cluster/a`, `cluster/b`), "DSQL-WIR-016 arn of another identifier"},
		{"a stream's ARN is of another Region", stream, streamed(`dsql:us-east-1`, `dsql:us-east-2`), "DSQL-WIR-016 arn of another Region"},
		{"a stream's status is of a cluster", stream, streamed(`ACTIVE`, `IDLE`), "DSQL-WIR-005 status"},
		{"a stream's reason is unknown", stream, streamed(`INTERNAL_ERROR`, `NO_REASON`), "DSQL-WIR-005 statusReason.error"},
		{"a stream's reason has no time", stream, streamed(`,"updatedAt":1763810000`, ``), "DSQL-WIR-001 statusReason without updatedAt"},
		{"a stream's reason counts milliseconds", stream, streamed(`"updatedAt":1763810000`, `"updatedAt":1763810000000`), "DSQL-WIR-006 statusReason.updatedAt"},
		{"a stream's target is half there", stream, streamed(`"roleArn"`, `"role"`), "DSQL-WIR-001 targetDefinition.kinesis without roleArn; DSQL-WIR-017 targetDefinition.kinesis.role"},
		{"a stream that is awaited has another ordering", model.Await{Ref: model.Ref{Handle: 1}, Stream: model.StreamRef{Handle: 1}}, streamed(`UNORDERED`, `ORDERED`), "DSQL-WIR-005 ordering"},
		{"a listed stream lacks its status", model.ListStreams{}, wireAnswer(200, strings.Replace(wireStreams, `,"status":"ACTIVE"`, ``, 1)), "DSQL-WIR-001 streams[] without status"},
		{"a new stream lacks its format", model.CreateStream{}, wireAnswer(200, `{`+wireStreamed+`,"ordering":"UNORDERED"}`), "DSQL-WIR-001 answer without format"},
		{"a deleted stream answers nothing", model.DeleteStream{}, wireAnswer(200, ``), "DSQL-WIR-013 empty body"},
		{"a policy is an object", model.GetClusterPolicy{}, wireAnswer(200, `{"policy":{},"policyVersion":"1"}`), "DSQL-WIR-002 policy"},
		{"a policy is empty", model.GetClusterPolicy{}, wireAnswer(200, `{"policy":"","policyVersion":"1"}`), "DSQL-WIR-004 policy length"},
		{"a policy's version is a number", model.PutClusterPolicy{}, wireAnswer(200, `{"policyVersion":1}`), "DSQL-WIR-002 policyVersion"},
		{"a deleted policy has no version", model.DeleteClusterPolicy{}, wireAnswer(200, `{}`), "DSQL-WIR-001 answer without policyVersion"},
		{"a key that is data", get, full(`"endpoint"`, `"`+strings.Repeat("7", 26)+`":1,"endpoint"`), "DSQL-WIR-017 *"},
		{"no request id", get, wireAnswer(200, wireGet, "X-Amzn-Requestid", ""), "DSQL-WIR-018 no request id"},
	}
	demanded := map[model.RuleID]bool{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := judgeWire(model.Current, Call{Op: tt.op, Region: "us-east-1"}, tt.a)
			if diff := cmp.Diff(strings.Split(tt.want, "; "), broken(faults)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			for _, f := range faults {
				demanded[f.Rule] = true
				if _, ok := model.LookupRule(f.Rule); !ok || f.Want == "" || f.Got == "" {
					t.Errorf("got %+v, want a rule of the model, and what was wanted and got", f)
				}
			}
		})
	}
	for _, r := range model.Rules() {
		if strings.HasPrefix(string(r.ID), "DSQL-WIR-") && !demanded[r.ID] && r.ID != model.WireQuiet {
			t.Errorf("%s: got no test that breaks it, want one", r.ID)
		}
	}
}

func TestTheWireJudgeKnowsTheRevisions(t *testing.T) {
	one := model.CreateMultiRegionClusters{}
	tests := []struct {
		name string
		op   model.Op
		a    Attempt
		want map[model.Revision]string
	}{
		{"a cluster with legacy members", model.GetCluster{}, wireAnswer(200, wireLegacy),
			map[model.Revision]string{model.Current: "DSQL-WIR-019 linkedClusterArns; DSQL-WIR-019 witnessRegion", model.May2025: ""}},
		{"a cluster of today", model.GetCluster{}, wireAnswer(200, wireGet),
			map[model.Revision]string{model.Current: "", model.May2025: "DSQL-WIR-019 encryptionDetails; DSQL-WIR-019 endpoint"}},
		{"a changed cluster with its protection", model.UpdateCluster{}, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":"on"}`),
			map[model.Revision]string{model.Current: "DSQL-WIR-019 deletionProtectionEnabled", model.May2025: "DSQL-WIR-002 deletionProtectionEnabled"}},
		{"a legacy ARN is none", model.GetCluster{}, wireAnswer(200, strings.Replace(wireLegacy, `["arn:`, `["urn:`, 1)),
			map[model.Revision]string{model.Current: "DSQL-WIR-019 linkedClusterArns; DSQL-WIR-019 witnessRegion", model.May2025: "DSQL-WIR-003 linkedClusterArns[] pattern"}},
		{"a member that neither has", model.GetCluster{}, wireAnswer(200, `{`+wireChanged+`,"deletionProtectionEnabled":true,"colour":1}`),
			map[model.Revision]string{model.Current: "DSQL-WIR-017 colour", model.May2025: "DSQL-WIR-017 colour"}},
		{"clusters that were made together", one, wireAnswer(200, `{"linkedClusterArns":["`+wireARN+`"]}`),
			map[model.Revision]string{model.Current: "", model.May2025: ""}},
		{"clusters that were made together, and nobody says which", one, wireAnswer(200, `{}`),
			map[model.Revision]string{model.Current: "", model.May2025: "DSQL-WIR-001 answer without linkedClusterArns"}},
		{"clusters that were deleted together", model.DeleteMultiRegionClusters{}, wireAnswer(200, ``, "Content-Type", ""),
			map[model.Revision]string{model.Current: "", model.May2025: ""}},
	}
	for _, tt := range tests {
		for rev, want := range tt.want {
			got := strings.Join(broken(judgeWire(rev, Call{Op: tt.op, Region: "us-east-1"}, tt.a)), "; ")
			if got != want {
				t.Errorf("%s in revision %s: got %q, want %q", tt.name, rev, got, want)
			}
		}
	}
}

// What AWS may have added since, and what stands before a service elsewhere,
// counts against a target of one's own alone.
func TestFaultsThatCountOnLoopbackAlone(t *testing.T) {
	tests := []struct {
		name string
		op   model.Op
		a    Attempt
		want bool
	}{
		{"a status that is new", model.GetCluster{}, wireAnswer(200, strings.Replace(wireGet, "ACTIVE", "RESTING", 1)), true},
		{"a web page for a hostile request", model.Hostile{}, wireAnswer(404, `<html>`), true},
		{"a redirect of a hostile request", model.Hostile{}, wireAnswer(308, ``), true},
		{"a redirect of a plain request", model.GetCluster{}, wireAnswer(308, ``), false},
		{"a web page for a plain request", model.GetCluster{}, wireAnswer(404, `<html>`), false},
		{"a status that is a number", model.GetCluster{}, wireAnswer(200, strings.Replace(wireGet, `"ACTIVE"`, `1`, 1)), false},
		{"a hostile request's refusal without a message", model.Hostile{}, wireAnswer(409, `{}`, "X-Amzn-Errortype", "ConflictException"), false},
	}
	for _, tt := range tests {
		faults := judgeWire(model.Current, Call{Op: tt.op, Region: "us-east-1"}, tt.a)
		if len(faults) != 1 || faults[0].Local != tt.want {
			t.Errorf("%s: got %+v, want one fault, on loopback alone: %t", tt.name, faults, tt.want)
		}
	}
}

// A shape must recur from run to run, so it holds nothing of one cluster.
func TestShapesOfFaultsAreStable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var first []string
	for range 20 {
		id := make([]byte, 27) // one too many
		for i := range id {
			id[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[r.IntN(36)]
		}
		id[0] = '7'
		body := strings.ReplaceAll(wireGet, wireID, string(id))
		body = strings.Replace(body, `"tags"`, fmt.Sprintf(`"%s":%d,"tags"`, id, r.Int()), 1)
		body = strings.Replace(body, `1763810000.25`, fmt.Sprint(r.Int64()), 1)
		got := broken(judgeWire(model.Current, Call{Op: model.GetCluster{}, Region: "us-east-2"}, wireAnswer(200, body)))
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" || len(got) < 4 {
			t.Fatalf("shapes of another cluster (-first +got):\n%s", diff)
		}
	}
}

func TestFaultsOfAHugeAnswerAreFew(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"clusters":[`)
	for i := range 20000 {
		fmt.Fprintf(&b, `{"identifier":%d,"arn":%d,"%s":1},`, i, i, strings.Repeat(string(rune('a'+i%7)), i%50))
	}
	b.WriteString(`{}]}`)
	got := judgeWire(model.Current, Call{Op: model.ListClusters{}}, wireAnswer(200, b.String()))
	if len(got) == 0 || len(got) > maxFaults {
		t.Errorf("got %d faults, want some and at most %d", len(got), maxFaults)
	}
	for _, f := range got {
		if len(f.Shape)+len(f.Want)+len(f.Got) > 2000 {
			t.Errorf("got a fault of %d bytes, want a short one", len(f.Shape)+len(f.Want)+len(f.Got))
		}
	}
}

// FuzzJudgeWire holds that any answer is judged without a panic, the same each
// time, by rules of the model and no more of them than the limit.
func FuzzJudgeWire(f *testing.F) {
	ops := []model.Op{
		model.CreateCluster{}, model.GetCluster{}, model.ListClusters{}, model.UpdateCluster{}, model.DeleteCluster{}, model.TagResource{},
		model.UntagResource{}, model.ListTagsForResource{}, model.GetVpcEndpointServiceName{}, model.PutClusterPolicy{},
		model.GetClusterPolicy{}, model.DeleteClusterPolicy{}, model.CreateStream{}, model.GetStream{}, model.ListStreams{}, model.DeleteStream{},
		model.CreateMultiRegionClusters{}, model.DeleteMultiRegionClusters{}, model.Hostile{}, model.Await{}, model.Raw{}, model.Wait{}, nil,
	}
	for i := range 2 * len(ops) {
		f.Add(uint8(i), 200, "application/json", "", []byte(wireGet))
		f.Add(uint8(i), 200, "application/json", "", []byte(wireLegacy))
		f.Add(uint8(i), 200, "application/json", "", []byte(wireStream))
		f.Add(uint8(i), 200, "application/json", "", []byte(wireStreams))
		f.Add(uint8(i), 200, "", "", []byte(wireList))
		f.Add(uint8(i), 200, "", "", []byte(`{"policy":"{}","policyVersion":"1"}`))
		f.Add(uint8(i), 400, "application/json", "a#ValidationException:b", []byte(wireInvalid))
		f.Add(uint8(i), 429, "text/html", "ThrottlingException", []byte("<html>"))
	}
	f.Fuzz(func(t *testing.T, which uint8, status int, media, kind string, body []byte) {
		call, rev := Call{Op: ops[int(which>>1)%len(ops)], Region: "us-east-1"}, model.Revision(which&1)
		a := wireAnswer(status, string(body), "Content-Type", media, "X-Amzn-Errortype", kind)
		first := judgeWire(rev, call, a)
		if diff := cmp.Diff(first, judgeWire(rev, call, a)); diff != "" {
			t.Errorf("the same answer twice (-first +second):\n%s", diff)
		}
		if string(a.Answer) != string(body) {
			t.Error("got the answer changed, want it left alone")
		}
		if len(first) > maxFaults {
			t.Errorf("got %d faults, want at most %d", len(first), maxFaults)
		}
		for i, f := range first {
			if _, ok := model.LookupRule(f.Rule); !ok {
				t.Errorf("got rule %s, want one of the model", f.Rule)
			}
			for _, g := range first[:i] {
				if f.Rule == g.Rule && f.Shape == g.Shape {
					t.Errorf("got %s %s twice, want it once", f.Rule, f.Shape)
				}
			}
		}
	})
}

func BenchmarkJudgeWire(b *testing.B) {
	a := wireAnswer(200, wireGet)
	for b.Loop() {
		if f := judgeWire(model.Current, Call{Op: model.GetCluster{}, Region: "us-east-1"}, a); f != nil {
			b.Fatal(f)
		}
	}
}
