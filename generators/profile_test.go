package generators

import (
	"slices"
	"strings"
	"testing"

	"dsqlconform/model"
)

func TestSelectNamesProfiles(t *testing.T) {
	for _, tc := range []struct {
		names, want, err string
	}{
		{names: "all", want: "lifecycle multiregion idempotency protection tags listing isolation policy streams encryption pagination quota idle retired validation permissions"},
		{names: "tags", want: "tags"},
		{names: "tags, lifecycle,tags", want: "lifecycle tags"},
		{names: "tag", err: `got profile "tag", want one of lifecycle, multiregion`},
		{names: "", err: `got profile ""`},
		{names: "tags,", err: `got profile ""`},
	} {
		list, err := Select(tc.names)
		if tc.err != "" {
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("Select(%q): got error %v, want %q", tc.names, err, tc.err)
			}
			continue
		}
		var got []string
		for _, p := range list {
			got = append(got, p.Name)
		}
		if err != nil || strings.Join(got, " ") != tc.want {
			t.Errorf("Select(%q): got %v, %v, want %s", tc.names, got, err, tc.want)
		}
	}
}

func TestProfilesDrawWhatTheirWeightsPromise(t *testing.T) {
	for _, p := range Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			const seeds = 400
			count := map[string]int{}
			lines, hostile, total := 0, 0, 0
			for _, w := range p.Operations {
				total += w
			}
			for seed := range uint64(seeds) {
				s := FromSeed(p, seed)
				lines += len(s.Lines)
				for _, l := range s.Lines {
					count[l.Op.Name()]++
					if looksHostile(l.Op) {
						hostile++
					}
				}
			}
			for _, row := range model.Operations {
				weight, n := p.Operations[row.Name], count[row.Name]
				// A replay may be of another operation than it repeats.
				if weight == 0 && n*100 > lines*3 {
					t.Errorf("got %d of %d operations %s, want next to none", n, lines, row.Name)
				}
				if least := seeds * weight * p.Steps / total / 4; weight > 0 && n < max(least, 1) {
					t.Errorf("got %d %s in %d sequences, want at least %d for its weight %d of %d", n, row.Name, seeds, max(least, 1), weight, total)
				}
			}
			for name := range p.Operations {
				if _, ok := model.LookupOperation(name); !ok {
					t.Errorf("the profile weighs %q, which is no operation", name)
				}
			}
			if p.walks {
				lines = count[model.Hostile{}.Name()] // those who are asked come on top
			}
			if mean := float64(lines) / seeds; mean < 0.85*float64(p.Steps) || mean > 1.25*float64(p.Steps) {
				t.Errorf("got %.1f operations a sequence, want about %d", mean, p.Steps)
			}
			// Three of four sequences are hostile at all, and some twists find
			// nothing to twist.
			if share := hostile * 100 / lines; share < p.Hostile/3 || share > p.Hostile+1 {
				t.Errorf("got %d %% hostile operations, want near %d %%", share, p.Hostile)
			}
			p.Hostile = 0
			for seed := range uint64(100) {
				for _, l := range FromSeed(p, seed).Lines {
					if looksHostile(l.Op) {
						t.Errorf("seed %d: got %s, want nothing hostile of a profile without", seed, l)
					}
				}
			}
		})
	}
}

// looksHostile reports whether the operation by itself shows that it was
// twisted; one about a deleted cluster does not.
func looksHostile(op model.Op) bool {
	if s := model.SubjectStream(op); s.Literal != "" || s.Handle >= strangeStreams {
		return true
	}
	ref, at, ok := refOf(op)
	if ok && (ref.Handle == 0 || ref.Handle >= strangers || at != "") {
		return true
	}
	if t := tokenOf(op); t.Length != 0 || t.Literal.Given {
		return true
	}
	if m := multiOf(op); m != nil {
		if m.Witness.Value != string(usualWitness) || m.GivenPeers && len(m.Peers) == 0 {
			return true
		}
		for i, p := range m.Peers {
			if p.Handle >= strangers || i > 0 && m.Peers[0] == p || len(m.Peers) > 2 {
				return true
			}
		}
	}
	switch op := op.(type) {
	case model.ListClusters:
		return op.Max > 100 || op.Next.Given
	case model.ListStreams:
		return op.Max > 100 || op.Next.Given
	case model.CreateCluster:
		return op.Key.Given && !slices.Contains(kmsKeys, op.Key.Value) || op.Policy.Given && !slices.Contains(policies, op.Policy.Value)
	case model.PutClusterPolicy:
		return !slices.Contains(policies, op.Policy) || op.Expect.Literal.Given
	case model.DeleteClusterPolicy:
		return op.Expect.Literal.Given
	case model.CreateStream:
		return op.Kinesis.Given || op.Role.Given || op.Ordering.Given && op.Ordering.Value != "UNORDERED" || op.Format.Given && op.Format.Value != "JSON"
	case model.CreateMultiRegionClusters:
		return len(op.Linked) < 2 || op.Linked[0] == op.Linked[1] || slices.Contains(op.Linked, op.Witness)
	case model.DeleteMultiRegionClusters:
		return len(op.Refs) == 0 || slices.ContainsFunc(op.Refs, func(r model.Ref) bool { return r.Handle == 0 || r.Handle >= strangers })
	}
	return false
}

func TestAProfileAsksForTheFaultsOfItsRevision(t *testing.T) {
	p, err := Lookup("validation")
	if err != nil {
		t.Fatal(err)
	}
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		asked := 0
		for seed := range uint64(20) {
			for _, l := range FromSeed(p.Speaking(rev), seed+1).Lines {
				op, ok := l.Op.(model.Hostile)
				if !ok {
					continue
				}
				asked++
				if _, ok := model.LookupShape(rev, op.Operation); !ok {
					t.Errorf("%s: got %s, want an operation of the revision", rev, op)
				}
			}
		}
		if asked == 0 {
			t.Errorf("%s: got no hostile request, want some", rev)
		}
	}
}

// What a target may not be able to tell of any more is asked nothing else.
func TestAClusterThatMayBeSpoiltIsAskedNoMore(t *testing.T) {
	p, err := Lookup("validation")
	if err != nil {
		t.Fatal(err)
	}
	spoilt := 0
	for seed := range uint64(30) {
		gone := map[model.Handle]string{}
		for _, l := range FromSeed(p, seed+1).Lines {
			op, ok := l.Op.(model.Hostile)
			if !ok || op.Ref.Handle == 0 {
				continue
			}
			if by := gone[op.Ref.Handle]; by != "" {
				t.Errorf("seed %d: got %s behind %s, want another cluster", seed+1, op, by)
			}
			wrong := op.Fault == "type" || op.Fault == "nested" || op.Fault == "null"
			if wrong && (op.Operation == "UpdateCluster" || op.Operation == "TagResource") {
				gone[op.Ref.Handle] = op.String()
				spoilt++
			}
		}
	}
	if spoilt == 0 {
		t.Error("got no cluster that may be spoilt, want some")
	}
}
