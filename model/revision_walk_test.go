package model

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// linkedCall draws a retired operation on few clusters.
func (s *walker) linkedCall(t *rapid.T) Op {
	token := Token{}
	if rapid.Bool().Draw(t, "tokened") {
		token = Token{Name: "t1"}
	}
	if s.next <= 3 && rapid.Bool().Draw(t, "creates") {
		op := CreateMultiRegionClusters{Region: "us-east-1", Witness: "us-west-2", Token: token,
			Protection: rapid.SampledFrom([]Switch{Unset, Off, Off}).Draw(t, "protection")}
		for i := range rapid.SampledFrom([]int{2, 2, 2, 1}).Draw(t, "linked") {
			op.As = append(op.As, s.next+1+Handle(i))
			op.Linked = append(op.Linked, rapid.SampledFrom([]Region{walkRegions[i], walkRegions[i], walkRegions[0]}).Draw(t, "region"))
		}
		return op
	}
	op := DeleteMultiRegionClusters{Region: "us-east-1", Token: token}
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		op.Refs = append(op.Refs, C(rapid.IntRange(1, 5).Draw(t, "member")))
	}
	return op
}

// legacy draws one of the outcomes of a retired operation that break no rule,
// and the reply within it.
func (s *walker) legacy(t *rapid.T, op Op) Reply {
	o := rapid.SampledFrom(Step(s.world, op)).Draw(t, "outcome")
	reply := s.concrete(t, &o.Want)
	if o.Want.Legacy != nil {
		reply.Legacy.Linked = slices.Clone(o.Want.Legacy.Linked)
		if rapid.Bool().Draw(t, "reversed") {
			slices.Reverse(reply.Legacy.Linked)
		}
	}
	if create, ok := op.(CreateMultiRegionClusters); ok {
		for _, h := range create.As {
			if _, made := o.Next.Find(h); made {
				s.next = max(s.next, h)
			}
		}
	}
	s.world = o.Next
	return reply
}

// The model explains itself in the revision of old too, retired operations and
// all.
func TestTheModelExplainsItselfInTheRevisionOfOld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := NewEnv()
		env.Revision = May2025
		s := &walker{world: World{Env: env}}
		b := NewBelief(env)
		for i := range rapid.IntRange(1, 20).Draw(t, "length") {
			now := time.Duration(i) * time.Second
			s.world.Now, s.world.Asked = now, now
			s.drift(t)
			var op Op
			var reply Reply
			if rapid.Bool().Draw(t, "retired") {
				op = b.resolve(s.linkedCall(t))
				reply = s.legacy(t, op)
			} else {
				op = b.resolve(s.operation(t))
				reply = s.answer(t, op)
				if reply.Multi && rapid.Bool().Draw(t, "legacy") {
					reply.Legacy = Legacy{Witness: reply.Witness, Linked: without(reply.Members, reply.Cluster)}
				}
			}
			t.Logf("step %s answered %s", op, reply)
			e := b.Observe(op, Seen{Reply: reply, Sent: now, Answered: now})
			if e.Broken != "" || len(e.Suspect) > 0 {
				t.Fatalf("%s answered %s: got %s %v (%s), want it explained\n%s", op, reply, e.Broken, e.Suspect, e.Shape, b)
			}
			if err := s.world.Check(); err != nil {
				t.Fatalf("after %s answered %s: %v", op, reply, err)
			}
		}
	})
}

func TestWhatCameLaterIsOpenInTheRevisionOfOld(t *testing.T) {
	for _, tt := range []struct {
		op   Op
		rev  Revision
		want bool
	}{
		{PutClusterPolicy{Ref: C(1), Policy: "{}"}, May2025, true},
		{GetClusterPolicy{Ref: C(1)}, Current, false},
		{Await{Ref: C(1), Stream: StreamRef{Handle: 1}, Shows: StreamActive}, May2025, true},
		{Await{Ref: C(1), Status: Active}, May2025, false},
		{CreateMultiRegionClusters{}, Current, false},
		{Raw{}, May2025, false},
	} {
		env := NewEnv()
		env.Revision = tt.rev
		out := Step(World{Env: env}, tt.op)
		if got := out[0].Rules[0] == ruleEarly.ID && out[0].Want.Any; got != tt.want {
			t.Errorf("%s in revision %s: got %v, want it open: %t", tt.op, tt.rev, out, tt.want)
		}
	}
}
