package generators

import "dsqlconform/model"

// The twists of policies.

func badPolicy(d *draft, op model.Op) model.Op { return withPolicy(op, oneOf(d, badPolicies)) }
func oddPolicy(d *draft, op model.Op) model.Op { return withPolicy(op, oneOf(d, oddPolicies)) }

func withPolicy(op model.Op, text string) model.Op {
	if put, ok := op.(model.PutClusterPolicy); ok {
		put.Policy = text
		return put
	}
	return op
}

func badVersion(d *draft, op model.Op) model.Op {
	return withExpect(op, model.Expect{Literal: model.Some(oneOf(d, badVersions))})
}

func withExpect(op model.Op, e model.Expect) model.Op {
	switch op := op.(type) {
	case model.PutClusterPolicy:
		op.Expect = e
		return op
	case model.DeleteClusterPolicy:
		op.Expect = e
		return op
	}
	return op
}
