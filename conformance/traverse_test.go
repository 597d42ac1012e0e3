package conformance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dsqlconform/model"
)

// shelf is a target of few words: clusters, and streams of clusters, that are
// there at once and go at once.
type shelf struct {
	clusters []Answer
	streams  []Stream
	asked    map[string]int
	// pages answers a listing instead, when it is set; walk counts the
	// traversals, from 1.
	pages func(s *shelf, walk int, call Call) Answer
	walk  int
	// strange answers any call instead, unless it returns nil.
	strange func(call Call) *Exchange
}

func (s *shelf) Do(_ context.Context, call Call) (Exchange, error) {
	if s.asked == nil {
		s.asked = map[string]int{}
	}
	s.asked[call.Op.Name()]++
	if s.strange != nil {
		if ex := s.strange(call); ex != nil {
			return *ex, nil
		}
	}
	a := s.answer(call)
	a.HTTP = cmp.Or(a.HTTP, 200)
	return Exchange{Answer: a, Attempts: []Attempt{{}}}, nil
}

var notFound = Answer{HTTP: 404, Code: "ResourceNotFoundException"}

func (s *shelf) answer(call Call) Answer {
	at := slices.IndexFunc(s.clusters, func(a Answer) bool { return a.Identifier == call.Identifier })
	which := slices.IndexFunc(s.streams, func(x Stream) bool { return x.Identifier == call.Stream })
	switch op := call.Op.(type) {
	case model.CreateCluster:
		a := answerOf(string(call.Region), fmt.Sprintf("%026d", s.asked[op.Name()]))
		a.Status = "CREATING"
		off := op.Protection != model.Off
		a.Protection = &off
		s.clusters = append(s.clusters, a)
		return a
	case model.ListClusters, model.ListStreams:
		if call.Page == "" {
			s.walk++
		}
		if s.pages != nil {
			return s.pages(s, s.walk, call)
		}
		return s.page(call, 1)
	case model.CreateStream:
		x := *streamOf(fmt.Sprintf("%026d", s.asked[op.Name()]))
		x.Cluster, x.ARN = call.Identifier, call.ARN+"/stream/"+x.Identifier
		s.streams = append(s.streams, x)
		return Answer{Stream: &x}
	case model.GetStream:
		if which < 0 {
			return notFound
		}
		x := s.streams[which]
		x.Status = "ACTIVE"
		return Answer{Stream: &x}
	case model.DeleteStream:
		if which < 0 {
			return notFound
		}
		x := s.streams[which]
		x.Status, x.Ordering, x.Format = "DELETING", "", ""
		s.streams = slices.Delete(s.streams, which, which+1)
		return Answer{Stream: &x}
	}
	if at < 0 {
		return notFound
	}
	a := s.clusters[at]
	a.Status = "ACTIVE"
	if _, ok := call.Op.(model.DeleteCluster); ok {
		s.clusters = slices.Delete(s.clusters, at, at+1)
		a.Status = "DELETING"
	}
	return a
}

// page answers a page of a listing with one row, and with steps to the next.
func (s *shelf) page(call Call, step int) Answer {
	var rows []Answer
	if _, ok := call.Op.(model.ListStreams); ok {
		for _, x := range s.streams {
			if x.Cluster == call.Identifier {
				rows = append(rows, Answer{Streams: []Stream{{Cluster: x.Cluster, Identifier: x.Identifier, ARN: x.ARN, Status: "ACTIVE", Created: x.Created}}})
			}
		}
	} else {
		for _, c := range s.clusters {
			rows = append(rows, Answer{Listed: []Listed{{c.Identifier, c.ARN}}})
		}
	}
	at := len(call.Page)
	if at >= len(rows) {
		return Answer{}
	}
	a := rows[at]
	if at+step < len(rows) {
		a.Page = strings.Repeat("p", at+step)
	}
	return a
}

// listing replays lines against the shelf; each page of a listing is one row.
func listing(t *testing.T, s *shelf, lines string, change func(*Settings)) *execution {
	t.Helper()
	seq, err := model.ParseSequence("# dsqlseq 1\n# regions: us-east-1,us-east-2\n" + lines + "\n")
	if err != nil {
		t.Fatal(err)
	}
	var x *execution
	synctest.Test(t, func(t *testing.T) {
		set := settingsOf([]Option{Settle(10 * time.Second)})
		if change != nil {
			change(&set)
		}
		x = newExecution(s, &set, newCensus(), seq, Event{})
		x.run(t.Context())
	})
	return x
}

func rules(x *execution) string {
	var list []string
	for i := range x.findings {
		list = append(list, string(x.findings[i].Rule)+" "+x.findings[i].Shape)
	}
	return strings.Join(list, "; ")
}

const (
	threeClusters = "c1 = create us-east-1 protection=off\nc2 = create us-east-1 protection=off\nc3 = create us-east-1 protection=off\nawait c1 ACTIVE\nawait c2 ACTIVE\nawait c3 ACTIVE\nwait 2s\nlist us-east-1 max=1" // late listings are over by then
	threeStreams  = "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\ns1 = create-stream c1\ns2 = create-stream c1\ns3 = create-stream c1\nawait c1/s1 ACTIVE\nawait c1/s2 ACTIVE\nawait c1/s3 ACTIVE\nlist-streams c1 max=1"
)

// The property is one of a whole traversal.
func TestEachOfOursAppearsOnceInATraversal(t *testing.T) {
	empty := func(s *shelf, call Call) Answer { // every other page is empty
		if strings.HasSuffix(call.Page, "e") {
			call.Page = strings.TrimSuffix(call.Page, "e")
			return s.page(call, 1)
		}
		return Answer{Page: call.Page + "e"}
	}
	double := func(s *shelf, call Call) Answer {
		a := s.page(call, 1)
		if call.Page == "p" {
			first := call
			first.Page = ""
			b := s.page(first, 1)
			a.Listed, a.Streams = b.Listed, b.Streams
		}
		return a
	}
	skip := func(s *shelf, call Call) Answer { return s.page(call, 2) }
	refuse := func(s *shelf, call Call) Answer {
		if call.Page != "" {
			return Answer{HTTP: 400, Code: "ValidationException", Reason: "other"}
		}
		return s.page(call, 1)
	}
	full := func(s *shelf, call Call) Answer {
		a, b := s.page(call, 2), call
		b.Page += "p"
		next := s.page(b, 1)
		a.Listed, a.Streams = append(a.Listed, next.Listed...), append(a.Streams, next.Streams...)
		return a
	}
	endless := func(s *shelf, call Call) Answer {
		a := s.page(call, 1)
		a.Page = "p"
		return a
	}
	for _, tt := range []struct {
		name              string
		page              func(s *shelf, call Call) Answer
		clusters, streams string
	}{
		{"each once", func(s *shelf, call Call) Answer { return s.page(call, 1) }, "", ""},
		{"empty pages between them", empty, "", ""},
		{"one is left out", skip, "DSQL-LST-001 a cluster is missing", "DSQL-SLS-001 a stream is missing"},
		{"one stands twice, another not at all", double, "DSQL-LST-003 a cluster twice", "DSQL-SLS-003 a stream twice"},
		{"the target refuses its own token", refuse, "DSQL-LST-010 ValidationException", "DSQL-SLS-020 ValidationException"},
		{"pages are too full", full, "DSQL-LST-004 a page with too many clusters", "DSQL-PAG-001 a page with too many streams"},
		{"pages do not end", endless, "DSQL-LST-005 pages without end", "DSQL-PAG-002 pages without end"},
	} {
		for what, c := range map[string]struct{ lines, want string }{"clusters": {threeClusters, tt.clusters}, "streams": {threeStreams, tt.streams}} {
			t.Run(tt.name+", "+what, func(t *testing.T) {
				s := &shelf{pages: func(s *shelf, _ int, call Call) Answer { return tt.page(s, call) }}
				x := listing(t, s, c.lines, nil)
				if got := rules(x); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
					t.Errorf("got findings %q, want %q", got, c.want)
				}
				if len(s.clusters)+len(s.streams) > 0 {
					t.Errorf("got %d clusters and %d streams left, want none", len(s.clusters), len(s.streams))
				}
				for i := range x.findings {
					if x.findings[i].fragile {
						t.Error("got a finding that others could explain, want nobody else in the account")
					}
				}
			})
		}
	}
}

// What comes and goes by our own doing meanwhile explains a fault: the traversal
// is repeated first.
func TestATraversalThatWasDisturbedIsRepeated(t *testing.T) {
	other := Call{Op: model.CreateCluster{}, Region: "us-east-1"}
	elsewhere := Call{Op: model.CreateCluster{}, Region: "us-east-2"}
	gone := Call{Op: model.DeleteCluster{}, Region: "us-east-1", Identifier: otherID}
	for _, tt := range []struct {
		name   string
		meddle func(c *census, walk int)
		faulty int // traversals with a fault
		walks  int
		want   string // findings
		doubts int
	}{
		{"nothing came", func(*census, int) {}, 9, 1, "DSQL-LST-001 a cluster is missing", 0},
		{"one came while it was read", func(c *census, _ int) { c.begin(other)() }, 1, 2, "", 0},
		{"one came while it was read, each time", func(c *census, _ int) { c.begin(other)() }, 9, 3, "", 1},
		{"one came while it was read once, but the fault stays", func(c *census, walk int) {
			if walk == 1 {
				c.begin(other)()
			}
		}, 9, 2, "DSQL-LST-001 a cluster is missing", 0},
		{"one is on its way", func(c *census, _ int) { c.begin(other) }, 9, 3, "", 1},
		{"one came in another Region", func(c *census, _ int) { c.begin(elsewhere)() }, 9, 1, "DSQL-LST-001 a cluster is missing", 0},
		{"one was deleted and may still be there", func(c *census, walk int) {
			if walk == 1 {
				c.begin(gone)()
			}
		}, 9, 3, "", 1},
		{"one was deleted and is seen to be gone", func(c *census, walk int) {
			if walk == 1 {
				c.begin(gone)()
				c.gone("us-east-1", otherID)
			}
		}, 9, 2, "DSQL-LST-001 a cluster is missing", 0},
		{"one was deleted long ago", func(c *census, walk int) {
			if walk == 1 {
				c.begin(gone)()
				c.forget([]string{otherID}, time.Now().Add(-time.Second))
			}
		}, 9, 2, "DSQL-LST-001 a cluster is missing", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seq, err := model.ParseSequence("# dsqlseq 1\n# regions: us-east-1\n" + threeClusters + "\n")
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				all := newCensus()
				s := &shelf{pages: func(s *shelf, walk int, call Call) Answer {
					if call.Page != "" {
						tt.meddle(all, walk)
					}
					if walk <= tt.faulty {
						return s.page(call, 2)
					}
					return s.page(call, 1)
				}}
				set := settingsOf([]Option{Settle(10 * time.Second)})
				x := newExecution(s, &set, all, seq, Event{})
				x.run(t.Context())
				if got := rules(x); got != tt.want || s.walk != tt.walks || len(x.tally.doubts) != tt.doubts {
					t.Errorf("got findings %q after %d traversals and %d doubts, want %q after %d and %d", got, s.walk, len(x.tally.doubts), tt.want, tt.walks, tt.doubts)
				}
			})
		})
	}
}

// Others may do the same where they use the account.
func TestAFaultOfATraversalIsFragileWhereOthersUseTheAccount(t *testing.T) {
	s := &shelf{pages: func(s *shelf, _ int, call Call) Answer { return s.page(call, 2) }}
	x := listing(t, s, threeClusters, func(set *Settings) { set.Shared = true })
	if len(x.findings) != 1 || !x.findings[0].fragile {
		t.Errorf("got findings %q, want one that others could explain", rules(x))
	}
}
