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
	world  model.World
	second map[model.Handle]model.Handle // second names, from replayed creates
	hasty  uint64                        // handles that moved since anybody waited for them
	used   []model.Op                    // operations that were sent with a named token
	last   model.Handle                  // last handle given
	token  int                           // last token given
	awaits int

	weights []int // scratch
}

// usual is the environment of every prediction.
var usual = model.NewEnv()

func newDraft(t *rapid.T, p *Profile) *draft {
	d := &draft{t: t, profile: p, share: make([]int, len(operations)), world: model.World{Env: usual}, lines: make([]model.Line, 0, 2*p.Steps)}
	d.swarm()
	return d
}

// send adds a line and predicts what comes of it.
func (d *draft) send(l model.Line) {
	switch op := l.Op.(type) {
	case model.CreateCluster:
		d.last = max(d.last, op.As)
	case model.Await:
		d.awaits++
		d.hasty &^= bit(op.Ref.Handle)
	case model.Wait:
		d.world.Now += op.For
	}
	if t := tokenOf(l.Op); t.Name != "" && !t.Near {
		d.used = append(d.used, l.Op)
	}
	d.predict(l)
	if len(d.second) > 0 {
		l.Op = renamed(l.Op, d.alias)
	}
	d.lines = append(d.lines, l)
}

// predict takes the first success that breaks nothing, or else the first
// outcome of all.
func (d *draft) predict(l model.Line) {
	if row, ok := lookup(l.Op.Name()); !ok || !row.Mutates {
		return
	}
	out := model.Step(d.world, l.Op)
	best := &out[0]
	for i := range out {
		if o := &out[i]; o.Want.Success() && o.Breaks == "" {
			best = o
			break
		}
	}
	d.world = d.settle(best.Next)
	create, ok := l.Op.(model.CreateCluster)
	if !ok || !best.Want.Success() {
		return
	}
	switch first := best.Want.Cluster; {
	case first != create.As: // a replay
		if c, ok := d.world.Find(first); ok && c.Nameless {
			c.Nameless = false // now it has a name, its second one
			d.world = d.world.With(c)
		}
		if d.second == nil {
			d.second = map[model.Handle]model.Handle{}
		}
		d.second[first] = create.As
	case l.Lost:
		c, _ := d.world.Find(first)
		c.Nameless = true
		d.world = d.world.With(c)
	}
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
	return w
}

// alias draws one of the names of a cluster.
func (d *draft) alias(h model.Handle) model.Handle {
	other, ok := d.second[h]
	if !ok {
		return h
	}
	// The first name of a cluster whose create went unanswered is no name.
	for i := range d.lines {
		if create, ok := d.lines[i].Op.(model.CreateCluster); ok && create.As == h && d.lines[i].Lost {
			return other
		}
	}
	if d.bits(2) == 0 {
		return h
	}
	return other
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

func lookup(name string) (model.Operation, bool) {
	for _, row := range model.Operations {
		if row.Name == name {
			return row, true
		}
	}
	return model.Operation{}, false
}
