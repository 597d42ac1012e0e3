package conformance

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"dsqlconform/generators"
	"dsqlconform/model"
)

// garbler is a target that answers anything: members of any operation, from a
// few values, so that the same come up again and again.
type garbler struct{ rng *rand.Rand }

func (g garbler) one(list ...string) string { return list[g.rng.IntN(len(list))] }

func (g garbler) maybe(list ...string) *string {
	if g.rng.IntN(2) == 0 {
		return nil
	}
	text := g.one(list...)
	return &text
}

func (g garbler) stream() Stream {
	return Stream{
		Cluster: g.one("", anID, otherID, "x"), Identifier: g.one("", streamed, anID, "x"), ARN: g.one("", "arn", arnOf("us-east-1", anID)+"/stream/"+streamed),
		Status: g.one("", "CREATING", "ACTIVE", "DELETING", "FAILED", "IMPAIRED", "DELETED", "gone", "?"), Created: time.Unix(g.rng.Int64N(3), 0),
		Ordering: g.one("", "UNORDERED", "?"), Format: g.one("", "JSON", "?"), Kinesis: g.one("", "k"), Role: g.one("", "r"), Reason: g.rng.IntN(2) == 0,
	}
}

func (g garbler) arns() []string {
	list := make([]string, g.rng.IntN(3))
	for i := range list {
		list[i] = g.one("", "x", "/", arnOf("us-east-1", anID), arnOf("us-east-2", otherID), arnOf("us-east-1", otherID))
	}
	return list
}

func (g garbler) Do(_ context.Context, call Call) (Exchange, error) {
	switch g.rng.IntN(12) {
	case 0:
		return Exchange{}, errors.New("no")
	case 1:
		codes := []string{"ValidationException", "ConflictException", "ResourceNotFoundException", "AccessDeniedException", "ServiceQuotaExceededException", "?", ""}
		return Exchange{Answer: Answer{HTTP: []int{400, 404, 405, 409}[g.rng.IntN(4)], Code: g.one(codes...)}, Attempts: make([]Attempt, g.rng.IntN(3))}, nil
	case 2:
		return Exchange{Answer: Answer{Outage: []Outage{Lost, Throttled, NotServed, Undecodable}[g.rng.IntN(4)]}, Attempts: make([]Attempt, g.rng.IntN(2))}, nil
	}
	a := Answer{
		HTTP: 200, Identifier: g.one("", anID, otherID, "x", call.Identifier), ARN: g.one("", "arn", arnOf("us-east-1", anID)),
		Status: g.one("", "CREATING", "ACTIVE", "UPDATING", "DELETING", "PENDING_SETUP", "PENDING_DELETE", "IDLE", "FAILED", "gone", "?"), Created: time.Unix(g.rng.Int64N(3), 0),
		PolicyVersion: g.one("", "1", "2", "3"), Page: g.one("", "", "p", "q"), Service: g.one("", "s"),
		Policy: g.maybe("", "{", `{"a":[{}]}`), Witness: g.maybe("", "us-west-2"),
	}
	if g.rng.IntN(2) == 0 {
		on := g.rng.IntN(2) == 0
		a.Protection = &on
	}
	if g.rng.IntN(2) == 0 {
		a.Multi = &Multi{Witness: g.maybe("", "us-west-2"), Clusters: g.arns()}
	}
	if g.rng.IntN(2) == 0 {
		a.Encryption = &Encryption{Type: g.one("", "AWS_OWNED_KMS_KEY", "?"), Status: g.one("", "ENABLED", "?"), Key: g.maybe("", "k")}
	}
	if g.rng.IntN(2) == 0 {
		s := g.stream()
		a.Stream = &s
	}
	if g.rng.IntN(2) == 0 {
		a.Linked = g.arns()
	}
	for range g.rng.IntN(3) {
		a.Listed = append(a.Listed, Listed{g.one("", anID, otherID), g.one("", "arn")})
		a.Streams = append(a.Streams, g.stream())
	}
	a.Tags = map[string]string{g.one("", "a", "hostile"): "b"}
	return Exchange{Answer: a, Attempts: make([]Attempt, g.rng.IntN(3))}, nil
}

// Whatever a target answers, a sequence comes to its end, and every record has a
// reply.
func TestAnySenselessAnswerIsBorne(t *testing.T) {
	for _, p := range generators.Profiles() {
		p = p.In([]model.Region{"us-east-1", "us-east-2"}, "us-west-2")
		t.Run(p.Name, func(t *testing.T) {
			for seed := range uint64(12) {
				synctest.Test(t, func(t *testing.T) {
					set := settingsOf([]Option{Settle(100 * time.Millisecond)})
					set.Revision = model.Revision(seed % 2)
					x := newExecution(garbler{rand.New(rand.NewPCG(seed, 1))}, &set, newCensus(), generators.FromSeed(p, seed), Event{})
					x.run(t.Context())
					for _, f := range x.findings {
						if f.Signature() == "" || Message(f) == "" {
							t.Error("got a finding without a message")
						}
					}
				})
			}
		})
	}
}
