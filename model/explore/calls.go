package explore

import (
	"fmt"

	"dsqlconform/model"
)

// call is a call of the universe of a search, with what decides where it is made.
type call struct {
	op      model.Op
	creates model.Handle    // the cluster that it makes, 0 for none
	about   model.Handle    // the cluster that it is about, 0 for none
	peer    model.Handle    // the one that it names as peer, 0 for none
	at      model.Region    // the Region that is asked, "" for that of the cluster
	where   model.StatusSet // of the cluster that it is about, 0 for everywhere
	token   int             // number of its token from 1, 0 for none
	request string          // what a use of its token has as Request
	changes bool            // the peers of a cluster that is there
	witness model.Region    // that it then names
}

// universe returns every call that the bounds allow in some world, in a fixed
// order.
func (b *Bounds) universe() []call {
	var list []call
	add := func(c call) {
		c.op = model.WithToken(c.op, tokenNamed(c.token))
		c.request = requestOf(c.op)
		list = append(list, c)
	}
	for h := model.Handle(1); h <= model.Handle(b.Clusters); h++ {
		b.creations(h, add)
	}
	for h := model.Handle(1); h <= model.Handle(b.Clusters); h++ {
		b.requests(h, add)
	}
	if b.Reads {
		for _, r := range b.Regions {
			add(call{op: model.ListClusters{Region: r}, at: r})
		}
	}
	return list
}

// creations adds the calls that create cluster h.
func (b *Bounds) creations(h model.Handle, add func(call)) {
	protections := []model.Switch{model.Off}
	if b.Protection {
		protections = append(protections, model.Unset)
	}
	for _, r := range b.Regions {
		var links []*model.MultiRegion
		links = append(links, nil)
		for _, w := range b.witnesses() {
			if w == r && !b.Hostile {
				continue
			}
			links = append(links, naming(w, 0))
			for peer := model.Handle(1); peer < h; peer++ {
				links = append(links, naming(w, peer))
			}
		}
		for _, link := range links {
			for _, p := range protections {
				for t := range b.tokens(true) {
					c := call{op: model.CreateCluster{As: h, Region: r, Protection: p, Multi: link}, creates: h, at: r, token: t}
					if link != nil && len(link.Peers) > 0 {
						c.peer = link.Peers[0].Handle
					}
					add(c)
				}
			}
		}
	}
}

// requests adds the calls about cluster h.
func (b *Bounds) requests(h model.Handle, add func(call)) {
	it := model.Ref{Handle: h}
	switches := []model.Switch{model.Off}
	if b.Reprotect {
		switches = append(switches, model.On)
	}
	for _, s := range switches {
		for t := range b.tokens(false) {
			if t == 0 || !b.Apart {
				add(call{op: model.UpdateCluster{Ref: it, Protection: s}, about: h, where: b.Protects, token: t})
			}
		}
	}
	for _, w := range b.witnesses() {
		for peer := model.Handle(1); peer <= model.Handle(b.Clusters); peer++ {
			if peer != h || b.Hostile {
				add(call{op: model.UpdateCluster{Ref: it, Multi: naming(w, peer)}, about: h, where: b.Links, peer: peer, changes: true, witness: w})
			}
		}
	}
	for t := range b.tokens(false) {
		add(call{op: model.DeleteCluster{Ref: it}, about: h, where: b.Deletes, token: t})
	}
	if b.Free {
		add(call{op: model.Connect{Ref: it}, about: h})
	}
	if b.Reads {
		add(call{op: model.GetCluster{Ref: it}, about: h})
	}
	if b.Hostile {
		for _, r := range b.places() {
			add(call{op: model.UpdateCluster{Ref: it, At: r, Protection: model.Off}, about: h, at: r, where: b.Protects})
			add(call{op: model.DeleteCluster{Ref: it, At: r}, about: h, at: r, where: b.Deletes})
			if b.Reads {
				add(call{op: model.GetCluster{Ref: it, At: r}, about: h, at: r})
			}
		}
	}
}

// witnesses returns the Regions that requests name as witness: with hostile
// requests also those that hold clusters.
func (b *Bounds) witnesses() []model.Region {
	if b.Hostile && len(b.Witnesses) > 0 {
		return b.places()
	}
	return b.Witnesses
}

// tokens yields the numbers of the tokens that a creation, or another call, comes
// with, 0 for none.
func (b *Bounds) tokens(creation bool) func(func(int) bool) {
	return func(yield func(int) bool) {
		for t := range b.Tokens + 1 {
			if b.Apart && t > 0 && (t == 1) != creation {
				continue
			}
			if !yield(t) {
				return
			}
		}
	}
}

func tokenNamed(n int) model.Token {
	if n == 0 {
		return model.Token{}
	}
	return model.Token{Name: fmt.Sprintf("t%d", n)}
}

func naming(witness model.Region, peer model.Handle) *model.MultiRegion {
	m := &model.MultiRegion{Witness: model.Some(string(witness))}
	if peer != 0 {
		m.Peers, m.GivenPeers = []model.Ref{{Handle: peer}}, true
	}
	return m
}

// requestOf returns what makes two requests about clusters that were made the
// same: everything but the token and the name of what is created.
func requestOf(op model.Op) string {
	return model.Edit(op, func(p *model.Parts) {
		if p.As != nil {
			*p.As = 0
		}
		if p.Token != nil {
			*p.Token = model.Token{}
		}
	}).String()
}

// possible reports whether the call is made in that world.
func (b *Bounds) possible(w *model.World, c *call) bool {
	made := model.Handle(len(w.Clusters))
	if c.creates != 0 && c.creates != made+1 || c.about > made || c.peer > made {
		return false
	}
	if c.about != 0 && !b.Hostile && w.Clusters[c.about-1].Status == model.Gone && c.token == 0 {
		return false
	}
	if c.where != 0 && !c.where.Has(w.Clusters[c.about-1].Status) {
		return false
	}
	if c.changes && !b.Relink {
		it := &w.Clusters[c.about-1]
		if !it.Multi || it.Joined || it.Peers != [model.MaxPeers]model.Handle{} || it.Witness != c.witness {
			return false
		}
	}
	if c.peer != 0 && !b.Hostile {
		p, region := &w.Clusters[c.peer-1], c.at
		if c.about != 0 {
			region = w.Clusters[c.about-1].Region
		}
		if p.Status == model.Gone || p.Region == region {
			return false
		}
	}
	return c.token == 0 || b.usable(w, c)
}

// usable reports whether the call may come with its token: the request is not
// more than the token has uses, and an earlier token is in use.
func (b *Bounds) usable(w *model.World, c *call) bool {
	var buf [maxUses]*model.Use
	requests := buf[:0]
	earlier := c.token == 1 || b.Apart
next:
	for i := range w.Tokens {
		u := &w.Tokens[i]
		switch n := tokenNumber(u.Token); {
		case n == c.token-1:
			earlier = true
			continue
		case n != c.token:
			continue
		}
		if u.Op == c.op.Name() && u.Request == c.request && u.Region == c.region(w) {
			return true
		}
		for _, r := range requests {
			if r.Op == u.Op && r.Request == u.Request && r.Region == u.Region {
				continue next
			}
		}
		requests = append(requests, u)
	}
	return earlier && len(requests) < b.uses()
}

// tokenNumber is the inverse of tokenNamed, for texts of tokens.
func tokenNumber(text string) int { return int(text[len(text)-1] - '0') }

// region returns the Region that the call asks.
func (c *call) region(w *model.World) model.Region {
	if c.at != "" || c.about == 0 {
		return c.at
	}
	return w.Clusters[c.about-1].Region
}
