package reference_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// clock is a clock that a test owns.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) now() time.Time       { return c.at }
func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

// settle is the bound of every test's endpoint.
const settle = 2 * time.Second

// oracle holds the answers of an endpoint against what a belief allows.
type oracle struct {
	t        *testing.T
	clock    *clock
	endpoint *reference.Endpoint
	speaker  *speak.Speaker
	belief   *model.Belief
	streams  model.StreamHandle // created so far
	begun    time.Time
	log      []string
	blind    bool   // answers are not judged
	doubt    string // why they can no longer be
}

func newOracle(t *testing.T, temperament reference.Temperament, seed uint64) *oracle {
	c := newClock()
	e := reference.New(reference.Options{Now: c.now, Seed: seed, Temperament: temperament, Settle: settle})
	return &oracle{t: t, clock: c, endpoint: e, speaker: speak.New(e, c.now), belief: model.NewBelief(usable()), begun: c.at}
}

// usable is the documented environment, in which what streams deliver to by
// default can be used.
func usable() *model.Env {
	env := model.NewEnv()
	env.Kinesis = true
	return env
}

// ask makes a call and fails the test when nothing explains its answer.
func (o *oracle) ask(op model.Op) model.Reply {
	o.t.Helper()
	sent := o.clock.at.Sub(o.begun)
	op = o.speaker.Located(op)
	reply, err := o.speaker.Ask(op)
	if err != nil {
		o.t.Fatalf("%v\n%s", err, o)
	}
	o.log = append(o.log, fmt.Sprintf("%8s  %s\n%10s-> %s", sent, op, "", reply))
	if o.blind {
		return reply
	}
	e := o.belief.Observe(op, model.Seen{Reply: reply, Sent: sent, Answered: sent, Attempts: 1})
	if e.Doubt != "" {
		o.doubt = e.Doubt
	}
	if o.doubt != "" {
		return reply
	}
	if e.Broken != "" {
		o.t.Fatalf("%s: got %s (%s), want one of %v\n%s", e.Broken, reply, e.Shape, e.Want, o)
	}
	if len(e.Suspect) > 0 {
		o.t.Fatalf("got a suspicion of %v: %s\n%s", e.Suspect, reply, o)
	}
	return reply
}

// overdue fails the test when a cluster has not moved in time.
func (o *oracle) overdue(h model.Handle) {
	o.t.Helper()
	o.ask(model.GetCluster{Ref: model.Ref{Handle: h}})
	if t := o.belief.Overdue(h, o.clock.at.Sub(o.begun), settle); t != nil {
		o.t.Fatalf("%s: got no move of %s within %s\n%s", t.ID, h, settle, o)
	}
}

func (o *oracle) String() string {
	text := "the conversation was:\n"
	for _, line := range o.log[max(0, len(o.log)-40):] {
		text += line + "\n"
	}
	return text
}

var regions = []model.Region{"us-east-1", "us-east-2"}

// absent is a handle that no test creates.
const absent = 99

// draw returns a random call about clusters 1 to n and one that is absent. One
// that is yet to be created cannot be named: its identifier is not known.
func draw(r *rand.Rand, n int) model.Op {
	pick := func(odds int) bool { return r.IntN(odds) == 0 }
	ref := func() model.Ref {
		if pick(40) {
			return model.Ref{Literal: []string{"", "x", "00000000000000000000000zzz"}[r.IntN(3)]}
		}
		if n == 0 || pick(15) {
			return model.C(absent)
		}
		return model.C(1 + r.IntN(n))
	}
	at := func() model.Region {
		if pick(12) {
			return regions[r.IntN(2)]
		}
		return ""
	}
	token := func() model.Token {
		switch {
		case pick(40):
			return model.Token{Literal: model.Some("")}
		case pick(2):
			return model.Token{Name: fmt.Sprintf("t%d", 1+r.IntN(4))}
		}
		return model.Token{}
	}
	tags := func() model.Tags {
		m := map[string]string{}
		for range r.IntN(3) {
			m[string(rune('a'+r.IntN(3)))] = string(rune('x' + r.IntN(2)))
		}
		if pick(15) {
			m["aws:x"] = ""
		}
		if pick(15) {
			for i := range 60 {
				m[fmt.Sprint("k", i)] = ""
			}
		}
		return model.NewTags(m)
	}
	key := func() model.Maybe {
		if pick(10) {
			return model.Some([]string{"AWS_OWNED_KMS_KEY", "alias/k", "not a key"}[r.IntN(3)])
		}
		return model.Maybe{}
	}
	multi := func(odds int) *model.MultiRegion {
		if pick(odds) {
			return nil
		}
		m := &model.MultiRegion{Witness: model.Some("us-west-2")}
		if pick(8) {
			m.Witness = []model.Maybe{{}, model.Some(""), model.Some("us-east-1"), model.Some("eu-west-1")}[r.IntN(4)]
		}
		if !pick(3) {
			m.GivenPeers = true
			m.Peers = []model.Ref{ref()}
			if pick(10) {
				m.Peers = append(m.Peers, ref())
			}
			if pick(15) {
				m.Peers = nil
			}
		}
		return m
	}
	switch r.IntN(14) {
	case 10:
		return drawPolicy(r, ref())
	case 0, 1, 2:
		op := model.UpdateCluster{Ref: ref(), At: at(), Token: token(), Key: key(), Multi: multi(2)}
		if pick(2) {
			op.Protection = model.SwitchOf(pick(3))
		}
		if op.Multi == nil && op.Token.Name != "" {
			op.Token.Name = fmt.Sprintf("t%d", 100+op.Ref.Handle) // a retry means the same cluster
		}
		return op
	case 3, 4:
		return model.DeleteCluster{Ref: ref(), At: at(), Token: token()}
	case 5:
		return model.TagResource{Ref: ref(), At: at(), Tags: tags()}
	case 6:
		return model.UntagResource{Ref: ref(), At: at(), Keys: []string{"a", "b"}[:1+r.IntN(2)]}
	case 7:
		return model.ListTagsForResource{Ref: ref(), At: at()}
	case 8:
		return model.GetVpcEndpointServiceName{Ref: ref(), At: at()}
	case 9:
		list := model.ListClusters{Region: regions[r.IntN(2)], Max: r.IntN(3)}
		if pick(8) {
			list.Next = model.Some("made up")
		}
		return list
	}
	return model.GetCluster{Ref: ref(), At: at()}
}

// policies are texts of policies: two plain ones, an odd one, none, and no JSON.
var policies = []string{
	strings.ReplaceAll(plainPolicy, reference.Account, "${account}"),
	strings.ReplaceAll(strings.ReplaceAll(plainPolicy, reference.Account, "${account}"), "DbConnect", "GetCluster"),
	`{"Version": "2012-10-17", "Statement": []}`, "", "x",
}

// drawPolicy returns a random call about the policy of a cluster.
func drawPolicy(r *rand.Rand, ref model.Ref) model.Op {
	var expect model.Expect
	switch r.IntN(4) {
	case 0:
		expect.Version = 1 + r.IntN(4)
	case 1:
		expect.Literal = model.Some("7")
	}
	var token model.Token
	if r.IntN(4) == 0 {
		token.Name = fmt.Sprintf("t%d", 300+r.IntN(3))
	}
	switch r.IntN(4) {
	case 0, 1:
		return model.PutClusterPolicy{Ref: ref, Policy: policies[min(r.IntN(8), 5)%len(policies)], Expect: expect, Token: token}
	case 2:
		return model.DeleteClusterPolicy{Ref: ref, Expect: expect, Token: token}
	}
	return model.GetClusterPolicy{Ref: ref}
}

// drawStream returns a random call about streams 1 to n of a cluster, or its
// tags; a new one is called n+1.
func drawStream(r *rand.Rand, cluster model.Handle, n model.StreamHandle) model.Op {
	ref, stream := model.Ref{Handle: cluster}, model.StreamRef{Handle: 1 + model.StreamHandle(r.IntN(int(n)+1))}
	if r.IntN(20) == 0 {
		stream = model.StreamRef{Literal: "x"}
	}
	var token model.Token
	if r.IntN(3) == 0 {
		token.Name = fmt.Sprintf("t%d", 200+r.IntN(3))
	}
	switch r.IntN(9) {
	case 0, 1:
		return model.CreateStream{As: n + 1, Ref: ref, Tags: model.NewTags(map[string]string{"a": "x"}), Token: token}
	case 2:
		return model.DeleteStream{Ref: ref, Stream: stream, Token: token}
	case 3:
		return model.ListStreams{Ref: ref, Max: r.IntN(3)}
	case 4:
		return model.TagResource{Ref: ref, Stream: stream, Tags: model.NewTags(map[string]string{"b": "y"})}
	case 5:
		return model.UntagResource{Ref: ref, Stream: stream, Keys: []string{"a"}}
	case 6:
		return model.ListTagsForResource{Ref: ref, Stream: stream}
	}
	return model.GetStream{Ref: ref, Stream: stream}
}

// drawCreate returns a random creation of cluster h.
func drawCreate(r *rand.Rand, h model.Handle, n int) model.Op {
	op := model.CreateCluster{As: h, Region: regions[r.IntN(2)], Protection: model.SwitchOf(r.IntN(4) == 0)}
	like := draw(r, n)
	for {
		if u, ok := like.(model.UpdateCluster); ok {
			op.Multi, op.Token, op.Key = u.Multi, u.Token, u.Key
			break
		}
		like = draw(r, n)
	}
	return op
}
