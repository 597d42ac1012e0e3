package generators

import (
	"slices"
	"testing"

	"dsqlconform/model"
)

// Each value at or past a limit is judged by the model as its table says.
func TestLimitsAreWhatTheModelTakesThemFor(t *testing.T) {
	create := model.CreateCluster{As: 1, Region: "us-east-1"}
	world := model.Step(model.World{Env: usual}, create)[0].Next
	c, _ := world.Find(1)
	c.Status = model.Active
	world = world.With(c)
	check := func(op model.Op, want model.RuleID) {
		t.Helper()
		var rules []model.RuleID
		for _, o := range model.Step(world, op) {
			rules = append(rules, o.Rules...)
		}
		if !slices.Contains(rules, want) {
			t.Errorf("%s: got rules %v, want %s", op, rules, want)
		}
	}
	for _, tags := range badTags {
		check(model.TagResource{Ref: model.C(1), Tags: tags}, "DSQL-TAG-005")
	}
	for _, tags := range longTags {
		check(model.TagResource{Ref: model.C(1), Tags: tags}, "DSQL-TAG-010")
	}
	for _, keys := range badKeys {
		check(model.UntagResource{Ref: model.C(1), Keys: keys}, "DSQL-UTG-004")
	}
	for _, id := range badIdentifiers {
		check(model.GetCluster{Ref: model.Ref{Literal: id}}, "DSQL-GET-005")
	}
	for _, key := range badKMSKeys {
		check(model.UpdateCluster{Ref: model.C(1), Key: model.Some(key)}, "DSQL-UPD-007")
	}
	for _, token := range badTokens {
		check(model.DeleteCluster{Ref: model.C(1), Token: model.Token{Literal: model.Some(token)}}, "DSQL-DEL-006")
	}
	for _, n := range edgeLengths {
		check(model.UpdateCluster{Ref: model.C(1), Protection: model.Off, Token: model.Token{Name: "t1", Length: n}}, "DSQL-UPD-020")
	}
}

// What a service has no reason to refuse the model promises, and what it must
// refuse the model forbids.
func TestValuesAreAsGoodAsTheirTablesSay(t *testing.T) {
	world := model.Step(model.World{Env: usual}, model.CreateCluster{As: 1, Region: "us-east-1"})[0].Next
	c, _ := world.Find(1)
	c.Status = model.Active
	world = world.With(c)
	put := func(text string) model.Op { return model.PutClusterPolicy{Ref: model.C(1), Policy: text} }
	key := func(text string) model.Op { return model.UpdateCluster{Ref: model.C(1), Key: model.Some(text)} }
	stream := func(change func(*model.CreateStream)) model.Op {
		return onCreateStream(model.CreateStream{As: 1, Ref: model.C(1)}, change)
	}
	for _, tc := range []struct {
		table  string
		values []string
		op     func(text string) model.Op
		want   verdict
	}{
		{"policies", policies, put, owed},
		{"oddPolicies", oddPolicies, put, open},
		{"badPolicies", badPolicies[:1], put, forbidden},
		{"badPolicies", badPolicies[len(badPolicies)-1:], put, forbidden},
		{"badKMSKeys", badKMSKeys, key, forbidden},
		{"badOrderings", badOrderings, func(text string) model.Op {
			return stream(func(op *model.CreateStream) { op.Ordering = model.Some(text) })
		}, forbidden},
		{"badFormats", badFormats, func(text string) model.Op {
			return stream(func(op *model.CreateStream) { op.Format = model.Some(text) })
		}, forbidden},
	} {
		for _, text := range tc.values {
			if got := judged(model.Step(world, tc.op(text))); got != tc.want {
				t.Errorf("%s: %.200q is %s, want %s", tc.table, text, got, tc.want)
			}
		}
	}
	if n := len(oddPolicies[len(oddPolicies)-1]); n != maxPolicy {
		t.Errorf("got a policy of %d characters, want %d", n, maxPolicy)
	}
}

// verdict is what the outcomes of a call leave open.
type verdict string

const (
	owed      verdict = "owed"
	open      verdict = "open"
	forbidden verdict = "forbidden"
)

func judged(out []model.Outcome) verdict {
	success, refusal := false, false
	for _, o := range out {
		if o.Breaks == "" {
			success, refusal = success || o.Want.Success(), refusal || !o.Want.Success()
		}
	}
	switch {
	case success && refusal:
		return open
	case success:
		return owed
	}
	return forbidden
}
