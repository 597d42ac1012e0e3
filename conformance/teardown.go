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
	if ctx.Err() == nil && (!x.stopped || x.crowds()) {
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
		x.cleaning = !x.crowds()
	}
	x.resolve(ctx)
	for _, h := range x.channels {
		x.removeStream(ctx, h)
	}
	for _, h := range x.channels {
		c := x.bind.streams.bound[h]
		if !x.cleaning && x.belief.Exists(c.of.Handle) && x.belief.StreamExists(c.of.Handle, h) && x.belief.CanStream(c.of.Handle, h, model.StreamGone) {
			x.until(ctx, model.Await{Ref: c.of, Stream: model.StreamRef{Handle: h}, Shows: model.StreamGone})
		}
	}
	for _, h := range x.created {
		x.remove(ctx, h)
	}
	for _, h := range x.created {
		if !x.cleaning && x.belief.Exists(h) && x.belief.Can(h, model.Gone) {
			x.until(ctx, model.Await{Ref: model.Ref{Handle: h}, Status: model.Gone})
		}
	}
	x.discard(ctx)
	for _, h := range x.created {
		if !x.cleaning && x.belief.Exists(h) {
			x.tally.note("a cluster was left behind", x.seq.Profile)
		}
	}
}

// crowds reports whether something was found in a listing: there what is left
// behind would get into the way of the next execution.
func (x *execution) crowds() bool {
	return slices.ContainsFunc(x.findings, func(f Finding) bool { return listings[f.Operation].size != "" })
}

// until waits in the teardown.
func (x *execution) until(ctx context.Context, op model.Await) {
	x.undo = append(x.undo, model.Line{Op: op})
	x.await(ctx, op, "")
}

// leave tells the run that what is still leaving is no longer looked after.
func (x *execution) leave() {
	var list []string
	for _, c := range x.bind.bound {
		list = append(list, c.id)
	}
	for _, c := range x.bind.streams.bound {
		list = append(list, c.id)
	}
	x.census.forget(list, time.Now().Add(2*(x.set.Settle+x.set.ReadLag)))
}

// resolve repeats the creates whose answers were lost, with their tokens, to
// learn the identifiers of what they may have made.
func (x *execution) resolve(ctx context.Context) {
	for _, op := range slices.Clone(x.lost) {
		x.why = "resolve"
		x.ask(ctx, op, model.Line{})
	}
	x.why = ""
}

// remove takes the protection off a cluster and deletes it.
func (x *execution) remove(ctx context.Context, h model.Handle) {
	if !x.belief.Exists(h) || x.belief.Leaving(h) {
		return
	}
	ref := model.Ref{Handle: h}
	protected := x.belief.Protected(h)
	x.insist(ctx, func() seen {
		if protected {
			x.order(ctx, model.UpdateCluster{Ref: ref, Protection: model.Off})
		}
		s := x.order(ctx, model.DeleteCluster{Ref: ref})
		// Whatever is believed, the target may hold it protected.
		protected = s.reply.Refused()
		return s
	}, func() bool { return x.belief.Waiting(h) && x.belief.Doubted(h) == "" })
}

// removeStream deletes a stream whose cluster is there.
func (x *execution) removeStream(ctx context.Context, h model.StreamHandle) {
	ref := x.bind.streams.bound[h].of
	if !x.belief.Exists(ref.Handle) || !x.belief.StreamExists(ref.Handle, h) || x.belief.StreamLeaving(ref.Handle, h) {
		return
	}
	x.insist(ctx, func() seen {
		return x.order(ctx, model.DeleteStream{Ref: ref, Stream: model.StreamRef{Handle: h}})
	}, func() bool { return x.belief.StreamWaiting(ref.Handle, h) })
}

// insist repeats an order that is refused: while the service still has to move
// what it is about, and for a while where it only may.
func (x *execution) insist(ctx context.Context, order func() seen, waiting func() bool) {
	pace := newPace(x.set.Settle)
	began := time.Now()
	for try := 1; ; try++ {
		s := order()
		if s.judged && !s.reply.Refused() && !s.reply.Lost || s.reply.Code == model.NotFound || s.outage == NotServed || ctx.Err() != nil || x.fatal != nil {
			return
		}
		limit := x.set.Settle + x.set.ReadLag
		if s.judged && !waiting() {
			limit /= 10 // nothing has to happen that would make it deletable
		}
		if try >= tries && time.Since(began) > limit {
			return
		}
		pace.wait(ctx)
	}
}

// order makes a call of the teardown.
func (x *execution) order(ctx context.Context, op model.Op) seen {
	x.undo = append(x.undo, model.Line{Op: op})
	return x.ask(ctx, op, model.Line{})
}

// discard removes what should not have been made, and what the model does not
// know to have been made. The finding is recorded already, so nothing here is
// judged.
func (x *execution) discard(ctx context.Context) {
	var list []model.Op
	for _, h := range x.bind.streams.extra {
		list = append(list, model.DeleteStream{Ref: x.bind.streams.bound[h].of, Stream: model.StreamRef{Handle: h}})
	}
	clusters := slices.Clone(x.bind.extra)
	for _, h := range x.created {
		if !x.belief.Exists(h) && len(x.belief.Component(h)) == 0 {
			clusters = append(clusters, h)
		}
	}
	for _, h := range clusters {
		ref := model.Ref{Handle: h}
		list = append(list, model.UpdateCluster{Ref: ref, Protection: model.Off}, model.DeleteCluster{Ref: ref}, model.GetCluster{Ref: ref})
	}
	for _, op := range list {
		x.exchange(ctx, x.bind.call(op, x.set.Regions[0]), false) //nolint:errcheck // best effort
	}
}
