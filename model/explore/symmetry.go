package explore

import (
	"slices"
	"strings"

	"dsqlconform/model"
)

// group is the renamings of clusters and Regions that change nothing but names:
// applied to a reachable world, each gives a reachable world. Every renaming of
// Regions goes with every one of clusters.
type group struct {
	places   [][]model.Region // where each Region of the first list goes
	numbers  [][]uint64       // the same by number, from 1
	clusters [][]int          // where the cluster at i goes
	inverse  [][]int          // and where that at i comes from
	within   [][]int          // by how many clusters were made: which of clusters keep to those
}

// symmetries returns the renamings of the bounds: any of the clusters, and any of
// the Regions that play the same part, all of one set. The first changes nothing.
func (b *Bounds) symmetries(env *model.Env) group {
	places := b.places()
	part := func(r model.Region) [3]any {
		return [3]any{slices.Contains(b.Regions, r), slices.Contains(b.Witnesses, r), env.Sets[r]}
	}
	g := group{within: make([][]int, MaxClusters+1)}
	for _, order := range permutations(len(places)) {
		renamed := make([]model.Region, len(places))
		numbers := make([]uint64, len(places)+1)
		same := true
		for i, j := range order {
			same = same && part(places[i]) == part(places[j])
			renamed[i], numbers[i+1] = places[j], uint64(j+1)
		}
		if same {
			g.places, g.numbers = append(g.places, renamed), append(g.numbers, numbers)
		}
		if !b.Symmetric {
			break
		}
	}
	g.clusters = permutations(b.Clusters)
	if !b.Symmetric {
		g.clusters = g.clusters[:1]
	}
	for i, to := range g.clusters {
		from := make([]int, len(to))
		for j, n := range to {
			from[n] = j
		}
		g.inverse = append(g.inverse, from)
		for made := range b.Clusters + 1 {
			if !slices.ContainsFunc(to[made:], func(j int) bool { return j < made }) &&
				slices.IsSorted(to[made:]) {
				g.within[made] = append(g.within[made], i)
			}
		}
	}
	return g
}

// permutations returns every order of 0 to n-1, sorted, so that the first is the
// identity.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var list [][]int
	for _, rest := range permutations(n - 1) {
		for at := range n {
			list = append(list, slices.Insert(slices.Clone(rest), at, n-1))
		}
	}
	slices.SortFunc(list, slices.Compare[[]int])
	return list
}

func (g *group) size() int { return len(g.places) * len(g.clusters) }

// renaming is one member of a group.
type renaming struct {
	from, to []model.Region
	clusters []int
}

func (g *group) renaming(n int) renaming {
	return renaming{g.places[0], g.places[n/len(g.clusters)], g.clusters[n%len(g.clusters)]}
}

func (r renaming) region(name model.Region) model.Region {
	if i := slices.Index(r.from, name); i >= 0 {
		return r.to[i]
	}
	return name
}

// use renames the use of a token. The names in its request stand as words, or
// after an equals sign.
func (r renaming) use(u model.Use) model.Use {
	u.Cluster = model.Handle(r.clusters[u.Cluster-1] + 1)
	u.Region = r.region(u.Region)
	list := strings.Split(u.Request, " ")
	for i, word := range list {
		name, value, valued := strings.Cut(word, "=")
		if !valued {
			name, value = "", word
		} else {
			name += "="
		}
		value = string(r.region(model.Region(value)))
		for from, to := range r.clusters {
			if value == model.Handle(from+1).String() {
				value = model.Handle(to + 1).String()
				break
			}
		}
		list[i] = name + value
	}
	u.Request = strings.Join(list, " ")
	return u
}

// canonical returns the least key among those of the worlds that differ from k's
// in names only. As what a cluster's word says without naming another stands in
// its highest bits, only renamings that sort the clusters by it can give the
// least.
func (c *codec) canonical(k key) key {
	g := &c.group
	if g.size() == 1 {
		return k
	}
	made, least, found := k.made(), key{}, false
	for p, numbers := range g.numbers {
		var own [MaxClusters]uint64
		for i := range made {
			own[i] = replace(k.clusters[i], numbers)
		}
	next:
		for _, i := range g.within[made] {
			to, from := g.clusters[i], g.inverse[i]
			for j := 1; j < made; j++ {
				if own[from[j]]>>ownShift < own[from[j-1]]>>ownShift {
					continue next
				}
			}
			var other key
			for j := range made {
				other.clusters[j] = own[from[j]]>>ownShift<<ownShift | rename(own[from[j]], to)
			}
			n := 0
			for ; n < maxUses && k.uses[n] != 0; n++ {
				other.uses[n] = c.images[k.uses[n]][p*len(g.clusters)+i]
			}
			sortFew(other.uses[:n])
			if !found || other.compare(&least) < 0 {
				least, found = other, true
			}
		}
	}
	return least
}

// replace gives the Regions of a cluster's word other numbers.
func replace(word uint64, numbers []uint64) uint64 {
	const first = ownShift + len([10]bool{})
	for shift := first; shift < first+3*placeBits; shift += placeBits {
		if n := word >> shift & (1<<placeBits - 1); n != 0 {
			word ^= (n ^ numbers[n]) << shift
		}
	}
	return word
}

// rename returns the peers of a cluster's word with other handles.
func rename(word uint64, to []int) (peers uint64) {
	if word&(1<<ownShift-1) == 0 {
		return 0
	}
	for i, j := range to {
		peers |= word >> i & (1<<peerBits | 1) << j
	}
	return peers | word&(stranger<<peerBits|stranger)
}

func sortFew(list []uint16) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}
