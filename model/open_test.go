package model

import (
	"slices"
	"testing"
	"time"
)

// A read that may tell of a moment ago answers no question about now.
func TestAnOldReadAnswersNoOpenQuestion(t *testing.T) {
	for _, tt := range []struct {
		name string
		at   time.Duration
		want []RuleID
	}{
		{"when the cluster may not have been there yet", time.Second, nil},
		{"when it must have been there", 3 * time.Second, []RuleID{"DSQL-GPO-005"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := NewEnv()
			env.Lag = 2 * time.Second
			b := NewBelief(env)
			create := CreateCluster{As: 1, Region: "us-east-1", Multi: &MultiRegion{Witness: Some("us-west-2")}, Policy: Some("{}")}
			if e := b.Observe(create, Seen{Reply: Reply{Cluster: 1, Status: PendingSetup, Protection: On}}); !e.OK() {
				t.Fatalf("create: got %+v, want it explained", e)
			}
			e := b.Observe(GetClusterPolicy{Ref: C(1), At: "us-east-1"}, Seen{Reply: Reply{Code: NotFound}, Sent: tt.at, Answered: tt.at})
			if !e.OK() || !slices.Equal(e.Open, tt.want) {
				t.Errorf("got %+v, want it explained and the answers %v", e, tt.want)
			}
		})
	}
}
