package reference

import (
	"cmp"
	"slices"
	"time"

	"dsqlconform/model"
)

// The memory of what is gone: a token that stands for a deleted cluster is
// remembered for tombstoneAge, and at most maxTombstones clusters are.
const (
	tombstoneAge  = 10 * time.Minute
	maxTombstones = 20_000
	recentlyGone  = 32 // tombstones that a listing is told of
)

// holdings is everything that the endpoint holds. The world has the live
// clusters only, and no tokens: what a single call can depend on is put
// together by view, so that a call costs the same after an hour.
type holdings struct {
	world  model.World
	ids    map[model.Handle]string
	byID   map[string]model.Handle
	uses   map[string][]model.Use // by token
	tokens map[model.Handle][]string
	gone   map[model.Handle]model.Cluster
	graves []grave // in the order of time
	next   model.Handle

	documents map[model.Handle]document
	keyed     map[model.Handle]time.Duration // when a cluster's latest key is in force

	streams    map[model.StreamHandle]stream
	byStreamID map[string]model.StreamHandle
	buried     map[model.StreamHandle]bool
	nextStream model.StreamHandle
}

// grave is that of a cluster or of a stream.
type grave struct {
	handle model.Handle
	stream model.StreamHandle
	at     time.Duration
}

func newHoldings(opts Options) holdings {
	return holdings{
		world:  model.World{Env: opts.Env},
		ids:    map[model.Handle]string{},
		byID:   map[string]model.Handle{},
		uses:   map[string][]model.Use{},
		tokens: map[model.Handle][]string{},
		gone:   map[model.Handle]model.Cluster{},
		next:   1,

		documents: map[model.Handle]document{},
		keyed:     map[model.Handle]time.Duration{},

		streams:    map[model.StreamHandle]stream{},
		byStreamID: map[string]model.StreamHandle{},
		buried:     map[model.StreamHandle]bool{},
		nextStream: 1,
	}
}

// view returns the world as far as the answer to op can depend on it.
func (h *holdings) view(op model.Op, token string) model.World {
	w := h.world
	w.Asked = w.Now
	if token != "" {
		w.Tokens = slices.Clip(h.uses[token])
	}
	graves := op.Touches(w)
	for _, u := range w.Tokens {
		graves = append(graves, u.Cluster)
	}
	if _, ok := op.(model.ListClusters); ok {
		for _, g := range h.graves[max(0, len(h.graves)-recentlyGone):] {
			graves = append(graves, g.handle)
		}
	}
	for _, g := range graves {
		if c, ok := h.gone[g]; ok {
			w = w.With(c)
		}
	}
	return w
}

// adopt makes next, which followed from view, the present world.
func (h *holdings) adopt(e *Endpoint, view, next model.World, token string) {
	if n := len(view.Tokens); token != "" && len(next.Tokens) > n {
		for _, u := range next.Tokens[n:] {
			h.uses[token] = append(h.uses[token], u)
			h.tokens[u.Cluster] = append(h.tokens[u.Cluster], token)
		}
	}
	live := make([]model.Cluster, 0, len(next.Clusters))
	for _, c := range next.Clusters {
		if h.ids[c.Handle] == "" {
			id := e.dice.identifier()
			h.ids[c.Handle], h.byID[id] = id, c.Handle
		}
		if c.Status != model.Gone {
			live = append(live, c)
		} else if _, known := h.gone[c.Handle]; !known {
			h.gone[c.Handle] = c
			h.graves = append(h.graves, grave{handle: c.Handle, at: next.Now})
		}
	}
	h.world.Clusters = live
	h.adoptStreams(e, next)
	h.world.Now = max(h.world.Now, next.Now)
	h.bury()
}

// bury forgets what has been gone for long. A cluster that a live one still
// names is kept.
func (h *holdings) bury() {
	for len(h.graves) > 0 {
		g := h.graves[0]
		if len(h.graves) <= maxTombstones && g.at+tombstoneAge > h.world.Now {
			return
		}
		h.graves = h.graves[1:]
		if g.stream != 0 {
			h.forgetStream(g.stream)
			continue
		}
		if slices.ContainsFunc(h.world.Clusters, func(c model.Cluster) bool { return c.Names(g.handle) }) {
			h.graves = append(h.graves, grave{handle: g.handle, at: h.world.Now})
			return
		}
		h.forget(g.handle)
	}
}

func (h *holdings) forget(dead model.Handle) {
	delete(h.byID, h.ids[dead])
	delete(h.ids, dead)
	delete(h.gone, dead)
	delete(h.documents, dead)
	delete(h.keyed, dead)
	for _, token := range h.tokens[dead] {
		h.forgetUses(token, func(u model.Use) bool { return u.Cluster == dead })
	}
	delete(h.tokens, dead)
}

func (h *holdings) forgetUses(token string, dead func(model.Use) bool) {
	rest := slices.DeleteFunc(slices.Clone(h.uses[token]), dead)
	if len(rest) == 0 {
		delete(h.uses, token)
	} else {
		h.uses[token] = rest
	}
}

// handle returns a handle for a new cluster, and false when too many clusters
// live for one.
func (h *holdings) handle() (model.Handle, bool) {
	for range model.Unknown {
		n := h.next
		h.next++
		if h.next == model.Unknown {
			h.next = 1
		}
		if h.ids[n] == "" && len(h.world.Clusters) < maxLive {
			return n, true
		}
	}
	return 0, false
}

// maxLive is how many clusters may live at once; with the tombstones they leave
// handles to spare.
const maxLive = 10_000

// lookup returns how to name, to the model, the cluster with that identifier.
func (h *holdings) lookup(id string) model.Ref {
	if c, ok := h.byID[id]; ok {
		return model.Ref{Handle: c}
	}
	return model.Ref{Literal: id}
}

// find returns the cluster with that handle, gone or not.
func (h *holdings) find(c model.Handle) (model.Cluster, bool) {
	if c, ok := h.world.Find(c); ok {
		return c, true
	}
	g, ok := h.gone[c]
	return g, ok
}

// snapshot returns the whole world.
func (h *holdings) snapshot() model.World {
	w := h.world
	w.Clusters = slices.Clone(w.Clusters)
	for _, uses := range h.uses {
		w.Tokens = append(w.Tokens, uses...)
	}
	slices.SortFunc(w.Tokens, func(a, b model.Use) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Token, b.Token), cmp.Compare(a.Cluster, b.Cluster))
	})
	return w
}
