package model

// Parts points at what an operation shares with others. What it does not have
// is nil, and so is what a [Hostile] does not name.
type Parts struct {
	As       *Handle       // the name that it gives to a new cluster
	Ref      *Ref          // the cluster that it is about
	At       *Region       // the Region that is asked, empty for the cluster's own
	Region   *Region       // the Region that is asked, of operations that always name it
	Stream   *StreamRef    // the stream that it is about
	StreamAs *StreamHandle // the name that it gives to a new stream; a hostile CreateStream has it instead of Stream
	Token    *Token
	Multi    **MultiRegion
	Tags     *Tags
	Refs     *[]Ref    // the clusters that it is about, when they are many
	Many     *[]Handle // the names that it gives to new clusters, when they are many
}

// Edit returns op as f leaves it: f is given pointers into a copy. What a
// pointer leads to further (the peers of Multi, the elements of Refs and Many)
// is shared with op and must be replaced, not written to.
func Edit(op Op, f func(*Parts)) Op {
	switch op := op.(type) {
	case CreateCluster:
		f(&Parts{As: &op.As, Region: &op.Region, Token: &op.Token, Multi: &op.Multi, Tags: &op.Tags})
		return op
	case GetCluster:
		f(&Parts{Ref: &op.Ref, At: &op.At})
		return op
	case ListClusters:
		f(&Parts{Region: &op.Region})
		return op
	case UpdateCluster:
		f(&Parts{Ref: &op.Ref, At: &op.At, Token: &op.Token, Multi: &op.Multi})
		return op
	case DeleteCluster:
		f(&Parts{Ref: &op.Ref, At: &op.At, Token: &op.Token})
		return op
	case TagResource:
		f(&Parts{Ref: &op.Ref, At: &op.At, Stream: &op.Stream, Tags: &op.Tags})
		return op
	case UntagResource:
		f(&Parts{Ref: &op.Ref, At: &op.At, Stream: &op.Stream})
		return op
	case ListTagsForResource:
		f(&Parts{Ref: &op.Ref, At: &op.At, Stream: &op.Stream})
		return op
	case GetVpcEndpointServiceName:
		f(&Parts{Ref: &op.Ref, At: &op.At})
		return op
	case PutClusterPolicy:
		f(&Parts{Ref: &op.Ref, At: &op.At, Token: &op.Token})
		return op
	case GetClusterPolicy:
		f(&Parts{Ref: &op.Ref, At: &op.At})
		return op
	case DeleteClusterPolicy:
		f(&Parts{Ref: &op.Ref, At: &op.At, Token: &op.Token})
		return op
	case CreateStream:
		f(&Parts{Ref: &op.Ref, At: &op.At, StreamAs: &op.As, Token: &op.Token, Tags: &op.Tags})
		return op
	case GetStream:
		f(&Parts{Ref: &op.Ref, At: &op.At, Stream: &op.Stream})
		return op
	case ListStreams:
		f(&Parts{Ref: &op.Ref, At: &op.At})
		return op
	case DeleteStream:
		f(&Parts{Ref: &op.Ref, At: &op.At, Stream: &op.Stream, Token: &op.Token})
		return op
	case CreateMultiRegionClusters:
		f(&Parts{Region: &op.Region, Many: &op.As, Token: &op.Token})
		return op
	case DeleteMultiRegionClusters:
		f(&Parts{Region: &op.Region, Refs: &op.Refs, Token: &op.Token})
		return op
	case Hostile:
		p := Parts{Region: &op.Region}
		if op.As != 0 {
			p.As = &op.As
		}
		if op.Ref != (Ref{}) {
			p.Ref = &op.Ref
		}
		switch {
		case op.Stream == (StreamRef{}):
		case op.Operation == (CreateStream{}).Name() && op.Stream.Literal == "":
			p.StreamAs = &op.Stream.Handle
		default:
			p.Stream = &op.Stream
		}
		f(&p)
		return op
	case Await:
		f(&Parts{Ref: &op.Ref, Stream: &op.Stream})
		return op
	case Connect:
		f(&Parts{Ref: &op.Ref})
		return op
	case Raw:
		f(&Parts{Region: &op.Region})
		return op
	}
	return op
}

// Subject returns the cluster that op is about: the one that it names, or the
// new one of a CreateCluster; 0 for a literal, for many and for none.
func Subject(op Op) Handle {
	if op == nil {
		return 0
	}
	return op.subject()
}

// SubjectStream returns the stream that op is about: the one that it names, or
// the new one of a creation; the zero value for none.
func SubjectStream(op Op) StreamRef {
	var r StreamRef
	Edit(op, func(p *Parts) {
		switch {
		case p.Stream != nil:
			r = *p.Stream
		case p.StreamAs != nil:
			r.Handle = *p.StreamAs
		}
	})
	return r
}

// RefOf returns the cluster that op names and the Region that is asked about it,
// empty for the cluster's own; false for an operation that names none, or many.
func RefOf(op Op) (ref Ref, at Region, ok bool) {
	Edit(op, func(p *Parts) {
		if p.Ref == nil {
			return
		}
		ref, ok = *p.Ref, true
		if p.At != nil {
			at = *p.At
		}
	})
	return ref, at, ok
}

// WithRef returns op about another cluster, asked in another Region, as far as
// it has the one and the other.
func WithRef(op Op, ref Ref, at Region) Op {
	return Edit(op, func(p *Parts) {
		if p.Ref != nil {
			*p.Ref = ref
		}
		if p.At != nil {
			*p.At = at
		}
	})
}

// TokenOf returns the token that op carries, the zero value for none.
func TokenOf(op Op) Token {
	var t Token
	Edit(op, func(p *Parts) {
		if p.Token != nil {
			t = *p.Token
		}
	})
	return t
}

// TakesToken reports whether op can carry a token, which makes it safe to send
// again.
func TakesToken(op Op) bool {
	takes := false
	Edit(op, func(p *Parts) { takes = p.Token != nil })
	return takes
}

// WithToken returns op with another token; one that takes none as it is.
func WithToken(op Op, t Token) Op {
	return Edit(op, func(p *Parts) {
		if p.Token != nil {
			*p.Token = t
		}
	})
}

// MultiOf returns the multiRegionProperties that op gives, nil for none.
func MultiOf(op Op) *MultiRegion {
	var m *MultiRegion
	Edit(op, func(p *Parts) {
		if p.Multi != nil {
			m = *p.Multi
		}
	})
	return m
}

// WithMulti returns op giving m; one that cannot as it is.
func WithMulti(op Op, m *MultiRegion) Op {
	return Edit(op, func(p *Parts) {
		if p.Multi != nil {
			*p.Multi = m
		}
	})
}

// Rename returns op with every handle replaced, those that it gives included.
// Either function may be nil: such handles stay. They are not called with 0.
func Rename(op Op, cluster func(Handle) Handle, stream func(StreamHandle) StreamHandle) Op {
	return Edit(op, func(p *Parts) {
		if cluster != nil {
			p.replace(func(r Ref) Ref {
				if r.Handle != 0 {
					r.Handle = cluster(r.Handle)
				}
				return r
			})
			if p.As != nil && *p.As != 0 {
				*p.As = cluster(*p.As)
			}
			if p.Many != nil {
				*p.Many = mapped(*p.Many, cluster)
			}
		}
		if stream != nil {
			if p.Stream != nil && p.Stream.Handle != 0 {
				p.Stream.Handle = stream(p.Stream.Handle)
			}
			if p.StreamAs != nil && *p.StreamAs != 0 {
				*p.StreamAs = stream(*p.StreamAs)
			}
		}
	})
}

// replace replaces every reference to a cluster that existed before.
func (p *Parts) replace(by func(Ref) Ref) {
	if p.Ref != nil {
		*p.Ref = by(*p.Ref)
	}
	if p.Refs != nil {
		*p.Refs = mapped(*p.Refs, by)
	}
	if p.Multi != nil && *p.Multi != nil && len((*p.Multi).Peers) > 0 {
		m := **p.Multi
		m.Peers = mapped(m.Peers, by)
		*p.Multi = &m
	}
}

// mapped returns a new list, nil for an empty one.
func mapped[T, U any](list []T, by func(T) U) []U {
	var out []U
	for _, v := range list {
		out = append(out, by(v))
	}
	return out
}

// Made returns the names that op gives to new clusters, in order, and to a new
// stream, 0 for none.
func Made(op Op) (clusters []Handle, stream StreamHandle) {
	Edit(op, func(p *Parts) { clusters, stream = p.made() })
	return clusters, stream
}

func (p *Parts) made() (clusters []Handle, stream StreamHandle) {
	if p.As != nil && *p.As != 0 {
		clusters = append(clusters, *p.As)
	}
	if p.Many != nil {
		clusters = append(clusters, *p.Many...)
	}
	if p.StreamAs != nil {
		stream = *p.StreamAs
	}
	return clusters, stream
}

// Uses calls cluster for every cluster that op names and stream for every
// stream, those that it makes first. Either may be nil. They are not called with
// 0, and may be called twice for one.
func Uses(op Op, cluster func(Handle), stream func(StreamHandle)) {
	Edit(op, func(p *Parts) {
		clusters, s := p.made()
		if p.Stream != nil {
			s = p.Stream.Handle
		}
		if stream != nil && s != 0 {
			stream(s)
		}
		if cluster == nil {
			return
		}
		if p.Ref != nil {
			clusters = append(clusters, p.Ref.Handle)
		}
		if p.Refs != nil {
			for _, r := range *p.Refs {
				clusters = append(clusters, r.Handle)
			}
		}
		if p.Multi != nil && *p.Multi != nil {
			for _, r := range (*p.Multi).Peers {
				clusters = append(clusters, r.Handle)
			}
		}
		for _, h := range clusters {
			if h != 0 {
				cluster(h)
			}
		}
	})
}
