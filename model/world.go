package model

import (
	"slices"
	"time"
)

// Env is what a world takes as given. It never changes during a run.
type Env struct {
	// Lag is how old a read may be, and how long one Region may not see a
	// cluster of another. Zero: everybody sees everything at once.
	Lag time.Duration
	// Window is how long an identical retry with the same token must have
	// no further effect; the service's own lifetime of a token is not known
	// (F050).
	Window time.Duration
	// Floor is the least time without activity after which an unseen
	// excursion to IDLE may explain a refusal; the service's own is not
	// known (F167).
	Floor time.Duration
	// Sets maps each known Region to its Region set (F121). A Region that is
	// not in it is not judged.
	Sets map[Region]string
	// Revision is the API revision that is served.
	Revision Revision
	// Quota is what the target is known to allow; a zero member is not known.
	Quota Quota
	// Kinesis says that the stream and the role that CreateStream is given
	// when it names none can be used, so that success is owed.
	Kinesis bool
	// Principals holds the permissions of those who ask besides the run's own
	// principal, by the names of [Line.By].
	Principals map[string]*Permissions
}

// Quota is how many live resources an account may have: clusters of a Region by
// kind (F180), streams of a cluster (F171).
type Quota struct{ Single, Multi, Streams int }

// NewEnv returns the documented environment: no lag, tokens of 60 s, a floor of
// 60 s, the Region sets of [RegionSets].
func NewEnv() *Env {
	return &Env{Window: 60 * time.Second, Floor: 60 * time.Second, Sets: RegionSets()}
}

// World is one fully known state of the service, of all clusters that can
// depend on one another. It is a value: no function changes one that it was
// given. Clusters, Tokens and Streams must not be written to.
type World struct {
	Env      *Env
	Now      time.Duration // since the start of the run: when the present call was answered
	Asked    time.Duration // when the present call was sent
	Clusters []Cluster     // in the order of their handles
	Tokens   []Use         // in the order of their recording
	Streams  []Stream      // in the order of their handles
	// By is who makes the present call: a name of [Env.Principals], or "" for who
	// may do everything; outside the identity.
	By string
	// Crowd is how many clusters of the Region asked surely live beside those of
	// Clusters; outside the identity.
	Crowd Quota
}

// Cluster is the state of one cluster. It is comparable; Since, Born and the
// moment of its policy stand outside its identity. Small fields stand together:
// an exploration copies clusters by the million.
type Cluster struct {
	Region  Region
	Witness Region // "" while none was accepted
	Tags    Tags
	Key     string // kmsEncryptionKey, "" for the AWS-owned key
	Policy  Policy // the resource policy

	Handle    Handle
	Peers     [MaxPeers]Handle
	Status    Status
	Origin    Status // while UPDATING: the status before
	Protected bool
	Multi     bool // has multiRegionProperties (F038)
	Rekeyed   bool // an update has given a kmsEncryptionKey

	Joined   bool   // set up: both sides have named each other, now or before, or it was a single-Region cluster
	Turned   bool   // it was made a multi-Region cluster after its creation: what holds for such a one is open (Q11)
	Deleted  bool   // a DeleteCluster was accepted
	Relinked bool   // while UPDATING: the update gave multiRegionProperties
	Nameless bool   // the answer to its create was lost: no one knows its identifier
	Before   Before // what the update in progress may not have replaced yet

	Since Span          // when it came to its status; outside the identity
	Born  time.Duration // when it was created; outside the identity
}

// Before holds the values that an update in progress replaces (F070).
type Before struct {
	Valid     bool
	Protected bool
	Multi     bool
	Witness   Region
	Peers     [MaxPeers]Handle
	Key       string
}

// Span bounds a moment: not before Early, not after Late.
type Span struct{ Early, Late time.Duration }

// Use is one successful use of a client token.
type Use struct {
	Token   string        // canonical text of the token
	Op      string        // name of the operation
	Region  Region        // the Region that was asked
	Request string        // canonical text of the request, without the token
	Cluster Handle        // whom the result names
	Stream  StreamHandle  // or the stream of Cluster that it names
	Shown   StatusSet     // what the result may have shown; outside the identity
	At      time.Duration // outside the identity
}

// Find returns the cluster with that handle, and whether there is a record of
// one: a cluster that is gone counts as found.
func (w World) Find(h Handle) (Cluster, bool) {
	if c := w.find(h); c != nil {
		return *c, true
	}
	return Cluster{}, false
}

// Live returns the cluster with that handle unless it is gone.
func (w World) Live(h Handle) (Cluster, bool) {
	c, ok := w.Find(h)
	return c, ok && c.Status != Gone
}

// find is [World.Find] in place; nil for none.
func (w *World) find(h Handle) *Cluster {
	for i := range w.Clusters {
		if c := &w.Clusters[i]; c.Handle == h {
			return c
		}
	}
	return nil
}

// live is [World.Live] in place; nil for none.
func (w *World) live(h Handle) *Cluster {
	if c := w.find(h); c != nil && c.Status != Gone {
		return c
	}
	return nil
}

// With returns the world with c in place of the cluster of the same handle, or
// added.
func (w World) With(c Cluster) World {
	i := 0
	for i < len(w.Clusters) && w.Clusters[i].Handle < c.Handle {
		i++
	}
	if i < len(w.Clusters) && w.Clusters[i].Handle == c.Handle {
		w.Clusters = slices.Clone(w.Clusters)
		w.Clusters[i] = c
	} else {
		w.Clusters = slices.Insert(slices.Clip(w.Clusters), i, c)
	}
	return w
}

// withUse returns the world with the use of a token recorded, if it is one.
func (w World) withUse(u Use) World {
	if u.Token == "" {
		return w
	}
	w.Tokens = append(slices.Clip(w.Tokens), u)
	return w
}

// Equal reports whether the worlds have the same identity: everything but Env,
// Now, Asked and the moments at which things happened.
func (w World) Equal(v World) bool { return w.equal(&v) }

func (w *World) equal(v *World) bool {
	if len(w.Clusters) != len(v.Clusters) || len(w.Tokens) != len(v.Tokens) || len(w.Streams) != len(v.Streams) {
		return false
	}
	for i := range w.Clusters {
		a, b := &w.Clusters[i], &v.Clusters[i]
		if a != b && (a.Status != b.Status || a.Handle != b.Handle || !a.same(b)) {
			return false
		}
	}
	for i := range w.Streams {
		if a, b := &w.Streams[i], &v.Streams[i]; a != b && !a.same(b) {
			return false
		}
	}
	return slices.EqualFunc(w.Tokens, v.Tokens, func(a, b Use) bool {
		a.At, b.At, a.Shown, b.Shown = 0, 0, 0, 0
		return a == b
	})
}

// same reports whether c and d have the same identity.
func (c *Cluster) same(d *Cluster) bool {
	x := *c
	x.Since, x.Born, x.Policy.At = d.Since, d.Born, d.Policy.At
	return x == *d
}

// Names reports whether c names h as a peer, in force or about to be replaced.
func (c *Cluster) Names(h Handle) bool {
	return slices.Contains(c.Peers[:], h) || c.Before.Valid && slices.Contains(c.Before.Peers[:], h)
}

// peerList returns the handles in use of a peer array.
func peerList(peers [MaxPeers]Handle) []Handle {
	var list []Handle
	for _, h := range peers {
		if h != 0 {
			list = append(list, h)
		}
	}
	return list
}

// peerArray returns the handles sorted, each once, without self; more than fit
// are dropped.
func peerArray(list []Handle, self Handle) [MaxPeers]Handle {
	var sorted []Handle
	for _, h := range list {
		if h != self && h != 0 && !slices.Contains(sorted, h) {
			sorted = append(sorted, h)
		}
	}
	slices.Sort(sorted)
	var peers [MaxPeers]Handle
	copy(peers[:], sorted)
	return peers
}

// RegionSets returns the documented Region sets (F121): a multi-Region cluster
// and its witness come from one set. Regions that sources disagree about (Q35)
// are left out, and so are not judged.
func RegionSets() map[Region]string {
	sets := map[Region]string{}
	for set, regions := range map[string][]Region{
		"Americas":     {"us-east-1", "us-east-2", "us-west-2"},
		"Europe":       {"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"},
		"Asia Pacific": {"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"},
	} {
		for _, r := range regions {
			sets[r] = set
		}
	}
	return sets
}

// apart reports whether two Regions are known to belong to different sets.
func (e *Env) apart(a, b Region) bool {
	x, y := e.Sets[a], e.Sets[b]
	return x != "" && y != "" && x != y
}

// together reports whether two Regions are known to belong to one set.
func (e *Env) together(a, b Region) bool {
	x := e.Sets[a]
	return x != "" && x == e.Sets[b]
}
