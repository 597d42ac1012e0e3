// Package generators makes test sequences and makes failing ones small.
//
// [Sequence] draws a sequence of a [Profile] with rapid, and [FromSeed] gives
// the one that belongs to a seed. A generator follows the happy path of the
// model while it draws, so that most operations mean something: they name
// clusters that exist, in statuses that allow them. No choreography is written
// down. Peerings, protected deletes and replays come about because each
// operation prefers what the predicted world is waiting for; what is drawn in
// between, left out or out of order is chance. A fixed share of the operations
// is hostile.
//
// [Shrink] takes a failing sequence and returns a smaller one. It works on the
// data, knows nothing of targets, and counts what it spends in operations
// executed, because those are what a target makes expensive.
//
// The package does not judge anything: what an answer may be is the model's to
// say.
package generators
