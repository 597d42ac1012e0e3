package explore

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write reach.txt")

// The list of what the model reaches is that of today's tables.
func TestReachIsUpToDate(t *testing.T) {
	list, err := Survey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := reachText(list)
	if *update {
		if err := os.WriteFile("reach.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(reach, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("reach.txt is out of date; run go test ./model/explore -run TestReach -update (-have +want):\n%s", diff)
	}
}

// A way is a test that can be replayed as it is.
func TestEveryWayIsASequence(t *testing.T) {
	edges := 0
	for _, w := range Reach() {
		if _, err := w.Sequence(); err != nil {
			t.Error(err)
		}
		if w.Edge {
			edges++
		}
		if len(w.Lines) == 0 {
			t.Errorf("%s: got no way", w.To)
		}
	}
	if edges == 0 || edges == len(Reach()) {
		t.Errorf("got %d edges of %d points, want both edges and cells", edges, len(Reach()))
	}
}
