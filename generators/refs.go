package generators

import (
	"slices"

	"dsqlconform/model"
)

// refOf returns the cluster that op is about and the Region that is asked;
// false for an operation without one.
func refOf(op model.Op) (model.Ref, model.Region, bool) {
	switch op := op.(type) {
	case model.GetCluster:
		return op.Ref, op.At, true
	case model.UpdateCluster:
		return op.Ref, op.At, true
	case model.DeleteCluster:
		return op.Ref, op.At, true
	case model.TagResource:
		return op.Ref, op.At, true
	case model.UntagResource:
		return op.Ref, op.At, true
	case model.ListTagsForResource:
		return op.Ref, op.At, true
	case model.GetVpcEndpointServiceName:
		return op.Ref, op.At, true
	case model.Await:
		return op.Ref, "", true
	case model.Connect:
		return op.Ref, "", true
	}
	return model.Ref{}, "", false
}

// aim returns op about another cluster, asked in another Region.
func aim(op model.Op, ref model.Ref, at model.Region) model.Op {
	switch op := op.(type) {
	case model.GetCluster:
		op.Ref, op.At = ref, at
		return op
	case model.UpdateCluster:
		op.Ref, op.At = ref, at
		return op
	case model.DeleteCluster:
		op.Ref, op.At = ref, at
		return op
	case model.TagResource:
		op.Ref, op.At = ref, at
		return op
	case model.UntagResource:
		op.Ref, op.At = ref, at
		return op
	case model.ListTagsForResource:
		op.Ref, op.At = ref, at
		return op
	case model.GetVpcEndpointServiceName:
		op.Ref, op.At = ref, at
		return op
	case model.Await:
		op.Ref = ref
		return op
	case model.Connect:
		op.Ref = ref
		return op
	}
	return op
}

// multiOf returns the multiRegionProperties that op gives, nil for none.
func multiOf(op model.Op) *model.MultiRegion {
	switch op := op.(type) {
	case model.CreateCluster:
		return op.Multi
	case model.UpdateCluster:
		return op.Multi
	}
	return nil
}

// withMulti returns op giving m; operations that cannot are returned as they are.
func withMulti(op model.Op, m *model.MultiRegion) model.Op {
	switch op := op.(type) {
	case model.CreateCluster:
		op.Multi = m
		return op
	case model.UpdateCluster:
		op.Multi = m
		return op
	}
	return op
}

// tokenOf returns the token that op carries.
func tokenOf(op model.Op) model.Token {
	switch op := op.(type) {
	case model.CreateCluster:
		return op.Token
	case model.UpdateCluster:
		return op.Token
	case model.DeleteCluster:
		return op.Token
	}
	return model.Token{}
}

// withToken returns op with another token; operations that carry none are
// returned as they are.
func withToken(op model.Op, t model.Token) model.Op {
	switch op := op.(type) {
	case model.CreateCluster:
		op.Token = t
		return op
	case model.UpdateCluster:
		op.Token = t
		return op
	case model.DeleteCluster:
		op.Token = t
		return op
	}
	return op
}

// carriesToken reports whether the operation can carry a token, which makes it
// safe to send again.
func carriesToken(op model.Op) bool {
	switch op.(type) {
	case model.CreateCluster, model.UpdateCluster, model.DeleteCluster:
		return true
	}
	return false
}

// renamed returns op with every handle replaced, the one that a create gives
// included.
func renamed(op model.Op, name func(model.Handle) model.Handle) model.Op {
	if create, ok := op.(model.CreateCluster); ok {
		create.As = name(create.As)
		op = create
	} else if ref, at, ok := refOf(op); ok && ref.Handle != 0 {
		op = aim(op, model.Ref{Handle: name(ref.Handle)}, at)
	}
	if m := multiOf(op); m != nil && len(m.Peers) > 0 {
		n := *m
		n.Peers = slices.Clone(m.Peers)
		for i, p := range n.Peers {
			if p.Handle != 0 {
				n.Peers[i].Handle = name(p.Handle)
			}
		}
		op = withMulti(op, &n)
	}
	return op
}

// uses yields every handle that op names, the one that a create gives first.
func uses(op model.Op, yield func(model.Handle)) {
	if create, ok := op.(model.CreateCluster); ok {
		yield(create.As)
	} else if ref, _, ok := refOf(op); ok && ref.Handle != 0 {
		yield(ref.Handle)
	}
	if m := multiOf(op); m != nil {
		for _, p := range m.Peers {
			if p.Handle != 0 {
				yield(p.Handle)
			}
		}
	}
}
