package generators

import (
	"fmt"
	"slices"

	"dsqlconform/model"
)

// run is the predicted execution of a sequence, as a fault sees it.
type run struct {
	*draft
	updates map[model.Handle]int // accepted, by cluster
	deletes int                  // accepted
}

// cluster returns the cluster that op is about, as it is before op.
func (r *run) cluster(op model.Op) model.Cluster {
	ref, _, _ := refOf(op)
	c, _ := r.world.Find(ref.Handle)
	return c
}

// fault is a planted fault: it shows at the first line for which shows is true.
type fault struct {
	name  string
	lines int // of the smallest sequence that shows it
	shows func(r *run, l model.Line) bool
}

// faults is a table of planted faults of two to eight lines. They need creates
// alone, order, statuses, both members of a pair, tokens and values.
var faults = []fault{
	{"a protected cluster is deleted", 2, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.DeleteCluster)
		c := r.cluster(op)
		return ok && c.Protected && c.Status != model.Gone
	}},
	{"a cluster of another Region is found", 3, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.GetCluster)
		c := r.cluster(l.Op)
		return ok && op.At != "" && op.At != c.Region && c.Status == model.Active && !r.moving(c.Handle)
	}},
	{"an ACTIVE cluster forgets a tag", 4, func(r *run, l model.Line) bool {
		c := r.cluster(l.Op)
		_, ok := l.Op.(model.ListTagsForResource)
		return ok && c.Status == model.Active && !r.moving(c.Handle) && r.tagged(c.Handle)
	}},
	{"a page of one repeats a cluster", 4, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.ListClusters)
		n := 0
		for _, c := range r.world.Clusters {
			if c.Region == op.Region && c.Status != model.Gone {
				n++
			}
		}
		return ok && op.Max == 1 && n >= 3
	}},
	{"the third update is lost", 4, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.UpdateCluster)
		return ok && r.updates[op.Ref.Handle] >= 2 && r.cluster(op).Status == model.Active
	}},
	{"a replay makes a second cluster after a delete", 4, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.CreateCluster)
		return ok && r.deletes > 0 && slices.ContainsFunc(r.world.Tokens, func(u model.Use) bool {
			c, _ := r.world.Find(u.Cluster)
			return u.Token == op.Token.Name && u.Op == "CreateCluster" && !c.Deleted
		})
	}},
	{"a pair shows one member", 4, func(r *run, l model.Line) bool {
		c := r.cluster(l.Op)
		_, ok := l.Op.(model.GetCluster)
		return ok && c.Joined && c.Status == model.Active
	}},
	{"protection does not come back", 4, func(r *run, l model.Line) bool {
		c := r.cluster(l.Op)
		_, ok := l.Op.(model.DeleteCluster)
		return ok && c.Protected && r.updates[c.Handle] >= 2 && c.Status == model.Active
	}},
	{"a policy survives its deletion", 4, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.GetClusterPolicy)
		c := r.cluster(l.Op)
		return ok && c.Status == model.Active && !c.Policy.Given && r.sent(func(l model.Op) bool {
			d, ok := l.(model.DeleteClusterPolicy)
			return ok && d.Ref == op.Ref
		}) && r.sent(func(l model.Op) bool {
			p, ok := l.(model.PutClusterPolicy)
			return ok && p.Ref == op.Ref
		})
	}},
	{"an expected version is not compared", 3, func(r *run, l model.Line) bool {
		c := r.cluster(l.Op)
		e := expectOf(l.Op).Version
		return e != 0 && c.Policy.Given && c.Policy.Version != 0 && e != c.Policy.Version
	}},
	{"a stream is listed after another was deleted", 5, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.ListStreams)
		gone := slices.ContainsFunc(r.world.Streams, func(s model.Stream) bool { return s.Cluster == op.Ref.Handle && s.Deleted })
		return ok && gone && r.streams(op.Ref.Handle) > 0
	}},
	{"a stream forgets its tags", 3, func(r *run, l model.Line) bool {
		op, ok := l.Op.(model.ListTagsForResource)
		s, _ := r.world.FindStream(op.Stream.Handle)
		return ok && !s.Deleted && s.Cluster == op.Ref.Handle && s.Tags != model.Tags{}
	}},
	{"the last member stays", 6, func(r *run, l model.Line) bool {
		c := r.cluster(l.Op)
		_, ok := l.Op.(model.GetCluster)
		return ok && c.Joined && c.Status == model.Gone
	}},
	{"a pair is deleted against its protection", 6, func(r *run, l model.Line) bool {
		c := r.cluster(l.Op)
		_, ok := l.Op.(model.DeleteCluster)
		return ok && c.Joined && c.Protected && r.updates[c.Handle] >= 1 && r.halfDeleted(&c)
	}},
}

func (r *run) tagged(h model.Handle) bool {
	return r.sent(func(op model.Op) bool {
		tag, ok := op.(model.TagResource)
		return ok && tag.Ref.Handle == h && tag.Stream == model.StreamRef{}
	})
}

// sent reports whether an earlier line has such an operation.
func (r *run) sent(is func(model.Op) bool) bool {
	return slices.ContainsFunc(r.lines, func(l model.Line) bool { return is(l.Op) })
}

// signature is what an engine pins a failure to before it shrinks it.
type signature struct {
	op     string
	status model.Status
	joined bool
}

// possible returns a filter that drops the sequences in which no line has the
// signature of the line at of s.
func possible(s model.Sequence, at int) func(model.Sequence) bool {
	var want signature
	has := func(only int) func(r *run, i int, l model.Line) bool {
		return func(r *run, i int, l model.Line) bool {
			c := r.cluster(l.Op)
			got := signature{l.Op.Name(), c.Status, c.Joined}
			if i == only {
				want = got
			}
			return got == want
		}
	}
	replay(s, has(at))
	return func(c model.Sequence) bool { _, ok := replay(c, has(-1)); return ok }
}

// at returns the line at which the fault shows, and whether it does.
func (f fault) at(s model.Sequence) (int, bool) {
	return replay(s, func(r *run, _ int, l model.Line) bool { return f.shows(r, l) })
}

// replay predicts the sequence up to the first line for which stop is true.
func replay(s model.Sequence, stop func(r *run, i int, l model.Line) bool) (int, bool) {
	r := &run{draft: &draft{profile: &profiles[0], world: model.World{Env: envOf(s)}}, updates: map[model.Handle]int{}}
	for i, l := range s.Lines {
		if stop(r, i, l) {
			return i, true
		}
		before := r.cluster(l.Op)
		r.predict(l)
		switch op := l.Op.(type) {
		case model.UpdateCluster:
			if before.Status != model.Gone && before.Status != model.NoStatus {
				r.updates[op.Ref.Handle]++
			}
		case model.DeleteCluster:
			if r.cluster(op).Deleted && !before.Deleted {
				r.deletes++
			}
		}
		r.lines = append(r.lines, l)
	}
	return 0, false
}

// fails reports whether the fault shows.
func (f fault) fails(s model.Sequence) bool {
	_, ok := f.at(s)
	return ok
}

// victims returns sequences of about that length that show the fault, and where.
func (f fault) victims(n, steps int) (list []model.Sequence, at []int) {
	for seed := uint64(1); seed < 8000 && len(list) < n; seed++ {
		p := Profiles()[seed%uint64(len(profiles))]
		if p.themes != nil || p.walks {
			continue // long, and about one thing
		}
		p.Steps = steps
		s := FromSeed(p, seed)
		if i, ok := f.at(s); ok && i >= steps/3 {
			list, at = append(list, s), append(at, i)
		}
	}
	if len(list) < n {
		panic(fmt.Sprintf("%s: got %d victims, want %d", f.name, len(list), n))
	}
	return list, at
}
