package model

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStreamStatusesReadBack(t *testing.T) {
	for s := StreamCreating; s <= StreamGone; s++ {
		got, err := ParseStreamStatus(s.String())
		if err != nil || got != s {
			t.Errorf("%q: got %v, %v, want %d", s, got, err, s)
		}
	}
	for _, text := range []string{"", "active", "PENDING_SETUP", "StreamStatus(9)"} {
		if got, err := ParseStreamStatus(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

func TestWhatAStreamMayBecomeByItself(t *testing.T) {
	for from, want := range map[StreamStatus]string{
		StreamCreating: "CREATING|ACTIVE|IMPAIRED|FAILED",
		StreamActive:   "ACTIVE|IMPAIRED|FAILED",
		StreamImpaired: "ACTIVE|IMPAIRED|FAILED",
		StreamFailed:   "FAILED",
		StreamDeleting: "DELETING|DELETED|gone",
		StreamDeleted:  "DELETED|gone",
		StreamGone:     "gone",
	} {
		if got := StreamStatuses(from).closed().String(); got != want {
			t.Errorf("%s: got %s, want %s", from, got, want)
		}
	}
}

func TestTheLifecycleOfStreamsIsOneTable(t *testing.T) {
	deletes := map[StreamStatus]RuleID{}
	for _, e := range StreamTransitions() {
		if e.Fair && (e.By != ByService || e.Force != Must) {
			t.Errorf("%s: got a fair edge by %v of force %v, want one that the service must take", e.ID, e.By, e.Force)
		}
		if e.By == ByDeleteStream {
			deletes[e.From] = e.ID
		}
	}
	if diff := cmp.Diff(deletes, afterDeleteStream); diff != "" {
		t.Errorf("edges by DeleteStream in the table (-) and as taken (+):\n%s", diff)
	}
}

// told is a call and its answer in the text form, a second apart.
type told struct{ call, reply string }

const (
	newACTIVE = "ok c1 ACTIVE protection=off"
	inForm    = " order=UNORDERED format=JSON"
)

// withStream begins with an ACTIVE cluster that has a stream.
var withStream = []told{
	{"c1 = create us-east-1 protection=off token=t1", "ok c1 CREATING protection=off"},
	{"get c1", newACTIVE},
	{"s1 = create-stream c1 token=t2", "ok c1 s1 CREATING" + inForm},
}

// tellAll returns a belief that was told the calls, and its last judgement.
func tellAll(t *testing.T, env *Env, list ...told) (*Belief, Explanation, time.Duration) {
	t.Helper()
	b := NewBelief(env)
	var e Explanation
	var now time.Duration
	for _, c := range list {
		now += time.Second
		e = tell(t, b, c, now)
		if e.Doubt != "" {
			t.Fatalf("%s: got doubt %q, want none", c.call, e.Doubt)
		}
	}
	return b, e, now
}

func tell(t *testing.T, b *Belief, c told, now time.Duration) Explanation {
	t.Helper()
	line, err := ParseLine(c.call)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := ParseReply(c.reply)
	if err != nil {
		t.Fatal(err)
	}
	return b.Observe(line.Op, Seen{Reply: reply, Sent: now, Answered: now})
}

func kinesisEnv() *Env {
	env := NewEnv()
	env.Kinesis = true
	return env
}

func TestWhatABeliefTellsOfAStream(t *testing.T) {
	const settle = 10 * time.Second
	for _, c := range []struct {
		name                     string
		env                      *Env
		more                     []told
		can                      string // the statuses that it can show
		exists, leaving, waiting bool
		overdue                  RuleID // a minute later
	}{
		{"a new stream must become ACTIVE", kinesisEnv(), nil,
			"CREATING|ACTIVE|IMPAIRED|FAILED", true, false, true, "DSQL-STR-002"},
		{"nothing is owed where the target may not work", NewEnv(), nil,
			"CREATING|ACTIVE|IMPAIRED|FAILED", true, false, false, ""},
		{"nothing is owed by an ACTIVE stream", kinesisEnv(), []told{{"get-stream c1/s1", "ok c1 s1 ACTIVE" + inForm}},
			"ACTIVE|IMPAIRED|FAILED", true, false, false, ""},
		{"a listing shows the status too", kinesisEnv(), []told{{"list-streams c1", "ok streams=s1:FAILED"}},
			"FAILED", true, false, false, ""},
		{"a deleted stream must go", NewEnv(), []told{{"delete-stream c1/s1 token=t3", "ok c1 s1 DELETING"}},
			"DELETING|DELETED|gone", true, true, true, "DSQL-STR-012"},
		{"a stream that was not found is gone", NewEnv(), []told{
			{"delete-stream c1/s1 token=t3", "ok c1 s1 DELETING"}, {"get-stream c1/s1", "ResourceNotFoundException"}},
			"DELETED|gone", false, true, true, ""},
		{"a lost delete leaves both", kinesisEnv(), []told{
			{"get-stream c1/s1", "ok c1 s1 ACTIVE" + inForm}, {"delete-stream c1/s1 token=t3", "lost"}},
			"ACTIVE|IMPAIRED|FAILED|DELETING|DELETED|gone", true, false, true, ""},
		{"the streams of a deleted cluster may be anything", kinesisEnv(), []told{{"delete c1 token=t3", "ok c1 DELETING"}},
			"CREATING|ACTIVE|IMPAIRED|FAILED|DELETING|DELETED|gone", true, false, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, e, now := tellAll(t, c.env, append(withStream[:len(withStream):len(withStream)], c.more...)...)
			if !e.OK() {
				t.Fatalf("got %s %v (%s), want it explained", e.Broken, e.Suspect, e.Shape)
			}
			var can StreamSet
			for s := StreamCreating; s <= StreamGone; s++ {
				if b.CanStream(1, 1, s) {
					can |= StreamStatuses(s)
				}
			}
			if can.String() != c.can {
				t.Errorf("got %s, want %s", can, c.can)
			}
			if got := b.StreamExists(1, 1); got != c.exists {
				t.Errorf("got exists %v, want %v", got, c.exists)
			}
			if got := b.StreamLeaving(1, 1); got != c.leaving {
				t.Errorf("got leaving %v, want %v", got, c.leaving)
			}
			if got := b.StreamWaiting(1, 1); got != c.waiting {
				t.Errorf("got waiting %v, want %v", got, c.waiting)
			}
			if b.OverdueStream(1, 1, now, settle) != nil {
				t.Error("got a transition overdue at once, want none before the settle time")
			}
			var overdue RuleID
			if e := b.OverdueStream(1, 1, now+time.Minute, settle); e != nil {
				overdue = e.ID
			}
			if overdue != c.overdue {
				t.Errorf("got %q overdue, want %q", overdue, c.overdue)
			}
		})
	}
}

func TestABeliefKnowsNothingOfAStreamThatNobodyMade(t *testing.T) {
	b, _, _ := tellAll(t, NewEnv(), withStream...)
	for _, c := range []struct {
		cluster Handle
		stream  StreamHandle
	}{{1, 2}, {2, 1}} {
		if b.StreamExists(c.cluster, c.stream) || b.CanStream(c.cluster, c.stream, StreamActive) || !b.CanStream(c.cluster, c.stream, StreamGone) {
			t.Errorf("%v/%v: got a stream, want none", c.cluster, c.stream)
		}
	}
}

// After a finding a read of the cluster tells nothing of its streams: whatever
// they show then is no second finding.
func TestNothingIsHeldOfStreamsAfterAFinding(t *testing.T) {
	for _, first := range []told{
		{"get-stream c1/s1", "ok c1 s1 DELETING" + inForm},
		{"get-stream c1/s1", "ok c1 s1 CREATING" + inForm + " tags=a=b"},
		{"get-stream c1/s1", "ResourceNotFoundException"},
		{"list-streams c1", "ok streams=[]"},
		{"s2 = create-stream c1 token=t2", "ok c1 s2 CREATING" + inForm},
	} {
		b, e, now := tellAll(t, kinesisEnv(), append(withStream[:len(withStream):len(withStream)], told{"wait 1s", "ok"}, first)...)
		if e.Broken == "" {
			t.Errorf("%s answered %s: got it explained, want a finding", first.call, first.reply)
			continue
		}
		again := first
		if e.Broken == ruleReplay.ID {
			again = told{"get-stream c1/s2", "ok c1 s2 ACTIVE" + inForm}
		}
		read, _ := ParseReply(newACTIVE)
		if !b.Adopt(e.Affected, map[Handle]Reply{1: read}, now) {
			t.Fatalf("%s: got it not adopted, want it held", first.call)
		}
		if e := tell(t, b, again, now+2*time.Second); !e.OK() {
			t.Errorf("%s answered %s again: got %s %s (%s), want no second finding", again.call, again.reply, e.Broken, e.Doubt, e.Shape)
		}
	}
}

func TestALostStreamIsNamedByARetry(t *testing.T) {
	begin := withStream[:2]
	for _, c := range []struct {
		name string
		more []told
		want RuleID
	}{
		{"under the name of the retry", []told{
			{"s1 = create-stream c1 tags=a=b token=t2", "lost"},
			{"s2 = create-stream c1 tags=a=b token=t2", "ok c1 s2 ACTIVE" + inForm},
			{"get-stream c1/s2", "ok c1 s2 ACTIVE" + inForm + " tags=a=b"},
		}, ""},
		{"and is the only one", []told{
			{"s1 = create-stream c1 token=t2", "lost"},
			{"s2 = create-stream c1 token=t2", "ok c1 s2 CREATING" + inForm},
			{"s3 = create-stream c1 token=t2", "ok c1 s3 CREATING" + inForm},
		}, ruleReplay.ID},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, e, _ := tellAll(t, kinesisEnv(), append(begin[:2:2], c.more...)...)
			if e.Broken != c.want {
				t.Errorf("got %q (%s), want %q", e.Broken, e.Shape, c.want)
			}
		})
	}
}

func TestAKnownQuotaOfStreamsIsTheOneJudged(t *testing.T) {
	env := kinesisEnv()
	env.Quota.Streams = 1
	_, e, _ := tellAll(t, env, append(withStream[:3:3], told{"s2 = create-stream c1 token=t3", "ok c1 s2 CREATING" + inForm})...)
	if e.Broken != "DSQL-SCR-005" {
		t.Errorf("got %q, want DSQL-SCR-005", e.Broken)
	}
}

func TestAQuotaMayBeFullInAnyStatus(t *testing.T) {
	for _, reply := range []string{"ValidationException reason=other", "ServiceQuotaExceededException"} {
		b, _, now := tellAll(t, kinesisEnv(), append(active, told{"update c1 protection=on", "ok c1 UPDATING"},
			told{"get c1", "ok c1 UPDATING protection=on"}, told{"s1 = create-stream c1", reply})...)
		if e := tell(t, b, told{"get c1", "ok c1 UPDATING protection=on"}, now+time.Second); !e.OK() {
			t.Errorf("%s: got %s %v (%s), want it explained", reply, e.Broken, e.Suspect, e.Shape)
		}
	}
}

func TestStreamsOfMergedComponentsStandTogether(t *testing.T) {
	x := World{Env: NewEnv(), Clusters: []Cluster{{Handle: 1}}, Streams: []Stream{{Handle: 2, Cluster: 1, Status: anyStream}}}
	y := World{Env: NewEnv(), Clusters: []Cluster{{Handle: 2}}, Streams: []Stream{{Handle: 1, Cluster: 2, Status: anyStream}}}
	got := product([]state{{World: x}}, []state{{World: y}})
	if len(got) != 1 || len(got[0].Streams) != 2 || got[0].Streams[0].Handle != 1 || got[0].Streams[1].Handle != 2 {
		t.Errorf("got %v, want both streams in the order of their handles", got)
	}
}

func TestTwoWaysToOneWorldLeaveTheStreamTheMostTime(t *testing.T) {
	a := []Stream{{Handle: 1, Since: Span{2, 3}, Shown: StreamActive, Seen: 5}, {Handle: 2, Shown: StreamActive}}
	b := []Stream{{Handle: 1, Since: Span{1, 9}, Shown: StreamCreating, Seen: 4}, {Handle: 2, Shown: StreamActive}}
	want := []Stream{{Handle: 1, Since: Span{1, 9}, Seen: 4}, {Handle: 2, Shown: StreamActive}}
	x, y := World{Env: NewEnv(), Streams: a}, World{Env: NewEnv(), Streams: b}
	got := dedupe([]state{{World: x}, {World: y}})
	if len(got) != 1 {
		t.Fatalf("got %d worlds, want one", len(got))
	}
	if diff := cmp.Diff(want, got[0].Streams, cmp.AllowUnexported(Tags{})); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if a[0].Seen != 5 {
		t.Error("got a world written to, want it left as it was")
	}
}
