package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"dsqlconform/conformance"
)

func TestSecretsAreRedactedWhereverATargetPutsThem(t *testing.T) {
	const secret = "S3CR3Tvalue"
	for _, text := range []string{
		"AWS4-HMAC-SHA256 Credential=" + secret + "/20260101/us-east-1/dsql/aws4_request, SignedHeaders=host, Signature=" + secret,
		"AWS4-ECDSA-P256-SHA256 Credential=" + secret,
		"http://h/?X-Amz-Signature=" + secret + "&X-Amz-Credential=" + secret,
		"x-amz-security-token: " + secret,
		`{"X-Amz-Security-Token":["` + secret + `"]}`,
		"X-Amz-Security-Token%3D" + secret,
		"Authorization: Bearer " + secret,
		`{"authorization": "Basic ` + secret + `"}`,
		"aws_secret_access_key = " + secret,
		`{"SecretAccessKey":"` + secret + `"}`,
		`{"SessionToken": "` + secret + `"}`,
		"AKIA" + strings.ToUpper(secret) + "ABCDEF",
		"https://user:" + secret + "@host/",
		"the signature=" + secret + " does not match",
	} {
		if got := clean(text); strings.Contains(strings.ToLower(got), strings.ToLower(secret)) {
			t.Errorf("clean(%q): got %q, want it without the secret", text, got)
		}
	}
}

func TestOrdinaryTextIsNotRedacted(t *testing.T) {
	for _, text := range []string{
		"DSQL-DEL-002/DeleteCluster/ACTIVE/single/ok", "http://127.0.0.1:8000/cluster/abc?client-token=x",
		`{"clientToken":"t"}`, "arn:aws:dsql:us-east-1:123456789012:cluster/abc", "signature of the finding", "",
	} {
		if got := clean(text); got != text {
			t.Errorf("clean(%q): got %q, want it unchanged", text, got)
		}
	}
}

func TestCleaningTwiceIsCleaningOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := clean(hostile().Draw(t, "text"))
		if !utf8.ValidString(once) {
			t.Fatalf("got %q, want valid UTF-8", once)
		}
		if twice := clean(once); twice != once {
			t.Fatalf("got %q, then %q", once, twice)
		}
	})
}

// A secret that comes in by any text of a finding or a record comes out of no
// writer.
func TestNoWriterShowsASecret(t *testing.T) {
	const secret = "5ec2e7f00d"
	echo := "Signature=" + secret
	res, target := sample(t)
	f := &res.Findings[0]
	f.Got, f.Diff, f.Shape, f.Expected = echo, echo, echo, []string{echo}
	res.Notes[0].Example, res.Doubts[0].Reason, res.Profiles[0].Reason = echo, echo, echo
	target.Endpoint = "http://user:" + secret + "@127.0.0.1/"
	a := &f.Calls[0].Exchange.Attempts[0]
	a.URL, a.Answer, a.Err, a.Body = "http://h/?X-Amz-"+echo, []byte(echo), echo, []byte(echo)
	a.Header = map[string][]string{"authorization": {secret}, "X-Amz-Security-Token": {secret}, "Cookie": {secret}}
	a.AnswerHeader = map[string][]string{"set-cookie": {secret}, "X-Echo": {echo}}
	f.Calls[0].Exchange.Answer = conformance.Answer{Message: echo, Reason: echo}

	var out bytes.Buffer
	report := New(res, target)
	trace, err := NewTraceWriter(&out, TraceHeader{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		WriteJSON(&out, report), WriteMarkdown(&out, report), WriteJUnit(&out, report),
		Bug(&out, *f, target), trace.Record("p", 1, 0, f.Calls[0]),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if i := strings.Index(out.String(), secret); i >= 0 {
		t.Errorf("got a secret: …%s…", out.String()[max(0, i-80):i+len(secret)])
	}
}
