package diagram

import (
	"math"
	"strings"

	"dsqlconform/model"
)

// point is a place on the page, in pixels from its upper left corner.
type point struct{ x, y float64 }

func (p point) plus(q point) point          { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point         { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point       { return point{p.x * f, p.y * f} }
func (p point) to(q point, t float64) point { return p.plus(q.minus(p).times(t)) }

// box is a rectangle by its middle and its half width and height.
type box struct {
	at, half point
}

func (b box) holds(p point) bool {
	return math.Abs(p.x-b.at.x) <= b.half.x && math.Abs(p.y-b.at.y) <= b.half.y
}

// gap returns how far two boxes are apart, negative where they overlap.
func (b box) gap(c box) float64 {
	return max(math.Abs(b.at.x-c.at.x)-b.half.x-c.half.x, math.Abs(b.at.y-c.at.y)-b.half.y-c.half.y)
}

// curve is a cubic Bézier curve.
type curve [4]point

// at returns the point at t, from 0 to 1.
func (c curve) at(t float64) point {
	_, right := c.split(t)
	return right[0]
}

// split cuts the curve at t in two (de Casteljau).
func (c curve) split(t float64) (left, right curve) {
	a, b, d := c[0].to(c[1], t), c[1].to(c[2], t), c[2].to(c[3], t)
	ab, bd := a.to(b, t), b.to(d, t)
	mid := ab.to(bd, t)
	return curve{c[0], a, ab, mid}, curve{mid, bd, d, c[3]}
}

// leaves returns where a curve that starts in a box leaves it.
func (c curve) leaves(b box) float64 {
	const steps = 200
	for i := 1; i < steps; i++ {
		if t := float64(i) / steps; !b.holds(c.at(t)) {
			return t
		}
	}
	return 0
}

func (c curve) reversed() curve { return curve{c[3], c[2], c[1], c[0]} }

// layout is where everything stands in a picture.
type layout struct {
	size   point
	nodes  map[string]box
	paths  []curve // of the edges, in their order
	labels []box   // of the edges, in their order
}

const (
	letter   = 6.7 // width of a letter of a label
	line     = 13  // height of a label
	nodeHigh = 32
	dot      = 9 // radius of the node that is no status
)

// place lays a graph out. Statuses stand where the table says, one that is not
// in it along the lower edge.
func (g Graph) place() layout {
	p := pages[g.Name]
	l := layout{size: p.size, nodes: map[string]box{}}
	strays := 0.0
	for _, n := range g.Nodes {
		at, ok := p.at[n]
		if !ok {
			strays++
			at = point{strays * 150, p.size.y - nodeHigh}
		}
		half := point{float64(len(n))*4.6 + 16, nodeHigh / 2}
		if n == Start {
			half = point{dot, dot}
		}
		l.nodes[n] = box{at, half}
	}
	twins := map[[2]string]int{}
	for _, e := range g.Edges {
		bend, ok := bends[e.ID]
		if !ok {
			k := float64(twins[[2]string{e.From, e.To}] + 1)
			bend = [2]float64{25 * k, 25 * k}
		}
		twins[[2]string{e.From, e.To}]++
		l.paths = append(l.paths, path(l.nodes[e.From], l.nodes[e.To], bend))
	}
	for i, e := range g.Edges {
		l.labels = append(l.labels, l.label(i, e))
	}
	return l
}

// path returns the curve from the border of one box to that of another. bend
// says how far its control points stand off the line between the middles, to the
// right of the direction of travel.
func path(from, to box, bend [2]float64) curve {
	way := to.at.minus(from.at)
	off := point{-way.y, way.x}.times(1 / max(math.Hypot(way.x, way.y), 1))
	c := curve{
		from.at,
		from.at.plus(way.times(1. / 3)).plus(off.times(bend[0])),
		from.at.plus(way.times(2. / 3)).plus(off.times(bend[1])),
		to.at,
	}
	_, c = c.split(c.leaves(from))
	_, c = c.reversed().split(c.reversed().leaves(to))
	return c.reversed()
}

// label returns where the label of edge i stands: on its curve, near the middle,
// where it hides as little as possible of what has its place already and of the
// other curves.
func (l *layout) label(i int, e Edge) box {
	half := point{float64(len(e.label()))*letter/2 + 2, line / 2}
	best, least := box{}, math.Inf(1)
	for step := range 37 {
		t := 0.14 + 0.02*float64(step)
		b := box{l.paths[i].at(t), half}
		cost := math.Abs(t-0.5) * 10
		for _, other := range l.labels {
			cost += crowding(b.gap(other), 3, 300)
		}
		for _, other := range l.nodes {
			cost += crowding(b.gap(other), 4, 300)
		}
		for j, other := range l.paths {
			for k := 0; k <= 24 && j != i; k++ {
				if b.holds(other.at(float64(k) / 24)) {
					cost += 12
				}
			}
		}
		if cost < least {
			best, least = b, cost
		}
	}
	return best
}

// crowding is what it costs to stand closer than room.
func crowding(gap, room, weight float64) float64 {
	if gap >= room {
		return 0
	}
	return weight + (room-gap)*weight/10
}

// label is what is written at an edge.
func (e Edge) label() string {
	number := string(e.ID[strings.LastIndexByte(string(e.ID), '-')+1:])
	if e.By == model.ByService {
		return number
	}
	return e.Cause() + " " + number
}
