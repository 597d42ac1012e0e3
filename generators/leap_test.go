package generators

import (
	"testing"

	"dsqlconform/model"
)

func TestLeapsReachWhatStepsDoNot(t *testing.T) {
	last := func(s model.Sequence) model.Op { return s.Lines[len(s.Lines)-1].Op }
	for _, tc := range []struct {
		name, from, want string
		fails            func(c model.Sequence) bool
	}{
		{"two clusters become one", "c1 = create us-east-1\nupdate c1\nc2 = create us-east-1\ndelete c2",
			"c1 = create us-east-1\nupdate c1\ndelete c1\n",
			func(c model.Sequence) bool {
				n := map[string]bool{}
				bound := true
				created := map[model.Handle]bool{}
				for _, l := range c.Lines {
					n[l.Op.Name()] = true
					if create, ok := l.Op.(model.CreateCluster); ok {
						created[create.As] = true
					} else {
						uses(l.Op, func(h model.Handle) { bound = bound && created[h] })
					}
				}
				return bound && n["UpdateCluster"] && n["DeleteCluster"]
			}},
		{"an update becomes part of its create", "c1 = create us-east-1\nupdate c1 protection=off\ndelete c1",
			"c1 = create us-east-1 protection=off\ndelete c1\n", func(c model.Sequence) bool {
				_, ok := last(c).(model.DeleteCluster)
				_, bound := c.Lines[0].Op.(model.CreateCluster)
				stopped := false
				for _, l := range c.Lines {
					switch op := l.Op.(type) {
					case model.CreateCluster:
						stopped = op.Protection == model.Off
					case model.UpdateCluster:
						stopped = op.Protection == model.Off
					}
				}
				return ok && bound && stopped
			}},
		{"a peer goes with everything that names it", "c1 = create us-east-1 witness=us-west-2\nc2 = create us-east-2 witness=us-west-2 peers=c1\nget c2",
			"c1 = create us-east-1 witness=us-west-2\nget c1\n", func(c model.Sequence) bool {
				created := map[model.Handle]bool{}
				multi, bound := false, true
				for _, l := range c.Lines {
					if create, ok := l.Op.(model.CreateCluster); ok {
						created[create.As] = true
						multi = create.Multi != nil && len(create.Multi.Peers) == len(created)-1
					}
					uses(l.Op, func(h model.Handle) { bound = bound && created[h] })
				}
				_, ok := last(c).(model.GetCluster)
				return ok && bound && multi
			}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := parse(t, tc.from)
			if !tc.fails(s) {
				t.Fatal("the sequence does not fail")
			}
			got, _ := ShrinkAt(s, len(s.Lines)-1, tc.fails, Budget{})
			if want := parse(t, tc.want); got.String() != want.String() {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
