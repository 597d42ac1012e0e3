package reference

import (
	"time"

	"dsqlconform/model"
)

// Temperament is one legal way to be the service: how long it takes, what it
// does where the model allows several things, and how it fills its answers. The
// choices depend on what the call and the clusters look like, so that an open
// question is answered the same way in the same context throughout a run.
type Temperament struct {
	Name string
	Says string // one sentence, without a full stop

	Pace   Pace           // how long a transition takes; nil means 20 ms
	Ways   []Way          // transitions that it takes although it need not, the first one that is open
	Holds  []model.RuleID // transitions that it takes only when they are due
	Likes  []Like         // which outcomes it prefers, the first like before the second
	Manner Manner
	Quota  model.Quota // that it enforces
}

// Pace returns how long a transition takes, from 0 to settle, within which it
// must be taken.
type Pace func(settle time.Duration, d dice) time.Duration

// Way says that a temperament takes a transition of choice, of a cluster or of a
// stream. Of a stream, Quiet and Times say nothing.
type Way struct {
	Take  model.RuleID
	Keyed bool // only of clusters with a customer's key
	Quiet bool // only after the environment's Floor without a call that touches the cluster
	Times int  // at most so often for one cluster; 0 means always
	OneIn int  // only one time in so many; 0 means always
}

// Like prefers the outcomes for which it is true, if there are any.
type Like func(c *Case) bool

// Case is one allowed outcome, and what it is an outcome of.
type Case struct {
	World   *model.World
	Op      model.Op
	Outcome *model.Outcome
	Was     model.Status // of the cluster that Op names, before
	Seed    uint64
	Roll    uint64 // a random number, the same for all outcomes of a call
}

// Manner is how an answer is filled where the model leaves it open.
type Manner struct {
	Codes    []model.Code   // of the codes that a refusal may have, the first of these
	Shows    []model.Status // of the statuses that an answer may show, the first of these
	Original bool           // a replayed call shows the status that it showed first
	Members  Members
	Bare     bool // leaves out optional and empty members
	Empty    bool // shows multiRegionProperties {} where there are none
	Fraction bool // times have a fraction
	Page     int  // clusters on a page unless the call says; 0 means 100
	Types    Types
	Rekeys   bool // shows ENABLING and UPDATING while a key is brought into force
	Keyless  bool // cannot use the keys of customers: what they encrypt is IDLE
	Opaque   bool // policy versions are texts without an order, and documents are reformatted
}

// Members says which peers an answer shows beyond those that it must.
type Members uint8

// The values of Members.
const (
	OwnMembers Members = iota // those that the cluster names
	NoMembers
	AllMembers // also those that name it (Q05)
)

// Types says where an error's name stands.
type Types uint8

// The values of Types.
const (
	BothTypes  Types = iota
	HeaderType       // x-amzn-errortype, with a URL behind it
	BodyType         // __type, with a namespace before it
)

// The paces.

// steady takes d, or half the settle time where that is less.
func steady(d time.Duration) Pace {
	return func(settle time.Duration, _ dice) time.Duration { return min(d, settle/2) }
}

// late takes nearly all the time that there is.
func late(settle time.Duration, _ dice) time.Duration { return settle * 9 / 10 }

// anytime takes a random part of the time that there is.
func anytime(settle time.Duration, d dice) time.Duration {
	return time.Duration(d.Int64N(int64(settle) + 1))
}

func (t *Temperament) pace(settle time.Duration, d dice) time.Duration {
	if t.Pace == nil {
		return steady(20*time.Millisecond)(settle, d)
	}
	return t.Pace(settle, d)
}

// temperaments is the table.
var temperaments = []Temperament{
	{Name: "plain", Says: "takes the documented path, 20 ms a transition"},
	{Name: "fast", Says: "takes every transition at once, so that no poll sees the statuses between",
		Pace:   steady(0),
		Likes:  []Like{made("DSQL-LIF-009", "DSQL-LIF-011")},
		Manner: Manner{Shows: []model.Status{model.Active}, Types: HeaderType}},
	{Name: "slow", Says: "takes nearly the whole settle time for every transition",
		Pace:   late,
		Manner: Manner{Fraction: true, Types: BodyType}},
	{Name: "jittery", Says: "takes a random part of the settle time, and lists in small pages",
		Pace:   anytime,
		Manner: Manner{Fraction: true, Page: 3}},
	{Name: "contrary", Says: "refuses whatever it may",
		Likes:  []Like{strict, refuses},
		Manner: Manner{Types: HeaderType}},
	{Name: "crabbed", Says: "refuses whatever it may, with the less usual errors",
		Likes:  []Like{refuses},
		Manner: Manner{Codes: []model.Code{model.AccessDenied, model.NotFound, model.Validation}, Bare: true, Types: BodyType}},
	{Name: "eager", Says: "accepts whatever it may",
		Likes:  []Like{anew, succeeds},
		Ways:   []Way{{Take: "DSQL-LIF-126"}},
		Manner: Manner{Members: AllMembers}},
	{Name: "held", Says: "holds members that are named UPDATING until the peering is mutual (Q03)",
		Likes: []Like{made("DSQL-LIF-003"), leaves(model.Updating)},
		Holds: []model.RuleID{"DSQL-LIF-007"}},
	{Name: "direct", Says: "skips the statuses between (Q02, Q03, Q04, Q13, Q19)",
		Likes: []Like{made("DSQL-LIF-009"), made("DSQL-LIF-008"), leaves(model.PendingSetup), made("DSQL-LIF-011", "DSQL-LIF-111", "DSQL-LIF-112", "DSQL-LIF-113", "DSQL-LIF-114"),
			made("DSQL-LIF-024", "DSQL-LIF-123", "DSQL-LIF-027", "DSQL-LIF-131", "DSQL-LIF-132")}},
	{Name: "flappy", Says: "starts a cluster that names a peer CREATING, and falls back to PENDING_SETUP (Q02, Q04)",
		Likes: []Like{leaves(model.Creating)},
		Ways:  []Way{{Take: "DSQL-LIF-108"}}},
	{Name: "shy", Says: "shows a peer only when it must, and leaves out what is optional or empty (Q05, Q25, Q26)",
		Manner: Manner{Members: NoMembers, Bare: true, Types: BodyType}},
	{Name: "open", Says: "shows every peer and every member that it may (Q05, Q25), and reads stray requests kindly",
		Likes:  []Like{anyhow},
		Manner: Manner{Members: AllMembers, Empty: true, Fraction: true}},
	{Name: "idle", Says: "lets quiet clusters go IDLE and INACTIVE, and works on them as they are (Q20)",
		Likes: []Like{made("DSQL-LIF-030", "DSQL-LIF-130")},
		Ways: []Way{{Take: "DSQL-LIF-012", Quiet: true}, {Take: "DSQL-LIF-013", Quiet: true}, {Take: "DSQL-LIF-134", Quiet: true},
			{Take: "DSQL-LIF-111", Quiet: true}, {Take: "DSQL-LIF-112", Quiet: true}}},
	{Name: "drowsy", Says: "lets quiet clusters go IDLE and wakes them again, and refuses to work on them meanwhile (Q14, Q20)",
		Likes: []Like{asleep},
		Ways:  []Way{{Take: "DSQL-LIF-012", Quiet: true}, {Take: "DSQL-LIF-013", Quiet: true, Times: 1}, {Take: "DSQL-LIF-133", Quiet: true}}},
	{Name: "sudden", Says: "comes to ACTIVE at once wherever it may, also from IDLE and INACTIVE (Q04, Q19, Q20)",
		Likes: []Like{leaves(model.Active)},
		Ways:  []Way{{Take: "DSQL-LIF-012", Quiet: true}, {Take: "DSQL-LIF-013", Quiet: true}}},
	{Name: "failing", Says: "fails one creation in three, of clusters and of streams",
		Ways: []Way{{Take: "DSQL-LIF-005", OneIn: 3}, {Take: "DSQL-STR-003", OneIn: 3}}},
	{Name: "keyshy", Says: "fails to create what a customer's key encrypts, and starts a cluster that names a peer CREATING (Q02)",
		Likes: []Like{leaves(model.Creating)},
		Ways:  []Way{{Take: "DSQL-LIF-005", Keyed: true}}},
	{Name: "impaired", Says: "lets streams become IMPAIRED, and recover or fail",
		Pace: anytime,
		Ways: []Way{{Take: "DSQL-STR-004", OneIn: 2}, {Take: "DSQL-STR-005", OneIn: 2}, {Take: "DSQL-STR-006"}, {Take: "DSQL-STR-007", OneIn: 4}}},
	{Name: "deleted", Says: "shows DELETED for a while before a cluster is gone (Q23)",
		Pace: steady(200 * time.Millisecond),
		Ways: []Way{{Take: "DSQL-LIF-021"}, {Take: "DSQL-STR-013"}}},
	{Name: "keyless", Says: "loses the keys of customers after a while: what they encrypt goes IDLE (T15)",
		Ways:   []Way{{Take: "DSQL-LIF-012", Keyed: true, Quiet: true}},
		Manner: Manner{Keyless: true}},
	{Name: "opaque", Says: "numbers policies without an order, reformats them, takes its time with keys, and fails streams",
		Ways:   []Way{{Take: "DSQL-STR-007", OneIn: 2}, {Take: "DSQL-STR-013"}},
		Likes:  []Like{unsure},
		Manner: Manner{Opaque: true, Rekeys: true}},
	{Name: "full", Says: "allows 20 single-Region and 5 multi-Region clusters in a Region, and 5 streams of a cluster",
		Quota: model.Quota{Single: 20, Multi: 5, Streams: 5}},
	{Name: "forgetful", Says: "takes a token that comes with another request, or late, as new (Q22)",
		Likes: []Like{anew}},
	{Name: "strict-tokens", Says: "refuses a token that comes with another request, or late (Q22)",
		Likes:  []Like{strict},
		Manner: Manner{Codes: []model.Code{model.Validation}}},
	{Name: "old-result", Says: "answers a token that comes with another request, or late, with the old result (Q22)",
		Likes:  []Like{old},
		Manner: Manner{Original: true}},
	{Name: "limbo", Says: "shows a survivor in set-up, sets a member whose peers change up anew, and loses changes to what is on its way out (Q10, Q16, Q27)",
		Likes:  []Like{loses},
		Ways:   []Way{{Take: "DSQL-LIF-026"}},
		Manner: Manner{Shows: []model.Status{model.PendingSetup}}},
	{Name: "quota", Says: "has no quota left for one creation in eight",
		Likes: []Like{quota}},
	{Name: "shuffled", Says: "answers each open question in each context as the seed has it",
		Pace:  anytime,
		Ways:  []Way{{Take: "DSQL-LIF-021", OneIn: 2}, {Take: "DSQL-STR-013", OneIn: 2}, {Take: "DSQL-STR-003", OneIn: 8}},
		Likes: []Like{tossed, turned}},
}

// Temperaments returns the table, in order.
func Temperaments() []Temperament { return append([]Temperament(nil), temperaments...) }

// LookupTemperament returns the temperament with that name.
func LookupTemperament(name string) (Temperament, bool) {
	for _, t := range temperaments {
		if t.Name == name {
			return t, true
		}
	}
	return Temperament{}, false
}
