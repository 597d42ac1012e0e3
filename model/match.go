package model

import (
	"slices"
	"strings"
)

// mismatch is one respect in which a reply is not what was wanted: the rule that
// says so, and the shape of what was got, free of identifiers and times.
type mismatch struct {
	rule  RuleID
	shape string
}

// clusterLingers is the shape of what a listing may show for a moment.
const clusterLingers = "a cluster that is gone"

// kindMismatch weighs a refusal for a success, or the reverse, against members
// that differ.
const kindMismatch = 100

// diff compares a reply with an outcome. It returns how far apart they are, 0
// when the outcome allows the reply, and the first mismatch. as is the handle
// that a create gives to its result, 0 for other operations; loose says that the
// call was retried, so that a later status may show.
func (o *Outcome) diff(w *World, op Op, as Handle, r *Reply, loose bool) (int, mismatch) {
	want := &o.Want
	if want.Any {
		return 0, mismatch{}
	}
	rule := o.Rules[len(o.Rules)-1]
	if r.Refused() {
		if want.Success() {
			return kindMismatch, mismatch{o.Rules[0], r.Code.String()}
		}
		if !want.Codes.Has(r.Code) {
			if o.Rules[0] == ruleQuota.ID {
				// Always possible, so it says nothing about what was wrong.
				return kindMismatch + 1, mismatch{o.Rules[0], r.Code.String()}
			}
			return 1, mismatch{o.Rules[0], r.Code.String()}
		}
		if want.Reason != "" && want.Reason != r.Reason {
			return 1, mismatch{o.Rules[0], "reason " + orNone(r.Reason)}
		}
		return 0, mismatch{}
	}
	if !want.Success() {
		if h := subject(op); as == 0 && r.Cluster != 0 && r.Cluster != h && exists(w, h) {
			return kindMismatch, mismatch{ruleIdentity.ID, "another cluster"}
		}
		return kindMismatch, mismatch{o.Rules[0], "success"}
	}

	n, first := 0, mismatch{}
	miss := func(id RuleID, shape string) {
		if n == 0 {
			first = mismatch{id, shape}
		}
		n++
	}
	// A status may have moved unseen, the other members may not: where both
	// would do, it is they that are blamed.
	const statusMismatch = 3
	if want.Cluster != 0 && r.Cluster != want.Cluster {
		c, _ := w.Find(want.Cluster)
		switch {
		case c.Nameless && as != 0 && r.Cluster == as: // the lost answer's cluster has got its name
		case want.Fresh:
			miss(ruleFresh.ID, "an identifier in use")
		case as != 0:
			miss(ruleReplay.ID, "another cluster")
		default:
			miss(ruleIdentity.ID, "another cluster")
		}
	}
	if r.Changed != "" {
		miss(ruleConstant.ID, "changed "+r.Changed)
	}
	if want.Status != 0 && !want.Status.Has(r.Status) && !loose {
		if read, h := reads(op); read {
			miss(blame(w, h, r.Status), "status "+orNone(r.Status.String()))
		} else {
			if rule == ruleReplay.ID {
				rule = blame(w, want.Cluster, r.Status)
			}
			miss(rule, "status "+orNone(r.Status.String()))
		}
		n += statusMismatch - 1
	}
	if want.Protection != 0 && (r.Protection == Unset || want.Protection&shown(r.Protection == On) == 0) {
		id := ruleProtection.ID
		if create, ok := op.(CreateCluster); ok && create.Protection == Unset {
			id = ruleDefaultProtection.ID
		}
		miss(id, "protection "+r.Protection.String())
	}
	switch {
	case want.Multi == Present && !r.Multi:
		miss(ruleMultiShown.ID, "no multiRegionProperties")
		n += statusMismatch - 1
	case want.Multi == Absent && r.Multi:
		miss(ruleMultiShown.ID, "multiRegionProperties")
		n += statusMismatch - 1
	}
	if len(want.Witness) > 0 && r.Witness.Given && !slices.Contains(want.Witness, Region(r.Witness.Value)) {
		miss(ruleWitnessShown.ID, "another witness")
	}
	if len(want.Must) > 0 && (r.Members != nil || r.Empty) {
		self := r.Cluster
		switch {
		case !slices.Contains(r.Members, self):
			miss(ruleSelfListed.ID, "clusters without the cluster itself")
		case !holds(r.Members, want.Must, self):
			miss(ruleMembers.ID, "clusters without the peer")
		case !within(w, r.Members, want.Must, want.May, self):
			miss(ruleMembers.ID, "clusters with somebody else")
		}
	}
	if want.Tags != nil && !slices.Contains(want.Tags, r.Tags) {
		miss(ruleTagsShown.ID, tagShape(want.Tags[0], r.Tags))
	}
	if want.List {
		for _, h := range want.Listed {
			if !slices.Contains(r.Listed, h) {
				miss(ruleListed.ID, "a cluster is missing")
			}
		}
		for _, h := range want.Unlisted {
			if slices.Contains(r.Listed, h) {
				shape := clusterLingers
				if c, _ := w.Find(h); c.Status != Gone {
					shape = "a cluster of another Region"
				}
				miss(ruleUnlisted.ID, shape)
			}
		}
		for i := range w.Clusters {
			if slices.Contains(r.Twice, w.Clusters[i].Handle) {
				miss(ruleListedOnce.ID, "a cluster twice")
			}
		}
	}
	if want.Service && r.Service == "" {
		miss(rule, "no service name")
	}
	want.Encryption.diff(r, miss)
	want.Policy.diff(r, miss)
	want.Stream.diff(w, r, loose, miss)
	want.Legacy.diff(w, r, miss)
	return n, first
}

func exists(w *World, h Handle) bool {
	c, ok := w.Live(h)
	return ok && !c.Nameless
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// holds reports whether members has everything in must, whatever stands for the
// cluster itself.
func holds(members, must []Handle, self Handle) bool {
	for _, h := range must[min(1, len(must)):] {
		if h != self && !slices.Contains(members, h) {
			return false
		}
	}
	return must[0] == self || len(must) == 1 || slices.Contains(members, must[0])
}

// within reports whether members has nothing but self, must and may. Who is no
// cluster of the world is unknown.
func within(w *World, members, must, may []Handle, self Handle) bool {
	for _, h := range members {
		if c, ok := w.Find(h); h != self && (!ok || c.Nameless) {
			h = Unknown
		}
		if h != self && !slices.Contains(must, h) && !slices.Contains(may, h) {
			return false
		}
	}
	return true
}

// tagShape says how tags differ, without the tags.
func tagShape(want, got Tags) string {
	var parts []string
	missing, other, extra := 0, 0, 0
	m := got.Map()
	for k, v := range want.All() {
		if x, ok := m[k]; !ok {
			missing++
		} else if x != v {
			other++
		}
		delete(m, k)
	}
	extra = len(m)
	for _, p := range []struct {
		n    int
		text string
	}{{missing, "missing"}, {other, "with another value"}, {extra, "too many"}} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	return "tags " + strings.Join(parts, ", ")
}

// reads returns the cluster that an operation reads the status of.
func reads(op Op) (bool, Handle) {
	switch op := op.(type) {
	case GetCluster:
		return true, op.Ref.Handle
	case Await:
		return op.Stream == (StreamRef{}), op.Ref.Handle
	}
	return false, 0
}

// blame names the rule that a service breaks by showing status got on cluster h
// in world w: that of the edge it must have taken against its guard, or that no
// edge leads there.
func blame(w *World, h Handle, got Status) RuleID {
	c, ok := w.Find(h)
	if !ok {
		return ruleStatus.ID
	}
	for i := range transitions {
		t := &transitions[i]
		if t.By == ByService && t.From == c.Status && t.To == got && t.Blocked != nil && !t.When(w, &c) {
			return t.Blocked(w, &c)
		}
	}
	// A multi-Region cluster that shows CREATING or ACTIVE has been set up,
	// whichever way it went.
	if c.Multi && !c.Joined && (got == Creating || got == Active) && (c.Status == PendingSetup || c.Status == Updating) {
		return whyApart(w, &c)
	}
	if c.Status == PendingDelete && (got == Deleting || got == Deleted) {
		return "DSQL-LIF-019"
	}
	return ruleStatus.ID
}

// Match reports whether the outcome allows the reply to op in world w.
func (o *Outcome) Match(w World, op Op, r Reply) bool {
	n, _ := o.diff(&w, op, newCluster(op), &r, false)
	return n == 0
}
