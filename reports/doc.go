// Package reports writes what a run found, for people and for programs.
//
// [New] turns a [conformance.Result] into a [Report], the one type that every
// writer takes: [WriteJSON], [WriteMarkdown] and [WriteJUnit]. [Bug] and
// [Script] write one finding so that a stranger can act on it, and
// [TraceWriter] keeps every call of a run as it happens. [WriteDir] lays all of
// them out in a directory.
//
// Everything that came from a target is untrusted. It is cleaned once, when it
// enters a Report, a bug report or a trace: valid UTF-8, and without
// credentials and signatures. Each writer then quotes it for its own format.
//
// The package judges nothing: verdicts are those of package conformance.
package reports
