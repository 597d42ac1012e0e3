package generators

import "dsqlconform/model"

// The twists of streams.

func toNoStream(d *draft, op model.Op) model.Op {
	return toStream(op, model.StreamRef{Handle: strangeStreams + model.StreamHandle(d.bits(1))})
}

func toMalformedStream(d *draft, op model.Op) model.Op {
	return toStream(op, model.StreamRef{Literal: oneOf(d, badIdentifiers)})
}

func toDeletedStream(d *draft, op model.Op) model.Op {
	s, ok := d.pickStream(func(s *model.Stream) int {
		if s.Deleted {
			return 1
		}
		return 0
	})
	if !ok {
		return toNoStream(d, op)
	}
	return toStream(aim(op, model.Ref{Handle: s.Cluster}, ""), model.StreamRef{Handle: s.Handle})
}

// toOthersStream asks another cluster for the stream.
func toOthersStream(d *draft, op model.Op) model.Op {
	ref, _, _ := refOf(op)
	return aim(op, d.peer(func(c *model.Cluster) bool { return c.Handle != ref.Handle }), "")
}

func badOrdering(d *draft, op model.Op) model.Op {
	return onCreateStream(op, func(op *model.CreateStream) { op.Ordering = model.Some(oneOf(d, badOrderings)) })
}

func badFormat(d *draft, op model.Op) model.Op {
	return onCreateStream(op, func(op *model.CreateStream) { op.Format = model.Some(oneOf(d, badFormats)) })
}

func badTarget(d *draft, op model.Op) model.Op {
	return onCreateStream(op, func(op *model.CreateStream) { op.Kinesis = model.Some(oneOf(d, badKinesis)) })
}

func badRole(d *draft, op model.Op) model.Op {
	return onCreateStream(op, func(op *model.CreateStream) { op.Role = model.Some(oneOf(d, badRoles)) })
}

func onCreateStream(op model.Op, change func(*model.CreateStream)) model.Op {
	if create, ok := op.(model.CreateStream); ok {
		change(&create)
		return create
	}
	return op
}
