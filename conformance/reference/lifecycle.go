package reference

import (
	"slices"
	"time"

	"dsqlconform/model"
)

// lifecycle drives the service's own transitions: for each cluster at most one
// is planned, and taken when its time has come.
type lifecycle struct {
	table []model.Transition
	plans map[model.Handle]plan
	taken map[model.Handle]map[model.RuleID]int // transitions of choice so far

	streamTable []model.StreamTransition
	streamPlans map[model.StreamHandle]streamPlan
}

// plan is what a cluster will do next, if anything.
type plan struct {
	enabled []int // rows of the table; the plan holds while these stay
	due     int   // row, -1 for none
	row     int   // to take, -1 for none
	at      time.Duration
	quiet   time.Duration // counted from the last call, 0 if it is not
}

func (l *lifecycle) reset() {
	l.plans = map[model.Handle]plan{}
	l.taken = map[model.Handle]map[model.RuleID]int{}
	l.streamPlans = map[model.StreamHandle]streamPlan{}
}

// burst bounds how many transitions a request catches up with, so that a clock
// that leaps by years does not stall it.
const burst = 10_000

// advance takes every transition whose time has come, in the order of time.
func (e *Endpoint) advance() {
	now := e.now()
	for range burst {
		h, p, ok := e.life.first()
		if s, q, there := e.life.firstStream(); there && q.at <= now && (!ok || q.at < p.at) {
			e.moveStream(s, q)
			continue
		}
		if !ok || p.at > now {
			break
		}
		t := &e.life.table[p.row]
		e.hold.world.Now = max(e.hold.world.Now, p.at)
		for _, row := range p.enabled {
			e.count(e.life.table[row].ID, Tally{Offered: 1})
		}
		e.count(t.ID, Tally{Chosen: 1})
		if e.life.taken[h] == nil {
			e.life.taken[h] = map[model.RuleID]int{}
		}
		e.life.taken[h][t.ID]++
		delete(e.life.plans, h)
		e.hold.adopt(e, e.hold.world, e.hold.world.Take(h, t), "")
		e.life.plan(e)
	}
	e.hold.world.Now = now
}

// first returns the earliest plan; of two at one moment, the lower handle's.
func (l *lifecycle) first() (model.Handle, plan, bool) {
	var best model.Handle
	for h, p := range l.plans {
		if p.row >= 0 && (best == 0 || p.at < l.plans[best].at || p.at == l.plans[best].at && h < best) {
			best = h
		}
	}
	return best, l.plans[best], best != 0
}

// plan makes a plan for each live cluster, and keeps those that still hold.
func (l *lifecycle) plan(e *Endpoint) {
	w := &e.hold.world
	live := map[model.Handle]bool{}
	for i := range w.Clusters {
		c := &w.Clusters[i]
		live[c.Handle] = true
		enabled, due := l.enabled(w, c)
		if p, ok := l.plans[c.Handle]; ok && p.due == due && slices.Equal(p.enabled, enabled) {
			continue
		}
		l.plans[c.Handle] = e.intend(c, enabled, due)
	}
	for h := range l.plans {
		if !live[h] {
			delete(l.plans, h)
			delete(l.taken, h)
		}
	}
	l.planStreams(e)
}

// enabled returns the rows that c may take, and the fair one that it must, or
// -1. It reads the endpoint's own table, which a fault may have edited.
func (l *lifecycle) enabled(w *model.World, c *model.Cluster) (rows []int, due int) {
	due = -1
	for i := range l.table {
		t := &l.table[i]
		if t.By != model.ByService || t.From != c.Status {
			continue
		}
		if t.When(w, c) {
			rows = append(rows, i)
		}
		must := t.Due
		if must == nil {
			must = t.When
		}
		if t.Fair && due < 0 && must(w, c) {
			due = i
		}
	}
	return rows, due
}

// goBack are transitions that lead an update accepted in an unusual status back
// to it: every temperament takes them, lest the cluster be stuck.
var goBack = []model.RuleID{"DSQL-LIF-113", "DSQL-LIF-114", "DSQL-LIF-115"}

// intend decides what c does next: what the temperament wants to take, else
// what goes back, else what is due, else what is fair unless it is held.
func (e *Endpoint) intend(c *model.Cluster, enabled []int, due int) plan {
	now, settle := e.hold.world.Now, e.opts.Settle
	p := plan{enabled: enabled, due: due, row: -1}
	latest := max(now, c.Since.Late+settle) // for what is due
	temper := &e.opts.Temperament
	row := func(id model.RuleID) int {
		return slices.IndexFunc(enabled, func(i int) bool { return e.life.table[i].ID == id })
	}
	for _, way := range temper.Ways {
		i := row(way.Take)
		if i < 0 || way.Times > 0 && e.life.taken[c.Handle][way.Take] >= way.Times || way.OneIn > 1 && e.dice.IntN(way.OneIn) != 0 || way.Keyed && c.Key == "" {
			continue
		}
		wait := temper.pace(settle, e.dice)
		if way.Quiet {
			wait += e.opts.Env.Floor
			p.quiet = wait
		}
		if due >= 0 && now+wait > c.Since.Late+settle/2 && enabled[i] != due {
			continue // there is no time left for a detour
		}
		p.row, p.at = enabled[i], now+wait
		return p
	}
	for _, id := range goBack {
		if i := row(id); i >= 0 && p.row < 0 {
			p.row = enabled[i]
		}
	}
	if p.row < 0 {
		p.row = due
	}
	for _, i := range enabled {
		if t := &e.life.table[i]; p.row < 0 && t.Fair && !slices.Contains(temper.Holds, t.ID) {
			p.row = i
		}
	}
	p.at = now + temper.pace(settle, e.dice)
	if due >= 0 {
		p.at = min(p.at, latest)
	}
	return p
}

// called tells that a call touched clusters, which puts off what only happens
// when nobody calls.
func (l *lifecycle) called(e *Endpoint, touched []model.Handle) {
	for _, h := range touched {
		if p, ok := l.plans[h]; ok && p.quiet > 0 {
			p.at = e.hold.world.Now + p.quiet
			l.plans[h] = p
		}
	}
}
