package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/weather"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// chunk is how many sequences one endpoint serves: contradictions and goals
// need many, and many endpoints have many seeds.
const chunk = 140

// conditions are what an endpoint is like, and what lies around it.
type conditions struct {
	temperament string
	weathers    []string
	revision    model.Revision
	profiles    string // "" for all
	unknown     bool   // the run is not told what the endpoint allows, and what a stream can deliver to
}

// start returns a target under the conditions, and what a run is to be told of
// it.
func (c conditions) start(t *testing.T, seed uint64) (conformance.Target, conformance.Settings) {
	t.Helper()
	opts := options(t, c.temperament, seed)
	opts.Revision = c.revision
	believed, keys := admit(t, &opts)
	wrap, lag, err := weather.Compose(c.weathers, weather.Config{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    "http://127.0.0.1:1",
		Transport:   weather.InProcess(wrap(reference.New(opts))),
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
		Principals:  keys,
	})
	if err != nil {
		t.Fatal(err)
	}
	told := conformance.Settings{
		Seed: seed, Settle: settle, ReadLag: lag, Revision: c.revision, Principals: believed,
		Repeats: 1, Shrinking: 1000 * time.Hour,
	}
	if !c.unknown {
		told.Quota = opts.Temperament.Quota
	}
	if !c.unknown && !troubled(opts.Temperament) {
		told.Kinesis = conformance.MadeUp
	}
	if c.profiles != "" {
		if told.Profiles, err = generators.Select(c.profiles); err != nil {
			t.Fatal(err)
		}
	}
	return target, told
}

// troubled reports whether streams get into trouble of themselves, as those do
// whose Kinesis stream or role cannot be used.
func troubled(t reference.Temperament) bool {
	return slices.ContainsFunc(t.Ways, func(w reference.Way) bool {
		return slices.Contains([]model.RuleID{"DSQL-STR-003", "DSQL-STR-004", "DSQL-STR-007"}, w.Take)
	})
}

// silent runs n sequences against endpoints under the conditions, and fails on
// every finding. It returns what the runs noted.
func silent(t *testing.T, c conditions, seed uint64, n int) (notes map[string]int) {
	t.Helper()
	notes = map[string]int{}
	operations, doubtful := 0, 0
	doubts := map[string]int{}
	for first := 0; first < n; first += chunk {
		synctest.Test(t, func(t *testing.T) {
			seed := seed + uint64(first)
			target, told := c.start(t, seed)
			told.Sequences = min(chunk, n-first)
			res := check(t, target, told)
			for _, f := range res.Findings {
				t.Errorf("%+v, endpoint seed %d: got a finding, want none\n%s\nalone %d/%d, after %q, profile %s seed %d\n%s\ndiff %s",
					c, seed, conformance.Message(f), f.Hits, f.Tries, f.After, f.Profile, f.Seed, f.Sequence, f.Diff)
			}
			for _, p := range res.Profiles {
				operations += p.Operations
				doubtful += p.Doubtful
				// Of the few sequences of one profile much may be in doubt in bad
				// weather; of all together little may.
				stormy := p.Verdict == conformance.Inconclusive && len(c.weathers) > 1
				if p.Sequences > 0 && p.Verdict != conformance.Conforms && !(p.Verdict == conformance.Unserved && c.lacks(p.Name)) && !stormy {
					t.Errorf("%+v: %s: got %s (%s), want conforms", c, p.Name, p.Verdict, p.Reason)
				}
			}
			for _, d := range res.Doubts {
				doubts[d.Reason] += d.Count
			}
			for _, x := range res.Notes {
				notes[x.Kind] += x.Count
			}
		})
	}
	if doubtful > max(operations/100, 10) {
		t.Errorf("got %d of %d operations in doubt (%v), want at most 1 %%", doubtful, operations, doubts)
	}
	t.Logf("%d sequences, %d operations, doubts %v, notes %v", n, operations, doubts, notes)
	return notes
}

// lacks reports whether the revision has no operation that the profile is about.
func (c conditions) lacks(profile string) bool {
	if c.revision == model.May2025 {
		return slices.Contains([]string{"policy", "streams", "pagination", "quota"}, profile)
	}
	return profile == "retired"
}

// Whatever a temperament makes of what the documents leave open, it is no
// finding.
func TestNoFalseAlarm(t *testing.T) {
	all := reference.Temperaments()
	if len(all) < 12 {
		t.Errorf("got %d temperaments, want at least 12", len(all))
	}
	n := seeds(t, 28, 1)
	for _, temper := range all {
		t.Run(temper.Name, func(t *testing.T) {
			t.Parallel()
			silent(t, conditions{temperament: temper.Name}, 1, n)
		})
	}
}

// The older revision has members that the present one has not, and operations
// that it has no longer.
func TestNoFalseAlarmOfTheOlderRevision(t *testing.T) {
	n := seeds(t, 10, 4)
	for _, temper := range reference.Temperaments() {
		t.Run(temper.Name, func(t *testing.T) {
			t.Parallel()
			silent(t, conditions{temperament: temper.Name, revision: model.May2025, profiles: "retired,multiregion,lifecycle,protection,policy,validation"}, 1, n)
		})
	}
}

// What a run is not told it must not count on.
func TestNoFalseAlarmOfWhatIsNotKnown(t *testing.T) {
	n := seeds(t, 12, 10)
	for _, name := range []string{"plain", "full", "contrary", "quota", "impaired", "shuffled"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			silent(t, conditions{temperament: name, unknown: true, profiles: "streams,pagination,quota"}, 1, n)
		})
	}
}

// Nor is what lies around the service: old reads, lost answers, strangers.
func TestNoFalseAlarmInAnyWeather(t *testing.T) {
	n := seeds(t, 28, 4)
	for _, w := range weather.All() {
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			notes := silent(t, conditions{temperament: "plain", weathers: []string{w.Name}}, 1, n)
			if stale := notes["stale read"]; (w.ReadLag > 0 && w.Name != "region-lag" || w.Name == "listing-lag") != (stale > 0) {
				t.Errorf("got %d notes of stale reads, read lag %v", stale, w.ReadLag)
			}
		})
	}
}

// The retired operations get wet too.
func TestNoFalseAlarmOfTheOlderRevisionInAnyWeather(t *testing.T) {
	n := seeds(t, 8, 20)
	for _, w := range weather.All() {
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			silent(t, conditions{temperament: "plain", weathers: []string{w.Name}, revision: model.May2025, profiles: "retired,multiregion"}, 1, n)
		})
	}
}

// Weathers and temperaments meet.
func TestNoFalseAlarmInMixedWeather(t *testing.T) {
	n := seeds(t, 8, 100)
	all := weather.All()
	for mix := range n {
		r := rand.New(rand.NewPCG(uint64(mix), 0))
		var names []string
		for _, i := range r.Perm(len(all))[:2+r.IntN(len(all)-1)] {
			names = append(names, all[i].Name)
		}
		tempers := reference.Temperaments()
		temper := tempers[r.IntN(len(tempers))].Name
		t.Run(fmt.Sprintf("%s under %s", temper, strings.Join(names, "+")), func(t *testing.T) {
			t.Parallel()
			silent(t, conditions{temperament: temper, weathers: slices.Clone(names), unknown: mix%2 == 1}, uint64(1000*mix+1), 20)
		})
	}
}

// policyText is a policy that every service has to take.
const policyText = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::${account}:root\"},\"Action\":\"dsql:GetCluster\",\"Resource\":\"*\"}]}"`

// Sequences that once raised a false alarm must not do so again.
func TestFalseAlarmsOfOld(t *testing.T) {
	for _, tt := range []struct{ name, temperament, weathers, lines string }{
		{"a peer that is the cluster itself, by another create", "plain", "",
			"c1 = create us-east-1 witness=us-west-2 peers=c1 token=t1\nc2 = create us-east-1 witness=us-west-2 peers=c1 token=t1"},
		{"a create that names itself, twice", "forgetful", "",
			"c1 = create us-east-1 protection=off witness=us-west-2 peers=c1 token=t1 !twice"},
		{"a peer that is gone by the second create", "deleted", "",
			"c1 = create us-east-1 protection=off\nc2 = create us-east-1 protection=off witness=us-west-2 peers=c1,c3 token=t1\ndelete c1\nawait c1 gone\n" +
				"c4 = create us-east-1 protection=off witness=us-west-2 peers=c1,c3 token=t1"},
		{"an update that is answered as the first was", "old-result", "", "c1 = create us-east-1\nawait c1 ACTIVE\nupdate c1 !twice\nget c1"},
		{"a retry whose first attempt took effect", "deleted", "lost-after+slow",
			"c1 = create us-east-1 protection=off token=t1\ndelete c1 token=t1 !retries\nget c1\nawait c1 gone"},
		{"a page lost, and then another", "plain", "lost-before",
			"c1 = create us-east-1\nc2 = create us-east-1\nc3 = create us-east-1\nc4 = create us-east-1\nlist us-east-1 max=1\nlist us-east-1 max=1\nlist us-east-1 max=1\nlist us-east-1 max=1"},
		{"tags in another order", "plain", "lost-before+throttling",
			"c1 = create us-east-1 protection=off\nawait c1 ACTIVE\ntag c1 a=1,b=2,c=3\ntag c1 a=2,b=3,c=4\ntag c1 a=3,b=4,c=5\ntag c1 a=4,b=5,c=6"},
		{"an old read that had late tags", "plain", "flapping+stale-reads+listing-lag",
			"c1 = create us-east-1 protection=off tags=a=b\nawait c1 ACTIVE\nget c1\ndelete c1\nawait c1 gone"},
		{"not found because it is young, while on its way out", "plain", "read-after-write",
			"c1 = create us-east-2 witness=us-west-2\nc2 = create us-east-2 protection=off witness=us-west-2 peers=c1\ndelete c2\nget c2\nget c2\nupdate c2 protection=on"},
		{"first pages lost of one traversal after another", "contrary", "listing-lag+empty-pages+lost-before",
			"c1 = create us-east-1 protection=off\nc2 = create us-east-1 protection=off\nc3 = create us-east-1 protection=off\nc4 = create us-east-1 protection=off\nawait c1 ACTIVE\ndelete c1\n" +
				strings.Repeat("list us-east-1 max=1\n", 12) + "c5 = create us-east-1 protection=off\n" + strings.Repeat("list us-east-1 max=2\n", 12)},
		{"an old policy of the same text", "plain", "listing-lag",
			"c1 = create us-east-1 protection=off policy=" + policyText + "\nawait c1 ACTIVE\nget-policy c1\ndelete-policy c1\nput-policy c1 " + policyText + " !lost\nget-policy c1\nget-policy c1"},
		{"a listing that is late in both ways", "plain", "listing-lag", "c1 = create us-east-1 protection=off\nlist us-east-1\ndelete c1\nlist us-east-1\nlist us-east-1\nawait c1 gone\nlist us-east-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var names []string
			if tt.weathers != "" {
				names = strings.Split(tt.weathers, "+")
			}
			for seed := range uint64(40) {
				synctest.Test(t, func(t *testing.T) {
					wrap, lag, err := weather.Compose(names, weather.Config{Seed: seed})
					if err != nil {
						t.Fatal(err)
					}
					e := reference.New(options(t, tt.temperament, seed))
					trace := replay(t, over(t, wrap(e)), tt.lines, conformance.Settings{Settle: settle, ReadLag: lag})
					for _, f := range trace.Findings {
						t.Errorf("seed %d: got a finding, want none\n%s", seed, conformance.Message(f))
					}
				})
			}
		})
	}
}
