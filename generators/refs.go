package generators

import "dsqlconform/model"

// What operations share, under the names that this package uses.
var (
	refOf        = model.RefOf
	aim          = model.WithRef
	multiOf      = model.MultiOf
	withMulti    = model.WithMulti
	tokenOf      = model.TokenOf
	withToken    = model.WithToken
	carriesToken = model.TakesToken
)

// renamed returns op with every cluster replaced, those that it makes included.
func renamed(op model.Op, name func(model.Handle) model.Handle) model.Op {
	return model.Rename(op, name, nil)
}

// uses yields every cluster that op names, those that it makes first.
func uses(op model.Op, yield func(model.Handle)) { model.Uses(op, yield, nil) }
