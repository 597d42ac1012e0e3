package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"dsqlconform/model"
)

// Diagram writes the lifecycle of a cluster as SVG: [Graph.SVG] of [Clusters].
func Diagram(w io.Writer, hit func(model.RuleID) int) error { return Clusters().SVG(w, hit) }

// SVG writes the graph as one svg element, which may stand in a file of its own
// or inside an HTML page. Every edge is a group with the class "edge", the classes
// of its force (must, should, may) and of its kind (fair, free, call), the rule in
// data-rule, and the rule's sentence as its title.
//
// hit tells how often a run took the edge of a rule: edges that it took get the
// class "hit" and the count behind their label, the others the class "missed", and
// fade. A nil hit draws the table alone. The answer depends on nothing else; an
// error is that of w.
func (g Graph) SVG(w io.Writer, hit func(model.RuleID) int) error {
	l := g.place()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="lifecycle" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="%s-title %s-desc">`+"\n",
		l.size.x, l.size.y, l.size.x, l.size.y, g.Name, g.Name)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", g.Name, escape(g.Title), g.Name, escape(g.describe()))
	fmt.Fprintf(&b, "<style>\n%s</style>\n<defs>\n", style)
	for _, f := range forces {
		fmt.Fprintf(&b, `<marker id="%s-%s" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head %s" d="M0 0L10 5L0 10z"/></marker>`+"\n",
			g.Name, f, f)
	}
	fmt.Fprintf(&b, "</defs>\n<rect class=\"page\" width=\"%.0f\" height=\"%.0f\"/>\n", l.size.x, l.size.y)

	var labels strings.Builder // above every curve
	for i, e := range g.Edges {
		text, class, times := e.label(), "", ""
		if hit != nil {
			class = " missed"
			if n := hit(e.ID); n > 0 {
				class, times = " hit", fmt.Sprintf(" ×%d", n)
			}
		}
		c := l.paths[i]
		fmt.Fprintf(&b, `<g class="edge %s %s%s" data-rule="%s"><title>%s</title><path d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f" marker-end="url(#%s-%s)"/></g>`+"\n",
			e.Force, e.Kind(), class, e.ID, escape(e.title()+times),
			c[0].x, c[0].y, c[1].x, c[1].y, c[2].x, c[2].y, c[3].x, c[3].y, g.Name, e.Force)
		at := l.labels[i]
		at.half.x += float64(utf8.RuneCountInString(times)) * letter / 2
		fmt.Fprintf(&labels, `<g class="label %s%s"><rect x="%.1f" y="%.1f" width="%.1f" height="%.1f"/><text x="%.1f" y="%.1f">%s</text></g>`+"\n",
			e.Force, class, at.at.x-at.half.x, at.at.y-at.half.y, 2*at.half.x, 2*at.half.y, at.at.x, at.at.y+4, escape(text+times))
	}
	b.WriteString(labels.String())
	for _, n := range g.Nodes {
		at := l.nodes[n]
		if n == Start {
			fmt.Fprintf(&b, `<circle class="start" cx="%.0f" cy="%.0f" r="%d"><title>before its creation</title></circle>`+"\n", at.at.x, at.at.y, dot)
			continue
		}
		class := "node"
		if n == "gone" {
			class = "node end"
		}
		fmt.Fprintf(&b, `<g class="%s"><rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="8"/><text x="%.0f" y="%.0f">%s</text></g>`+"\n",
			class, at.at.x-at.half.x, at.at.y-at.half.y, 2*at.half.x, 2*at.half.y, at.at.x, at.at.y+4.5, escape(n))
	}
	for i, row := range legend {
		y := l.size.y - float64(len(legend)-i)*18 - 6
		fmt.Fprintf(&b, `<g class="legend edge %s"><path d="M16 %.0fH56" marker-end="url(#%s-%s)"/><text x="66" y="%.0f">%s</text></g>`+"\n",
			row.class, y, g.Name, strings.Fields(row.class)[0], y+4, escape(row.says))
	}
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// describe is the picture in words.
func (g Graph) describe() string {
	return fmt.Sprintf("%d statuses and %d transitions, each named by its rule. %s.", len(g.Nodes)-2, len(g.Edges), strings.Join(g.sentences(), ". "))
}

func (g Graph) sentences() []string {
	var list []string
	for _, e := range g.Edges {
		list = append(list, e.Short()+", "+e.way()+": "+e.Says)
	}
	return list
}

// way is the edge in words, without its rule.
func (e Edge) way() string {
	from := e.From
	if from == Start {
		from = "nothing"
	}
	return from + " to " + e.To
}

func (e Edge) title() string {
	return fmt.Sprintf("%s (%s, %s, %s): %s", e.ID, e.way(), e.driven(), e.Force, e.Says)
}

// driven says what drives the edge and whether it must.
func (e Edge) driven() string {
	if e.By == model.ByService {
		return "service, " + e.Kind()
	}
	return e.By.String()
}

func escape(text string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return ""
	}
	return b.String()
}

var forces = []model.Force{model.Must, model.Should, model.May}

// legend explains the lines.
var legend = []struct{ class, says string }{
	{"must fair", "by the service, which must (fair)"},
	{"may free", "by the service, which may (free)"},
	{"must call", "by a call or a connection, named at the line"},
	{"should call", "blue: the rule is a must; orange: a should; grey: a may"},
}

// style draws light, and dark where that is preferred. Each selector names the
// class lifecycle, so that it touches nothing else of a page.
const style = `.lifecycle{font-family:system-ui,"DejaVu Sans",Helvetica,Arial,sans-serif}
.lifecycle .page{fill:#ffffff}
.lifecycle .edge path{fill:none;stroke-width:1.6}
.lifecycle .edge.fair path{stroke-width:3.2}
.lifecycle .edge.free path{stroke-dasharray:6 4}
.lifecycle .must path{stroke:#0b57d0}
.lifecycle .should path{stroke:#b45309}
.lifecycle .may path{stroke:#6b7280}
.lifecycle .head{stroke:none}
.lifecycle .head.must{fill:#0b57d0}
.lifecycle .head.should{fill:#b45309}
.lifecycle .head.may{fill:#6b7280}
.lifecycle .edge.hit path{stroke-width:2.8}
.lifecycle .edge.hit.fair path{stroke-width:4.6}
.lifecycle .missed{opacity:.35}
.lifecycle .label rect{fill:#ffffff}
.lifecycle .label text{font-size:11px;text-anchor:middle}
.lifecycle .label.must text{fill:#0b57d0}
.lifecycle .label.should text{fill:#92400e}
.lifecycle .label.may text{fill:#4b5563}
.lifecycle .node rect{fill:#eef2f7;stroke:#1f2937;stroke-width:1.4}
.lifecycle .node.end rect{fill:#ffffff;stroke-dasharray:4 3}
.lifecycle .node text{font-size:13px;font-weight:600;text-anchor:middle;fill:#111827}
.lifecycle .start{fill:#111827}
.lifecycle .legend text{font-size:12px;fill:#374151}
@media (prefers-color-scheme:dark){
.lifecycle .page{fill:#0d1117}
.lifecycle .must path{stroke:#7cb3ff}
.lifecycle .should path{stroke:#f0a95b}
.lifecycle .may path{stroke:#8b949e}
.lifecycle .head.must{fill:#7cb3ff}
.lifecycle .head.should{fill:#f0a95b}
.lifecycle .head.may{fill:#8b949e}
.lifecycle .label rect{fill:#0d1117}
.lifecycle .label.must text{fill:#a5ccff}
.lifecycle .label.should text{fill:#f5c27f}
.lifecycle .label.may text{fill:#b6bec8}
.lifecycle .node rect{fill:#1c2733;stroke:#c9d1d9}
.lifecycle .node.end rect{fill:#0d1117}
.lifecycle .node text{fill:#f0f6fc}
.lifecycle .start{fill:#f0f6fc}
.lifecycle .legend text{fill:#c9d1d9}
}
`
