package model

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"
)

// The model explains itself, not only on paths drawn at random
// ([TestTheModelExplainsItself]): along every path of few calls, whatever the
// service does between them, answers, loses, or tells of a moment ago.

// scene is a world, the belief that an observer has of it by then, and the worlds
// of before.
type scene struct {
	world  World
	belief *Belief
	past   []World
	path   []string
}

// copied returns a belief that can be told more without changing b.
func (b *Belief) copied() *Belief {
	c := *b
	c.alias, c.streams, c.groups = maps.Clone(b.alias), maps.Clone(b.streams), nil
	for _, g := range b.groups {
		h := *g
		h.states, h.past, h.again = slices.Clone(g.states), slices.Clone(g.past), slices.Clone(g.again)
		for i := range h.past {
			h.past[i].states = slices.Clone(h.past[i].states)
		}
		c.groups = append(c.groups, &h)
	}
	return &c
}

// text returns everything that what follows can depend on.
func (s *scene) text() string {
	text := fmt.Sprintf("%+v %+v %v %v", s.world, s.past, s.belief.alias, s.belief.idled)
	for _, g := range s.belief.groups {
		text += fmt.Sprintf("\n%+v", *g)
	}
	return text
}

// drifts returns w and all worlds that the service can make of it by itself.
// IDLE is left out: its time is not known, and the floor is tested by itself.
func drifts(w World) []World {
	all := []World{w}
	for i := 0; i < len(all); i++ {
		for _, c := range all[i].Clusters {
			for _, e := range all[i].Enabled(c.Handle) {
				next := all[i].Take(c.Handle, e)
				if e.To != Idle && !slices.ContainsFunc(all, next.Equal) {
					all = append(all, next)
				}
			}
		}
	}
	return all
}

// replies returns replies that a want allows: one for each status, protection and
// witness, with the fewest members and with the most.
func replies(w *Want) []Reply {
	if !w.Success() {
		var list []Reply
		for _, c := range []Code{Validation, NotFound, Conflict, QuotaExceeded} {
			if w.Codes.Has(c) {
				list = append(list, Reply{Code: c, Reason: w.Reason})
			}
		}
		return list
	}
	list := []Reply{{Cluster: w.Cluster}}
	vary := func(edits ...func(*Reply)) {
		var more []Reply
		for _, r := range list {
			for _, edit := range edits {
				r := r
				edit(&r)
				more = append(more, r)
			}
		}
		if len(more) > 0 {
			list = more
		}
	}
	var statuses, protections, links []func(*Reply)
	for _, s := range (w.Status &^ Statuses(Gone)).List() {
		statuses = append(statuses, func(r *Reply) { r.Status = s })
	}
	for bit, s := range map[Protections]Switch{ShowsOff: Off, ShowsOn: On} {
		if w.Protection&bit != 0 {
			protections = append(protections, func(r *Reply) { r.Protection = s })
		}
	}
	if w.Multi == Whichever {
		links = append(links, func(*Reply) {})
	}
	if w.Multi == Present || w.Multi == Whichever && len(w.Must) > 0 {
		most := slices.DeleteFunc(slices.Concat(w.Must, w.May), func(h Handle) bool { return h == Unknown })
		slices.Sort(most)
		most = slices.Compact(most)
		for _, members := range [][]Handle{w.Must, most} {
			links = append(links, func(r *Reply) {
				r.Multi, r.Members = true, members
				if len(w.Witness) > 0 && w.Witness[0] != "" {
					r.Witness = Some(string(w.Witness[0]))
				}
			})
			if len(most) == len(w.Must) {
				break
			}
		}
	}
	vary(statuses...)
	vary(protections...)
	vary(links...)
	for i := range list {
		if len(w.Tags) > 0 {
			list[i].Tags = w.Tags[0]
		}
		if w.List {
			list[i].Listed = append([]Handle{}, w.Listed...)
		}
	}
	return list
}

// pathCalls returns the calls that a path may go on with. The clusters are made
// first: what can be asked before there is one is soon told.
func pathCalls(w *World, clusters int, multi bool) []Op {
	link := func(peers ...Ref) *MultiRegion {
		return &MultiRegion{Witness: Some("us-west-2"), Peers: peers, GivenPeers: len(peers) > 0}
	}
	if made := len(w.Clusters); made < clusters {
		create := CreateCluster{As: Handle(made + 1), Region: walkRegions[made], Protection: Off}
		switch {
		case !multi:
			return []Op{create, CreateCluster{As: create.As, Region: create.Region, Token: Token{Name: "t1"}}}
		case made == 0:
			create.Multi = link()
		default:
			create.Multi = link(C(1))
		}
		return []Op{create}
	}
	list := []Op{ListClusters{Region: walkRegions[0]}}
	for i := range w.Clusters {
		it := C(i + 1)
		list = append(list, GetCluster{Ref: it}, UpdateCluster{Ref: it, Protection: Off}, DeleteCluster{Ref: it})
		if multi {
			list = append(list, UpdateCluster{Ref: it, Multi: link(C(2 - i))})
		} else {
			list = append(list, UpdateCluster{Ref: it, Protection: On, Token: Token{Name: "t2"}})
		}
	}
	return list
}

// With DSQLCONFORM_EXPLORE set the paths are a call longer.
func TestTheModelExplainsEveryPathOfFewCalls(t *testing.T) {
	t.Parallel()
	more := 0
	if os.Getenv("DSQLCONFORM_EXPLORE") != "" {
		more = 1
	}
	for _, path := range []struct {
		name            string
		clusters, depth int
		multi           bool
		lag             time.Duration
	}{
		{"one cluster", 1, 3, false, 0},
		{"one cluster, old reads", 1, 3, false, 3 * time.Second},
		{"a pair", 2, 3, true, 0},
		{"a pair, old reads", 2, 3, true, 3 * time.Second},
	} {
		t.Run(path.name, func(t *testing.T) {
			t.Parallel()
			env := NewEnv()
			env.Lag = path.lag
			level := []*scene{{world: World{Env: env}, belief: NewBelief(env)}}
			total := 0
			path.depth += more
			for depth := range path.depth {
				now := time.Duration(depth+1) * time.Second
				seen := map[string]bool{}
				var next []*scene
				for _, s := range level {
					s.world.Now, s.world.Asked = now, now
					for _, w := range drifts(s.world) {
						for _, after := range s.steps(t, w, pathCalls(&w, path.clusters, path.multi), now) {
							if total++; depth+1 == path.depth {
								continue
							}
							if text := after.text(); !seen[text] {
								seen[text] = true
								next = append(next, after)
							}
						}
					}
				}
				level = next
			}
			if total < 100 {
				t.Errorf("got %d answers, want many", total)
			}
			t.Logf("%d answers explained", total)
		})
	}
}

// steps returns what every answer to each call leads to.
func (s *scene) steps(t *testing.T, w World, calls []Op, now time.Duration) []*scene {
	var list []*scene
	tell := func(op Op, r Reply, next World, how string) {
		after := &scene{world: next, belief: s.belief.copied(), path: append(slices.Clip(s.path), fmt.Sprintf("%s: %s%s", op, r, how))}
		e := after.belief.Observe(op, Seen{Reply: r, Sent: now, Answered: now})
		if (e.Broken != "" || len(e.Suspect) > 0) && !e.Stale {
			t.Fatalf("got %s %v (%s), want it explained\n%v\n%s", e.Broken, e.Suspect, e.Shape, after.path, s.belief)
		}
		if e.Stale {
			return // it would be asked again
		}
		if w.Env.Lag > 0 {
			after.past = append(slices.Clip(s.past), w)
		}
		list = append(list, after)
	}
	for _, op := range calls {
		for _, o := range Step(w, op) {
			if o.Breaks != "" {
				continue
			}
			for _, r := range replies(&o.Want) {
				tell(op, r, o.Next.learned(op, &r), "")
			}
			if made, _ := Made(op); mutating(op) && len(made) == 0 {
				tell(op, Reply{Lost: true}, o.Next, " and lost")
			}
		}
		if get, ok := op.(GetCluster); ok {
			for _, old := range s.past {
				if now-old.Now > w.Env.Lag {
					continue
				}
				if _, ok := old.Live(get.Ref.Handle); !ok {
					continue
				}
				for _, o := range Step(old, op) {
					for _, r := range replies(&o.Want) {
						if o.Breaks == "" {
							tell(op, r, w, " of a moment ago")
						}
					}
				}
			}
		}
	}
	return list
}
