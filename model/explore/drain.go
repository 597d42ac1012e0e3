package explore

import (
	"fmt"
	"sync"
	"sync/atomic"

	"dsqlconform/model"
)

// calm returns an error when the fair transitions form a cycle of statuses: a
// service could then move for ever without being asked.
func calm(table []model.Transition) error {
	next := map[model.Status][]model.Status{}
	for i := range table {
		if t := &table[i]; t.Fair {
			next[t.From] = append(next[t.From], t.To)
		}
	}
	const open, closed = 1, 2
	state := map[model.Status]int{}
	var visit func(model.Status) error
	visit = func(s model.Status) error {
		state[s] = open
		for _, to := range next[s] {
			if state[to] == open {
				return fmt.Errorf("got fair transitions from %s back to %s", to, to)
			}
			if state[to] == 0 {
				if err := visit(to); err != nil {
					return err
				}
			}
		}
		state[s] = closed
		return nil
	}
	for s := range model.Gone + 1 {
		if state[s] == 0 {
			if err := visit(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// drains holds that every visited world can be emptied. Each world leads to the
// next by the plainest thing that could be done, so that a world needs to be
// looked at once only. It returns the first that leads nowhere, or nil.
func (s *search) drains() *fault {
	for depth, level := range s.levels {
		var taken, least atomic.Int64
		least.Store(int64(len(level)))
		var wg sync.WaitGroup
		for range s.options.Workers {
			wg.Go(func() {
				w := newWorker(s)
				for {
					rank := taken.Add(1) - 1
					if rank >= least.Load() {
						return
					}
					if w.drains(level[rank]) {
						continue
					}
					for old := least.Load(); rank < old && !least.CompareAndSwap(old, rank); old = least.Load() {
					}
				}
			})
		}
		wg.Wait()
		if rank := least.Load(); rank < int64(len(level)) {
			return &fault{rule: ruleDrains, err: fmt.Errorf("got clusters that cannot all be deleted from here, at depth %d", depth), at: level[rank], rank: uint32(rank)}
		}
	}
	return nil
}

// drains follows one world until none of its clusters is left or one is reached
// of which it is known.
func (w *worker) drains(at id) bool {
	const far = 100
	path := make([]id, 0, 16)
	for !w.visited.drained(at) {
		n := w.visited.node(at)
		w.codec.unpack(&n.key, &w.world)
		if empty(&w.world) {
			path = append(path, at)
			break
		}
		next, ok := w.emptier(&w.world)
		if !ok || len(path) == far {
			return false
		}
		path = append(path, at)
		k, err := w.key(&next)
		if err != nil {
			return false
		}
		if at, ok = w.visited.find(&k); !ok {
			return false
		}
	}
	for _, i := range path {
		w.visited.setDrained(i)
	}
	return true
}

// leaving is the statuses of a cluster on its way out.
var leaving = model.Statuses(model.PendingDelete, model.Deleting, model.Deleted)

func empty(w *model.World) bool {
	for i := range w.Clusters {
		if w.Clusters[i].Status != model.Gone {
			return false
		}
	}
	return true
}

// emptier returns the world after the plainest step towards an empty account: a
// transition that is due, a delete, protection off, what the service may do.
func (s *search) emptier(w *model.World) (model.World, bool) {
	for i := range w.Clusters {
		if c := &w.Clusters[i]; c.Status != model.Gone {
			if t := s.due(w, c); t != nil {
				return w.Take(c.Handle, t), true
			}
		}
	}
	for i := range w.Clusters {
		it := model.Ref{Handle: w.Clusters[i].Handle}
		if w.Clusters[i].Status == model.Gone {
			continue
		}
		for _, op := range []model.Op{model.DeleteCluster{Ref: it}, model.UpdateCluster{Ref: it, Protection: model.Off}} {
			list := s.options.Step(*w, op)
			for j := range list {
				o := &list[j]
				if o.Breaks != "" || !o.Want.Success() {
					continue
				}
				is := &o.Next.Clusters[i]
				if was := &w.Clusters[i]; leaving.Has(is.Status) && !leaving.Has(was.Status) || was.Protected && !is.Protected {
					return o.Next, true
				}
			}
		}
	}
	for i := range w.Clusters {
		c := &w.Clusters[i]
		for _, t := range s.moves[c.Status] {
			if !pastime[t.ID] && t.When(w, c) {
				return w.Take(c.Handle, t), true
			}
		}
	}
	return model.World{}, false
}
