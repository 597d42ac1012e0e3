package reference

import (
	"maps"
	"slices"
	"time"

	"dsqlconform/model"
)

// stream is a change stream beside its state.
type stream struct {
	id      string
	cluster model.Handle
	born    time.Duration
	target  any // targetDefinition, as it was given
}

// streamHandle returns a handle for a new stream, and false when there are too
// many for one.
func (h *holdings) streamHandle() (model.StreamHandle, bool) {
	for range model.UnknownStream {
		n := h.nextStream
		h.nextStream++
		if h.nextStream == model.UnknownStream {
			h.nextStream = 1
		}
		if h.streams[n].id == "" {
			return n, true
		}
	}
	return 0, false
}

// lookupStream returns how to name, to the model, the stream with that
// identifier.
func (h *holdings) lookupStream(id string) model.StreamRef {
	if s, ok := h.byStreamID[id]; ok {
		return model.StreamRef{Handle: s}
	}
	return model.StreamRef{Literal: id}
}

// adoptStreams makes the streams of next the present ones. Those that are gone,
// or whose cluster is, are buried.
func (h *holdings) adoptStreams(e *Endpoint, next model.World) {
	live := make([]model.Stream, 0, len(next.Streams))
	for _, s := range next.Streams {
		if h.streams[s.Handle].id == "" {
			id := e.dice.identifier()
			h.streams[s.Handle] = stream{id: id, cluster: s.Cluster, born: next.Now}
			h.byStreamID[id] = s.Handle
		}
		if _, lives := h.world.Live(s.Cluster); lives && s.Status != model.StreamStatuses(model.StreamGone) {
			live = append(live, s)
		} else if !h.buried[s.Handle] {
			h.buried[s.Handle] = true
			h.graves = append(h.graves, grave{stream: s.Handle, at: next.Now})
		}
	}
	h.world.Streams = live
}

// forgetStream forgets a stream and the tokens that stand for it.
func (h *holdings) forgetStream(dead model.StreamHandle) {
	s := h.streams[dead]
	for _, token := range h.tokens[s.cluster] {
		h.forgetUses(token, func(u model.Use) bool { return u.Stream == dead })
	}
	delete(h.byStreamID, s.id)
	delete(h.streams, dead)
	delete(h.buried, dead)
}

// described keeps what a call said of the streams that are new.
func (h *holdings) described(call request) {
	for _, s := range h.world.Streams {
		if about := h.streams[s.Handle]; about.target == nil {
			about.target = call.sent["targetDefinition"]
			h.streams[s.Handle] = about
		}
	}
}

// stream fills in what an answer says of one stream.
func (e *Endpoint) stream(want *model.StreamWant, body map[string]any) {
	set := want.Status &^ model.StreamStatuses(model.StreamGone)
	s, _ := e.hold.world.FindStream(want.Handle)
	status := model.StreamDeleting
	if list := set.List(); len(list) > 0 {
		status = list[0]
	}
	if now := s.Status & set; now != 0 && !e.opts.Temperament.Manner.Original {
		status = now.List()[0]
	}
	maps.Copy(body, e.streamRow(want.Handle, status))
	body["ordering"], body["format"] = "UNORDERED", "JSON"
	if want.Detail {
		if target := e.hold.streams[want.Handle].target; target != nil && !e.opts.Temperament.Manner.Bare {
			body["targetDefinition"] = target
		}
		if cause := streamErrors[status]; cause != "" {
			body["statusReason"] = map[string]any{"error": cause, "updatedAt": e.seconds(s.Since.Late)}
		}
	}
}

// streamErrors says why a stream is in trouble.
var streamErrors = map[model.StreamStatus]string{
	model.StreamImpaired: "KINESIS_THROUGHPUT_EXCEEDED",
	model.StreamFailed:   "KINESIS_STREAM_NOT_FOUND",
}

// streamRow returns what a listing says of a stream that shows a status.
func (e *Endpoint) streamRow(h model.StreamHandle, status model.StreamStatus) map[string]any {
	s := e.hold.streams[h]
	return map[string]any{
		"clusterIdentifier": e.hold.ids[s.cluster],
		"streamIdentifier":  s.id,
		"arn":               e.arn(s.cluster) + "/stream/" + s.id,
		"creationTime":      e.seconds(s.born),
		"status":            status.String(),
	}
}

// listStreams fills in one page of a listing of streams.
func (e *Endpoint) listStreams(want *model.StreamWant, call request, body map[string]any) {
	rows := map[string]any{}
	for _, s := range e.hold.world.StreamsOf(want.Of) {
		must, open := slices.Contains(want.Listed, s.Handle), !slices.Contains(want.Unlisted, s.Handle)
		if must || open && !e.opts.Temperament.Manner.Bare {
			rows[e.hold.streams[s.Handle].id] = e.streamRow(s.Handle, s.Status.List()[0])
		}
	}
	op, _ := call.op.(model.ListStreams)
	body["streams"] = e.page(rows, e.hold.ids[want.Of], op.Max, 10, call.after, body)
}
