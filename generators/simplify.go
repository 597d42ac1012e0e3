package generators

import (
	"slices"
	"time"

	"dsqlconform/model"
)

// edit is a way to simplify a line.
type edit struct {
	says string
	need float64 // how likely a failure needs what the edit takes away
	// on returns the simpler line, and false if it has nothing to simplify.
	// The Regions are those of the header. A nil on stands for [numbered].
	on func(l model.Line, regions []model.Region) (model.Line, bool)
	// part is what of a line several edits are about. If the failure needs
	// what one of them takes, it needs what the whole one takes.
	part  string
	whole bool
}

// edits is the table of simplifications. Where one takes a value away and a
// later one makes it smaller, the later one is for failures that need it.
var edits = []edit{
	{says: "send once", need: 0.15, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		was := l.Twice
		l.Twice = false
		return l, was
	}},
	{says: "read the answer", need: 0.15, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		was := l.Lost
		l.Lost = false
		return l, was
	}},
	{says: "without the SDK's retries", need: 0.05, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		was := l.Retries
		l.Retries = false
		return l, was
	}},
	{says: "asked by the run itself", need: 0.5, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		was := l.By
		l.By = ""
		return l, was != ""
	}},
	{says: "no token", part: "token", whole: true, need: 0.1, on: onOp(func(op model.Op) model.Op { return withToken(op, model.Token{}) })},
	{says: "an ordinary token", part: "token", need: 0.7, on: onOp(func(op model.Op) model.Op {
		t := tokenOf(op)
		t.Length, t.Near = 0, false
		if t.Literal.Given {
			t = model.Token{Name: tokenName(1)}
		}
		return withToken(op, t)
	})},
	{says: "no tags", part: "tags", whole: true, need: 0.1, on: onTags(func(model.Tags) model.Tags { return model.Tags{} })},
	{says: "one tag", part: "tags", need: 0.5, on: onTags(oneTag)},
	{says: "shorter tags", part: "tags", need: 0.6, on: onTags(shortTags)},
	{says: "one key", need: 0.3, on: onKeys},
	{says: "no key", part: "encryption", whole: true, need: 0.1, on: onKMSKey(func(model.Maybe) model.Maybe { return model.Maybe{} })},
	{says: "the service's key", part: "encryption", need: 0.5, on: onKMSKey(func(key model.Maybe) model.Maybe {
		if key.Given {
			key.Value = kmsKeys[0]
		}
		return key
	})},
	{says: "leave protection alone", need: 0.4, on: func(l model.Line, regions []model.Region) (model.Line, bool) {
		if l, ok := either(
			on(func(op *model.CreateCluster) { op.Protection = model.Unset }),
			on(func(op *model.UpdateCluster) { op.Protection = model.Unset }))(l, regions); ok {
			return l, true
		}
		op, ok := l.Op.(model.CreateMultiRegionClusters)
		if !ok || op.Protection == model.Unset {
			return l, false
		}
		op.Protection = model.Unset
		l.Op = op
		return l, true
	}},
	{says: "no policy", part: "policy", whole: true, need: 0.1, on: on(func(op *model.CreateCluster) { op.Policy = model.Maybe{} })},
	{says: "the simplest policy", part: "policy", need: 0.4, on: onPolicy(func(string) string { return policies[0] })},
	{says: "the lockout check as it comes", need: 0.15, on: either(
		on(func(op *model.PutClusterPolicy) { op.Bypass = model.Unset }),
		on(func(op *model.CreateCluster) { op.Bypass = model.Unset }))},
	{says: "no expected version", part: "expect", whole: true, need: 0.2, on: onExpect(func(model.Expect) model.Expect { return model.Expect{} })},
	{says: "the first version expected", part: "expect", need: 0.6, on: onExpect(func(e model.Expect) model.Expect {
		if e == (model.Expect{}) {
			return e
		}
		return model.Expect{Version: 1}
	})},
	{says: "the only ordering", need: 0.05, on: on(func(op *model.CreateStream) { op.Ordering = model.Maybe{} })},
	{says: "the only format", need: 0.05, on: on(func(op *model.CreateStream) { op.Format = model.Maybe{} })},
	{says: "the usual target", need: 0.2, on: on(func(op *model.CreateStream) { op.Kinesis = model.Maybe{} })},
	{says: "the usual role", need: 0.2, on: on(func(op *model.CreateStream) { op.Role = model.Maybe{} })},
	{says: "one cluster of many", need: 0.4, on: oneOfMany},
	{says: "single-Region", part: "multi", whole: true, need: 0.5, on: toSingle},
	{says: "not itself as a peer", part: "multi", need: 0.1, on: onMulti(func(m *model.MultiRegion, self model.Handle) *model.MultiRegion {
		if len(m.Peers) > 1 {
			m.Peers = slices.DeleteFunc(m.Peers, func(r model.Ref) bool { return r.Handle == self })
		}
		return m
	})},
	{says: "one peer", part: "multi", need: 0.4, on: onMulti(func(m *model.MultiRegion, _ model.Handle) *model.MultiRegion {
		if len(m.Peers) > 1 {
			m.Peers = m.Peers[:1]
		}
		return m
	})},
	{says: "no peers", part: "multi", need: 0.45, on: onMulti(func(m *model.MultiRegion, _ model.Handle) *model.MultiRegion {
		m.Peers, m.GivenPeers = nil, false
		return m
	})},
	{says: "the cluster's own Region", need: 0.3, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		ref, at, ok := refOf(l.Op)
		if !ok || at == "" {
			return l, false
		}
		l.Op = aim(l.Op, ref, "")
		return l, true
	}},
	{says: "the first Region", need: 0.5, on: inFirstRegion},
	{says: "all pages at once", part: "pages", whole: true, need: 0.2, on: onList(func(pages *int, _ *model.Maybe) { *pages = 0 })},
	{says: "the smallest pages", part: "pages", need: 0.5, on: onList(func(pages *int, _ *model.Maybe) { *pages = min(*pages, 1) })},
	{says: "from the first page", need: 0.2, on: onList(func(_ *int, next *model.Maybe) { *next = model.Maybe{} })},
	{says: "look once", need: 0.5, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		op, ok := l.Op.(model.Await)
		switch {
		case !ok:
		case op.Stream != model.StreamRef{}:
			l.Op = model.GetStream{Ref: op.Ref, Stream: op.Stream}
		default:
			l.Op = model.GetCluster{Ref: op.Ref}
		}
		return l, ok
	}},
	{says: "the tags of the cluster", need: 0.5, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		switch l.Op.(type) {
		case model.TagResource, model.UntagResource, model.ListTagsForResource:
			was := model.SubjectStream(l.Op)
			l.Op = toStream(l.Op, model.StreamRef{})
			return l, was != model.StreamRef{}
		}
		return l, false
	}},
	{says: "let time pass", need: 0.6, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		_, ok := l.Op.(model.Await)
		if ok {
			l.Op = model.Wait{For: 200 * time.Millisecond}
		}
		return l, ok
	}},
	{says: "a shorter wait", need: 0.7, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		op, ok := l.Op.(model.Wait)
		if !ok || op.For <= time.Second {
			return l, false
		}
		op.For = max(op.For/2, time.Second)
		l.Op = op
		return l, true
	}},
}

// everywhere is the table of simplifications of all lines together: a cluster
// and what asks about its Region move only as one, and so do the members of a
// pair.
var everywhere = []edit{
	{says: "numbered in the order of use", need: 0.02},
	{says: "everything in the first Region", need: 0.5, on: inFirstRegion},
	{says: "everything single-Region", need: 0.6, on: toSingle},
}
