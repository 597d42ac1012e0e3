package generators

import (
	"strings"
	"testing"

	"dsqlconform/model"
)

func TestSelectNamesProfiles(t *testing.T) {
	for _, tc := range []struct {
		names, want, err string
	}{
		{names: "all", want: "lifecycle multiregion idempotency protection tags listing isolation"},
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
				if _, ok := lookup(name); !ok {
					t.Errorf("the profile weighs %q, which is no operation", name)
				}
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
	case model.CreateCluster:
		return op.Key.Given
	}
	return false
}
