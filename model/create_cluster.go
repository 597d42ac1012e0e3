package model

import "slices"

var ruleDefaultProtection = Rule{ID: "DSQL-CRE-001", Says: "deletion protection is on unless the create turns it off",
	Cite: cite("F032"), Basis: Modelled, Force: Must}

var createGuards = []Guard[CreateCluster]{
	{Rule{ID: "DSQL-CRE-002", Says: "the witness Region must differ from the cluster's own Region", Cite: cite("F119", "F120"), Basis: Documented, Force: Must},
		func(_ *World, op CreateCluster) bool { return ownWitness(op.Multi, op.Region) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-003", Says: "a list of peers that holds one twice is malformed", Cite: cite("F105"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateCluster) bool { return twicePeer(op.Multi) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-004", Says: "malformed tags are refused: keys of 1 to 128 characters, values of at most 256, of letters, digits, spaces and _.:/=+-@, no aws: prefix, at most 200", Cite: cite("F145", "F146", "F147"), Basis: Documented, Force: Must},
		func(_ *World, op CreateCluster) bool { return badTags(op.Tags) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-005", Says: "a malformed client token is refused", Cite: cite("F048", "F034"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateCluster) bool { return badToken(op.Token) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-006", Says: "a malformed kmsEncryptionKey is refused", Cite: cite("F078", "F045"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateCluster) bool { return badKey(op.Key) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-007", Says: "a key that the service cannot use may be refused at the call", Cite: cite("Q30"), Basis: Assumed, Force: May, Question: "Q30"},
		func(_ *World, op CreateCluster) bool { return op.Key.Given }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-008", Says: "incomplete or unsupported multiRegionProperties may be refused at the call", Cite: cite("Q07", "Q08", "Q12", "F042", "F043", "F044"), Basis: Assumed, Force: May, Question: "Q08"},
		func(w *World, op CreateCluster) bool { return oddMulti(w, op.Multi, op.Region, 0) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-009", Says: "a peer that is no fitting partner may be refused at the call", Cite: cite("Q06", "F126"), Basis: Assumed, Force: May, Question: "Q06"},
		func(w *World, op CreateCluster) bool { return oddPeer(w, op.Multi, op.Region, 0) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-010", Says: "a peer that one Region does not see yet may be refused", Cite: cite("Q06", "F126"), Basis: Assumed, Force: May},
		func(w *World, op CreateCluster) bool { return youngPeer(w, op.Multi) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-011", Says: "a policy given to a new cluster has 1 to 20480 characters", Cite: cite("F045", "F151"), Basis: Modelled, Force: Must},
		func(_ *World, op CreateCluster) bool { return op.Policy.Given && badPolicy(op.Policy.Value) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-012", Says: "a policy that is more than plain, or no policy at all, may be refused", Cite: cite("Q28", "F045", "F156", "F157"), Basis: Assumed, Force: May, Question: "Q28"},
		func(_ *World, op CreateCluster) bool { return op.Policy.Given && oddPolicy(op.Policy.Value) }, Refusal{Allowed: Any4xx}},
	{Rule{ID: "DSQL-CRE-013", Says: "a creation beyond a quota that is known is refused", Cite: cite("F018", "F026", "F180"), Basis: Documented, Force: Must},
		overQuota, Refusal{Allowed: Any4xx, Expected: Codes(QuotaExceeded)}},
}

var createAccepts = []Accept[CreateCluster]{
	{Rule{ID: "DSQL-CRE-020", Says: "a single-Region cluster can be created", Cite: cite("F031", "F033"), Basis: Documented, Force: Must},
		func(_ *World, op CreateCluster) bool { return op.Multi == nil && op.Tags.Len() <= plentyTags }},
	{Rule{ID: "DSQL-CRE-021", Says: "a multi-Region cluster can be created with a witness only", Cite: cite("T02", "F039"), Basis: Documented, Force: Must},
		func(_ *World, op CreateCluster) bool {
			return op.Multi != nil && !op.Multi.GivenPeers && !ownWitness(op.Multi, op.Region) && op.Tags.Len() <= plentyTags
		}},
	{Rule{ID: "DSQL-CRE-022", Says: "a multi-Region cluster can be created naming a waiting peer that has the same witness", Cite: cite("T03", "F107"), Basis: Documented, Force: Must},
		func(_ *World, op CreateCluster) bool {
			return op.Multi != nil && len(op.Multi.Peers) == 1 && !ownWitness(op.Multi, op.Region) && op.Tags.Len() <= plentyTags
		}},
}

func stepCreate(buf []Outcome, w *World, op CreateCluster) []Outcome {
	uses, match := lookupUse(*w, op.Token, op.Name(), op.Region, op)
	if match == sameUse {
		return replayCreate(buf[:0], *w, op, uses[0])
	}
	out := decideInto(buf, w, op, createGuards, createAccepts, createEffect)
	if !refusedAlways(out) {
		out = refuse(out, *w, ruleQuota.ID, Refusal{Allowed: Codes(QuotaExceeded)})
	}
	switch match {
	case oldUse, otherUse:
		out = refuse(out, *w, tokenRule(match), Refusal{Allowed: Any4xx})
		for _, u := range uses {
			out = replayCreate(out, *w, op, u)
		}
	case foreignUse:
		return refuse(out, *w, tokenRule(match), Refusal{Allowed: Any4xx})
	}
	return out
}

func createEffect(out []Outcome, w *World, op CreateCluster) []Outcome {
	c := Cluster{
		Handle: op.As, Region: op.Region, Protected: op.Protection != Off,
		Tags: op.Tags, Key: keyOf(op.Key), Born: w.Now, Since: Span{w.Now, w.Now},
	}
	if op.Policy.Given {
		c.Policy = attached(op.Policy.Value, w.Now)
	}
	want := Want{
		Cluster: op.As, Fresh: true, Protection: shown(c.Protected), Multi: Absent,
		Encryption: &EncryptionWant{keys: [2]string{c.Key, c.Key}, status: anyEncryption},
	}
	made := func(rule RuleID, s Status) Outcome {
		c, want := c, want
		c.Status = s
		want.Status = Statuses(s)
		if c.Multi {
			want.Multi = Whichever // optional, and a sample leaves it out
			want.Witness = []Region{c.Witness}
			want.Must, want.May = []Handle{c.Handle}, peerList(c.Peers)
		}
		if s == Updating {
			c.Origin = PendingSetup
		}
		next := record(*w, op.Token, op.Name(), op.Region, op, c.Handle, s).With(c)
		return Outcome{Rules: []RuleID{rule}, Want: want, Next: next}
	}
	if op.Multi == nil {
		return append(out, made("DSQL-LIF-001", Creating))
	}
	if !op.Multi.Witness.Given || op.Multi.Witness.Value == "" {
		// What such a request makes is open (Q07, Q08): a single-Region
		// cluster, or a multi-Region one without a witness.
		o := made("DSQL-CRE-008", Creating)
		o.Rules = append(o.Rules, "DSQL-LIF-001")
		out = append(out, o)
	}
	c.Multi = true
	c.Witness = Region(op.Multi.Witness.Value)
	c.Peers = peerArray(existing(w, op.Multi.Peers), 0)
	if c.Peers == [MaxPeers]Handle{} {
		return append(out, made("DSQL-LIF-002", PendingSetup))
	}
	// The status that a create naming a peer answers with is open (Q02).
	for _, s := range []Status{PendingSetup, Updating, Creating} {
		o := made("DSQL-LIF-003", s)
		o.Rules = append(o.Rules, ruleMutual.ID)
		out = append(out, o)
	}
	return out
}

// replayCreate appends the answer that an earlier use of the token gave: the
// original result, with the original or the current state (F051).
func replayCreate(out []Outcome, w World, op CreateCluster, use Use) []Outcome {
	want := Want{Cluster: use.Cluster, Status: use.Shown, Protection: ShowsOff | ShowsOn, Multi: Whichever}
	if c, ok := w.Find(use.Cluster); ok {
		want.Status |= shows(&w, &c)
		if c.Status == Gone {
			want.Status |= Statuses(Deleting, Deleted)
		}
		if c.Multi {
			must, may := members(&w, &c)
			want.Witness = witnessesOf(&c)
			if op.Multi != nil {
				want.Witness = append(want.Witness, Region(op.Multi.Witness.Value))
			}
			want.Must = []Handle{c.Handle}
			want.May = slices.Concat(may, without(must, c.Handle))
			if op.Multi != nil {
				want.May = append(want.May, existing(&w, op.Multi.Peers)...)
			}
		}
	}
	return append(out, Outcome{Rules: []RuleID{ruleReplay.ID}, Want: want, Next: w})
}

// refusedAlways reports whether no outcome is a success.
func refusedAlways(out []Outcome) bool {
	for i := range out {
		if out[i].Want.Success() {
			return false
		}
	}
	return true
}
