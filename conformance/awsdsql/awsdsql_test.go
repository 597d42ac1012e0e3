package awsdsql

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

const fullBody = `{"identifier":"` + id + `","arn":"` + arn + `","status":"ACTIVE","creationTime":1763810000.25,` +
	`"deletionProtectionEnabled":true,"multiRegionProperties":{"witnessRegion":"us-west-2","clusters":["` + arn + `"]},` +
	`"tags":{"a":"b"},"endpoint":"x.example"}`

func TestEachOperationIsSentAsItsCallSaysAndAnsweredAsTheBodySays(t *testing.T) {
	yes, witness := true, "us-west-2"
	basic := conformance.Answer{HTTP: 200, Identifier: id, ARN: arn, Status: "ACTIVE", Created: time.Unix(1763810000, 250e6).UTC()}
	full := basic
	full.Protection, full.Multi = &yes, &conformance.Multi{Witness: &witness, Clusters: []string{arn}}
	tagged := full
	tagged.Tags = map[string]string{"a": "b"}
	two := &model.MultiRegion{Witness: model.Some("us-west-2"), GivenPeers: true}

	for _, tt := range []asking{
		{"a bare create sends its token alone, even an empty one", conformance.Call{Op: model.CreateCluster{As: 1}}, fullBody,
			`POST /cluster {"clientToken":""}`, full},
		{"a create sends what it is given",
			conformance.Call{Op: model.CreateCluster{Protection: model.Off, Key: model.Some("k"), Tags: model.NewTags(map[string]string{"a": "b"}), Multi: two},
				Token: "t", Peers: []string{arn}}, fullBody,
			`POST /cluster {"clientToken":"t","deletionProtectionEnabled":false,"kmsEncryptionKey":"k","multiRegionProperties":{"clusters":["` + arn + `"],"witnessRegion":"us-west-2"},"tags":{"a":"b"}}`, full},
		{"empty maps and lists are sent as such",
			conformance.Call{Op: model.CreateCluster{GivenTags: true, Multi: &model.MultiRegion{Witness: model.Some(""), GivenPeers: true}}}, fullBody,
			`POST /cluster {"clientToken":"","multiRegionProperties":{"clusters":[],"witnessRegion":""},"tags":{}}`, full},
		{"a get reads a cluster", get, fullBody, `GET /cluster/` + id, tagged},
		{"an await asks once", conformance.Call{Op: model.Await{}, Identifier: id}, fullBody, `GET /cluster/` + id, tagged},
		{"an identifier of dots stays in the path", conformance.Call{Op: model.GetCluster{}, Identifier: ".."}, fullBody, `GET /cluster/..`, tagged},
		{"an empty identifier is sent by hand", conformance.Call{Op: model.GetCluster{}}, fullBody, `GET /cluster/`, tagged},
		{"a list asks for one page", conformance.Call{Op: model.ListClusters{Max: 7}, Page: "p"},
			`{"clusters":[{"identifier":"` + id + `","arn":"` + arn + `"}],"nextToken":"q"}`,
			`GET /cluster?max-results=7&next-token=p`, conformance.Answer{HTTP: 200, Listed: []conformance.Listed{{Identifier: id, ARN: arn}}, Page: "q"}},
		{"a list begins with the token of its operation", conformance.Call{Op: model.ListClusters{Next: model.Some("bad"), Max: 1 << 40}},
			`{"clusters":[]}`, `GET /cluster?max-results=2147483647&next-token=bad`, conformance.Answer{HTTP: 200}},
		{"an update sends what it is given", conformance.Call{Op: model.UpdateCluster{Protection: model.On, Multi: two}, Identifier: id, Token: "t"}, fullBody,
			`POST /cluster/` + id + ` {"clientToken":"t","deletionProtectionEnabled":true,"multiRegionProperties":{"clusters":[],"witnessRegion":"us-west-2"}}`, basic},
		{"an update without an identifier is sent by hand", conformance.Call{Op: model.UpdateCluster{Protection: model.On, Key: model.Some("k"), Multi: two}, Token: "t"}, fullBody,
			`POST /cluster/ {"clientToken":"t","deletionProtectionEnabled":true,"kmsEncryptionKey":"k","multiRegionProperties":{"clusters":[],"witnessRegion":"us-west-2"}}`, tagged},
		{"a delete sends its token in the query", conformance.Call{Op: model.DeleteCluster{}, Identifier: id, Token: "t"}, fullBody,
			`DELETE /cluster/` + id + `?client-token=t`, basic},
		{"a delete without an identifier is sent by hand", conformance.Call{Op: model.DeleteCluster{}, Token: "t"}, `{}`,
			`DELETE /cluster/?client-token=t`, conformance.Answer{HTTP: 200}},
		{"tags are put below the escaped ARN", conformance.Call{Op: model.TagResource{Tags: model.NewTags(map[string]string{"a": "b"})}, ARN: arn}, ``,
			`POST /tags/arn%3Aaws%3Adsql%3Aus-east-1%3A123456789012%3Acluster%2F` + id + ` {"tags":{"a":"b"}}`, conformance.Answer{HTTP: 200}},
		{"no tags are put as an empty map", conformance.Call{Op: model.TagResource{}, ARN: "x"}, ``, `POST /tags/x {"tags":{}}`, conformance.Answer{HTTP: 200}},
		{"tags without an ARN are sent by hand", conformance.Call{Op: model.TagResource{}}, ``, `POST /tags/ {"tags":{}}`, conformance.Answer{HTTP: 200}},
		{"keys are removed in the query", conformance.Call{Op: model.UntagResource{Keys: []string{"a", "b c"}}, ARN: "x"}, ``,
			`DELETE /tags/x?tagKeys=a&tagKeys=b%20c`, conformance.Answer{HTTP: 200}},
		{"no keys are removed with no query", conformance.Call{Op: model.UntagResource{}, ARN: "x"}, ``, `DELETE /tags/x`, conformance.Answer{HTTP: 200}},
		{"keys without an ARN are sent by hand", conformance.Call{Op: model.UntagResource{Keys: []string{"a"}}}, ``, `DELETE /tags/?tagKeys=a`, conformance.Answer{HTTP: 200}},
		{"tags are listed", conformance.Call{Op: model.ListTagsForResource{}, ARN: "x"}, `{"tags":{"a":"b"}}`,
			`GET /tags/x`, conformance.Answer{HTTP: 200, Tags: map[string]string{"a": "b"}}},
		{"a service name is read", conformance.Call{Op: model.GetVpcEndpointServiceName{}, Identifier: id}, `{"serviceName":"com.amazonaws.us-east-1.dsql-0a1b2c"}`,
			`GET /clusters/` + id + `/vpc-endpoint-service-name`, conformance.Answer{HTTP: 200, Service: "com.amazonaws.us-east-1.dsql-0a1b2c"}},
		{"a service name without an identifier is asked by hand", conformance.Call{Op: model.GetVpcEndpointServiceName{}}, `{"serviceName":"s"}`,
			`GET /clusters//vpc-endpoint-service-name`, conformance.Answer{HTTP: 200, Service: "s"}},
		{"a raw request is sent as it stands", conformance.Call{Op: model.Raw{Method: "PATCH", Path: "/a/../%2e?q=%zz&", Type: model.Some("text/x"), Body: model.Some("{")}}, `{"clusters":[{"identifier":"i","arn":"r"}]}`,
			`PATCH /a/../%2e?q=%zz& {`, conformance.Answer{HTTP: 200, Listed: []conformance.Listed{{Identifier: "i", ARN: "r"}}}},
		{"a raw path need be no encoding", conformance.Call{Op: model.Raw{Method: "GET", Path: "/cluster/%zz"}}, ``, `GET /cluster/%zz`, conformance.Answer{HTTP: 200}},
		{"an empty object gives an empty answer", get, `{}`, `GET /cluster/` + id, conformance.Answer{HTTP: 200}},
		{"null gives an empty answer", get, `null`, `GET /cluster/` + id, conformance.Answer{HTTP: 200}},
	} {
		t.Run(tt.name, tt.run)
	}
}

// asking is a call, what is sent for it, and how the answer to it is read.
type asking struct {
	name    string
	call    conformance.Call
	answers string
	sent    string // method, request URI, body
	want    conformance.Answer
}

func (tt *asking) run(t *testing.T) {
	var sent string
	target := over(t, inProcess(func(req *http.Request) (*http.Response, error) {
		sent = req.Method + " " + req.URL.RequestURI()
		if !strings.Contains(req.Header.Get("Authorization"), "/us-east-1/dsql/aws4_request") {
			t.Errorf("got authorization for another scope, want us-east-1 and dsql")
		}
		if req.Body != nil {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				t.Error(err)
			}
			sent = strings.TrimSpace(sent + " " + string(body))
		}
		return says(200, tt.answers)(req)
	}))
	x := do(t, target, tt.call)
	if sent != tt.sent {
		t.Errorf("got request\n%s, want\n%s", sent, tt.sent)
	}
	if diff := cmp.Diff(tt.want, x.Answer); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	a := x.Attempts[0]
	if got := strings.TrimSpace(a.Method + " " + strings.TrimPrefix(a.URL, "http://127.0.0.1:4566") + " " + string(a.Body)); got != tt.sent {
		t.Errorf("got attempt\n%s, want\n%s", got, tt.sent)
	}
	if string(a.Answer) != tt.answers || a.StatusCode != 200 || a.Err != "" {
		t.Errorf("got attempt %+v, want the answer as it came", a)
	}
}

func TestACallThatCannotBeAskedIsAnError(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		call conformance.Call
	}{
		{"no operation", context.Background(), conformance.Call{Region: "us-east-1"}},
		{"an operation of the data plane", context.Background(), conformance.Call{Op: model.Connect{}, Region: "us-east-1"}},
		{"the passing of time", context.Background(), conformance.Call{Op: model.Wait{}, Region: "us-east-1"}},
		{"a principal that nobody is", context.Background(), conformance.Call{Op: get.Op, Region: "us-east-1", Identifier: id, By: "nobody"}},
		{"a context that has ended", ended, get},
		{"a raw request in a context that has ended", ended, conformance.Call{Op: model.Raw{Method: "GET", Path: "/"}, Region: "us-east-1"}},
		{"a raw path with a space", context.Background(), conformance.Call{Op: model.Raw{Method: "GET", Path: "/ HTTP/1.0"}, Region: "us-east-1"}},
		{"a raw method that is none", context.Background(), conformance.Call{Op: model.Raw{Method: "G T", Path: "/"}, Region: "us-east-1"}},
		{"a raw path with a line break", context.Background(), conformance.Call{Op: model.Raw{Method: "GET", Path: "/\r\nX:y"}, Region: "us-east-1"}},
		{"a raw path that is no encoding and looks like a host", context.Background(), conformance.Call{Op: model.Raw{Method: "GET", Path: "//x/%zz"}, Region: "us-east-1"}},
		{"a raw path that is relative", context.Background(), conformance.Call{Op: model.Raw{Method: "GET", Path: "cluster"}, Region: "us-east-1"}},
		{"a raw content type with a line break", context.Background(), conformance.Call{Op: model.Raw{Method: "GET", Path: "/", Type: model.Some("a\nb")}, Region: "us-east-1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := over(t, inProcess(func(*http.Request) (*http.Response, error) {
				t.Error("got a request, want none")
				return nil, errors.New("closed")
			}))
			if x, err := target.Do(tt.ctx, tt.call); err == nil {
				t.Errorf("got %+v, want an error", x)
			}
		})
	}
}

func TestRetriesStayOnWhenTheCallSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		target := over(t, inProcess(func(req *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(req.Body)
			if bodies = append(bodies, string(body)); len(bodies) < 3 {
				return says(500, `{"__type":"InternalServerException","message":"m"}`)(req)
			}
			return says(200, fullBody)(req)
		}))
		call := conformance.Call{Op: model.CreateCluster{}, Region: "us-east-1", Token: "t"}
		if x := do(t, target, call); x.Answer.Outage != conformance.Lost || len(x.Attempts) != 1 {
			t.Errorf("got outage %v of %d attempts, want Lost of one", x.Answer.Outage, len(x.Attempts))
		}
		bodies, call.Retries = nil, true
		x := do(t, target, call)
		if x.Answer.Outage != conformance.Answered || x.Answer.Identifier != id || len(x.Attempts) != 3 {
			t.Errorf("got %+v of %d attempts, want the cluster of three", x.Answer, len(x.Attempts))
		}
		want := `{"clientToken":"t"}`
		if diff := cmp.Diff([]string{want, want, want}, bodies); diff != "" {
			t.Errorf("bodies (-want +got):\n%s", diff)
		}
		if string(x.Attempts[2].Body) != want {
			t.Errorf("got kept body %q, want %q", x.Attempts[2].Body, want)
		}
	})
}

func TestRegionsHaveTheirOwnEndpointsAndScopes(t *testing.T) {
	var seen []string
	target := over(t, inProcess(func(req *http.Request) (*http.Response, error) {
		_, scope, _ := strings.Cut(req.Header.Get("Authorization"), keyID+"/")
		seen = append(seen, req.URL.Host+req.URL.Path+" "+strings.Split(scope, "/")[1])
		return says(200, fullBody)(req)
	}), func(o *Options) {
		o.Endpoints = map[model.Region]string{"us-east-2": "http://localhost:9/base/"}
	})
	for _, r := range []model.Region{"us-east-1", "us-east-2", "us-east-1"} {
		call := get
		call.Region = r
		do(t, target, call)
	}
	call := conformance.Call{Op: model.Raw{Method: "GET", Path: "/x"}, Region: "us-east-2"}
	do(t, target, call)
	want := []string{
		"127.0.0.1:4566/cluster/" + id + " us-east-1",
		"localhost:9/base/cluster/" + id + " us-east-2",
		"127.0.0.1:4566/cluster/" + id + " us-east-1",
		"localhost:9/base/x us-east-2",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
