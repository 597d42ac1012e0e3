package reports

import (
	"fmt"
	"strings"
)

// shownWays is how many of the missed cells of one operation are shown on a page:
// those of an operation are much alike.
const shownWays = 4

// markdownMissed returns the edges and the cells that were missed, each with a
// way to it, folded. Those of an operation stand together.
func (r Report) markdownMissed() string {
	var b strings.Builder
	c := r.Coverage
	if len(c.Edges.Missed) > 0 {
		fold(&b, plural(len(c.Edges.Missed), "missed edge")+", and a shortest way to each", c.waysTable("edge", c.Edges.Missed))
	}
	if len(c.Cells.Missed) == 0 {
		return b.String()
	}
	var inside strings.Builder
	for _, list := range grouped(c.Cells.Missed) {
		name, _, _ := strings.Cut(list[0], " ")
		shown := list[:min(len(list), shownWays)]
		if inside.Len() > 0 {
			inside.WriteString("\n")
		}
		fmt.Fprintf(&inside, "%s: %d missed", code(name), len(list))
		if len(shown) < len(list) {
			fmt.Fprintf(&inside, ", such as")
		}
		inside.WriteString("\n\n" + c.waysTable("cell", shown))
	}
	fold(&b, plural(len(c.Cells.Missed), "missed cell")+", by operation, and a shortest way to each", inside.String())
	return b.String()
}

// grouped returns sorted texts in lists of those with one first word.
func grouped(texts []string) [][]string {
	var list [][]string
	last := ""
	for i, text := range texts {
		name, _, _ := strings.Cut(text, " ")
		if i == 0 || name != last {
			list = append(list, nil)
		}
		last = name
		list[len(list)-1] = append(list[len(list)-1], text)
	}
	return list
}

func (c *Coverage) waysTable(of string, missed []string) string {
	return table([]string{of, "way"}, each(missed, func(to string) []string {
		way := "–"
		if lines := c.Ways[to]; len(lines) > 0 {
			way = firstLines(lines, len(lines))
		}
		return []string{code(to), way}
	}))
}

// fold writes text that a reader unfolds. The title must be safe.
func fold(b *strings.Builder, title, text string) {
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n</details>\n", title, text)
}
