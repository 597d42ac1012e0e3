package conformance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"dsqlconform/model"
)

// streams ties the symbolic names of change streams to the target's own, as
// [binder] does for clusters.
type streams struct {
	handles map[string]model.StreamHandle // by identifier
	bound   map[model.StreamHandle]*channel
	voids   map[model.StreamHandle]string // identifiers of streams that do not exist
	sent    map[string][]Kinesis          // what CreateStream has asked for, by token
	extra   []model.StreamHandle          // streams that no create of ours should have made
	spares  model.StreamHandle
	given   Kinesis // for those that name none of their own
}

// channel is what must never change about a stream.
type channel struct {
	identity
	cluster string    // identifier of its cluster
	targets []Kinesis // where it may deliver to
	of      model.Ref // its cluster, as the sequence names it
}

func newStreams() streams {
	return streams{
		handles: map[string]model.StreamHandle{},
		bound:   map[model.StreamHandle]*channel{},
		voids:   map[model.StreamHandle]string{},
		sent:    map[string][]Kinesis{},
		given:   MadeUp,
	}
}

// spare returns a handle that no sequence uses.
func (s *streams) spare() model.StreamHandle {
	s.spares++
	return model.StreamHandle(model.MaxHandle) + s.spares
}

// identifier returns what a reference is sent as.
func (s *streams) identifier(b *binder, r model.StreamRef) string {
	if r.Handle == 0 {
		return r.Literal
	}
	if c := s.bound[r.Handle]; c != nil {
		return c.id
	}
	if s.voids[r.Handle] == "" {
		s.voids[r.Handle] = b.word(idAlphabet, 26)
	}
	return s.voids[r.Handle]
}

// arn returns the ARN of what a reference to a stream of that cluster is sent
// as.
func (s *streams) arn(b *binder, r model.StreamRef, cluster string) string {
	if r.Handle == 0 && strings.HasPrefix(r.Literal, "arn:") {
		return r.Literal
	}
	// The stream's own cluster may be another than the one that is named.
	if c := s.bound[r.Handle]; c != nil && strings.HasPrefix(c.arn, cluster+"/") {
		return c.arn
	}
	return cluster + "/stream/" + s.identifier(b, r)
}

// send fills in where a new stream is to deliver to.
func (s *streams) send(b *binder, call *Call, stream, role model.Maybe) {
	call.Kinesis, call.Role = b.fill(s.given.Stream, call.Region), b.fill(s.given.Role, call.Region)
	if stream.Given {
		call.Kinesis = b.fill(stream.Value, call.Region)
	}
	if role.Given {
		call.Role = b.fill(role.Value, call.Region)
	}
	target := Kinesis{call.Kinesis, call.Role}
	if !slices.Contains(s.sent[call.Token], target) {
		s.sent[call.Token] = append(s.sent[call.Token], target)
	}
}

// streamStatus returns the status of that name, none for what is no status of
// an answer.
func streamStatus(name string) model.StreamStatus {
	status, err := model.ParseStreamStatus(name)
	if err != nil || status == model.StreamGone {
		return model.NoStream
	}
	return status
}

// reply puts an answer about one stream into symbolic form, binds what it made,
// and compares what must not change.
func (s *streams) reply(b *binder, r *model.Reply, call Call, a *Stream) {
	r.Stream.Status = streamStatus(a.Status)
	r.Stream.Ordering, r.Stream.Format, r.Stream.Reason = a.Ordering, a.Format, a.Reason
	if a.Cluster != "" {
		r.Cluster = model.Unknown
		if h, ok := b.handles[a.Cluster]; ok {
			r.Cluster = h
		}
	}
	if a.Identifier == "" {
		return
	}
	as := createsStream(call.Op)
	h, seen := s.handles[a.Identifier]
	if !seen {
		r.Stream.Handle = model.UnknownStream
		if as == 0 {
			return
		}
		if s.bound[as] != nil {
			as = s.spare()
			s.extra = append(s.extra, as)
		}
		c := &channel{
			identity: identity{id: a.Identifier, arn: a.ARN, created: a.Created.Truncate(time.Second), region: call.Region},
			cluster:  cmp.Or(a.Cluster, call.Identifier),
			targets:  s.sent[call.Token],
		}
		model.Edit(call.Op, func(p *model.Parts) { c.of = *p.Ref })
		s.handles[a.Identifier], s.bound[as], h = as, c, as
	}
	r.Stream.Handle = h
	c := s.bound[h]
	if as != 0 && s.bound[as] == nil {
		s.bound[as] = c
	}
	var changed []string
	if a.Cluster != "" && a.Cluster != c.cluster {
		changed = append(changed, "identifier")
	}
	if a.ARN != "" && a.ARN != c.arn {
		changed = append(changed, "arn")
	}
	r.Changed = strings.Join(append(changed, c.age(a.Created)...), ",")
	if a.Kinesis != "" || a.Role != "" {
		r.Stream.Target = model.SwitchOf(slices.Contains(c.targets, Kinesis{a.Kinesis, a.Role}))
	}
}

// list adds a page of a listing of streams to a reply.
func (s *streams) list(r *model.Reply, page []Stream) {
	r.Stream.Listed = []model.StreamHandle{}
	shown := map[model.StreamHandle]model.StreamStatus{}
	for _, row := range page {
		h, ok := s.handles[row.Identifier]
		if !ok {
			continue
		}
		if _, again := shown[h]; again {
			if !slices.Contains(r.Stream.Twice, h) {
				r.Stream.Twice = append(r.Stream.Twice, h)
			}
			continue
		}
		shown[h] = streamStatus(row.Status)
		r.Stream.Listed = append(r.Stream.Listed, h)
	}
	slices.Sort(r.Stream.Listed)
	slices.Sort(r.Stream.Twice)
	for _, h := range r.Stream.Listed {
		r.Stream.Shown = append(r.Stream.Shown, shown[h])
	}
}

// createsStream returns the handle that op gives to a new stream, or 0.
func createsStream(op model.Op) model.StreamHandle {
	switch op := op.(type) {
	case model.CreateStream:
		return op.As
	case model.Hostile:
		if op.Operation == (model.CreateStream{}).Name() {
			return op.Stream.Handle
		}
	}
	return 0
}
