package model

import "slices"

// Rules about streams that are no row of an operation's table or of the
// lifecycle.
var (
	ruleStreamStatus = Rule{ID: "DSQL-STR-000", Says: "the status of a stream changes only along the transitions of its lifecycle",
		Cite: cite("F173", "F174", "F175", "F177"), Basis: Documented, Force: Must}
	ruleStreamFailed = Rule{ID: "DSQL-STR-020", Says: "a FAILED stream stays FAILED until it is deleted",
		Cite: cite("F177"), Basis: Documented, Force: Must}
	ruleStreamGone = Rule{ID: "DSQL-STR-021", Says: "a stream that is gone does not come back",
		Cite: cite("F057", "F173"), Basis: Modelled, Force: Must}
	ruleStreamForm = Rule{ID: "DSQL-STR-022", Says: "a stream is UNORDERED and of format JSON",
		Cite: cite("F173"), Basis: Modelled, Force: Must}
	ruleStreamTarget = Rule{ID: "DSQL-STR-023", Says: "a stream shows the target that it was given, if any",
		Cite: cite("F173"), Basis: Modelled, Force: Must}
	ruleStreamReason = Rule{ID: "DSQL-STR-024", Says: "a stream that is IMPAIRED or FAILED shows a statusReason",
		Cite: cite("F178"), Basis: Documented, Force: Must}
	ruleStreamIdentity = Rule{ID: "DSQL-STR-025", Says: "an answer names the stream that was asked for",
		Cite: cite("F009", "F173"), Basis: Modelled, Force: Must}
	ruleStreamFresh = Rule{ID: "DSQL-STR-026", Says: "a new stream has an identifier of its own",
		Cite: cite("F009", "F173"), Basis: Modelled, Force: Must}
)

// streamRules returns the rules about streams that are no row of an operation's
// table.
func streamRules() []Rule {
	list := []Rule{
		ruleStreamStatus, ruleStreamFailed, ruleStreamGone, ruleStreamForm, ruleStreamTarget, ruleStreamReason,
		ruleStreamIdentity, ruleStreamFresh,
		ruleStreamListed, ruleStreamUnlisted, ruleStreamOnce, ruleStreamRow,
	}
	for i := range streamTransitions {
		list = append(list, streamTransitions[i].Rule)
	}
	return list
}

// StreamWant says which parts of a reply about streams are allowed.
type StreamWant struct {
	Handle StreamHandle // whom the identifier must name; 0: the reply is about no single stream
	As     StreamHandle // the name that the request gives to a new stream, 0 for none
	Fresh  bool         // the identifier must be one never seen before
	Status StreamSet    // allowed statuses
	Now    bool         // the status shown is that of the moment, not of an earlier answer
	Form   bool         // ordering and format are part of the reply
	Detail bool         // target and statusReason are part of the reply

	Of       Handle         // the reply is a listing of this cluster's streams; 0: it is none
	Listed   []StreamHandle // of a listing: ours that must appear, sorted
	Unlisted []StreamHandle // of a listing: ours that must not appear, sorted
}

// text returns the allowed values for a line, see [Want.String].
func (w *StreamWant) text() string {
	if w.Of != 0 {
		rest := ""
		if len(w.Unlisted) > 0 {
			rest = "(-" + join(w.Unlisted, ",", StreamHandle.String) + ")"
		}
		return words("streams="+flag("any", len(w.Listed) == 0)+join(w.Listed, ",", StreamHandle.String), rest)
	}
	return words(w.Handle.String(), flag("(fresh)", w.Fresh), w.Status.String(),
		flag("order=UNORDERED format=JSON", w.Form), flag("target=on", w.Detail), flag("reason", w.Detail && w.Status.within(troubled)))
}

// The shapes of what a listing of streams may show for a moment.
const (
	streamMissing = "a stream is missing"
	streamLingers = "a stream that is gone"
)

// diff tells miss in which respects a reply is not what was wanted. loose says
// that the call was retried, so that a later status may show.
func (w *StreamWant) diff(in *World, r *Reply, loose bool, miss func(RuleID, string)) {
	switch {
	case w == nil:
	case w.Of != 0:
		w.listing(in, r, miss)
	default:
		w.single(in, r, loose, miss)
	}
}

func (w *StreamWant) single(in *World, r *Reply, loose bool, miss func(RuleID, string)) {
	got := &r.Stream
	if s, known := in.FindStream(w.Handle); got.Handle != w.Handle {
		switch {
		case known && s.Nameless && w.As != 0 && got.Handle == w.As: // the lost answer's stream has got its name
		case w.Fresh:
			miss(ruleStreamFresh.ID, "an identifier in use")
		case w.As != 0:
			miss(ruleReplay.ID, "another stream")
		default:
			miss(ruleStreamIdentity.ID, "another stream")
		}
	}
	if w.Form && (got.Ordering != "UNORDERED" || got.Format != "JSON") {
		miss(ruleStreamForm.ID, "another ordering or format")
	}
	if w.Detail && got.Target == Off {
		miss(ruleStreamTarget.ID, "another target")
	}
	if w.Detail && troubled.Has(got.Status) && !got.Reason {
		miss(ruleStreamReason.ID, got.Status.String()+" without a reason")
	}
	set := w.Status
	if loose {
		set = set.closed()
	}
	if !set.Has(got.Status) {
		rule := streamWhy(set, got.Status)
		if w.Fresh {
			rule = "DSQL-STR-001"
		}
		miss(rule, "status "+orNone(got.Status.String()))
	}
}

func (w *StreamWant) listing(in *World, r *Reply, miss func(RuleID, string)) {
	got := &r.Stream
	for i := range in.Streams {
		if slices.Contains(got.Twice, in.Streams[i].Handle) {
			miss(ruleStreamOnce.ID, "a stream twice")
		}
	}
	for _, h := range w.Unlisted {
		if !slices.Contains(got.Listed, h) {
			continue
		}
		shape := streamLingers
		if s, _ := in.FindStream(h); s.Cluster != w.Of {
			shape = "a stream of another cluster"
		}
		miss(ruleStreamUnlisted.ID, shape)
	}
	for _, h := range w.Listed {
		if !slices.Contains(got.Listed, h) {
			miss(ruleStreamListed.ID, streamMissing)
		}
	}
	for i, h := range got.Listed {
		s, known := in.FindStream(h)
		if !known || i >= len(got.Shown) || got.Shown[i] == NoStream || slices.Contains(w.Unlisted, h) {
			continue
		}
		if !s.Status.Has(got.Shown[i]) {
			miss(ruleStreamRow.ID, "status "+got.Shown[i].String())
		}
	}
}
