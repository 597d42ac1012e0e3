package conformance

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dsqlconform/generators"
	"dsqlconform/model"
)

// Settings are everything that a run can be told. The zero value of each member
// means its default, which is said beside it.
type Settings struct {
	Profiles   []generators.Profile // nil: all; an empty list is none but the tour
	Seed       uint64               // 1
	Sequences  int                  // at most, per run; no limit
	Steps      int                  // average length of a sequence; the profile's
	Operations int                  // stop after so many judged operations; no limit
	Budget     time.Duration        // for generating and replaying; 10 s, unless Sequences or Operations is set
	Shrinking  time.Duration        // for shrinking all findings; twice the budget, at least 20 s
	Settle     time.Duration        // how long a fair transition may take; 10 s
	ReadLag    time.Duration        // how old a read may be; 0
	Regions    []model.Region       // that may hold clusters; us-east-1, us-east-2
	Witness    model.Region         // us-west-2
	Workers    int                  // sequences at a time; 1
	Known      []Divergence         // known divergences
	Repeats    int                  // how often a minimal sequence is repeated; 5
	Shard      int                  // 1 to Shards; 1
	Shards     int                  // 1

	// Tour are sequences that are replayed before any is drawn, as the profile
	// [TourName]; none. They name the Regions us-east-1 and us-east-2 and the
	// witness us-west-2, which stand for those above. A tour has a quarter of the
	// run to itself, whatever limits the run; what is left of it then takes turns
	// with the profiles. What waits longer than the budget has room for is left
	// out, and so is, where profiles have a run without a budget, what waits longer
	// than Settle.
	Tour []model.Sequence

	Revision   model.Revision                // of the API that the target serves; the current one
	Quota      model.Quota                   // what the target is known to allow; nothing is known
	Kinesis    Kinesis                       // what CreateStream is given when it names none of its own
	Account    string                        // that the target's clusters belong to, 12 digits, until an answer tells it
	Principals map[string]*model.Permissions // who else may ask and what they may do, by the names of model.Line.By

	Strict bool // suspicions make the run diverge

	// Shared says that others use the account: what vanishes without a call of
	// ours is then inconclusive.
	Shared bool
	// Remote says that the target is not one's own machine's: what it answers
	// beyond the service description may be what the service has gained since,
	// and is then in doubt.
	Remote bool
	// Connect touches the data plane of a cluster; without it connect is
	// skipped.
	Connect func(ctx context.Context, identifier string, region model.Region) error
	// Observe is told what happens, as it happens, by one goroutine at a time.
	Observe func(Event)
	// Log is where the run says what it does; nowhere.
	Log *slog.Logger

	err error
}

// Kinesis is where a change stream delivers to. In both texts "${account}" and
// "${region}" stand for those of the cluster. The zero value means that nothing
// is known that a target would deliver to: a made-up pair is then sent, and no
// stream is promised to be made.
type Kinesis struct {
	Stream string `json:"stream"` // ARN of the Kinesis stream
	Role   string `json:"role"`   // ARN of the role that may write to it
}

// MadeUp is a well-formed pair that does not exist. A target that takes any, as
// the reference endpoint does, is told so with it as the setting.
var MadeUp = Kinesis{
	Stream: "arn:aws:kinesis:${region}:${account}:stream/dsqlconform",
	Role:   "arn:aws:iam::${account}:role/dsqlconform",
}

// Event is something that a run tells its observer. Exactly one of the members
// below the first block is set.
type Event struct {
	Profile   string
	Seed      uint64
	Execution int // counts the executions of the run
	Purpose   string

	Begin   *model.Sequence // an execution begins; told before its first call
	Record  *Record         // a call was made
	Finding *Finding        // something new was found; not shrunk yet
	Shrunk  *Finding        // the same, shrunk
	Share   float64         // of the budget that is spent, 0 to 1, when it has grown
	Done    *Done           // an execution ended
}

// Done sums up an execution.
type Done struct {
	Operations int
	Doubtful   int
}

// Option changes the settings of a run.
type Option func(*Settings)

// With replaces all settings.
func With(s Settings) Option { return func(t *Settings) { *t = s } }

// Seed sets the first seed, below 2^53.
func Seed(seed uint64) Option { return func(s *Settings) { s.Seed = seed } }

// Budget sets the wall-clock limit for generating and replaying.
func Budget(d time.Duration) Option { return func(s *Settings) { s.Budget = d } }

// Settle sets how long a fair transition may take.
func Settle(d time.Duration) Option { return func(s *Settings) { s.Settle = d } }

// ReadLag sets how old a read may be.
func ReadLag(d time.Duration) Option { return func(s *Settings) { s.ReadLag = d } }

// Regions sets the Regions that may hold clusters, and the witness Region.
func Regions(witness model.Region, regions ...model.Region) Option {
	return func(s *Settings) { s.Witness, s.Regions = witness, regions }
}

// Tour sets the sequences that are replayed before any is drawn.
func Tour(list ...model.Sequence) Option { return func(s *Settings) { s.Tour = list } }

// Only restricts the run to the named profiles; [TourName] is that of the tour
// which another option sets. A name that is none makes the run return an error.
func Only(names ...string) Option {
	return func(s *Settings) {
		s.Profiles = []generators.Profile{}
		for _, name := range names {
			if name == TourName {
				continue
			}
			p, err := generators.Lookup(name)
			if err != nil {
				s.err = err
			}
			s.Profiles = append(s.Profiles, p)
		}
	}
}

func settingsOf(opts []Option) Settings {
	var s Settings
	for _, o := range opts {
		o(&s)
	}
	if s.Profiles == nil {
		s.Profiles = generators.Profiles()
	}
	if s.err == nil && len(s.Profiles)+len(s.Tour) == 0 {
		s.err = errors.New("got neither a profile nor a tour, want one")
	}
	if s.Seed == 0 {
		s.Seed = 1
	}
	if s.Budget == 0 && s.Sequences == 0 && s.Operations == 0 {
		s.Budget = 10 * time.Second
	}
	if s.Shrinking == 0 {
		s.Shrinking = max(2*s.Budget, 20*time.Second)
	}
	if s.Settle == 0 {
		s.Settle = 10 * time.Second
	}
	if len(s.Regions) == 0 {
		s.Regions = []model.Region{"us-east-1", "us-east-2"}
	}
	if s.Witness == "" {
		s.Witness = "us-west-2"
	}
	s.Workers = max(s.Workers, 1)
	s.Repeats = max(s.Repeats, 0)
	if s.Repeats == 0 {
		s.Repeats = 5
	}
	s.Shard, s.Shards = max(s.Shard, 1), max(s.Shards, 1)
	if s.Observe == nil {
		s.Observe = func(Event) {}
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	return s
}

// env returns the environment that the model assumes under these settings.
func (s *Settings) env() *model.Env {
	env := model.NewEnv()
	env.Lag = s.ReadLag
	env.Revision, env.Quota, env.Principals = s.Revision, s.Quota, s.Principals
	env.Kinesis = s.Kinesis != (Kinesis{})
	return env
}
