package model

import (
	"testing"
	"time"
)

// brokenBy tells a belief the calls, the last of which must break the rule.
func brokenBy(t *testing.T, rule RuleID, list ...told) (*Belief, Explanation, time.Duration) {
	t.Helper()
	b, e, now := tellAll(t, kinesisEnv(), list...)
	if e.Broken != rule {
		t.Fatalf("got %q (%s), want %s", e.Broken, e.Shape, rule)
	}
	return b, e, now
}

// readAgain takes for granted that the affected cluster 1 is ACTIVE.
func readAgain(t *testing.T, b *Belief, e Explanation, now time.Duration) {
	t.Helper()
	read, err := ParseReply(newACTIVE)
	if err != nil {
		t.Fatal(err)
	}
	if !b.Adopt(e.Affected, map[Handle]Reply{1: read}, now) || len(e.Affected) == 0 {
		t.Fatalf("got clusters %v not adopted, want c1 held", e.Affected)
	}
}

// active begins with an ACTIVE cluster.
var active = withStream[:2:2]

const somePolicy = `"{\"Version\":\"2012-10-17\"}"`

func TestWhatSucceededInAnotherRegionHadItsEffect(t *testing.T) {
	b, e, now := brokenBy(t, "DSQL-DPO-002", append(active,
		told{"put-policy c1 " + somePolicy, "ok version=v1"},
		told{"delete-policy c1 @us-east-2", "ok version=v1"})...)
	readAgain(t, b, e, now)
	if e := tell(t, b, told{"get-policy c1", "ResourceNotFoundException"}, now+time.Second); !e.OK() {
		t.Errorf("got %s %s (%s), want the policy gone", e.Broken, e.Doubt, e.Shape)
	}
}

func TestAStreamThatAnAnswerNamesIsThere(t *testing.T) {
	b, e, now := brokenBy(t, "DSQL-STR-001", append(active, told{"s1 = create-stream c1 token=t2", "ok c1 s1 FAILED" + inForm})...)
	readAgain(t, b, e, now)
	e = tell(t, b, told{`delete-stream c1/s1 token="t t"`, "ok c1 s1 DELETING"}, now+time.Second)
	if e.Broken != "DSQL-SDL-005" {
		t.Errorf("got %q (%s), want DSQL-SDL-005: nothing is wrong but the token", e.Broken, e.Shape)
	}
}

// A cluster that could not be read after a finding is read after the next call.
func TestACallOnAComponentInDoubt(t *testing.T) {
	const wrong = "ok c1 DELETING"
	for _, c := range []struct {
		name     string
		call     told
		readable bool
		then     told // what is explained once it was read
	}{
		{"a put is taken in", told{"put-policy c1 " + somePolicy, "ok version=v1"}, true, told{"get-policy c1", "ok version=v1 policy=" + somePolicy}},
		{"a delete is taken in", told{"delete-policy c1", "ok version=v1"}, true, told{"get-policy c1", "ResourceNotFoundException"}},
		{"a refusal has no effect", told{"put-policy c1 " + somePolicy, "ConflictException"}, true, told{"get-policy c1", "ResourceNotFoundException"}},
		{"a read that got no answer tells nothing", told{"get c1", "lost"}, true, told{"get c1", newACTIVE}},
		{"a change that got no answer may come at any time", told{"put-policy c1 " + somePolicy, "lost"}, false, told{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, _, now := brokenBy(t, "DSQL-LIF-010", append(active, told{"update c1 protection=off", wrong})...)
			e := tell(t, b, c.call, now+time.Second)
			if e.Doubt == "" || (len(e.Affected) > 0) != c.readable {
				t.Fatalf("got doubt %q and %v to be read, want a doubt and %v", e.Doubt, e.Affected, c.readable)
			}
			if !c.readable {
				return
			}
			readAgain(t, b, e, now+time.Second)
			if e := tell(t, b, c.then, now+2*time.Second); !e.OK() {
				t.Errorf("%s answered %s: got %s %s (%s), want it explained", c.then.call, c.then.reply, e.Broken, e.Doubt, e.Shape)
			}
		})
	}
}
