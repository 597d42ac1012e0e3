package generators

import (
	"dsqlconform/model"

	"pgregory.net/rapid"
)

// draft is a sequence while it is drawn, and what its author expects the world
// to be like by then.
type draft struct {
	t       *rapid.T
	profile *Profile
	share   []int   // weights of the operations that this sequence uses
	with    feature // features that it uses

	lines []model.Line
	// world is the predicted one: each call does what it should, and what
	// must move has moved.
	world        model.World
	second       map[model.Handle]model.Handle             // second names, from replayed creates
	secondStream map[model.StreamHandle]model.StreamHandle // likewise of streams
	versions     map[model.Handle]int                      // how many versions of a cluster's policy were answered
	hasty        uint64                                    // handles that moved since anybody waited for them
	hastyStreams uint64                                    // likewise of streams
	used         []model.Op                                // operations that were sent with a named token
	last         model.Handle                              // last handle given
	lastStream   model.StreamHandle                        // likewise of streams
	token        int                                       // last token given
	awaits       int
	waits        int

	weights []int // scratch
}

// The environments of predictions.
var (
	usual = with(func(*model.Env) {})
	// crowded has the documented quotas (F171, F180).
	crowded = with(func(e *model.Env) { e.Quota = model.Quota{Single: 20, Multi: 5, Streams: 5} })
	// early serves the retired operations.
	early = with(func(e *model.Env) { e.Revision = model.May2025 })
)

// with returns an environment in which streams come to deliver, changed.
func with(change func(*model.Env)) *model.Env {
	e := model.NewEnv()
	e.Kinesis = true
	change(e)
	return e
}

func newDraft(t *rapid.T, p *Profile) *draft {
	d := &draft{t: t, profile: p, share: make([]int, len(operations)), world: model.World{Env: p.world()}, lines: make([]model.Line, 0, 2*p.Steps)}
	d.swarm()
	return d
}

// send adds a line and predicts what comes of it.
func (d *draft) send(l model.Line) {
	for _, h := range created(l.Op) {
		d.last = max(d.last, h)
	}
	switch op := l.Op.(type) {
	case model.CreateStream:
		d.lastStream = max(d.lastStream, op.As)
	case model.Await:
		d.awaits++
	case model.Wait:
		d.waits++
	}
	d.predict(l)
	if len(d.second)+len(d.secondStream) > 0 {
		l.Op = model.Rename(l.Op, d.alias, d.aliasStream)
	}
	d.lines = append(d.lines, l)
}

// predict goes on to the world that follows the line.
func (d *draft) predict(l model.Line) {
	d.follow(l)
	if t := tokenOf(l.Op); t.Name != "" && !t.Near {
		d.used = append(d.used, l.Op)
	}
}

// follow takes the first success that breaks nothing, or else the first outcome
// of all.
func (d *draft) follow(l model.Line) {
	switch op := l.Op.(type) {
	case model.Await:
		d.calm(op)
		return
	case model.Wait:
		d.world.Now += op.For
		return
	case model.GetClusterPolicy:
		if !l.Lost {
			d.answer(op.Ref.Handle)
		}
		return
	}
	if row, ok := model.LookupOperation(l.Op.Name()); !ok || !row.Mutates {
		return
	}
	d.world.By = l.By
	out := model.Step(d.world, l.Op)
	best := &out[0]
	for i := range out {
		if o := &out[i]; o.Want.Success() && o.Breaks == "" {
			best = o
			break
		}
	}
	d.world = d.settle(best.Next)
	if !best.Want.Success() {
		return
	}
	switch op := l.Op.(type) {
	case model.CreateCluster:
		d.bind(best.Want.Cluster, op.As, l.Lost)
	case model.CreateMultiRegionClusters:
		for _, h := range op.As {
			d.bind(h, h, l.Lost)
		}
	case model.CreateStream:
		d.bindStream(d.original(op), op.As, l.Lost)
	case model.PutClusterPolicy:
		if !l.Lost {
			d.answer(op.Ref.Handle)
		}
	}
}

// calm notes that somebody has waited.
func (d *draft) calm(op model.Await) {
	if h := op.Stream.Handle; h != 0 {
		d.hastyStreams &^= streamBit(h)
		return
	}
	d.hasty &^= bit(op.Ref.Handle)
}

// settle takes every transition that has to be taken, and notes who moved.
func (d *draft) settle(w model.World) model.World {
	for i := range w.Clusters {
		h := w.Clusters[i].Handle
		if was, ok := d.world.Find(h); !ok || was.Status != w.Clusters[i].Status {
			d.hasty |= bit(h)
		}
		// No walk along the lifecycle is longer than its statuses.
		for range model.Gone {
			t := w.Due(h)
			if t == nil {
				break
			}
			w = w.Take(h, t)
			d.hasty |= bit(h)
		}
	}
	for i := range w.Streams {
		h := w.Streams[i].Handle
		if was, ok := d.world.FindStream(h); !ok || was.Status != w.Streams[i].Status {
			d.hastyStreams |= streamBit(h)
		}
		for range model.StreamGone {
			t := w.DueStream(h)
			if t == nil {
				break
			}
			w = w.TakeStream(h, t)
			d.hastyStreams |= streamBit(h)
		}
	}
	return w
}

// next returns the handle of the next cluster.
func (d *draft) next() model.Handle { return d.last + 1 }

// fresh returns a token that was not used before, or none.
func (d *draft) fresh() model.Token {
	if !d.has(tokenFeature, d.profile.Tokens) {
		return model.Token{}
	}
	d.token++
	return model.Token{Name: tokenName(d.token)}
}

// live counts the clusters that exist and have a name.
func (d *draft) live() int {
	n := 0
	for i := range d.world.Clusters {
		if c := &d.world.Clusters[i]; c.Status != model.Gone && !c.Nameless {
			n++
		}
	}
	return n
}

// moving reports whether the cluster may not have come to rest yet.
func (d *draft) moving(h model.Handle) bool { return d.hasty&bit(h) != 0 }

// bit is the member of a set of handles. Handles past 63 share bits, which
// costs no more than an await.
func bit(h model.Handle) uint64 { return 1 << (h % 64) }
