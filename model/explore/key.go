package explore

import (
	"fmt"
	"math/bits"
	"slices"

	"dsqlconform/model"
)

// key is a world's identity in few words: two worlds of one search are equal
// exactly if their keys are.
type key struct {
	clusters [MaxClusters]uint64
	uses     [maxUses]uint16 // sorted, 0 for none
}

func (k *key) hash() uint64 {
	h := uint64(0x9E3779B97F4A7C15)
	mix := func(v uint64) {
		hi, lo := bits.Mul64(h^v, 0xD6E8FEB86659FD93)
		h = hi ^ lo
	}
	for _, c := range k.clusters {
		mix(c)
	}
	for i := 0; i < maxUses; i += 4 {
		mix(uint64(k.uses[i]) | uint64(k.uses[i+1])<<16 | uint64(k.uses[i+2])<<32 | uint64(k.uses[i+3])<<48)
	}
	return h ^ h>>32
}

// compare orders keys: by their clusters from the first on, then by their uses.
func (k *key) compare(l *key) int {
	if n := slices.Compare(k.clusters[:], l.clusters[:]); n != 0 {
		return n
	}
	return slices.Compare(k.uses[:], l.uses[:])
}

// made returns how many clusters the world has, those that are gone included.
func (k *key) made() int {
	n := 0
	for n < MaxClusters && k.clusters[n] != 0 {
		n++
	}
	return n
}

// The bits of a cluster in a key, from the lowest on: the peers, then what tells
// a cluster without naming another. Regions are numbers from 1 in the order of
// the bounds, peers a set of handles with one more bit for strangers. The
// highest bit in use is always set.
const (
	peerBits   = MaxClusters + 1
	ownShift   = 2 * peerBits
	placeBits  = 3
	statusBits = 4
	stranger   = 1 << MaxClusters
)

// codec turns worlds into keys and back. It is made for the bounds of one search
// and never changes, so that several goroutines may use it.
type codec struct {
	env     *model.Env
	places  []model.Region
	group   group
	uses    []model.Use // by number from 1, in the order of their texts
	numbers map[model.Use]uint16
	images  [][]uint16 // of a use, by number, under each renaming of the group
}

// newCodec returns the codec for what the calls can make of worlds.
func newCodec(b *Bounds, calls []call) *codec {
	c := &codec{env: model.NewEnv(), places: b.places(), numbers: map[model.Use]uint16{}}
	c.group = b.symmetries(c.env)
	c.foresee(b, calls)
	return c
}

// foresee numbers every use of a token that calls can leave behind, and all that
// the renamings make of them.
func (c *codec) foresee(b *Bounds, calls []call) {
	seen := map[model.Use]bool{}
	var list []model.Use
	add := func(u model.Use) {
		if !seen[u] {
			seen[u] = true
			list = append(list, u)
		}
	}
	for i := range calls {
		l := &calls[i]
		if l.token == 0 {
			continue
		}
		for _, r := range b.Regions {
			if l.creates == 0 || l.at == r {
				add(model.Use{Token: tokenNamed(l.token).String(), Op: l.op.Name(), Region: r, Request: l.request, Cluster: l.creates + l.about})
			}
		}
	}
	for i := 0; i < len(list); i++ {
		for j := range c.group.size() {
			add(c.group.renaming(j).use(list[i]))
		}
	}
	slices.SortFunc(list, func(x, y model.Use) int {
		return slices.Compare(useText(&x), useText(&y))
	})
	c.uses = append([]model.Use{{}}, list...)
	for i, u := range c.uses {
		c.numbers[u] = uint16(i)
	}
	c.images = make([][]uint16, len(c.uses))
	for i := range c.uses {
		c.images[i] = make([]uint16, c.group.size())
		for j := range c.images[i] {
			if i > 0 {
				c.images[i][j] = c.numbers[c.group.renaming(j).use(c.uses[i])]
			}
		}
	}
}

func useText(u *model.Use) []string {
	return []string{u.Token, u.Op, string(u.Region), u.Request, u.Cluster.String()}
}

func (c *codec) place(r model.Region) uint64 {
	for i := range c.places {
		if c.places[i] == r {
			return uint64(i + 1)
		}
	}
	return 0
}

func (c *codec) region(n uint64) model.Region {
	if n == 0 {
		return ""
	}
	return c.places[n-1]
}

func peerSet(peers *[model.MaxPeers]model.Handle) (set uint64) {
	for _, h := range peers {
		switch {
		case h == 0:
			return set
		case h == model.Unknown:
			set |= stranger
		default:
			set |= 1 << (h - 1)
		}
	}
	return set
}

func peerArray(set uint64) (peers [model.MaxPeers]model.Handle) {
	n := 0
	for ; set != 0 && n < model.MaxPeers; n++ {
		i := bits.TrailingZeros64(set)
		set &^= 1 << i
		peers[n] = model.Handle(i + 1)
		if i == MaxClusters {
			peers[n] = model.Unknown
		}
	}
	return peers
}

// pack returns the key of a world. The error says what a key cannot hold: the
// model then does something that the bounds do not foresee.
func (c *codec) pack(w *model.World) (key, error) { return c.packAfter(&key{}, w) }

// packAfter is pack for a world that came from that of another key, whose uses it
// mostly has.
func (c *codec) packAfter(from *key, w *model.World) (k key, err error) {
	if len(w.Clusters) > MaxClusters || len(w.Streams) > 0 {
		return k, fmt.Errorf("got a world of %d clusters and %d streams, want at most %d and none", len(w.Clusters), len(w.Streams), MaxClusters)
	}
	for i := range w.Clusters {
		if w.Clusters[i].Handle != model.Handle(i+1) {
			return k, fmt.Errorf("got %s in the place of %s", w.Clusters[i].Handle, model.Handle(i+1))
		}
		k.clusters[i] = c.cluster(&w.Clusters[i])
	}
	n := 0
	for i := range w.Tokens {
		u := w.Tokens[i]
		u.At, u.Shown = 0, 0
		number := from.uses[min(i, maxUses-1)]
		if u != c.uses[number] {
			number = c.numbers[u]
		}
		switch {
		case number == 0:
			return k, fmt.Errorf("got a use of token %s by %s of %s, which no call leaves behind", u.Token, u.Request, u.Cluster)
		case slices.Contains(k.uses[:n], number):
			continue
		case n == maxUses:
			return k, fmt.Errorf("got more than %d uses of tokens", maxUses)
		}
		k.uses[n] = number
		n++
	}
	slices.Sort(k.uses[:n])
	return k, nil
}

// flags returns the booleans of a cluster in the order of their bits.
func flags(m *model.Cluster) [10]*bool {
	return [10]*bool{&m.Protected, &m.Multi, &m.Joined, &m.Turned, &m.Deleted, &m.Relinked, &m.Nameless,
		&m.Before.Valid, &m.Before.Protected, &m.Before.Multi}
}

func (c *codec) cluster(m *model.Cluster) uint64 {
	own := uint64(1)
	own = own<<statusBits | uint64(m.Status)
	own = own<<statusBits | uint64(m.Origin)
	own = own<<placeBits | c.place(m.Region)
	own = own<<placeBits | c.place(m.Witness)
	own = own<<placeBits | c.place(m.Before.Witness)
	for _, on := range flags(m) {
		own <<= 1
		if *on {
			own |= 1
		}
	}
	return own<<ownShift | peerSet(&m.Before.Peers)<<peerBits | peerSet(&m.Peers)
}

// unpack writes the world of a key into w, whose slices it uses again.
func (c *codec) unpack(k *key, w *model.World) {
	w.Env, w.Now, w.Asked = c.env, 0, 0
	w.Clusters, w.Tokens = w.Clusters[:0], w.Tokens[:0]
	for i, word := range k.clusters {
		if word == 0 {
			break
		}
		take := func(width int) uint64 {
			v := word & (1<<width - 1)
			word >>= width
			return v
		}
		w.Clusters = append(w.Clusters, model.Cluster{Handle: model.Handle(i + 1)})
		m := &w.Clusters[i]
		m.Peers = peerArray(take(peerBits))
		m.Before.Peers = peerArray(take(peerBits))
		list := flags(m)
		for _, to := range slices.Backward(list[:]) {
			*to = take(1) == 1
		}
		m.Before.Witness = c.region(take(placeBits))
		m.Witness = c.region(take(placeBits))
		m.Region = c.region(take(placeBits))
		m.Origin = model.Status(take(statusBits))
		m.Status = model.Status(take(statusBits))
	}
	for _, n := range k.uses {
		if n == 0 {
			break
		}
		w.Tokens = append(w.Tokens, c.uses[n])
	}
}
