package generators

import (
	"slices"
	"strings"
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
		{"tags become part of the creation of their stream", "c1 = create us-east-1\ns1 = create-stream c1\ntag c1/s1 k0=v\ntags c1/s1",
			"c1 = create us-east-1\ns1 = create-stream c1 tags=k0=v\ntags c1/s1\n", func(c model.Sequence) bool {
				made, tags := map[model.Handle]bool{}, map[model.StreamHandle]bool{}
				for _, l := range c.Lines {
					switch op := l.Op.(type) {
					case model.CreateCluster:
						made[op.As] = true
					case model.CreateStream:
						tags[op.As] = made[op.Ref.Handle] && op.Tags.Len() > 0
					case model.TagResource:
						tags[op.Stream.Handle] = made[op.Ref.Handle] && op.Tags.Len() > 0
					}
				}
				op, ok := last(c).(model.ListTagsForResource)
				created := slices.ContainsFunc(c.Lines, func(l model.Line) bool { return createdStream(l.Op) != 0 })
				return ok && created && tags[op.Stream.Handle]
			}},
		{"a policy becomes part of a creation", "c1 = create us-east-1\nput-policy c1 x\nget-policy c1",
			"c1 = create us-east-1 policy=" + strings.TrimPrefix(plainPut, "put-policy c1 ") + "\"\nget-policy c1\n", func(c model.Sequence) bool {
				given := map[model.Handle]bool{}
				for _, l := range c.Lines {
					switch op := l.Op.(type) {
					case model.CreateCluster:
						given[op.As] = op.Policy.Given
					case model.PutClusterPolicy:
						if _, ok := given[op.Ref.Handle]; ok {
							given[op.Ref.Handle] = true
						}
					}
				}
				op, ok := last(c).(model.GetClusterPolicy)
				return ok && given[op.Ref.Handle]
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
