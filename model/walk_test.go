package model

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// walker acts out what Step allows: it is the service, all of whose choices
// rapid draws.
type walker struct {
	world World
	next  Handle // the last handle that was given

	version int // the last version of a policy that was answered

	nextStream StreamHandle // the last handle that was given to a stream
}

var walkRegions = []Region{"us-east-1", "us-east-2"}

// operation draws an operation on few clusters, so that they meet.
func (s *walker) operation(t *rapid.T) Op {
	ref := C(rapid.IntRange(1, 3).Draw(t, "cluster"))
	token := Token{}
	if rapid.IntRange(0, 3).Draw(t, "tokened") == 0 {
		token = Token{Name: fmt.Sprintf("t%d", rapid.IntRange(1, 2).Draw(t, "token"))}
	}
	multi := func() *MultiRegion {
		m := &MultiRegion{Witness: Some(rapid.SampledFrom([]string{"us-west-2", "us-west-2", "us-west-2", "us-east-1"}).Draw(t, "witness"))}
		if rapid.Bool().Draw(t, "naming") {
			m.GivenPeers = true
			m.Peers = []Ref{C(rapid.IntRange(1, 3).Draw(t, "peer"))}
		}
		return m
	}
	protection := Switch(rapid.IntRange(0, 2).Draw(t, "protection"))
	if rapid.IntRange(0, 4).Draw(t, "kind") == 0 {
		return policyCall(t, ref, token)
	}
	if rapid.IntRange(0, 3).Draw(t, "of streams") == 0 {
		return s.streamCall(t, ref, token)
	}
	switch rapid.IntRange(0, 9).Draw(t, "operation") {
	case 0, 1:
		if s.next < 3 {
			op := CreateCluster{As: s.next + 1, Region: walkRegions[rapid.IntRange(0, 1).Draw(t, "region")], Protection: protection, Token: token}
			if rapid.Bool().Draw(t, "multi") {
				op.Multi = multi()
			}
			op.Key = drawKey(t)
			if rapid.IntRange(0, 3).Draw(t, "policed") == 0 {
				op.Policy = Some(drawPolicy(t))
			}
			return op
		}
		return GetCluster{Ref: ref}
	case 2, 3:
		op := UpdateCluster{Ref: ref, Protection: protection, Key: drawKey(t), Token: token}
		if rapid.Bool().Draw(t, "multi") {
			op.Multi = multi()
		}
		return op
	case 4, 5:
		return DeleteCluster{Ref: ref, Token: token}
	case 6:
		return TagResource{Ref: ref, Tags: NewTags(map[string]string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"): "v"})}
	case 7:
		return ListClusters{Region: walkRegions[rapid.IntRange(0, 1).Draw(t, "region")]}
	}
	return GetCluster{Ref: ref}
}

// policyCall draws an operation on the policy of a cluster.
func policyCall(t *rapid.T, ref Ref, token Token) Op {
	expect := Expect{}
	if rapid.IntRange(0, 2).Draw(t, "expecting") == 0 {
		expect.Version = rapid.IntRange(1, 4).Draw(t, "expected")
	}
	switch rapid.IntRange(0, 4).Draw(t, "policy call") {
	case 0, 1:
		return PutClusterPolicy{Ref: ref, Policy: drawPolicy(t), Expect: expect, Token: token}
	case 2:
		return DeleteClusterPolicy{Ref: ref, Expect: expect, Token: token}
	}
	return GetClusterPolicy{Ref: ref}
}

func drawPolicy(t *rapid.T) string {
	return rapid.SampledFrom([]string{plainPolicy("GetCluster"), plainPolicy("DbConnect"), "{}"}).Draw(t, "policy")
}

func drawKey(t *rapid.T) Maybe {
	return rapid.SampledFrom([]Maybe{{}, {}, {}, Some("AWS_OWNED_KMS_KEY"), Some("alias/a"), Some(keyARN)}).Draw(t, "key")
}

// drift lets the service take some of its transitions.
func (s *walker) drift(t *rapid.T) {
	s.driftStreams(t)
	for range rapid.IntRange(0, 4).Draw(t, "transitions") {
		var edges []*Transition
		var who []Handle
		for _, c := range s.world.Clusters {
			for _, e := range s.world.Enabled(c.Handle) {
				if e.To == Idle || e.To == Inactive {
					continue // their time is unknown: the floor is tested by itself
				}
				edges, who = append(edges, e), append(who, c.Handle)
			}
		}
		if len(edges) == 0 {
			return
		}
		i := rapid.IntRange(0, len(edges)-1).Draw(t, "edge")
		s.world = s.world.Take(who[i], edges[i])
	}
}

// answer draws one of the outcomes that break no rule, and a reply within it.
func (s *walker) answer(t *rapid.T, op Op) Reply {
	var legal []Outcome
	for _, o := range Step(s.world, op) {
		if o.Breaks == "" {
			legal = append(legal, o)
		}
	}
	o := legal[rapid.IntRange(0, len(legal)-1).Draw(t, "outcome")]
	reply := s.concrete(t, &o.Want)
	s.world = o.Next.learned(op, &reply)
	if create, ok := op.(CreateCluster); ok && o.Want.Cluster == create.As {
		s.next = create.As
	}
	return reply
}

// concrete draws a reply that a want allows.
func (s *walker) concrete(t *rapid.T, w *Want) Reply {
	if !w.Success() {
		var codes []Code
		for c := AccessDenied; c <= OtherError; c++ {
			if w.Codes.Has(c) {
				codes = append(codes, c)
			}
		}
		return Reply{Code: rapid.SampledFrom(codes).Draw(t, "code"), Reason: w.Reason}
	}
	r := Reply{Cluster: w.Cluster}
	if list := (w.Status &^ Statuses(Gone)).List(); len(list) > 0 {
		r.Status = rapid.SampledFrom(list).Draw(t, "status")
	}
	switch w.Protection {
	case ShowsOff:
		r.Protection = Off
	case ShowsOn, ShowsOff | ShowsOn:
		r.Protection = On
	}
	if w.Multi == Present || w.Multi == Whichever && len(w.Must) > 0 {
		r.Multi = true
		if len(w.Witness) > 0 && w.Witness[0] != "" {
			r.Witness = Some(string(rapid.SampledFrom(w.Witness).Draw(t, "witness")))
		}
		r.Members = slices.Clone(w.Must)
		for _, h := range w.May {
			if h != Unknown && !slices.Contains(r.Members, h) && rapid.Bool().Draw(t, "member") {
				r.Members = append(r.Members, h)
			}
		}
		slices.Sort(r.Members)
	}
	if len(w.Tags) > 0 {
		r.Tags = rapid.SampledFrom(w.Tags).Draw(t, "tags")
	}
	if w.List {
		r.Listed = append([]Handle{}, w.Listed...)
	}
	if w.Service {
		r.Service = "com.amazonaws.us-east-1.dsql-0a1b2c"
	}
	s.concreteStream(t, w.Stream, &r)
	if p := w.Policy; p != nil {
		s.version++
		r.Policy = Document{Version: s.version}
		if p.Version > 0 {
			r.Policy.Version = p.Version
		}
		if p.Read {
			r.Policy.Text = p.Text
			if p.Text == "" {
				r.Policy.Text = `{"Version":"2012-10-17"}`
			}
		}
	}
	if e := w.Encryption; e != nil && rapid.Bool().Draw(t, "encryption") {
		key := rapid.SampledFrom(e.keys[:]).Draw(t, "of key")
		r.Encryption = Encryption{Type: kindOf(key)}
		if isKeyARN(key) {
			r.Encryption.Key = Some(key)
		}
		for r.Encryption.Status = EncryptionEnabled; e.status&(1<<r.Encryption.Status) == 0 || rapid.Bool().Draw(t, "next"); {
			r.Encryption.Status = r.Encryption.Status%KeyInaccessible + 1
		}
	}
	return r
}

// The model explains itself: whatever a service does that Step and the lifecycle
// allow, a belief finds neither a violation nor a suspicion in it, and every
// world on the way keeps the invariants.
func TestTheModelExplainsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := NewEnv()
		env.Kinesis = rapid.Bool().Draw(t, "kinesis")
		s := &walker{world: World{Env: env}}
		b := NewBelief(env)
		for i := range rapid.IntRange(1, 25).Draw(t, "length") {
			now := time.Duration(i) * time.Second
			s.world.Now, s.world.Asked = now, now
			s.drift(t)
			op := b.resolve(s.operation(t)) // as the identifier that was learnt for the handle
			reply := s.answer(t, op)
			if rapid.IntRange(0, 9).Draw(t, "lost") == 0 {
				if clusters, stream := Made(op); len(clusters) == 0 && stream == 0 {
					reply = Reply{Lost: true}
				}
			}
			t.Logf("step %s answered %s", op, reply)
			e := b.Observe(op, Seen{Reply: reply, Sent: now, Answered: now})
			if e.Broken != "" || len(e.Suspect) > 0 {
				t.Fatalf("%s answered %s: got %s %v (%s), want it explained\n%s", op, reply, e.Broken, e.Suspect, e.Shape, b)
			}
			if err := s.world.Check(); err != nil {
				t.Fatalf("after %s answered %s: %v", op, reply, err)
			}
		}
	})
}

// The components are a saving, not a change: a belief that keeps everything in
// one flat set of worlds and settles all of it at each answer judges the same.
func TestComponentsJudgeLikeOneFlatSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := NewEnv()
		env.Kinesis = rapid.Bool().Draw(t, "kinesis")
		s := &walker{world: World{Env: env}}
		b, flat := NewBelief(env), &eager{env: env, worlds: []World{{Env: env}}}
		for i := range rapid.IntRange(1, 8).Draw(t, "length") {
			now := time.Duration(i) * 2 * time.Second
			s.world.Now, s.world.Asked = now, now
			s.drift(t)
			op := b.resolve(s.operation(t)) // as the identifier that was learnt for the handle
			reply := s.answer(t, op)
			// Now and then something that the service would not say.
			if rapid.IntRange(0, 5).Draw(t, "lie") == 0 && reply.Status != NoStatus {
				reply.Status = rapid.SampledFrom([]Status{Creating, Active, Deleting, PendingDelete, PendingSetup}).Draw(t, "told")
			}
			t.Logf("step %s answered %s", op, reply)
			e := b.Observe(op, Seen{Reply: reply, Sent: now, Answered: now})
			if e.Doubt != "" || e.Stale {
				return
			}
			if ok := flat.observe(op, reply, now); ok != (e.Broken == "") {
				t.Fatalf("%s answered %s: got explained=%v (%s), want %v as the flat set says\n%s", op, reply, e.Broken == "", e.Broken, ok, b)
			} else if !ok {
				return
			}
		}
	})
}

// eager is the belief without components: slow and plain.
type eager struct {
	env    *Env
	worlds []World
}

func (f *eager) observe(op Op, r Reply, now time.Duration) bool {
	var all []World
	add := func(w World) {
		if !slices.ContainsFunc(all, w.Equal) {
			all = append(all, w)
		}
	}
	for _, w := range f.worlds {
		w.Now, w.Asked = now, now
		add(w.drifted())
	}
	_, read := reads(op) // only what it reads may be IDLE before the floor
	for i := 0; i < len(all); i++ {
		for _, c := range all[i].Clusters {
			for _, e := range all[i].Enabled(c.Handle) {
				if c.Status == Active && e.To == Idle && c.Handle != read && now-c.Since.Early < f.env.Floor {
					continue
				}
				add(all[i].Take(c.Handle, e))
			}
		}
	}
	var next []World
	for _, w := range all {
		for _, o := range Step(w, op) {
			if o.Match(w, op, r) && !slices.ContainsFunc(next, observed(&o, op, &r).Equal) {
				next = append(next, observed(&o, op, &r))
			}
		}
	}
	f.worlds = next
	return len(next) > 0
}
