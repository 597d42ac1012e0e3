package model

import (
	"slices"
	"strings"
	"testing"
)

func TestEverySampleCallIsALine(t *testing.T) {
	for _, text := range sampleCalls {
		if _, err := ParseLine(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A row that no sample reaches is idle, or a sample is missing.
func TestTheSamplesReachEveryRowOfEveryDecisionTable(t *testing.T) {
	tables := map[string][]row{}
	for _, d := range decisions() {
		tables[d.op] = d.rows
	}
	for _, op := range Operations {
		if op.Service && tables[op.Name] == nil {
			t.Errorf("%s: got no table, want one", op.Name)
		}
		for _, r := range tables[op.Name] {
			if got := ScopeOf(r.ID).Operations; !slices.Equal(got, []string{op.Name}) {
				t.Errorf("%s: got operations %v, want %s: %s", r.ID, got, op.Name, r.Says)
			}
		}
	}
}

func TestAScopeIsWhatTheTablesSay(t *testing.T) {
	for _, c := range []struct {
		rule     RuleID
		ops      string
		statuses StatusSet
	}{
		{"DSQL-DEL-001", "DeleteCluster", Statuses(Gone)},
		{"DSQL-DEL-007", "DeleteCluster", Statuses(Creating)},
		{"DSQL-DEL-010", "DeleteCluster", Statuses(Active)},
		{"DSQL-UPD-021", "UpdateCluster", Statuses(PendingSetup)},
		{"DSQL-PPO-020", "PutClusterPolicy", Statuses(Active)},
		{"DSQL-CRE-020", "CreateCluster", 0},
		{"DSQL-LIF-004", "", Statuses(Creating, Active)},
		{"DSQL-LIF-016", "DeleteCluster", Statuses(Active, Deleting)},
		{"DSQL-STR-008", "DeleteStream", 0},
		{"DSQL-LST-005", "ListClusters", 0}, // by its family
		{"DSQL-WIR-001", "", 0},
	} {
		if got := ScopeOf(c.rule); strings.Join(got.Operations, ",") != c.ops || got.Statuses != c.statuses {
			t.Errorf("%s: got %v %v, want %s %v", c.rule, got.Operations, got.Statuses, c.ops, c.statuses)
		}
	}
}
