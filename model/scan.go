package model

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads one line from left to right. The first failure sticks: after
// it, everything reads as zero and the line as ended.
type scanner struct {
	line int
	text string
	pos  int
	err  *SyntaxError

	as     []Handle     // the new clusters of the operation, see verbs
	stream StreamHandle // or its new stream
}

func newScanner(line int, text string) *scanner {
	s := &scanner{line: line, text: strings.TrimRight(text, " \t\r\n")}
	for i, r := range s.text {
		if r == utf8.RuneError && !strings.HasPrefix(s.text[i:], string(utf8.RuneError)) {
			s.fail(i, `got a byte that is not UTF-8, want the escape "\x%02x"`, s.text[i])
		}
	}
	s.skip()
	return s
}

func (s *scanner) fail(at int, format string, args ...any) {
	if s.err == nil {
		s.err = &SyntaxError{s.line, at + 1, fmt.Sprintf(format, args...)}
	}
	s.pos = len(s.text)
}

func (s *scanner) end() bool { return s.pos >= len(s.text) }

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.end() {
		return 0
	}
	return s.text[s.pos]
}

func (s *scanner) digitAt(i int) bool {
	return i < len(s.text) && s.text[i] >= '0' && s.text[i] <= '9'
}

// accept consumes the given text if it comes next.
func (s *scanner) accept(text string) bool {
	if !strings.HasPrefix(s.text[min(s.pos, len(s.text)):], text) {
		return false
	}
	s.pos += len(text)
	return true
}

// skip consumes spaces.
func (s *scanner) skip() {
	for s.peek() == ' ' || s.peek() == '\t' {
		s.pos++
	}
}

// next ends a word: a space or the end of the line must follow.
func (s *scanner) next() {
	if !s.end() && s.peek() != ' ' && s.peek() != '\t' {
		s.fail(s.pos, "got %s, want a space or the end of the line; other characters stand in quotes", s.found(s.pos))
	}
	s.skip()
}

// ended reads a value that ends its word.
func ended[T any](s *scanner, read func() T) T {
	v := read()
	s.next()
	return v
}

// chunk returns the text from i to the next space.
func (s *scanner) chunk(i int) string {
	rest := s.text[min(i, len(s.text)):]
	if end := strings.IndexAny(rest, " \t"); end >= 0 {
		return rest[:end]
	}
	return rest
}

// found describes what stands at i, for errors.
func (s *scanner) found(i int) string {
	if i >= len(s.text) {
		return "the end of the line"
	}
	return strconv.Quote(s.chunk(i))
}

// member is a name=value of a line, or a bare name where bare is given.
type member struct {
	name       string
	read, bare func()
}

// members reads members in any order, each at most once, until the end of the
// line or what says how it is sent.
func (s *scanner) members(known ...member) {
	if s.peek() != '!' {
		s.each(known)
	}
}

// each reads members in any order, each at most once, until one of the other
// kind follows: a name that begins with ! or one that does not.
func (s *scanner) each(known []member) {
	kind := s.peek() == '!'
	seen := make([]bool, len(known))
	for !s.end() && (kind || s.peek() != '!') {
		start := s.pos
		name, _, valued := strings.Cut(s.chunk(start), "=")
		i := slices.IndexFunc(known, func(m member) bool { return m.name == name })
		switch {
		case i < 0:
			s.fail(start, "got %s, want one of %s", s.found(start), names(known))
			return
		case seen[i]:
			s.fail(start, "%s is given twice", name)
			return
		case valued && known[i].read != nil:
			s.pos += len(name) + 1
			known[i].read()
		case !valued && known[i].bare != nil:
			s.pos += len(name)
			known[i].bare()
		case valued:
			s.fail(start, "got a value for %s, want none", name)
		default:
			s.fail(start, "got %s without a value", name)
		}
		seen[i] = true
		s.next()
	}
}

func names(list []member) string {
	return join(list, ", ", func(m member) string { return m.name })
}

// protection returns the member for deletionProtectionEnabled.
func (s *scanner) protection(into *Switch) member {
	return member{name: "protection", read: func() { *into = s.onOff("protection") }}
}

// tokenOf returns the member for the client token.
func (s *scanner) tokenOf(into *Token) member {
	return member{name: "token", read: func() { *into = s.token() }}
}

// pages returns the members of a listing.
func (s *scanner) pages(limit *int, next *Maybe) []member {
	return []member{
		{name: "max", read: func() { *limit = s.number("max", math.MaxInt) }},
		{name: "next", read: func() { *next = s.given("a nextToken") }},
	}
}

// multi returns the members that make up multiRegionProperties in a request of
// the cluster self.
func (s *scanner) multi(into **MultiRegion, self Handle) []member {
	none := false
	get := func() *MultiRegion {
		if none {
			s.fail(s.pos, "got multi={} beside witness or peers, want one or the other")
		}
		if *into == nil {
			*into = new(MultiRegion)
		}
		return *into
	}
	return []member{
		{name: "witness", read: func() { get().Witness = s.given("a witness Region") }},
		{name: "peers", read: func() { m := get(); m.Peers, m.GivenPeers = s.refs(self), true }},
		{name: "multi", read: func() {
			none = *into != nil
			get()
			none = true
			if !s.accept("{}") {
				s.fail(s.pos, "got %s, want {}", s.found(s.pos))
			}
		}},
	}
}

// list reads items joined by commas.
func (s *scanner) list(item func()) {
	for item(); s.accept(","); {
		item()
	}
}

// word reads a plain or quoted word; want names it in errors.
func (s *scanner) word(want string) string {
	start := s.pos
	if s.peek() == '"' {
		return s.quoted()
	}
	for !s.end() && plainByte(s.peek()) {
		s.pos++
	}
	if s.pos == start {
		s.fail(start, "got %s, want %s, plain or in quotes", s.found(start), want)
		return ""
	}
	return s.text[start:s.pos]
}

func (s *scanner) quoted() string {
	q, err := strconv.QuotedPrefix(s.text[s.pos:])
	if err != nil {
		s.fail(s.pos, "got a quoted text that does not end or has a bad escape")
		return ""
	}
	s.pos += len(q)
	word, _ := strconv.Unquote(q) // cannot fail: q is a valid quoted text
	return word
}

// bare reads the characters of a keyword, and returns where they began.
func (s *scanner) bare() (word string, start int) { return s.upTo("") }

// upTo is bare, but stops before any of the given characters.
func (s *scanner) upTo(stop string) (word string, start int) {
	start = s.pos
	for !s.end() && plainByte(s.peek()) && strings.IndexByte(stop, s.peek()) < 0 {
		s.pos++
	}
	return s.text[start:s.pos], start
}

func (s *scanner) given(want string) Maybe { return Some(s.word(want)) }

func (s *scanner) region() Region { return Region(s.word("a Region")) }
