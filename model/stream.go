package model

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// What a belief tells about streams: [Belief.CanStream], [Belief.OverdueStream],
// [Belief.StreamExists], [Belief.StreamLeaving] and [Belief.StreamWaiting]. What
// a service does with them: [World.FindStream], [World.StreamsOf],
// [World.WithStream], [World.EnabledStream], [World.DueStream] and
// [World.TakeStream].

// StreamStatus is a status of a change stream as the service spells it, plus
// [StreamGone] for one whose record has vanished. The zero value is no status.
type StreamStatus uint8

// The statuses of a stream, section 2.3 of the facts (F173 to F178).
const (
	NoStream StreamStatus = iota
	StreamCreating
	StreamActive
	StreamImpaired
	StreamFailed
	StreamDeleting
	StreamDeleted
	StreamGone
)

var streamStatusNames = [...]string{"", "CREATING", "ACTIVE", "IMPAIRED", "FAILED", "DELETING", "DELETED", "gone"}

// String returns the service's spelling, "gone" for [StreamGone] and "" for no
// status.
func (s StreamStatus) String() string {
	if int(s) < len(streamStatusNames) {
		return streamStatusNames[s]
	}
	return fmt.Sprintf("StreamStatus(%d)", s)
}

// ParseStreamStatus returns the status with that spelling ("gone" included), and
// an error that names the text for any other.
func ParseStreamStatus(text string) (StreamStatus, error) {
	for i := StreamCreating; i <= StreamGone; i++ {
		if streamStatusNames[i] == text {
			return i, nil
		}
	}
	return NoStream, fmt.Errorf("got stream status %q, want one of %s", text, strings.Join(streamStatusNames[1:], ", "))
}

// StreamSet is a set of stream statuses.
type StreamSet uint8

// StreamStatuses returns the set of the given statuses.
func StreamStatuses(list ...StreamStatus) StreamSet {
	var set StreamSet
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

// Sets of stream statuses that rules speak of.
const (
	anyStream     = StreamSet(1<<StreamCreating | 1<<StreamActive | 1<<StreamImpaired | 1<<StreamFailed | leavingStream | 1<<StreamGone)
	leavingStream = StreamSet(1<<StreamDeleting | 1<<StreamDeleted) // on its way out
	endedStream   = StreamSet(1<<StreamDeleted | 1<<StreamGone)
	troubled      = StreamSet(1<<StreamImpaired | 1<<StreamFailed) // has a statusReason
)

// Has reports whether s is in the set.
func (set StreamSet) Has(s StreamStatus) bool { return set&(1<<s) != 0 }

// Len returns how many statuses the set holds.
func (set StreamSet) Len() int { return bits.OnesCount8(uint8(set)) }

// within reports whether the set holds nothing beside other.
func (set StreamSet) within(other StreamSet) bool { return set&^other == 0 }

// List returns the members in the order of the constants.
func (set StreamSet) List() []StreamStatus {
	var list []StreamStatus
	for s := StreamCreating; s <= StreamGone; s++ {
		if set.Has(s) {
			list = append(list, s)
		}
	}
	return list
}

// String returns the members joined by "|".
func (set StreamSet) String() string { return join(set.List(), "|", StreamStatus.String) }

// Stream is the state of one change stream. Nothing but the stream itself
// depends on its status, so a world holds the set of those that it may be in
// instead of one world for each; the service itself is in exactly one. Since,
// Shown and Seen stand outside its identity.
type Stream struct {
	Handle   StreamHandle
	Cluster  Handle
	Status   StreamSet
	Tags     Tags
	Own      bool // it was given a Kinesis stream or a role of its own
	Deleted  bool // a DeleteStream was accepted
	Nameless bool // the answer to its create was lost
	Vague    bool // after a finding: nothing but its existence is known until it is read

	Since Span          // when it came to the status that Shown is, or to an exact one
	Shown StreamStatus  // what the latest answer showed, NoStream before there was one
	Seen  time.Duration // when that answer came
}

// same reports whether s and d have the same identity.
func (s *Stream) same(d *Stream) bool {
	x := *s
	x.Since, x.Shown, x.Seen = d.Since, d.Shown, d.Seen
	return x == *d
}

// FindStream returns the stream with that handle, and whether there is a record
// of one: a stream that is gone counts as found.
func (w World) FindStream(h StreamHandle) (Stream, bool) {
	for i := range w.Streams {
		if w.Streams[i].Handle == h {
			return w.Streams[i], true
		}
	}
	return Stream{}, false
}

// StreamsOf returns the streams that cluster h has or had, in the order of their
// handles.
func (w World) StreamsOf(h Handle) []Stream {
	var list []Stream
	for i := range w.Streams {
		if w.Streams[i].Cluster == h {
			list = append(list, w.Streams[i])
		}
	}
	return list
}

// WithStream returns the world with s in place of the stream of the same handle,
// or added.
func (w World) WithStream(s Stream) World {
	i := 0
	for i < len(w.Streams) && w.Streams[i].Handle < s.Handle {
		i++
	}
	if i < len(w.Streams) && w.Streams[i].Handle == s.Handle {
		w.Streams = slices.Clone(w.Streams)
		w.Streams[i] = s
	} else {
		w.Streams = slices.Insert(slices.Clip(w.Streams), i, s)
	}
	return w
}

// ended reports whether the streams of cluster h may be anything, as what becomes
// of them when it goes is open (Q29).
func (w *World) ended(h Handle) bool {
	for i := range w.Clusters {
		if c := &w.Clusters[i]; c.Handle == h {
			return c.Deleted || leaving.Has(c.Status) || c.Status == Gone || c.Status == Failed
		}
	}
	return true
}

// steady reports whether the stream surely did not become IMPAIRED or FAILED
// unseen: it was shown to be neither within the floor, and what it delivers to
// can be used (F175, F176).
func steady(w *World, s *Stream) bool {
	if !w.Env.Kinesis || s.Own || s.Vague || s.Shown == NoStream || troubled.Has(s.Shown) || w.Now-s.Seen >= w.Env.Floor {
		return false
	}
	c, _ := w.Find(s.Cluster)
	return c.Key == "" && !c.Rekeyed
}

// likely returns the statuses of the stream, without those that an unseen
// trouble of short notice would be needed for.
func likely(w *World, s *Stream) StreamSet {
	if steady(w, s) {
		return s.Status &^ troubled
	}
	return s.Status
}
