package generators

import "dsqlconform/model"

// urgeUpdate grows while a cluster waits to be named back, or to lose its
// protection so that its peer can go.
func urgeUpdate(d *draft) int {
	if d.live() == 0 {
		return 0
	}
	for i := range d.world.Clusters {
		if c := &d.world.Clusters[i]; !c.Nameless && d.updatable(c) >= 8 {
			return 2
		}
	}
	return 1
}

// updatable weighs c as one to update. Most of all the world waits for the
// update that completes a peering, and then for those that begin one or clear
// the way for a delete.
func (d *draft) updatable(c *model.Cluster) int {
	switch {
	case c.Status == model.Gone:
		return 0
	case unpaired(c) && c.Peers[0] != 0:
		return 1 // it has said whom it wants
	case unpaired(c):
		best := 1
		for i := range d.world.Clusters {
			if p := &d.world.Clusters[i]; !p.Nameless {
				best = max(best, fits(c, p))
			}
		}
		return best
	case c.Protected && d.halfDeleted(c):
		return 8
	case c.Status == model.Active && c.Protected:
		return 4
	case c.Status == model.Active:
		return 2
	}
	return 1
}

func drawUpdate(d *draft) model.Op {
	c, _ := d.pick(d.updatable)
	op := model.UpdateCluster{Ref: model.Ref{Handle: c.Handle}, Token: d.fresh()}
	if unpaired(c) && d.with&multiFeature != 0 && d.below(8) != 0 {
		if op.Multi = d.naming(c); op.Multi != nil {
			if d.below(16) == 0 {
				op.Protection = model.SwitchOf(!c.Protected) // two changes at once
			}
			return op
		}
	}
	if d.chance(d.profile.Encrypted) {
		op.Key = model.Some(oneOf(d, kmsKeys))
		if d.below(8) == 0 {
			op.Protection = model.SwitchOf(!c.Protected)
		}
		return op
	}
	switch u := d.below(16); {
	case u < 12:
		op.Protection = model.SwitchOf(!c.Protected)
	case u < 14:
		op.Protection = model.SwitchOf(c.Protected) // changes nothing
	case u < 15:
		op.Key = model.Some(kmsKeys[0])
	}
	return op
}
