package generators

import (
	"slices"

	"dsqlconform/model"
)

// leap tries what no series of smaller steps reaches, because all between
// would not fail.
func leap(r *trial, s model.Sequence) (model.Sequence, bool) {
	for _, leaps := range [...]func(model.Sequence) []model.Sequence{merges, folds, breaks} {
		for _, candidate := range leaps(s) {
			if candidate = numbered(candidate); r.fail(candidate) {
				return candidate, true
			}
		}
	}
	return s, false
}

// merges returns the sequences in which the lines about one cluster are about
// another, created earlier and never named together with it.
func merges(s model.Sequence) []model.Sequence {
	var created []model.Handle
	for _, l := range s.Lines {
		if create, ok := l.Op.(model.CreateCluster); ok {
			created = append(created, create.As)
		}
	}
	var list []model.Sequence
	for j := len(created) - 1; j > 0; j-- {
		for i := range j {
			if !together(s, created[i], created[j]) {
				list = append(list, merge(s, created[i], created[j]))
			}
		}
	}
	return list
}

// folds returns the sequences in which an update, the tags or the policy that
// something was given later have become part of its creation.
func folds(s model.Sequence) []model.Sequence {
	var list []model.Sequence
	for i, later := range s.Lines {
		for j, l := range s.Lines[:i] {
			create, ok := folded(l.Op, later.Op)
			if !ok || !before(s.Lines[:j], multiOf(later.Op)) {
				continue
			}
			lines := slices.Delete(slices.Clone(s.Lines), i, i+1)
			lines[j].Op = create
			candidate := s
			candidate.Lines = lines
			list = append(list, candidate)
		}
	}
	return list
}

// folded returns the creation with what the later operation gives to the
// cluster or the stream, and false for operations that do not belong together.
func folded(create, later model.Op) (model.Op, bool) {
	switch create := create.(type) {
	case model.CreateStream:
		if tag, ok := later.(model.TagResource); ok && tag.Stream.Handle == create.As {
			create.Tags, create.GivenTags = create.Tags.With(tag.Tags), true
			return create, true
		}
	case model.CreateCluster:
		if ref, _, ok := refOf(later); !ok || ref.Handle != create.As {
			return nil, false
		}
		switch op := later.(type) {
		case model.UpdateCluster:
			if op.Protection == model.Unset && op.Multi == nil && !op.Key.Given {
				return nil, false
			}
			if op.Protection != model.Unset {
				create.Protection = op.Protection
			}
			if op.Multi != nil {
				create.Multi = op.Multi
			}
			if op.Key.Given {
				create.Key = op.Key
			}
			return create, true
		case model.TagResource:
			if op.Stream == (model.StreamRef{}) {
				create.Tags, create.GivenTags = create.Tags.With(op.Tags), true
				return create, true
			}
		case model.PutClusterPolicy:
			create.Policy, create.Bypass = model.Some(op.Policy), op.Bypass
			return create, true
		}
	}
	return nil, false
}

// before reports whether the lines create every peer that is named.
func before(lines []model.Line, m *model.MultiRegion) bool {
	if m == nil {
		return true
	}
	return !slices.ContainsFunc(m.Peers, func(r model.Ref) bool {
		return !slices.ContainsFunc(lines, func(l model.Line) bool {
			return slices.Contains(created(l.Op), r.Handle)
		})
	})
}

// breaks returns the sequences without a cluster that others name as a peer.
func breaks(s model.Sequence) []model.Sequence {
	var list []model.Sequence
	for _, l := range s.Lines {
		create, ok := l.Op.(model.CreateCluster)
		if !ok {
			continue
		}
		candidate, peer := s, false
		candidate.Lines = nil
		for _, l := range s.Lines {
			if c, ok := l.Op.(model.CreateCluster); ok && c.As == create.As {
				continue
			}
			if ref, _, ok := refOf(l.Op); ok && ref.Handle == create.As {
				continue
			}
			if m := multiOf(l.Op); m != nil && names(l.Op, create.As) {
				n := *m
				n.Peers = slices.DeleteFunc(slices.Clone(m.Peers), func(r model.Ref) bool { return r.Handle == create.As })
				n.GivenPeers = len(n.Peers) > 0
				l.Op, peer = withMulti(l.Op, &n), true
			}
			candidate.Lines = append(candidate.Lines, l)
		}
		if peer && len(candidate.Lines) > 0 {
			list = append(list, candidate)
		}
	}
	return list
}

func together(s model.Sequence, a, b model.Handle) bool {
	return slices.ContainsFunc(s.Lines, func(l model.Line) bool { return names(l.Op, a) && names(l.Op, b) })
}

// merge drops the create of b and names a in its place.
func merge(s model.Sequence, a, b model.Handle) model.Sequence {
	var lines []model.Line
	for _, l := range s.Lines {
		if create, ok := l.Op.(model.CreateCluster); ok && create.As == b {
			continue
		}
		l.Op = renamed(l.Op, func(h model.Handle) model.Handle {
			if h == b {
				return a
			}
			return h
		})
		lines = append(lines, l)
	}
	s.Lines = lines
	return s
}

// numbered returns the sequence with handles and tokens renamed c1, c2, …, s1,
// s2, … and t1, t2, … in the order of their first use.
func numbered(s model.Sequence) model.Sequence {
	handles, streams, tokens := map[model.Handle]model.Handle{}, map[model.StreamHandle]model.StreamHandle{}, map[string]string{}
	lines := slices.Clone(s.Lines)
	for i, l := range lines {
		l.Op = model.Rename(l.Op, func(h model.Handle) model.Handle {
			if handles[h] == 0 {
				handles[h] = model.Handle(len(handles) + 1)
			}
			return handles[h]
		}, func(h model.StreamHandle) model.StreamHandle {
			if streams[h] == 0 {
				streams[h] = model.StreamHandle(len(streams) + 1)
			}
			return streams[h]
		})
		if t := tokenOf(l.Op); t.Name != "" {
			if tokens[t.Name] == "" {
				tokens[t.Name] = tokenName(len(tokens) + 1)
			}
			t.Name = tokens[t.Name]
			l.Op = withToken(l.Op, t)
		}
		lines[i] = l
	}
	s.Lines = lines
	return s
}
