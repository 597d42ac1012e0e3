package conformance_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// restricted runs the profile permissions against a reference endpoint that takes
// the principals. There each may do what allowed says in place of its own
// permissions; nil for everything.
func restricted(t *testing.T, allowed func(own *model.Permissions) *model.Permissions) conformance.Result {
	t.Helper()
	options := reference.Options{Seed: 1, Settle: 20 * time.Millisecond}
	believed, keys := admit(t, &options)
	for key, own := range options.Principals {
		options.Principals[key] = allowed(own)
	}
	server := httptest.NewServer(reference.New(options))
	defer server.Close()
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint: server.URL, Principals: keys,
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	res, err := conformance.Check(context.Background(), target, conformance.Only("permissions"), func(s *conformance.Settings) {
		s.Principals, s.Sequences, s.Workers, s.Seed = believed, 60, 8, 1
		s.Shrinking = 2 * time.Second
	})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestPrincipalsMayDoWhatTheirPoliciesSay(t *testing.T) {
	res := restricted(t, func(own *model.Permissions) *model.Permissions { return own })
	if res.Verdict != conformance.Conforms {
		t.Errorf("got verdict %s and findings %v, want it to conform", res.Verdict, res.Findings)
	}
	if res.Rules["DSQL-PRM-001"] == 0 {
		t.Error("got no denied call, want some")
	}
}

func TestAPrincipalThatMayTooMuchIsFound(t *testing.T) {
	res := restricted(t, func(*model.Permissions) *model.Permissions { return nil })
	if !slices.ContainsFunc(res.Findings, func(f conformance.Finding) bool { return f.Rule == "DSQL-PRM-001" }) {
		t.Errorf("got findings %v, want one of DSQL-PRM-001", res.Findings)
	}
}

func TestAPrincipalThatMayTooLittleIsFound(t *testing.T) {
	res := restricted(t, func(*model.Permissions) *model.Permissions { return &model.Permissions{} })
	if res.Verdict != conformance.Diverges {
		t.Errorf("got verdict %s, want it to diverge: all is denied", res.Verdict)
	}
}
