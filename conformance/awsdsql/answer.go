package awsdsql

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/restjson"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"
	"github.com/aws/smithy-go"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// settle completes the answer of a call that was sent: it classifies what came
// of the last attempt and, for a refusal, names the error.
func settle(answer conformance.Answer, err error, rec *recorder) conformance.Answer {
	last := rec.attempts[len(rec.attempts)-1]
	switch {
	case rec.unsent:
		return conformance.Answer{Outage: conformance.Unreachable, Message: last.Err}
	case rec.failure != nil: // even if what came before it can be read
		return conformance.Answer{Outage: conformance.Lost, HTTP: last.StatusCode, Message: last.Err}
	case err == nil && last.Truncated: // what was cut may contradict what was not
		return undecodable(last.StatusCode)
	case err == nil:
		answer.HTTP = last.StatusCode
		return answer
	}
	answer = conformance.Answer{HTTP: last.StatusCode}
	answer.Code, answer.Message, answer.Reason = refusal(err, last)
	answer.Outage = classify(last.StatusCode, answer.Code)
	if answer.Outage == conformance.Answered && answer.Reason == unknownOperation {
		answer.Outage = conformance.NotServed
	}
	if answer.Outage == conformance.Undecodable {
		return undecodable(last.StatusCode)
	}
	return answer
}

func undecodable(status int) conformance.Answer {
	return conformance.Answer{
		Outage:  conformance.Undecodable,
		HTTP:    status,
		Message: fmt.Sprintf("HTTP %d with an answer that is not one of the service's", status),
	}
}

// anonymous is the code of a refusal that names none, and the message of one
// that has none; it is the SDK's word.
const anonymous = "UnknownError"

// refusal returns what an answer that is no success says. When the SDK could
// not decode it, the bytes are asked.
func refusal(err error, last conformance.Attempt) (code, message, reason string) {
	var api smithy.APIError
	if !errors.As(err, &api) {
		api = apiError(last)
	}
	code, message = cmp.Or(api.ErrorCode(), anonymous), api.ErrorMessage()
	if message == anonymous {
		message = ""
	}
	var invalid *types.ValidationException
	if errors.As(err, &invalid) {
		return code, message, string(invalid.Reason)
	}
	if code == model.Validation.String() {
		var body struct{ Reason string }
		if json.Unmarshal(last.Answer, &body) == nil {
			reason = body.Reason
		}
	}
	return code, message, reason
}

// apiError reads the error of an answer that the SDK did not decode.
func apiError(last conformance.Attempt) smithy.APIError {
	kind, message, _ := restjson.GetErrorInfo(json.NewDecoder(bytes.NewReader(last.Answer)))
	if header := http.Header(last.AnswerHeader).Get("X-Amzn-Errortype"); header != "" {
		kind = restjson.SanitizeErrorCode(header)
	}
	return &smithy.GenericAPIError{Code: cmp.Or(kind, anonymous), Message: message}
}

// notServed are the names of errors that say that the operation is unknown.
var notServed = []string{
	"UnknownOperation", "UnknownOperationException",
	"NotImplemented", "NotImplementedException",
	"UnsupportedOperation", "UnsupportedOperationException",
	"InvalidAction",
}

// badCredentials are the names of errors about who asks, not about what.
var badCredentials = []string{
	"ExpiredToken", "ExpiredTokenException", "RequestExpired",
	"InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException", "AuthFailure",
	"InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException",
	"MissingAuthenticationToken", "MissingAuthenticationTokenException",
	"MissingSecurityToken", "InvalidToken", "InvalidTokenException",
}

// unknownOperation is the reason of a ValidationException that says that there
// is no such operation.
const unknownOperation = string(types.ValidationExceptionReasonUnknownOperation)

// classify says what an answer with this status code and error name is worth.
func classify(status int, code string) conformance.Outage {
	switch {
	case status == http.StatusNotImplemented, status >= 400 && slices.Contains(notServed, code):
		return conformance.NotServed
	case status >= 500:
		return conformance.Lost
	case status == http.StatusTooManyRequests, status >= 400 && code == model.Throttling.String():
		return conformance.Throttled
	case status >= 400 && slices.Contains(badCredentials, code):
		return conformance.Credentials
	case status >= 400:
		return conformance.Answered
	}
	return conformance.Undecodable
}

// cluster is the part that the answers about one cluster share.
func cluster(id, arn *string, status types.ClusterStatus, created *time.Time) conformance.Answer {
	return conformance.Answer{
		Identifier: aws.ToString(id),
		ARN:        aws.ToString(arn),
		Status:     string(status),
		Created:    aws.ToTime(created),
	}
}

// multi returns multiRegionProperties as answered, nil for none.
func multi(p *types.MultiRegionProperties) *conformance.Multi {
	if p == nil {
		return nil
	}
	return &conformance.Multi{Witness: p.WitnessRegion, Clusters: p.Clusters}
}

// encryption returns encryptionDetails as answered, nil for none.
func encryption(e *types.EncryptionDetails) *conformance.Encryption {
	if e == nil {
		return nil
	}
	return &conformance.Encryption{Type: string(e.EncryptionType), Status: string(e.EncryptionStatus), Key: e.KmsKeyArn}
}
