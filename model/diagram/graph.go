package diagram

import (
	"strings"

	"dsqlconform/model"
)

// Start is the node from which creations lead. It is no status: its name is
// empty, as [model.NoStatus] is.
const Start = ""

// Edge is a transition of a lifecycle.
type Edge struct {
	model.Rule
	From, To string // statuses as the service spells them, [Start] or "gone"
	By       model.Cause
	Fair     bool // the service must take it, or another fair one, in the settle time
}

// Graph is a lifecycle: every edge of its table once, in the order of the table.
type Graph struct {
	Name  string // "cluster" or "stream": a word, for identifiers
	Title string
	Nodes []string // in the order of their first appearance
	Edges []Edge
}

// Clusters returns the lifecycle of a cluster, that of [model.Transitions].
func Clusters() Graph {
	g := Graph{Name: "cluster", Title: "Lifecycle of a cluster"}
	for _, t := range model.Transitions() {
		g.add(Edge{t.Rule, t.From.String(), t.To.String(), t.By, t.Fair})
	}
	return g
}

// Streams returns the lifecycle of a change stream, that of
// [model.StreamTransitions].
func Streams() Graph {
	g := Graph{Name: "stream", Title: "Lifecycle of a change stream"}
	for _, t := range model.StreamTransitions() {
		g.add(Edge{t.Rule, t.From.String(), t.To.String(), t.By, t.Fair})
	}
	return g
}

func (g *Graph) add(e Edge) {
	for _, n := range []string{e.From, e.To} {
		known := false
		for _, have := range g.Nodes {
			known = known || have == n
		}
		if !known {
			g.Nodes = append(g.Nodes, n)
		}
	}
	g.Edges = append(g.Edges, e)
}

// Short returns the rule's identifier without what all of them share:
// "LIF-004".
func (e Edge) Short() string { return strings.TrimPrefix(string(e.ID), "DSQL-") }

// Cause returns what drives the edge, in a word: "create", "update", "delete",
// "connect", or "service" for what the service does by itself.
func (e Edge) Cause() string {
	word := strings.ToLower(e.By.String())
	return strings.TrimSuffix(strings.TrimSuffix(word, "cluster"), "stream")
}

// Kind returns how an edge is drawn: "fair" for what the service must do by
// itself, "free" for what it may do by itself, "call" for what a call or a
// connection does.
func (e Edge) Kind() string {
	switch {
	case e.By != model.ByService:
		return "call"
	case e.Fair:
		return "fair"
	}
	return "free"
}
