package conformance

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

const (
	anID    = "abcdefghijklmnopqrstuvwxyz"
	otherID = "zyxwvutsrqponmlkjihgfedcba"
)

func arnOf(region, id string) string { return "arn:aws:dsql:" + region + ":123456789012:cluster/" + id }

func answerOf(region, id string) Answer {
	return Answer{HTTP: 200, Identifier: id, ARN: arnOf(region, id), Status: "CREATING", Created: time.Unix(1_800_000_000, 250_000_000)}
}

func seeded(n uint64) *binder { return newBinder(rand.New(rand.NewPCG(n, 0))) }

// made binds a create's answer and returns the reply.
func (b *binder) made(h model.Handle, region model.Region, a Answer) model.Reply {
	call := b.call(model.CreateCluster{As: h, Region: region}, "us-east-1")
	return b.reply(call, a)
}

func TestIdentityIsBoundOnce(t *testing.T) {
	b := seeded(1)
	if r := b.made(1, "us-east-1", answerOf("us-east-1", anID)); r.Cluster != 1 || r.Changed != "" || r.Status != model.Creating {
		t.Errorf("a new cluster: got %s", r)
	}
	// A replay gives a second name to the same cluster.
	if r := b.made(2, "us-east-1", answerOf("us-east-1", anID)); r.Cluster != 1 {
		t.Errorf("a replayed create: got cluster %s, want c1", r.Cluster)
	}
	for _, h := range []int{1, 2} {
		call := b.call(model.GetCluster{Ref: model.C(h)}, "us-east-2")
		if call.Identifier != anID || call.Region != "us-east-1" || call.ARN != arnOf("us-east-1", anID) {
			t.Errorf("get c%d: got %s in %s, want the cluster in its own Region", h, call.Identifier, call.Region)
		}
	}
	if r := b.made(3, "us-east-1", answerOf("us-east-1", otherID)); r.Cluster != 3 {
		t.Errorf("another cluster: got %s, want c3", r.Cluster)
	}
	// Two clusters where there should be one: the second is told apart.
	if r := b.made(1, "us-east-1", answerOf("us-east-1", "00000000000000000000000000")); r.Cluster <= model.MaxHandle || len(b.extra) != 1 {
		t.Errorf("a second cluster for c1: got %s and %d extra, want a handle of its own", r.Cluster, len(b.extra))
	}
	if call := b.call(model.GetCluster{Ref: model.C(1)}, ""); call.Identifier != anID {
		t.Errorf("get c1 afterwards: got %s, want the first cluster still", call.Identifier)
	}
}

func TestWhatMustNotChange(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(*Answer)
	}{
		{"nothing", "", func(*Answer) {}},
		{"a fraction of a second", "", func(a *Answer) { a.Created = a.Created.Add(500 * time.Millisecond) }},
		{"a second", "creationTime", func(a *Answer) { a.Created = a.Created.Add(time.Second) }},
		{"the ARN", "arn", func(a *Answer) { a.ARN = arnOf("us-east-2", anID) }},
		{"both", "arn,creationTime", func(a *Answer) { a.ARN, a.Created = "arn:x", a.Created.Add(-time.Minute) }},
		{"members left out", "", func(a *Answer) { a.ARN, a.Created = "", time.Time{} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := seeded(1)
			b.made(1, "us-east-1", answerOf("us-east-1", anID))
			a := answerOf("us-east-1", anID)
			tt.change(&a)
			r := b.reply(b.call(model.GetCluster{Ref: model.C(1)}, ""), a)
			if r.Changed != tt.want || r.Cluster != 1 {
				t.Errorf("got %q changed of %s, want %q of c1", r.Changed, r.Cluster, tt.want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	b, c := seeded(1), seeded(2)
	value := func(b *binder, token model.Token) string {
		return b.call(model.CreateCluster{As: 1, Region: "us-east-1", Token: token}, "").Token
	}
	t1 := model.Token{Name: "t1"}
	first := value(b, t1)
	if first != value(b, t1) || len(first) != 36 {
		t.Errorf("got %q and %q, want one value of 36 characters", first, value(b, t1))
	}
	if first == value(c, t1) {
		t.Error("two executions gave a token the same value")
	}
	if first == value(b, model.Token{Name: "t2"}) {
		t.Error("two tokens have the same value")
	}
	near := value(b, model.Token{Name: "t1", Near: true})
	if near == first || near[:35] != first[:35] || near[35] != first[35]-'a'+'A' {
		t.Errorf("got near miss %q of %q, want the last letter in the other case", near, first)
	}
	if long := value(b, model.Token{Name: "t1", Length: 128}); len(long) != 128 || long == first {
		t.Errorf("got a token of %d characters, want 128", len(long))
	}
	// What is too short to be fresh is not asked for: another execution may
	// have used it.
	if short := value(b, model.Token{Name: "t1", Length: 1}); len(short) < freshToken {
		t.Errorf("got a token of %d characters, want at least %d", len(short), freshToken)
	}
	if got := value(b, model.Token{Literal: model.Some("")}); got != "" {
		t.Errorf("got %q for the empty token, want it as it is", got)
	}
	if none := (model.Token{}); value(b, none) == value(b, none) {
		t.Error("two calls without a token were given the same one")
	}
}

func TestClustersThatDoNotExist(t *testing.T) {
	b, c := seeded(1), seeded(2)
	get := func(b *binder, h int) string {
		return b.call(model.GetCluster{Ref: model.C(h)}, "us-east-1").Identifier
	}
	if !regexp.MustCompile(`^[a-z0-9]{26}$`).MatchString(get(b, 9)) {
		t.Errorf("got %q, want a well-formed identifier", get(b, 9))
	}
	if get(b, 9) != get(b, 9) || get(b, 9) == get(b, 8) || get(b, 9) == get(c, 9) {
		t.Error("an unbound handle must stand for one identifier, fresh for each handle and execution")
	}
	if call := b.call(model.GetCluster{Ref: model.Ref{Literal: "ABC"}}, "us-east-1"); call.Identifier != "ABC" {
		t.Errorf("got %q for a literal, want it as it is", call.Identifier)
	}
	call := b.call(model.CreateCluster{As: 1, Region: "us-east-1", Multi: &model.MultiRegion{Peers: []model.Ref{model.C(9)}}}, "us-east-1")
	if len(call.Peers) != 1 || !strings.HasPrefix(call.Peers[0], "arn:aws:dsql:us-east-1:") || !strings.HasSuffix(call.Peers[0], ":cluster/"+get(b, 9)) {
		t.Errorf("got peers %q, want the ARN of the identifier of c9", call.Peers)
	}
}

func TestMembersAndStrangers(t *testing.T) {
	b := seeded(1)
	b.made(1, "us-east-1", answerOf("us-east-1", anID))
	b.made(2, "us-east-2", answerOf("us-east-2", otherID))
	witness := "us-west-2"
	a := answerOf("us-east-1", anID)
	a.Multi = &Multi{Witness: &witness, Clusters: []string{arnOf("us-east-2", otherID), arnOf("us-east-1", anID), arnOf("us-east-2", otherID)}}
	r := b.reply(b.call(model.GetCluster{Ref: model.C(1)}, ""), a)
	if diff := cmp.Diff([]model.Handle{1, 2}, r.Members); diff != "" || !r.Multi || r.Witness.Value != witness {
		t.Errorf("members (-want +got):\n%s\nmulti %v witness %v", diff, r.Multi, r.Witness)
	}
	// An ARN of ours in another Region is not ours.
	a.Multi = &Multi{Clusters: []string{arnOf("us-west-2", otherID)}}
	r = b.reply(b.call(model.GetCluster{Ref: model.C(1)}, ""), a)
	if diff := cmp.Diff([]model.Handle{model.Unknown}, r.Members); diff != "" {
		t.Errorf("a wrong Region (-want +got):\n%s", diff)
	}
	a.Multi = &Multi{Clusters: []string{}}
	if r = b.reply(b.call(model.GetCluster{Ref: model.C(1)}, ""), a); !r.Empty || r.Multi || len(r.Members) != 0 {
		t.Errorf("an empty list: got %+v", r)
	}

	b.call(model.TagResource{Ref: model.C(1), Tags: model.NewTags(map[string]string{"ours": "1"})}, "")
	a.Tags = map[string]string{"ours": "2", "theirs": "3"}
	if r = b.reply(b.call(model.GetCluster{Ref: model.C(1)}, ""), a); r.Tags != model.NewTags(map[string]string{"ours": "2"}) {
		t.Errorf("got tags %s, want ours alone", r.Tags)
	}

	var listing model.Reply
	b.list(&listing, []Listed{{otherID, ""}, {"00000000000000000000000000", ""}, {anID, ""}, {otherID, ""}})
	if diff := cmp.Diff([]model.Handle{1, 2}, listing.Listed); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]model.Handle{2}, listing.Twice); diff != "" {
		t.Errorf("twice (-want +got):\n%s", diff)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	b := seeded(1)
	call := b.call(model.GetCluster{Ref: model.C(1)}, "us-east-1")
	for _, tt := range []struct {
		name string
		a    Answer
		want model.Reply
	}{
		{"lost", Answer{Outage: Lost, HTTP: 503}, model.Reply{Lost: true}},
		{"not decodable", Answer{Outage: Undecodable, HTTP: 200}, model.Reply{Lost: true}},
		{"a refusal", Answer{HTTP: 400, Code: "ValidationException", Reason: "other"}, model.Reply{Code: model.Validation, Reason: "other"}},
		{"an unknown refusal", Answer{HTTP: 418, Code: "TeapotException"}, model.Reply{Code: model.OtherError}},
		{"a refusal without a name", Answer{HTTP: 404}, model.Reply{Code: model.OtherError}},
		{"a stranger", Answer{HTTP: 200, Identifier: otherID, Status: "ACTIVE"}, model.Reply{Cluster: model.Unknown, Status: model.Active}},
		{"an unknown status", Answer{HTTP: 200, Status: "gone"}, model.Reply{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want.String(), b.reply(call, tt.a).String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
