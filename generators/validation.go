package generators

import (
	"slices"
	"sync"

	"dsqlconform/model"
)

// validation is the profile of hostile requests. Its sequences take turns: each
// asks for as many of [model.Hostiles] as it has steps, and those of consecutive
// seeds follow one another through all of them.
var validation = Profile{
	Name: "validation", Says: "requests that break the service description, and those that a front door turns away", Weight: 2,
	Steps: 20, Clusters: 2, Streams: 2,
	Operations: map[string]int{
		"hostile":       20,
		"CreateCluster": 1, // something to be hostile to, in its best state
		"CreateStream":  1,
		"await":         1,
	},
	walks: true,
}

// hostiles returns the operations that the profile asks for in a revision.
func hostiles(r model.Revision) []model.Hostile {
	if r == model.May2025 {
		return earlyHostiles()
	}
	return currentHostiles()
}

var (
	currentHostiles = sync.OnceValue(func() []model.Hostile { return model.Hostiles(model.Current) })
	earlyHostiles   = sync.OnceValue(func() []model.Hostile { return model.Hostiles(model.May2025) })
)

// roomForStreams is how many streams a cluster has at most, before another
// cluster is used: one less than the documented limit (F171).
const roomForStreams = 4

// walk draws a whole sequence of hostile operations.
func (d *draft) walk() {
	list := hostiles(d.profile.world().Revision)
	region := oneOf(d, d.profile.Regions)
	turn := d.profile.turn
	if turn == 0 {
		turn = uint64(d.bits(16))
	}
	var hosts []model.Handle
	n, steps := uint64(len(list)), uint64(d.profile.Steps)
	for i := range steps {
		// A stride apart, so that no sequence is all about one operation.
		op := list[(turn*steps+i)%n*stride(n)%n]
		op.Region = region
		d.send(model.Line{Op: d.addressed(op, &hosts)})
		if spoils(op) {
			hosts = nil
		}
	}
}

// spoils reports a request that gives a cluster a value of the wrong form: a
// target that takes it may never again tell of that cluster what can be read.
func spoils(op model.Hostile) bool {
	changes := slices.ContainsFunc(model.Operations, func(o model.Operation) bool { return o.Name == op.Operation && o.Mutates })
	return changes && slices.ContainsFunc(model.Faults, func(f model.Fault) bool {
		return f.Name == op.Fault && (f.Breaks == model.WrongForm || f.Breaks == model.IsNull)
	})
}

// stride returns a number without a common divisor with n, near the golden
// section of it.
func stride(n uint64) uint64 {
	gcd := func(a, b uint64) uint64 {
		for b != 0 {
			a, b = b, a%b
		}
		return a
	}
	s := max(n*618/1000, 1)
	for gcd(s, n) != 1 {
		s++
	}
	return s
}

// addressed gives a hostile operation the names that it needs: of a cluster that
// is ACTIVE and unprotected, and of a stream of it. hosts are the clusters that
// were created for that; a new one is added when all may be deleted or full.
func (d *draft) addressed(op model.Hostile, hosts *[]model.Handle) model.Hostile {
	switch op.Operation {
	case (model.CreateCluster{}).Name():
		op.As = d.next()
		return op
	case (model.ListClusters{}).Name():
		return op
	}
	host := d.host(op.Region, hosts)
	op.Ref = model.Ref{Handle: host}
	switch op.Operation {
	case (model.CreateStream{}).Name():
		d.lastStream++
		op.Stream.Handle = d.lastStream
	case (model.GetStream{}).Name(), (model.DeleteStream{}).Name():
		op.Stream.Handle = d.hostStream(host)
	case (model.TagResource{}).Name(), (model.UntagResource{}).Name(), (model.ListTagsForResource{}).Name():
		if d.bits(2) == 0 {
			op.Stream.Handle = d.hostStream(host)
		}
	}
	return op
}

// host returns the latest of the hosts that surely can take anything, or a new
// one that was waited for.
func (d *draft) host(region model.Region, hosts *[]model.Handle) model.Handle {
	if n := len(*hosts); n > 0 {
		h := (*hosts)[n-1]
		if c, ok := d.world.Live(h); ok && c.Status == model.Active && !c.Protected && !c.Deleted && d.streams(h) < roomForStreams {
			return h
		}
	}
	h := d.next()
	d.send(model.Line{Op: model.CreateCluster{As: h, Region: region, Protection: model.Off}})
	d.send(model.Line{Op: model.Await{Ref: model.Ref{Handle: h}, Status: model.Active}})
	*hosts = append(*hosts, h)
	return h
}

// hostStream returns a stream of the host that was created by the book, or a new
// one.
func (d *draft) hostStream(host model.Handle) model.StreamHandle {
	for _, l := range d.lines {
		create, ok := l.Op.(model.CreateStream)
		if !ok || create.Ref.Handle != host {
			continue
		}
		if s, ok := d.world.FindStream(create.As); ok && !s.Deleted {
			return create.As
		}
	}
	op := model.CreateStream{As: d.lastStream + 1, Ref: model.Ref{Handle: host}}
	d.send(model.Line{Op: op})
	return op.As
}
