package model_test

import (
	"testing"
	"time"

	"dsqlconform/model"
)

// asleep returns a belief that has seen c1 go IDLE, and what takes in further
// answers, half a second apart.
func asleep(t *testing.T) func(line string, r model.Reply) model.Explanation {
	t.Helper()
	b := model.NewBelief(model.NewEnv())
	now := time.Duration(0)
	see := func(line string, r model.Reply) model.Explanation {
		t.Helper()
		l, err := model.ParseLine(line)
		if err != nil {
			t.Fatal(err)
		}
		now += time.Second / 2
		e := b.Observe(l.Op, model.Seen{Reply: r, Sent: now, Answered: now, Attempts: 1})
		if !e.OK() {
			t.Fatalf("%s: got %+v, want it explained", line, e)
		}
		return e
	}
	see("c1 = create us-east-1 protection=off", model.Reply{Cluster: 1, Status: model.Creating, Protection: model.Off})
	see("get c1", model.Reply{Cluster: 1, Status: model.Active, Protection: model.Off})
	now += 2 * time.Minute
	see("get c1", model.Reply{Cluster: 1, Status: model.Idle, Protection: model.Off})
	return see
}

// Nothing answers a connection: what it did is told by the next answer, and by
// that one alone.
func TestConnectionIsToldByTheNextAnswer(t *testing.T) {
	see := asleep(t)
	see("connect c1", model.Reply{})
	get := model.Reply{Cluster: 1, Status: model.Active, Protection: model.Off}
	if got, want := see("get c1", get).Took.String(), "IDLE connect ACTIVE"; got != want {
		t.Errorf("got edge %q, want %q", got, want)
	}
	if got := see("get c1", get).Took; got != (model.Edge{}) {
		t.Errorf("got edge %q once more, want none", got)
	}
}

// An answer may show less than is so: where that is not needed to explain it, it
// is taken at its word.
func TestAnswerIsTakenAtItsWord(t *testing.T) {
	for shown, want := range map[model.Status]string{
		model.Active:   "IDLE UpdateCluster ACTIVE",
		model.Updating: "IDLE UpdateCluster UPDATING",
	} {
		see := asleep(t)
		if got := see("update c1 protection=on", model.Reply{Cluster: 1, Status: shown}).Took.String(); got != want {
			t.Errorf("answered %s: got edge %q, want %q", shown, got, want)
		}
	}
}
