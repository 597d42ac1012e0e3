package conformance

import (
	"context"
	"time"

	"dsqlconform/model"
)

// minPolls is how many answered polls a liveness finding needs.
const minPolls = 5

// awaited is what an await polls: a cluster, or one of its streams.
type awaited struct {
	get     model.Op
	reached func(r *model.Reply) bool
	can     func() bool                                         // it may still come to that
	waiting func() bool                                         // something has to happen
	overdue func(sent time.Duration) (model.Rule, string, bool) // the rule that it breaks by standing still, and what it owes
	shown   func(r *model.Reply) string
}

// awaited returns what an await is about.
func (x *execution) awaited(op model.Await, settle time.Duration) awaited {
	if op.Stream != (model.StreamRef{}) {
		h, s := op.Ref.Handle, op.Stream.Handle
		return awaited{
			get: model.GetStream{Ref: op.Ref, Stream: op.Stream},
			reached: func(r *model.Reply) bool {
				return r.Stream.Status == op.Shows && !r.Refused() || op.Shows == model.StreamGone && r.Code == model.NotFound
			},
			can:     func() bool { return x.belief.CanStream(h, s, op.Shows) },
			waiting: func() bool { return x.belief.StreamWaiting(h, s) },
			overdue: func(sent time.Duration) (model.Rule, string, bool) {
				t := x.belief.OverdueStream(h, s, sent, settle)
				if t == nil {
					return model.Rule{}, "", false
				}
				return t.Rule, t.To.String(), true
			},
			shown: func(r *model.Reply) string { return r.Stream.Status.String() },
		}
	}
	h := op.Ref.Handle
	return awaited{
		get: model.GetCluster{Ref: op.Ref},
		reached: func(r *model.Reply) bool {
			return r.Status == op.Status && !r.Refused() || op.Status == model.Gone && r.Code == model.NotFound
		},
		can:     func() bool { return x.belief.Can(h, op.Status) },
		waiting: func() bool { return x.belief.Waiting(h) },
		overdue: func(sent time.Duration) (model.Rule, string, bool) {
			t := x.belief.Overdue(h, sent, settle)
			if t == nil {
				return model.Rule{}, "", false
			}
			return t.Rule, t.To.String(), true
		},
		shown: func(r *model.Reply) string { return r.Status.String() },
	}
}

// await polls a cluster, or a stream, until it shows a status, judging every
// poll. It ends early when no surviving world can get there, and finds a fault
// when the service should have moved by now in every one.
func (x *execution) await(ctx context.Context, op model.Await, by string) {
	settle := x.set.Settle + x.set.ReadLag
	what := x.awaited(op, settle)
	pace := newPace(x.set.Settle)
	began := time.Now()
	why := x.why
	defer func() { x.why = why }()
	polls, failures := 0, 0
	var unanswered time.Duration // time does not count while nobody answers
	var s seen
	for ctx.Err() == nil && x.fatal == nil && !x.stopped && !(polls > 0 && x.line < len(x.seq.Lines) && expired(x.deadline)) {
		x.why = "poll"
		before := time.Now()
		s = x.once(ctx, what.get, model.Line{By: by})
		if s.expl.Doubt != "" || s.outage == NotServed {
			break
		}
		if !s.judged || s.reply.Lost {
			if failures++; failures > 4*minPolls {
				break
			}
			pace.wait(ctx)
			unanswered += time.Since(before)
			continue
		}
		polls++
		if what.reached(&s.reply) {
			break
		}
		if s.expl.Broken != "" || s.expl.Stale || !what.can() {
			break
		}
		if rule, owed, late := what.overdue(s.sent - unanswered); late && polls >= minPolls {
			x.overdue(op, rule, owed, what.shown(&s.reply), &s)
			break
		}
		limit := 2 * settle
		if !what.waiting() {
			limit = settle / 10 // nothing has to happen: the wait is for what is only allowed
		}
		if time.Since(began)-unanswered > limit && polls >= minPolls {
			x.tally.note("a wait for what is allowed but not owed was given up", op.String())
			break
		}
		pace.wait(ctx)
	}
	if polls > 0 {
		x.tally.operations++
	}
	if s.judged && by == "" {
		x.tally.try(op, s.expl.Status, s.expl.Role, s.reply, x.seq)
	}
}

// overdue reports, once, that what was awaited stands still.
func (x *execution) overdue(op model.Await, rule model.Rule, owed, shown string, s *seen) {
	key := model.Await{Ref: op.Ref, Stream: op.Stream}
	if x.late[key] == rule.ID {
		return
	}
	x.late[key] = rule.ID
	e := s.expl
	e.Want = nil
	sev := Violation
	if rule.Force != model.Must {
		sev = Suspicion
	}
	f := x.finding(rule.ID, sev, Liveness, op, &e, "still "+shown, s.reply)
	f.Expected = []string{owed + " within " + x.set.Settle.String()}
	f.Status = shown
	x.report(f)
}
