package conformance

import (
	"slices"

	"dsqlconform/generators"
	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// The profile of [Settings.Tour], as reports name it.
const (
	TourName = "tour"
	TourSays = "nothing: fixed sequences, before all others, through every edge and cell that the model reaches"
)

// touring is the tour once it takes turns with the profiles.
var touring = generators.Profile{Name: TourName, Says: TourSays, Weight: 4}

// tour returns what this shard replays of the tour, in the Regions of the target.
// The seed of a sequence is its number, from 1, whatever the shard is. What needs
// more Regions than there are is left out.
func (s *Settings) tour() []model.Sequence {
	homes, witness := explore.Places()
	to := map[model.Region]model.Region{witness: s.Witness}
	for i, region := range homes {
		to[region] = ""
		if i < len(s.Regions) {
			to[region] = s.Regions[i]
		}
	}
	var list []model.Sequence
	for i, seq := range s.Tour {
		seq.Profile, seq.Seed, seq.Regions = TourName, uint64(i+1), s.Regions
		ok := true
		seq.Lines = relocated(seq.Lines, func(r model.Region) model.Region {
			moved, named := to[r]
			if !named {
				return r
			}
			ok = ok && moved != ""
			return moved
		})
		if ok && i%s.Shards == s.Shard-1 {
			list = append(list, seq)
		}
	}
	return list
}

// brief returns the sequences that wait no longer than a transition may take.
func (s *Settings) brief(tour []model.Sequence) []model.Sequence {
	return slices.DeleteFunc(slices.Clone(tour), func(seq model.Sequence) bool { return pauses(&seq) > s.Settle })
}

// relocated returns the lines with every Region that they name replaced.
func relocated(lines []model.Line, to func(model.Region) model.Region) []model.Line {
	lines = slices.Clone(lines)
	for i := range lines {
		op := model.Edit(lines[i].Op, func(p *model.Parts) {
			for _, r := range []*model.Region{p.At, p.Region} {
				if r != nil && *r != "" {
					*r = to(*r)
				}
			}
			if p.Multi != nil && *p.Multi != nil && (*p.Multi).Witness.Given {
				m := **p.Multi
				m.Witness = model.Some(string(to(model.Region(m.Witness.Value))))
				*p.Multi = &m
			}
		})
		if linked, ok := op.(model.CreateMultiRegionClusters); ok {
			linked.Linked = slices.Clone(linked.Linked)
			for i, r := range linked.Linked {
				linked.Linked[i] = to(r)
			}
			linked.Witness = to(linked.Witness)
			op = linked
		}
		lines[i].Op = op
	}
	return lines
}
