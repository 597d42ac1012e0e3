package model

import (
	"slices"
	"time"
)

// MaxStates is how many worlds a component of a [Belief] may hold. A component
// that would need more drops the least likely ones; an answer that none of the
// rest explains is then in doubt, and no finding.
const MaxStates = 64

// Belief is what can be known of a service from outside: the set of worlds that
// explain every answer so far. It is kept as a product of independent
// components, each a small set of worlds over clusters that can depend on one
// another: linked by naming, by a token, or by a call whose answer was lost.
//
// A Belief is not safe for concurrent use.
type Belief struct {
	env     *Env
	groups  []*group
	alias   map[Handle]Handle             // a replayed create gives a second name to a cluster
	streams map[StreamHandle]StreamHandle // or to a stream
	idled   bool                          // IDLE was seen earlier than the floor: it may explain refusals at once
}

// group is one component.
type group struct {
	states []state
	past   []snapshot // with a read lag: what was believed a moment ago
	doubt  string     // why it can no longer be judged, or ""
	pruned bool       // likely too few worlds are left: what they cannot explain is in doubt
	again  []state    // what would be so if the latest retry had had an effect
	held   []Handle   // the clusters of a component in doubt, once its states are given up

	changed time.Duration // when a call last changed a cluster, or one was seen gone
	moved   time.Duration // when a cluster was last seen to have moved by itself
}

// indexLag is how long listings and tags may lag behind on any target (Q24, Q26).
const indexLag = time.Second

type state struct {
	World
	broken []RuleID // the Should rules that its path broke; outside the identity
	via    []RuleID // the service-driven edges taken since the last answer
	by     []RuleID // the rules of the outcome that led here
	met    Cell     // what that outcome covers
	took   Edge     // that the call took, and a connection before it that nothing answered
}

type snapshot struct {
	at     time.Duration
	states []state
}

// Explanation is the judgement of one answer.
type Explanation struct {
	// Doubt says why the answer could not be judged, or "".
	Doubt string
	// Rules explain the answer; Edges are the transitions that the service
	// took, as far as every explanation needs them.
	Rules, Edges []RuleID
	// Suspect are the Should rules that every explanation breaks.
	Suspect []RuleID
	// Broken is the rule that the answer breaks when nothing explains it, and
	// Shape says how, without identifiers and times.
	Broken RuleID
	Shape  string
	Want   []Want // the allowed replies, when something is broken or suspect
	// Stale says that the answer is explained by what was so a moment ago,
	// within the read lag: asking again tells.
	Stale bool
	// Open are the May rules that answer an open question, where every
	// explanation agrees on them.
	Open []RuleID
	// Status is the status at which the cluster asked about would have come
	// to rest before the call ("none" when there is none), Role its relation
	// to others: "none", "single", "lone", "naming", "named", "mutual" or
	// "orphan".
	Status, Role string
	// Cell is what the call covers, and Took the edge that it takes, by the
	// explanation that needs the fewest unseen transitions; or zero.
	Cell Cell
	Took Edge
	// Affected are the clusters whose state is no longer known: they have to
	// be read, and [Belief.Adopt] told.
	Affected []Handle
}

// OK reports whether the answer was explained with no Should rule broken.
func (e *Explanation) OK() bool { return e.Doubt == "" && e.Broken == "" && len(e.Suspect) == 0 }

// NewBelief returns the belief that the account holds no cluster of ours.
func NewBelief(env *Env) *Belief {
	return &Belief{env: env, alias: map[Handle]Handle{}, streams: map[StreamHandle]StreamHandle{}}
}

// Observe judges an answer and takes it in. Replies must name clusters and
// streams by the handle that was first bound to their identifier.
func (b *Belief) Observe(op Op, got Seen) Explanation {
	op = b.resolve(op)
	if list, ok := op.(ListClusters); ok {
		return b.observeListing(list, got)
	}
	g := b.gather(op)
	if len(got.Reply.Stream.Listed) > 0 {
		b.admit(g, got.Reply.Stream.Listed)
	}
	return b.observe(g, op, got)
}

func (b *Belief) observe(g *group, op Op, got Seen) Explanation {
	e := Explanation{Status: g.rest(op), Role: g.role(op)}
	as := newCluster(op)
	b.bind(op, as, &got.Reply)
	g.tell(b.env, got)
	if g.doubt != "" {
		e.Doubt, e.Affected = g.doubt, g.unread(op, as, &got.Reply)
		return e
	}
	if create, ok := op.(CreateCluster); ok && b.env.Quota != (Quota{}) {
		crowd := b.crowd(create.Region, g)
		for i := range g.states {
			g.states[i].Crowd = crowd
		}
	}
	entry := g.states
	mutates := mutating(op)
	var states []state
	switch {
	case !mutates:
		states = g.states
	case got.Attempts > 1 && !got.Reply.Lost:
		// An earlier attempt may have had its effect, which the answer to the
		// last one need not tell.
		handles := g.settling(op)
		states = b.settle(g.states, handles, true)
		made, _ := Made(op)
		states = b.settle(forked(states, op), append(handles, made...), true)
	default:
		states = b.settle(g.states, g.settling(op), true)
	}

	if got.Reply.Lost {
		b.remember(g, entry)
		if mutates {
			g.changed = got.Answered
			g.become(forked(states, op))
		}
		return e
	}

	best, bestAt := mismatch{}, -1
	var refusers []RuleID // the rows that the refusal may come from
	var moved []state     // explained but for the status, of a call that was retried
	var late []state      // explained but for tags that may be late
	match := func(st *state, note bool) []state {
		var next []state
		for _, o := range Step(st.World, op) {
			n, miss := o.diff(&st.World, op, as, &got.Reply, false)
			if n != 0 && got.Attempts > 1 && mutates {
				if m, _ := o.diff(&st.World, op, as, &got.Reply, true); m == 0 {
					moved = append(moved, follow(st, &o, op, as, &got.Reply))
					continue
				}
			}
			if n == 0 {
				if got.Reply.Refused() && !slices.Contains(refusers, o.Rules[0]) {
					refusers = append(refusers, o.Rules[0])
				}
				next = append(next, follow(st, &o, op, as, &got.Reply))
				continue
			}
			if note && (bestAt < 0 || n < bestAt) {
				best, bestAt = miss, n
			}
			if note && g.laggard(miss, got.Sent) {
				late = append(late, *st)
			}
		}
		return next
	}
	var kept []state
	unmoved := true // every world explains the answer as it is
	for i := range states {
		next := match(&states[i], true)
		if len(next) == 0 {
			unmoved = false
		}
		if len(next) == 0 && !mutates {
			// A read may have been preceded by transitions unseen.
			for _, st := range b.settle([]state{states[i]}, g.settling(op), !status(op))[1:] {
				next = append(next, match(&st, !got.Reply.Refused())...)
			}
		}
		kept = append(kept, next...)
	}
	moved, reached := b.showing(moved, op, &got.Reply)
	if reached || len(kept) == 0 {
		kept = append(kept, moved...)
	}
	if len(kept) == 0 {
		return b.unexplained(g, op, as, &got, states, best, e)
	}
	if !mutates && (!unmoved || suspicious(kept) || vanished(op, &got.Reply)) && b.explainedBefore(g, op, &got) {
		// It may be an old answer, so it says nothing about which of the
		// worlds holds now.
		kept = append(kept, states...)
	}
	if !mutates {
		kept = append(kept, late...)
	}
	_, policy := op.(GetClusterPolicy)
	recent := got.Sent-max(g.changed, g.moved) < indexLag
	e.Open = agreed(kept)
	kept = dedupe(kept)
	b.remember(g, entry)
	if mutates && !got.Reply.Refused() || !mutates && got.Reply.Refused() {
		g.changed = got.Answered
	}
	if mutates && !got.Reply.Refused() {
		b.retried(g, op, states, kept)
	}
	b.account(g, op, kept, &got.Reply, &e)
	if len(refusers) > 1 {
		e.Open = nil // which of them it answers is not known
	}
	if policy && recent {
		e.Open = nil // it may be late on any target
	}
	if !mutates && len(e.Open) > 0 {
		possible := b.settle(states, g.settling(op), !status(op))
		for _, p := range g.past {
			if got.Sent-p.at <= b.env.Lag {
				possible = append(possible, b.settle(p.states, g.settling(op), false)...)
			}
		}
		e.Open = b.undisputed(e.Open, possible, op, &got.Reply)
	}
	return e
}

// unexplained completes the explanation of an answer that no world allows.
func (b *Belief) unexplained(g *group, op Op, as Handle, got *Seen, states []state, best mismatch, e Explanation) Explanation {
	for i := range states {
		for _, o := range Step(states[i].World, op) {
			if !slices.ContainsFunc(e.Want, func(w Want) bool { return w.String() == o.Want.String() }) {
				e.Want = append(e.Want, o.Want)
			}
		}
	}
	if !mutating(op) && b.repeated(g, op, got) {
		best = mismatch{ruleReplay.ID, "the retry had an effect"}
	}
	e.Broken, e.Shape = accusing(best.rule, &got.Reply), best.shape
	if b.explainedBefore(g, op, got) || g.laggard(best, got.Sent) {
		e.Stale = true
		return e
	}
	if g.pruned {
		// What was dropped may have held what no read shows, such as whom a
		// cluster names: there is no way back.
		e.Doubt, e.Broken = tooMany, ""
		g.giveUp(tooMany)
		return e
	}
	e.Affected = g.lose(states, op, as, &got.Reply)
	return e
}

// retried keeps what would be so if a retry had had an effect, so that a later
// answer can be put down to it.
func (b *Belief) retried(g *group, op Op, before, after []state) {
	clusters, stream := Made(op)
	replayed := len(clusters) == 0 && stream == 0 && !slices.ContainsFunc(after, func(st state) bool { return !slices.Contains(st.by, ruleReplay.ID) })
	switch {
	case replayed:
		g.again = anew(before, op)
	case len(g.again) > 0:
		g.again = anew(g.again, op)
	}
	if len(g.again) > MaxStates {
		g.again = nil
	}
}

// repeated reports whether a read shows that the latest retry had an effect.
func (b *Belief) repeated(g *group, op Op, got *Seen) bool {
	for _, st := range b.settle(g.again, g.settling(op), false) {
		st.World = st.drifted()
		st.Now, st.Asked = got.Answered, got.Sent
		for _, o := range Step(st.World, op) {
			if o.Match(st.World, op, got.Reply) {
				return true
			}
		}
	}
	return false
}

// agreed returns the May rules on which all states agree that the service chose
// them, for those that answer an open question.
func agreed(kept []state) (open []RuleID) {
	for _, id := range kept[0].by {
		rule, _ := LookupRule(id)
		if rule.Question == "" || rule.Force != May || slices.Contains(open, id) {
			continue
		}
		if !slices.ContainsFunc(kept, func(st state) bool { return !slices.Contains(st.by, id) }) {
			open = append(open, id)
		}
	}
	return open
}

// undisputed returns the rules that stand in every explanation of a read, those
// by transitions unseen and by what was so a moment ago included.
func (b *Belief) undisputed(rules []RuleID, states []state, op Op, r *Reply) []RuleID {
	return slices.DeleteFunc(rules, func(id RuleID) bool {
		return slices.ContainsFunc(states, func(st state) bool {
			return slices.ContainsFunc(Step(st.World, op), func(o Outcome) bool {
				return !slices.Contains(o.Rules, id) && o.Match(st.World, op, *r)
			})
		})
	})
}

// suspicious reports whether every state broke a Should rule on its way.
func suspicious(states []state) bool {
	return !slices.ContainsFunc(states, func(st state) bool { return len(st.broken) == 0 })
}

// holds reports whether some component holds cluster h.
func (b *Belief) holds(h Handle) bool {
	return slices.ContainsFunc(b.groups, func(g *group) bool { return g.concerns([]Handle{h}, "") })
}

// account turns the surviving states into the group's, and their rules into the
// explanation.
func (b *Belief) account(g *group, op Op, kept []state, r *Reply, e *Explanation) {
	if r.Status == Idle || r.Status == Inactive {
		if c, ok := kept[0].Find(subject(op)); ok && kept[0].Now-c.Since.Early < b.env.Floor {
			b.idled = true
		}
	}
	// Of those that need as few moves unseen, one that takes the answer at its word.
	cost := func(st *state) int {
		if c, ok := st.Find(subject(op)); ok && c.Status == r.Status {
			return 2 * len(st.via)
		}
		return 2*len(st.via) + 1
	}
	shortest := &kept[0]
	for i := range kept {
		// Those without a rule are there because the answer may be old.
		if kept[i].by != nil && (shortest.by == nil || cost(&kept[i]) < cost(shortest)) {
			shortest = &kept[i]
		}
	}
	e.Rules, e.Edges, e.Cell, e.Took = shortest.by, shortest.via, shortest.met, shortest.took
	if len(e.Edges) > 0 || stirred(&kept[0].World) {
		g.moved = kept[0].Now
	}
	for _, id := range slices.Clone(kept[0].broken) {
		if g.pruned || slices.ContainsFunc(kept, func(st state) bool { return !slices.Contains(st.broken, id) }) {
			continue
		}
		e.Suspect = append(e.Suspect, id)
		for i := range kept {
			kept[i].broken = slices.DeleteFunc(slices.Clone(kept[i].broken), func(x RuleID) bool { return x == id })
		}
	}
	if len(e.Suspect) > 0 {
		e.Shape = "success"
		if r.Refused() {
			e.Shape = r.Code.String()
			if r.Reason != "" {
				e.Shape += " " + r.Reason
			}
		}
		for i := range g.states {
			for _, o := range Step(g.states[i].World, op) {
				if o.Breaks == "" {
					e.Want = append(e.Want, o.Want)
				}
			}
		}
	}
	_, connects := op.(Connect)
	for i := range kept {
		kept[i].via, kept[i].by, kept[i].met = nil, nil, Cell{}
		if !connects { // which nothing answers: the next answer tells what it did
			kept[i].took = Edge{}
		}
	}
	g.become(kept)
}

// prune keeps the likeliest states when there are too many: those that break the
// fewest Should rules, and that the fewest unseen transitions led to.
func (g *group) prune(states []state) []state {
	if len(states) <= MaxStates {
		return states
	}
	g.pruned = true
	slices.SortStableFunc(states, func(a, b state) int { return len(a.broken) - len(b.broken) })
	return slices.Clone(states[:MaxStates])
}

// settle returns the states and all that the service can make of them by
// transitions of the given clusters. Where a refusal is to be explained, an
// unseen excursion to IDLE takes at least the floor.
func (b *Belief) settle(states []state, handles []Handle, floored bool) []state {
	out := slices.Clone(states)
	for _, h := range handles {
		for i := 0; i < len(out) && len(out) <= 4*MaxStates; i++ {
			st := out[i]
			c, ok := st.Find(h)
			if !ok {
				continue
			}
			for _, t := range byFrom[c.Status] {
				if !t.When(&st.World, &c) {
					continue
				}
				if floored && !b.idled && c.Status == Active && t.To == Idle && st.Now-c.Since.Early < b.env.Floor {
					continue
				}
				next := state{World: st.Take(h, t), broken: st.broken, via: append(slices.Clip(st.via), t.ID)}
				if j := index(out, &next.World); j >= 0 {
					out[j] = merge(out[j], next)
				} else {
					out = append(out, next)
				}
			}
		}
	}
	return out
}

// showing keeps the states that can show the reply's status: after a retry any
// later status may be answered. Where none can it returns all of them, and
// false.
func (b *Belief) showing(states []state, op Op, r *Reply) ([]state, bool) {
	if r.Stream.Handle != 0 {
		return states, true // a world tells no statuses of a stream apart
	}
	h := subject(op)
	var kept []state
	for _, st := range b.settle(states, []Handle{h}, false) {
		c, ok := st.Find(h)
		if r.Refused() || r.Status == NoStatus || !ok || c.Status == Gone || shows(&st.World, &c).Has(r.Status) {
			kept = append(kept, st)
		}
	}
	if len(kept) == 0 {
		return states, false
	}
	return kept, true
}

// settling returns the clusters whose unseen transitions the answers to op can
// depend on, or whose present transitions its effect can end.
func (g *group) settling(op Op) []Handle {
	switch op := op.(type) {
	case UpdateCluster:
		// A replay may show another cluster, as it is now.
		if op.Multi == nil && !g.used(op.Token) {
			return touchRef(op.Ref)
		}
	case TagResource, UntagResource, GetCluster, Await, ListTagsForResource, GetVpcEndpointServiceName, Connect,
		CreateStream, GetStream, ListStreams, DeleteStream, PutClusterPolicy, GetClusterPolicy, DeleteClusterPolicy:
		return op.Touches(World{})
	}
	return g.handles()
}

// remember keeps what was believed before an answer for as long as a read may
// be old.
func (b *Belief) remember(g *group, states []state) {
	if b.env.Lag == 0 || len(states) == 0 {
		return
	}
	now := states[0].Now
	g.past = slices.DeleteFunc(g.past, func(p snapshot) bool { return now-p.at > b.env.Lag })
	g.past = append(g.past, snapshot{now, states})
}

// explainedBefore reports whether what was believed within the read lag
// explains a read.
func (b *Belief) explainedBefore(g *group, op Op, got *Seen) bool {
	if b.env.Lag == 0 || mutating(op) {
		return false
	}
	// What lags on any target may have been late even then.
	late := got.Sent-max(g.changed, g.moved) < b.env.Lag+indexLag
	for _, p := range g.past {
		// The state of p ended at p.at: a read sent later than that plus the
		// lag cannot show it.
		if got.Sent-p.at > b.env.Lag {
			continue
		}
		for _, st := range b.settle(p.states, g.settling(op), false) {
			st.By = got.By
			for _, o := range Step(st.World, op) {
				n, miss := o.diff(&st.World, op, 0, &got.Reply, false)
				if n == 0 || n == 1 && late && lags(miss) {
					return true
				}
			}
		}
	}
	return false
}
