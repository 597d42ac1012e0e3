package generators

import (
	"slices"

	"dsqlconform/model"
)

// again draws an operation that uses a token again, or nearly.
func (d *draft) again() model.Line {
	// The last use is the likeliest: a replay long after is another question.
	op := d.used[len(d.used)-1]
	if d.bits(1) == 1 {
		op = oneOf(d, d.used)
	}
	token := tokenOf(op)
	op = d.anew(op)
	switch u := d.below(16); {
	case u < 10: // the identical request
	case u < 11:
		token.Near = true
	case u < 13:
		op = d.changed(op)
	case u < 15:
		op = d.otherwise(op)
	default:
		op = d.abroad(op)
	}
	return d.decorated(withToken(op, token))
}

// anew returns op with handles of its own for what it may create.
func (d *draft) anew(op model.Op) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		switch {
		case p.As != nil:
			*p.As = d.last + 1
		case p.StreamAs != nil:
			*p.StreamAs = d.lastStream + 1
		case p.Many != nil:
			list := make([]model.Handle, len(*p.Many))
			for i := range list {
				list[i] = d.last + 1 + model.Handle(i)
			}
			*p.Many = list
		}
	})
}

// changed draws another request of the same operation.
func (d *draft) changed(op model.Op) model.Op {
	switch op := op.(type) {
	case model.CreateCluster:
		if d.bits(1) == 0 {
			op.Tags, op.GivenTags = op.Tags.With(d.tags()), true
			return op
		}
		op.Protection = (op.Protection + 1) % (model.On + 1)
		return op
	case model.UpdateCluster:
		op.Protection = (op.Protection + 1) % (model.On + 1)
		return op
	case model.PutClusterPolicy:
		op.Policy = policies[(slices.Index(policies, op.Policy)+1)%len(policies)]
		return op
	case model.CreateStream:
		op.Tags, op.GivenTags = op.Tags.With(d.tags()), true
		return op
	case model.CreateMultiRegionClusters:
		op.Protection = (op.Protection + 1) % (model.On + 1)
		return op
	}
	return d.toward(op)
}

// others gives the mutating operations that take a token their counterpart:
// whoever confuses the uses of a token confuses these first.
var others = map[string]func(d *draft) model.Op{
	"PutClusterPolicy":          drawDeletePolicy,
	"DeleteClusterPolicy":       drawPutPolicy,
	"CreateStream":              drawDeleteStream,
	"DeleteStream":              drawDelete,
	"CreateMultiRegionClusters": drawDeleteLinked,
	"DeleteMultiRegionClusters": drawDelete,
}

// otherwise draws another operation.
func (d *draft) otherwise(op model.Op) model.Op {
	if d.live() == 0 {
		return drawCreate(d)
	}
	if draw := others[op.Name()]; draw != nil {
		return draw(d)
	}
	_, creates := op.(model.CreateCluster)
	_, updates := op.(model.UpdateCluster)
	switch {
	case creates && d.bits(1) == 0, updates && d.bits(1) == 0:
		return drawDelete(d)
	case !creates && urgeCreate(d) > 0:
		return drawCreate(d)
	}
	return drawUpdate(d)
}

// abroad draws the same request in another Region.
func (d *draft) abroad(op model.Op) model.Op {
	if create, ok := op.(model.CreateCluster); ok {
		if r, ok := d.elsewhere(create.Region); ok {
			create.Region = r
		}
		return create
	}
	if _, ok := op.(model.CreateMultiRegionClusters); ok {
		return fromElsewhere(d, op)
	}
	return d.toward(op)
}

// toward draws another cluster for the same request, wherever it lives.
func (d *draft) toward(op model.Op) model.Op {
	if d.live() == 0 {
		return op
	}
	return aim(op, d.someone(0), "")
}
