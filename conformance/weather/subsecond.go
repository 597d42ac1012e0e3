package weather

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// wholeSeconds is a time as epoch seconds without a fraction, of this century.
var wholeSeconds = regexp.MustCompile(`^[1-9][0-9]{8,9}$`)

// subsecond adds to a creation time a fraction that is the cluster's or the
// stream's for good, and to the time of a statusReason one that is the time's.
func subsecond(s *sky, _ *dice) layer {
	return func(c *call, ask asker) answer {
		a := ask(c)
		o, ok := a.object()
		if !ok {
			return a
		}
		changed := s.refine(o)
		var rows []json.RawMessage
		if kind := listings[c.op]; kind.member != "" && o.member(kind.member, &rows) == nil {
			for i := range rows {
				if r, ok := decode(rows[i]); ok && s.refine(r) {
					rows[i], changed = r.encode(), true
				}
			}
			if changed {
				o[kind.member] = raw(rows)
			}
		}
		if !changed {
			return a
		}
		return a.with(o)
	}
}

// refine adds fractions to the times of a cluster or a stream, and reports
// whether there were any.
func (s *sky) refine(o object) (changed bool) {
	if id := o.text("streamIdentifier") + o.text("identifier"); id != "" {
		changed = s.fraction(o, "creationTime", "birth of "+id)
	}
	reason := object{}
	if o.member("statusReason", &reason) == nil && s.fraction(reason, "updatedAt", string(reason["updatedAt"])) {
		o["statusReason"], changed = reason.encode(), true
	}
	return changed
}

func (s *sky) fraction(o object, member, of string) bool {
	if !wholeSeconds.Match(o[member]) {
		return false
	}
	o[member] = json.RawMessage(fmt.Sprintf("%s.%03d", o[member], 1+hash(fmt.Sprint(s.Seed, of))%999))
	return true
}
