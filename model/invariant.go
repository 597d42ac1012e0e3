package model

import "fmt"

// Invariant is a property that every reachable world has. Breaking one is a
// fault of the model, or of a known world that was put together by hand: what a
// target does is judged by the rules that keep it.
type Invariant struct {
	Rule
	Holds func(w World) error
}

// Invariants is the table of invariants over a world.
var Invariants = []Invariant{
	{Rule{ID: "DSQL-INV-001", Says: "the witness of a cluster is not its own Region", Cite: cite("F119"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool { return c.Witness != c.Region })},
	{Rule{ID: "DSQL-INV-002", Says: "a token stands for a cluster that was made", Cite: cite("F048"), Basis: Documented, Force: Must},
		func(w World) error {
			for _, u := range w.Tokens {
				if _, ok := w.Find(u.Cluster); !ok {
					return fmt.Errorf("got token %s for %s", u.Token, u.Cluster)
				}
			}
			return nil
		}},
	{Rule{ID: "DSQL-INV-003", Says: "PENDING_SETUP and PENDING_DELETE occur only in multi-Region clusters", Cite: cite("F133"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool {
			return c.Multi || c.Status != PendingSetup && c.Status != PendingDelete
		})},
	{Rule{ID: "DSQL-INV-004", Says: "a multi-Region cluster is set up only when each side has named the other", Cite: cite("F106"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool { return !c.Multi || c.Joined || !settledIn.Has(c.Status) })},
	{Rule{ID: "DSQL-INV-005", Says: "a cluster leaves only by a delete", Cite: cite("F083", "F084"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool { return c.Deleted || !leaving.Has(c.Status) && c.Status != Gone })},
	{Rule{ID: "DSQL-INV-006", Says: "only an update in progress holds values that it may not have replaced yet", Cite: cite("F070"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool { return !c.Before.Valid || c.Status == Updating })},
	{Rule{ID: "DSQL-INV-007", Says: "no cluster names itself as its peer", Cite: cite("F104"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool { return !c.Names(c.Handle) })},
	{Rule{ID: "DSQL-INV-008", Says: "a single-Region cluster has neither witness nor peers", Cite: cite("F038", "F133"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool { return c.Multi || c.Witness == "" && c.Peers == [MaxPeers]Handle{} })},
	{Rule{ID: "DSQL-INV-009", Says: "a cluster keeps the status that an update found it in for as long as it is UPDATING", Cite: cite("F070"), Basis: Documented, Force: Must},
		each(func(_ *World, c *Cluster) bool {
			return (c.Origin != NoStatus) == (c.Status == Updating) && (!c.Relinked || c.Status == Updating)
		})},
	{Rule{ID: "DSQL-INV-020", Says: "a stream belongs to a cluster that was made, and is in some status", Cite: cite("F009", "F170"), Basis: Documented, Force: Must},
		eachStream(func(w *World, s *Stream) bool {
			_, ok := w.Find(s.Cluster)
			return ok && s.Status != 0 && s.Status.within(anyStream)
		})},
	{Rule{ID: "DSQL-INV-021", Says: "a stream leaves only by a delete, its own or its cluster's", Cite: cite("F173", "F177"), Basis: Documented, Force: Must},
		eachStream(func(w *World, s *Stream) bool {
			return s.Deleted || w.ended(s.Cluster) || !s.Status.within(leavingStream|endedStream)
		})},
}

// Check returns what invariants w breaks, or nil.
func (w World) Check() error {
	for i := range Invariants {
		if err := Invariants[i].Holds(w); err != nil {
			return fmt.Errorf("%s: %s: %w", Invariants[i].ID, Invariants[i].Says, err)
		}
	}
	return nil
}

func each(holds func(*World, *Cluster) bool) func(World) error {
	return func(w World) error {
		for i := range w.Clusters {
			if c := &w.Clusters[i]; !holds(&w, c) {
				return fmt.Errorf("got %s that is %s", c.Handle, c.Status)
			}
		}
		return nil
	}
}

func eachStream(holds func(*World, *Stream) bool) func(World) error {
	return func(w World) error {
		for i := range w.Streams {
			if s := &w.Streams[i]; !holds(&w, s) {
				return fmt.Errorf("got %s of %s that is %s", s.Handle, s.Cluster, s.Status)
			}
		}
		return nil
	}
}
