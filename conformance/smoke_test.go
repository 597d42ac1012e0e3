package conformance_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/weather"
)

func TestSmoke(t *testing.T) {
	for _, temper := range reference.Temperaments() {
		t.Run(temper.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := reference.New(reference.Options{Temperament: temper, Seed: 1, Settle: 10 * time.Second})
				target, err := awsdsql.New(awsdsql.Options{Endpoint: "http://127.0.0.1:1", Transport: weather.InProcess(e), Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, "")})
				if err != nil {
					t.Fatal(err)
				}
				res, err := conformance.Check(context.Background(), target, conformance.With(conformance.Settings{Sequences: 70, Repeats: 1, Shrinking: time.Hour}))
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s ops=%d probes=%d took=%v doubts=%v notes=%v", res.Verdict, res.Operations, res.Probes, res.Duration, res.Doubts, res.Notes)
				for _, f := range res.Findings {
					t.Errorf("%s\n%s", f.Signature(), conformance.Message(f))
				}
			})
		})
	}
}
