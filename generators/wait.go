package generators

import (
	"time"

	"dsqlconform/model"
)

// urgeWait lets no more than one wait into a sequence: it costs real time.
func urgeWait(d *draft) int {
	if d.world.Now > 0 || d.live() == 0 {
		return 0
	}
	return 1
}

func drawWait(d *draft) model.Op { return model.Wait{For: oneOf(d, waits)} }

// waits are mostly short: no answer depends on them but that of a listing, which
// may lag by a second (Q24).
var waits = []time.Duration{100 * time.Millisecond, 100 * time.Millisecond, 100 * time.Millisecond, time.Second}
