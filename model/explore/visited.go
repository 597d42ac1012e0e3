package explore

import "sync"

// id names a visited world: its shard in the highest bits, and its place there.
type id uint32

const (
	shardBits = 6
	shards    = 1 << shardBits
	placeMax  = 1<<(32-shardBits) - 1
	blockBits = 10
	blockSize = 1 << blockBits
)

// visited is the set of worlds that were reached, with how each was first
// reached. It is safe for concurrent use.
type visited [shards]shard

// shard is the worlds whose hash begins with the same bits. Nodes stand in blocks
// that never move, and hold no pointers, so that growing costs little and the
// garbage collector nothing.
type shard struct {
	mu     sync.Mutex
	table  []uint32 // open addressing: place + 1 with the tag of its hash above it, 0 for none
	blocks []*[blockSize]node
	len    int
	_      [64]byte // its own cache line
}

// node is a world and how it was reached.
type node struct {
	key   key
	from  uint32 // the world before, by its place in the level before
	depth uint16
	// drained says that the account can be emptied from here.
	drained bool
}

// worldBytes is what a visited world takes at most: its node, its share of the
// tables, which are filled to three quarters at least half the time, and of the
// levels.
const worldBytes = 56 + 11 + 4

// add notes a world. It returns its id, and whether it was new. Of several worlds
// of the level before that lead to it the first is kept, so that the way to it
// does not depend on who was faster.
func (v *visited) add(k *key, hash uint64, from uint32, depth uint16) (id, bool) {
	n := hash >> (64 - shardBits)
	s := &v[n]
	s.mu.Lock()
	defer s.mu.Unlock()
	if 4*(s.len+1) > 3*len(s.table) {
		s.grow()
	}
	mask := uint64(len(s.table) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		at := s.table[i]
		if at == 0 {
			place := s.len
			if place&(blockSize-1) == 0 {
				s.blocks = append(s.blocks, new([blockSize]node))
			}
			s.len++
			*s.at(place) = node{key: *k, from: from, depth: depth}
			s.table[i] = tag(hash) | uint32(s.len)
			return id(n)<<(32-shardBits) | id(place), true
		}
		if at&^placeMax != tag(hash) {
			continue // without a look at the node, which is far away
		}
		if old := s.at(int(at&placeMax - 1)); old.key == *k {
			if old.depth == depth && from < old.from {
				old.from = from
			}
			return id(n)<<(32-shardBits) | id(at&placeMax-1), false
		}
	}
}

// tag returns bits of a hash that name neither the shard nor, as long as that is
// small, the place in the table.
func tag(hash uint64) uint32 { return uint32(hash>>(32-shardBits)) &^ placeMax }

func (s *shard) at(place int) *node { return &s.blocks[place>>blockBits][place&(blockSize-1)] }

// grow doubles the table.
func (s *shard) grow() {
	s.table = make([]uint32, max(2*len(s.table), 64))
	mask := uint64(len(s.table) - 1)
	for place := range s.len {
		hash := s.at(place).key.hash()
		i := hash & mask
		for s.table[i] != 0 {
			i = (i + 1) & mask
		}
		s.table[i] = tag(hash) | uint32(place+1)
	}
}

func (v *visited) node(i id) node {
	s := &v[i>>(32-shardBits)]
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.at(int(i & placeMax))
}

// find returns the id of a world that was reached.
func (v *visited) find(k *key) (id, bool) {
	hash := k.hash()
	n := hash >> (64 - shardBits)
	s := &v[n]
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.table) == 0 {
		return 0, false
	}
	mask := uint64(len(s.table) - 1)
	for i := hash & mask; s.table[i] != 0; i = (i + 1) & mask {
		if at := s.table[i]&placeMax - 1; s.at(int(at)).key == *k {
			return id(n)<<(32-shardBits) | id(at), true
		}
	}
	return 0, false
}

// len returns how many worlds were reached.
func (v *visited) len() int {
	n := 0
	for i := range v {
		v[i].mu.Lock()
		n += v[i].len
		v[i].mu.Unlock()
	}
	return n
}

// drained reports whether the world is known to be one that can be emptied.
func (v *visited) drained(i id) bool { return v.node(i).drained }

func (v *visited) setDrained(i id) {
	s := &v[i>>(32-shardBits)]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at(int(i & placeMax)).drained = true
}
