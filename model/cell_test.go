package model_test

import (
	"testing"

	"dsqlconform/model"
)

func TestCellOf(t *testing.T) {
	w := model.World{Env: model.NewEnv(), Clusters: []model.Cluster{
		{Handle: 1, Region: "us-east-1", Status: model.Active},
		{Handle: 2, Region: "us-east-1", Status: model.PendingSetup, Multi: true, Witness: "us-west-2"},
		{Handle: 3, Region: "us-east-1", Status: model.Gone},
	}}
	for _, test := range []struct {
		line    string
		refused bool
		want    string // "": none
	}{
		{"update c1 protection=off", false, "UpdateCluster ACTIVE single ok"},
		{"update c1 protection=off", true, "UpdateCluster ACTIVE single refused"},
		{"delete c2", true, "DeleteCluster PENDING_SETUP lone refused"},
		{"get c3", true, "GetCluster gone single refused"},
		{"get c9", true, "GetCluster none none refused"},
		{"c4 = create us-east-1", false, "CreateCluster none none ok"},
		{"list us-east-1", false, "ListClusters none none ok"},
		{"await c1 ACTIVE", false, "GetCluster ACTIVE single ok"},
		{"get-stream c1/s1", false, "GetStream ACTIVE single ok"},
		{"connect c1", false, ""},
		{"wait 3s", false, ""},
	} {
		line, err := model.ParseLine(test.line)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if cell, ok := model.CellOf(&w, line.Op, test.refused); ok {
			got = cell.String()
		}
		if got != test.want {
			t.Errorf("%s: got cell %q, want %q", test.line, got, test.want)
		}
	}
}

func TestEdgeOf(t *testing.T) {
	world := func(s ...model.Status) *model.World {
		w := &model.World{Env: model.NewEnv()}
		for i, s := range s {
			w.Clusters = append(w.Clusters, model.Cluster{Handle: model.Handle(i + 1), Region: "us-east-1", Status: s})
		}
		return w
	}
	for _, test := range []struct {
		name, line    string
		before, after *model.World
		want          string // "": none
	}{
		{"a creation comes from nowhere", "c1 = create us-east-1", world(), world(model.Creating), "none CreateCluster CREATING"},
		{"a refused creation goes nowhere", "c1 = create us-east-1", world(), world(), ""},
		{"an update", "update c1 protection=on", world(model.Active), world(model.Updating), "ACTIVE UpdateCluster UPDATING"},
		{"an update that takes no time", "update c1 protection=on", world(model.Active), world(model.Active), ""},
		{"a connection", "connect c1", world(model.Idle), world(model.Active), "IDLE connect ACTIVE"},
		{"a tag", "tag c1 a=1", world(model.Active), world(model.Active), ""},
	} {
		line, err := model.ParseLine(test.line)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if edge, ok := model.EdgeOf(test.before, test.after, line.Op); ok {
			got = edge.String()
		}
		if got != test.want {
			t.Errorf("%s: got edge %q, want %q", test.name, got, test.want)
		}
	}
}

// What an answer covers is told by the explanation that needs the fewest unseen
// moves of the service.
func TestExplanationTellsWhatIsCovered(t *testing.T) {
	b := model.NewBelief(model.NewEnv())
	see := func(line string, r model.Reply) model.Explanation {
		t.Helper()
		l, err := model.ParseLine(line)
		if err != nil {
			t.Fatal(err)
		}
		e := b.Observe(l.Op, model.Seen{Reply: r, Attempts: 1})
		if !e.OK() {
			t.Fatalf("%s: got %+v, want it explained", line, e)
		}
		return e
	}
	e := see("c1 = create us-east-1 protection=off", model.Reply{Cluster: 1, Status: model.Creating, Protection: model.Off})
	if got := e.Cell.String() + ", " + e.Took.String(); got != "CreateCluster none none ok, none CreateCluster CREATING" {
		t.Errorf("create: got %s", got)
	}
	e = see("get c1", model.Reply{Cluster: 1, Status: model.Active, Protection: model.Off})
	if got := e.Cell.String(); got != "GetCluster ACTIVE single ok" || e.Took != (model.Edge{}) || len(e.Edges) != 1 {
		t.Errorf("get: got %s, %v, %v", got, e.Took, e.Edges)
	}
	e = see("delete c1", model.Reply{Cluster: 1, Status: model.Deleting})
	if got := e.Cell.String() + ", " + e.Took.String(); got != "DeleteCluster ACTIVE single ok, ACTIVE DeleteCluster DELETING" {
		t.Errorf("delete: got %s", got)
	}
	e = see("list us-east-1", model.Reply{Listed: []model.Handle{1}})
	if got := e.Cell.String(); got != "ListClusters none none ok" {
		t.Errorf("list: got %s", got)
	}
}
