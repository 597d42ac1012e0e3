package generators

import (
	"strings"

	"dsqlconform/model"
)

// twist makes an operation hostile. One that finds nothing to twist returns the
// operation as it is.
type twist func(d *draft, op model.Op) model.Op

// The twists, by what they touch.
var (
	refTwists    = []twist{toNobody, toMalformed, toOtherRegion, toOtherRegion, toDeleted}
	tokenTwists  = []twist{edgeToken, badToken}
	tagTwists    = []twist{badTag, edgeTag}
	keyTwists    = []twist{badKMSKey}
	listTwists   = []twist{tooManyResults, madeUpPage}
	policyTwists = []twist{badPolicy, oddPolicy, oddPolicy}
	expectTwists = []twist{badVersion}
	streamTwists = []twist{toNoStream, toMalformedStream, toMalformedStream, toDeletedStream, toOthersStream}
	targetTwists = []twist{badOrdering, badFormat, badTarget, badRole}
	linkedTwists = []twist{oneRegion, regionTwice, witnessLinked}
	multiTwists  = []twist{
		multi(ownWitness), multi(noWitness), multi(foreignWitness), multi(empty), multi(emptyList),
		multi(twoPeers), multi(samePeerTwice), multi(selfOnly), multi(neighbour), multi(singlePeer),
		multi(peersWitness), multi(nobody),
	}
)

// twists is the table of what can be done to each operation.
var twists = map[string][]twist{
	"CreateCluster":             join(multiTwists, tokenTwists, tagTwists, keyTwists),
	"GetCluster":                refTwists,
	"ListClusters":              listTwists,
	"UpdateCluster":             join(multiTwists, refTwists, tokenTwists, keyTwists),
	"DeleteCluster":             join(refTwists, refTwists, tokenTwists),
	"TagResource":               join(refTwists, tagTwists, tagTwists),
	"UntagResource":             join(refTwists, tagTwists),
	"ListTagsForResource":       refTwists,
	"GetVpcEndpointServiceName": refTwists,
	"PutClusterPolicy":          join(refTwists, tokenTwists, policyTwists, policyTwists, expectTwists),
	"GetClusterPolicy":          refTwists,
	"DeleteClusterPolicy":       join(refTwists, tokenTwists, expectTwists),
	"CreateStream":              join(refTwists, tokenTwists, tagTwists, targetTwists),
	"GetStream":                 refTwists,
	"ListStreams":               join(refTwists, listTwists),
	"DeleteStream":              join(refTwists, tokenTwists),
	"CreateMultiRegionClusters": join(linkedTwists, tokenTwists),
	"DeleteMultiRegionClusters": join([]twist{linkedNobody, linkedMalformed, linkedNone, linkedTwice, fromElsewhere}, tokenTwists),
	"await":                     {awaitNobody, awaitForever},
	"connect":                   {toNobody},
}

func join(lists ...[]twist) []twist {
	var all []twist
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

func (d *draft) twisted(op model.Op) model.Op {
	list := twists[op.Name()]
	if len(list) == 0 {
		return op
	}
	// What names a stream is twisted in that as often as in all else.
	if _, waits := op.(model.Await); !waits && createdStream(op) == 0 && streamOf(op) != 0 && d.bits(1) == 1 {
		list = streamTwists
	}
	return oneOf(d, list)(d, op)
}

// strangers are handles that no create of a sequence gives.
const (
	strangers      model.Handle       = 901
	strangeStreams model.StreamHandle = 901
)

func (d *draft) stranger() model.Ref { return model.Ref{Handle: strangers + model.Handle(d.bits(1))} }

func toNobody(d *draft, op model.Op) model.Op { return aim(op, d.stranger(), "") }

func toMalformed(d *draft, op model.Op) model.Op {
	return aim(op, model.Ref{Literal: oneOf(d, badIdentifiers)}, "")
}

func toOtherRegion(d *draft, op model.Op) model.Op {
	ref, _, _ := refOf(op)
	c, _ := d.world.Find(ref.Handle)
	if r, ok := d.elsewhere(c.Region); ok {
		return aim(op, ref, r)
	}
	return op
}

func toDeleted(d *draft, op model.Op) model.Op {
	c, ok := d.pick(func(c *model.Cluster) int {
		if c.Status == model.Gone {
			return 1
		}
		return 0
	})
	if !ok {
		return toNobody(d, op)
	}
	return aim(op, model.Ref{Handle: c.Handle}, "")
}

func edgeToken(d *draft, op model.Op) model.Op {
	d.token++
	return withToken(op, model.Token{Name: tokenName(d.token), Length: oneOf(d, edgeLengths)})
}

func badToken(d *draft, op model.Op) model.Op {
	return withToken(op, model.Token{Literal: model.Some(oneOf(d, badTokens))})
}

func edgeTag(d *draft, op model.Op) model.Op { return withTags(d, op, oneOf(d, longTags)) }
func badTag(d *draft, op model.Op) model.Op  { return withTags(d, op, oneOf(d, badTags)) }

func withTags(d *draft, op model.Op, t model.Tags) model.Op {
	switch op := op.(type) {
	case model.CreateCluster:
		op.Tags, op.GivenTags = t, true
		return op
	case model.CreateStream:
		op.Tags, op.GivenTags = t, true
		return op
	case model.TagResource:
		op.Tags = t
		return op
	case model.UntagResource:
		op.Keys = oneOf(d, badKeys)
		return op
	}
	return op
}

func badKMSKey(d *draft, op model.Op) model.Op {
	key := model.Some(oneOf(d, badKMSKeys))
	switch op := op.(type) {
	case model.CreateCluster:
		op.Key = key
		return op
	case model.UpdateCluster:
		op.Key = key
		return op
	}
	return op
}

func tooManyResults(_ *draft, op model.Op) model.Op {
	switch op := op.(type) {
	case model.ListClusters:
		op.Max = 101
		return op
	case model.ListStreams:
		op.Max = 101
		return op
	}
	return op
}

func madeUpPage(_ *draft, op model.Op) model.Op {
	next := model.Some("not a page")
	switch op := op.(type) {
	case model.ListClusters:
		op.Next = next
		return op
	case model.ListStreams:
		op.Next = next
		return op
	}
	return op
}

func awaitNobody(d *draft, _ model.Op) model.Op {
	return model.Await{Ref: d.stranger(), Status: model.Gone}
}

// awaitForever waits for what no cluster can become by itself.
func awaitForever(d *draft, op model.Op) model.Op {
	c, ok := d.pick(func(c *model.Cluster) int {
		if unpaired(c) {
			return 1
		}
		return 0
	})
	if !ok {
		return op
	}
	return model.Await{Ref: model.Ref{Handle: c.Handle}, Status: model.Active}
}

// multi makes a twist of a change to multiRegionProperties. An operation that
// gives none is first made to give the ordinary ones.
func multi(change func(d *draft, m *model.MultiRegion, own model.Cluster)) twist {
	return func(d *draft, op model.Op) model.Op {
		if d.with&multiFeature == 0 {
			return op
		}
		var own model.Cluster
		switch op := op.(type) {
		case model.CreateCluster:
			own = model.Cluster{Handle: op.As, Region: op.Region, Witness: d.profile.Witness}
		default:
			ref, _, _ := refOf(op)
			own, _ = d.world.Find(ref.Handle)
		}
		m := model.MultiRegion{Witness: model.Some(string(d.profile.Witness))}
		if given := multiOf(op); given != nil {
			m = *given
		}
		change(d, &m, own)
		return withMulti(op, &m)
	}
}

// The changes. Each is a question that the documents answer or leave open.

func ownWitness(_ *draft, m *model.MultiRegion, own model.Cluster) {
	m.Witness = model.Some(string(own.Region))
}

func noWitness(_ *draft, m *model.MultiRegion, _ model.Cluster) { m.Witness = model.Maybe{} }

func foreignWitness(_ *draft, m *model.MultiRegion, own model.Cluster) {
	m.Witness = model.Some("eu-west-1")
	if strings.HasPrefix(string(own.Region), "eu-") {
		m.Witness = model.Some("us-west-2")
	}
}

func empty(_ *draft, m *model.MultiRegion, _ model.Cluster) { *m = model.MultiRegion{} }

func emptyList(_ *draft, m *model.MultiRegion, _ model.Cluster) { m.Peers, m.GivenPeers = nil, true }

func selfOnly(_ *draft, m *model.MultiRegion, own model.Cluster) {
	m.Peers, m.GivenPeers = []model.Ref{{Handle: own.Handle}}, true
}

func nobody(d *draft, m *model.MultiRegion, _ model.Cluster) {
	m.Peers, m.GivenPeers = []model.Ref{d.stranger()}, true
}

// twoPeers names two other clusters.
func twoPeers(d *draft, m *model.MultiRegion, own model.Cluster) {
	first := d.peer(func(c *model.Cluster) bool { return c.Handle != own.Handle })
	m.Peers = []model.Ref{first, d.peer(func(c *model.Cluster) bool {
		return c.Handle != own.Handle && c.Handle != first.Handle
	})}
	m.GivenPeers = true
}

func samePeerTwice(d *draft, m *model.MultiRegion, own model.Cluster) {
	ref := d.peer(func(c *model.Cluster) bool { return c.Handle != own.Handle })
	m.Peers, m.GivenPeers = []model.Ref{ref, ref}, true
}

// neighbour names a cluster of the same Region.
func neighbour(d *draft, m *model.MultiRegion, own model.Cluster) {
	m.Peers, m.GivenPeers = []model.Ref{d.peer(func(c *model.Cluster) bool {
		return c.Handle != own.Handle && c.Region == own.Region
	})}, true
}

// singlePeer names a single-Region cluster.
func singlePeer(d *draft, m *model.MultiRegion, own model.Cluster) {
	m.Peers, m.GivenPeers = []model.Ref{d.peer(func(c *model.Cluster) bool {
		return c.Handle != own.Handle && !c.Multi
	})}, true
}

// peersWitness takes another Region of the run for the witness: that of the
// peer, where there are two. Members then differ in their witness.
func peersWitness(d *draft, m *model.MultiRegion, own model.Cluster) {
	if r, ok := d.elsewhere(own.Region); ok {
		m.Witness = model.Some(string(r))
	}
}

// peer draws a live cluster of a kind, or names nobody.
func (d *draft) peer(of func(c *model.Cluster) bool) model.Ref {
	c, ok := d.pick(func(c *model.Cluster) int {
		if c.Status != model.Gone && of(c) {
			return 1
		}
		return 0
	})
	if !ok {
		return d.stranger()
	}
	return model.Ref{Handle: c.Handle}
}
