package awsdsql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// hostile builds the request of a hostile operation, signs it well or badly, and
// sends it. The error says that it could not be sent.
func (t *Target) hostile(ctx context.Context, way line, rec *recorder, call conformance.Call, op model.Hostile) (conformance.Answer, error) {
	h, err := hostileRequest(call, op)
	if err != nil {
		return conformance.Answer{}, err
	}
	r := request{method: h.Method, path: h.Path, media: h.Type.Value, body: h.Body, sized: h.Body != nil}
	req, err := r.build(ctx, way.endpoint)
	if err != nil {
		return conformance.Answer{}, err
	}
	keys, err := t.vault.key(call.By).Retrieve(ctx)
	if err != nil {
		return conformance.Answer{}, err
	}
	if err := t.sign(ctx, req, keys, h, call.Region); err != nil {
		return conformance.Answer{}, fmt.Errorf("sign: %w", err)
	}
	answer, err := answered(rec, req)
	for i := range rec.attempts {
		a := &rec.attempts[i]
		a.Body = a.Body[:min(len(a.Body), keptHostile)]
	}
	return answer, err
}

// keptHostile is how many bytes of a hostile request's body are kept: what is
// longer is far too long, and the rest of it says nothing more.
const keptHostile = 16 << 10

// hostileRequest returns the request of the revision that has it.
func hostileRequest(call conformance.Call, op model.Hostile) (r model.HTTPRequest, err error) {
	names := model.HTTPNames{
		Identifier: call.Identifier, Stream: call.Stream, ARN: call.ARN, ARNs: call.ARNs,
		Token: call.Token, Policy: call.Policy, Kinesis: call.Kinesis, Role: call.Role,
	}
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		shape, _ := model.LookupShape(rev, op.Operation)
		if r, err = op.Request(shape, names); err == nil {
			return r, nil
		}
	}
	return r, err
}

// What wrong signatures are made with. None of it opens anything.
const (
	nobodysKey    = "AKIAHOSTILEKEY000000"
	nobodysSecret = "hostile-request-no-secret"
	otherService  = "s3"
)

// sign signs a request as its [model.Signing] says.
func (t *Target) sign(ctx context.Context, req *http.Request, keys aws.Credentials, h model.HTTPRequest, region model.Region) error {
	at, service, body := t.options.Now(), "dsql", h.Body
	switch h.Signing {
	case model.Unsigned:
		return nil
	case model.OtherSecret:
		keys.SecretAccessKey = nobodysSecret
	case model.OtherKey:
		keys = aws.Credentials{AccessKeyID: nobodysKey, SecretAccessKey: nobodysSecret}
	case model.OtherService:
		service = otherService
	case model.Stale:
		at = at.Add(-time.Hour)
	case model.OtherBody:
		body = []byte("another body")
	}
	hash := sha256.Sum256(body)
	query := req.URL.RawQuery
	// A signer of its own: it remembers keys by the access key alone.
	err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(hash[:]), service, string(region), at)
	req.URL.RawQuery = query // the signer puts it in order
	return err
}

// turnedAway is what an answer to a hostile request is worth: a front door that
// refuses it for its signature, or for want of such an operation, does what it
// should.
func turnedAway(a conformance.Answer) conformance.Answer {
	refused := a.HTTP >= 400 && a.HTTP < 500
	if refused && (a.Outage == conformance.Credentials || a.Outage == conformance.NotServed) {
		a.Outage = conformance.Answered
	}
	return a
}
