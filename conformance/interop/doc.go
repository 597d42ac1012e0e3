// Package interop holds tests against control planes that nobody here wrote:
// the emulators moto and MiniStack, each started from its preset on a loopback
// port. They show that the suite judges strangers as it should: what it finds is
// what the preset's list of known divergences says, and nothing else.
//
// The emulators are installed by .ci/emulators. The tests look for them in the
// directory that DSQLCONFORM_EMULATORS names, else where that script puts them,
// and are skipped where they are not installed, unless CI is set.
package interop
