package conformance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"dsqlconform/model"
)

// binder ties the symbolic names of one execution to the target's concrete
// ones, and puts replies into symbolic form. Identifiers, ARNs and handles stay
// apart: a replayed create gives a second handle to one identifier.
type binder struct {
	rng     *rand.Rand
	handles map[string]model.Handle // by identifier
	bound   map[model.Handle]*identity
	voids   map[model.Handle]string // identifiers of clusters that do not exist
	tokens  map[model.Token]string
	keys    map[string]bool // tag keys that this execution has sent
	homes   map[model.Handle]model.Region
	extra   []model.Handle // clusters that no create of ours should have made
	spares  model.Handle   // handles given out beyond those of the sequence
}

// identity is what must never change about a cluster.
type identity struct {
	id, arn string
	created time.Time
	region  model.Region
}

func newBinder(rng *rand.Rand) *binder {
	return &binder{
		rng:     rng,
		handles: map[string]model.Handle{},
		bound:   map[model.Handle]*identity{},
		voids:   map[model.Handle]string{},
		tokens:  map[model.Token]string{},
		keys:    map[string]bool{},
		homes:   map[model.Handle]model.Region{},
	}
}

const (
	idAlphabet    = "abcdefghijklmnopqrstuvwxyz234567"
	tokenAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

	freshToken = 8 // characters that a token needs, lest it be made up twice
)

func (b *binder) word(alphabet string, n int) string {
	var s strings.Builder
	for range n {
		s.WriteByte(alphabet[b.rng.IntN(len(alphabet))])
	}
	return s.String()
}

// spare returns a handle that no sequence uses.
func (b *binder) spare() model.Handle {
	b.spares++
	return model.MaxHandle + b.spares
}

// identifier returns what a reference is sent as.
func (b *binder) identifier(r model.Ref) string {
	if r.Handle == 0 {
		return r.Literal
	}
	if c := b.bound[r.Handle]; c != nil {
		return c.id
	}
	if b.voids[r.Handle] == "" {
		b.voids[r.Handle] = b.word(idAlphabet, 26)
	}
	return b.voids[r.Handle]
}

// arn returns the ARN of what a reference is sent as, in a Region for clusters
// that do not exist.
func (b *binder) arn(r model.Ref, region model.Region) string {
	if r.Handle == 0 && strings.HasPrefix(r.Literal, "arn:") {
		return r.Literal
	}
	if c := b.bound[r.Handle]; c != nil {
		return c.arn
	}
	prefix := "arn:aws:dsql:" + string(region) + ":123456789012"
	for _, c := range b.bound {
		// The partition and account of any cluster of ours.
		if parts := strings.SplitN(c.arn, ":", 6); len(parts) == 6 {
			parts[3] = string(region)
			prefix = strings.Join(parts[:5], ":")
			break
		}
	}
	return prefix + ":cluster/" + b.identifier(r)
}

// home returns the Region that an operation on r asks: at, or the cluster's own.
func (b *binder) home(r model.Ref, at, fallback model.Region) model.Region {
	if at != "" {
		return at
	}
	if c := b.bound[r.Handle]; c != nil {
		return c.region
	}
	if home := b.homes[r.Handle]; home != "" {
		return home
	}
	return fallback
}

// token returns the value of a symbolic token: the same within an execution,
// fresh for each.
func (b *binder) token(t model.Token) string {
	if t.Literal.Given {
		return b.literal(t)
	}
	if t.Name == "" {
		return b.word(tokenAlphabet, 36)
	}
	plain := t
	plain.Near = false
	if plain.Length == 0 {
		plain.Length = 36
	}
	// A shorter one could not be fresh: another execution may have used it.
	plain.Length = max(plain.Length, freshToken)
	value := b.tokens[plain]
	if value == "" {
		// A last letter, so that a near miss can change its case.
		value = b.word(tokenAlphabet, plain.Length-1) + b.word(idAlphabet[:26], 1)
		b.tokens[plain] = value
	}
	if t.Near {
		return value[:len(value)-1] + strings.ToUpper(value[len(value)-1:])
	}
	return value
}

// literal returns a malformed token, malformed in the same way but with letters
// of this execution: a target that takes it must not answer with the result of
// another one.
func (b *binder) literal(t model.Token) string {
	value, ok := b.tokens[t]
	if !ok {
		value = strings.Map(func(r rune) rune {
			if r < 'a' || r > 'z' {
				return r
			}
			return rune(b.word(idAlphabet[:26], 1)[0])
		}, t.Literal.Value)
		b.tokens[t] = value
	}
	return value
}

// call binds an operation. fallback is the Region to ask about a cluster that
// has none.
func (b *binder) call(op model.Op, fallback model.Region) Call {
	call := Call{Op: op}
	peers := func(m *model.MultiRegion, region model.Region) {
		if m == nil {
			return
		}
		for _, p := range m.Peers {
			call.Peers = append(call.Peers, b.arn(p, b.home(p, "", region)))
		}
	}
	refer := func(r model.Ref, at model.Region) {
		call.Region = b.home(r, at, fallback)
		call.Identifier = b.identifier(r)
		call.ARN = b.arn(r, call.Region)
	}
	switch op := op.(type) {
	case model.CreateCluster:
		call.Region, call.Token = op.Region, b.token(op.Token)
		b.homes[op.As] = op.Region
		peers(op.Multi, fallback)
		b.send(op.Tags)
	case model.GetCluster:
		refer(op.Ref, op.At)
	case model.ListClusters:
		call.Region, call.Page = op.Region, op.Next.Value
	case model.UpdateCluster:
		refer(op.Ref, op.At)
		call.Token = b.token(op.Token)
		peers(op.Multi, fallback)
	case model.DeleteCluster:
		refer(op.Ref, op.At)
		call.Token = b.token(op.Token)
	case model.TagResource:
		refer(op.Ref, op.At)
		b.send(op.Tags)
	case model.UntagResource:
		refer(op.Ref, op.At)
	case model.ListTagsForResource:
		refer(op.Ref, op.At)
	case model.GetVpcEndpointServiceName:
		refer(op.Ref, op.At)
	case model.Await:
		refer(op.Ref, "")
	case model.Raw:
		call.Region = op.Region
	}
	return call
}

func (b *binder) send(t model.Tags) {
	for k := range t.All() {
		b.keys[k] = true
	}
}

// reply puts an answer into symbolic form. as is the handle that a create gives
// to its result, 0 for other operations.
func (b *binder) reply(call Call, as model.Handle, a Answer) model.Reply {
	if a.Outage == Lost || a.Outage == Undecodable {
		return model.Reply{Lost: true}
	}
	if a.Code != "" || a.HTTP >= 400 {
		return model.Reply{Code: model.ParseCode(a.Code), Reason: a.Reason}
	}
	r := model.Reply{Service: a.Service, Tags: b.tags(a.Tags)}
	if s, err := model.ParseStatus(a.Status); err == nil && s != model.Gone {
		r.Status = s
	}
	if a.Protection != nil {
		r.Protection = model.SwitchOf(*a.Protection)
	}
	if a.Identifier != "" {
		b.identify(&r, call, as, a)
	}
	if m := a.Multi; m != nil {
		if m.Witness != nil && *m.Witness != "" {
			r.Witness = model.Some(*m.Witness)
		}
		for _, arn := range m.Clusters {
			h := b.named(arn)
			if !slices.Contains(r.Members, h) {
				r.Members = append(r.Members, h)
			}
		}
		slices.Sort(r.Members)
		r.Empty = m.Clusters != nil && len(m.Clusters) == 0
		r.Multi = r.Witness.Given || len(r.Members) > 0
	}
	return r
}

// identify resolves the identifier of an answer and compares what must not
// change.
func (b *binder) identify(r *model.Reply, call Call, as model.Handle, a Answer) {
	h, seen := b.handles[a.Identifier]
	if !seen {
		r.Cluster = model.Unknown
		if as == 0 {
			return
		}
		if b.bound[as] != nil {
			// A second cluster where there should be one: it gets a name of its
			// own, so that it can be told apart and removed.
			as = b.spare()
			b.extra = append(b.extra, as)
		}
		b.handles[a.Identifier] = as
		b.bound[as] = &identity{id: a.Identifier, arn: a.ARN, created: a.Created.Truncate(time.Second), region: call.Region}
		r.Cluster = as
		return
	}
	r.Cluster = h
	if as != 0 {
		b.bound[as] = b.bound[h]
	}
	c := b.bound[h]
	var changed []string
	if a.ARN != "" && a.ARN != c.arn {
		changed = append(changed, "arn")
	}
	if !a.Created.IsZero() && !a.Created.Truncate(time.Second).Equal(c.created) {
		changed = append(changed, "creationTime")
	}
	r.Changed = strings.Join(changed, ",")
}

// named returns the handle of an ARN in a list of members.
func (b *binder) named(arn string) model.Handle {
	id := arn[strings.LastIndexByte(arn, '/')+1:]
	if h, ok := b.handles[id]; ok && b.bound[h].arn == arn {
		return h
	}
	return model.Unknown
}

// tags leaves out the tags with keys that the execution never sent: others may
// tag what they see.
func (b *binder) tags(m map[string]string) model.Tags {
	ours := map[string]string{}
	for k, v := range m {
		if b.keys[k] {
			ours[k] = v
		}
	}
	return model.NewTags(ours)
}

// list adds a page of a listing to a reply.
func (b *binder) list(r *model.Reply, page []Listed) {
	if r.Listed == nil {
		r.Listed = []model.Handle{}
	}
	for _, row := range page {
		h, ok := b.handles[row.Identifier]
		if !ok {
			continue
		}
		if slices.Contains(r.Listed, h) {
			r.Twice = append(r.Twice, h)
			continue
		}
		r.Listed = append(r.Listed, h)
	}
	slices.Sort(r.Listed)
}

// String returns the name of the operation and the Region asked, for messages.
func (c Call) String() string { return fmt.Sprintf("%s in %s", c.Op.Name(), c.Region) }
