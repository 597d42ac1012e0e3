package model

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The values that stand in a line.

// asked reads a cluster and the Region that is asked about it.
func (s *scanner) asked() (Ref, Region) {
	ref := ended(s, s.ref)
	return ref, s.at()
}

// resource reads a cluster, or a stream of it, and the Region that is asked.
func (s *scanner) resource() (Ref, StreamRef, Region) {
	ref, stream := s.about()
	s.next()
	return ref, stream, s.at()
}

// streamOf is resource where a stream must be named.
func (s *scanner) streamOf() (Ref, StreamRef, Region) {
	ref := s.ref()
	if !s.accept("/") {
		s.fail(s.pos, "got %s, want / and a stream", s.found(s.pos))
	}
	stream := ended(s, s.streamRef)
	return ref, stream, s.at()
}

// about reads a cluster, or a stream of it.
func (s *scanner) about() (ref Ref, stream StreamRef) {
	ref = s.ref()
	if s.accept("/") {
		stream = s.streamRef()
	}
	return ref, stream
}

// at reads the Region that is asked, if one is named.
func (s *scanner) at() Region {
	start := s.pos
	if !s.accept("@") {
		return ""
	}
	at := s.region()
	if at == "" {
		s.fail(start, "got an empty Region, want none or a name")
	}
	s.next()
	return at
}

// principal reads who asks.
func (s *scanner) principal() string {
	start := s.pos
	by := s.word("a principal")
	if by == "" {
		s.fail(start, "got an empty principal, want none or a name")
	}
	return by
}

func (s *scanner) ref() Ref {
	if s.peek() == '"' {
		return Ref{Literal: s.quoted()}
	}
	start := s.pos
	h := s.handle(MaxHandle)
	if s.peek() == '"' {
		s.fail(start, "got a cluster and an identifier, want one or the other")
	}
	return Ref{Handle: h}
}

func (s *scanner) streamRef() StreamRef {
	if s.peek() == '"' {
		return StreamRef{Literal: s.quoted()}
	}
	start := s.pos
	h := s.streamHandle(StreamHandle(MaxHandle))
	if s.peek() == '"' {
		s.fail(start, "got a stream and an identifier, want one or the other")
	}
	return StreamRef{Handle: h}
}

// handle reads c1 to the given limit.
func (s *scanner) handle(limit Handle) Handle {
	word, start := s.upTo("/:")
	if h := Handle(numbered(word, "c")); h > 0 && h <= limit && h.String() == word {
		return h
	}
	s.fail(start, "got cluster %s, want c1 to %v or an identifier in quotes", s.found(start), limit)
	return 0
}

// streamHandle reads s1 to the given limit.
func (s *scanner) streamHandle(limit StreamHandle) StreamHandle {
	word, start := s.upTo("/:")
	if h := StreamHandle(numbered(word, "s")); h > 0 && h <= limit && h.String() == word {
		return h
	}
	s.fail(start, "got stream %s, want s1 to %v or an identifier in quotes", s.found(start), limit)
	return 0
}

// numbered returns the number of a name, 0 for none.
func numbered(word, letter string) uint16 {
	n, err := strconv.ParseUint(strings.TrimPrefix(word, letter), 10, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// distinct reads names joined by commas, each once.
func distinct[T comparable](s *scanner, read func() T) []T {
	var list []T
	s.list(func() {
		start := s.pos
		name := read()
		if slices.Contains(list, name) {
			s.fail(start, "%v is named twice", name)
		}
		list = append(list, name)
	})
	return list
}

// refs reads the clusters that a request of the cluster self names.
func (s *scanner) refs(self Handle) []Ref {
	if s.accept("[]") {
		return nil
	}
	var list []Ref
	others := map[Handle]bool{}
	s.list(func() {
		start := s.pos
		ref := s.ref()
		if ref.Handle != 0 && ref.Handle != self {
			others[ref.Handle] = true
		}
		if len(others) > MaxPeers {
			s.fail(start, "got more than %d other clusters", MaxPeers)
		}
		list = append(list, ref)
	})
	return list
}

func (s *scanner) tags() Tags {
	m := map[string]string{}
	if s.accept("{}") {
		return NewTags(m)
	}
	s.list(func() {
		start := s.pos
		key := s.word("a tag key")
		if !s.accept("=") {
			s.fail(s.pos, "got %s, want = and a tag value", s.found(s.pos))
		}
		if _, twice := m[key]; twice {
			s.fail(start, "tag %q is given twice", key)
		}
		m[key] = s.word("a tag value")
	})
	return NewTags(m)
}

func (s *scanner) keys() []string {
	if s.accept("[]") {
		return nil
	}
	var list []string
	s.list(func() { list = append(list, s.word("a tag key")) })
	return list
}

// onOff reads a switch; name names it in errors.
func (s *scanner) onOff(name string) Switch {
	switch word, start := s.bare(); word {
	case Off.String():
		return Off
	case On.String():
		return On
	default:
		s.fail(start, "got %s %s, want on or off", name, s.found(start))
		return Unset
	}
}

func (s *scanner) status() Status {
	word, start := s.bare()
	status, err := ParseStatus(word)
	if err != nil {
		s.fail(start, "%v", err)
	}
	return status
}

func (s *scanner) shows() StreamStatus {
	word, start := s.bare()
	status, err := ParseStreamStatus(word)
	if err != nil {
		s.fail(start, "%v", err)
	}
	return status
}

// expect reads an expected policy version, or a text that is sent as it is.
func (s *scanner) expect() Expect {
	if s.peek() == '"' {
		return Expect{Literal: Some(s.quoted())}
	}
	return Expect{Version: s.version()}
}

func (s *scanner) token() Token {
	start := s.pos
	if s.peek() == '"' {
		return Token{Literal: Some(s.quoted())}
	}
	if !s.accept("t") || !s.digitAt(s.pos) {
		s.fail(start, "got token %s, want t1, t2, … or a text in quotes", s.found(start))
	}
	for s.digitAt(s.pos) {
		s.pos++
	}
	t := Token{Name: s.text[start:s.pos]}
	t.Near = s.accept("~")
	if s.accept(":") {
		t.Length = s.number("length", 128)
	}
	return t
}

// number reads a number from 1 to most; name names it in errors.
func (s *scanner) number(name string, most int) int {
	word, start := s.bare()
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > most {
		s.fail(start, "got %s %s, want a number from 1 to %d", name, s.found(start), most)
		return 0
	}
	return n
}

func (s *scanner) seed() uint64 {
	word, start := s.bare()
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil {
		s.fail(start, "got seed %s, want a whole number below 2^64", s.found(start))
	}
	return n
}

// duration reads a Go duration that is not negative.
func (s *scanner) duration() time.Duration {
	word := s.chunk(s.pos)
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 {
		s.fail(s.pos, "got duration %s, want one like 3s or 1m30s", s.found(s.pos))
		return 0
	}
	s.pos += len(word)
	return d
}

// path reads the path of a raw request: quoted, or what stands up to a space.
func (s *scanner) path() string {
	if s.peek() == '"' {
		return s.quoted()
	}
	word := s.chunk(s.pos)
	if !barePath(word) {
		s.fail(s.pos, "got path %s, want one that begins with / or stands in quotes", s.found(s.pos))
		return ""
	}
	s.pos += len(word)
	return word
}
