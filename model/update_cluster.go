package model

import "math/bits"

var updateGuards = []Guard[UpdateCluster]{
	{Rule{ID: "DSQL-UPD-001", Says: "a cluster that does not exist cannot be updated", Cite: cite("F057", "F064"), Basis: Modelled, Force: Must},
		func(w *World, op UpdateCluster) bool { return absent(w, op.Ref) }, Refusal{Allowed: Any4xx, Expected: Codes(NotFound)}},
	{Rule{ID: "DSQL-UPD-002", Says: "a cluster of another Region cannot be updated", Cite: cite("F060"), Basis: Documented, Force: Must},
		func(w *World, op UpdateCluster) bool { return elsewhere(w, op.Ref, op.At) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-003", Says: "a malformed identifier cannot be updated", Cite: cite("Q01", "F004"), Basis: Modelled, Force: Must},
		func(_ *World, op UpdateCluster) bool { return malformed(op.Ref) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-004", Says: "the witness Region must differ from the cluster's own Region", Cite: cite("F119", "F120"), Basis: Documented, Force: Must},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && ownWitness(op.Multi, c.Region)
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-005", Says: "a list of peers that holds one twice is malformed", Cite: cite("F105"), Basis: Modelled, Force: Must},
		func(_ *World, op UpdateCluster) bool { return twicePeer(op.Multi) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-006", Says: "a malformed client token is refused", Cite: cite("F081"), Basis: Modelled, Force: Must},
		func(_ *World, op UpdateCluster) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-007", Says: "a malformed kmsEncryptionKey is refused", Cite: cite("F078"), Basis: Modelled, Force: Must},
		func(_ *World, op UpdateCluster) bool { return badKey(op.Key) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-008", Says: "a cluster that is CREATING refuses updates", Cite: cite("F072"), Basis: Observed, Force: Should},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == Creating
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-009", Says: "a key that the service cannot use may be refused at the call", Cite: cite("Q30"), Basis: Assumed, Force: May, Question: "Q30"},
		func(_ *World, op UpdateCluster) bool { return keyOf(op.Key) != "" }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-010", Says: "multiRegionProperties on a single-Region cluster may be refused", Cite: cite("Q11", "F131"), Basis: Assumed, Force: May, Question: "Q11"},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && op.Multi != nil && !c.Multi
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-011", Says: "incomplete or unsupported multiRegionProperties may be refused at the call", Cite: cite("Q07", "Q08", "Q09", "Q12"), Basis: Assumed, Force: May, Question: "Q08"},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && op.Multi != nil && (!op.Multi.GivenPeers || oddMulti(w, op.Multi, c.Region, c.Handle) || Region(op.Multi.Witness.Value) != c.Witness)
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-012", Says: "a peer that is no fitting partner may be refused at the call", Cite: cite("Q06", "F126"), Basis: Assumed, Force: May, Question: "Q06"},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && oddPeer(w, op.Multi, c.Region, c.Handle)
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-013", Says: "changing the peers of a cluster that already names some may be refused", Cite: cite("Q09", "Q10"), Basis: Assumed, Force: May, Question: "Q10"},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && op.Multi != nil && c.Multi && (c.Status != PendingSetup || c.Joined ||
				c.Peers != [MaxPeers]Handle{} && c.Peers != peerArray(existing(w, op.Multi.Peers), c.Handle))
		}, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-014", Says: "a peer that one Region does not see yet may be refused", Cite: cite("Q06", "F126"), Basis: Assumed, Force: May},
		func(w *World, op UpdateCluster) bool { return youngPeer(w, op.Multi) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-UPD-015", Says: "a cluster that is on its way out may not be found by an update", Cite: cite("Q20"), Basis: Assumed, Force: May},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && leaving.Has(c.Status)
		}, Refusal{Allowed: Codes(Validation, Conflict, NotFound)}},
	{Rule{ID: "DSQL-UPD-016", Says: "multiRegionProperties that break the service description may be refused before the cluster is looked for", Cite: cite("Q18", "F009"), Basis: Assumed, Force: May},
		func(_ *World, op UpdateCluster) bool { return brokenMulti(op.Multi) }, Refusal{Allowed: Any4xx}},
}

var updateAccepts = []Accept[UpdateCluster]{
	{Rule{ID: "DSQL-UPD-020", Says: "the deletion protection of an ACTIVE cluster can be changed", Cite: cite("T10", "F070"), Basis: Documented, Force: Must},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == Active && op.Protection != Unset && !op.Key.Given && op.Multi == nil && !orphan(w, c)
		}},
	{Rule{ID: "DSQL-UPD-021", Says: "a PENDING_SETUP cluster can be told its peer", Cite: cite("T06", "F107", "F108"), Basis: Documented, Force: Must},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == PendingSetup && op.Multi != nil && !ownWitness(op.Multi, c.Region) && op.Protection == Unset && !op.Key.Given
		}},
	{Rule{ID: "DSQL-UPD-022", Says: "an ACTIVE cluster with a key of the customer can go back to the key of AWS", Cite: cite("F078", "F079"), Basis: Documented, Force: Must},
		func(w *World, op UpdateCluster) bool {
			c, ok := known(w, op.Ref, op.At)
			return ok && c.Status == Active && c.Key != "" && op.Key.Given && keyOf(op.Key) == "" &&
				op.Protection == Unset && op.Multi == nil && !orphan(w, c)
		}},
}

// afterUpdate says where an accepted update leaves a cluster, by the status
// before it, and with which statuses the call may then answer. Only T10 is
// documented: UPDATING, and ACTIVE where it took no time; the rest is open
// (Q19, Q20).
var afterUpdate = [Gone + 1][]struct {
	Next  Status
	Shows StatusSet
	Rule  RuleID
}{
	Active:        {{Updating, Statuses(Updating, Active), "DSQL-LIF-010"}, {Active, Statuses(Active), "DSQL-LIF-011"}},
	PendingSetup:  {{Updating, Statuses(Updating, PendingSetup), "DSQL-LIF-006"}, {PendingSetup, Statuses(PendingSetup), "DSQL-LIF-007"}},
	Updating:      {{Updating, Statuses(Updating, Active, PendingSetup), "DSQL-LIF-010"}},
	Idle:          {{Updating, Statuses(Updating, Active, Idle), "DSQL-LIF-030"}, {Active, Statuses(Active), "DSQL-LIF-011"}, {Idle, Statuses(Idle), "DSQL-LIF-111"}},
	Inactive:      {{Updating, Statuses(Updating, Active, Inactive), "DSQL-LIF-130"}, {Active, Statuses(Active), "DSQL-LIF-011"}, {Inactive, Statuses(Inactive), "DSQL-LIF-112"}},
	Creating:      {{Updating, Statuses(Updating, Creating), "DSQL-LIF-115"}, {Creating, Statuses(Creating), "DSQL-LIF-115"}},
	Failed:        {{Updating, Statuses(Updating, Failed), "DSQL-LIF-113"}, {Failed, Statuses(Failed), "DSQL-LIF-113"}},
	PendingDelete: {{Updating, Statuses(Updating, PendingDelete), "DSQL-LIF-114"}, {PendingDelete, Statuses(PendingDelete), "DSQL-LIF-114"}},
	Deleting:      {{Deleting, Statuses(Deleting, Updating), "DSQL-UPD-015"}},
	Deleted:       {{Deleted, Statuses(Deleted, Deleting, Updating), "DSQL-UPD-015"}},
}

func stepUpdate(buf []Outcome, w *World, op UpdateCluster) []Outcome {
	region := askedRegion(*w, op.Ref, op.At)
	uses, match := lookupUse(*w, op.Token, op.Name(), region, op)
	if match == sameUse {
		return replayChange(buf[:0], *w, uses[0])
	}
	out := decideInto(buf, w, op, updateGuards, updateAccepts, updateEffect)
	out = combined(out, *w, op)
	switch match {
	case oldUse, otherUse:
		out = refuse(out, *w, tokenRule(match), Refusal{Allowed: Any4xx})
		for _, u := range uses {
			out = replayChange(out, *w, u)
		}
	case foreignUse:
		return refuse(out, *w, tokenRule(match), Refusal{Allowed: Any4xx})
	}
	return out
}

func updateEffect(out []Outcome, w *World, op UpdateCluster) []Outcome {
	c, ok := known(w, op.Ref, op.At)
	if !ok {
		return out
	}
	use, after := useOf(w, op.Token, op.Name(), c.Region, op, c.Handle), afterUpdate[c.Status]
	var buf [2]Cluster
	for _, n := range revised(buf[:], w, c, op) {
		for _, after := range after {
			n := n
			n.Status, n.Since = after.Next, Span{w.Now, w.Now}
			if after.Next == Updating {
				n.Before = before(c)
				n.Origin, n.Relinked = c.Status, op.Multi != nil
				if c.Status == Updating {
					n.Origin, n.Relinked = c.Origin, c.Relinked || op.Multi != nil
				}
			}
			out = append(out, updateOutcome(w, use, n, after.Shows, after.Rule))
		}
		// With the peering just made mutual, or the peers of an ACTIVE cluster
		// changed, the middle statuses may be skipped (Q03, Q04, Q10).
		if op.Multi == nil {
			continue
		}
		trial := settled(*w, w.With(n))
		t, _ := trial.Find(n.Handle)
		if t.Joined && (c.Status == PendingSetup || c.Status == Updating) {
			n := n
			n.Since = Span{w.Now, w.Now}
			n.Status = Creating
			out = append(out, updateOutcome(w, use, n, Statuses(Creating), "DSQL-LIF-008"))
			n.Status = Active
			out = append(out, updateOutcome(w, use, n, Statuses(Active), "DSQL-LIF-009"))
		}
		if c.Status == Active {
			n := n
			n.Since = Span{w.Now, w.Now}
			n.Status = PendingSetup
			out = append(out, updateOutcome(w, use, n, Statuses(PendingSetup), "DSQL-LIF-026"))
		}
	}
	return out
}

func updateOutcome(w *World, use Use, n Cluster, s StatusSet, rule RuleID) Outcome {
	return Outcome{Rules: []RuleID{rule}, Want: Want{Cluster: n.Handle, Status: s, Legacy: legacyOf(w)}, Next: w.With(n).withUse(use.showing(first(s)))}
}

// first returns the first status of a set.
func first(set StatusSet) Status { return Status(bits.TrailingZeros16(uint16(set))) }

// revised returns, in the storage of buf, what an accepted update may make of c:
// one cluster, or several where the effect of the request is open.
func revised(buf []Cluster, w *World, c *Cluster, op UpdateCluster) []Cluster {
	n := *c
	n.Origin, n.Relinked, n.Before = NoStatus, false, Before{}
	if op.Protection != Unset {
		n.Protected = op.Protection == On
	}
	if op.Key.Given {
		n.Key, n.Rekeyed = keyOf(op.Key), true
	}
	if op.Multi == nil {
		return append(buf[:0], n)
	}
	list := buf[:0]
	add := func(witness Region, peers [MaxPeers]Handle) {
		m := n
		m.Multi, m.Witness, m.Peers = true, witness, peers
		m.Joined, m.Turned = c.Joined || !c.Multi, c.Turned || !c.Multi // a single-Region cluster is set up already (Q11)
		for _, seen := range list {
			if seen == m {
				return
			}
		}
		list = append(list, m)
	}
	witness := c.Witness
	if op.Multi.Witness.Given && op.Multi.Witness.Value != "" {
		witness = Region(op.Multi.Witness.Value)
	}
	given := peerArray(existing(w, op.Multi.Peers), c.Handle)
	if op.Multi.GivenPeers {
		add(witness, given)
	}
	if given == [MaxPeers]Handle{} {
		// No list, an empty one, or one that holds only the cluster itself:
		// the peers are kept or dropped (Q08).
		add(witness, c.Peers)
		add(witness, [MaxPeers]Handle{})
	}
	if op.Multi.Witness.Value == "" && !op.Multi.GivenPeers || op.Multi.Witness.Given && op.Multi.Witness.Value == "" {
		add("", given)
	}
	for i := range list {
		// Without a witness it may wait for nobody any more (Q08, T28).
		list[i].Joined = list[i].Joined || list[i].Witness == ""
	}
	if !c.Multi && !op.Multi.GivenPeers && (!op.Multi.Witness.Given || op.Multi.Witness.Value == "") {
		list = append(list, n) // an empty structure may change nothing (Q08)
	}
	return list
}

// before returns what an update of c in progress may not have replaced yet: the
// oldest values that may still be in force.
func before(c *Cluster) Before {
	if c.Before.Valid {
		return c.Before
	}
	return Before{true, c.Protected, c.Multi, c.Witness, c.Peers, c.Key}
}

// combined appends what a service does that refuses an update of several
// aspects after it has made some of the changes.
func combined(out []Outcome, w World, op UpdateCluster) []Outcome {
	aspects := 0
	for _, given := range []bool{op.Protection != Unset, op.Key.Given, op.Multi != nil} {
		if given {
			aspects++
		}
	}
	c, ok := known(&w, op.Ref, op.At)
	if aspects < 2 || !ok {
		return out
	}
	var partial []Outcome
	for _, o := range out {
		if o.Want.Success() {
			continue
		}
		var nexts []Cluster
		if op.Protection != Unset {
			n := *c
			n.Protected = op.Protection == On
			nexts = append(nexts, n)
		}
		if op.Key.Given {
			n := *c
			n.Key, n.Rekeyed = keyOf(op.Key), true
			nexts = append(nexts, n)
		}
		if op.Multi != nil {
			only := op
			only.Protection = Unset
			nexts = append(nexts, revised(nil, &w, c, only)...)
			nexts = append(nexts, revised(nil, &w, c, op)...)
		}
		for _, n := range nexts {
			if n == *c {
				continue
			}
			p := o
			p.Next, p.Breaks = settled(w, w.With(n)), ruleAtomic.ID
			partial = append(partial, p)
		}
		break
	}
	for i := range partial {
		partial[i].Want.Codes = refusalCodes(out)
		partial[i].Want.Reason = ""
	}
	return append(out, partial...)
}

// refusalCodes returns every code with which one of the outcomes refuses.
func refusalCodes(out []Outcome) CodeSet {
	var set CodeSet
	for i := range out {
		set |= out[i].Want.Codes
	}
	return set
}

// replayChange appends the answer that an earlier use of the token gave to an
// update or a delete: no effect, the original or the current status; or, as the
// state has moved on, a refusal.
func replayChange(out []Outcome, w World, use Use) []Outcome {
	set := use.Shown
	c, ok := w.Find(use.Cluster)
	codes := Codes(Validation, Conflict)
	if ok {
		set |= shows(&w, &c)
		if c.Deleted || c.Status == Gone {
			codes |= Codes(NotFound)
			set |= Statuses(Deleting, Deleted, PendingDelete)
		}
		if use.Op == "UpdateCluster" {
			set |= Statuses(Updating)
		}
	}
	out = append(out, Outcome{Rules: []RuleID{ruleReplay.ID}, Want: Want{Cluster: use.Cluster, Status: set &^ Statuses(Gone)}, Next: w})
	return refuse(out, w, ruleOldUse.ID, Refusal{Allowed: codes})
}

// askedRegion returns the Region that an operation on ref asks: the given one
// or the cluster's own.
func askedRegion(w World, ref Ref, at Region) Region {
	if at != "" {
		return at
	}
	c, _ := w.Find(ref.Handle)
	return c.Region
}
