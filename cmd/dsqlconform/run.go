package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/conformance/tours"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// runCommand is the main job: generate, replay, judge, shrink, report.
type runCommand struct {
	targeting
	judging
	Profile     string  `help:"What to test: all, or some of ${profiles}." default:"all" placeholder:"P,Q|all"`
	Seed        *seed   `help:"First seed, below 2^53. Default: random, and printed." placeholder:"N"`
	Sequences   *amount `help:"Stop after so many sequences." placeholder:"N"`
	Steps       *amount `help:"Length of a sequence on average." placeholder:"N"`
	Operations  *amount `help:"Stop after so many judged operations: then a seed gives the same run on any machine." placeholder:"N"`
	Budget      *span   `help:"Stop after this time; shrinking has its own. Default: 10s, unless --operations or --sequences is given." placeholder:"D"`
	UpdateKnown bool    `help:"Write what this run finds to the file of --known."`
	ReportDir   string  `help:"Directory of the reports. Default: ${default}." default:"dsqlconform-report" placeholder:"DIR"`
	Shard       *shard  `help:"The I-th of N disjoint parts of the seeds." placeholder:"I/N"`
}

// Run runs the command.
func (c *runCommand) Run() error {
	tour, profiles, err := parseProfiles(c.Profile)
	if err != nil {
		return usage("--profile: %w", err)
	}
	if c.UpdateKnown && (c.Known == "" || c.Known == noKnown) {
		return usage("--update-known writes to the file of --known, want one")
	}
	first := randomSeed()
	if c.Seed != nil {
		first = *c.Seed
	}
	part := shard{1, 1}
	if c.Shard != nil {
		part = *c.Shard
	}
	ctx, stop := interruptible()
	defer stop()
	s, err := c.open(ctx, use{seed: uint64(first), shared: part.parts > 1})
	if err != nil {
		return err
	}
	defer s.Close()
	known, err := c.known(s.preset, c.UpdateKnown)
	if err != nil {
		return err
	}
	x, err := record(s, c.ReportDir, uint64(first))
	if err != nil {
		return err
	}
	set := &x.settings
	set.Tour, set.Profiles, set.Seed, set.Shard, set.Shards = tour, profiles, uint64(first), part.part, part.parts
	set.Known, set.Strict = known, c.Strict
	set.Sequences, set.Steps, set.Operations = c.Sequences.int(), c.Steps.int(), c.Operations.int()
	set.Budget = c.Budget.duration()
	x.progress.start("run", x.about.Endpoint, set)
	if why := x.silent(ctx); why != "" {
		if len(tour) > 0 {
			profiles = append([]generators.Profile{{Name: conformance.TourName}}, profiles...)
		}
		return x.conclude(unasked(set.Seed, profiles, why), c.Strict)
	}
	res, err := conformance.Check(ctx, x.target, conformance.With(*set))
	if err != nil {
		return usage("%w", err)
	}
	err = x.conclude(res, c.Strict)
	if c.UpdateKnown {
		if werr := writeKnown(c.Known, known, res); werr != nil {
			return usage("--update-known: %w", werr)
		}
	}
	return err
}

// profiles returns the names of the profiles, that of the tour first.
func profiles() []string {
	names := []string{conformance.TourName}
	for _, p := range generators.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// parseProfiles reads what to test: the sequences of the tours, if they are named,
// and the profiles.
func parseProfiles(text string) ([]model.Sequence, []generators.Profile, error) {
	if text == "all" {
		return tours.Sequences(), generators.Profiles(), nil
	}
	var names []string
	var walk []model.Sequence
	for name := range strings.SplitSeq(text, ",") {
		switch name = strings.TrimSpace(name); {
		case name == conformance.TourName:
			walk = tours.Sequences()
		case slices.Contains(profiles(), name):
			names = append(names, name)
		default:
			return nil, nil, fmt.Errorf("got profile %q, want one of %s", name, strings.Join(profiles(), ", "))
		}
	}
	if len(names) == 0 {
		return walk, []generators.Profile{}, nil // nil would be all
	}
	list, err := generators.Select(strings.Join(names, ","))
	return walk, list, err
}

// writeKnown writes the list of known divergences after a run: those listed
// that were not found stale or expired, and what is new.
func writeKnown(name string, listed []conformance.Divergence, res conformance.Result) error {
	gone := map[string]bool{}
	for _, k := range res.Known {
		gone[k.Entry] = k.Status == "stale" || k.Status == "expired"
	}
	listed = slices.DeleteFunc(slices.Clone(listed), func(d conformance.Divergence) bool { return gone[d.Name] })
	data, err := conformance.FormatKnown(conformance.KnownFrom(listed, res))
	if err != nil {
		return err
	}
	// By way of a second file: the list is never half written.
	f, err := os.CreateTemp(filepath.Dir(name), ".known-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return err
}

func (a *amount) int() int {
	if a == nil {
		return 0
	}
	return int(*a)
}

func (s *span) duration() time.Duration {
	if s == nil {
		return 0
	}
	return time.Duration(*s)
}
