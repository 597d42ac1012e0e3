package model

import "slices"

// WitnessKey is the condition key that CreateCluster and PutWitnessRegion know:
// the witness Region of the request (F141).
const WitnessKey = "dsql:WitnessRegion"

// Need is one permission that a call needs.
type Need struct {
	Action string // such as "dsql:CreateCluster"
	// Resources are the ARNs that it may be checked on, with [Unsaid] for what is
	// not known. Of several, it is open which.
	Resources []string
	Witness   Maybe // the value of [WitnessKey], for actions that know it
	Open      bool  // whether it is needed at all is open
}

// Names tells the concrete names behind symbolic ones; both return [Unsaid] for
// what is not known.
type Names struct {
	Account    string
	Identifier func(Handle) string
	Stream     func(StreamHandle) string
}

// unnamed knows no name.
var unnamed = Names{Account: Unsaid, Identifier: func(Handle) string { return Unsaid }, Stream: func(StreamHandle) string { return Unsaid }}

// need is a row of the table of permissions (F046, F136 to F143): what a request
// needs when it is so.
type need struct {
	action string // "" for that of the operation's own name
	when   func(*asked) bool
	on     func(*asked) [][]string // the resources: one need for each, see Need.Resources
	keyed  bool                    // knows the witness key
	open   bool
}

// asked is a request with what its permissions depend on.
type asked struct {
	w      *World
	op     Op
	region Region // that is asked
	names  Names
	multi  *MultiRegion
}

// needs is the table of permissions by operation; an operation without a row of
// its own needs the permission of its name on what it is about.
var needs = map[string][]need{
	"CreateCluster": {
		{on: anyHere, keyed: true},
		{action: "TagResource", when: tagged, on: anyHere},
		{action: "PutMultiRegionProperties", when: linking, on: anyHere},
		{action: "AddPeerCluster", when: naming, on: addedPeers},
		{action: "PutWitnessRegion", when: witnessed, on: bothEnds, keyed: true},
		{action: "PutClusterPolicy", on: anyHere, open: true, when: withPolicy},
		{action: "DeleteClusterPolicy", on: anyHere, open: true, when: withPolicy},
	},
	"UpdateCluster": {
		{on: itself},
		{action: "GetCluster", when: linking, on: itself},
		{action: "PutMultiRegionProperties", when: linking, on: itself},
		{action: "AddPeerCluster", when: naming, on: addedPeers},
		{action: "RemovePeerCluster", when: linking, on: removedPeers},
		{action: "RemovePeerCluster", when: linking, on: anyPlace, open: true}, // as an older text has it (F139)
		{action: "PutWitnessRegion", when: witnessed, on: bothEnds, keyed: true},
	},
	"ListClusters": {{on: everything}},
	"CreateStream": {
		{on: newStream},
		{action: "TagResource", when: tagged, on: newStream},
	},
	// Of the retired operations the old description says that much.
	"CreateMultiRegionClusters": {{on: everything}, {action: "CreateCluster", on: eachLinked}},
	"DeleteMultiRegionClusters": {{on: eachMember}},
}

// Needs returns the permissions that a call needs (F046, F136 to F140), in the
// order of the table. What a principal is asked for depends on the world only
// through the peers that an update leaves out.
func Needs(w World, op Op, names Names) []Need {
	if await, ok := op.(Await); ok {
		op = GetCluster{Ref: await.Ref}
		if await.Stream != (StreamRef{}) {
			op = GetStream{Ref: await.Ref, Stream: await.Stream}
		}
	}
	if row, ok := LookupOperation(op.Name()); !ok || !row.Service {
		return nil
	}
	a := &asked{w: &w, op: op, names: names}
	Edit(op, func(p *Parts) {
		if p.Multi != nil {
			a.multi = *p.Multi
		}
		switch {
		case p.Region != nil:
			a.region = *p.Region
		case p.At != nil && *p.At != "":
			a.region = *p.At
		case p.Ref != nil:
			a.region = homeOf(&w, *p.Ref)
		}
	})
	rows, ok := needs[op.Name()]
	if !ok {
		rows = []need{{on: itself}}
	}
	var list []Need
	for _, r := range rows {
		if r.when != nil && !r.when(a) {
			continue
		}
		action := r.action
		if action == "" {
			action = op.Name()
		}
		for _, resources := range r.on(a) {
			n := Need{Action: "dsql:" + action, Resources: resources, Open: r.open}
			if r.keyed && a.multi != nil {
				n.Witness = a.multi.Witness
			}
			list = append(list, n)
		}
	}
	return list
}

// Permit says whether a principal may make a call.
func (p *Permissions) Permit(w World, op Op, names Names) Grant {
	verdict := Granted
	for _, n := range Needs(w, op, names) {
		one := p.Grants(n)
		if n.Open && one == Denied {
			one = Undecided
		}
		verdict = min(verdict, one)
	}
	return verdict
}

// permissionRules are those about who may ask what.
var permissionRules = []Rule{ruleDenied, ruleUndecided}

var (
	ruleDenied = Rule{ID: "DSQL-PRM-001", Says: "a call that lacks a permission is refused and changes nothing",
		Cite: cite("F136", "F137", "F138", "F140", "F046"), Basis: Documented, Force: Must}
	ruleUndecided = Rule{ID: "DSQL-PRM-002", Says: "a call may be denied where it cannot be told whether its permissions suffice",
		Cite: cite("F139", "F142", "F143"), Basis: Assumed, Force: May}
)

// permitted returns what is left of the outcomes of a call when [World.By] makes
// it. A call that lacks a permission is refused with AccessDeniedException, or as
// it would be for another reason, since the order of the checks is open (Q18).
func permitted(w *World, op Op, out []Outcome) []Outcome {
	if w.By == "" || w.Env.Principals[w.By] == nil {
		return out
	}
	grant := w.Env.Principals[w.By].Permit(*w, op, unnamed)
	if grant == Granted {
		return out
	}
	denied := Outcome{Rules: []RuleID{ruleUndecided.ID}, Want: Want{Codes: Codes(AccessDenied)}, Next: *w}
	if grant == Denied {
		denied.Rules = []RuleID{ruleDenied.ID}
		out = slices.DeleteFunc(out, func(o Outcome) bool { return o.Want.Success() })
	}
	return append([]Outcome{denied}, out...)
}

// homeOf returns the Region of the cluster that ref names, [Unsaid] for none.
func homeOf(w *World, ref Ref) Region {
	if c, ok := w.Find(ref.Handle); ok && ref.Handle != 0 {
		return c.Region
	}
	return Unsaid
}

// When a row applies.

func linking(a *asked) bool   { return a.multi != nil }
func naming(a *asked) bool    { return a.multi != nil && len(a.multi.Peers) > 0 }
func witnessed(a *asked) bool { return a.multi != nil && a.multi.Witness.Given }
func tagged(a *asked) bool {
	given := false
	Edit(a.op, func(p *Parts) { given = p.Tags != nil && p.Tags.Len() > 0 })
	return given
}
func withPolicy(a *asked) bool {
	create, ok := a.op.(CreateCluster)
	return ok && create.Policy.Given
}

// What a row is checked on.

func (a *asked) arn(region Region, resource string) string {
	return "arn:aws:dsql:" + string(region) + ":" + a.names.Account + ":" + resource
}

// cluster returns the ARN of what ref names, in a Region where it may not be.
func (a *asked) cluster(ref Ref, region Region) string {
	if ref.Handle == 0 {
		return a.arn(region, "cluster/"+ref.Literal)
	}
	return a.arn(region, "cluster/"+a.names.Identifier(ref.Handle))
}

func everything(*asked) [][]string { return [][]string{{"*"}} }

func anyHere(a *asked) [][]string { return [][]string{{a.arn(a.region, "cluster/"+Unsaid)}} }

// itself is the cluster asked about, or its stream; of a tag operation on a
// stream it is open which.
func itself(a *asked) [][]string {
	var list []string
	Edit(a.op, func(p *Parts) {
		if p.Ref == nil {
			return
		}
		arn := a.cluster(*p.Ref, a.region)
		list = append(list, arn)
		if p.Stream != nil && *p.Stream != (StreamRef{}) {
			id := p.Stream.Literal
			if p.Stream.Handle != 0 {
				id = a.names.Stream(p.Stream.Handle)
			}
			list = append(list, arn+"/stream/"+id)
		}
	})
	return [][]string{list}
}

// newStream is the cluster of a stream to be, or the stream: it is open which.
func newStream(a *asked) [][]string {
	arn := itself(a)[0][0]
	return [][]string{{arn, arn + "/stream/" + Unsaid}}
}

// addedPeers is the cluster itself and each peer named (F138).
func addedPeers(a *asked) [][]string {
	list := anyHere(a)
	if _, ok := a.op.(UpdateCluster); ok {
		list = itself(a)
	}
	for _, p := range a.multi.Peers {
		list = append(list, []string{a.cluster(p, homeOf(a.w, p))})
	}
	return list
}

// removedPeers is the peer that the update leaves out, if it is one beyond doubt:
// on its ARN, or on a wildcard over all Regions, as an older text has it (F139).
// Whether one that is named only, or that is leaving, is still a peer is open.
func removedPeers(a *asked) [][]string {
	c, ok := a.w.Find(a.op.(UpdateCluster).Ref.Handle)
	if !ok || !c.Joined || c.Deleted {
		return nil
	}
	p := partner(a.w, &c)
	if p == nil || p.Deleted || slices.Contains(handles(a.multi.Peers), p.Handle) {
		return nil
	}
	return [][]string{{a.cluster(Ref{Handle: p.Handle}, p.Region), anyPlace(a)[0][0]}}
}

// anyPlace is any cluster of the account, in all Regions.
func anyPlace(a *asked) [][]string { return [][]string{{a.arn(Unsaid, "cluster/"+Unsaid)}} }

// bothEnds is any cluster of the Region asked and of the witness Region (F137).
func bothEnds(a *asked) [][]string {
	return append(anyHere(a), []string{a.arn(Region(a.multi.Witness.Value), "cluster/"+Unsaid)})
}

func eachLinked(a *asked) [][]string {
	var list [][]string
	for _, r := range a.op.(CreateMultiRegionClusters).Linked {
		list = append(list, []string{a.arn(r, "cluster/"+Unsaid)})
	}
	return list
}

func eachMember(a *asked) [][]string {
	var list [][]string
	for _, r := range a.op.(DeleteMultiRegionClusters).Refs {
		list = append(list, []string{a.cluster(r, homeOf(a.w, r))})
	}
	return list
}
