package generators

import (
	"flag"
	"strconv"
	"strings"
	"testing"
	"time"

	"dsqlconform/model"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// tagsEqual lets cmp compare tags, whose field is not exported.
var tagsEqual = cmpopts.EquateComparable(model.Tags{})

func TestFromSeedIsWhatCheckDrawsFirst(t *testing.T) {
	for _, name := range []string{"rapid.seed", "rapid.checks"} {
		f := flag.Lookup(name)
		was := f.Value.String()
		t.Cleanup(func() { _ = f.Value.Set(was) })
	}
	set := func(name, value string) {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	set("rapid.checks", "1")
	for i := range uint64(200) {
		p := Profiles()[i%uint64(len(profiles))]
		if p.walks {
			continue // their turn is the seed's alone
		}
		seed := 1 + i*i*i*i*i*i*20 // up to 2^50
		set("rapid.seed", strconv.FormatUint(seed, 10))
		want := FromSeed(p, seed)
		if want.Seed != seed {
			t.Fatalf("got seed %d in the header, want %d", want.Seed, seed)
		}
		want.Seed = 0
		drawn := 0
		rapid.Check(t, func(t *rapid.T) {
			drawn++
			if diff := cmp.Diff(want, Sequence(p).Draw(t, "sequence"), tagsEqual); diff != "" {
				t.Fatalf("FromSeed and Check differ (-FromSeed +Check):\n%s", diff)
			}
		})
		if drawn != 1 {
			t.Fatalf("got %d draws, want 1", drawn)
		}
	}
}

// sequences calls f with the first sequences of every profile.
func sequences(t *testing.T, seeds uint64, f func(t *testing.T, p Profile, s model.Sequence)) {
	for _, p := range Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			for seed := range seeds {
				f(t, p, FromSeed(p, seed))
			}
		})
	}
}

func TestSequencesParseBack(t *testing.T) {
	sequences(t, 200, func(t *testing.T, p Profile, s model.Sequence) {
		got, err := model.ParseSequence(s.String())
		if err != nil {
			t.Fatalf("seed %d: %v in\n%s", s.Seed, err, s)
		}
		if diff := cmp.Diff(s, got, tagsEqual, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d (-drawn +parsed):\n%s", s.Seed, diff)
		}
	})
}

func TestSequencesAreTheSameEachTime(t *testing.T) {
	sequences(t, 50, func(t *testing.T, p Profile, s model.Sequence) {
		if again := FromSeed(p, s.Seed); again.String() != s.String() {
			t.Fatalf("seed %d: got\n%s\nand then\n%s", s.Seed, s, again)
		}
	})
}

func TestSequencesAreWellFormed(t *testing.T) {
	sequences(t, 200, func(t *testing.T, p Profile, s model.Sequence) {
		known, streams := map[model.Handle]bool{}, map[model.StreamHandle]bool{}
		awaits, waits := 0, 0
		for i, l := range s.Lines {
			for _, h := range created(l.Op) {
				if known[h] {
					t.Errorf("seed %d, line %d: %v is created twice", s.Seed, i, h)
				}
				known[h] = true
			}
			if h := createdStream(l.Op); h != 0 {
				if streams[h] {
					t.Errorf("seed %d, line %d: %v is created twice", s.Seed, i, h)
				}
				streams[h] = true
			}
			uses(l.Op, func(h model.Handle) {
				if !known[h] && h < strangers {
					t.Errorf("seed %d, line %d: %v is named before it is created", s.Seed, i, h)
				}
			})
			if h := model.SubjectStream(l.Op).Handle; h != 0 && !streams[h] && h < strangeStreams {
				t.Errorf("seed %d, line %d: %v is named before it is created", s.Seed, i, h)
			}
			if row, _ := model.LookupOperation(l.Op.Name()); p.Operations[row.Name] == 0 && (l.Op.Name() == "connect" || strings.Contains(l.Op.Name(), "MultiRegionClusters")) {
				t.Errorf("seed %d, line %d: got %s, want none in this profile", s.Seed, i, l)
			}
			switch op := l.Op.(type) {
			case model.Await:
				awaits++
				if i > 0 && cmp.Equal(s.Lines[i-1].Op, l.Op) && op.Ref.Handle < strangers {
					t.Errorf("seed %d, line %d: %s twice over", s.Seed, i, l)
				}
			case model.Wait:
				waits++
				if op.For > 2*time.Second {
					t.Errorf("seed %d, line %d: got a wait of %v, want at most 2s", s.Seed, i, op.For)
				}
			case model.Raw:
				t.Errorf("seed %d, line %d: got %s, want none", s.Seed, i, l)
			}
			if (l.Lost || l.Twice || l.Retries) && !carriesToken(l.Op) {
				t.Errorf("seed %d, line %d: got %s, want no decoration on what carries no token", s.Seed, i, l)
			}
			if ref, _, ok := refOf(l.Op); ok && ref.Handle == 0 && (ref.Literal == "" || strings.Contains(ref.Literal, "/")) {
				t.Errorf("seed %d, line %d: got identifier %q, want one that leaves the path as it is", s.Seed, i, ref.Literal)
			}
		}
		most := maxAwaits
		if p.walks {
			most = p.Steps // one for each that it is hostile to
		}
		if awaits > most || waits > max(p.waits, 1) {
			t.Errorf("seed %d: got %d awaits and %d waits, want at most %d and %d", s.Seed, awaits, waits, most, max(p.waits, 1))
		}
	})
}

func TestSequencesStayInTheirRegions(t *testing.T) {
	regions := []model.Region{"eu-west-2", "eu-central-1", "eu-west-3"}
	for _, p := range Profiles() {
		p = p.In(regions, "eu-west-1")
		seen := map[model.Region]bool{}
		for seed := range uint64(100) {
			for _, l := range FromSeed(p, seed).Lines {
				for _, r := range regionsOf(l.Op) {
					seen[r] = true
				}
			}
		}
		for _, r := range regions {
			if !seen[r] {
				t.Errorf("%s: %s is never asked", p.Name, r)
			}
			delete(seen, r)
		}
		if len(seen) > 0 {
			t.Errorf("%s: got calls to %v, want none", p.Name, seen)
		}
	}
}

func regionsOf(op model.Op) []model.Region {
	var list []model.Region
	model.Edit(op, func(p *model.Parts) {
		if p.Region != nil {
			list = append(list, *p.Region)
		}
		if p.At != nil && *p.At != "" {
			list = append(list, *p.At)
		}
	})
	if create, ok := op.(model.CreateMultiRegionClusters); ok {
		list = append(list, create.Linked...)
	}
	return list
}

func TestWithOneRegionNothingIsMultiRegion(t *testing.T) {
	for _, p := range Profiles() {
		for seed := range uint64(50) {
			for _, l := range FromSeed(p.In([]model.Region{"us-east-1"}, "us-west-2"), seed).Lines {
				if _, linked := l.Op.(model.CreateMultiRegionClusters); linked || multiOf(l.Op) != nil {
					t.Fatalf("%s, seed %d: got %s", p.Name, seed, l)
				}
			}
		}
	}
}

func TestAnEmptyProfileStillDrawsSequences(t *testing.T) {
	if s := FromSeed(Profile{}, 1); len(s.Lines) == 0 {
		t.Error("got no lines, want some")
	}
}

func TestEveryOperationHasARow(t *testing.T) {
	rows := map[string]bool{"raw": true, "hostile": true} // not drawn from this table
	for _, row := range operations {
		rows[row.name] = true
	}
	for _, op := range model.Operations {
		if !rows[op.Name] {
			t.Errorf("%s has no row in the table of operations", op.Name)
		}
		delete(rows, op.Name)
	}
	if len(rows) > 0 {
		t.Errorf("got rows for %v, which are no operations", rows)
	}
}

func BenchmarkFromSeed(b *testing.B) {
	for _, p := range Profiles() {
		b.Run(p.Name, func(b *testing.B) {
			n, seed := 0, uint64(0)
			for b.Loop() {
				seed++
				n += len(FromSeed(p, seed).Lines)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/operation")
		})
	}
}
