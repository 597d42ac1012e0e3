package generators

import (
	"slices"

	"dsqlconform/model"
)

// needs estimates for each line how likely the failure that shows at line at
// needs it, from what the lines name. Without an at all lines are alike.
func needs(s model.Sequence, at int) []float64 {
	need := make([]float64, len(s.Lines))
	if at < 0 || at >= len(s.Lines) {
		for i := range need {
			need[i] = 0.15
		}
		return need
	}
	failing := s.Lines[at].Op
	near := subjects(s, at)
	far := linked(s, near)
	token := tokenOf(failing).Name
	stream := streamOf(failing)
	last := 0.7 // the last change is the likeliest to matter
	for i := len(s.Lines) - 1; i >= 0; i-- {
		op := s.Lines[i].Op
		in := func(set []model.Handle) bool {
			found := false
			uses(op, func(h model.Handle) { found = found || slices.Contains(set, h) })
			return found
		}
		switch {
		case i > at:
			need[i] = 0.005
		case i == at:
			need[i] = 1
		case token != "" && tokenOf(op).Name == token:
			need[i] = 0.8
		case !in(far):
			need[i] = 0.015
		case passive(op), stream != 0 && streamOf(op) != 0 && streamOf(op) != stream:
			need[i] = 0.06
		case !in(near):
			need[i] = 0.15
		default:
			need[i] = last
			last = max(last*0.7, 0.15)
		}
	}
	return need
}

// subjects returns the clusters that the line is about: those that it names,
// or, of a listing, those of its Region.
func subjects(s model.Sequence, at int) []model.Handle {
	var list []model.Handle
	if listing, ok := s.Lines[at].Op.(model.ListClusters); ok {
		for _, l := range s.Lines[:at] {
			for i, h := range created(l.Op) {
				if regionOf(l.Op, i) == listing.Region {
					list = append(list, h)
				}
			}
		}
		return list
	}
	uses(s.Lines[at].Op, func(h model.Handle) { list = append(list, h) })
	return list
}

// regionOf returns where the new cluster of that index of a creation lives.
func regionOf(op model.Op, i int) model.Region {
	switch op := op.(type) {
	case model.CreateCluster:
		return op.Region
	case model.CreateMultiRegionClusters:
		if i < len(op.Linked) {
			return op.Linked[i]
		}
	}
	return ""
}

// linked returns the clusters and all that are named together with one of them,
// directly or not.
func linked(s model.Sequence, list []model.Handle) []model.Handle {
	list = slices.Clone(list)
	for grown := true; grown; {
		grown = false
		for _, l := range s.Lines {
			var group []model.Handle
			uses(l.Op, func(h model.Handle) { group = append(group, h) })
			if !slices.ContainsFunc(group, func(h model.Handle) bool { return slices.Contains(list, h) }) {
				continue
			}
			for _, h := range group {
				if !slices.Contains(list, h) {
					list, grown = append(list, h), true
				}
			}
		}
	}
	return list
}

// passive reports whether the operation changes nothing and lets no time pass.
func passive(op model.Op) bool {
	switch op.(type) {
	case model.Await, model.Wait, model.Connect, model.Raw:
		return false
	}
	row, ok := model.LookupOperation(op.Name())
	return ok && !row.Mutates
}

// names reports whether the operation names the cluster.
func names(op model.Op, h model.Handle) bool {
	found := false
	uses(op, func(g model.Handle) { found = found || g == h })
	return found
}
