package model

import "slices"

var createLinkedGuards = []Guard[CreateMultiRegionClusters]{
	{Rule{ID: "DSQL-CML-001", Says: "CreateMultiRegionClusters is refused where the revision no longer has it", Cite: cite("F135", "Q32"), Basis: Documented, Force: Must},
		func(w *World, _ CreateMultiRegionClusters) bool { return !w.Env.has("CreateMultiRegionClusters") }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CML-002", Says: "the witness Region must differ from the Region of every linked cluster", Cite: cite("F119", "F120"), Basis: Documented, Force: Must},
		func(_ *World, op CreateMultiRegionClusters) bool { return slices.Contains(op.Linked, op.Witness) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CML-003", Says: "CreateMultiRegionClusters is usable while it is deprecated, or refused with a modelled error", Cite: cite("F135"), Basis: Assumed, Force: May},
		func(w *World, _ CreateMultiRegionClusters) bool { return w.Env.has("CreateMultiRegionClusters") }, Refusal{Allowed: modelled4xx}},
}

// createLinkedAccepts is empty: a deprecated operation promises no success.
var createLinkedAccepts []Accept[CreateMultiRegionClusters]

// modelled4xx is every refusal that the service description names.
const modelled4xx = Any4xx &^ CodeSet(1<<OtherError)

func stepCreateLinked(w World, op CreateMultiRegionClusters) []Outcome {
	out := decide(w, op, createLinkedGuards, createLinkedAccepts, createLinkedEffect)
	before := usedAs(&w, op.Token)
	if len(before) == 0 || refusedAlways(out) {
		return out
	}
	// What a token means to a retired operation is open: the clusters of its
	// first use, new ones, or a refusal.
	out = refuse(out, w, ruleOldUse.ID, Refusal{Allowed: Any4xx})
	for _, u := range before {
		if u.Op != op.Name() || u.Cluster == 0 {
			continue
		}
		linked := []Handle{}
		for _, v := range before {
			if v.Op == u.Op && v.Region == u.Region && v.Request == u.Request && !slices.Contains(linked, v.Cluster) {
				linked = append(linked, v.Cluster)
			}
		}
		slices.Sort(linked)
		out = append(out, Outcome{Rules: []RuleID{ruleOldUse.ID}, Want: Want{Legacy: &LegacyWant{Linked: linked}}, Next: w})
	}
	return out
}

// usedAs returns the uses of a token by whatever operation.
func usedAs(w *World, token Token) []Use {
	text := tokenText(token)
	if text == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(w.Tokens), func(u Use) bool { return u.Token != text })
}

// createLinkedEffect makes a cluster in each linked Region, each naming the
// others from the start.
func createLinkedEffect(w World, op CreateMultiRegionClusters) []Outcome {
	if slices.ContainsFunc(op.As, func(h Handle) bool { return exists(&w, h) }) {
		// Sent a second time: what is made then has no names here.
		return []Outcome{{Rules: []RuleID{ruleOldUse.ID}, Want: Want{Legacy: &LegacyWant{Linked: []Handle{}, Open: true}}, Next: w}}
	}
	made := op.As[:min(len(op.As), len(op.Linked))]
	if len(op.As) == 2 && len(op.Linked) == 2 && op.Linked[0] != op.Linked[1] {
		want := LegacyWant{Linked: slices.Sorted(slices.Values(made))}
		return []Outcome{
			linkedOutcome(w, op, made, Cluster{Status: Creating, Multi: true}, want),
			linkedOutcome(w, op, made, Cluster{Status: PendingSetup, Multi: true}, want),
		}
	}
	// What becomes of anything but two Regions is open (Q12, F124): some of the
	// clusters are made, linked or not, and nothing is promised of them.
	var out []Outcome
	for pick := range 1 << len(made) {
		want := LegacyWant{Linked: []Handle{}, Open: true}
		for i, h := range made {
			if pick>>i&1 == 1 {
				want.Linked = append(want.Linked, h)
			} else {
				want.Absent = append(want.Absent, h)
			}
		}
		slices.Sort(want.Linked)
		for _, like := range []Cluster{
			{Status: Creating, Multi: true, Joined: true, Turned: true},
			{Status: PendingSetup, Multi: true, Joined: true, Turned: true},
			{Status: Creating},
		} {
			out = append(out, linkedOutcome(w, op, want.Linked, like, want))
		}
	}
	return out
}

// linkedOutcome makes the clusters of op that are called made, each like the
// given one.
func linkedOutcome(w World, op CreateMultiRegionClusters, made []Handle, like Cluster, want LegacyWant) Outcome {
	next := w
	for i, h := range op.As {
		if !slices.Contains(made, h) {
			continue
		}
		c := like
		c.Handle, c.Region, c.Protected = h, op.Linked[i], op.Protection != Off
		c.Born, c.Since = w.Now, Span{w.Now, w.Now}
		if c.Multi {
			c.Witness, c.Peers = op.Witness, peerArray(made, h)
		}
		next = record(next.With(c), op.Token, op.Name(), op.Region, op, h, c.Status)
	}
	return Outcome{Rules: []RuleID{"DSQL-CML-003"}, Want: Want{Legacy: &want}, Next: next}
}

// bindLinked tells called which cluster of the answer each new name stands for:
// one of op's own, or, of clusters that were there before, the one of the same
// Region.
func (b *Belief) bindLinked(op CreateMultiRegionClusters, r *Reply, called func(as, h Handle)) {
	for _, h := range r.Legacy.Linked {
		if slices.Contains(op.As, h) {
			called(h, h)
			continue
		}
		region := b.regionOf(h)
		for i, as := range op.As[:min(len(op.As), len(op.Linked))] {
			if op.Linked[i] == region && !slices.Contains(r.Legacy.Linked, as) {
				called(as, h)
				break
			}
		}
	}
}

// regionOf returns the Region of a cluster of the belief, "" for none.
func (b *Belief) regionOf(h Handle) Region {
	for _, g := range b.groups {
		for i := range g.states {
			if c, ok := g.states[i].Find(h); ok {
				return c.Region
			}
		}
	}
	return ""
}
