package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// scanner reads one line from left to right. The first failure sticks: after
// it, everything reads as zero and the line as ended.
type scanner struct {
	line int
	text string
	pos  int
	err  *SyntaxError
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

// members reads members in any order, each at most once, until something else
// follows.
func (s *scanner) members(known ...member) {
	seen := make([]bool, len(known))
	for !s.end() && s.peek() != '!' {
		start := s.pos
		name, _, valued := strings.Cut(s.chunk(start), "=")
		i := slices.IndexFunc(known, func(m member) bool { return m.name == name })
		switch {
		case i < 0:
			s.fail(start, "got %s, want one of %s", s.found(start), join(known, ", ", func(m member) string { return m.name }))
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
		{name: "peers", read: func() { m := get(); m.Peers, m.GivenPeers = s.peers(self), true }},
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
func (s *scanner) bare() (word string, start int) {
	start = s.pos
	for !s.end() && plainByte(s.peek()) {
		s.pos++
	}
	return s.text[start:s.pos], start
}

func (s *scanner) given(want string) Maybe { return Some(s.word(want)) }

func (s *scanner) region() Region { return Region(s.word("a Region")) }

// asked reads a cluster and the Region that is asked about it.
func (s *scanner) asked() (Ref, Region) {
	ref := ended(s, s.ref)
	start := s.pos
	if !s.accept("@") {
		return ref, ""
	}
	at := s.region()
	if at == "" {
		s.fail(start, "got an empty Region, want none or a name")
	}
	s.next()
	return ref, at
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

// handle reads c1 to the given limit.
func (s *scanner) handle(limit Handle) Handle {
	word, start := s.bare()
	n, err := strconv.ParseUint(strings.TrimPrefix(word, "c"), 10, 16)
	if h := Handle(n); err == nil && h > 0 && h <= limit && h.String() == word {
		return h
	}
	s.fail(start, "got cluster %s, want c1 to %v or an identifier in quotes", s.found(start), limit)
	return 0
}

// named reads a handle of a reply.
func (s *scanner) named() Handle {
	if s.accept(Unknown.String()) {
		return Unknown
	}
	return s.handle(Unknown - 1)
}

// handles reads handles of a reply, and sorts them.
func (s *scanner) handles() []Handle {
	var list []Handle
	s.list(func() {
		start := s.pos
		h := s.named()
		if slices.Contains(list, h) {
			s.fail(start, "%v is named twice", h)
		}
		list = append(list, h)
	})
	slices.Sort(list)
	return list
}

// peers reads the peers of a request of the cluster self.
func (s *scanner) peers(self Handle) []Ref {
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
			s.fail(start, "got more than %d other clusters as peers", MaxPeers)
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

func (s *scanner) protection() Switch {
	switch word, start := s.bare(); word {
	case Off.String():
		return Off
	case On.String():
		return On
	default:
		s.fail(start, "got protection %s, want on or off", s.found(start))
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

// changed reads member names joined by commas, or any text in quotes.
func (s *scanner) changed() string {
	if s.peek() == '"' {
		return s.quoted()
	}
	start := s.pos
	for plainByte(s.peek()) || s.peek() == ',' {
		s.pos++
	}
	if s.pos == start {
		s.fail(start, "got %s, want the members that changed", s.found(start))
		return ""
	}
	return s.text[start:s.pos]
}
