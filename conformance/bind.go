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
	account string         // that ours belong to, "" while it is not known
	told    bool           // by an answer

	revision model.Revision

	streams  streams
	policies policies
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

		streams:  newStreams(),
		policies: newPolicies(),
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
	prefix := "arn:aws:dsql:" + string(region) + ":" + b.owner()
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

// nobody is the account that stands for one that is not known.
const nobody = "123456789012"

// owner returns the account that ours belong to, or one that stands for it.
func (b *binder) owner() string {
	if b.account == "" {
		return nobody
	}
	return b.account
}

// accountOf returns the account that an ARN names, "" for none.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || len(parts[4]) != 12 || strings.Trim(parts[4], "0123456789") != "" {
		return ""
	}
	return parts[4]
}

// fill replaces the symbols of a text that is sent.
func (b *binder) fill(text string, region model.Region) string {
	if !strings.Contains(text, "${") {
		return text
	}
	return strings.NewReplacer("${account}", b.owner(), "${region}", string(region)).Replace(text)
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
	model.Edit(op, func(p *model.Parts) {
		var ref model.Ref
		at := model.Region("")
		if p.Ref != nil {
			ref = *p.Ref
		}
		if p.At != nil {
			at = *p.At
		}
		if p.Region != nil && *p.Region != "" {
			at = *p.Region
		}
		call.Region = b.home(ref, at, fallback)
		if p.Ref != nil {
			call.Identifier = b.identifier(ref)
			call.ARN = b.arn(ref, call.Region)
		}
		if p.Stream != nil && *p.Stream != (model.StreamRef{}) {
			call.Stream = b.streams.identifier(b, *p.Stream)
			call.ARN = b.streams.arn(b, *p.Stream, call.ARN)
		}
		if p.Refs != nil {
			for _, r := range *p.Refs {
				call.ARNs = append(call.ARNs, b.arn(r, b.home(r, "", fallback)))
			}
		}
		if p.Multi != nil && *p.Multi != nil {
			for _, r := range (*p.Multi).Peers {
				call.Peers = append(call.Peers, b.arn(r, b.home(r, "", fallback)))
			}
		}
		if p.As != nil && *p.As != 0 {
			b.homes[*p.As] = call.Region
		}
		if p.Token != nil {
			call.Token = b.token(*p.Token)
		}
		if p.Tags != nil {
			b.send(*p.Tags)
		}
	})
	switch op := op.(type) {
	case model.CreateCluster:
		b.policies.send(b, &call, op.Policy.Value)
	case model.ListClusters:
		call.Page = op.Next.Value
	case model.ListStreams:
		call.Page = op.Next.Value
	case model.PutClusterPolicy:
		b.policies.send(b, &call, op.Policy)
		call.Expect = b.policies.expected(b, call.Identifier, op.Expect)
	case model.DeleteClusterPolicy:
		call.Expect = b.policies.expected(b, call.Identifier, op.Expect)
	case model.CreateStream:
		b.streams.send(b, &call, op.Kinesis, op.Role)
	case model.CreateMultiRegionClusters:
		for i, h := range op.As[:min(len(op.As), len(op.Linked))] {
			b.homes[h] = op.Linked[i]
		}
	case model.Hostile:
		b.hostile(&call, op)
	}
	return call
}

// hostile gives a hostile request what its operation needs to be right in every
// other respect.
func (b *binder) hostile(call *Call, op model.Hostile) {
	call.Token = b.token(model.Token{})
	call.ARNs = []string{call.ARN}
	b.streams.send(b, call, model.Maybe{}, model.Maybe{})
	b.policies.send(b, call, model.PlainPolicy)
	for _, reading := range op.Readings(b.revision) {
		model.Edit(reading, func(p *model.Parts) {
			if p.Tags != nil {
				b.send(*p.Tags)
			}
		})
	}
}

// knows reports whether these names are bound: all of the clusters, and the
// stream unless it is 0.
func (b *binder) knows(clusters []model.Handle, stream model.StreamHandle) bool {
	for _, h := range clusters {
		if b.bound[h] == nil {
			return false
		}
	}
	return stream == 0 || b.streams.bound[stream] != nil
}

func (b *binder) send(t model.Tags) {
	for k := range t.All() {
		b.keys[k] = true
	}
}

// reply puts an answer into symbolic form, and binds what it made.
func (b *binder) reply(call Call, a Answer) model.Reply {
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
		b.identify(&r, call, creates(call.Op), a)
	}
	if m := a.Multi; m != nil {
		if m.Witness != nil && *m.Witness != "" {
			r.Witness = model.Some(*m.Witness)
		}
		r.Members = b.members(m.Clusters)
		r.Empty = m.Clusters != nil && len(m.Clusters) == 0
		r.Multi = r.Witness.Given || len(r.Members) > 0
	}
	r.Encryption = encryption(a.Encryption)
	r.Policy = b.policies.document(b, call, a)
	if a.Stream != nil {
		b.streams.reply(b, &r, call, a.Stream)
	}
	switch op := call.Op.(type) {
	case model.ListClusters:
		b.list(&r, a.Listed)
	case model.ListStreams:
		b.streams.list(&r, a.Streams)
	case model.CreateMultiRegionClusters:
		b.linked(&r, op, a.Linked)
	default:
		b.legacy(&r, a)
	}
	return r
}

// members returns the handles of a list of ARNs, sorted, each once; nil for
// none.
func (b *binder) members(arns []string) []model.Handle {
	var list []model.Handle
	for _, arn := range arns {
		if h := b.named(arn); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	slices.Sort(list)
	return list
}

// identify resolves the identifier of an answer and compares what must not
// change.
func (b *binder) identify(r *model.Reply, call Call, as model.Handle, a Answer) {
	h, seen := b.handles[a.Identifier]
	if !seen {
		r.Cluster = model.Unknown
		if raw, ok := call.Op.(model.Raw); ok && raw.Method == "POST" && raw.Path == "/cluster" {
			as = b.spare()
			b.extra = append(b.extra, as) // nobody else would remove it
		}
		if as != 0 {
			r.Cluster = b.bindTo(as, &identity{id: a.Identifier, arn: a.ARN, created: a.Created.Truncate(time.Second), region: call.Region})
		}
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
	r.Changed = strings.Join(append(changed, c.age(a.Created)...), ",")
}

// bindTo gives a cluster that was never seen before its name: as, or one of its
// own where as is taken. Then there is a second cluster where there should be
// one, and it must be told apart and removed.
func (b *binder) bindTo(as model.Handle, c *identity) model.Handle {
	if b.bound[as] != nil {
		as = b.spare()
		b.extra = append(b.extra, as)
	}
	b.handles[c.id], b.bound[as] = as, c
	if account := accountOf(c.arn); account != "" {
		b.account, b.told = account, true
	}
	return as
}

// age compares a creation time with the first that was seen, to the second.
func (c *identity) age(created time.Time) []string {
	created = created.Truncate(time.Second)
	switch {
	case created.IsZero():
	case c.created.IsZero():
		c.created = created
	case !created.Equal(c.created):
		return []string{"creationTime"}
	}
	return nil
}

// encryption puts encryptionDetails into symbolic form. Values that the model
// does not know are the wire judge's.
func encryption(e *Encryption) model.Encryption {
	var r model.Encryption
	if e == nil {
		return r
	}
	r.Type, _ = model.ParseEncryptionType(e.Type)
	r.Status, _ = model.ParseEncryptionStatus(e.Status)
	if e.Key != nil {
		r.Key = model.Some(*e.Key)
	}
	return r
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
