package conformance

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

const streamed = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

func streamOf(id string) *Stream {
	return &Stream{
		Cluster: anID, Identifier: id, ARN: arnOf("us-east-1", anID) + "/stream/" + id, Status: "CREATING", Created: time.Unix(1_800_000_000, 250_000_000),
		Ordering: "UNORDERED", Format: "JSON",
	}
}

// home returns a binder that knows c1.
func home(t *testing.T) *binder {
	t.Helper()
	b := seeded(1)
	if r := b.made(1, "us-east-1", answerOf("us-east-1", anID)); r.Cluster != 1 {
		t.Fatalf("got %s, want c1", r.Cluster)
	}
	return b
}

// streamed binds a stream's create.
func (b *binder) streamed(as model.StreamHandle, s *Stream) model.Reply {
	op := model.CreateStream{As: as, Ref: model.C(1), Token: model.Token{Name: "t1"}}
	return b.reply(b.call(op, "us-east-2"), Answer{HTTP: 200, Stream: s})
}

func TestStreamsAreBoundAsClustersAre(t *testing.T) {
	b := home(t)
	r := b.streamed(1, streamOf(streamed))
	if r.Stream.Handle != 1 || r.Cluster != 1 || r.Stream.Status != model.StreamCreating || r.Changed != "" || r.Stream.Target != model.Unset {
		t.Errorf("a new stream: got %+v of %s", r.Stream, r.Cluster)
	}
	if r = b.streamed(2, streamOf(streamed)); r.Stream.Handle != 1 {
		t.Errorf("a replayed create: got %s, want s1", r.Stream.Handle)
	}
	for h := range model.StreamHandle(2) {
		call := b.call(model.GetStream{Ref: model.C(1), Stream: model.StreamRef{Handle: h + 1}}, "us-east-2")
		if call.Identifier != anID || call.Stream != streamed || call.Region != "us-east-1" {
			t.Errorf("get of %s: got %s of %s in %s, want the stream of c1 in its Region", h+1, call.Stream, call.Identifier, call.Region)
		}
	}
	if r = b.streamed(1, streamOf(otherID)); r.Stream.Handle <= model.StreamHandle(model.MaxHandle) || len(b.streams.extra) != 1 {
		t.Errorf("a second stream for s1: got %s and %d extra, want a handle of its own", r.Stream.Handle, len(b.streams.extra))
	}
	get := b.call(model.GetStream{Ref: model.C(1), Stream: model.StreamRef{Handle: 1}}, "")
	if r = b.reply(get, Answer{HTTP: 200, Stream: streamOf("bbbbbbbbbbbbbbbbbbbbbbbbbb")}); r.Stream.Handle != model.UnknownStream {
		t.Errorf("a stranger: got %s, want one never seen", r.Stream.Handle)
	}
}

func TestWhatMustNotChangeAboutAStream(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(*Stream)
		target     model.Switch
	}{
		{"nothing", "", func(*Stream) {}, model.Unset},
		{"a fraction of a second", "", func(s *Stream) { s.Created = s.Created.Add(500 * time.Millisecond) }, model.Unset},
		{"a second", "creationTime", func(s *Stream) { s.Created = s.Created.Add(time.Second) }, model.Unset},
		{"the ARN", "arn", func(s *Stream) { s.ARN = "arn:x" }, model.Unset},
		{"the cluster", "identifier", func(s *Stream) { s.Cluster = otherID }, model.Unset},
		{"members left out", "", func(s *Stream) { *s = Stream{Identifier: streamed} }, model.Unset},
		{"the target that it was given", "", func(s *Stream) {
			s.Kinesis, s.Role = "arn:aws:kinesis:us-east-1:123456789012:stream/dsqlconform", "arn:aws:iam::123456789012:role/dsqlconform"
		}, model.On},
		{"another target", "", func(s *Stream) { s.Kinesis, s.Role = "arn:other", "arn:role" }, model.Off},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := home(t)
			b.streamed(1, streamOf(streamed))
			s := streamOf(streamed)
			tt.change(s)
			r := b.reply(b.call(model.GetStream{Ref: model.C(1), Stream: model.StreamRef{Handle: 1}}, ""), Answer{HTTP: 200, Stream: s})
			if r.Changed != tt.want || r.Stream.Handle != 1 || r.Stream.Target != tt.target {
				t.Errorf("got %q changed of %s, target %s, want %q of s1, %s", r.Changed, r.Stream.Handle, r.Stream.Target, tt.want, tt.target)
			}
		})
	}
}

func TestStreamsThatDoNotExist(t *testing.T) {
	b, c := home(t), home(t)
	get := func(b *binder, h model.StreamHandle) string {
		return b.call(model.GetStream{Ref: model.C(1), Stream: model.StreamRef{Handle: h}}, "").Stream
	}
	if !regexp.MustCompile(`^[a-z0-9]{26}$`).MatchString(get(b, 9)) {
		t.Errorf("got %q, want a well-formed identifier", get(b, 9))
	}
	b.word(idAlphabet, 1) // the two would else draw the same
	if get(b, 9) != get(b, 9) || get(b, 9) == get(b, 8) || get(b, 7) == get(c, 7) {
		t.Error("an unbound handle must stand for one identifier, fresh for each handle and execution")
	}
	if call := b.call(model.GetStream{Ref: model.C(1), Stream: model.StreamRef{Literal: "ABC"}}, ""); call.Stream != "ABC" {
		t.Errorf("got %q for a literal, want it as it is", call.Stream)
	}
	b.streamed(1, streamOf(streamed))
	b.made(2, "us-east-2", answerOf("us-east-2", otherID))
	for _, tt := range []struct {
		name   string
		ref    model.Ref
		stream model.StreamRef
		want   string
	}{
		{"a cluster", model.C(1), model.StreamRef{}, arnOf("us-east-1", anID)},
		{"its stream", model.C(1), model.StreamRef{Handle: 1}, arnOf("us-east-1", anID) + "/stream/" + streamed},
		{"the stream of another cluster", model.C(2), model.StreamRef{Handle: 1}, arnOf("us-east-2", otherID) + "/stream/" + streamed},
		{"a stream that is none", model.C(1), model.StreamRef{Handle: 9}, arnOf("us-east-1", anID) + "/stream/" + get(b, 9)},
		{"a literal", model.C(1), model.StreamRef{Literal: "x"}, arnOf("us-east-1", anID) + "/stream/x"},
		{"a literal ARN", model.C(1), model.StreamRef{Literal: "arn:x"}, "arn:x"},
	} {
		if got := b.call(model.TagResource{Ref: tt.ref, Stream: tt.stream}, "").ARN; got != tt.want {
			t.Errorf("tags of %s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestAListingOfStreams(t *testing.T) {
	b := home(t)
	b.streamed(2, streamOf(streamed))
	b.streamed(1, streamOf(otherID))
	row := func(id, status string) Stream { return Stream{Identifier: id, Status: status} }
	call := b.call(model.ListStreams{Ref: model.C(1)}, "")
	r := b.reply(call, Answer{HTTP: 200, Streams: []Stream{row(streamed, "ACTIVE"), row("stranger", "ACTIVE"), row(otherID, "gone"), row(streamed, "FAILED")}})
	want := model.StreamReply{
		Listed: []model.StreamHandle{1, 2}, Shown: []model.StreamStatus{model.NoStream, model.StreamActive}, Twice: []model.StreamHandle{2},
	}
	if diff := cmp.Diff(want, r.Stream); diff != "" {
		t.Errorf("listing (-want +got):\n%s", diff)
	}
	if r = b.reply(call, Answer{HTTP: 200}); r.Stream.Listed == nil || len(r.Stream.Listed) != 0 {
		t.Errorf("an empty listing: got %v, want an empty one", r.Stream.Listed)
	}
}

func TestWhereAStreamDeliversTo(t *testing.T) {
	b := home(t)
	b.account = "999999999999"
	send := func(op model.CreateStream) Kinesis {
		op.Ref = model.C(1)
		call := b.call(op, "us-east-2")
		return Kinesis{call.Kinesis, call.Role}
	}
	made := Kinesis{"arn:aws:kinesis:us-east-1:999999999999:stream/dsqlconform", "arn:aws:iam::999999999999:role/dsqlconform"}
	if got := send(model.CreateStream{As: 1}); got != made {
		t.Errorf("nothing given: got %v, want %v", got, made)
	}
	own := Kinesis{"arn:own:us-east-1", "arn:aws:iam::999999999999:role/dsqlconform"}
	if got := send(model.CreateStream{As: 1, Kinesis: model.Some("arn:own:${region}")}); got != own {
		t.Errorf("a stream given: got %v, want %v", got, own)
	}
	b.streams.given = Kinesis{"arn:theirs", "arn:role"}
	if got := send(model.CreateStream{As: 1}); got != b.streams.given {
		t.Errorf("those of the settings: got %v, want %v", got, b.streams.given)
	}
}

func TestPolicyVersionsAreCounted(t *testing.T) {
	b := home(t)
	b.made(2, "us-east-1", answerOf("us-east-1", otherID))
	answered := func(h int, version string) int {
		return b.reply(b.call(model.GetClusterPolicy{Ref: model.C(h)}, ""), Answer{HTTP: 200, PolicyVersion: version}).Policy.Version
	}
	for _, tt := range []struct {
		cluster int
		version string
		want    int
	}{{1, "7", 1}, {1, "9", 2}, {1, "7", 1}, {2, "9", 1}, {1, "8", 3}, {1, "", 0}} {
		if got := answered(tt.cluster, tt.version); got != tt.want {
			t.Errorf("version %q of c%d: got %d, want %d", tt.version, tt.cluster, got, tt.want)
		}
	}
	expect := func(h, version int) model.Maybe {
		return b.call(model.PutClusterPolicy{Ref: model.C(h), Expect: model.Expect{Version: version}}, "").Expect
	}
	if got := expect(1, 2); got != model.Some("9") {
		t.Errorf("expecting the second version: got %v, want 9", got)
	}
	none := expect(1, 4)
	if none != expect(1, 4) || none == expect(1, 5) || none.Value == "" || strings.Contains("789", none.Value) {
		t.Errorf("expecting a fourth version: got %v, want a text that is none, the same each time", none)
	}
	if got := expect(2, 2); got == model.Some("9") || !got.Given {
		t.Errorf("expecting a second version of c2: got %v, want one that is none", got)
	}
	for _, e := range []model.Expect{{}, {Literal: model.Some("")}, {Literal: model.Some("x")}} {
		if got := b.call(model.DeleteClusterPolicy{Ref: model.C(1), Expect: e}, "").Expect; got != e.Literal {
			t.Errorf("expecting %v: got %v, want it as it is", e, got)
		}
	}
}

func TestPoliciesAreCompared(t *testing.T) {
	const sent = `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${account}:root"},"Action":"dsql:*","Resource":"*"}],"Version":"2012-10-17"}`
	b := home(t)
	call := b.call(model.PutClusterPolicy{Ref: model.C(1), Policy: sent}, "")
	if !strings.Contains(call.Policy, "arn:aws:iam::123456789012:root") {
		t.Errorf("got policy %s, want the account filled in", call.Policy)
	}
	read := b.call(model.GetClusterPolicy{Ref: model.C(1)}, "")
	shown := func(text string) string { return b.reply(read, Answer{HTTP: 200, Policy: &text}).Policy.Text }
	if got := shown(" " + call.Policy + "\n"); got != model.CanonicalPolicy(sent) {
		t.Errorf("got %s, want %s", got, model.CanonicalPolicy(sent))
	}
	// What was sent with the account spelt out is shown so.
	literal := strings.ReplaceAll(sent, "${account}", "123456789012")
	literal = strings.ReplaceAll(literal, "dsql:*", "dsql:GetCluster")
	b.call(model.PutClusterPolicy{Ref: model.C(1), Policy: literal}, "")
	if got := shown(literal); got != model.CanonicalPolicy(literal) {
		t.Errorf("got %s, want %s", got, model.CanonicalPolicy(literal))
	}
	// What was never sent is somebody else's, and its account is still ours.
	if got := shown(strings.ReplaceAll(call.Policy, "Allow", "Deny")); !strings.Contains(got, symbolicAccount) || strings.Contains(got, "123456789012") {
		t.Errorf("got %s, want the account replaced", got)
	}
}

func TestLinkedClustersAreBoundByTheirRegions(t *testing.T) {
	op := model.CreateMultiRegionClusters{As: []model.Handle{1, 2}, Region: "us-east-1", Linked: []model.Region{"us-east-1", "us-east-2"}, Witness: "us-west-2"}
	b := seeded(1)
	call := b.call(op, "us-east-1")
	third := "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	r := b.reply(call, Answer{HTTP: 200, Linked: []string{arnOf("us-east-2", otherID), arnOf("us-east-1", anID), arnOf("us-west-2", third)}})
	extra := b.extra
	if len(extra) != 1 {
		t.Fatalf("got %d extra clusters, want the one that nobody asked for", len(extra))
	}
	if diff := cmp.Diff([]model.Handle{2, 1, extra[0]}, r.Legacy.Linked); diff != "" {
		t.Errorf("linked (-want +got):\n%s", diff)
	}
	if got := b.call(model.GetCluster{Ref: model.C(2)}, "us-east-1"); got.Identifier != otherID || got.Region != "us-east-2" {
		t.Errorf("get c2: got %s in %s, want the cluster in its own Region", got.Identifier, got.Region)
	}
	// When it was created is known from its first read on.
	get := b.call(model.GetCluster{Ref: model.C(1)}, "")
	a := answerOf("us-east-1", anID)
	if r = b.reply(get, a); r.Cluster != 1 || r.Changed != "" {
		t.Errorf("the first read: got %q changed of %s, want nothing of c1", r.Changed, r.Cluster)
	}
	a.Created = a.Created.Add(time.Minute)
	if r = b.reply(get, a); r.Changed != "creationTime" {
		t.Errorf("another time: got %q changed, want creationTime", r.Changed)
	}
	// A replay names the same clusters.
	again := op
	again.As = []model.Handle{3, 4}
	r = b.reply(b.call(again, "us-east-1"), Answer{HTTP: 200, Linked: []string{arnOf("us-east-1", anID), arnOf("us-east-2", otherID)}})
	if diff := cmp.Diff([]model.Handle{1, 2}, r.Legacy.Linked); diff != "" {
		t.Errorf("a replay (-want +got):\n%s", diff)
	}
	if call := b.call(model.DeleteMultiRegionClusters{Region: "us-east-1", Refs: []model.Ref{model.C(4), model.C(1)}}, ""); call.Region != "us-east-1" ||
		!cmp.Equal(call.ARNs, []string{arnOf("us-east-2", otherID), arnOf("us-east-1", anID)}) {
		t.Errorf("got %q in %s, want the ARNs of c4 and c1", call.ARNs, call.Region)
	}
	for _, arns := range [][]string{nil, {}, {""}, {"x", "arn:a:b:us-east-1:c:cluster/"}} {
		b.reply(b.call(op, ""), Answer{HTTP: 200, Linked: arns}) // whatever it says
	}
}

func TestLegacyMembersAndEncryption(t *testing.T) {
	b := home(t)
	b.made(2, "us-east-2", answerOf("us-east-2", otherID))
	witness, key := "us-west-2", "arn:key"
	a := answerOf("us-east-1", anID)
	a.Witness, a.Linked = &witness, []string{arnOf("us-east-2", otherID), arnOf("us-east-1", anID), "arn:stranger"}
	a.Encryption = &Encryption{Type: "CUSTOMER_MANAGED_KMS_KEY", Status: "KMS_KEY_INACCESSIBLE", Key: &key}
	get := b.call(model.GetCluster{Ref: model.C(1)}, "")
	r := b.reply(get, a)
	if diff := cmp.Diff(model.Legacy{Witness: model.Some(witness), Linked: []model.Handle{1, 2, model.Unknown}}, r.Legacy); diff != "" {
		t.Errorf("legacy (-want +got):\n%s", diff)
	}
	if want := (model.Encryption{Type: model.CustomerManaged, Status: model.KeyInaccessible, Key: model.Some(key)}); r.Encryption != want {
		t.Errorf("got encryption %v, want %v", r.Encryption, want)
	}
	a.Linked, a.Witness, a.Encryption = []string{}, nil, &Encryption{Type: "ROT13", Status: "?"}
	if r = b.reply(get, a); r.Legacy.Linked == nil || r.Legacy.Witness.Given || r.Encryption != (model.Encryption{}) {
		t.Errorf("got %+v and %v, want an empty list and no encryption that the model knows", r.Legacy, r.Encryption)
	}
}

// A cluster that a hand-written request makes has no name in the sequence, and
// somebody has to remove it.
func TestAClusterOfARawRequestIsRemembered(t *testing.T) {
	b := seeded(1)
	for _, tt := range []struct {
		op   model.Raw
		want int
	}{
		{model.Raw{Region: "us-east-1", Method: "GET", Path: "/cluster/" + anID}, 0},
		{model.Raw{Region: "us-east-1", Method: "POST", Path: "/cluster"}, 1},
	} {
		b.reply(b.call(tt.op, ""), answerOf("us-east-1", anID))
		if len(b.extra) != tt.want {
			t.Errorf("%s %s: got %d clusters to remove, want %d", tt.op.Method, tt.op.Path, len(b.extra), tt.want)
		}
	}
}
