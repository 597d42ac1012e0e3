package generators

import (
	"slices"

	"dsqlconform/model"
)

// The makers of the functions of edits, by what they change.

// on makes the function of an edit that changes one kind of operation.
func on[O interface {
	comparable
	model.Op
}](change func(*O)) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, _ []model.Region) (model.Line, bool) {
		op, ok := l.Op.(O)
		if !ok {
			return l, false
		}
		was := op
		change(&op)
		l.Op = op
		return l, op != was
	}
}

// onPolicy makes the function of an edit that changes a policy that is given.
func onPolicy(change func(string) string) func(model.Line, []model.Region) (model.Line, bool) {
	put := on(func(op *model.PutClusterPolicy) { op.Policy = change(op.Policy) })
	create := on(func(op *model.CreateCluster) {
		if op.Policy.Given {
			op.Policy.Value = change(op.Policy.Value)
		}
	})
	return either(put, create)
}

func onExpect(change func(model.Expect) model.Expect) func(model.Line, []model.Region) (model.Line, bool) {
	return either(
		on(func(op *model.PutClusterPolicy) { op.Expect = change(op.Expect) }),
		on(func(op *model.DeleteClusterPolicy) { op.Expect = change(op.Expect) }))
}

// either makes the function of an edit of two functions that are about
// different operations.
func either(a, b func(model.Line, []model.Region) (model.Line, bool)) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, regions []model.Region) (model.Line, bool) {
		if m, ok := a(l, regions); ok {
			return m, true
		}
		return b(l, regions)
	}
}

var toSingle = onMulti(func(*model.MultiRegion, model.Handle) *model.MultiRegion { return nil })

func inFirstRegion(l model.Line, regions []model.Region) (model.Line, bool) {
	if len(regions) == 0 {
		return l, false
	}
	changed := false
	l.Op = model.Edit(l.Op, func(p *model.Parts) {
		if p.Region != nil && *p.Region != regions[0] {
			*p.Region, changed = regions[0], true
		}
	})
	return l, changed
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
		given, changed := false, false
		l.Op = model.Edit(l.Op, func(p *model.Parts) {
			if p.Tags != nil {
				was := *p.Tags
				*p.Tags = change(was)
				given, changed = *p.Tags != model.Tags{}, *p.Tags != was
			}
		})
		// A creation without tags gives no map of them.
		switch op := l.Op.(type) {
		case model.CreateCluster:
			changed = changed || op.GivenTags != given
			op.GivenTags = given
			l.Op = op
		case model.CreateStream:
			changed = changed || op.GivenTags != given
			op.GivenTags = given
			l.Op = op
		}
		return l, changed
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

func onList(change func(pages *int, next *model.Maybe)) func(model.Line, []model.Region) (model.Line, bool) {
	return func(l model.Line, _ []model.Region) (model.Line, bool) {
		switch op := l.Op.(type) {
		case model.ListClusters:
			was := op
			change(&op.Max, &op.Next)
			l.Op = op
			return l, op != was
		case model.ListStreams:
			was := op
			change(&op.Max, &op.Next)
			l.Op = op
			return l, op != was
		}
		return l, false
	}
}

func onKMSKey(change func(model.Maybe) model.Maybe) func(model.Line, []model.Region) (model.Line, bool) {
	return either(
		on(func(op *model.CreateCluster) { op.Key = change(op.Key) }),
		on(func(op *model.UpdateCluster) { op.Key = change(op.Key) }))
}

// oneOfMany leaves the retired operations with their first cluster.
func oneOfMany(l model.Line, _ []model.Region) (model.Line, bool) {
	switch op := l.Op.(type) {
	case model.CreateMultiRegionClusters:
		if len(op.As) < 2 || len(op.Linked) < 2 {
			return l, false
		}
		op.As, op.Linked = op.As[:1], op.Linked[:1]
		l.Op = op
		return l, true
	case model.DeleteMultiRegionClusters:
		if len(op.Refs) < 2 {
			return l, false
		}
		op.Refs = op.Refs[:1]
		l.Op = op
		return l, true
	}
	return l, false
}
