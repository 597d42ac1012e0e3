package explore

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"dsqlconform/model"
)

// Point is something that a run can cover: an edge of the lifecycle or a cell of
// an operation, the other being zero. A Point is comparable.
type Point struct {
	Edge model.Edge
	Cell model.Cell
}

// String returns the text of the edge or the cell.
func (p Point) String() string {
	if p.Edge != (model.Edge{}) {
		return p.Edge.String()
	}
	return p.Cell.String()
}

// Reached is a point that the graph of the model reaches, with a shortest way.
type Reached struct {
	Point
	Steps []Step // the last one covers the point
}

// surveyed are the bounds whose worlds together hold every status in every role:
// of one cluster and of two.
var surveyed = []Bounds{
	{Clusters: 2, Regions: regions[:2], Witnesses: regions[2:], Protection: true, Reprotect: true, Relink: true, Free: true, Reads: true, Symmetric: true},
	{Clusters: 1, Regions: regions[:1], Witnesses: regions[2:], Tokens: 1, Protection: true, Reprotect: true, Relink: true, Hostile: true, Free: true, Reads: true, Symmetric: true},
	{Clusters: 2, Regions: regions[:2], Witnesses: regions[2:], Hostile: true, Reads: true, Symmetric: true},
}

// surface returns what is asked of a cluster in each world besides the calls of
// the bounds: what changes nothing that they depend on. Of several calls the last
// is the one that is asked, once the others have succeeded.
func surface(h model.Handle) [][]model.Op {
	it, one, other := model.Ref{Handle: h}, model.StreamRef{Handle: 1}, model.StreamRef{Handle: 9}
	put, stream := model.PutClusterPolicy{Ref: it, Policy: policy}, model.CreateStream{As: 1, Ref: it}
	return [][]model.Op{
		{model.GetCluster{Ref: it}}, {model.GetVpcEndpointServiceName{Ref: it}},
		{model.UpdateCluster{Ref: it, Protection: model.Off}}, {model.DeleteCluster{Ref: it}},
		{model.TagResource{Ref: it, Tags: tags}}, {model.UntagResource{Ref: it, Keys: []string{"a"}}}, {model.ListTagsForResource{Ref: it}},
		{put}, {model.GetClusterPolicy{Ref: it}}, {model.DeleteClusterPolicy{Ref: it}},
		{put, model.GetClusterPolicy{Ref: it}}, {put, model.DeleteClusterPolicy{Ref: it}},
		{stream}, {model.ListStreams{Ref: it}},
		{model.GetStream{Ref: it, Stream: other}}, {model.DeleteStream{Ref: it, Stream: other}},
		{stream, model.GetStream{Ref: it, Stream: one}}, {stream, model.DeleteStream{Ref: it, Stream: one}},
	}
}

var tags = model.NewTags(map[string]string{"a": "1"})

// policy is a resource policy that any account can have.
const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${account}:root"},"Action":"dsql:DbConnect","Resource":"*"}]}`

// Survey explores the bounds that together hold every case, and returns every
// edge and every cell that they reach, edges first, sorted, each with a shortest
// way to it. It takes seconds. The error says that the bounds cannot be explored,
// or that ctx ended.
func Survey(ctx context.Context) ([]Reached, error) {
	best := map[Point]Reached{}
	for _, b := range surveyed {
		if err := survey(ctx, b, best); err != nil {
			return nil, err
		}
	}
	list := make([]Reached, 0, len(best))
	for _, r := range best {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Reached) int {
		isCell := func(p Point) int { return cmp.Compare(len(p.Cell.Op), 0) }
		return cmp.Or(cmp.Compare(isCell(a.Point), isCell(b.Point)), cmp.Compare(a.String(), b.String()))
	})
	return list, nil
}

var errShort = errors.New("the survey's memory is used up before its end")

// survey adds what one search reaches, where it is new or nearer.
func survey(ctx context.Context, b Bounds, best map[Point]Reached) error {
	s := newSearch(b, Options{Unchecked: true})
	if _, complete := s.run(ctx); !complete {
		return cmp.Or(s.err, ctx.Err(), errShort)
	}
	asked := make([][][]model.Op, b.Clusters+1) // and one that there never was
	for i := range asked {
		asked[i] = surface(model.Handle(i + 1))
	}
	type place struct {
		at    id
		steps int
	}
	nearest, seen := map[Point]place{}, stands{}
	var world model.World
	for depth, level := range s.levels {
		for _, at := range level {
			n := s.visited.node(at)
			s.codec.unpack(&n.key, &world)
			s.covers(&world, asked, seen, func(p Point, steps int, _ func() []Step) {
				if old, ok := nearest[p]; !ok || depth+steps < old.steps {
					nearest[p] = place{at, depth + steps}
				}
			})
		}
	}
	for p, there := range nearest {
		if old, ok := best[p]; ok && len(old.Steps) <= there.steps {
			continue
		}
		// A visited world goes by other names than the one on the way.
		world, way, err := s.way(there.at)
		if err != nil {
			return err
		}
		s.covers(&world, asked, nil, func(q Point, steps int, last func() []Step) {
			if q == p && len(way)+steps == there.steps {
				best[p] = Reached{p, append(way, last()...)}
			}
		})
	}
	return nil
}

// covers yields each point that is covered from w: how many steps it takes, and
// which. It may yield a point more than once.
func (s *search) covers(w *model.World, asked [][][]model.Op, seen stands, yield func(p Point, steps int, last func() []Step)) {
	s.each(w, func(st *step) bool {
		last := func() []Step { return []Step{st.public()} }
		if st.move != nil {
			yield(Point{Edge: st.move.Edge()}, 1, last)
			return true
		}
		if st.outcome == nil {
			return true // it has no answer: what is wrong with that is not covered
		}
		if cell, ok := model.CellOf(w, st.call.op, !st.outcome.Want.Success()); ok {
			yield(Point{Cell: cell}, 1, last)
		}
		if edge, ok := model.EdgeOf(w, st.next, st.call.op); ok {
			yield(Point{Edge: edge}, 1, last)
		}
		return true
	})
	for h, calls := range asked {
		if h > len(w.Clusters) || seen != nil && seen.add(w, h) {
			continue
		}
		for _, list := range calls {
			s.ask(*w, list, 0, yield)
		}
	}
}

// stands is all of a cluster that an answer of the surface can depend on. What was
// met before was met nearer.
type stands map[stand]bool

type stand struct {
	model.Cluster
	role string
}

// add notes how cluster h+1 stands, and reports whether that is known.
func (s stands) add(w *model.World, h int) (known bool) {
	var st stand
	if h < len(w.Clusters) {
		st = stand{w.Clusters[h], model.RoleOf(w, w.Clusters[h].Handle)}
		st.Handle, st.Region, st.Witness = 0, "", ""
		st.Peers, st.Before.Peers, st.Before.Witness = [model.MaxPeers]model.Handle{}, [model.MaxPeers]model.Handle{}, ""
	}
	known = s[st]
	s[st] = true
	return known
}

// ask makes the calls one after the other, and yields what the last one covers.
func (s *search) ask(w model.World, calls []model.Op, n int, yield func(Point, int, func() []Step)) {
	for _, o := range s.options.Step(w, calls[n]) {
		switch {
		case o.Breaks != "":
		case n == len(calls)-1:
			cell, _ := model.CellOf(&w, calls[n], !o.Want.Success())
			yield(Point{Cell: cell}, len(calls), func() (steps []Step) {
				for _, op := range calls {
					steps = append(steps, Step{Op: op})
				}
				return steps
			})
		case o.Want.Success():
			s.ask(o.Next, calls, n+1, yield)
			return
		}
	}
}
