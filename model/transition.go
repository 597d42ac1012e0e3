package model

import "slices"

// Cause says what drives a transition.
type Cause uint8

// The causes.
const (
	ByService Cause = iota + 1
	ByCreate
	ByUpdate
	ByDelete
	ByConnect
	ByCreateStream
	ByDeleteStream
)

var causeNames = [...]string{"", "service", "CreateCluster", "UpdateCluster", "DeleteCluster", "connect", "CreateStream", "DeleteStream"}

// String returns "service", the name of the operation, or "connect".
func (c Cause) String() string { return causeNames[c] }

// Transition is a row of the lifecycle: an edge between two statuses.
//
// A service-driven edge may be taken while When holds. If it is fair it must be
// taken, or another fair one, within the settle time while Due holds; a free
// one may never be taken. Due is the narrower of the two: it holds only where
// the documents leave no doubt that the service has to move. Call-driven edges
// are taken by an operation; their When and Due are nil.
type Transition struct {
	Rule
	From, To Status
	By       Cause
	Fair     bool
	When     func(w *World, c *Cluster) bool
	Due      func(w *World, c *Cluster) bool
	// Blocked names the rule that a service breaks by taking the edge while
	// When does not hold; nil means that of no edge at all.
	Blocked func(w *World, c *Cluster) RuleID
}

// transitions is the lifecycle. The rule identifiers carry the numbers of the
// facts T01…T30; 1xx are variants that the open questions add.
var transitions = []Transition{
	{Rule: Rule{ID: "DSQL-LIF-001", Says: "a cluster created without multiRegionProperties starts CREATING", Cite: cite("T01", "F033"), Basis: Documented, Force: Must},
		From: NoStatus, To: Creating, By: ByCreate},
	{Rule: Rule{ID: "DSQL-LIF-002", Says: "a cluster created with a witness only starts PENDING_SETUP", Cite: cite("T02", "F039"), Basis: Documented, Force: Must},
		From: NoStatus, To: PendingSetup, By: ByCreate},
	{Rule: Rule{ID: "DSQL-LIF-003", Says: "a cluster created naming a peer starts UPDATING", Cite: cite("T03", "Q02"), Basis: Assumed, Force: May, Question: "Q02"},
		From: NoStatus, To: Updating, By: ByCreate},
	{Rule: Rule{ID: "DSQL-LIF-004", Says: "a single-Region cluster that is CREATING becomes ACTIVE", Cite: cite("T04", "F041"), Basis: Documented, Force: Must},
		From: Creating, To: Active, By: ByService, Fair: true, When: single},
	{Rule: Rule{ID: "DSQL-LIF-009", Says: "a multi-Region cluster that is CREATING becomes ACTIVE once each member names the other", Cite: cite("T09", "F106", "F110"), Basis: Documented, Force: Must},
		From: Creating, To: Active, By: ByService, Fair: true, When: joined, Due: mutual, Blocked: whyApart},
	{Rule: Rule{ID: "DSQL-LIF-005", Says: "creation may fail", Cite: cite("T05"), Basis: Documented, Force: May},
		From: Creating, To: Failed, By: ByService, When: always},
	{Rule: Rule{ID: "DSQL-LIF-006", Says: "naming a peer takes a PENDING_SETUP cluster to UPDATING", Cite: cite("T06", "F109"), Basis: Documented, Force: May},
		From: PendingSetup, To: Updating, By: ByUpdate},
	{Rule: Rule{ID: "DSQL-LIF-007", Says: "an update of a PENDING_SETUP cluster that names no peer ends in PENDING_SETUP", Cite: cite("T07", "F040"), Basis: Observed, Force: Should},
		From: Updating, To: PendingSetup, By: ByService, Fair: true, When: fromSetup, Due: fromSetupAlone},
	{Rule: Rule{ID: "DSQL-LIF-108", Says: "a cluster created naming a peer may fall back from CREATING to PENDING_SETUP", Cite: cite("Q02", "Q04"), Basis: Assumed, Force: May},
		From: Creating, To: PendingSetup, By: ByService, When: createdNaming},
	{Rule: Rule{ID: "DSQL-LIF-008", Says: "a PENDING_SETUP cluster goes to CREATING once each member names the other with one witness, and not before", Cite: cite("T08", "F106", "F110", "F040"), Basis: Documented, Force: Must},
		From: PendingSetup, To: Creating, By: ByService, Fair: true, When: joined, Due: mutual, Blocked: whyApart},
	{Rule: Rule{ID: "DSQL-LIF-118", Says: "an UPDATING member goes to CREATING once each member names the other with one witness, and not before", Cite: cite("T08", "F106", "F110"), Basis: Documented, Force: Must},
		From: Updating, To: Creating, By: ByService, Fair: true, When: joinedInSetup, Due: mutualInSetup, Blocked: whyApart},
	{Rule: Rule{ID: "DSQL-LIF-010", Says: "an update of an ACTIVE cluster answers UPDATING, or ACTIVE when it took no time", Cite: cite("T10", "F067", "F070"), Basis: Documented, Force: Must},
		From: Active, To: Updating, By: ByUpdate},
	{Rule: Rule{ID: "DSQL-LIF-011", Says: "an UPDATING cluster returns to ACTIVE", Cite: cite("T11", "F070"), Basis: Documented, Force: Must},
		From: Updating, To: Active, By: ByService, Fair: true, When: fromEstablished, Due: fromActive, Blocked: whyNotActive},
	{Rule: Rule{ID: "DSQL-LIF-111", Says: "an update accepted while IDLE may end in IDLE", Cite: cite("T30", "Q20"), Basis: Assumed, Force: May},
		From: Updating, To: Idle, By: ByService, When: from(Idle)},
	{Rule: Rule{ID: "DSQL-LIF-112", Says: "an update accepted while INACTIVE may end in INACTIVE", Cite: cite("T30", "Q20"), Basis: Assumed, Force: May},
		From: Updating, To: Inactive, By: ByService, When: from(Inactive)},
	{Rule: Rule{ID: "DSQL-LIF-113", Says: "an update accepted while FAILED may end in FAILED", Cite: cite("Q20"), Basis: Assumed, Force: May},
		From: Updating, To: Failed, By: ByService, When: from(Failed)},
	{Rule: Rule{ID: "DSQL-LIF-114", Says: "an update accepted while PENDING_DELETE may end in PENDING_DELETE", Cite: cite("Q17", "Q20"), Basis: Assumed, Force: May},
		From: Updating, To: PendingDelete, By: ByService, When: from(PendingDelete)},
	{Rule: Rule{ID: "DSQL-LIF-115", Says: "an update accepted while CREATING may end in CREATING", Cite: cite("Q20", "F072"), Basis: Assumed, Force: May},
		From: Updating, To: Creating, By: ByService, When: from(Creating)},
	{Rule: Rule{ID: "DSQL-LIF-012", Says: "an ACTIVE cluster without connections, or whose key is lost, may go IDLE", Cite: cite("T12", "T15", "F161", "F164"), Basis: Documented, Force: May},
		From: Active, To: Idle, By: ByService, When: always},
	{Rule: Rule{ID: "DSQL-LIF-013", Says: "an IDLE cluster may go INACTIVE", Cite: cite("T13", "F164"), Basis: Documented, Force: May},
		From: Idle, To: Inactive, By: ByService, When: always},
	{Rule: Rule{ID: "DSQL-LIF-014", Says: "a connection takes an IDLE cluster to ACTIVE", Cite: cite("T14", "F165"), Basis: Documented, Force: May},
		From: Idle, To: Active, By: ByConnect, When: always},
	{Rule: Rule{ID: "DSQL-LIF-015", Says: "a connection takes an INACTIVE cluster to ACTIVE", Cite: cite("T14", "F165"), Basis: Documented, Force: May},
		From: Inactive, To: Active, By: ByConnect, When: always},
	{Rule: Rule{ID: "DSQL-LIF-016", Says: "deleting a single-Region cluster takes it to DELETING", Cite: cite("T16", "F083"), Basis: Documented, Force: Must},
		From: Active, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-017", Says: "deleting a peered cluster takes it to PENDING_DELETE", Cite: cite("T17", "T18", "F084", "F085"), Basis: Documented, Force: Must},
		From: Active, To: PendingDelete, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-019", Says: "a PENDING_DELETE member goes to DELETING once every member is deleted, and not before", Cite: cite("T19", "F086", "F087"), Basis: Documented, Force: Must},
		From: PendingDelete, To: Deleting, By: ByService, Fair: true, When: lastDeleted, Due: surelyLastDeleted, Blocked: blames("DSQL-LIF-019")},
	{Rule: Rule{ID: "DSQL-LIF-020", Says: "a DELETING cluster ends in not found", Cite: cite("T20", "F057"), Basis: Modelled, Force: Must},
		From: Deleting, To: Gone, By: ByService, Fair: true, When: always},
	{Rule: Rule{ID: "DSQL-LIF-021", Says: "DELETED may show before not found", Cite: cite("T21"), Basis: Documented, Force: May},
		From: Deleting, To: Deleted, By: ByService, When: always},
	{Rule: Rule{ID: "DSQL-LIF-022", Says: "a DELETED cluster ends in not found", Cite: cite("T21", "F057"), Basis: Documented, Force: Must},
		From: Deleted, To: Gone, By: ByService, Fair: true, When: always},
	{Rule: Rule{ID: "DSQL-LIF-023", Says: "a protected-off update still in progress does not hinder a delete", Cite: cite("T22", "F069", "F090"), Basis: Observed, Force: May},
		From: Updating, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-122", Says: "a peered member whose update is in progress may be deleted", Cite: cite("T22", "F090"), Basis: Observed, Force: May},
		From: Updating, To: PendingDelete, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-123", Says: "a cluster that is CREATING may be deleted", Cite: cite("T23", "Q15"), Basis: Assumed, Force: May, Question: "Q15"},
		From: Creating, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-024", Says: "a PENDING_SETUP cluster may be deleted at once", Cite: cite("T24", "Q13"), Basis: Assumed, Force: May, Question: "Q13"},
		From: PendingSetup, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-124", Says: "a deleted PENDING_SETUP cluster may show PENDING_DELETE first", Cite: cite("T24", "Q13"), Basis: Assumed, Force: May, Question: "Q13"},
		From: PendingSetup, To: PendingDelete, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-026", Says: "removing a peer may take an ACTIVE member back to PENDING_SETUP", Cite: cite("T26", "Q10", "F115"), Basis: Assumed, Force: May, Question: "Q10"},
		From: Updating, To: PendingSetup, By: ByService, When: relinked},
	{Rule: Rule{ID: "DSQL-LIF-126", Says: "changing the peers of an ACTIVE member may set it up anew", Cite: cite("T26", "Q10"), Basis: Assumed, Force: May, Question: "Q10"},
		From: Updating, To: Creating, By: ByService, When: relinked},
	{Rule: Rule{ID: "DSQL-LIF-027", Says: "a FAILED cluster may be deleted", Cite: cite("T27", "Q14"), Basis: Assumed, Force: May, Question: "Q14"},
		From: Failed, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-030", Says: "an IDLE cluster may be updated", Cite: cite("T30", "Q20"), Basis: Assumed, Force: May, Question: "Q20"},
		From: Idle, To: Updating, By: ByUpdate},
	{Rule: Rule{ID: "DSQL-LIF-130", Says: "an INACTIVE cluster may be updated", Cite: cite("T30", "Q20"), Basis: Assumed, Force: May, Question: "Q20"},
		From: Inactive, To: Updating, By: ByUpdate},
	{Rule: Rule{ID: "DSQL-LIF-131", Says: "an IDLE cluster may be deleted", Cite: cite("T30", "Q14"), Basis: Assumed, Force: May, Question: "Q14"},
		From: Idle, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-132", Says: "an INACTIVE cluster may be deleted", Cite: cite("T30", "Q14"), Basis: Assumed, Force: May, Question: "Q14"},
		From: Inactive, To: Deleting, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-133", Says: "an IDLE cluster may become ACTIVE by somebody else's connection or a control-plane call", Cite: cite("F165", "F168"), Basis: Assumed, Force: May},
		From: Idle, To: Active, By: ByService, When: always},
	{Rule: Rule{ID: "DSQL-LIF-134", Says: "an INACTIVE cluster may become ACTIVE by somebody else's connection or a control-plane call", Cite: cite("F165", "F168"), Basis: Assumed, Force: May},
		From: Inactive, To: Active, By: ByService, When: always},
	{Rule: Rule{ID: "DSQL-LIF-135", Says: "an IDLE peered member may be deleted", Cite: cite("T30", "Q14"), Basis: Assumed, Force: May, Question: "Q14"},
		From: Idle, To: PendingDelete, By: ByDelete},
	{Rule: Rule{ID: "DSQL-LIF-136", Says: "an INACTIVE peered member may be deleted", Cite: cite("T30", "Q14"), Basis: Assumed, Force: May, Question: "Q14"},
		From: Inactive, To: PendingDelete, By: ByDelete},
}

// The guards of the lifecycle.

func always(*World, *Cluster) bool         { return true }
func single(_ *World, c *Cluster) bool     { return !c.Multi }
func joined(_ *World, c *Cluster) bool     { return c.Multi && c.Joined }
func relinked(_ *World, c *Cluster) bool   { return c.Multi && c.Relinked && c.Origin == Active }
func fromActive(_ *World, c *Cluster) bool { return c.Origin == Active && !c.Relinked }
func fromSetup(_ *World, c *Cluster) bool  { return c.Multi && c.Origin == PendingSetup }

func blames(id RuleID) func(*World, *Cluster) RuleID {
	return func(*World, *Cluster) RuleID { return id }
}

func from(s Status) func(*World, *Cluster) bool {
	return func(_ *World, c *Cluster) bool { return c.Origin == s }
}

// fromSetupAlone leaves out a cluster that names or is named: such a one may be
// held in UPDATING until the peering is mutual (Q03).
func fromSetupAlone(w *World, c *Cluster) bool { return fromSetup(w, c) && !linked(w, c) }

// fromEstablished: an update accepted outside ACTIVE may wake or complete the
// cluster (Q17, Q20).
func fromEstablished(_ *World, c *Cluster) bool {
	return c.Origin != PendingSetup && c.Origin != Failed && (!c.Multi || c.Joined)
}

func joinedInSetup(_ *World, c *Cluster) bool {
	return c.Multi && c.Joined && (c.Origin == PendingSetup || c.Origin == Creating)
}

func mutualInSetup(w *World, c *Cluster) bool { return c.Origin == PendingSetup && mutual(w, c) }

// createdNaming: a response of CREATING to a create that names a peer (Q02)
// does not say that the peering is mutual.
func createdNaming(_ *World, c *Cluster) bool { return c.Multi && !c.Joined }

// Enabled returns the service-driven transitions that cluster h may take.
func (w World) Enabled(h Handle) []*Transition {
	c, ok := w.Find(h)
	if !ok {
		return nil
	}
	var list []*Transition
	for _, t := range byFrom[c.Status] {
		if t.When(&w, &c) {
			list = append(list, t)
		}
	}
	return list
}

// Due returns the fair transition that cluster h must take, or nil when it may
// stay as it is for ever.
func (w World) Due(h Handle) *Transition {
	c, ok := w.Find(h)
	if !ok {
		return nil
	}
	return due(&w, &c)
}

func due(w *World, c *Cluster) *Transition {
	for _, t := range byFrom[c.Status] {
		if !t.Fair {
			continue
		}
		must := t.Due
		if must == nil {
			must = t.When
		}
		if must(w, c) {
			return t
		}
	}
	return nil
}

// Take returns the world after cluster h took t, at some moment up to Now.
func (w World) Take(h Handle, t *Transition) World {
	c, ok := w.Find(h)
	if !ok {
		return w
	}
	// Falling back from UPDATING to PENDING_SETUP is no progress: the time by
	// which the cluster must have moved stays.
	back := c.Status == Updating && t.To == PendingSetup && w.Due(h) != nil
	if c.Status == Updating {
		c.Origin, c.Relinked, c.Before = NoStatus, false, Before{}
	}
	c.Status = t.To
	if !back {
		c.Since.Late = w.Now
	}
	return w.With(c)
}

// Transitions returns the table of the lifecycle, in order.
func Transitions() []Transition { return slices.Clone(transitions) }

var byFrom = func() (index [Gone + 1][]*Transition) {
	for i := range transitions {
		if t := &transitions[i]; t.By == ByService {
			index[t.From] = append(index[t.From], t)
		}
	}
	return index
}()
