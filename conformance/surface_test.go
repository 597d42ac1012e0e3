package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

const oneStream = "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\ns1 = create-stream c1\nawait c1/s1 ACTIVE\n"

// whys are the calls of an operation, by why they were made.
func whys(x *execution, operation string) string {
	var list []string
	for _, r := range x.records {
		if r.Call.Op.Name() == operation {
			list = append(list, r.Why)
		}
	}
	return strings.Join(list, " ")
}

func TestStreamsAreRemovedBeforeTheirClusters(t *testing.T) {
	s := &shelf{}
	x := listing(t, s, oneStream+"s2 = create-stream c1", nil)
	if got := rules(x); got != "" {
		t.Fatalf("got findings %q, want none", got)
	}
	var order []string
	for _, r := range x.records {
		if r.Line == -1 && strings.HasPrefix(r.Call.Op.Name(), "Delete") {
			order = append(order, r.Call.Op.String())
		}
	}
	if diff := cmp.Diff([]string{"delete-stream c1/s1", "delete-stream c1/s2", "delete c1"}, order); diff != "" {
		t.Errorf("deletions (-want +got):\n%s", diff)
	}
	if len(s.clusters)+len(s.streams) > 0 {
		t.Errorf("got %d clusters and %d streams left, want none", len(s.clusters), len(s.streams))
	}
}

// A stream that has to move and does not is a fault once the settle time is
// over, but only where it can deliver.
func TestAStreamThatStandsStill(t *testing.T) {
	stuck := func() *shelf {
		s := &shelf{}
		s.strange = func(call Call) *Exchange {
			if _, ok := call.Op.(model.GetStream); !ok || len(s.streams) == 0 {
				return nil
			}
			x := s.streams[0]
			return &Exchange{Answer: Answer{HTTP: 200, Stream: &x}, Attempts: []Attempt{{}}}
		}
		return s
	}
	x := listing(t, stuck(), oneStream, func(set *Settings) { set.Kinesis = MadeUp })
	if len(x.findings) == 0 || x.findings[0].Rule != "DSQL-STR-002" || x.findings[0].Kind != Liveness || x.findings[0].Status != "CREATING" {
		t.Errorf("got findings %q, want one of liveness, DSQL-STR-002", rules(x))
	}
	if x = listing(t, stuck(), oneStream, nil); rules(x) != "" {
		t.Errorf("got findings %q of a stream that need not become ACTIVE, want none", rules(x))
	}
}

// What a refused call touched is read again.
func TestARefusedCallIsFollowedByReads(t *testing.T) {
	refuse := func(operation string) func(Call) *Exchange {
		return func(call Call) *Exchange {
			if _, read := call.Op.(model.GetClusterPolicy); read {
				return &Exchange{Answer: notFound, Attempts: []Attempt{{}}}
			}
			if operationOf(call.Op) != operation {
				return nil
			}
			return &Exchange{Answer: Answer{HTTP: 400, Code: "ValidationException", Reason: "other"}, Attempts: []Attempt{{}}}
		}
	}
	for _, tt := range []struct {
		name, line, refused string
		reads               []string
	}{
		{"a policy", `put-policy c1 "{}"`, "PutClusterPolicy", []string{"GetCluster", "GetClusterPolicy"}},
		{"the tags of a stream", "tag c1/s1 a=b", "TagResource", []string{"GetCluster", "GetStream"}},
		{"a stream", "s2 = create-stream c1", "CreateStream", []string{"GetCluster"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &shelf{}
			before := oneStream
			if tt.refused == "CreateStream" {
				before = "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\n"
			}
			s.strange = refuse(tt.refused)
			x := listing(t, s, before+tt.line, nil)
			var reads []string
			for _, r := range x.records {
				if r.Why == "probe" && r.Line == len(x.seq.Lines)-1 {
					reads = append(reads, r.Call.Op.Name())
				}
			}
			if diff := cmp.Diff(tt.reads, reads); diff != "" {
				t.Errorf("reads (-want +got):\n%s\nfindings %s", diff, rules(x))
			}
		})
	}
}

// A hostile request that a target should have refused, and did not, may have
// made a cluster.
func TestAClusterOfAHostileRequestIsRemoved(t *testing.T) {
	s := &shelf{}
	s.strange = func(call Call) *Exchange {
		if op, ok := call.Op.(model.Hostile); ok && op.Operation == "CreateCluster" {
			call.Op = model.CreateCluster{Region: op.Region, Protection: model.Off}
			a := s.answer(call)
			a.HTTP = 200
			return &Exchange{Answer: a, Attempts: []Attempt{{}}}
		}
		return nil
	}
	seq := model.Sequence{Lines: []model.Line{{Op: model.Hostile{Region: "us-east-1", Operation: "CreateCluster", Fault: "cut", As: 1}}}}
	set := settingsOf([]Option{Settle(time.Millisecond)})
	x := newExecution(s, &set, newCensus(), seq, Event{})
	x.run(t.Context())
	if len(s.clusters) > 0 {
		t.Errorf("got %d clusters left, want none; findings %s", len(s.clusters), rules(x))
	}
}

// A cluster that cannot be read after a finding is read again after each call on
// it, and looked after in the end.
func TestAClusterThatCouldNotBeReadIsReadAgain(t *testing.T) {
	s, garbled := &shelf{}, 0
	s.strange = func(call Call) *Exchange {
		switch call.Op.(type) {
		case model.UpdateCluster:
			a := s.answer(call)
			a.HTTP, a.Status = 200, "CREATING"
			garbled = 2
			return &Exchange{Answer: a, Attempts: []Attempt{{}}}
		case model.GetCluster:
			if garbled > 0 {
				garbled--
				return &Exchange{Answer: Answer{Outage: Undecodable, HTTP: 200}, Attempts: []Attempt{{}}}
			}
		}
		return nil
	}
	x := listing(t, s, "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\nupdate c1 protection=off\ntags c1\nget c1\nget c1\ntags c1", nil)
	if len(x.findings) != 1 {
		t.Errorf("got findings %q, want that of the update", rules(x))
	}
	if x.tally.doubtful != 2 || len(s.clusters) > 0 || slices.ContainsFunc(x.tally.notes, func(n Note) bool { return n.Kind == "a cluster was left behind" }) {
		t.Errorf("got %d calls in doubt, %d clusters left, want 2, until the cluster could be read, and none", x.tally.doubtful, len(s.clusters))
	}
}

// A server error blames the server for what the sender did.
func TestAHostileRequestIsNotAServerError(t *testing.T) {
	for _, tt := range []struct {
		name           string
		fault          string
		remote         bool
		status, failed int
		want           Severity
		rule           model.RuleID
	}{
		{"on loopback", "scalar", false, 500, tries, Violation, "DSQL-ERR-008"},
		{"elsewhere", "scalar", true, 500, tries, Suspicion, "DSQL-ERR-008"},
		{"a request that is odd, but breaks nothing", "deep", false, 500, tries, Suspicion, "DSQL-ERR-006"},
		{"a connection that is cut", "scalar", false, 0, tries, Suspicion, "DSQL-ERR-006"},
		{"once only", "scalar", false, 500, 1, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seq := model.Sequence{Lines: []model.Line{{Op: model.Hostile{Region: "us-east-1", Operation: "CreateCluster", Fault: tt.fault, As: 1}}}}
			asked := 0
			s := &shelf{strange: func(call Call) *Exchange {
				if asked++; asked <= tt.failed {
					return &Exchange{Answer: Answer{Outage: Lost, HTTP: tt.status}, Attempts: []Attempt{{}}}
				}
				return &Exchange{Answer: Answer{HTTP: 400, Code: "ValidationException", Reason: "other"}, Attempts: []Attempt{{}}}
			}}
			set := settingsOf([]Option{Settle(time.Millisecond)})
			set.Remote = tt.remote
			x := newExecution(s, &set, newCensus(), seq, Event{})
			x.heard = true
			x.run(t.Context())
			var got Finding
			if len(x.findings) > 0 {
				got = x.findings[0]
			}
			if got.Severity != tt.want || got.Rule != tt.rule {
				t.Errorf("got %s %s, want %s %s", got.Severity, got.Rule, tt.want, tt.rule)
			}
		})
	}
}

// The answer to a creation may be lost: asking again with its token tells what
// was made.
func TestLostCreationsAreAskedAgainInTheEnd(t *testing.T) {
	s := &shelf{}
	made := map[string]Answer{}
	s.strange = func(call Call) *Exchange {
		if _, ok := call.Op.(model.CreateStream); !ok {
			return nil
		}
		a, again := made[call.Token]
		if !again {
			a = s.answer(call)
			a.HTTP, made[call.Token] = 200, a
			made[call.Token] = a
		}
		return &Exchange{Answer: a, Attempts: []Attempt{{}}}
	}
	x := listing(t, s, "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\ns1 = create-stream c1 !lost", nil)
	if got := whys(x, "CreateStream"); got != " resolve" || len(s.streams) > 0 || rules(x) != "" {
		t.Errorf("got calls %q, %d streams left and findings %q, want the call again and nothing left", got, len(s.streams), rules(x))
	}
}

func TestALineIsAskedByItsPrincipal(t *testing.T) {
	s := &shelf{}
	x := listing(t, s, "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\nget c1 !by=reader", func(set *Settings) {
		set.Principals = map[string]*model.Permissions{"reader": {}}
	})
	var by []string
	for _, r := range x.records {
		if r.Line == 2 {
			by = append(by, r.Call.By)
		}
	}
	if !slices.Contains(by, "reader") {
		t.Errorf("got calls by %q, want one by reader", by)
	}
	// Whom the target does not know stops nobody else.
	s.strange = func(call Call) *Exchange {
		if call.By == "" {
			return nil
		}
		return &Exchange{Answer: Answer{Outage: Credentials, HTTP: 403, Code: "UnrecognizedClientException"}, Attempts: []Attempt{{}}}
	}
	x = listing(t, s, "c1 = create us-east-1 protection=off\nget c1 !by=reader\nget c1", nil)
	if x.fatal != nil || len(x.tally.doubts) == 0 {
		t.Errorf("got %v and %d doubts, want the run to go on in doubt", x.fatal, len(x.tally.doubts))
	}
}

// The first policy may name the wrong account, when nothing has told it yet.
func TestARefusedPolicyOfAnUnknownAccountIsInDoubt(t *testing.T) {
	const line = `c1 = create us-east-1 protection=off policy="{\"Principal\":\"${account}\"}"`
	refuse := func(call Call) *Exchange {
		if op, ok := call.Op.(model.CreateCluster); ok && op.Policy.Given {
			return &Exchange{Answer: Answer{HTTP: 400, Code: "ValidationException", Reason: "other"}, Attempts: []Attempt{{}}}
		}
		return nil
	}
	if x := listing(t, &shelf{strange: refuse}, line, nil); len(x.tally.doubts) != 1 {
		t.Errorf("got %d doubts, want one", len(x.tally.doubts))
	}
	if x := listing(t, &shelf{strange: refuse}, line, func(set *Settings) { set.Account = "999999999999" }); len(x.tally.doubts) != 0 {
		t.Errorf("got %d doubts although the account is given, want none", len(x.tally.doubts))
	}
	if x := listing(t, &shelf{strange: refuse}, "c2 = create us-east-1 protection=off\n"+line, nil); len(x.tally.doubts) != 0 {
		t.Errorf("got %d doubts although an answer has told the account, want none", len(x.tally.doubts))
	}
}

// A record is told with its reply in symbolic form, and so stands in a trace.
func TestARecordIsToldWithItsReply(t *testing.T) {
	var told []string
	listing(t, &shelf{}, "c1 = create us-east-1 protection=off\nget c1 !lost\nlist us-east-1", func(set *Settings) {
		set.Observe = func(e Event) {
			if e.Record != nil && e.Record.Line >= 0 {
				told = append(told, e.Record.Reply.String())
			}
		}
	})
	if len(told) != 3 || !strings.HasPrefix(told[0], "ok c1 CREATING") || told[1] != "lost" || !strings.Contains(told[2], "c1") {
		t.Errorf("got replies %q, want that of the create, a lost one, and the listing", told)
	}
}
