package awsdsql

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// send makes the call of a hostile operation and returns the request that went
// out, and its body.
func send(t *testing.T, op model.Hostile, answer inProcess) (*http.Request, conformance.Exchange) {
	t.Helper()
	var sent *http.Request
	op.Region = "us-east-1"
	ex, err := over(t, inProcess(func(r *http.Request) (*http.Response, error) {
		sent = r
		return answer(r)
	})).Do(t.Context(), conformance.Call{Op: op, Region: "us-east-1", Identifier: id, ARN: arn})
	if err != nil {
		t.Fatal(err)
	}
	return sent, ex
}

func TestAHostileRequestIsSentAsItIs(t *testing.T) {
	tests := []struct {
		op   model.Hostile
		uri  string
		body string
		kind []string // Content-Type
	}{
		{model.Hostile{Operation: "GetCluster", Member: "identifier", Fault: "dots"}, "/cluster/..", "", nil},
		{model.Hostile{Operation: "GetCluster", Member: "identifier", Fault: "coded-dots"}, "/cluster/%2e%2e", "", nil},
		{model.Hostile{Operation: "GetCluster", Member: "identifier", Fault: "slash"}, "/cluster/abcdefghijklm%2Fnopqrstuvwxyz", "", nil},
		{model.Hostile{Operation: "GetVpcEndpointServiceName", Member: "identifier", Fault: "empty"}, "/clusters//vpc-endpoint-service-name", "", nil},
		{model.Hostile{Operation: "UntagResource", Member: "tagKeys[]", Fault: "pattern"},
			"/tags/arn%3Aaws%3Adsql%3Aus-east-1%3A123456789012%3Acluster%2F" + id + "?tagKeys=hostil%21", "", nil},
		{model.Hostile{Operation: "UpdateCluster", Fault: "untyped"}, "/cluster/" + id, `{"deletionProtectionEnabled":false}`, nil},
		{model.Hostile{Operation: "UpdateCluster", Fault: "text"}, "/cluster/" + id, `{"deletionProtectionEnabled":false}`, []string{"text/plain"}},
		{model.Hostile{Operation: "UpdateCluster", Fault: "no-body"}, "/cluster/" + id, "", []string{"application/json"}},
		{model.Hostile{Operation: "UpdateCluster", Fault: "not-utf-8"}, "/cluster/" + id,
			"{\"deletionProtectionEnabled\":false,\"noSuchMember\":\"\xff\xfe\"}", []string{"application/json"}},
	}
	for _, test := range tests {
		t.Run(test.op.String(), func(t *testing.T) {
			r, ex := send(t, test.op, says(400, `{}`))
			if got := r.URL.RequestURI(); got != test.uri {
				t.Errorf("got request line %q, want %q", got, test.uri)
			}
			if diff := cmp.Diff(test.kind, r.Header["Content-Type"]); diff != "" {
				t.Errorf("content type (-want +got)\n%s", diff)
			}
			if got := string(ex.Attempts[0].Body); got != test.body {
				t.Errorf("got body %q, want %q", got, test.body)
			}
			if r.Header.Get("Authorization") == "" {
				t.Error("got no signature, want one")
			}
		})
	}
}

func TestEachWrongSignatureIsWrongInItsOwnWay(t *testing.T) {
	type parts struct {
		signed  bool
		key     string
		service string
		stale   bool
	}
	right := parts{true, keyID, "dsql", false}
	tests := map[string]parts{
		"trailing-slash": right,
		"unsigned":       {},
		"signature":      right,
		"hash":           right,
		"access-key":     {true, nobodysKey, "dsql", false},
		"service":        {true, keyID, "s3", false},
		"clock":          {true, keyID, "dsql", true},
	}
	seen := map[string]string{}
	for fault, want := range tests {
		r, _ := send(t, model.Hostile{Operation: "ListClusters", Fault: fault}, says(403, `{}`))
		header := r.Header.Get("Authorization")
		got := parts{signed: header != ""}
		if got.signed {
			_, credential, _ := strings.Cut(header, "Credential=")
			scope := strings.Split(credential, "/")
			got.key, got.service = scope[0], scope[3]
			at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
			got.stale = err == nil && time.Since(at) > 59*time.Minute
			_, signature, _ := strings.Cut(header, "Signature=")
			if other := seen[signature]; other != "" {
				t.Errorf("%s and %s: got one signature, want two", fault, other)
			}
			seen[signature] = fault
		}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", fault, got, want)
		}
	}
}

func TestWhatAFrontDoorTurnsAwayIsARefusal(t *testing.T) {
	for _, test := range []struct {
		status int
		kind   string
		want   conformance.Outage
	}{
		{403, "InvalidSignatureException", conformance.Answered},
		{403, "MissingAuthenticationTokenException", conformance.Answered},
		{404, "UnknownOperationException", conformance.Answered},
		{405, "", conformance.Answered},
		{413, "", conformance.Answered},
		{429, "ThrottlingException", conformance.Throttled},
		{500, "InternalServerException", conformance.Lost},
		{301, "", conformance.Undecodable},
	} {
		_, ex := send(t, model.Hostile{Operation: "GetCluster", Fault: "unsigned"}, says(test.status, `{}`, "X-Amzn-Errortype", test.kind))
		if got := ex.Answer.Outage; got != test.want {
			t.Errorf("HTTP %d %s: got outage %v, want %v", test.status, test.kind, got, test.want)
		}
	}
}

func TestAHostileOperationThatNobodyHasCannotBeAsked(t *testing.T) {
	_, err := over(t, says(200, `{}`)).Do(t.Context(), conformance.Call{Region: "us-east-1",
		Op: model.Hostile{Region: "us-east-1", Operation: "DropCluster", Fault: "unsigned"}})
	if err == nil {
		t.Error("got no error, want one")
	}
}
