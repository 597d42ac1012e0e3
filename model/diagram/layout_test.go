package diagram

import (
	"math"
	"testing"

	"dsqlconform/model"
)

func TestEveryStatusAndEveryEdgeHasItsPlace(t *testing.T) {
	used := map[model.RuleID]bool{}
	for _, g := range []Graph{Clusters(), Streams()} {
		for _, n := range g.Nodes {
			if _, ok := pages[g.Name].at[n]; !ok {
				t.Errorf("%s: got no place for %q, want one in the table", g.Name, n)
			}
		}
		for _, e := range g.Edges {
			used[e.ID] = true
			if _, ok := bends[e.ID]; !ok {
				t.Errorf("%s: got no curve for %s, want one in the table", g.Name, e.ID)
			}
		}
	}
	for id := range bends {
		if !used[id] {
			t.Errorf("got a curve for %s, want an edge", id)
		}
	}
}

func TestNoLabelHidesAnotherOrAStatus(t *testing.T) {
	for _, g := range []Graph{Clusters(), Streams()} {
		l := g.place()
		for i, a := range l.labels {
			for j, b := range l.labels[:i] {
				if a.gap(b) < 0 {
					t.Errorf("%s: the labels of %s and %s overlap", g.Name, g.Edges[i].ID, g.Edges[j].ID)
				}
			}
			for n, b := range l.nodes {
				if a.gap(b) < 0 {
					t.Errorf("%s: the label of %s lies on %q", g.Name, g.Edges[i].ID, n)
				}
			}
			if a.at.x < a.half.x || a.at.y < a.half.y || a.at.x > l.size.x-a.half.x || a.at.y > l.size.y-a.half.y {
				t.Errorf("%s: the label of %s leaves the page", g.Name, g.Edges[i].ID)
			}
		}
	}
}

func TestNoEdgeRunsThroughAStatusThatIsNotItsOwn(t *testing.T) {
	for _, g := range []Graph{Clusters(), Streams()} {
		l := g.place()
		for i, e := range g.Edges {
			for k := range 101 {
				p := l.paths[i].at(float64(k) / 100)
				for n, b := range l.nodes {
					if n != e.From && n != e.To && b.holds(p) {
						t.Fatalf("%s: %s runs through %q", g.Name, e.ID, n)
					}
				}
			}
		}
	}
}

func TestACurveIsCutWhereItLeavesABox(t *testing.T) {
	from, to := box{point{0, 0}, point{10, 5}}, box{point{100, 0}, point{10, 5}}
	c := path(from, to, [2]float64{})
	if math.Abs(c[0].x-10) > 1 || math.Abs(c[3].x-90) > 1 {
		t.Errorf("got a line from %.1f to %.1f, want from 10 to 90", c[0].x, c[3].x)
	}
	if bent := path(from, to, [2]float64{40, 40}).at(0.5); bent.y < 25 {
		t.Errorf("got the middle at %.1f, want it to the right of the way, below 25", bent.y)
	}
}

// An edge that the tables gain is drawn before anybody has placed it.
func TestWhatHasNoPlaceIsDrawnAllTheSame(t *testing.T) {
	g := Clusters()
	g.add(Edge{Rule: model.Rule{ID: "DSQL-LIF-999", Force: model.May}, From: "ACTIVE", To: "NEW", By: model.ByService})
	l := g.place()
	if b, ok := l.nodes["NEW"]; !ok || b.at.y > l.size.y || len(l.paths) != len(g.Edges) {
		t.Errorf("got %v at %v, want a place on the page", ok, b.at)
	}
}
