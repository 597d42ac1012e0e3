package generators

import (
	"fmt"
	"strings"

	"dsqlconform/model"
)

// Profile says what sequences to draw. Shares are in percent.
type Profile struct {
	Name   string
	Says   string // what it is about, one sentence without a full stop
	Weight int    // its share of a run, relative to the others

	Steps    int // average number of operations in a sequence; 0 means 12
	Clusters int // how many clusters may be alive at once, at least 1
	// Regions that may hold clusters, and the witness Region of multi-Region
	// ones; see [Profile.In]. With less than two Regions, or without a
	// witness, no multi-Region cluster is made.
	Regions []model.Region
	Witness model.Region

	// Operations weighs the operations by name, relative to one another. What
	// is not named does not occur.
	Operations map[string]int

	MultiRegion int // share of creates that give multiRegionProperties
	Hostile     int // share of operations that are twisted into hostile ones
	Again       int // share of operations that use an earlier token again
	Tokens      int // share of creates, updates and deletes with a token of their own
	Tagged      int // share of creates with tags
	Protected   int // share of creates that leave deletion protection on
	Twice       int // share of creates, updates and deletes that are sent twice
	Lost        int // share of the same whose answer is thrown away
	Retries     int // share of the same that leave the SDK's retries on

	keep feature // what a sequence never leaves out, because the profile is about it
}

// In returns the profile with other Regions and another witness Region.
func (p Profile) In(regions []model.Region, witness model.Region) Profile {
	p.Regions, p.Witness = regions, witness
	return p
}

// The Regions of a profile until the caller says otherwise.
var (
	usualRegions = []model.Region{"us-east-1", "us-east-2"}
	usualWitness = model.Region("us-west-2")
)

// profiles is the table of profiles. Awaits cost real time, so each profile
// gives them no more than it takes to see that what must move does.
var profiles = []Profile{
	{
		Name: "lifecycle", Says: "single-Region clusters from create to not found", Weight: 4,
		Steps: 12, Clusters: 4,
		Operations: map[string]int{
			"CreateCluster":             6,
			"GetCluster":                5, // the status is the subject: look often
			"UpdateCluster":             5,
			"DeleteCluster":             5, // half of the edges of the lifecycle begin here
			"ListClusters":              2,
			"await":                     6, // each edge is judged only where it was waited for
			"TagResource":               1, // that they leave the lifecycle alone
			"UntagResource":             1,
			"ListTagsForResource":       1,
			"GetVpcEndpointServiceName": 2, // no other profile asks for it as often
		},
		MultiRegion: 10, Hostile: 12, Again: 3, Tokens: 25, Tagged: 15, Protected: 35, Twice: 2, Lost: 1, Retries: 1,
	},
	{
		Name: "multiregion", Says: "peering, witnesses and the deletion of linked clusters", Weight: 5,
		Steps: 18, Clusters: 4, // a pair's whole life takes nine operations; another may join it
		Operations: map[string]int{
			"CreateCluster": 5,
			"UpdateCluster": 8, // the naming of peers, which everything else waits for
			"GetCluster":    4,
			"DeleteCluster": 6,
			"await":         6,
			"ListClusters":  1,
			"TagResource":   1, // that tags stay with one member
		},
		MultiRegion: 88, Hostile: 12, Again: 2, Tokens: 15, Tagged: 5, Protected: 15, Twice: 2, Lost: 1, Retries: 1,
		keep: multiFeature,
	},
	{
		Name: "idempotency", Says: "client tokens: replays, near misses and reuse", Weight: 3,
		Steps: 12, Clusters: 4,
		Operations: map[string]int{
			"CreateCluster": 6, // only a create must return the original result
			"UpdateCluster": 4,
			"DeleteCluster": 4,
			"GetCluster":    4, // whether a replay had an effect shows in a read
			"ListClusters":  3, // and a second cluster in a listing
			"await":         3,
		},
		MultiRegion: 15, Hostile: 8, Again: 30, Tokens: 85, Tagged: 20, Protected: 40, Twice: 12, Lost: 5, Retries: 3,
		keep: tokenFeature | againFeature,
	},
	{
		Name: "protection", Says: "deletion protection: on by default, off at once, each member its own", Weight: 2,
		Steps: 12, Clusters: 3,
		Operations: map[string]int{
			"CreateCluster": 4,
			"UpdateCluster": 7, // turns it off and on
			"DeleteCluster": 7, // with and against it
			"GetCluster":    4,
			"await":         4,
		},
		MultiRegion: 35, Hostile: 6, Again: 3, Tokens: 15, Tagged: 5, Protected: 80, Twice: 2, Lost: 2, Retries: 1,
		keep: protectionFeature,
	},
	{
		Name: "tags", Says: "tags at creation and after, their limits, and that they merge", Weight: 2,
		Steps: 14, Clusters: 2, // few, so that tags meet tags
		Operations: map[string]int{
			"CreateCluster":       3,
			"TagResource":         7,
			"UntagResource":       4,
			"ListTagsForResource": 5,
			"GetCluster":          2, // shows the same tags
			"DeleteCluster":       1,
			"await":               4, // only an ACTIVE cluster promises to take tags
		},
		MultiRegion: 15, Hostile: 15, Again: 1, Tokens: 10, Tagged: 70, Protected: 20, Twice: 0, Lost: 0, Retries: 1,
		keep: tagFeature,
	},
	{
		Name: "listing", Says: "listings: complete, once each, over pages, until a cluster is gone", Weight: 1,
		Steps: 12, Clusters: 6, // enough for several pages
		Operations: map[string]int{
			"CreateCluster": 70,
			"ListClusters":  80,
			"DeleteCluster": 30,
			"GetCluster":    10,
			"await":         30,
			"wait":          1, // a listing may lag, but one wait costs more time than all else
		},
		MultiRegion: 10, Hostile: 8, Again: 2, Tokens: 15, Tagged: 5, Protected: 10, Twice: 2, Lost: 3, Retries: 1,
	},
	{
		Name: "isolation", Says: "a call reaches one cluster in one Region and nobody else", Weight: 2,
		Steps: 12, Clusters: 5,
		Operations: map[string]int{
			"CreateCluster":             6,
			"GetCluster":                6, // of those that were not touched
			"UpdateCluster":             4,
			"DeleteCluster":             3,
			"TagResource":               2,
			"ListTagsForResource":       2,
			"ListClusters":              3,
			"GetVpcEndpointServiceName": 1,
			"await":                     4,
		},
		MultiRegion: 40, Hostile: 30, Again: 5, Tokens: 25, Tagged: 35, Protected: 30, Twice: 1, Lost: 1, Retries: 1,
		keep: hostileFeature, // a wrong Region is half of the subject
	},
}

// Profiles returns every profile, in the order of the table, for the Regions
// us-east-1 and us-east-2 with the witness us-west-2.
func Profiles() []Profile {
	list := make([]Profile, len(profiles))
	for i, p := range profiles {
		list[i] = p.In(usualRegions, usualWitness)
	}
	return list
}

// Lookup returns the profile with that name, or an error that lists the names.
func Lookup(name string) (Profile, error) {
	var names []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, fmt.Errorf("got profile %q, want one of %s", name, strings.Join(names, ", "))
}

// Select returns the profiles that "P,Q" names, each once and in the order of
// the table, or all of them for "all".
func Select(names string) ([]Profile, error) {
	if names == "all" {
		return Profiles(), nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(names, ",") {
		p, err := Lookup(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		wanted[p.Name] = true
	}
	var list []Profile
	for _, p := range Profiles() {
		if wanted[p.Name] {
			list = append(list, p)
		}
	}
	return list, nil
}
