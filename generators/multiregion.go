package generators

import "dsqlconform/model"

// founding draws the multiRegionProperties of a new cluster, and its Region. If
// another cluster waits for a peer, the new one mostly lives in another Region
// and often names it at once (the choreography of three calls); otherwise it
// gives its witness only (that of four).
func (d *draft) founding(region model.Region) (model.Region, *model.MultiRegion) {
	m := &model.MultiRegion{Witness: model.Some(string(d.profile.Witness))}
	waiting, ok := d.pick(func(c *model.Cluster) int {
		if !unpaired(c) || c.Peers[0] != 0 {
			return 0
		}
		return 1
	})
	if !ok || d.below(8) == 0 {
		return region, m
	}
	if other, ok := d.elsewhere(waiting.Region); ok {
		region = other
	}
	if d.below(8) < 5 {
		m.Witness = model.Some(string(waiting.Witness))
		m.Peers, m.GivenPeers = []model.Ref{{Handle: waiting.Handle}}, true
	}
	return region, m
}

// naming draws the multiRegionProperties by which an update of c names a peer:
// best somebody who names c already, else somebody who waits. The cluster itself
// may stand in the list (F104). Nil when there is nobody to name.
func (d *draft) naming(c *model.Cluster) *model.MultiRegion {
	peer, ok := d.pick(func(p *model.Cluster) int { return fits(c, p) })
	if !ok {
		return nil
	}
	m := &model.MultiRegion{Witness: model.Some(string(c.Witness)), GivenPeers: true}
	self, other := model.Ref{Handle: c.Handle}, model.Ref{Handle: peer.Handle}
	switch d.bits(2) {
	case 0, 1:
		m.Peers = []model.Ref{other}
	case 2:
		m.Peers = []model.Ref{self, other}
	case 3:
		m.Peers = []model.Ref{other, self}
	}
	return m
}

// unpaired reports whether a multi-Region cluster is still to be set up.
func unpaired(c *model.Cluster) bool {
	return c.Multi && !c.Joined && !c.Deleted && (c.Status == model.PendingSetup || c.Status == model.Updating)
}

// fits weighs p as a peer for c to name.
func fits(c, p *model.Cluster) int {
	switch {
	case p.Handle == c.Handle || p.Region == c.Region || !unpaired(p):
		return 0
	case p.Names(c.Handle):
		return 12
	case p.Peers[0] != 0: // waits for somebody else
		return 1
	case p.Witness != c.Witness: // will never do
		return 1
	}
	return 6
}

// elsewhere draws a Region of the profile that is not this one.
func (d *draft) elsewhere(than model.Region) (model.Region, bool) {
	list := d.profile.Regions
	for i, start := 0, d.below(len(list)); i < len(list); i++ {
		if r := list[(start+i)%len(list)]; r != than {
			return r, true
		}
	}
	return "", false
}
