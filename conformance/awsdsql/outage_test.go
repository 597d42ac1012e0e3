package awsdsql

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func TestAnAnswerIsClassifiedByItsStatusAndItsErrorName(t *testing.T) {
	refused := func(status int, code string) conformance.Answer {
		return conformance.Answer{HTTP: status, Code: code, Message: "m"}
	}
	out := func(o conformance.Outage, a conformance.Answer) conformance.Answer { a.Outage = o; return a }
	named := func(code string) string { return `{"__type":"ns#` + code + `:http://x","message":"m"}` }
	invalid := refused(400, "ValidationException")
	invalid.Reason = "deletionProtectionEnabled"
	junk := func(status int) conformance.Answer {
		return conformance.Answer{Outage: conformance.Undecodable, HTTP: status, Message: "HTTP " + http.StatusText(status)}
	}

	tests := []struct {
		name   string
		answer inProcess
		want   conformance.Answer
	}{
		{"a modelled refusal in the body", says(409, named("ConflictException")), refused(409, "ConflictException")},
		{"a modelled refusal in the header", says(404, `{"message":"m"}`, "X-Amzn-Errortype", "ResourceNotFoundException:"), refused(404, "ResourceNotFoundException")},
		{"a validation error with its reason", says(400, `{"__type":"ValidationException","message":"m","reason":"deletionProtectionEnabled"}`), invalid},
		{"an error that the operation does not list", says(402, named("ServiceQuotaExceededException")), refused(402, "ServiceQuotaExceededException")},
		{"an unmodelled refusal", says(418, named("Teapot")), refused(418, "Teapot")},
		{"a refusal without a name", says(400, `{"message":"m"}`), refused(400, "UnknownError")},
		{"a refusal without a body", says(404, ``), conformance.Answer{HTTP: 404, Code: "UnknownError"}},
		{"a refusal that is a web page", says(403, `<html>`, "Content-Type", "text/html"), conformance.Answer{HTTP: 403, Code: "UnknownError"}},
		{"a refusal named in the header over broken JSON", says(409, `{`, "X-Amzn-Errortype", "ConflictException"), conformance.Answer{HTTP: 409, Code: "ConflictException"}},
		{"a validation error that the SDK cannot decode", says(400, `{"__type":"ValidationException","message":"m","reason":"other","fieldList":7}`),
			conformance.Answer{HTTP: 400, Code: "ValidationException", Message: "m", Reason: "other"}},
		{"throttling", says(429, named("ThrottlingException")), out(conformance.Throttled, refused(429, "ThrottlingException"))},
		{"throttling without a name", says(429, `{"message":"m"}`), out(conformance.Throttled, refused(429, "UnknownError"))},
		{"throttling under another status code", says(400, named("ThrottlingException")), out(conformance.Throttled, refused(400, "ThrottlingException"))},
		{"an internal error", says(500, named("InternalServerException")), out(conformance.Lost, refused(500, "InternalServerException"))},
		{"a gateway's web page", says(502, `<html>`, "Content-Type", "text/html"), out(conformance.Lost, conformance.Answer{HTTP: 502, Code: "UnknownError"})},
		{"an operation that is not implemented", says(501, named("NotImplemented")), out(conformance.NotServed, refused(501, "NotImplemented"))},
		{"an operation that is unknown", says(404, named("UnknownOperationException")), out(conformance.NotServed, refused(404, "UnknownOperationException"))},
		{"an expired token", says(403, named("ExpiredTokenException")), out(conformance.Credentials, refused(403, "ExpiredTokenException"))},
		{"an unknown key", says(403, named("UnrecognizedClientException")), out(conformance.Credentials, refused(403, "UnrecognizedClientException"))},
		{"a missing permission is a refusal", says(403, named("AccessDeniedException")), refused(403, "AccessDeniedException")},
		{"a success that is a web page", says(200, `<html>`, "Content-Type", "text/html"), junk(200)},
		{"a success of another type", says(200, `[]`), junk(200)},
		{"a success with a member of another type", says(200, `{"status":7}`), junk(200)},
		{"a redirect", says(307, ``, "Location", "http://127.0.0.1:1/"), junk(307)},
		{"a transport that breaks", func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
			conformance.Answer{Outage: conformance.Lost, Message: "unexpected EOF"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := over(t, tt.answer)
			byHand := conformance.Call{Op: model.Raw{Method: "GET", Path: "/cluster/" + id}, Region: "us-east-1"}
			for how, call := range map[string]conformance.Call{"the SDK": get, "by hand": byHand} {
				got := do(t, target, call).Answer
				if tt.want.Outage == conformance.Undecodable && got.Message != "" {
					got.Message = tt.want.Message
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", how, diff)
				}
			}
		})
	}
}

func TestWithoutCredentialsNothingIsSent(t *testing.T) {
	quiet := inProcess(func(*http.Request) (*http.Response, error) {
		t.Error("got a request, want none")
		return nil, errors.New("closed")
	})
	for name, provider := range map[string]aws.CredentialsProvider{
		"none":      nil,
		"anonymous": aws.AnonymousCredentials{},
		"failing": aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no chain")
		}),
		"blank": aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, nil }),
		"empty": credentials.NewStaticCredentialsProvider("", "", ""),
	} {
		t.Run(name, func(t *testing.T) {
			target := over(t, quiet, func(o *Options) { o.Credentials = provider })
			for _, call := range []conformance.Call{get, {Op: model.Raw{Method: "GET", Path: "/"}}} {
				x := do(t, target, call)
				if x.Answer.Outage != conformance.Credentials || x.Attempts[0].Err == "" {
					t.Errorf("got %+v, want the outage Credentials and why", x)
				}
			}
		})
	}
}
