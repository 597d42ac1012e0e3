package generators

import (
	"slices"

	"dsqlconform/model"
)

// The twists of the retired operations.

// oneRegion links a single cluster.
func oneRegion(_ *draft, op model.Op) model.Op {
	return onCreateLinked(op, func(op *model.CreateMultiRegionClusters) {
		op.As, op.Linked = op.As[:1], op.Linked[:1]
	})
}

func regionTwice(_ *draft, op model.Op) model.Op {
	return onCreateLinked(op, func(op *model.CreateMultiRegionClusters) {
		op.Linked = []model.Region{op.Linked[0], op.Linked[0]}
	})
}

// witnessLinked takes a Region of the clusters for the witness.
func witnessLinked(d *draft, op model.Op) model.Op {
	return onCreateLinked(op, func(op *model.CreateMultiRegionClusters) { op.Witness = oneOf(d, op.Linked) })
}

// fromElsewhere asks another Region for the same.
func fromElsewhere(d *draft, op model.Op) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		if r, ok := d.elsewhere(*p.Region); ok {
			*p.Region = r
		}
	})
}

func onCreateLinked(op model.Op, change func(*model.CreateMultiRegionClusters)) model.Op {
	create, ok := op.(model.CreateMultiRegionClusters)
	if !ok {
		return op
	}
	create.As, create.Linked = slices.Clone(create.As), slices.Clone(create.Linked)
	change(&create)
	return create
}

func linkedNobody(d *draft, op model.Op) model.Op { return withLinked(op, d.stranger()) }

func linkedMalformed(d *draft, op model.Op) model.Op {
	return withLinked(op, model.Ref{Literal: oneOf(d, badIdentifiers)})
}

func linkedNone(_ *draft, op model.Op) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		if p.Refs != nil {
			*p.Refs = nil
		}
	})
}

func linkedTwice(_ *draft, op model.Op) model.Op {
	if all, ok := op.(model.DeleteMultiRegionClusters); ok {
		return withLinked(op, all.Refs[0])
	}
	return op
}

// withLinked returns op about one cluster more.
func withLinked(op model.Op, ref model.Ref) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		if p.Refs != nil {
			*p.Refs = append(slices.Clip(*p.Refs), ref)
		}
	})
}
