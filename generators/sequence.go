package generators

import (
	"slices"

	"dsqlconform/model"

	"pgregory.net/rapid"
)

// Sequence returns a generator of the sequences of a profile. Their header
// names the profile and its Regions; the seed is not known to a draw.
func Sequence(p Profile) *rapid.Generator[model.Sequence] {
	if p.Steps <= 0 {
		p.Steps = 12
	}
	p.Clusters = max(p.Clusters, 1)
	if len(p.Regions) == 0 {
		p = p.In(usualRegions, usualWitness)
	}
	p.Regions = slices.Clone(p.Regions)
	return rapid.Custom(func(t *rapid.T) model.Sequence {
		d := newDraft(t, &p)
		if p.walks {
			d.walk()
			return model.Sequence{Profile: p.Name, Regions: p.Regions, Lines: d.lines}
		}
		steps := d.profile.Steps
		// One operation after the other, and no length beforehand: half of
		// the average is sure, the rest is a coin tossed each time, which
		// gives a few sequences four times as long.
		for n := 0; n < 4*steps; n++ {
			if n >= steps/2 && d.below(steps-steps/2+1) == 0 {
				break
			}
			d.step()
		}
		d.rest()
		return model.Sequence{Profile: p.Name, Regions: p.Regions, Lines: d.lines}
	})
}

// FromSeed returns the sequence of a profile that belongs to a seed below 2^53:
// the one that rapid's Check draws first under -rapid.seed=N if the sequence is
// the first thing drawn, with the seed in its header. Of the profile validation
// it is another one: consecutive seeds take consecutive turns through the table
// of hostile requests, where Check draws whose turn it is.
func FromSeed(p Profile, seed uint64) model.Sequence {
	p.turn = seed
	s := Sequence(p).Example(int(seed))
	s.Seed = seed
	return s
}

// feature is a set of what a sequence may leave out besides operations.
type feature uint16

const (
	multiFeature feature = 1 << iota
	tokenFeature
	againFeature
	protectionFeature
	tagFeature
	decorationFeature
	hostileFeature
	features = iota
)

// swarm draws which operations and features this sequence does without. Each is
// left out of every fourth sequence, so that what one of them hides, or makes
// too unlikely, is tried without it (Groce et al., Swarm Testing, 2012).
func (d *draft) swarm() {
	if list := d.profile.themes; len(list) > 0 {
		d.profile = d.profile.themed(oneOf(d, list))
	}
	for i := range operations {
		d.share[i] = d.profile.Operations[operations[i].name]
	}
	for i := range operations {
		// Nothing goes without a create, and little without an await.
		if d.share[i] != 0 && !operations[i].always && !slices.Contains(d.profile.core, operations[i].name) && d.bits(2) == 3 {
			d.share[i] = 0
		}
	}
	for i := range features {
		if d.bits(2) != 3 {
			d.with |= 1 << i
		}
	}
	d.with |= d.profile.keep
	if len(d.profile.Regions) < 2 || d.profile.Witness == "" {
		d.with &^= multiFeature
	}
}

// has draws whether to use a feature that has that share of the cases.
func (d *draft) has(f feature, percent int) bool { return d.with&f != 0 && d.chance(percent) }

// step draws one line.
func (d *draft) step() {
	if len(d.used) > 0 && d.has(againFeature, d.profile.Again) {
		d.send(d.again())
		return
	}
	weights := d.weights[:0]
	for i := range operations {
		w := d.share[i]
		if w != 0 {
			w *= operations[i].urge(d)
		}
		weights = append(weights, w)
	}
	d.weights = weights
	i := d.weighted(weights)
	if i < 0 {
		i = createIndex // nothing else can be done, as when the profile weighs nothing
	}
	op := operations[i].draw(d)
	if d.has(hostileFeature, d.profile.Hostile) {
		op = d.twisted(op)
	}
	d.send(d.asked(d.decorated(op)))
}

// decorated draws how a mutating operation is sent.
func (d *draft) decorated(op model.Op) model.Line {
	l := model.Line{Op: op}
	if d.with&decorationFeature == 0 || !carriesToken(op) {
		return l
	}
	p := d.profile
	switch u := d.below(128) * 100 / 128; {
	case u >= 100-p.Twice:
		l.Twice = true
	case u >= 100-p.Twice-p.Lost:
		l.Lost = true
	case u >= 100-p.Twice-p.Lost-p.Retries:
		l.Retries = true
	}
	return l
}

// rest ends every other sequence by waiting for what is still moving, so that
// those who must move are judged on it.
func (d *draft) rest() {
	if d.share[awaitIndex] == 0 || d.bits(1) == 0 {
		return
	}
	for range 2 {
		if urgeAwait(d) > 0 {
			d.send(model.Line{Op: drawAwait(d)})
		}
	}
}
