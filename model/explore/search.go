package explore

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dsqlconform/model"
)

// search is one search under way.
type search struct {
	bounds  Bounds
	options Options
	codec   *codec
	calls   []call
	table   []model.Transition
	moves   [model.Gone + 1][]*model.Transition // service-driven, by the status that they leave
	ids     map[model.RuleID]int                // the place of each rule in rules
	rules   []model.Rule
	limit   int // worlds

	step func([]model.Outcome, *model.World, model.Op) []model.Outcome // see [model.StepInto]

	visited visited
	levels  [][]id // of each depth, in the order in which they are expanded

	failed atomic.Bool // stops the workers: something cannot be explored
	mu     sync.Mutex
	err    error
}

func newSearch(b Bounds, o Options) *search {
	s := &search{bounds: b, options: o, calls: b.universe(), table: o.Transitions, rules: model.Rules(), ids: map[model.RuleID]int{}}
	s.codec = newCodec(&b, s.calls)
	if s.table == nil {
		s.table = model.Transitions()
	}
	for i := range s.table {
		if t := &s.table[i]; t.By == model.ByService {
			s.moves[t.From] = append(s.moves[t.From], t)
		}
	}
	for i, r := range s.rules {
		s.ids[r.ID] = i
	}
	s.step = func(_ []model.Outcome, w *model.World, op model.Op) []model.Outcome { return s.options.Step(*w, op) }
	if s.options.Step == nil {
		s.options.Step, s.step = model.Step, model.StepInto
	}
	if s.options.Rows == nil {
		s.options.Rows = model.Rows
	}
	if s.options.Workers <= 0 {
		s.options.Workers = runtime.GOMAXPROCS(0)
	}
	s.limit = o.Ceiling()
	return s
}

// pastime are the transitions that a service takes for no reason that the bounds
// know: creation fails, nobody connects, somebody else does, DELETED shows.
var pastime = map[model.RuleID]bool{
	"DSQL-LIF-005": true, "DSQL-LIF-012": true, "DSQL-LIF-013": true, "DSQL-LIF-021": true,
	"DSQL-LIF-133": true, "DSQL-LIF-134": true,
}

// step is one way out of a world.
type step struct {
	call    *call          // nil for a move of the service
	outcome *model.Outcome // of the call, nil if it has no answer
	cluster model.Handle   // that moves
	move    *model.Transition
	next    *model.World
}

// change returns the step as the invariants see it.
func (s *step) change(before *model.World) model.Change {
	c := model.Change{Before: before, After: s.next}
	if s.call != nil {
		c.Op, c.Refused = s.call.op, s.outcome == nil || !s.outcome.Want.Success()
	}
	return c
}

// each calls f with every step out of w that breaks no rule, in a fixed order,
// until f returns false. What f is given holds until it returns.
func (s *search) each(w *model.World, f func(*step) bool) { s.eachInto(new([]model.Outcome), w, f) }

// eachInto is each with storage for the outcomes, see [model.StepInto].
func (s *search) eachInto(buf *[]model.Outcome, w *model.World, f func(*step) bool) {
	var st step
	for i := range s.calls {
		c := &s.calls[i]
		if !s.bounds.possible(w, c) {
			continue
		}
		st.call = c
		list := s.step(*buf, w, c.op)
		*buf = list
		answered := false
		for j := range list {
			if o := &list[j]; o.Breaks == "" {
				answered, st.outcome, st.next = true, o, &o.Next
				if !f(&st) {
					return
				}
			}
		}
		if st.outcome, st.next = nil, w; !answered && !f(&st) {
			return
		}
	}
	st = step{}
	for i := range w.Clusters {
		c := &w.Clusters[i]
		for _, t := range s.moves[c.Status] {
			if pastime[t.ID] && !s.bounds.Free || !t.When(w, c) {
				continue
			}
			next := w.Take(c.Handle, t)
			st.cluster, st.move, st.next = c.Handle, t, &next
			if !f(&st) {
				return
			}
		}
	}
}

// key returns the canonical key of a world.
func (s *search) key(w *model.World) (key, error) {
	k, err := s.codec.pack(w)
	if err != nil {
		return k, err
	}
	return s.codec.canonical(k), nil
}

// fresh is a world that was just reached.
type fresh struct {
	hash uint64
	id   id
}

// run visits worlds breadth first until all are visited, a check fails, the
// memory is used up or ctx ends. It returns the workers, with what they have
// seen, and whether all worlds were visited.
func (s *search) run(ctx context.Context) (crew []*worker, complete bool) {
	root := model.World{Env: s.codec.env}
	k, err := s.key(&root)
	if err != nil {
		s.fail(err)
		return nil, false
	}
	first, _ := s.visited.add(&k, k.hash(), 0, 0)
	level := []id{first}
	for range s.options.Workers {
		crew = append(crew, newWorker(s))
	}
	for len(level) > 0 {
		s.levels = append(s.levels, level)
		if !s.expand(ctx, crew, level) || s.fault(crew) != nil {
			return crew, false
		}
		level = s.next(crew)
	}
	return crew, true
}

// expand visits what a level leads to. It returns whether it came to its end.
func (s *search) expand(ctx context.Context, crew []*worker, level []id) bool {
	const chunk = 128
	var wg sync.WaitGroup
	var taken atomic.Int64
	var stopped atomic.Bool
	for _, w := range crew {
		wg.Go(func() {
			for {
				to := int(taken.Add(chunk))
				from := min(to-chunk, len(level))
				if from == len(level) {
					return
				}
				if ctx.Err() != nil || s.failed.Load() || s.visited.len() >= s.limit {
					stopped.Store(true)
					return
				}
				for rank := from; rank < min(to, len(level)); rank++ {
					w.expand(uint32(rank), level[rank], uint16(len(s.levels)))
				}
			}
		})
	}
	wg.Wait()
	return !stopped.Load()
}

// next returns the level that the crew has found, in an order that does not
// depend on who found what.
func (s *search) next(crew []*worker) []id {
	var all []fresh
	for _, w := range crew {
		all = append(all, w.found...)
		w.found = w.found[:0]
	}
	slices.SortFunc(all, func(a, b fresh) int {
		if n := cmp.Compare(a.hash, b.hash); n != 0 {
			return n
		}
		x, y := s.visited.node(a.id), s.visited.node(b.id)
		return x.key.compare(&y.key)
	})
	level := make([]id, len(all))
	for i := range all {
		level[i] = all[i].id
	}
	return level
}

// fault returns the first fault that the crew has found: of worlds before those
// of steps, which are one step further.
func (s *search) fault(crew []*worker) *fault {
	var least *fault
	for _, w := range crew {
		if f := w.fault; f != nil && (least == nil || f.before(least)) {
			least = f
		}
	}
	return least
}

func (s *search) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = errors.Join(s.err, err)
	s.failed.Store(true)
}

// worker expands worlds. It is used by one goroutine.
type worker struct {
	*search
	world       model.World
	outcomes    []model.Outcome // storage, see eachInto
	found       []fresh
	transitions int
	statuses    model.StatusSet
	met         []bool // by the place of the rule
	fault       *fault
	abstraction
}

func newWorker(s *search) *worker { return &worker{search: s, met: make([]bool, len(s.rules))} }

// expand visits the worlds that one world leads to.
func (w *worker) expand(rank uint32, i id, depth uint16) {
	n := w.visited.node(i)
	w.codec.unpack(&n.key, &w.world)
	w.project()
	if !w.options.Unchecked {
		w.look(rank, i)
	}
	w.eachInto(&w.outcomes, &w.world, func(st *step) bool {
		w.transitions++
		if !w.options.Unchecked {
			w.watch(st, rank, i)
		}
		if unchanged(&w.world, st.next) || len(st.next.Clusters) > w.bounds.Clusters {
			return true
		}
		w.link(st.next)
		k, err := w.codec.packAfter(&n.key, st.next)
		if err != nil {
			w.fail(err)
			return false
		}
		k = w.codec.canonical(k)
		hash := k.hash()
		if to, isNew := w.visited.add(&k, hash, rank, depth); isNew {
			w.found = append(w.found, fresh{hash, to})
		}
		return true
	})
}

// unchanged reports whether next is surely what w was.
func unchanged(w, next *model.World) bool {
	return len(next.Clusters) == len(w.Clusters) && len(next.Tokens) == len(w.Tokens) &&
		(len(w.Clusters) == 0 || &next.Clusters[0] == &w.Clusters[0])
}
