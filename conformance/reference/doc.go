// Package reference is an embedded endpoint that speaks the control-plane
// protocol of Aurora DSQL: an [http.Handler] over [model.Step].
//
// Where the model allows several answers, a [Temperament] chooses one. Its
// table acts out what the documents leave open, so that a suite can be shown to
// stay silent about all of it. Faults are laid over the model by replacing
// [Options.Step] or the tables of transitions, as package mutants does.
//
// It serves either revision of the API: where a request is asked, what it is made
// of and what is answered come from the table of shapes, [model.Shapes].
//
// It proves nothing about AWS, and it is no emulator of the data plane: there
// is no database behind it.
//
//	e := reference.New(reference.Options{})
//	server := httptest.NewServer(e)
package reference
