package reference

import (
	"math/rand/v2"
	"slices"

	"dsqlconform/model"
)

// dice is the endpoint's only source of chance.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 0xD591))} }

// identifier returns a fresh cluster identifier: 26 characters a-z and 2-7, as
// the service's samples look (F004).
func (d dice) identifier() string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	var id [26]byte
	for i := range id {
		id[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(id[:])
}

// choose returns the outcome that the temperament likes best. One that breaks a
// rule is never chosen, unless a fault leaves nothing else.
func (e *Endpoint) choose(w model.World, op model.Op, outs []model.Outcome) model.Outcome {
	legal := slices.DeleteFunc(slices.Clone(outs), func(o model.Outcome) bool { return o.Breaks != "" })
	if len(legal) == 0 {
		legal = outs
	}
	c := Case{World: &w, Op: op, Seed: e.opts.Seed, Roll: e.dice.Uint64()}
	if was, ok := w.Find(model.Subject(op)); ok {
		c.Was = was.Status
	}
	for _, likes := range [][]Like{e.opts.Temperament.Likes, usual} {
		for _, like := range likes {
			var liked []model.Outcome
			for i := range legal {
				if c.Outcome = &legal[i]; like(&c) {
					liked = append(liked, legal[i])
				}
			}
			if len(liked) > 0 {
				legal = liked
			}
		}
	}
	return legal[0]
}

// code chooses the error of a refusal: what the temperament prefers, else what a
// service would plausibly say.
func (e *Endpoint) code(o *model.Outcome, call request) model.Code {
	order := e.opts.Temperament.Manner.Codes
	if o.Want.Codes == model.Any4xx {
		plausible := model.Validation
		if c, ok := e.hold.world.Find(model.Subject(call.op)); ok && c.Region != call.region {
			plausible = model.NotFound
		}
		order = append(slices.Clip(order), plausible)
	}
	order = append(slices.Clip(order), model.Conflict, model.Validation, model.NotFound, model.QuotaExceeded, model.AccessDenied, model.Throttling, model.InternalServer)
	for _, c := range order {
		if o.Want.Codes.Has(c) {
			return c
		}
	}
	return model.OtherError
}

// status chooses the status that a success shows. Gone is not one.
func (e *Endpoint) status(o *model.Outcome, call request) model.Status {
	set := o.Want.Status &^ model.Statuses(model.Gone)
	for _, s := range e.opts.Temperament.Manner.Shows {
		if set.Has(s) {
			return s
		}
	}
	if e.opts.Temperament.Manner.Original {
		for _, u := range e.hold.uses[call.token] {
			if u.Cluster == o.Want.Cluster && u.Op == call.op.Name() && set.Has(u.Shown.List()[0]) {
				return u.Shown.List()[0]
			}
		}
	}
	if c, ok := e.hold.find(o.Want.Cluster); ok && set.Has(c.Status) {
		return c.Status
	}
	if list := set.List(); len(list) > 0 {
		return list[0]
	}
	return model.NoStatus
}

// members chooses the members that a success shows.
func (e *Endpoint) members(o *model.Outcome, c *model.Cluster) []model.Handle {
	list := slices.Clone(o.Want.Must)
	for _, h := range o.Want.May {
		if _, named := e.hold.ids[h]; !named || slices.Contains(list, h) {
			continue // nobody that has an ARN to show
		}
		switch e.opts.Temperament.Manner.Members {
		case OwnMembers:
			if slices.Contains(c.Peers[:], h) {
				list = append(list, h)
			}
		case AllMembers:
			list = append(list, h)
		}
	}
	return list
}
