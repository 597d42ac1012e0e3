package conformance_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// restricted runs the profile permissions against a reference endpoint that knows
// the principals, and lets each do what allowed says.
func restricted(t *testing.T, allowed func(conformance.Principal) string) conformance.Result {
	t.Helper()
	regions := []model.Region{"us-east-1", "us-east-2"}
	who := conformance.Principals(regions, "us-west-2", reference.SecretKey)
	believed, err := conformance.Permissions(who)
	if err != nil {
		t.Fatal(err)
	}
	options := reference.Options{
		Seed: 1, Settle: 20 * time.Millisecond, Principals: map[string]*model.Permissions{},
		Credentials: map[string]string{reference.AccessKey: reference.SecretKey},
	}
	keys := map[string]aws.CredentialsProvider{}
	for _, p := range who {
		options.Credentials[p.AccessKey] = p.SecretKey
		keys[p.Name] = credentials.NewStaticCredentialsProvider(p.AccessKey, p.SecretKey, "")
		if policy := allowed(p); policy != "" {
			if options.Principals[p.AccessKey], err = model.ParsePermissions([]byte(policy)); err != nil {
				t.Fatal(err)
			}
		}
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
	res := restricted(t, func(p conformance.Principal) string { return string(p.Policy) })
	if res.Verdict != conformance.Conforms {
		t.Errorf("got verdict %s and findings %v, want it to conform", res.Verdict, res.Findings)
	}
	if res.Rules["DSQL-PRM-001"] == 0 {
		t.Error("got no denied call, want some")
	}
}

func TestAPrincipalThatMayTooMuchIsFound(t *testing.T) {
	res := restricted(t, func(conformance.Principal) string { return "" })
	if !slices.ContainsFunc(res.Findings, func(f conformance.Finding) bool { return f.Rule == "DSQL-PRM-001" }) {
		t.Errorf("got findings %v, want one of DSQL-PRM-001", res.Findings)
	}
}

func TestAPrincipalThatMayTooLittleIsFound(t *testing.T) {
	res := restricted(t, func(conformance.Principal) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	})
	if res.Verdict != conformance.Diverges {
		t.Errorf("got verdict %s, want it to diverge: all is denied", res.Verdict)
	}
}
