package model

import "fmt"

// Change is one step from a world to another: a call that was answered, or a
// move that the service made by itself.
type Change struct {
	Before, After *World
	Op            Op   // nil for a move of the service
	Refused       bool // the call was refused, and no rule was broken
}

// StepInvariant is a property that every step has. As with an [Invariant],
// breaking one is a fault of the model.
type StepInvariant struct {
	Rule
	Holds func(c *Change) error
}

// StepInvariants is the table of invariants over a step.
var StepInvariants = []StepInvariant{
	{Rule{ID: "DSQL-INV-010", Says: "a refused call changes nothing", Cite: cite("F022", "F023", "Q21"), Basis: Modelled, Force: Must},
		func(c *Change) error {
			if c.Refused && !c.After.Equal(*c.Before) {
				return fmt.Errorf("got a change by %s, which was refused", c.Op)
			}
			return nil
		}},
	{Rule{ID: "DSQL-INV-011", Says: "a protected cluster does not leave by a delete", Cite: cite("F022", "F023", "F132"), Basis: Documented, Force: Must},
		eachChanged(func(_ *Change, was, is *Cluster) bool { return was.Deleted || !is.Deleted || !was.Protected })},
	{Rule{ID: "DSQL-INV-012", Says: "handle and Region of a cluster never change, and no cluster is forgotten", Cite: cite("F009", "F052"), Basis: Modelled, Force: Must},
		kept},
	{Rule{ID: "DSQL-INV-013", Says: "a call changes the cluster that it is about and no other, except that a peering which it completes sets up both", Cite: cite("F106", "F132"), Basis: Documented, Force: Must},
		eachChanged(func(c *Change, was, is *Cluster) bool {
			return c.Op == nil || Subject(c.Op) == is.Handle || onlyJoined(was, is)
		})},
	{Rule{ID: "DSQL-INV-014", Says: "a call changes clusters of the Region asked and no other, except that a peering which it completes sets up both", Cite: cite("F060", "F106"), Basis: Documented, Force: Must},
		eachChanged(func(c *Change, was, is *Cluster) bool {
			return c.Op == nil || askedBy(c.Before, c.Op) == is.Region || onlyJoined(was, is)
		})},
	{Rule{ID: "DSQL-INV-015", Says: "by itself the service changes the status of one cluster, and nothing that a caller has set", Cite: cite("F033", "F086", "F110"), Basis: Documented, Force: Must},
		moved},
	{Rule{ID: "DSQL-INV-016", Says: "peers and witness change only by an update that gives multiRegionProperties", Cite: cite("F117"), Basis: Documented, Force: Must},
		eachChanged(func(c *Change, was, is *Cluster) bool {
			return c.Op != nil && MultiOf(c.Op) != nil || was.Peers == is.Peers && was.Witness == is.Witness && was.Multi == is.Multi
		})},
	{Rule{ID: "DSQL-INV-017", Says: "while its peer is not deleted, an ACTIVE member goes to PENDING_DELETE by a delete, and not on to DELETING", Cite: cite("F084", "F086", "F087"), Basis: Documented, Force: Must},
		eachChanged(func(c *Change, was, is *Cluster) bool {
			if is.Status != Deleting && is.Status != Gone || was.Status != Active && was.Status != PendingDelete {
				return true
			}
			for i := range c.Before.Clusters {
				if p := &c.Before.Clusters[i]; paired(c.Before, was, p) && !p.Deleted {
					return false
				}
			}
			return true
		})},
	{Rule{ID: "DSQL-INV-018", Says: "a multi-Region cluster is set up with a peer of another Region that it names and that names it, with one witness that is neither's Region, all in one set of Regions", Cite: cite("F106", "F119", "F121", "F123"), Basis: Documented, Force: Must},
		eachChanged(func(c *Change, was, is *Cluster) bool {
			if was.Joined || !is.Joined || !was.Multi && was.Status != NoStatus || is.Witness == "" {
				return true // a single-Region cluster is set up (Q11), and one that has lost its witness may be (Q08)
			}
			for i := range c.After.Clusters {
				if agree(c.After, is, &c.After.Clusters[i]) {
					return true
				}
			}
			return false
		})},
}

// Check returns what step invariants c breaks, or nil.
func (c *Change) Check() error {
	for i := range StepInvariants {
		if err := StepInvariants[i].Holds(c); err != nil {
			return fmt.Errorf("%s: %s: %w", StepInvariants[i].ID, StepInvariants[i].Says, err)
		}
	}
	return nil
}

// eachChanged holds a property for each cluster that a step changes; a new one
// was the zero value before.
func eachChanged(holds func(c *Change, was, is *Cluster) bool) func(*Change) error {
	return func(c *Change) error {
		if len(c.Before.Clusters) > 0 && len(c.Before.Clusters) == len(c.After.Clusters) && &c.Before.Clusters[0] == &c.After.Clusters[0] {
			return nil
		}
		for i := range c.After.Clusters {
			is, was := &c.After.Clusters[i], &Cluster{}
			if i < len(c.Before.Clusters) && c.Before.Clusters[i].Handle == is.Handle {
				was = &c.Before.Clusters[i]
			}
			if !was.same(is) && !holds(c, was, is) {
				return fmt.Errorf("got %s from %s to %s", is.Handle, describe(was), describe(is))
			}
		}
		return nil
	}
}

func describe(c *Cluster) string {
	switch {
	case c.Status == NoStatus:
		return "nothing"
	case c.Protected:
		return "protected " + c.Status.String()
	}
	return c.Status.String()
}

// kept holds that every cluster is still there, and that a new one is the one
// that the call makes.
func kept(c *Change) error {
	made := 0
	if c.Op != nil {
		list, _ := Made(c.Op)
		made = len(list)
	}
	if n := len(c.After.Clusters) - len(c.Before.Clusters); n < 0 || n > made {
		return fmt.Errorf("got %d clusters, want %d to %d", len(c.After.Clusters), len(c.Before.Clusters), len(c.Before.Clusters)+made)
	}
	for i := range c.Before.Clusters {
		was := &c.Before.Clusters[i]
		if is, ok := c.After.Find(was.Handle); !ok || is.Region != was.Region {
			return fmt.Errorf("got %s in Region %q, want %q", was.Handle, is.Region, was.Region)
		}
	}
	return nil
}

// onlyJoined reports whether all that was changed is that the cluster is set up.
func onlyJoined(was, is *Cluster) bool {
	is2 := *is
	is2.Joined = was.Joined
	return is.Joined && was.same(&is2)
}

// askedBy returns the Region that a call asks.
func askedBy(w *World, op Op) Region {
	if create, ok := op.(CreateCluster); ok {
		return create.Region
	}
	ref, at, _ := RefOf(op)
	if at != "" {
		return at
	}
	return homeOf(w, ref)
}

func moved(c *Change) error {
	if c.Op != nil {
		return nil
	}
	n := 0
	for i := range c.After.Clusters {
		is, was := c.After.Clusters[i], &c.Before.Clusters[i]
		if was.same(&is) {
			continue
		}
		n++
		is.Status, is.Origin, is.Relinked, is.Before = was.Status, was.Origin, was.Relinked, was.Before
		if n > 1 || !was.same(&is) {
			return fmt.Errorf("got %s changed in more than its status, or not alone", is.Handle)
		}
	}
	return nil
}

// paired reports whether c and p have been set up as each other's only peer.
func paired(w *World, c, p *Cluster) bool {
	return c.Joined && p.Joined && !c.Turned && !p.Turned && p.Status != Gone &&
		c.Peers == [MaxPeers]Handle{p.Handle} && p.Peers == [MaxPeers]Handle{c.Handle} && c.Witness == p.Witness &&
		agree(w, c, p)
}

// agree reports whether c and p name each other, with a witness that suits both,
// by values in force or about to be replaced.
func agree(w *World, c, p *Cluster) bool {
	if c.Handle == p.Handle || !c.Multi || !p.Multi || !c.Names(p.Handle) || !p.Names(c.Handle) || c.Region == p.Region {
		return false
	}
	for _, r := range []Region{c.Witness, c.Before.Witness} {
		if r != "" && c.witnesses(r) && p.witnesses(r) && r != c.Region && r != p.Region &&
			!w.Env.apart(c.Region, p.Region) && !w.Env.apart(c.Region, r) && !w.Env.apart(p.Region, r) {
			return true
		}
	}
	return false
}
