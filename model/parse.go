package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// SyntaxError says where a text departs from the form, and how.
type SyntaxError struct {
	Line   int // from 1
	Column int // in bytes, from 1
	Msg    string
}

// Error returns "line 3, column 9: got …, want …".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// ParseSequence reads the file form of a sequence (.dsqlseq). The first line is
// "# dsqlseq 1". Until the first operation, lines "# seed: 5",
// "# profile: lifecycle", "# regions: us-east-1,us-east-2" and
// "# revision: current" give the header. All other lines that begin with # are
// comments and are dropped, like blank lines. Each other line is an operation:
//
//	c1 = create us-east-1 protection=on key=alias/x tags=a=b,"c d"=e witness=us-west-2 peers=c2 token=t1
//	get c1 @us-east-2
//	list us-east-1 max=2 next="zzz"
//	update c1 @us-east-2 protection=off key=k witness=us-west-2 peers=c2 token=t1
//	delete c1 token=t1
//	tag c1 k=v,"x y"=z
//	untag c1 k,"x y"
//	tags c1
//	vpc c1
//	await c1 ACTIVE
//	wait 3s
//	connect c1
//	raw us-east-1 POST /cluster type=application/json body="{"
//
// A cluster is c1 to c999 or a quoted identifier; @REGION asks another Region
// than the cluster's own. The members written name=value are optional and come
// in any order. Then !lost (the answer is thrown away), !twice (sent twice with
// one token) and !retries (the SDK's retries stay on) may follow, in any order.
//
// A word of letters, digits and -_.:/ may stand bare; any other text stands in
// quotes, with the escapes of Go: "" is a given empty text. tags={}, peers=[],
// "tag c1 {}" and "untag c1 []" give an empty map or list, multi={} gives
// multiRegionProperties without a member. A token is t1, t2, …; t1~ is the near
// miss of t1, t1:128 has 128 characters, and a quoted token is sent as it is.
//
// The error is a [*SyntaxError].
func ParseSequence(text string) (Sequence, error) {
	var seq Sequence
	var given []string // keys of the header
	created := map[Handle]bool{}
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		s := newScanner(number, line)
		switch {
		case number == 1:
			if s.text != magic {
				s.fail(0, "got %s, want %q", s.found(0), magic)
			}
		case s.accept("#"):
			if len(seq.Lines) == 0 {
				given = s.header(&seq, given)
			}
		case !s.end():
			start := s.pos
			l := s.sent()
			if o, ok := l.Op.(CreateCluster); ok {
				if created[o.As] {
					s.fail(start, "%v is created twice", o.As)
				}
				created[o.As] = true
			}
			seq.Lines = append(seq.Lines, l)
		}
		if s.err != nil {
			return Sequence{}, s.err
		}
	}
	return seq, nil
}

// ParseLine reads one operation, see [ParseSequence]. The error is a
// [*SyntaxError] of line 1.
func ParseLine(text string) (Line, error) {
	s := newScanner(1, text)
	l := s.sent()
	if s.err != nil {
		return Line{}, s.err
	}
	return l, nil
}

// ParseReply reads a reply in one line:
//
//	lost
//	ValidationException reason=deletionProtectionEnabled
//	other
//	ok c1 CREATING protection=on
//	ok c1 PENDING_SETUP witness=us-west-2 clusters=c1,c2,unknown tags=a=b
//	ok list=c1,c2 twice=c1
//	ok service=com.amazonaws.us-east-1.dsql-x
//
// A refusal is the name of the error, "other" for none of the service's. After
// "ok" stand whom the identifier names and the status, if any, then members in
// any order: changed=, protection=, witness=, clusters=, tags=, list=, twice=,
// service=. A bare "multi" says that multiRegionProperties has neither witness
// nor clusters that count; clusters=[] and list=[] are present and empty;
// a bare "service" stands for a service name that does not matter.
// Handles are sorted. The error is a [*SyntaxError] of line 1.
func ParseReply(text string) (Reply, error) {
	s := newScanner(1, text)
	r := s.reply()
	if !s.end() {
		s.fail(s.pos, "got %s, want the end of the line", s.found(s.pos))
	}
	if s.err != nil {
		return Reply{}, s.err
	}
	return r, nil
}

// header reads what follows the # of a line into seq. It returns the keys given
// so far. A line without a key of the header is a comment.
func (s *scanner) header(seq *Sequence, given []string) []string {
	s.skip()
	start := s.pos
	for _, h := range []struct {
		key  string
		read func()
	}{
		{"seed", func() { seq.Seed = s.seed() }},
		{"profile", func() { seq.Profile = s.word("a profile") }},
		{"regions", func() { s.list(func() { seq.Regions = append(seq.Regions, s.region()) }) }},
		{"revision", func() { seq.Revision = s.word("a revision") }},
	} {
		if !s.accept(h.key + ":") {
			continue
		}
		if slices.Contains(given, h.key) {
			s.fail(start, "%s is given twice", h.key)
		}
		given = append(given, h.key)
		s.skip()
		h.read()
		s.next()
		if !s.end() {
			s.fail(s.pos, "got %s, want the end of the line", s.found(s.pos))
		}
		break
	}
	return given
}

// sent reads an operation and how it is sent, to the end of the line.
func (s *scanner) sent() Line {
	var l Line
	if s.digitAt(s.pos+1) && s.peek() == 'c' {
		l.Op = s.create()
	} else {
		l.Op = s.op()
	}
	for !s.end() {
		var flag *bool
		switch word := s.chunk(s.pos); word {
		case "!lost":
			flag = &l.Lost
		case "!twice":
			flag = &l.Twice
		case "!retries":
			flag = &l.Retries
		default:
			s.fail(s.pos, "got %s, want !lost, !twice or !retries", s.found(s.pos))
			return l
		}
		if *flag {
			s.fail(s.pos, "%s is given twice", s.chunk(s.pos))
		}
		*flag = true
		s.pos += len(s.chunk(s.pos))
		s.next()
	}
	return l
}

// verbs is the table of the operations but create: the word that each begins
// with, and how what follows it is read.
var verbs = []struct {
	verb string
	read func(*scanner) Op
}{
	{"get", func(s *scanner) Op { ref, at := s.asked(); return GetCluster{ref, at} }},
	{"list", (*scanner).listing},
	{"update", (*scanner).update},
	{"delete", (*scanner).delete},
	{"tag", func(s *scanner) Op { ref, at := s.asked(); return TagResource{ref, at, ended(s, s.tags)} }},
	{"untag", func(s *scanner) Op { ref, at := s.asked(); return UntagResource{ref, at, ended(s, s.keys)} }},
	{"tags", func(s *scanner) Op { ref, at := s.asked(); return ListTagsForResource{ref, at} }},
	{"vpc", func(s *scanner) Op { ref, at := s.asked(); return GetVpcEndpointServiceName{ref, at} }},
	{"await", func(s *scanner) Op { return Await{ended(s, s.ref), ended(s, s.status)} }},
	{"wait", func(s *scanner) Op { return Wait{ended(s, s.duration)} }},
	{"connect", func(s *scanner) Op { return Connect{ended(s, s.ref)} }},
	{"raw", (*scanner).raw},
}

func (s *scanner) op() Op {
	start := s.pos
	verb := s.chunk(start)
	for _, v := range verbs {
		if v.verb == verb {
			s.pos += len(verb)
			s.next()
			return v.read(s)
		}
	}
	if verb == "create" {
		s.fail(start, `got create without a cluster, want "c1 = create"`)
		return nil
	}
	var names []string
	for _, v := range verbs {
		names = append(names, v.verb)
	}
	s.fail(start, `got %s, want "c1 = create" or one of %s`, s.found(start), strings.Join(names, ", "))
	return nil
}

func (s *scanner) create() Op {
	var o CreateCluster
	o.As = ended(s, func() Handle { return s.handle(MaxHandle) })
	for _, word := range []string{"=", "create"} {
		if !s.accept(word) {
			s.fail(s.pos, "got %s, want %q", s.found(s.pos), word)
		}
		s.next()
	}
	o.Region = ended(s, s.region)
	s.members(append(s.multi(&o.Multi, o.As),
		member{name: "protection", read: func() { o.Protection = s.protection() }},
		member{name: "key", read: func() { o.Key = s.given("a key") }},
		member{name: "tags", read: func() { o.Tags, o.GivenTags = s.tags(), true }},
		member{name: "token", read: func() { o.Token = s.token() }})...)
	return o
}

func (s *scanner) update() Op {
	var o UpdateCluster
	o.Ref, o.At = s.asked()
	s.members(append(s.multi(&o.Multi, o.Ref.Handle),
		member{name: "protection", read: func() { o.Protection = s.protection() }},
		member{name: "key", read: func() { o.Key = s.given("a key") }},
		member{name: "token", read: func() { o.Token = s.token() }})...)
	return o
}

func (s *scanner) delete() Op {
	var o DeleteCluster
	o.Ref, o.At = s.asked()
	s.members(member{name: "token", read: func() { o.Token = s.token() }})
	return o
}

func (s *scanner) listing() Op {
	o := ListClusters{Region: ended(s, s.region)}
	s.members(
		member{name: "max", read: func() { o.Max = s.number("max", math.MaxInt) }},
		member{name: "next", read: func() { o.Next = s.given("a nextToken") }})
	return o
}

func (s *scanner) raw() Op {
	o := Raw{
		Region: ended(s, s.region),
		Method: ended(s, func() string { return s.word("a method") }),
		Path:   ended(s, s.path),
	}
	s.members(
		member{name: "type", read: func() { o.Type = s.given("a content type") }},
		member{name: "body", read: func() { o.Body = s.given("a body") }})
	return o
}

func (s *scanner) reply() Reply {
	start := s.pos
	word := s.chunk(start)
	s.pos += len(word)
	s.next()
	var r Reply
	switch r.Code = ParseCode(word); {
	case word == "lost":
		return Reply{Lost: true}
	case word == "ok":
		r.Code = NoError
	case r.Code == OtherError && word != OtherError.String():
		s.fail(start, "got %s, want ok, lost, other or the name of an error", s.found(start))
		return Reply{}
	default:
		s.members(member{name: "reason", read: func() { r.Reason = s.word("a reason") }})
		return r
	}
	if word := s.chunk(s.pos); word == Unknown.String() || s.peek() == 'c' && s.digitAt(s.pos+1) {
		r.Cluster = ended(s, s.named)
	}
	if c := s.peek(); c >= 'A' && c <= 'Z' || s.chunk(s.pos) == Gone.String() {
		r.Status = ended(s, s.status)
	}
	s.members(
		member{name: "changed", read: func() { r.Changed = s.changed() }},
		member{name: "protection", read: func() { r.Protection = s.protection() }},
		member{name: "multi", bare: func() { r.Multi = true }},
		member{name: "witness", read: func() { r.Multi, r.Witness = true, s.given("a witness Region") }},
		member{name: "clusters", read: func() {
			r.Multi, r.Empty = true, s.accept("[]")
			if !r.Empty {
				r.Members = s.handles()
			}
		}},
		member{name: "tags", read: func() { r.Tags = s.tags() }},
		member{name: "list", read: func() {
			r.Listed = []Handle{}
			if !s.accept("[]") {
				r.Listed = s.handles()
			}
		}},
		member{name: "twice", read: func() { r.Twice = s.handles() }},
		member{name: "service", read: func() { r.Service = s.word("a service name") }, bare: func() { r.Service = anyService }})
	return r
}
