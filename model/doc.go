// Package model is a formal lifecycle model of Amazon Aurora DSQL clusters:
// what the control plane may answer to a call, given everything that happened
// before it.
//
// It is pure. It imports only the standard library, starts no goroutine, does
// no I/O and reads no clock: times are told to it, as durations since the
// start of a run.
//
// [Step] says, for one fully known [World] and one [Op], the set of allowed
// [Outcome] values, each naming the [Rule] rows that made it. A [Belief] is the
// set of worlds that explain all answers so far: it closes under the
// service-driven transitions, keeps the worlds that explain the next answer,
// and an answer that no world explains is a finding. That is conformance in the
// sense of ioco (Tretmans 1996): what the target does must be within what the
// specification allows, and what the specification leaves open is legal.
//
// The model promises no false alarm, and may miss faults. It is not a test
// suite (see package conformance) and not an endpoint (see package reference).
package model
