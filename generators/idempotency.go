package generators

import "dsqlconform/model"

// again draws an operation that uses a token again, or nearly.
func (d *draft) again() model.Line {
	// The last use is the likeliest: a replay long after is another question.
	op := d.used[len(d.used)-1]
	if d.bits(1) == 1 {
		op = oneOf(d, d.used)
	}
	token := tokenOf(op)
	if create, ok := op.(model.CreateCluster); ok {
		create.As = d.next()
		op = create
	}
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
	}
	return d.toward(op)
}

// otherwise draws another operation.
func (d *draft) otherwise(op model.Op) model.Op {
	if d.live() == 0 {
		return drawCreate(d)
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
	return d.toward(op)
}

// toward draws another cluster for the same request, wherever it lives.
func (d *draft) toward(op model.Op) model.Op {
	if d.live() == 0 {
		return op
	}
	return aim(op, d.someone(0), "")
}
