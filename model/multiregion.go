package model

import "slices"

// Rules about multi-Region clusters that are no row of an operation's table.
var (
	ruleMutual = Rule{ID: "DSQL-MRG-001", Says: "a multi-Region cluster is not set up before each member names the other",
		Cite: cite("F106", "F107", "F040"), Basis: Documented, Force: Must}
	ruleOneWitness = Rule{ID: "DSQL-MRG-002", Says: "members with different witness Regions never become ACTIVE together",
		Cite: cite("F123"), Basis: Documented, Force: Must}
	ruleOneSet = Rule{ID: "DSQL-MRG-003", Says: "members and witness from different Region sets never become ACTIVE together",
		Cite: cite("F121"), Basis: Documented, Force: Must}
	ruleTwoRegions = Rule{ID: "DSQL-MRG-004", Says: "members of one Region never become ACTIVE together, and the witness is no member's Region",
		Cite: cite("F119", "F124"), Basis: Documented, Force: Must}
	ruleSelfListed = Rule{ID: "DSQL-MRG-005", Says: "clusters in a response includes the cluster itself",
		Cite: cite("F099", "F100"), Basis: Documented, Force: Must}
	ruleMembers = Rule{ID: "DSQL-MRG-006", Says: "clusters in a response holds the cluster and its peers and nobody else; both once they are peered",
		Cite: cite("F100", "F101", "F102"), Basis: Documented, Force: Must}
	ruleWitnessShown = Rule{ID: "DSQL-MRG-007", Says: "a multi-Region cluster shows the witness Region that it was given",
		Cite: cite("F039", "F123"), Basis: Documented, Force: Must}
	ruleMultiShown = Rule{ID: "DSQL-MRG-008", Says: "multiRegionProperties shows on multi-Region clusters and on no other",
		Cite: cite("F038", "F053", "F099"), Basis: Documented, Force: Must}
	ruleRounds = Rule{ID: "DSQL-MRG-010", Says: "a cluster that names or is named may show UPDATING again before the peering is mutual",
		Cite: cite("Q03", "Q04", "F111"), Basis: Assumed, Force: May}
	ruleSurvivor = Rule{ID: "DSQL-MRG-009", Says: "the state that a member shows while its peer is deleted or unlinked is open",
		Cite: cite("T25", "Q16", "F097"), Basis: Assumed, Force: May, Question: "Q16"}
)

// linked reports whether c names anybody or is named by anybody.
func linked(w *World, c *Cluster) bool {
	if !c.Multi {
		return false
	}
	if c.Peers != [MaxPeers]Handle{} || c.Before.Valid && c.Before.Peers != [MaxPeers]Handle{} {
		return true
	}
	for i := range w.Clusters {
		if p := &w.Clusters[i]; p.Handle != c.Handle && p.Names(c.Handle) {
			return true
		}
	}
	return false
}

// witnesses reports whether c may count as having that witness.
func (c *Cluster) witnesses(r Region) bool {
	return c.Witness == r || c.Before.Valid && c.Before.Witness == r
}

// may reports whether c and p may count as naming each other: in force, or by
// values that an update in progress is about to replace.
func mayPair(w *World, c, p *Cluster) bool {
	if p.Handle == c.Handle || p.Status == Gone || !c.Multi || !p.Multi || !c.Names(p.Handle) || !p.Names(c.Handle) {
		return false
	}
	return pairWitness(w, c, p) && c.Region != p.Region && !w.Env.apart(c.Region, p.Region)
}

// pairWitness reports whether one witness may serve both.
func pairWitness(w *World, c, p *Cluster) bool {
	for _, r := range []Region{c.Witness, c.Before.Witness} {
		if r == "" || !c.witnesses(r) || !p.witnesses(r) {
			continue
		}
		if r != c.Region && r != p.Region && !w.Env.apart(r, c.Region) && !w.Env.apart(r, p.Region) {
			return true
		}
	}
	return false
}

// partner returns the peer that c has beyond doubt: each names the other and
// nobody else, with one witness, in one known Region set, no update of either
// still in progress on what links them.
func partner(w *World, c *Cluster) *Cluster {
	h := c.Peers[0]
	if !c.Multi || h == 0 || c.Peers[1] != 0 {
		return nil
	}
	for i := range w.Clusters {
		p := &w.Clusters[i]
		if p.Handle != h {
			continue
		}
		if p.Multi && p.Peers == [MaxPeers]Handle{c.Handle} && p.Witness == c.Witness && p.Status != Gone &&
			p.Region != c.Region && c.Witness != c.Region && c.Witness != p.Region &&
			w.Env.together(c.Region, p.Region) && w.Env.together(c.Region, c.Witness) {
			return p
		}
	}
	return nil
}

// turned reports whether one of the pair became a multi-Region cluster only
// later: nothing that is documented of pairs is promised of such a one (Q11).
func turned(c, p *Cluster) bool { return c.Turned || p.Turned }

// mutual reports whether the service has to go on with the set-up of c.
func mutual(w *World, c *Cluster) bool {
	p := partner(w, c)
	return p != nil && c.Joined && !turned(c, p) && !c.Deleted && !p.Deleted && p.Status != Failed
}

// orphan reports whether c was set up and its peer has since been deleted or
// unlinked: what it shows then is open (Q10, Q16).
func orphan(w *World, c *Cluster) bool {
	if !c.Multi || !c.Joined || c.Deleted {
		return false
	}
	p := partner(w, c)
	return p == nil || p.Deleted
}

// peered reports whether the delete of c has to wait for a peer: c and another
// live cluster name each other and were set up.
func peered(w *World, c *Cluster) bool {
	p := partner(w, c)
	return p != nil && c.Joined && p.Joined && !turned(c, p)
}

// lastDeleted reports whether c, which is PENDING_DELETE, may leave it.
func lastDeleted(w *World, c *Cluster) bool {
	p := partner(w, c)
	return p == nil || turned(c, p) || !c.Joined || !p.Joined || p.Deleted || p.Status == Gone
}

// surelyLastDeleted reports whether c must leave PENDING_DELETE: everybody that
// it names or that names it is deleted, and nobody has turned protection on
// again meanwhile (Q16).
func surelyLastDeleted(w *World, c *Cluster) bool {
	if c.Protected {
		return false
	}
	for i := range w.Clusters {
		p := &w.Clusters[i]
		if p.Handle == c.Handle || p.Status == Gone {
			continue
		}
		if (c.Names(p.Handle) || p.Names(c.Handle)) && (!p.Deleted || p.Protected || p.Status == Updating) {
			return false
		}
	}
	return true
}

// whyApart names the rule that a service breaks by setting up c.
func whyApart(w *World, c *Cluster) RuleID {
	if !c.Multi || c.Joined {
		return ruleStatus.ID
	}
	for i := range w.Clusters {
		p := &w.Clusters[i]
		if p.Handle == c.Handle || !c.Names(p.Handle) || !p.Names(c.Handle) {
			continue
		}
		switch {
		case c.Witness != p.Witness:
			return ruleOneWitness.ID
		case p.Region == c.Region || c.Witness == c.Region || p.Witness == p.Region || c.Witness == p.Region:
			return ruleTwoRegions.ID
		case w.Env.apart(c.Region, p.Region) || w.Env.apart(c.Region, c.Witness) || w.Env.apart(p.Region, c.Witness):
			return ruleOneSet.ID
		}
	}
	return ruleMutual.ID
}

func whyNotActive(w *World, c *Cluster) RuleID {
	if c.Multi && !c.Joined {
		return whyApart(w, c)
	}
	return "DSQL-LIF-011"
}

// shows returns the statuses that a read of c may show.
func shows(w *World, c *Cluster) StatusSet {
	set := Statuses(c.Status)
	if c.Status == PendingSetup && linked(w, c) {
		set |= Statuses(Updating)
	}
	if c.Status == Active && orphan(w, c) {
		set |= Statuses(Updating, PendingSetup, Creating)
		if p := partner(w, c); p != nil && p.Deleted {
			set |= Statuses(PendingDelete)
		}
	}
	return set
}

// settled returns next with what the calls between prev and next entail, see
// [World.settle].
func settled(prev, next World) World {
	next.settle(&prev)
	return next
}

// settle adds what the calls between prev and w entail: the clusters that have
// come to name each other are joined, and a cluster that now must move has had to
// since Now.
func (w *World) settle(prev *World) {
	cloned := false
	edit := func(i int) *Cluster {
		if !cloned {
			w.Clusters, cloned = slices.Clone(w.Clusters), true
		}
		return &w.Clusters[i]
	}
	for i := range w.Clusters {
		if c := &w.Clusters[i]; c.Multi && !c.Joined {
			for j := range w.Clusters {
				if mayPair(w, c, &w.Clusters[j]) {
					edit(i).Joined = true
					break
				}
			}
		}
	}
	for i := range w.Clusters {
		c := &w.Clusters[i]
		if c.Since.Late == w.Now || due(w, c) == nil {
			continue
		}
		was := prev.find(c.Handle)
		if was == nil || was.Status != c.Status || due(prev, was) == nil {
			edit(i).Since.Late = w.Now
		}
	}
}

// settledIn is the statuses of a cluster that has been set up.
const settledIn = StatusSet(1<<Active | 1<<Idle | 1<<Inactive)

// members returns the handles that clusters in a response for c must hold and
// those that it may hold besides.
func members(w *World, c *Cluster) (must, may []Handle) {
	must = []Handle{c.Handle}
	add := func(h Handle) {
		if h != 0 && h != c.Handle && !slices.Contains(must, h) && !slices.Contains(may, h) {
			may = append(may, h)
		}
	}
	if p := partner(w, c); p != nil && c.Joined && settledIn.Has(c.Status) && !turned(c, p) && !c.Deleted && !p.Deleted {
		if p.Nameless {
			// Nobody knows its identifier, so it shows as one never seen.
			return must, []Handle{Unknown}
		}
		must = append(must, p.Handle)
		slices.Sort(must)
	}
	for _, h := range c.Peers {
		add(h)
	}
	if c.Before.Valid || c.Joined {
		for _, h := range c.Before.Peers {
			add(h)
		}
	}
	for i := range w.Clusters {
		p := &w.Clusters[i]
		if p.Handle == c.Handle || !p.Names(c.Handle) && !c.Names(p.Handle) {
			continue
		}
		add(p.Handle) // peer-initiated visibility is open (Q05)
		if p.Nameless {
			add(Unknown)
		}
	}
	slices.Sort(may)
	return must, may
}
