package explore

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"dsqlconform/model"
)

// Way is a point that the model reaches, in words, and a shortest way to it.
type Way struct {
	To    string   // the text of a [Point]
	Edge  bool     // it is an edge, and not a cell
	Lines []string // of a sequence file; a comment is what the service may do or not
}

// Sequence returns the lines that can be asked of a target, as a test.
func (w *Way) Sequence() (model.Sequence, error) {
	seq, err := model.ParseSequence(model.Sequence{}.String() + strings.Join(w.Lines, "\n") + "\n")
	if err != nil {
		return seq, fmt.Errorf("the way to %s: %w", w.To, err)
	}
	return seq, nil
}

// Places returns the Regions that ways name: those that hold clusters, and the
// witness. Callers must not change the list.
func Places() (homes []model.Region, witness model.Region) { return regions[:2], regions[2] }

// reach is what [Survey] found; a test holds that it is what Survey finds.
//
//go:embed reach.txt
var reach string

// Reach returns everything that the model reaches within the bounds of [Survey]:
// the exact denominator of what a run can cover. Edges come first; each list is
// sorted. Callers must not change it.
var Reach = sync.OnceValue(func() []Way {
	var list []Way
	for line := range strings.Lines(reach) {
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		to, way, ok := strings.Cut(rest, "\t")
		if ok {
			list = append(list, Way{To: to, Edge: kind == "edge", Lines: strings.Split(way, "\t")})
		}
	}
	return list
})

// reachText returns the contents of reach.txt.
func reachText(list []Reached) string {
	var b strings.Builder
	for _, r := range list {
		kind := "cell"
		if r.Edge != (model.Edge{}) {
			kind = "edge"
		}
		b.WriteString(kind + "\t" + r.String())
		for _, s := range r.Steps {
			b.WriteString("\t" + s.String())
		}
		b.WriteString("\n")
	}
	return b.String()
}
