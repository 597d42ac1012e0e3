package model

import "slices"

// StreamTransition is a row of the lifecycle of a change stream: an edge between
// two statuses, as [Transition] is for clusters. A fair edge must be taken within
// the settle time, where [World.DueStream] says so.
type StreamTransition struct {
	Rule
	From, To StreamStatus
	By       Cause
	Fair     bool
}

// streamTransitions is the lifecycle of a change stream, section 2.3 of the
// facts.
var streamTransitions = []StreamTransition{
	{Rule{ID: "DSQL-STR-001", Says: "a new stream is CREATING", Cite: cite("F174"), Basis: Documented, Force: Must},
		NoStream, StreamCreating, ByCreateStream, false},
	{Rule{ID: "DSQL-STR-002", Says: "a stream whose Kinesis stream and role can be used becomes ACTIVE", Cite: cite("F174"), Basis: Documented, Force: Must},
		StreamCreating, StreamActive, ByService, true},
	{Rule{ID: "DSQL-STR-003", Says: "a stream that is CREATING may fail", Cite: cite("F175", "F176"), Basis: Documented, Force: May},
		StreamCreating, StreamFailed, ByService, false},
	{Rule{ID: "DSQL-STR-004", Says: "an ACTIVE stream that cannot deliver becomes IMPAIRED", Cite: cite("F175", "F176"), Basis: Documented, Force: May},
		StreamActive, StreamImpaired, ByService, false},
	{Rule{ID: "DSQL-STR-005", Says: "an IMPAIRED stream that can deliver again becomes ACTIVE", Cite: cite("F175", "F178"), Basis: Documented, Force: May},
		StreamImpaired, StreamActive, ByService, false},
	{Rule{ID: "DSQL-STR-006", Says: "an IMPAIRED stream may fail", Cite: cite("F175"), Basis: Documented, Force: May},
		StreamImpaired, StreamFailed, ByService, false},
	{Rule{ID: "DSQL-STR-007", Says: "an ACTIVE stream whose Kinesis stream is missing fails", Cite: cite("F175"), Basis: Documented, Force: May},
		StreamActive, StreamFailed, ByService, false},
	{Rule{ID: "DSQL-STR-008", Says: "deleting an ACTIVE stream takes it to DELETING", Cite: cite("F173", "F177"), Basis: Modelled, Force: Must},
		StreamActive, StreamDeleting, ByDeleteStream, false},
	{Rule{ID: "DSQL-STR-009", Says: "deleting a FAILED stream takes it to DELETING", Cite: cite("F177"), Basis: Documented, Force: Must},
		StreamFailed, StreamDeleting, ByDeleteStream, false},
	{Rule{ID: "DSQL-STR-010", Says: "an IMPAIRED stream may be deleted", Cite: cite("F177"), Basis: Assumed, Force: May},
		StreamImpaired, StreamDeleting, ByDeleteStream, false},
	{Rule{ID: "DSQL-STR-011", Says: "a stream that is CREATING may be deleted", Cite: cite("F177"), Basis: Assumed, Force: May},
		StreamCreating, StreamDeleting, ByDeleteStream, false},
	{Rule{ID: "DSQL-STR-012", Says: "a DELETING stream ends in not found", Cite: cite("F057", "F173"), Basis: Modelled, Force: Must},
		StreamDeleting, StreamGone, ByService, true},
	{Rule{ID: "DSQL-STR-013", Says: "DELETED may show before a stream is not found", Cite: cite("F173"), Basis: Modelled, Force: May},
		StreamDeleting, StreamDeleted, ByService, false},
	{Rule{ID: "DSQL-STR-014", Says: "a DELETED stream ends in not found", Cite: cite("F057", "F173"), Basis: Modelled, Force: Must},
		StreamDeleted, StreamGone, ByService, true},
}

// StreamTransitions returns the table of the lifecycle of a stream, in order.
func StreamTransitions() []StreamTransition { return slices.Clone(streamTransitions) }

// streamEdges are the edges that the service takes, by status before.
var streamEdges = func() (index [StreamGone + 1][]*StreamTransition) {
	for i := range streamTransitions {
		if t := &streamTransitions[i]; t.By == ByService {
			index[t.From] = append(index[t.From], t)
		}
	}
	return index
}()

// reach is what the service can make of a status by itself, that status
// included.
var reach = func() (sets [StreamGone + 1]StreamSet) {
	for s := StreamCreating; s <= StreamGone; s++ {
		sets[s] = StreamStatuses(s)
		for from := StreamCreating; from <= StreamGone; from++ {
			for again := StreamCreating; again <= StreamGone; again++ {
				if sets[s].Has(again) {
					for _, t := range streamEdges[again] {
						sets[s] |= StreamStatuses(t.To)
					}
				}
			}
		}
	}
	return sets
}()

// closed returns the set and all that the service can make of it by itself.
func (set StreamSet) closed() StreamSet {
	all := set
	for s := StreamCreating; s <= StreamGone; s++ {
		if set.Has(s) {
			all |= reach[s]
		}
	}
	return all
}

// EnabledStream returns the service-driven transitions that stream h may take
// from one of the statuses that it may be in.
func (w World) EnabledStream(h StreamHandle) []*StreamTransition {
	s, ok := w.FindStream(h)
	if !ok {
		return nil
	}
	var list []*StreamTransition
	for _, from := range s.Status.List() {
		list = append(list, streamEdges[from]...)
	}
	return list
}

// DueStream returns the fair transition that stream h must take, or nil when it
// may stay as it is for ever.
func (w World) DueStream(h StreamHandle) *StreamTransition {
	s, ok := w.FindStream(h)
	if !ok {
		return nil
	}
	return dueStream(&w, &s)
}

// dueStream returns a fair transition that the stream must take whichever status
// it is in. A set-up is owed where nothing that is known stands in its way.
func dueStream(w *World, s *Stream) *StreamTransition {
	c, ok := w.Find(s.Cluster)
	if !ok || s.Status == 0 || s.Vague || s.Nameless || w.ended(s.Cluster) {
		return nil
	}
	var due *StreamTransition
	for _, from := range s.Status.List() {
		i := slices.IndexFunc(streamEdges[from], func(t *StreamTransition) bool { return t.Fair })
		if i < 0 || from == StreamCreating && !(w.Env.Kinesis && !s.Own && c.Status == Active && !c.Multi && c.Key == "" && !c.Rekeyed) {
			return nil
		}
		if due == nil {
			due = streamEdges[from][i]
		}
	}
	return due
}

// TakeStream returns the world after stream h took t, at some moment up to Now.
func (w World) TakeStream(h StreamHandle, t *StreamTransition) World {
	s, ok := w.FindStream(h)
	if !ok {
		return w
	}
	s.Status = StreamStatuses(t.To)
	s.Since = Span{Early: s.Since.Early, Late: w.Now}
	return w.WithStream(s)
}

// streamWhy names the rule that a service breaks by showing status got of a
// stream that was in one of set.
func streamWhy(set StreamSet, got StreamStatus) RuleID {
	switch {
	case set.within(endedStream):
		return ruleStreamGone.ID
	case set == StreamStatuses(StreamFailed) && got != StreamDeleting && got != StreamDeleted:
		return ruleStreamFailed.ID
	}
	return ruleStreamStatus.ID
}
