package generators

import (
	"fmt"
	"strings"
	"time"

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

	Streams int // how many streams may live on one cluster at once

	// About names the operations without which the profile is about nothing; none:
	// those of clusters, which every target serves.
	About []string

	MultiRegion int // share of creates that give multiRegionProperties
	Hostile     int // share of operations that are twisted into hostile ones
	Again       int // share of operations that use an earlier token again
	Tokens      int // share of the operations that can carry one with a token of their own
	Tagged      int // share of creates with tags
	Protected   int // share of creates that leave deletion protection on
	Twice       int // share of the operations that can carry a token that are sent twice
	Lost        int // share of the same whose answer is thrown away
	Retries     int // share of the same that leave the SDK's retries on

	Encrypted     int // share of creates and updates that give a kmsEncryptionKey
	Policies      int // share of creates that give a resource policy
	TaggedStreams int // share of the tag operations that are about a stream
	Others        int // share of calls by principals of fewer rights, see [Profile.AskedBy]
	Home          int // share of creates that go to the first Region whatever else speaks for another

	keep   feature         // what a sequence never leaves out, because the profile is about it
	core   []string        // operations that it never leaves out, for the same reason
	env    *model.Env      // what the author of a sequence takes the target for; nil: usual
	pages  []int           // page sizes of listings, each as likely as another; nil: usualPages
	waits  int             // most waits in a sequence; 0 means one
	pauses []time.Duration // lengths of the waits; nil: the usual ones
	themes []theme         // each sequence has one of them; nil: no more than the profile says
	who    []string        // principals of fewer rights
	walks  bool            // sequences take turns through the table of hostile requests
	turn   uint64          // whose turn it is; 0: drawn
}

// theme is what one sequence of a profile is about where the profile is about
// several things that would get into each other's way.
type theme struct {
	steps      int // in percent of the profile's
	clusters   int
	multi      int
	operations map[string]int
}

// themed returns the profile with a theme.
func (p Profile) themed(t theme) *Profile {
	p.Steps = max(p.Steps*t.steps/100, 1)
	p.Clusters, p.MultiRegion, p.Operations = t.clusters, t.multi, t.operations
	return &p
}

// world returns the environment in which the profile's sequences are predicted.
func (p *Profile) world() *model.Env {
	if p.env == nil {
		return usual
	}
	return p.env
}

func (p *Profile) pageSizes() []int {
	if p.pages == nil {
		return usualPages
	}
	return p.pages
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

// Profiles returns every profile, in the order of the table, for the Regions
// us-east-1 and us-east-2 with the witness us-west-2.
func Profiles() []Profile {
	list := make([]Profile, len(profiles))
	for i, p := range profiles {
		list[i] = p.In(usualRegions, usualWitness)
	}
	return list
}

// Speaking returns the profile for a target that serves that revision of the API.
// What is about the retired operations is the same in all of them.
func (p Profile) Speaking(r model.Revision) Profile {
	if p.world().Revision != r && p.env != early {
		env := *p.world()
		env.Revision = r
		p.env = &env
	}
	return p
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
