package awsdsql

import (
	"bytes"
	"context"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dsql"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dsqlconform/conformance"
)

var (
	staticKeys = credentials.NewStaticCredentialsProvider(keyID, secret, session)
	shortKeys  = credentials.NewStaticCredentialsProvider("test", "test", "")
)

// FuzzAnswer holds that any answer is decoded without a panic, the same each
// time, to a success, a refusal with a name or an outage.
func FuzzAnswer(f *testing.F) {
	for i := range calls {
		f.Add(uint8(i), 200, "application/json", "", []byte(fullBody))
		f.Add(uint8(i), 400, "application/json", "ns#ValidationException:x", []byte(`{"__type":"x","message":"m","reason":"other","fieldList":[{"name":"a"}]}`))
	}
	for i := range calls {
		f.Add(uint8(i), 200, "application/json", "", []byte(streamBody))
		f.Add(uint8(i), 200, "application/json", "", []byte(legacyBody))
		f.Add(uint8(i), 200, "application/json", "", []byte(`{"policy":"{}","policyVersion":"1","streams":[null,{"status":1},`+streamBody+`],"nextToken":""}`))
	}
	f.Add(uint8(4), 200, "", "", []byte(`{"clusters":[null,{}]}`))
	f.Add(uint8(1), 200, "", "", []byte(`{"creationTime":1e400}`))
	f.Add(uint8(1), 500, "text/html", "", []byte("<html>"))
	f.Fuzz(func(t *testing.T, which uint8, status int, media, kind string, body []byte) {
		if status < 100 || status > 999 {
			t.Skip("no HTTP status code")
		}
		call := calls[int(which)%len(calls)]
		call.Region = "us-east-1"
		target := over(t, says(status, string(body), "Content-Type", media, "X-Amzn-Errortype", kind))
		x, err := target.Do(context.Background(), call)
		if err != nil {
			t.Fatal(err)
		}
		again, err := target.Do(context.Background(), call)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x.Answer, again.Answer, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the same answer twice (-first +second):\n%s", diff)
		}
		a := x.Answer
		if a.HTTP != status {
			t.Errorf("got HTTP %d, want %d", a.HTTP, status)
		}
		if refused := status >= 400; refused != (a.Code != "") {
			t.Errorf("got code %q for HTTP %d", a.Code, status)
		}
		if a.Outage == conformance.Answered && (status < 200 || status >= 300 && status < 400) {
			t.Errorf("got an answer of HTTP %d, want an outage", status)
		}
	})
}

// FuzzDecode holds that an answer to a request sent by hand is an object or an
// error, and that what is read of it is what stands in it.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		fullBody, streamBody, legacyBody, "", "null", "[]", `{"streamIdentifier":null}`, `{"streams":[{}]}`, `{"streams":{}}`, `{"encryptionDetails":{}}`,
		`{"targetDefinition":{"kinesis":null},"streamIdentifier":"s"}`, `{"multiRegionProperties":[]}`, `{"policy":7}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := decode(body)
		if err != nil {
			if diff := cmp.Diff(conformance.Answer{}, a); diff != "" {
				t.Errorf("got an answer beside an error:\n%s", diff)
			}
			return
		}
		if a.Stream != nil && (a.Identifier != "" || a.Status != "") {
			t.Errorf("got %+v, want a stream or a cluster", a)
		}
		for _, text := range []string{a.Identifier, a.PolicyVersion, a.Page, a.Service} {
			if text != "" && !bytes.Contains(body, []byte(text)) && !bytes.ContainsAny(body, "\\\xff") && utf8.Valid(body) {
				t.Errorf("got %q, which is not in the answer", text)
			}
		}
		var legacyToo conformance.Answer
		legacy(&legacyToo, body)
	})
}

// The two benchmarks differ in what the target adds to the SDK.
func BenchmarkSDK(b *testing.B) {
	client := dsql.New(dsql.Options{
		BaseEndpoint: aws.String("http://127.0.0.1:1"), Region: "us-east-1", Credentials: staticKeys,
		Retryer: aws.NopRetryer{}, HTTPClient: says(200, fullBody),
	})
	for b.Loop() {
		if _, err := client.GetCluster(b.Context(), &dsql.GetClusterInput{Identifier: aws.String(id)}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTarget(b *testing.B) {
	target := over(b, says(200, fullBody))
	for b.Loop() {
		if x, err := target.Do(b.Context(), get); err != nil || x.Answer.Identifier != id {
			b.Fatal(x, err)
		}
	}
}
