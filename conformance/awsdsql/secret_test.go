package awsdsql

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// calls are one call of every operation, and those that are sent by hand.
var calls = []conformance.Call{
	{Op: model.CreateCluster{}, Token: "t"},
	{Op: model.GetCluster{}, Identifier: id},
	{Op: model.GetCluster{}},
	{Op: model.Await{}, Identifier: id},
	{Op: model.ListClusters{}},
	{Op: model.UpdateCluster{}, Identifier: id, Token: "t"},
	{Op: model.DeleteCluster{}, Identifier: id, Token: "t"},
	{Op: model.TagResource{}, ARN: arn},
	{Op: model.UntagResource{}, ARN: arn},
	{Op: model.ListTagsForResource{}, ARN: arn},
	{Op: model.GetVpcEndpointServiceName{}, Identifier: id},
	{Op: model.PutClusterPolicy{}, Identifier: id, Policy: "{}", Token: "t"},
	{Op: model.PutClusterPolicy{Bypass: model.Off}, Identifier: id, Policy: "{}", Token: "t"},
	{Op: model.GetClusterPolicy{}, Identifier: id},
	{Op: model.DeleteClusterPolicy{}, Identifier: id, Token: "t"},
	{Op: model.CreateStream{}, Identifier: id, Kinesis: kinesis, Role: role, Token: "t"},
	{Op: model.GetStream{}, Identifier: id, Stream: streamID},
	{Op: model.ListStreams{}, Identifier: id},
	{Op: model.DeleteStream{}, Identifier: id, Stream: streamID, Token: "t"},
	{Op: model.CreateMultiRegionClusters{Linked: []model.Region{"us-east-1"}}, Token: "t"},
	{Op: model.DeleteMultiRegionClusters{}, ARNs: []string{arn}, Token: "t"},
	{Op: model.Raw{Method: "POST", Path: "/cluster", Body: model.Some("{}")}},
}

func TestEveryShapeOfTheModelCanBeAsked(t *testing.T) {
	for _, shape := range model.Shapes(model.Current) {
		if asks[shape.Name] == nil {
			t.Errorf("%s: got no call, want one", shape.Name)
		}
	}
}

// An endpoint that quotes all of a request wherever it can is the worst that
// secrets can meet; AWS's own front door quotes a good part of it.
func TestNoSecretIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		call := rapid.SampledFrom(calls).Draw(t, "call")
		call.Region = "us-east-1"
		status := rapid.SampledFrom([]int{200, 307, 400, 403, 500}).Draw(t, "status")
		breaks := rapid.Bool().Draw(t, "breaks")
		var secrets []string
		echo := inProcess(func(req *http.Request) (*http.Response, error) {
			_, signature, _ := strings.Cut(req.Header.Get("Authorization"), "Signature=")
			secrets = []string{signature, secret, session}
			all := fmt.Sprint(req.Header, secret)
			if breaks {
				return nil, fmt.Errorf("broken by %s", all)
			}
			text, _ := json.Marshal(all)
			resp, err := says(status, `{"__type":"X","message":`+string(text)+`,"status":`+string(text)+`}`)(req)
			resp.Header = req.Header.Clone()
			resp.Header.Set("X-Echo", all)
			resp.Header.Add("Set-Cookie", "a="+session)
			return resp, err
		})
		target, err := New(Options{Endpoint: "http://127.0.0.1:1", Credentials: staticKeys, Transport: echo})
		if err != nil {
			t.Fatal(err)
		}
		x, err := target.Do(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		if len(secrets[0]) != 64 {
			t.Fatalf("got signature of %d characters, want 64", len(secrets[0]))
		}
		kept, err := json.Marshal(x.Answer)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range x.Attempts {
			for _, h := range []map[string][]string{a.Header, a.AnswerHeader} {
				for _, name := range []string{"Authorization", "X-Amz-Security-Token", "Cookie", "Set-Cookie"} {
					if _, there := h[name]; there {
						t.Errorf("got header %s kept, want it left out", name)
					}
				}
				kept = fmt.Append(kept, h)
			}
			kept = fmt.Append(kept, a.URL, a.Err, string(a.Body), string(a.Answer))
		}
		for _, s := range secrets {
			if strings.Contains(string(kept), s) {
				t.Error("got a secret in what is kept, want none")
			}
		}
	})
}

func TestKeysTooShortToBeSecretDoNotGarbleAnswers(t *testing.T) {
	body := `{"__type":"ConflictException","message":"a test of test"}`
	target := over(t, says(409, body), func(o *Options) { o.Credentials = shortKeys })
	if got := do(t, target, get).Answer.Message; got != "a test of test" {
		t.Errorf("got message %q, want it as it came", got)
	}
}

func TestTheRequestIsSentWholeWhatEverIsKeptOfIt(t *testing.T) {
	var sent string
	target := over(t, inProcess(func(req *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(req.Body)
		if sent = string(body); err != nil || req.Header.Get("X-Amz-Security-Token") != session {
			t.Errorf("got error %v, want the body, signed with the session", err)
		}
		return says(200, fullBody)(req)
	}), func(o *Options) { o.MaxBody = 4 })
	x := do(t, target, conformance.Call{Op: model.CreateCluster{}, Token: "t"})
	if a := x.Attempts[0]; sent != `{"clientToken":"t"}` || string(a.Body) != `{"cl` || !a.Truncated {
		t.Errorf("got body %q, kept %q, truncated %t, want all of it, four bytes, true", sent, a.Body, a.Truncated)
	}
}
