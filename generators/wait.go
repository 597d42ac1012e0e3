package generators

import (
	"time"

	"dsqlconform/model"
)

// urgeWait lets no more than one wait into a sequence, unless the profile says
// so: it costs real time.
func urgeWait(d *draft) int {
	if d.waits >= max(d.profile.waits, 1) || d.live() == 0 {
		return 0
	}
	return 1
}

func drawWait(d *draft) model.Op {
	if d.profile.pauses != nil {
		return model.Wait{For: oneOf(d, d.profile.pauses)}
	}
	return model.Wait{For: oneOf(d, waits)}
}

// waits are mostly short: no answer depends on them but that of a listing, which
// may lag by a second (Q24).
var waits = []time.Duration{100 * time.Millisecond, 100 * time.Millisecond, 100 * time.Millisecond, time.Second}

// pauses are long enough for a target that was told to idle soon, and short
// enough for a run to have many.
var pauses = []time.Duration{20 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 200 * time.Millisecond}
