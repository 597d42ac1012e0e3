package model

import (
	"testing"
	"time"
)

func TestACreationBeyondAKnownQuotaIsRefused(t *testing.T) {
	made := func(h Handle, s Status) func(*testing.T, *Belief) {
		return func(t *testing.T, b *Belief) {
			t.Helper()
			must(t, b.Observe(CreateCluster{As: h, Region: "us-east-1", Protection: Off}, Seen{Reply: Reply{Cluster: h, Status: Creating, Protection: Off}}))
			if s != Creating {
				must(t, b.Observe(GetCluster{Ref: Ref{Handle: h}}, Seen{Reply: Reply{Cluster: h, Status: s, Protection: Off}}))
			}
		}
	}
	gone := func(t *testing.T, b *Belief) {
		t.Helper()
		must(t, b.Observe(DeleteCluster{Ref: Ref{Handle: 1}}, Seen{Reply: Reply{Cluster: 1, Status: Deleting}}))
	}
	for _, tt := range []struct {
		says   string
		quota  Quota
		before []func(*testing.T, *Belief)
		op     CreateCluster
		reply  Reply
		want   RuleID
	}{
		{"a third where two are allowed", Quota{Single: 2}, []func(*testing.T, *Belief){made(1, Active), made(2, Active)},
			CreateCluster{As: 3, Region: "us-east-1"}, Reply{Cluster: 3, Status: Creating, Protection: On}, "DSQL-CRE-013"},
		{"the same is refused", Quota{Single: 2}, []func(*testing.T, *Belief){made(1, Active), made(2, Active)},
			CreateCluster{As: 3, Region: "us-east-1"}, Reply{Code: QuotaExceeded}, ""},
		{"a third where nothing is known", Quota{}, []func(*testing.T, *Belief){made(1, Active), made(2, Active)},
			CreateCluster{As: 3, Region: "us-east-1"}, Reply{Cluster: 3, Status: Creating, Protection: On}, ""},
		{"one that may have failed does not count", Quota{Single: 2}, []func(*testing.T, *Belief){made(1, Active), made(2, Creating)},
			CreateCluster{As: 3, Region: "us-east-1"}, Reply{Cluster: 3, Status: Creating, Protection: On}, ""},
		{"a deletion makes room", Quota{Single: 2}, []func(*testing.T, *Belief){made(1, Active), made(2, Active), gone},
			CreateCluster{As: 3, Region: "us-east-1"}, Reply{Cluster: 3, Status: Creating, Protection: On}, ""},
		{"another Region has a quota of its own", Quota{Single: 2}, []func(*testing.T, *Belief){made(1, Active), made(2, Active)},
			CreateCluster{As: 3, Region: "us-east-2"}, Reply{Cluster: 3, Status: Creating, Protection: On}, ""},
		{"multi-Region clusters have a quota of their own", Quota{Single: 2, Multi: 1}, []func(*testing.T, *Belief){made(1, Active), made(2, Active)},
			CreateCluster{As: 3, Region: "us-east-1", Multi: &MultiRegion{Witness: Some("us-west-2")}}, Reply{Cluster: 3, Status: PendingSetup, Protection: On}, ""},
	} {
		t.Run(tt.says, func(t *testing.T) {
			env := NewEnv()
			env.Quota = tt.quota
			b := NewBelief(env)
			for _, f := range tt.before {
				f(t, b)
			}
			e := b.Observe(tt.op, Seen{Reply: tt.reply, Sent: time.Second, Answered: time.Second})
			if e.Broken != tt.want {
				t.Errorf("got %q broken, want %q", e.Broken, tt.want)
			}
		})
	}
}

// must fails the test unless an answer is explained.
func must(t *testing.T, e Explanation) {
	t.Helper()
	if e.Broken != "" || e.Doubt != "" {
		t.Fatalf("got %s %s (%s), want the answer explained", e.Broken, e.Shape, e.Doubt)
	}
}
