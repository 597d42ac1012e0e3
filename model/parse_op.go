package model

import (
	"strconv"
	"strings"
)

// verbs is the table of the operations: the word of each, what stands before it
// ("c" for a new cluster, "c," for several, "s" for a stream) and whether that
// must, and how what follows is read. What stood before is in s.as and s.stream.
var verbs = []struct {
	word   string
	makes  string
	always bool
	read   func(*scanner) Op
}{
	{"create", "c", true, (*scanner).create},
	{"create-stream", "s", true, (*scanner).createStream},
	{"create-linked", "c,", true, (*scanner).createLinked},
	{"get", "", false, func(s *scanner) Op { ref, at := s.asked(); return GetCluster{ref, at} }},
	{"list", "", false, (*scanner).listing},
	{"update", "", false, (*scanner).update},
	{"delete", "", false, (*scanner).delete},
	{"tag", "", false, func(s *scanner) Op {
		ref, stream, at := s.resource()
		return TagResource{ref, stream, at, ended(s, s.tags)}
	}},
	{"untag", "", false, func(s *scanner) Op {
		ref, stream, at := s.resource()
		return UntagResource{ref, stream, at, ended(s, s.keys)}
	}},
	{"tags", "", false, func(s *scanner) Op {
		ref, stream, at := s.resource()
		return ListTagsForResource{ref, stream, at}
	}},
	{"vpc", "", false, func(s *scanner) Op { ref, at := s.asked(); return GetVpcEndpointServiceName{ref, at} }},
	{"put-policy", "", false, (*scanner).putPolicy},
	{"get-policy", "", false, func(s *scanner) Op { ref, at := s.asked(); return GetClusterPolicy{ref, at} }},
	{"delete-policy", "", false, (*scanner).deletePolicy},
	{"get-stream", "", false, func(s *scanner) Op {
		ref, stream, at := s.streamOf()
		return GetStream{ref, stream, at}
	}},
	{"list-streams", "", false, (*scanner).streams},
	{"delete-stream", "", false, (*scanner).deleteStream},
	{"delete-linked", "", false, (*scanner).deleteLinked},
	{"hostile", "c", false, (*scanner).hostile},
	{"await", "", false, (*scanner).await},
	{"wait", "", false, func(s *scanner) Op { return Wait{ended(s, s.duration)} }},
	{"connect", "", false, func(s *scanner) Op { return Connect{ended(s, s.ref)} }},
	{"raw", "", false, (*scanner).raw},
}

func (s *scanner) op() Op {
	made := s.made()
	start := s.pos
	word := s.chunk(start)
	var fit []string
	for _, v := range verbs {
		before := v.makes == made || v.makes == "c," && made == "c" || made == "" && !v.always
		switch {
		case before && v.word == word:
			s.pos += len(word)
			s.next()
			return v.read(s)
		case before:
			fit = append(fit, v.word)
		case v.word == word && made == "":
			s.fail(start, "got %s without a name, want %q", word, example(v.makes)+word)
			return nil
		}
	}
	if made == "" {
		fit = append([]string{strconv.Quote(example("c") + "create")}, fit...)
	}
	s.fail(start, "got %s, want one of %s", s.found(start), strings.Join(fit, ", "))
	return nil
}

// example returns what stands before a verb that makes something of the kind.
func example(kind string) string {
	return map[string]string{"c": "c1 = ", "c,": "c1,c2 = ", "s": "s1 = "}[kind]
}

// made reads the names that an operation gives, up to the equals sign, into s,
// and returns their kind as in verbs, "" when none stand there.
func (s *scanner) made() (kind string) {
	switch first := s.peek(); {
	case first == 's' && s.digitAt(s.pos+1):
		kind, s.stream = "s", s.streamHandle(StreamHandle(MaxHandle))
	case first == 'c' && s.digitAt(s.pos+1):
		kind, s.as = "c", distinct(s, func() Handle { return s.handle(MaxHandle) })
		if len(s.as) > 1 {
			kind = "c,"
		}
	default:
		return ""
	}
	s.next()
	if !s.accept("=") {
		s.fail(s.pos, `got %s, want "="`, s.found(s.pos))
	}
	s.next()
	return kind
}

func (s *scanner) create() Op {
	o := CreateCluster{As: s.as[0], Region: ended(s, s.region)}
	s.members(append(s.multi(&o.Multi, o.As),
		s.protection(&o.Protection),
		member{name: "key", read: func() { o.Key = s.given("a key") }},
		member{name: "tags", read: func() { o.Tags, o.GivenTags = s.tags(), true }},
		member{name: "policy", read: func() { o.Policy = s.given("a policy") }},
		member{name: "bypass", read: func() { o.Bypass = s.onOff("bypass") }},
		s.tokenOf(&o.Token))...)
	return o
}

func (s *scanner) update() Op {
	var o UpdateCluster
	o.Ref, o.At = s.asked()
	s.members(append(s.multi(&o.Multi, o.Ref.Handle),
		s.protection(&o.Protection),
		member{name: "key", read: func() { o.Key = s.given("a key") }},
		s.tokenOf(&o.Token))...)
	return o
}

func (s *scanner) delete() Op {
	var o DeleteCluster
	o.Ref, o.At = s.asked()
	s.members(s.tokenOf(&o.Token))
	return o
}

func (s *scanner) listing() Op {
	o := ListClusters{Region: ended(s, s.region)}
	s.members(s.pages(&o.Max, &o.Next)...)
	return o
}

func (s *scanner) putPolicy() Op {
	var o PutClusterPolicy
	o.Ref, o.At = s.asked()
	o.Policy = ended(s, func() string { return s.word("a policy") })
	s.members(
		member{name: "bypass", read: func() { o.Bypass = s.onOff("bypass") }},
		member{name: "expect", read: func() { o.Expect = s.expect() }},
		s.tokenOf(&o.Token))
	return o
}

func (s *scanner) deletePolicy() Op {
	var o DeleteClusterPolicy
	o.Ref, o.At = s.asked()
	s.members(
		member{name: "expect", read: func() { o.Expect = s.expect() }},
		s.tokenOf(&o.Token))
	return o
}

func (s *scanner) createStream() Op {
	o := CreateStream{As: s.stream}
	o.Ref, o.At = s.asked()
	s.members(
		member{name: "ordering", read: func() { o.Ordering = s.given("an ordering") }},
		member{name: "format", read: func() { o.Format = s.given("a format") }},
		member{name: "kinesis", read: func() { o.Kinesis = s.given("an ARN") }},
		member{name: "role", read: func() { o.Role = s.given("an ARN") }},
		member{name: "tags", read: func() { o.Tags, o.GivenTags = s.tags(), true }},
		s.tokenOf(&o.Token))
	return o
}

func (s *scanner) streams() Op {
	var o ListStreams
	o.Ref, o.At = s.asked()
	s.members(s.pages(&o.Max, &o.Next)...)
	return o
}

func (s *scanner) deleteStream() Op {
	var o DeleteStream
	o.Ref, o.Stream, o.At = s.streamOf()
	s.members(s.tokenOf(&o.Token))
	return o
}

func (s *scanner) createLinked() Op {
	o := CreateMultiRegionClusters{As: s.as, Region: ended(s, s.region)}
	start := s.pos
	s.members(
		member{name: "regions", read: func() { s.list(func() { o.Linked = append(o.Linked, s.region()) }) }},
		member{name: "witness", read: func() { o.Witness = s.region() }},
		s.protection(&o.Protection),
		s.tokenOf(&o.Token))
	if len(o.As) != len(o.Linked) || len(o.As) > MaxPeers {
		s.fail(start, "got %d clusters and %d regions, want as many of each, at most %d", len(o.As), len(o.Linked), MaxPeers)
	}
	return o
}

func (s *scanner) deleteLinked() Op {
	o := DeleteMultiRegionClusters{Region: ended(s, s.region)}
	o.Refs = ended(s, func() []Ref { return s.refs(0) })
	s.members(s.tokenOf(&o.Token))
	return o
}

func (s *scanner) hostile() Op {
	var o Hostile
	if len(s.as) > 0 {
		o.As = s.as[0]
	}
	o.Region = ended(s, s.region)
	o.Operation = ended(s, func() string { return s.word("an operation") })
	if s.chunk(s.pos) == requestItself {
		s.accept(requestItself)
		s.next()
	} else {
		o.Member = ended(s, func() string { return s.word(`a member, or "-"`) })
	}
	o.Fault = ended(s, func() string { return s.word("a fault") })
	if c := s.peek(); c == 'c' || c == '"' {
		o.Ref, o.Stream = s.about()
		s.next()
	}
	return o
}

func (s *scanner) await() Op {
	var o Await
	o.Ref, o.Stream = s.about()
	s.next()
	if o.Stream == (StreamRef{}) {
		o.Status = ended(s, s.status)
	} else {
		o.Shows = ended(s, s.shows)
	}
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
