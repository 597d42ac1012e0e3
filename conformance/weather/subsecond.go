package weather

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// wholeSeconds is a time as epoch seconds without a fraction, of this century.
var wholeSeconds = regexp.MustCompile(`^[1-9][0-9]{8,9}$`)

// subsecond adds to a creation time a fraction that is the cluster's for good.
func subsecond(s *sky, _ *dice) layer {
	return func(c *call, ask asker) answer {
		a := ask(c)
		if c.op != createCluster && c.op != getCluster && c.op != updateCluster && c.op != deleteCluster {
			return a
		}
		o, ok := a.object()
		if !ok || !wholeSeconds.Match(o["creationTime"]) {
			return a
		}
		id := o.text("identifier")
		if id == "" {
			return a
		}
		fraction := 1 + hash(fmt.Sprint("birth of ", s.Seed, id))%999
		o["creationTime"] = json.RawMessage(fmt.Sprintf("%s.%03d", o["creationTime"], fraction))
		return a.with(o)
	}
}
