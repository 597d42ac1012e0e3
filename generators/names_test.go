package generators

import (
	"testing"

	"dsqlconform/model"
)

func TestAnswersTeachNames(t *testing.T) {
	for _, tc := range []struct {
		name, profile, lines string
		holds                func(d *draft) bool
	}{
		{"a replayed creation of a stream gives it a second name", "streams",
			"c1 = create us-east-1\ns1 = create-stream c1 token=t1\ns2 = create-stream c1 token=t1",
			func(d *draft) bool { return len(d.world.Streams) == 1 && d.secondStream[1] == 2 }},
		{"a stream whose creation went unanswered has no name", "streams",
			"c1 = create us-east-1\ns1 = create-stream c1 token=t1 !lost",
			func(d *draft) bool { s, ok := d.world.FindStream(1); return ok && s.Nameless }},
		{"until a retry is answered", "streams",
			"c1 = create us-east-1\ns1 = create-stream c1 token=t1 !lost\ns2 = create-stream c1 token=t1",
			func(d *draft) bool {
				s, ok := d.world.FindStream(1)
				return ok && !s.Nameless && d.aliasStream(1) == 2
			}},
		{"clusters whose creation went unanswered have no names", "retired",
			"c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2 !lost",
			func(d *draft) bool { return len(d.world.Clusters) == 2 && d.live() == 0 }},
		{"each policy that is answered has a version", "policy",
			"c1 = create us-east-1\nput-policy c1 x\nput-policy c1 y",
			func(d *draft) bool { c, _ := d.world.Find(1); return d.versions[1] == 2 && c.Policy.Version == 2 }},
		{"a version that nobody has seen has no number", "policy",
			"c1 = create us-east-1\nput-policy c1 x !lost",
			func(d *draft) bool { c, _ := d.world.Find(1); return d.versions[1] == 0 && c.Policy.Version == 0 }},
		{"until it is read", "policy",
			"c1 = create us-east-1\nput-policy c1 x !lost\nget-policy c1",
			func(d *draft) bool { c, _ := d.world.Find(1); return d.versions[1] == 1 && c.Policy.Version == 1 }},
		{"a stream comes to rest", "streams",
			"c1 = create us-east-1\ns1 = create-stream c1",
			func(d *draft) bool {
				s, _ := d.world.FindStream(1)
				return s.Status == model.StreamStatuses(model.StreamActive) && d.hastyStreams == streamBit(1)
			}},
		{"and a deleted one is gone once it was waited for", "streams",
			"c1 = create us-east-1\ns1 = create-stream c1\ndelete-stream c1/s1\nawait c1/s1 gone",
			func(d *draft) bool {
				s, _ := d.world.FindStream(1)
				return s.Status == model.StreamStatuses(model.StreamGone) && d.hastyStreams == 0
			}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := Lookup(tc.profile)
			if err != nil {
				t.Fatal(err)
			}
			d := &draft{profile: &p, world: model.World{Env: p.world()}}
			for _, l := range parse(t, tc.lines).Lines {
				d.predict(l)
				d.lines = append(d.lines, l)
			}
			if !tc.holds(d) {
				t.Errorf("got clusters %+v and streams %+v", d.world.Clusters, d.world.Streams)
			}
		})
	}
}
