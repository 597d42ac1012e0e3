package model

import (
	"fmt"
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
//	c1 = create us-east-1 protection=on key=alias/x tags=a=b,"c d"=e witness=us-west-2 peers=c2 policy="{}" bypass=on token=t1
//	get c1 @us-east-2
//	list us-east-1 max=2 next="zzz"
//	update c1 @us-east-2 protection=off key=k witness=us-west-2 peers=c2 token=t1
//	delete c1 token=t1
//	tag c1 k=v,"x y"=z
//	untag c1 k,"x y"
//	tags c1
//	vpc c1
//	put-policy c1 "{}" bypass=on expect=v2 token=t1
//	get-policy c1
//	delete-policy c1 expect="zzz" token=t1
//	s1 = create-stream c1 ordering=UNORDERED format=JSON kinesis="arn:aws:kinesis:…" role="arn:aws:iam:…" tags=a=b token=t1
//	get-stream c1/s1 @us-east-2
//	list-streams c1 max=2 next="zzz"
//	delete-stream c1/s1 token=t1
//	tag c1/s1 k=v
//	untag c1/s1 k
//	tags c1/s1
//	c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2 protection=off token=t1
//	delete-linked us-east-1 c1,c2 token=t1
//	hostile us-east-1 GetStream streamIdentifier pattern c1/s1
//	hostile us-east-1 GetCluster - unsigned c1
//	hostile us-east-1 CreateStream tags.key too-long c1/s2
//	c3 = hostile us-east-1 CreateCluster clientToken too-long
//	await c1 ACTIVE
//	await c1/s1 gone
//	wait 3s
//	connect c1
//	raw us-east-1 POST /cluster type=application/json body="{"
//
// A cluster is c1 to c999 or a quoted identifier, and a stream of it follows
// after a slash: s1 to s999 or a quoted identifier, of which the empty one names
// none. @REGION asks another Region than the cluster's own. The members written
// name=value are optional, but for regions=, which gives a Region to each
// cluster in order, and come in any order. Then !lost (the answer is thrown
// away), !twice (sent twice with one token), !retries (the SDK's retries stay
// on) and !by=NAME (the principal that asks) may follow, in any order. Each
// cluster and each stream is created by one line at most.
//
// A hostile request is the Region asked, the operation, the path of the member
// ("-" for the request as a whole) and the name of the fault, then the cluster
// or the stream that it is about, if any; of a CreateStream, the new stream.
//
// A word of letters, digits and -_.:/ may stand bare; any other text stands in
// quotes, with the escapes of Go: "" is a given empty text. tags={}, peers=[],
// "tag c1 {}", "untag c1 []" and "delete-linked us-east-1 []" give an empty map
// or list, multi={} gives multiRegionProperties without a member. A token is t1,
// t2, …; t1~ is the near miss of t1, t1:128 has 128 characters, and a quoted
// token is sent as it is. A policy version is v1, v2, … in the order in which
// the target answered them, and a quoted one is sent as it is.
//
// The error is a [*SyntaxError].
func ParseSequence(text string) (Sequence, error) {
	var seq Sequence
	var given []string // keys of the header
	created := map[string]bool{}
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
			for _, name := range made(l.Op) {
				if created[name] {
					s.fail(start, "%s is created twice", name)
				}
				created[name] = true
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

// made returns the names that op gives to what it creates.
func made(op Op) []string {
	if op == nil {
		return nil
	}
	clusters, stream := Made(op)
	list := mapped(clusters, Handle.String)
	if stream != 0 {
		list = append(list, stream.String())
	}
	return list
}

// sent reads an operation and how it is sent, to the end of the line.
func (s *scanner) sent() Line {
	l := Line{Op: s.op()}
	flags := []member{
		{name: "!lost", bare: func() { l.Lost = true }},
		{name: "!twice", bare: func() { l.Twice = true }},
		{name: "!retries", bare: func() { l.Retries = true }},
		{name: "!by", read: func() { l.By = s.principal() }},
	}
	if !s.end() && s.peek() != '!' {
		s.fail(s.pos, "got %s, want one of %s", s.found(s.pos), names(flags))
	}
	s.each(flags)
	return l
}
