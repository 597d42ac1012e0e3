package awsdsql

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// The stream that the tests ask about.
const (
	streamID  = "zyxwvutsrqponmlkjihgfedcba"
	streamARN = arn + "/stream/" + streamID
	kinesis   = "arn:aws:kinesis:us-east-1:123456789012:stream/k"
	role      = "arn:aws:iam::123456789012:role/r"

	streamBody = `{"clusterIdentifier":"` + id + `","streamIdentifier":"` + streamID + `","arn":"` + streamARN + `","status":"IMPAIRED","creationTime":1763810000,` +
		`"ordering":"UNORDERED","format":"JSON","targetDefinition":{"kinesis":{"streamArn":"` + kinesis + `","roleArn":"` + role + `"}},` +
		`"statusReason":{"error":"ROLE_ACCESS_DENIED","updatedAt":1763810001},"tags":{"a":"b"}}`
	legacyBody = `{"identifier":"` + id + `","arn":"` + arn + `","status":"ACTIVE","creationTime":1763810000.25,"deletionProtectionEnabled":true,` +
		`"witnessRegion":"us-west-2","linkedClusterArns":["` + arn + `"]}`
)

func TestPolicyCalls(t *testing.T) {
	policy := `{"Version":"2012-10-17"}`
	answered := conformance.Answer{HTTP: 200, PolicyVersion: "7"}
	read := answered
	read.Policy = &policy
	const version = `{"policyVersion":"7"}`
	for _, tt := range []asking{
		{"a put sends the policy and its token", conformance.Call{Op: model.PutClusterPolicy{}, Identifier: id, Policy: policy, Token: "t"}, version,
			`POST /cluster/` + id + `/policy {"clientToken":"t","policy":"{\"Version\":\"2012-10-17\"}"}`, answered},
		{"a put sends what it is given",
			conformance.Call{Op: model.PutClusterPolicy{Bypass: model.On}, Identifier: id, Policy: "p", Expect: model.Some(""), Token: "t"}, version,
			`POST /cluster/` + id + `/policy {"bypassPolicyLockoutSafetyCheck":true,"clientToken":"t","expectedPolicyVersion":"","policy":"p"}`, answered},
		{"a flag that is false is sent by hand",
			conformance.Call{Op: model.PutClusterPolicy{Bypass: model.Off}, Identifier: id, Policy: "p", Expect: model.Some("3"), Token: "t"}, version,
			`POST /cluster/` + id + `/policy {"bypassPolicyLockoutSafetyCheck":false,"clientToken":"t","expectedPolicyVersion":"3","policy":"p"}`, answered},
		{"a put without an identifier is sent by hand", conformance.Call{Op: model.PutClusterPolicy{}, Policy: "p"}, version,
			`POST /cluster//policy {"clientToken":"","policy":"p"}`, answered},
		{"a policy is read", conformance.Call{Op: model.GetClusterPolicy{}, Identifier: id}, `{"policy":"{\"Version\":\"2012-10-17\"}","policyVersion":"7"}`,
			`GET /cluster/` + id + `/policy`, read},
		{"a policy without an identifier is read by hand", conformance.Call{Op: model.GetClusterPolicy{}}, `{"policy":"{\"Version\":\"2012-10-17\"}","policyVersion":"7"}`,
			`GET /cluster//policy`, read},
		{"a delete sends its token", conformance.Call{Op: model.DeleteClusterPolicy{}, Identifier: id, Token: "t"}, version,
			`DELETE /cluster/` + id + `/policy?client-token=t`, answered},
		{"a delete expects a version", conformance.Call{Op: model.DeleteClusterPolicy{}, Identifier: id, Token: "t", Expect: model.Some("6")}, version,
			`DELETE /cluster/` + id + `/policy?client-token=t&expected-policy-version=6`, answered},
		{"a delete without an identifier is sent by hand", conformance.Call{Op: model.DeleteClusterPolicy{}, Token: "t", Expect: model.Some("")}, version,
			`DELETE /cluster//policy?client-token=t&expected-policy-version=`, answered},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestStreamCalls(t *testing.T) {
	made := conformance.Stream{
		Cluster: id, Identifier: streamID, ARN: streamARN, Status: "IMPAIRED", Created: time.Unix(1763810000, 0).UTC(),
		Ordering: "UNORDERED", Format: "JSON",
	}
	whole := made
	whole.Kinesis, whole.Role, whole.Reason = kinesis, role, true
	row := made
	row.Ordering, row.Format = "", ""
	of := func(s conformance.Stream, tags map[string]string) conformance.Answer {
		return conformance.Answer{HTTP: 200, Stream: &s, Tags: tags}
	}
	create := conformance.Call{Op: model.CreateStream{}, Identifier: id, Kinesis: kinesis, Role: role, Token: "t"}
	odd := create
	odd.Op = model.CreateStream{Ordering: model.Some("")}
	tagged := create
	tagged.Op = model.CreateStream{Ordering: model.Some("TOTAL"), Format: model.Some("AVRO"), Tags: model.NewTags(map[string]string{"a": "b"})}
	target := `"targetDefinition":{"kinesis":{"roleArn":"` + role + `","streamArn":"` + kinesis + `"}}`
	listing := `{"streams":[{"clusterIdentifier":"` + id + `","streamIdentifier":"` + streamID + `","arn":"` + streamARN + `","status":"IMPAIRED","creationTime":1763810000}],"nextToken":"q"}`
	page := conformance.Answer{HTTP: 200, Streams: []conformance.Stream{row}, Page: "q"}
	tags := map[string]string{"a": "b"}
	for _, tt := range []asking{
		{"a create asks for JSON without order", create, streamBody,
			`POST /stream/` + id + ` {"clientToken":"t","format":"JSON","ordering":"UNORDERED",` + target + `}`, of(made, nil)},
		{"a create sends what it is given", tagged, streamBody,
			`POST /stream/` + id + ` {"clientToken":"t","format":"AVRO","ordering":"TOTAL","tags":{"a":"b"},` + target + `}`, of(made, nil)},
		{"an empty ordering is sent by hand", odd, streamBody,
			`POST /stream/` + id + ` {"clientToken":"t","format":"JSON","ordering":"",` + target + `}`, of(whole, tags)},
		{"a create without an identifier is sent by hand", conformance.Call{Op: model.CreateStream{GivenTags: true}, Kinesis: kinesis, Role: role}, streamBody,
			`POST /stream/ {"clientToken":"","format":"JSON","ordering":"UNORDERED","tags":{},` + target + `}`, of(whole, tags)},
		{"a stream is read", conformance.Call{Op: model.GetStream{}, Identifier: id, Stream: streamID}, streamBody, `GET /stream/` + id + `/` + streamID, of(whole, tags)},
		{"an await asks once", conformance.Call{Op: model.Await{Stream: model.StreamRef{Handle: 1}}, Identifier: id, Stream: streamID}, streamBody,
			`GET /stream/` + id + `/` + streamID, of(whole, tags)},
		{"a stream without an identifier is read by hand", conformance.Call{Op: model.GetStream{}, Identifier: id}, streamBody, `GET /stream/` + id + `/`, of(whole, tags)},
		{"a list asks for one page", conformance.Call{Op: model.ListStreams{Max: 7}, Identifier: id, Page: "p"}, listing,
			`GET /stream/` + id + `?max-results=7&next-token=p`, page},
		{"a list begins with the token of its operation", conformance.Call{Op: model.ListStreams{Next: model.Some("bad")}, Identifier: id}, listing,
			`GET /stream/` + id + `?next-token=bad`, page},
		{"a list without an identifier is sent by hand", conformance.Call{Op: model.ListStreams{Max: 2, Next: model.Some("n")}}, listing,
			`GET /stream/?max-results=2&next-token=n`, page},
		{"a delete sends its token in the query", conformance.Call{Op: model.DeleteStream{}, Identifier: id, Stream: streamID, Token: "t"}, streamBody,
			`DELETE /stream/` + id + `/` + streamID + `?client-token=t`, of(row, nil)},
		{"a delete without an identifier is sent by hand", conformance.Call{Op: model.DeleteStream{}, Stream: streamID, Token: "t"}, streamBody,
			`DELETE /stream//` + streamID + `?client-token=t`, of(whole, tags)},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestEncryptionOfAClusterIsRead(t *testing.T) {
	key := "arn:aws:kms:us-east-1:123456789012:key/k"
	body := strings.Replace(legacyBody, `"witnessRegion":"us-west-2","linkedClusterArns":["`+arn+`"]`,
		`"encryptionDetails":{"encryptionType":"CUSTOMER_MANAGED_KMS_KEY","encryptionStatus":"ENABLING","kmsKeyArn":"`+key+`"}`, 1)
	want := &conformance.Encryption{Type: "CUSTOMER_MANAGED_KMS_KEY", Status: "ENABLING", Key: &key}
	for _, call := range []conformance.Call{
		get, {Op: model.CreateCluster{}}, {Op: model.CreateCluster{Policy: model.Some("p"), Bypass: model.Off}, Policy: "p"}, {Op: model.Raw{Method: "GET", Path: "/"}},
	} {
		if diff := cmp.Diff(want, do(t, over(t, says(200, body)), call).Answer.Encryption); diff != "" {
			t.Errorf("%s: encryption (-want +got):\n%s", call.Op.Name(), diff)
		}
	}
}

// The SDK has forgotten what the revision 2025-05-13 had.
func TestRetiredOperationsAreSentByHand(t *testing.T) {
	for _, tt := range []asking{
		{"a create names its Regions", conformance.Call{Op: model.CreateMultiRegionClusters{Linked: []model.Region{"us-east-1", "us-east-2"}, Witness: "us-west-2"}, Token: "t"},
			`{"linkedClusterArns":["` + arn + `"]}`,
			`POST /multi-region-clusters {"clientToken":"t","linkedRegionList":["us-east-1","us-east-2"],"witnessRegion":"us-west-2"}`,
			conformance.Answer{HTTP: 200, Linked: []string{arn}}},
		{"a create protects every member", conformance.Call{Op: model.CreateMultiRegionClusters{Linked: []model.Region{"us-east-1"}, Protection: model.Off}},
			`{"linkedClusterArns":[]}`,
			`POST /multi-region-clusters {"clientToken":"","clusterProperties":{"us-east-1":{"deletionProtectionEnabled":false}},"linkedRegionList":["us-east-1"],"witnessRegion":""}`,
			conformance.Answer{HTTP: 200, Linked: []string{}}},
		{"a delete names its clusters", conformance.Call{Op: model.DeleteMultiRegionClusters{}, ARNs: []string{"arn:a", "arn:b"}, Token: "t"}, ``,
			`DELETE /multi-region-clusters?client-token=t&linked-cluster-arns=arn%3Aa&linked-cluster-arns=arn%3Ab`, conformance.Answer{HTTP: 200}},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestMembersThatTheSDKHasForgottenAreRead(t *testing.T) {
	witness := "us-west-2"
	want := conformance.Answer{Witness: &witness, Linked: []string{arn}}
	for _, op := range []model.Op{model.GetCluster{}, model.UpdateCluster{}, model.Await{}} {
		got := do(t, over(t, says(200, legacyBody)), conformance.Call{Op: op, Identifier: id}).Answer
		if diff := cmp.Diff(want, conformance.Answer{Witness: got.Witness, Linked: got.Linked}); diff != "" || got.Identifier != id {
			t.Errorf("%s: legacy members (-want +got):\n%s", op.Name(), diff)
		}
	}
	for name, body := range map[string]string{
		"another form":  `{"identifier":"` + id + `","linkedClusterArns":7,"witnessRegion":"x"}`,
		"another case":  `{"identifier":"` + id + `","LinkedClusterArns":["a"],"WitnessRegion":"x"}`,
		"a member deep": `{"identifier":"` + id + `","multiRegionProperties":{"witnessRegion":"x"}}`,
	} {
		if a := do(t, over(t, says(200, body)), get).Answer; a.Witness != nil || a.Linked != nil || a.Identifier != id {
			t.Errorf("%s: got %+v, want no legacy members", name, a)
		}
	}
}

func TestACallIsSignedByWhoMakesIt(t *testing.T) {
	const other, others = "AKIDREADER", "anothersecretanothersecretanothersecret00"
	var keys, secrets []string
	target := over(t, inProcess(func(req *http.Request) (*http.Response, error) {
		_, scope, _ := strings.Cut(req.Header.Get("Authorization"), "Credential=")
		keys = append(keys, strings.Split(scope, "/")[0])
		return says(400, `{"__type":"X","message":"`+secret+` `+others+`"}`)(req)
	}), func(o *Options) {
		o.Principals = map[string]aws.CredentialsProvider{"reader": credentials.NewStaticCredentialsProvider(other, others, "")}
	})
	for _, call := range []conformance.Call{
		get,
		{Op: get.Op, Identifier: id, By: "reader"},
		{Op: model.GetCluster{}, By: "reader"}, // by hand
		{Op: model.Raw{Method: "GET", Path: "/"}, By: "reader"},
		get,
	} {
		x := do(t, target, call)
		secrets = append(secrets, x.Answer.Message+string(x.Attempts[0].Answer))
	}
	if diff := cmp.Diff([]string{keyID, other, other, other, keyID}, keys); diff != "" {
		t.Errorf("access keys (-want +got):\n%s", diff)
	}
	for _, text := range secrets[1:] { // whoever has signed by then is known
		if strings.Contains(text, secret) || strings.Contains(text, others) {
			t.Errorf("got %q, want no secret", text)
		}
	}
}
