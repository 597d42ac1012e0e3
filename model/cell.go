package model

// Class is what kind of outcome a call had.
type Class uint8

// The classes.
const (
	Accepted Class = iota + 1
	Refused
)

var classNames = [...]string{"", "ok", "refused"}

// String returns "ok" or "refused".
func (c Class) String() string { return classNames[c] }

// Cell is one case of an operation: how the cluster that it is about stood before
// the call, and whether the call was accepted. What a run covers is counted in
// cells. A Cell is comparable.
type Cell struct {
	Op     string // name of the operation
	Status Status // of the cluster; NoStatus: there is none
	Role   string // its relation to others, as in [Explanation.Role]
	Class  Class
}

// String returns a text such as "UpdateCluster ACTIVE mutual refused", with "none"
// where there is no cluster.
func (c Cell) String() string {
	status := "none"
	if c.Status != NoStatus {
		status = c.Status.String()
	}
	return c.Op + " " + status + " " + c.Role + " " + c.Class.String()
}

// CellOf returns the cell of a call in world w, and whether it has one: only the
// operations of the service have, and a stray request has none. A creation is
// about no cluster, and a poll of an await is the read that it polls with.
func CellOf(w *World, op Op, refused bool) (Cell, bool) {
	cell := Cell{Op: op.Name(), Role: "none", Class: Accepted}
	if refused {
		cell.Class = Refused
	}
	if poll, ok := op.(Await); ok {
		cell.Op = GetCluster{}.Name()
		if poll.Stream != (StreamRef{}) {
			cell.Op = GetStream{}.Name()
		}
	}
	row, _ := LookupOperation(cell.Op)
	if !row.Service {
		return Cell{}, false
	}
	if newCluster(op) != 0 {
		return cell, true
	}
	if c, ok := w.Find(subject(op)); ok && !c.Nameless {
		cell.Status, cell.Role = c.Status, roleOf(w, &c, true)
	}
	return cell, true
}

// Edge is a change of a cluster's status and what drives it. An Edge is
// comparable.
type Edge struct {
	From Status // NoStatus: it is created
	By   Cause
	To   Status
}

// String returns a text such as "ACTIVE UpdateCluster UPDATING", with "none" for a
// cluster that is yet to be created.
func (e Edge) String() string {
	from := "none"
	if e.From != NoStatus {
		from = e.From.String()
	}
	return from + " " + e.By.String() + " " + e.To.String()
}

// Edge returns what a cluster goes through that takes the transition.
func (t *Transition) Edge() Edge { return Edge{t.From, t.By, t.To} }

// EdgeBy returns the edge of the transition with that rule, and whether there is
// one.
func EdgeBy(id RuleID) (Edge, bool) {
	for i := range transitions {
		if transitions[i].ID == id {
			return transitions[i].Edge(), true
		}
	}
	return Edge{}, false
}

// causes are the operations that drive transitions.
var causes = map[string]Cause{
	CreateCluster{}.Name(): ByCreate,
	UpdateCluster{}.Name(): ByUpdate,
	DeleteCluster{}.Name(): ByDelete,
	Connect{}.Name():       ByConnect,
}

// EdgeOf returns the edge that a call takes of which before became after, and
// whether it takes one.
func EdgeOf(before, after *World, op Op) (Edge, bool) {
	h := subject(op)
	from, _ := before.Find(h)
	to, ok := after.Find(h)
	by := causes[op.Name()]
	if !ok || by == 0 || from.Status == to.Status || to.Nameless {
		return Edge{}, false
	}
	return Edge{from.Status, by, to.Status}, true
}
