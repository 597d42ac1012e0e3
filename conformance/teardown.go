package conformance

import (
	"context"
	"slices"
	"time"

	"dsqlconform/model"
)

// grace is how long an interrupted execution may take to undo itself.
const grace = 10 * time.Second

// teardown undoes what the execution made: protection off on each member, all
// deleted, and awaited gone. It is judged like any other step.
func (x *execution) teardown(ctx context.Context) {
	if x.fatal != nil {
		return
	}
	if ctx.Err() == nil && !x.stopped {
		// A target that no longer answers must not hold up the run.
		limited, cancel := context.WithTimeout(ctx, grace+4*(x.set.Settle+x.set.ReadLag))
		x.clean(limited)
		cancel()
		if ctx.Err() == nil {
			return
		}
	}
	x.cleaning = true
	hurried, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	x.clean(hurried)
}

// clean removes what is left.
func (x *execution) clean(ctx context.Context) {
	stop := x.stopped
	x.stopped = false
	if stop {
		// What was looked for is found: the rest is cleaning, not judging.
		x.stop = nil
		x.cleaning = true
	}
	x.resolve(ctx)
	for _, h := range x.created {
		x.remove(ctx, h)
	}
	for _, h := range x.created {
		if !x.cleaning && x.belief.Exists(h) && x.belief.Can(h, model.Gone) {
			op := model.Await{Ref: model.Ref{Handle: h}, Status: model.Gone}
			x.undo = append(x.undo, model.Line{Op: op})
			x.await(ctx, op)
		}
	}
	x.discard(ctx)
	for _, h := range x.created {
		if !x.cleaning && x.belief.Exists(h) {
			x.tally.note("a cluster was left behind", x.seq.Profile)
		}
	}
}

// resolve repeats the creates whose answers were lost, with their tokens, to
// learn the identifiers of what they may have made.
func (x *execution) resolve(ctx context.Context) {
	var list []model.Handle
	for h := range x.lost {
		list = append(list, h)
	}
	slices.Sort(list)
	for _, h := range list {
		x.why = "resolve"
		x.ask(ctx, x.lost[h], model.Line{})
	}
	x.why = ""
}

// remove takes the protection off a cluster and deletes it. A refusal is tried
// again while the service still has to move the cluster, and for a while where
// it only may.
func (x *execution) remove(ctx context.Context, h model.Handle) {
	if !x.belief.Exists(h) || x.belief.Leaving(h) {
		return
	}
	ref := model.Ref{Handle: h}
	protected := x.belief.Protected(h)
	pace := newPace(x.set.Settle)
	began := time.Now()
	for try := 1; ; try++ {
		if protected {
			x.order(ctx, model.UpdateCluster{Ref: ref, Protection: model.Off})
		}
		s := x.order(ctx, model.DeleteCluster{Ref: ref})
		if s.judged && !s.reply.Refused() && !s.reply.Lost || s.reply.Code == model.NotFound || ctx.Err() != nil || x.fatal != nil {
			return
		}
		limit := x.set.Settle + x.set.ReadLag
		if s.judged && (!x.belief.Waiting(h) || x.belief.Doubted(h) != "") {
			limit /= 10 // nothing has to happen that would make it deletable
		}
		if try >= tries && time.Since(began) > limit {
			return
		}
		// Whatever is believed, the target may hold it protected.
		protected = s.reply.Refused()
		pace.wait(ctx)
	}
}

// order makes a call of the teardown.
func (x *execution) order(ctx context.Context, op model.Op) seen {
	x.undo = append(x.undo, model.Line{Op: op})
	return x.ask(ctx, op, model.Line{})
}

// discard removes the clusters that should not have been made. The finding is
// recorded already, so nothing here is judged.
func (x *execution) discard(ctx context.Context) {
	for _, h := range x.bind.extra {
		ref := model.Ref{Handle: h}
		for _, op := range []model.Op{model.UpdateCluster{Ref: ref, Protection: model.Off}, model.DeleteCluster{Ref: ref}, model.GetCluster{Ref: ref}} {
			x.exchange(ctx, x.bind.call(op, x.set.Regions[0])) //nolint:errcheck // best effort
		}
	}
}
