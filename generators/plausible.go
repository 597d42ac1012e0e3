package generators

import (
	"slices"

	"dsqlconform/model"
)

// Plausible returns a filter for [Budget]: it drops the sequences in which the
// fault that line at of s showed cannot show again. One line at least must have
// the operation of that line and, where rule is a row that speaks of the
// operation there in the predicted world, the rule must speak of it again. The
// filter costs no call.
func Plausible(s model.Sequence, at int, rule model.RuleID) func(model.Sequence) bool {
	if at < 0 || at >= len(s.Lines) {
		return nil
	}
	name, fires := s.Lines[at].Op.Name(), false
	predicted(s, func(i int, w model.World, op model.Op) bool {
		fires = i == at && speaks(w, op, rule)
		return i == at
	})
	return func(c model.Sequence) bool {
		return predicted(c, func(_ int, w model.World, op model.Op) bool {
			return op.Name() == name && (!fires || speaks(w, op, rule))
		})
	}
}

// predicted walks the predicted worlds before each line until stop is true, and
// reports whether it was.
func predicted(s model.Sequence, stop func(i int, w model.World, op model.Op) bool) bool {
	d := &draft{profile: &profiles[0], world: model.World{Env: envOf(s)}}
	for i, l := range s.Lines {
		if stop(i, d.world, l.Op) {
			return true
		}
		d.predict(l)
		d.lines = append(d.lines, l)
	}
	return false
}

// envOf returns the environment in which a sequence is predicted: that of its
// profile.
func envOf(s model.Sequence) *model.Env {
	for i := range profiles {
		if profiles[i].Name == s.Profile {
			return profiles[i].world()
		}
	}
	return usual
}

// speaks reports whether rule is one of the rows that make the outcomes of op.
func speaks(w model.World, op model.Op, rule model.RuleID) bool {
	return slices.ContainsFunc(model.Step(w, op), func(o model.Outcome) bool {
		return o.Breaks == rule || slices.Contains(o.Rules, rule)
	})
}
