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
	{says: "no key", need: 0.1, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		switch op := l.Op.(type) {
		case model.CreateCluster:
			was := op.Key.Given
			op.Key = model.Maybe{}
			l.Op = op
			return l, was
		case model.UpdateCluster:
			was := op.Key.Given
			op.Key = model.Maybe{}
			l.Op = op
			return l, was
		}
		return l, false
	}},
	{says: "leave protection alone", need: 0.4, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		switch op := l.Op.(type) {
		case model.CreateCluster:
			was := op.Protection
			op.Protection = model.Unset
			l.Op = op
			return l, was != model.Unset
		case model.UpdateCluster:
			was := op.Protection
			op.Protection = model.Unset
			l.Op = op
			return l, was != model.Unset
		}
		return l, false
	}},
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
	{says: "all pages at once", need: 0.2, on: onList(func(op *model.ListClusters) { op.Max = 0 })},
	{says: "from the first page", need: 0.2, on: onList(func(op *model.ListClusters) { op.Next = model.Maybe{} })},
	{says: "look once", need: 0.5, on: func(l model.Line, _ []model.Region) (model.Line, bool) {
		op, ok := l.Op.(model.Await)
		if ok {
			l.Op = model.GetCluster{Ref: op.Ref}
		}
		return l, ok
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

var toSingle = onMulti(func(*model.MultiRegion, model.Handle) *model.MultiRegion { return nil })

func inFirstRegion(l model.Line, regions []model.Region) (model.Line, bool) {
	if len(regions) == 0 {
		return l, false
	}
	first := regions[0]
	switch op := l.Op.(type) {
	case model.CreateCluster:
		was := op.Region
		op.Region = first
		l.Op = op
		return l, was != first
	case model.ListClusters:
		was := op.Region
		op.Region = first
		l.Op = op
		return l, was != first
	}
	return l, false
}

// onOp makes the function of an edit that changes a comparable part of an
// operation with a token.
func onOp(change func(model.Op) model.Op) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, _ []model.Region) (model.Line, bool) {
		was := tokenOf(l.Op)
		l.Op = change(l.Op)
		return l, was != model.Token{} && tokenOf(l.Op) != was
	}
}

func onTags(change func(model.Tags) model.Tags) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, _ []model.Region) (model.Line, bool) {
		switch op := l.Op.(type) {
		case model.CreateCluster:
			was := op
			if op.Tags = change(op.Tags); op.Tags == (model.Tags{}) {
				op.GivenTags = false
			}
			l.Op = op
			return l, op.Tags != was.Tags || op.GivenTags != was.GivenTags
		case model.TagResource:
			was := op.Tags
			op.Tags = change(op.Tags)
			l.Op = op
			return l, op.Tags != was
		}
		return l, false
	}
}

func oneTag(t model.Tags) model.Tags {
	for k, v := range t.All() {
		return pair(k, v)
	}
	return t
}

// shortTags gives each tag a short key and value.
func shortTags(t model.Tags) model.Tags {
	m := map[string]string{}
	for range t.All() {
		m["k"+string(rune('0'+len(m)%10))] = "v"
	}
	return model.NewTags(m)
}

func onKeys(l model.Line, _ []model.Region) (model.Line, bool) {
	op, ok := l.Op.(model.UntagResource)
	if !ok || len(op.Keys) < 2 {
		return l, false
	}
	op.Keys = op.Keys[:1]
	l.Op = op
	return l, true
}

func onMulti(change func(*model.MultiRegion, model.Handle) *model.MultiRegion) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, _ []model.Region) (model.Line, bool) {
		m := multiOf(l.Op)
		if m == nil {
			return l, false
		}
		var self model.Handle
		if create, ok := l.Op.(model.CreateCluster); ok {
			self = create.As
		} else if ref, _, ok := refOf(l.Op); ok {
			self = ref.Handle
		}
		n := *m
		n.Peers = slices.Clone(m.Peers)
		was := l.Op.String()
		l.Op = withMulti(l.Op, change(&n, self))
		return l, l.Op.String() != was
	}
}

func onList(change func(*model.ListClusters)) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, _ []model.Region) (model.Line, bool) {
		op, ok := l.Op.(model.ListClusters)
		if !ok {
			return l, false
		}
		was := op
		change(&op)
		l.Op = op
		return l, op != was
	}
}
