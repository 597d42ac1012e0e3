package model

import "slices"

// Refusal says with which errors a call may be refused: Allowed at all (another
// is a violation), and Expected (another allowed one breaks the guard's
// expectation and is a suspicion).
type Refusal struct {
	Allowed, Expected CodeSet
	Reason            string // expected reason of a ValidationException, "" for any
}

// Guard is a row of an operation's decision table: while When holds, the
// refusals are allowed. While a Must guard holds, success is not; while a
// Should guard holds, success is a suspicion.
type Guard[O Op] struct {
	Rule
	When   func(w *World, op O) bool
	Refuse Refusal
}

// Accept is a row of an operation's decision table: where When holds and no
// guard does, success is promised.
type Accept[O Op] struct {
	Rule
	When func(w *World, op O) bool
}

// Rules of refusals that no row of an operation's table makes.
var (
	ruleSilence = Rule{ID: "DSQL-ERR-001", Says: "where success is not promised, a call may be refused with ValidationException or ConflictException",
		Cite: cite("Q14", "Q20", "Q27"), Basis: Assumed, Force: May}
	ruleQuota = Rule{ID: "DSQL-ERR-002", Says: "a creation may be refused because the account's quota is used up",
		Cite: cite("F018", "F180"), Basis: Modelled, Force: May}
	ruleAtomic = Rule{ID: "DSQL-ERR-003", Says: "a refused update that combines several changes makes none of them",
		Cite: cite("Q21"), Basis: Observed, Force: Should}
	ruleFitting = Rule{ID: "DSQL-ERR-005", Says: "a refusal names an error that fits: ValidationException or ConflictException, unless something calls for another",
		Cite: cite("F007", "F018", "F021", "F022"), Basis: Modelled, Force: Must}
	ruleRaw = Rule{ID: "DSQL-ERR-004", Says: "what a hand-written request is answered is not judged, only its form is",
		Cite: cite("F017"), Basis: Assumed, Force: May}
)

// refuse appends the outcomes of a refusal that changes nothing.
func refuse(out []Outcome, w World, rule RuleID, r Refusal) []Outcome {
	expected, rest := r.Expected, r.Allowed&^r.Expected
	switch {
	case r.Reason != "":
		expected, rest = r.Expected&Codes(Validation), r.Allowed
	case r.Expected == 0:
		expected, rest = r.Allowed, 0
	}
	rules := []RuleID{rule}
	out = append(out, Outcome{Rules: rules, Want: Want{Codes: expected, Reason: r.Reason}, Next: w})
	if rest != 0 {
		out = append(out, Outcome{Rules: rules, Want: Want{Codes: rest}, Next: w, Breaks: rule})
	}
	return out
}

// decide walks a decision table. It returns the outcomes of the guards that
// hold; those of effect, unless a Must guard holds; and, where nothing promises
// success, the refusals of silence.
func decide[O Op](w World, op O, guards []Guard[O], accepts []Accept[O], effect func(World, O) []Outcome) []Outcome {
	return decideInto(nil, &w, op, guards, accepts, func(out []Outcome, w *World, op O) []Outcome {
		return append(out, effect(*w, op)...)
	})
}

// decideInto is decide in the storage of buf, with an effect that appends.
func decideInto[O Op](buf []Outcome, w *World, op O, guards []Guard[O], accepts []Accept[O], effect func([]Outcome, *World, O) []Outcome) []Outcome {
	out := buf[:0]
	held, must := false, false
	var should RuleID
	// The rules that a success names before its own: the May guards that hold,
	// whose questions it answers, or the one that promised it.
	var some [4]RuleID
	ahead := some[:0]
	for i := range guards {
		g := &guards[i]
		if !g.When(w, op) {
			continue
		}
		held = true
		out = refuse(out, *w, g.ID, g.Refuse)
		switch g.Force {
		case Must:
			must = true
		case Should:
			should = g.ID
		default:
			ahead = append(ahead, g.ID)
		}
	}
	if must {
		return out
	}
	var promise *Rule
	for i := range accepts {
		if a := &accepts[i]; a.When(w, op) && (promise == nil || a.Force > promise.Force) {
			promise = &a.Rule
		}
	}
	refused := len(out)
	out = effect(out, w, op)
	if promise != nil && !held {
		ahead = append(ahead, promise.ID)
	}
	for i := refused; i < len(out); i++ {
		o := &out[i]
		if len(ahead) > 0 {
			o.Rules = slices.Concat(ahead, o.Rules)
		}
		if should != "" {
			o.Breaks = should
		}
	}
	if held {
		return out
	}
	switch {
	case promise == nil:
		out = refuse(out, *w, ruleSilence.ID, Refusal{Allowed: Codes(Validation, Conflict)})
	case promise.Force == Should:
		out = append(out, Outcome{Rules: []RuleID{promise.ID}, Want: Want{Codes: Codes(Validation, Conflict)}, Next: *w, Breaks: promise.ID})
	}
	return out
}

// Step returns everything that the service may do when it is asked op in world
// w: at least one outcome. Handles that w does not hold stand for clusters that
// do not exist. The pseudo-operations await and wait are the read that they
// poll with, and nothing.
func Step(w World, op Op) []Outcome { return StepInto(nil, &w, op) }

// StepInto is [Step] for those who ask often: it may use the storage of buf for
// what it returns, and overwrites what stands there.
func StepInto(buf []Outcome, w *World, op Op) []Outcome {
	out := permitted(w, op, step(buf, w, op))
	for i := range out {
		if o := &out[i]; o.Want.Success() {
			o.Next.settle(w)
		}
	}
	return out
}

func step(buf []Outcome, w *World, op Op) []Outcome {
	if early(w, op) {
		return []Outcome{{Rules: []RuleID{ruleEarly.ID}, Want: Want{Any: true}, Next: *w}}
	}
	if old, given := withoutNew(w, op); given {
		out := append(served(buf, w, op), served(nil, w, old)...)
		return refuse(out, *w, ruleEarlyMember.ID, Refusal{Allowed: Any4xx})
	}
	return served(buf, w, op)
}

// served is step for a request of the revision that is served.
func served(buf []Outcome, w *World, op Op) []Outcome {
	switch op := op.(type) {
	case CreateCluster:
		return stepCreate(buf, w, op)
	case GetCluster:
		return decide(*w, op, getGuards, getAccepts, getEffect)
	case ListClusters:
		return decide(*w, op, listGuards, listAccepts, listEffect)
	case UpdateCluster:
		return stepUpdate(buf, w, op)
	case DeleteCluster:
		return stepDelete(buf, w, op)
	case TagResource:
		return decide(*w, op, tagGuards, tagAccepts, tagEffect)
	case UntagResource:
		return decide(*w, op, untagGuards, untagAccepts, untagEffect)
	case ListTagsForResource:
		return decide(*w, op, listTagsGuards, listTagsAccepts, listTagsEffect)
	case GetVpcEndpointServiceName:
		return decide(*w, op, serviceGuards, serviceAccepts, serviceEffect)
	case PutClusterPolicy:
		return stepPutPolicy(*w, op)
	case GetClusterPolicy:
		return decide(*w, op, getPolicyGuards, getPolicyAccepts, getPolicyEffect)
	case DeleteClusterPolicy:
		return stepDeletePolicy(*w, op)
	case CreateStream:
		return stepCreateStream(*w, op)
	case GetStream:
		return decide(*w, op, getStreamGuards, getStreamAccepts, getStreamEffect)
	case ListStreams:
		return decide(*w, op, listStreamsGuards, listStreamsAccepts, listStreamsEffect)
	case DeleteStream:
		return stepDeleteStream(*w, op)
	case CreateMultiRegionClusters:
		return stepCreateLinked(*w, op)
	case DeleteMultiRegionClusters:
		return stepDeleteLinked(*w, op)
	case Hostile:
		return stepHostile(*w, op)
	case Await:
		if op.Stream != (StreamRef{}) {
			return step(buf, w, GetStream{Ref: op.Ref, Stream: op.Stream})
		}
		return step(buf, w, GetCluster{Ref: op.Ref})
	case Connect:
		return connectEffect(*w, op)
	}
	// Wait does nothing; Raw may do anything that its text asks for, which
	// the model does not read.
	return []Outcome{{Rules: []RuleID{ruleRaw.ID}, Want: Want{Any: true}, Next: *w}}
}

// The guards that several operations share. Each takes the reference and the
// Region that is asked.

// known returns the live cluster that ref names, if the Region asked is its own.
func known(w *World, ref Ref, at Region) (*Cluster, bool) {
	if ref.Handle == 0 {
		return nil, false
	}
	c := w.live(ref.Handle)
	if c == nil || c.Nameless || at != "" && at != c.Region {
		return nil, false
	}
	return c, true
}

// absent reports that no cluster of that identifier exists anywhere.
func absent(w *World, ref Ref) bool {
	if ref.Handle == 0 {
		return !malformed(ref)
	}
	c := w.live(ref.Handle)
	return c == nil || c.Nameless
}

// malformed reports that the identifier is not one (Q01).
func malformed(ref Ref) bool {
	return ref.Handle == 0 && !(len(ref.Literal) == 26 && lowerBase36(ref.Literal))
}

// elsewhere reports that the cluster lives in another Region than is asked.
func elsewhere(w *World, ref Ref, at Region) bool {
	if ref.Handle == 0 || at == "" {
		return false
	}
	c := w.live(ref.Handle)
	return c != nil && !c.Nameless && at != c.Region
}

// young reports that the cluster is so new that not everybody sees it yet.
func young(w *World, ref Ref) bool {
	if w.Env.Lag == 0 || ref.Handle == 0 {
		return false
	}
	c := w.live(ref.Handle)
	return c != nil && w.Asked-c.Born < w.Env.Lag
}

func lowerBase36(s string) bool {
	for i := range len(s) {
		if b := s[i]; !(b >= 'a' && b <= 'z' || b >= '0' && b <= '9') {
			return false
		}
	}
	return true
}

// leaving is the statuses in which a cluster is on its way out.
const leaving = StatusSet(1<<Deleting | 1<<Deleted | 1<<PendingDelete)
