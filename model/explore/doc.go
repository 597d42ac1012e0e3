// Package explore searches the model exhaustively within bounds: every world that
// can be reached by the calls of a [Bounds] and by what the service does by
// itself, over the same [model.Step] that judges targets. It checks that no world
// breaks an invariant, that no step does, that no rule contradicts another, that
// nobody is stuck and that every account can be emptied, and tells the shortest
// way to what it finds. It notes which statuses and rules were met, so that a
// rule that never applies is found as well.
//
// A search is breadth first. A visited world is kept as a key of a few words, and
// a level is finished before the next begins, so that the result does not depend
// on the number of workers.
package explore
