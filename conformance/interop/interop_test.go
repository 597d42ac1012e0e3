//go:build unix

package interop_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/tours"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// The runs are of one seed, and stop after so many operations: then they are
// the same everywhere.
const (
	seed       = 1
	operations = 700
	repeats    = 5
	mostOf     = 4 // of the repeats must show a finding again
)

func TestMoto(t *testing.T)      { interoperate(t, "moto") }
func TestMiniStack(t *testing.T) { interoperate(t, "ministack") }

// reach returns the target of a preset. A nil transport is the usual one.
func reach(t *testing.T, p conformance.Preset, transport http.RoundTripper) conformance.Target {
	t.Helper()
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    p.Endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(p.Credentials.AccessKey, p.Credentials.SecretKey, ""),
		Transport:   transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.Close)
	return target
}

// check runs the suite.
func check(t *testing.T, p conformance.Preset, target conformance.Target, known []conformance.Divergence) conformance.Result {
	t.Helper()
	res, err := conformance.Check(t.Context(), target, conformance.With(conformance.Settings{
		Seed: seed, Operations: operations, Repeats: repeats,
		Shrinking: time.Minute, // what it takes is far less
		Settle:    p.Settle, Regions: p.Regions, Witness: p.Witness, Known: known,
		Account: p.Account, Quota: p.Quota, Kinesis: p.Kinesis,
	}))
	if err != nil {
		t.Fatal(err)
	}
	if res.Operations < operations {
		t.Fatalf("got %d operations judged, want %d: %+v", res.Operations, operations, res.Profiles)
	}
	return res
}

// tour walks the tours alone, but for those that wait for a cluster to fall idle.
func tour(t *testing.T, p conformance.Preset, target conformance.Target) conformance.Result {
	t.Helper()
	res, err := conformance.Check(t.Context(), target, conformance.With(conformance.Settings{
		Tour: tours.Sequences(), Profiles: []generators.Profile{}, Budget: time.Minute,
		Settle: p.Settle, Regions: p.Regions, Witness: p.Witness, Known: p.Known,
		Account: p.Account, Quota: p.Quota, Kinesis: p.Kinesis,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// interoperate runs the suite against the target of a preset, with its list of
// known divergences and without.
func interoperate(t *testing.T, name string) {
	p := launch(t, name)
	target := reach(t, p, nil)
	t.Run("its known divergences are all there, and nothing else is", func(t *testing.T) {
		listed(t, p, check(t, p, target, p.Known))
	})
	t.Run("the tours find nothing else", func(t *testing.T) {
		res := tour(t, p, target)
		nothingNew(t, res)
		if n := len(tours.Tours()[0].Sequences); res.Sequences < n {
			t.Errorf("got %d sequences of the tours walked, want those of %s at least, %d", res.Sequences, tours.Tours()[0].Temperament, n)
		}
	})
	t.Run("without the list it diverges", func(t *testing.T) {
		unlisted(t, p, check(t, p, target, nil))
	})
}

// listed judges a run with the preset's list.
func listed(t *testing.T, p conformance.Preset, res conformance.Result) {
	t.Helper()
	if len(res.Known) != len(p.Known) {
		t.Fatalf("got the fate of %d known divergences, want %d", len(res.Known), len(p.Known))
	}
	for i, d := range p.Known {
		if got := res.Known[i]; got.Status != "seen" && !(d.Elsewhere && got.Status == "not-attempted") {
			t.Errorf("%s: got %s, want seen", d.Name, got.Status)
		}
	}
	nothingNew(t, res)
}

// nothingNew judges a run that may find what is known, and nothing else.
func nothingNew(t *testing.T, res conformance.Result) {
	t.Helper()
	if res.Verdict != conformance.Conforms {
		t.Errorf("got verdict %s, want %s", res.Verdict, conformance.Conforms)
	}
	for _, f := range res.Findings {
		if !f.Known {
			t.Errorf("got %s that the list does not hold:\n%s", f.Severity, describe(f))
		}
	}
}

// unlisted judges a run without a list.
func unlisted(t *testing.T, p conformance.Preset, res conformance.Result) {
	t.Helper()
	if res.Verdict != conformance.Diverges {
		t.Errorf("got verdict %s, want %s", res.Verdict, conformance.Diverges)
	}
	for _, f := range res.Findings {
		if f.Hits < mostOf || f.Tries != repeats {
			t.Errorf("the minimal sequence showed its finding %d times in %d, want %d in %d:\n%s", f.Hits, f.Tries, mostOf, repeats, describe(f))
		}
		if f.Severity == conformance.Violation && !certain(f.Rule) {
			t.Errorf("%s is called a violation, want its rule to cite what AWS wrote:\n%s", f.Rule, describe(f))
		}
	}
	if !slices.ContainsFunc(res.Findings, func(f conformance.Finding) bool { return f.After != "" && multiRegion(f.Minimal) }) {
		t.Error("got no finding behind another one in a sequence with a multi-Region cluster, want the suite to go on after a finding")
	}
	if diff := cmp.Diff(p.NotImplemented, res.NotServed, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the preset (-) and the run (+) do not agree on what is not served:\n%s", diff)
	}
}

// certain reports whether a rule cites a fact that is documented, or in the
// service description.
func certain(id model.RuleID) bool {
	rule, ok := conformance.LookupRule(id)
	return ok && slices.ContainsFunc(rule.Cite, func(id model.FactID) bool {
		fact, ok := model.LookupFact(id)
		return ok && (fact.Certainty == model.CertainDocumented || fact.Certainty == model.CertainModelled)
	})
}

// multiRegion reports whether a sequence makes a multi-Region cluster.
func multiRegion(s model.Sequence) bool {
	return slices.ContainsFunc(s.Lines, func(l model.Line) bool {
		switch op := l.Op.(type) {
		case model.CreateCluster:
			return op.Multi != nil
		case model.UpdateCluster:
			return op.Multi != nil
		}
		return false
	})
}

func describe(f conformance.Finding) string {
	return f.Signature() + "\n" + f.Minimal.String() + "got " + f.Got + "\nwant " + strings.Join(f.Expected, "\n  or ")
}
