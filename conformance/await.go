package conformance

import (
	"context"
	"time"

	"dsqlconform/model"
)

// minPolls is how many answered polls a liveness finding needs.
const minPolls = 5

// await polls a cluster until it shows a status, judging every poll. It ends
// early when no surviving world can get there, and finds a fault when the
// service should have moved by now in every one.
func (x *execution) await(ctx context.Context, op model.Await) {
	h := op.Ref.Handle
	get := model.GetCluster{Ref: op.Ref}
	settle := x.set.Settle + x.set.ReadLag
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
		s = x.once(ctx, get, model.Line{})
		if s.expl.Doubt != "" {
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
		if s.reply.Status == op.Status && !s.reply.Refused() || op.Status == model.Gone && s.reply.Code == model.NotFound {
			break
		}
		if s.expl.Broken != "" || s.expl.Stale || !x.belief.Can(h, op.Status) {
			break
		}
		if t := x.belief.Overdue(h, s.sent-unanswered, settle); t != nil && polls >= minPolls {
			if x.late[h] != t.ID {
				x.late[h] = t.ID
				e := s.expl
				e.Want = nil
				sev := Violation
				if t.Force != model.Must {
					sev = Suspicion
				}
				f := x.finding(t.ID, sev, Liveness, op, &e, "still "+s.reply.Status.String(), s.reply)
				f.Expected = []string{t.To.String() + " within " + x.set.Settle.String()}
				f.Status = s.reply.Status.String()
				x.report(f)
			}
			break
		}
		limit := 2 * settle
		if !x.belief.Waiting(h) {
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
	if s.judged {
		x.tally.try(op, s.expl.Status, s.expl.Role, s.reply, x.seq)
	}
}
