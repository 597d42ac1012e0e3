package diagram

import (
	"fmt"
	"io"
	"strings"

	"dsqlconform/model"
)

// DOT writes the graph for Graphviz, with the places of the statuses, which
// neato -n keeps. The error is that of w.
func (g Graph) DOT(w io.Writer) error {
	l := g.place()
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n\tlabel=%q;\n\tnode [shape=box, style=rounded, fontname=sans];\n\tedge [fontname=sans, fontsize=10];\n", g.Name, g.Title)
	for _, n := range g.Nodes {
		at := l.nodes[n].at
		shape := ""
		if n == Start {
			shape = ", shape=point, width=0.2"
		}
		fmt.Fprintf(&b, "\t%q [pos=\"%.0f,%.0f\"%s];\n", node(n), at.x, l.size.y-at.y, shape)
	}
	styles := map[string]string{"fair": "bold", "free": "dashed", "call": "solid"}
	colors := map[model.Force]string{model.Must: "#0b57d0", model.Should: "#b45309", model.May: "#6b7280"}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "\t%q -> %q [label=%q, style=%s, color=%q, tooltip=%q];\n",
			node(e.From), node(e.To), e.Cause()+" "+e.Short(), styles[e.Kind()], colors[e.Force], e.Says)
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Mermaid writes the graph as a stateDiagram-v2 without fences. Edges of one
// cause between two statuses share an arrow. The error is that of w.
func (g Graph) Mermaid(w io.Writer) error {
	type arrow struct {
		from, to, cause string
	}
	var order []arrow
	rules := map[arrow][]string{}
	for _, e := range g.Edges {
		cause := e.Cause()
		if e.By == model.ByService {
			cause = e.Kind()
		}
		a := arrow{e.From, e.To, cause}
		if rules[a] == nil {
			order = append(order, a)
		}
		rules[a] = append(rules[a], e.Short())
	}
	name := func(n string) string {
		if n == Start || n == "gone" {
			return "[*]"
		}
		return n
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, a := range order {
		fmt.Fprintf(&b, "    %s --> %s: %s %s\n", name(a.from), name(a.to), a.cause, strings.Join(rules[a], ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// node is the name of a node in DOT.
func node(n string) string {
	if n == Start {
		return "start"
	}
	return n
}
