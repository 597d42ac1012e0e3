package explore

import (
	"errors"
	"fmt"
	"slices"

	"dsqlconform/model"
)

// Bounds say which calls are made, of how many clusters.
//
// Clusters are created in the order of their handles, and every request is well
// formed and has no tags, key or policy. A call names a cluster that has been
// made. A creation names no peer or one that was made before; an update changes
// deletion protection or gives multiRegionProperties with one peer.
type Bounds struct {
	Clusters  int            // created in all, 1 to [MaxClusters]
	Regions   []model.Region // that hold clusters, at most [MaxRegions] with Witnesses
	Witnesses []model.Region // that a request names as witness; none: no multi-Region cluster

	Tokens int  // client tokens, which come into use in their order; a call comes with one and without
	Uses   int  // different requests that one token is used for; 0 means 1. An identical one may always come again
	Apart  bool // the first token comes with creations alone, the others with deletes alone

	Protection bool // creations come with deletion protection, too, and not only without; updates turn it off
	Reprotect  bool // updates turn it on as well
	Relink     bool // multiRegionProperties are given to clusters that name a peer already or had another witness, and to single-Region ones
	Hostile    bool // requests name peers of the same Region, themselves and clusters that are gone, the own Region as witness, and ask other Regions
	Free       bool // the service does what it does for no reason: see pastime; and connections come
	Reads      bool // clusters are read and listed

	// Where calls about a cluster are made, by its status; 0 means everywhere, and
	// the set of [model.NoStatus] nowhere. Whether every account can be emptied is
	// not asked where this leaves calls out.
	Protects model.StatusSet // updates of deletion protection
	Links    model.StatusSet // updates with multiRegionProperties
	Deletes  model.StatusSet // deletes

	// Symmetric folds worlds that differ only in the names of clusters, or of
	// Regions that the bounds do not tell apart.
	Symmetric bool
}

// The limits of a world that can be held in a key.
const (
	MaxClusters = 4
	MaxRegions  = 6
	maxUses     = 8 // requests with a token that succeeded
)

// Preset is bounds that have a name.
type Preset struct {
	Name, Says string
	Bounds
}

// regions are the Regions of the presets, of one set.
var regions = []model.Region{"us-east-1", "us-east-2", "us-west-2"}

// Presets are the bounds that have a name, from the smallest on.
var Presets = []Preset{
	{"one", "1 cluster, 2 tokens of 2 uses, whatever can be asked of it", Bounds{Clusters: 1, Regions: regions[:1], Witnesses: regions[2:],
		Tokens: 2, Uses: 2, Protection: true, Reprotect: true, Relink: true, Hostile: true, Free: true, Reads: true, Symmetric: true}},
	{"tokens", "2 single-Region clusters, 2 Regions, 2 tokens of 2 uses", Bounds{Clusters: 2, Regions: regions[:2],
		Tokens: 2, Uses: 2, Symmetric: true}},
	{"linked", "2 clusters, 2 Regions, 2 witnesses, protection, peers named once", Bounds{Clusters: 2, Regions: regions[:2], Witnesses: []model.Region{"us-west-2", "eu-west-1"},
		Protection: true, Reprotect: true, Free: true, Symmetric: true}},
	{"pair", "2 clusters, 2 Regions, 1 witness, protection, peers named again and again", Bounds{Clusters: 2, Regions: regions[:2], Witnesses: regions[2:],
		Protection: true, Reprotect: true, Relink: true, Free: true, Symmetric: true}},
	{"hostile", "2 clusters, 2 Regions, 1 witness, requests that cannot be right", Bounds{Clusters: 2, Regions: regions[:2], Witnesses: regions[2:],
		Hostile: true, Reads: true, Symmetric: true}},
	{"three", "3 clusters, 2 Regions and a witness, protection, 1 token for creations and 1 for deletes, peers named once", Bounds{Clusters: 3, Regions: regions[:2], Witnesses: regions[2:],
		Tokens: 2, Apart: true, Protection: true, Symmetric: true}},
	{"wide", "as three, with protection on again and what the service does for no reason; takes minutes", Bounds{Clusters: 3, Regions: regions[:2], Witnesses: regions[2:],
		Tokens: 2, Apart: true, Protection: true, Reprotect: true, Free: true, Symmetric: true}},
}

// Lookup returns the bounds with that name.
func Lookup(name string) (Preset, bool) {
	return named(Presets, name)
}

// LookupAbstract returns the bounds of [Abstracts] with that name.
func LookupAbstract(name string) (Preset, bool) {
	return named(Abstracts, name)
}

func named(list []Preset, name string) (Preset, bool) {
	i := slices.IndexFunc(list, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return list[i], true
}

// Validate returns an error that names what cannot be explored.
func (b Bounds) Validate() error {
	switch {
	case b.Clusters < 1 || b.Clusters > MaxClusters:
		return fmt.Errorf("got %d clusters, want 1 to %d", b.Clusters, MaxClusters)
	case len(b.Regions) == 0:
		return errors.New("got no Region, want one at least")
	case slices.Contains(b.places(), ""):
		return errors.New("got a Region without a name")
	case len(b.places()) > MaxRegions:
		return fmt.Errorf("got %d Regions, want at most %d", len(b.places()), MaxRegions)
	case b.Tokens < 0 || b.Uses < 0 || b.Clusters+b.Tokens*b.uses() > maxUses && b.Tokens > 0:
		return fmt.Errorf("got %d tokens of %d uses for %d clusters, want tokens times uses plus clusters to be at most %d", b.Tokens, b.uses(), b.Clusters, maxUses)
	}
	return nil
}

func (b *Bounds) uses() int { return max(b.Uses, 1) }

// narrow reports whether calls are not made everywhere.
func (b *Bounds) narrow() bool { return b.Protects|b.Links|b.Deletes != 0 }

// places returns all Regions that the bounds name, each once.
func (b *Bounds) places() []model.Region {
	var list []model.Region
	for _, r := range slices.Concat(b.Regions, b.Witnesses) {
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}
