package weather

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"dsqlconform/model"
)

// ReadLag is the read lag that laggy weather asks for: under it no answer is
// older.
const ReadLag = 2 * time.Second

const (
	// young is how old a read really gets, and how long one Region does not
	// see another's cluster. The rest of ReadLag is for the way.
	young = 1500 * time.Millisecond
	// late is how late listings, tags and policies may be on any target.
	late = 900 * time.Millisecond
	// patience is how many times in a row a call may fail for no fault of
	// its own: the same 5xx three times would be suspicious.
	patience = 2
)

// Weather is one legal disturbance.
type Weather struct {
	Name string
	Says string         // one sentence, without a full stop
	Cite []model.FactID // what makes it legal, never empty
	// ReadLag is the read lag under which a run must be silent; zero when it
	// needs none.
	ReadLag time.Duration

	disturb func(*sky, *dice) layer
}

// Config is what all weather needs to know. The zero value works.
type Config struct {
	// Seed decides every choice, together with the order of requests.
	Seed uint64
	// Now is the endpoint's clock. Nil means time.Now.
	Now func() time.Time
	// Sleep lets time pass before an answer. Nil means time.Sleep.
	Sleep func(time.Duration)
	// Account is the account of foreign clusters until an answer shows the
	// endpoint's own. Empty means 123456789012.
	Account string
}

// Wrap returns next under this weather alone. Wrapping twice adds up the ages
// of reads; use [Compose] to keep several kinds of weather within one read lag.
// The handler is safe for concurrent use.
func (w Weather) Wrap(next http.Handler, c Config) http.Handler {
	return newSky(next, c, []Weather{w})
}

var table = []Weather{
	{"read-after-write", "a cluster or a stream just created is not found for a moment", []model.FactID{"F112", "F007"}, ReadLag, readAfterWrite},
	{"stale-reads", "a read answers what it answered a moment ago", []model.FactID{"F112"}, ReadLag, staleReads},
	{"flapping", "a status that has just changed shows its former value again in every other read", []model.FactID{"F111", "F112"}, ReadLag, flapping},
	{"region-lag", "a Region refuses to peer with a cluster of another Region that it has not heard of yet", []model.FactID{"Q06", "F126"}, ReadLag, regionLag},
	{"lost-after", "the answer to a call that changes something is lost after it took effect", []model.FactID{"F025", "F048"}, 0, lostAfter},
	{"lost-before", "a call is lost before it has any effect", []model.FactID{"F025", "F048"}, 0, lostBefore},
	{"strangers", "the account holds clusters and tags of others", []model.FactID{"F058", "F060"}, 0, strangers},
	{"empty-pages", "a listing comes in empty and short pages", []model.FactID{"F061", "Q24"}, 0, emptyPages},
	{"quota", "other clusters of the account have filled the quota at some creations", []model.FactID{"F018", "F020", "F026", "F180"}, 0, quota},
	{"subsecond", "times carry fractions of a second", []model.FactID{"F002"}, 0, subsecond},
	{"throttling", "a client is asked to slow down", []model.FactID{"F025", "F182"}, 0, throttling},
	{"slow", "an answer takes its time", []model.FactID{"F182"}, 0, slow},
	{"listing-lag", "listings, tags and policies are up to 900 ms late", []model.FactID{"Q24", "Q26", "F158"}, 0, listingLag},
}

// All returns every weather, in a fixed order. The caller owns the result.
func All() []Weather {
	all := slices.Clone(table)
	for i := range all {
		all[i].Cite = slices.Clone(all[i].Cite)
	}
	return all
}

// Lookup returns the weather with that name, and whether there is one.
func Lookup(name string) (Weather, bool) {
	for _, w := range All() {
		if w.Name == name {
			return w, true
		}
	}
	return Weather{}, false
}

// Compose returns a wrapper that puts a handler under all the named weathers at
// once, the first outermost, and the greatest read lag that one of them needs:
// composed weather shares its bounds, so no read gets older than that and no
// call fails more often in a row. No names give a wrapper that disturbs
// nothing. A name that is unknown or given twice is an error.
func Compose(names []string, c Config) (wrap func(http.Handler) http.Handler, readLag time.Duration, err error) {
	var list []Weather
	for i, name := range names {
		w, ok := Lookup(name)
		if !ok {
			return nil, 0, fmt.Errorf("got weather %q, want one of %s", name, strings.Join(knownNames(), ", "))
		}
		if slices.Contains(names[:i], name) {
			return nil, 0, fmt.Errorf("got weather %q twice, want each at most once", name)
		}
		list = append(list, w)
		readLag = max(readLag, w.ReadLag)
	}
	return func(next http.Handler) http.Handler { return newSky(next, c, list) }, readLag, nil
}

func knownNames() []string {
	var names []string
	for _, w := range table {
		names = append(names, w.Name)
	}
	return names
}
