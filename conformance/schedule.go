package conformance

import (
	"cmp"
	"slices"
	"time"

	"dsqlconform/generators"
	"dsqlconform/model"
)

// tourShare is the part of a run, one in so many, that its tour has to itself at
// the start. What is left of the tour then takes turns with the profiles, so that
// on a slow target neither keeps the other from its turn.
const tourShare = 4

// schedule says what a run replays next. But for a budget of time, it depends on
// the settings alone.
type schedule struct {
	set   *Settings
	began time.Time
	tour  []model.Sequence     // what is left of it, those that wait long at the end
	lone  bool                 // it is all that there is
	turns []generators.Profile // in turn; the tour's stands for what is left of it
	at    int                  // turns taken
	index int                  // jobs handed out
	lines int                  // of the tour, handed out
	drawn map[string]uint64    // sequences handed out, by profile
}

func newSchedule(set *Settings, tour []model.Sequence, profiles []generators.Profile) *schedule {
	s := &schedule{set: set, began: time.Now(), tour: slices.Clone(tour), lone: len(profiles) == 0, drawn: map[string]uint64{}}
	slices.SortStableFunc(s.tour, func(a, b model.Sequence) int { return cmp.Compare(pauses(&a), pauses(&b)) })
	if len(tour) > 0 {
		profiles = append(slices.Clone(profiles), touring) // each of them comes first now
	}
	s.turns = order(profiles)
	return s
}

// job is one sequence to replay.
type job struct {
	index   int
	profile generators.Profile
	seed    uint64
	tour    *model.Sequence // nil: it is to be drawn
}

// sequence returns what is to be replayed.
func (j *job) sequence() model.Sequence {
	if j.tour != nil {
		return *j.tour
	}
	return generators.FromSeed(j.profile, j.seed)
}

// order returns the profiles in turn, each as often as its weight says, spread
// evenly.
func order(profiles []generators.Profile) []generators.Profile {
	var list []generators.Profile
	most := 0
	for _, p := range profiles {
		most = max(most, p.Weight)
	}
	for round := range max(most, 1) {
		for _, p := range profiles {
			if round < max(p.Weight, 1) {
				list = append(list, p)
			}
		}
	}
	return list
}

// next returns the next job. Profiles never run dry; a tour does, and without a
// profile there is none then.
func (s *schedule) next() (job, bool) {
	if s.alone() && s.timely(tourShare) {
		return s.walk(), true
	}
	for range s.turns {
		p := s.turns[s.at%len(s.turns)]
		s.at++
		switch {
		case p.Name != TourName:
			return s.draw(p), true
		case s.timely(1):
			return s.walk(), true
		}
	}
	return job{}, false
}

// alone reports whether the limits of calls leave the run to the tour. Lines stand
// for operations, which are counted only once they are judged.
func (s *schedule) alone() bool {
	return (s.set.Operations == 0 || tourShare*s.lines < s.set.Operations) &&
		(s.set.Sequences == 0 || tourShare*s.index < s.set.Sequences)
}

// timely reports whether there is more of the tour, and time for all that it
// waits: what is left of one share in so many of the budget, or, where only the
// calls are limited and there are profiles that should not stand idle, what a
// transition may take.
func (s *schedule) timely(share time.Duration) bool {
	if len(s.tour) == 0 {
		return false
	}
	long := pauses(&s.tour[0])
	switch {
	case s.set.Budget > 0:
		return long <= s.set.Budget/share-time.Since(s.began)
	case s.lone:
		return true
	}
	return long <= s.set.Settle
}

// pauses returns how long a sequence waits by its own will.
func pauses(seq *model.Sequence) time.Duration {
	var d time.Duration
	for _, l := range seq.Lines {
		if wait, ok := l.Op.(model.Wait); ok {
			d += wait.For
		}
	}
	return d
}

// walk returns the next sequence of the tour.
func (s *schedule) walk() job {
	seq := &s.tour[0]
	s.tour = s.tour[1:]
	s.lines += len(seq.Lines)
	s.index++
	return job{index: s.index - 1, profile: touring, seed: seq.Seed, tour: seq}
}

// draw returns the next sequence of a profile: that of its own next seed of this
// shard.
func (s *schedule) draw(p generators.Profile) job {
	k := s.drawn[p.Name]
	s.drawn[p.Name]++
	s.index++
	return job{index: s.index - 1, profile: p, seed: s.set.Seed + k*uint64(s.set.Shards) + uint64(s.set.Shard-1)}
}
