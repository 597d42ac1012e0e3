package reference

import (
	"cmp"

	"dsqlconform/model"
)

// authorise reports whether the principal with that access key surely lacks a
// permission that op needs. Who is none of [Options.Principals] may do everything.
func (e *Endpoint) authorise(key string, op model.Op) (denied bool) {
	principal := e.opts.Principals[key]
	return principal != nil && principal.Permit(e.hold.world, op, e.names()) == model.Denied
}

// names returns what the handles of the world stand for.
func (e *Endpoint) names() model.Names {
	return model.Names{
		Account:    e.opts.Account,
		Identifier: func(h model.Handle) string { return cmp.Or(e.hold.ids[h], model.Unsaid) },
		Stream:     func(h model.StreamHandle) string { return cmp.Or(e.hold.streams[h].id, model.Unsaid) },
	}
}
