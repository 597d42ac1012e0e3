package reference

import (
	"slices"
	"time"

	"dsqlconform/model"
)

// streamPlan is what a stream will do next, if anything; it holds while the
// stream is as it was.
type streamPlan struct {
	from model.StreamStatus
	row  int // to take, -1 for none
	at   time.Duration
}

// firstStream returns the earliest plan; of two at one moment, the lower
// handle's.
func (l *lifecycle) firstStream() (model.StreamHandle, streamPlan, bool) {
	var best model.StreamHandle
	for h, p := range l.streamPlans {
		if p.row >= 0 && (best == 0 || p.at < l.streamPlans[best].at || p.at == l.streamPlans[best].at && h < best) {
			best = h
		}
	}
	return best, l.streamPlans[best], best != 0
}

// planStreams makes a plan for each stream that has none for its status.
func (l *lifecycle) planStreams(e *Endpoint) {
	live := map[model.StreamHandle]bool{}
	for _, s := range e.hold.world.Streams {
		live[s.Handle] = true
		status := s.Status.List()[0]
		if p, ok := l.streamPlans[s.Handle]; !ok || p.from != status {
			l.streamPlans[s.Handle] = e.intendStream(status)
		}
	}
	for h := range l.streamPlans {
		if !live[h] {
			delete(l.streamPlans, h)
		}
	}
}

// intendStream decides what a stream does next: what the temperament wants to
// take, else what is fair.
func (e *Endpoint) intendStream(from model.StreamStatus) streamPlan {
	p := streamPlan{from: from, row: -1}
	temper := &e.opts.Temperament
	row := func(fits func(*model.StreamTransition) bool) int {
		return slices.IndexFunc(e.life.streamTable, func(t model.StreamTransition) bool {
			return t.By == model.ByService && t.From == from && fits(&t)
		})
	}
	for _, way := range temper.Ways {
		if i := row(func(t *model.StreamTransition) bool { return t.ID == way.Take }); i >= 0 && p.row < 0 && (way.OneIn < 2 || e.dice.IntN(way.OneIn) == 0) {
			p.row = i
		}
	}
	if p.row < 0 {
		p.row = row(func(t *model.StreamTransition) bool { return t.Fair })
	}
	p.at = e.hold.world.Now + temper.pace(e.opts.Settle, e.dice)
	return p
}

// moveStream takes the planned transition of a stream.
func (e *Endpoint) moveStream(h model.StreamHandle, p streamPlan) {
	t := &e.life.streamTable[p.row]
	e.hold.world.Now = max(e.hold.world.Now, p.at)
	for i := range e.life.streamTable {
		if other := &e.life.streamTable[i]; other.By == t.By && other.From == t.From {
			e.count(other.ID, Tally{Offered: 1})
		}
	}
	e.count(t.ID, Tally{Chosen: 1})
	delete(e.life.streamPlans, h)
	e.hold.adoptStreams(e, e.hold.world.TakeStream(h, t))
	e.life.planStreams(e)
}
