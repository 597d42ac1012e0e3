package conformance

import (
	"strings"

	"dsqlconform/model"
)

// linked binds the clusters that a CreateMultiRegionClusters has made: the ARNs
// of each Region, in their order, to the handles for that Region, in theirs.
// When they were created is not known until they are first read. Clusters that
// nobody asked for get names of their own, so that they can be removed.
func (b *binder) linked(r *model.Reply, op model.CreateMultiRegionClusters, arns []string) {
	if arns == nil {
		return
	}
	r.Legacy.Linked = []model.Handle{}
	taken := map[int]bool{}
	for _, arn := range arns {
		region := regionOf(arn)
		at := -1
		for i := range min(len(op.As), len(op.Linked)) {
			if at < 0 && !taken[i] && op.Linked[i] == region {
				at = i
			}
		}
		id := arn[strings.LastIndexByte(arn, '/')+1:]
		h, seen := b.handles[id]
		switch {
		case seen && at >= 0:
			b.bound[op.As[at]] = b.bound[h]
		case seen, id == "":
		case at >= 0:
			h = b.bindTo(op.As[at], &identity{id: id, arn: arn, region: region})
		default:
			h = b.spare()
			b.extra = append(b.extra, h)
			b.handles[id], b.bound[h] = h, &identity{id: id, arn: arn, region: region}
		}
		taken[at] = true
		if h == 0 {
			h = model.Unknown
		}
		r.Legacy.Linked = append(r.Legacy.Linked, h)
	}
}

// regionOf returns the Region that an ARN names, "" for none.
func regionOf(arn string) model.Region {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return model.Region(parts[3])
}

// legacy puts the members that only the revision 2025-05-13 has into symbolic
// form.
func (b *binder) legacy(r *model.Reply, a Answer) {
	if a.Witness != nil && *a.Witness != "" {
		r.Legacy.Witness = model.Some(*a.Witness)
	}
	if a.Linked != nil {
		r.Legacy.Linked = append([]model.Handle{}, b.members(a.Linked)...)
	}
}

// made returns the handles that op gives to new clusters.
func made(op model.Op) []model.Handle {
	var list []model.Handle
	model.Edit(op, func(p *model.Parts) {
		if p.As != nil && *p.As != 0 {
			list = append(list, *p.As)
		}
		if p.Many != nil {
			list = append(list, *p.Many...)
		}
	})
	return list
}

// creates returns the handle that op gives to the one cluster that it creates,
// or 0.
func creates(op model.Op) model.Handle {
	switch op := op.(type) {
	case model.CreateCluster:
		return op.As
	case model.Hostile:
		return op.As
	}
	return 0
}
