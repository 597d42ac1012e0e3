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
