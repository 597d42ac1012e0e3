package model

import (
	"cmp"
	"math"
	"slices"
)

// ParseReply reads a reply in one line:
//
//	lost
//	ValidationException reason=deletionProtectionEnabled
//	other
//	ok c1 CREATING protection=on
//	ok c1 PENDING_SETUP witness=us-west-2 clusters=c1,c2,unknown tags=a=b
//	ok c1 ACTIVE encryption=CUSTOMER_MANAGED_KMS_KEY/ENABLED kms="arn:aws:kms:…"
//	ok c1 ACTIVE legacy-witness=us-west-2 linked=c1,c2
//	ok list=c1,c2 twice=c1
//	ok service=com.amazonaws.us-east-1.dsql-x
//	ok policy="{}" version=v2
//	ok c1 s1 IMPAIRED order=UNORDERED format=JSON target=on reason tags=a=b
//	ok streams=s1:ACTIVE,s2:DELETING streams-twice=s1
//
// A refusal is the name of the error, "other" for none of the service's. After
// "ok" stand whom the cluster identifier names, whom the stream identifier
// names and the status, if any; the status is the stream's where a stream
// stands. "unknown" is one that the run has not seen before, and "none" holds
// the place of an absent one where what follows would be taken for it. Then come
// members in any order:
//   - changed=, protection=, witness=, clusters=, tags= of a cluster; a bare
//     "multi" says that multiRegionProperties has neither witness nor clusters
//     that count;
//   - encryption= is the type and the status of the encryption, either of which
//     may be missing, and kms= its key;
//   - legacy-witness= and linked= are the members of the revision 2025-05-13;
//   - list= and twice= are of a listing;
//   - service= is a service name; a bare "service" stands for one that does not
//     matter;
//   - policy= and version= are of a resource policy, v2 being the second version
//     that the target answered for the cluster;
//   - order=, format=, target= and a bare "reason" are of a stream, target=on
//     being the one that was asked for;
//   - streams= and streams-twice= are of a listing of streams: each with the
//     status that it shows, if any.
//
// clusters=[], list=[], linked=[] and streams=[] are present and empty. Handles
// are sorted, but for linked=. The error is a [*SyntaxError] of line 1.
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
	s.subject(&r)
	s.members(
		member{name: "changed", read: func() { r.Changed = s.changed() }},
		s.protection(&r.Protection),
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
		member{name: "service", read: func() { r.Service = s.word("a service name") }, bare: func() { r.Service = anyService }},
		member{name: "encryption", read: func() { s.encryption(&r.Encryption) }},
		member{name: "kms", read: func() { r.Encryption.Key = s.given("a key") }},
		member{name: "policy", read: func() { r.Policy.Text = s.word("a policy") }},
		member{name: "version", read: func() { r.Policy.Version = s.version() }},
		member{name: "order", read: func() { r.Stream.Ordering = s.word("an ordering") }},
		member{name: "format", read: func() { r.Stream.Format = s.word("a format") }},
		member{name: "target", read: func() { r.Stream.Target = s.onOff("target") }},
		member{name: "reason", bare: func() { r.Stream.Reason = true }},
		member{name: "streams", read: func() { s.listedStreams(&r.Stream) }},
		member{name: "streams-twice", read: func() { r.Stream.Twice = sorted(distinct(s, s.namedStream)) }},
		member{name: "legacy-witness", read: func() { r.Legacy.Witness = s.given("a witness Region") }},
		member{name: "linked", read: func() {
			r.Legacy.Linked = []Handle{}
			if !s.accept("[]") {
				s.list(func() { r.Legacy.Linked = append(r.Legacy.Linked, s.named()) })
			}
		}})
	return r
}

// subject reads whom the identifiers of a reply name, and the status.
func (s *scanner) subject(r *Reply) {
	const none = "none"
	ofStream := false
	here := func(letter byte) bool {
		word := s.chunk(s.pos)
		return word == none || word == Unknown.String() || s.peek() == letter && s.digitAt(s.pos+1)
	}
	if here('c') {
		r.Cluster = ended(s, func() Handle {
			if s.accept(none) {
				return 0
			}
			return s.named()
		})
	}
	if here('s') {
		ofStream = true
		r.Stream.Handle = ended(s, func() StreamHandle {
			if s.accept(none) {
				return 0
			}
			return s.namedStream()
		})
	}
	if c := s.peek(); c >= 'A' && c <= 'Z' || s.chunk(s.pos) == Gone.String() {
		if ofStream {
			r.Stream.Status = ended(s, s.shows)
		} else {
			r.Status = ended(s, s.status)
		}
	}
}

// encryption reads TYPE/STATUS, either of which may be missing.
func (s *scanner) encryption(e *Encryption) {
	word, start := s.upTo("/")
	var err error
	if word != "" {
		if e.Type, err = ParseEncryptionType(word); err != nil {
			s.fail(start, "%v", err)
		}
	}
	if !s.accept("/") {
		s.fail(s.pos, "got %s, want / and the status of the encryption", s.found(s.pos))
	}
	status, start := s.bare()
	switch {
	case status != "":
		if e.Status, err = ParseEncryptionStatus(status); err != nil {
			s.fail(start, "%v", err)
		}
	case word == "":
		s.fail(start, "got neither type nor status of the encryption, want one or both")
	}
}

// listedStreams reads a listing of streams, and sorts it.
func (s *scanner) listedStreams(r *StreamReply) {
	r.Listed = []StreamHandle{}
	if s.accept("[]") {
		return
	}
	type row struct {
		handle StreamHandle
		shows  StreamStatus
	}
	var rows []row
	s.list(func() {
		start := s.pos
		row := row{handle: s.namedStream()}
		for _, other := range rows {
			if other.handle == row.handle {
				s.fail(start, "%v is named twice", row.handle)
			}
		}
		if s.accept(":") {
			row.shows = s.shows()
		}
		rows = append(rows, row)
	})
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.handle, b.handle) })
	for _, row := range rows {
		r.Listed, r.Shown = append(r.Listed, row.handle), append(r.Shown, row.shows)
	}
}

// named reads a handle of a reply.
func (s *scanner) named() Handle {
	if s.accept(Unknown.String()) {
		return Unknown
	}
	return s.handle(Unknown - 1)
}

// namedStream reads the handle of a stream in a reply.
func (s *scanner) namedStream() StreamHandle {
	if s.accept(UnknownStream.String()) {
		return UnknownStream
	}
	return s.streamHandle(UnknownStream - 1)
}

// handles reads handles of a reply, and sorts them.
func (s *scanner) handles() []Handle { return sorted(distinct(s, s.named)) }

// version reads a policy version: v1, v2, …
func (s *scanner) version() int {
	if !s.accept("v") {
		s.fail(s.pos, "got policy version %s, want v1, v2, …", s.found(s.pos))
	}
	return s.number("policy version", math.MaxInt)
}

func sorted[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return list
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
