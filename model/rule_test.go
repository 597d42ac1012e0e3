package model

import (
	"regexp"
	"testing"
)

func TestEachRuleHasAFormASentenceAndASource(t *testing.T) {
	form := regexp.MustCompile(`^DSQL-[A-Z]{3}-\d{3}$`)
	says := map[string]RuleID{}
	for _, r := range Rules() {
		if !form.MatchString(string(r.ID)) {
			t.Errorf("got rule %q, want DSQL-FAMILY-NNN", r.ID)
		}
		if r.Says == "" || r.Says[len(r.Says)-1] == '.' {
			t.Errorf("%s: got sentence %q, want one without a full stop", r.ID, r.Says)
		}
		if len(r.Cite) == 0 || r.Basis == 0 || r.Force == 0 {
			t.Errorf("%s: got cite %v, basis %v, force %v, want all of them", r.ID, r.Cite, r.Basis, r.Force)
		}
		for _, id := range r.Cite {
			if _, ok := LookupFact(id); !ok {
				t.Errorf("%s: got fact %s, want one of the table", r.ID, id)
			}
		}
		if r.Question != "" && r.Force != May {
			t.Errorf("%s: got force %v on open question %s, want may", r.ID, r.Force, r.Question)
		}
		if other, twice := says[r.Says]; twice && r.ID[:8] == other[:8] {
			t.Errorf("%s and %s: got the sentence %q twice", other, r.ID, r.Says)
		}
		says[r.Says] = r.ID
	}
}

// A guess of ours never accuses a target: an Assumed rule is a May, and a Must
// rests on something that AWS wrote or modelled.
func TestForceFollowsCertainty(t *testing.T) {
	for _, r := range Rules() {
		if r.Basis == Assumed && r.Force != May {
			t.Errorf("%s: got force %v on an assumption, want may", r.ID, r.Force)
		}
		if r.Force == May {
			continue
		}
		best := CertainUnknown
		for _, id := range r.Cite {
			if f, ok := LookupFact(id); ok && f.Certainty < best {
				best = f.Certainty
			}
		}
		switch {
		case r.Force == Must && best > CertainModelled:
			t.Errorf("%s: got a Must on facts that are %v at best, want documented or modelled", r.ID, best)
		case r.Force == Should && best > CertainObserved && r.ID != ruleAtomic.ID:
			t.Errorf("%s: got a Should on facts that are %v at best, want observed", r.ID, best)
		}
	}
}

func TestEveryOperationHasAnAcceptRow(t *testing.T) {
	rows := map[string]int{
		"CreateCluster": len(createAccepts), "GetCluster": len(getAccepts), "ListClusters": len(listAccepts),
		"UpdateCluster": len(updateAccepts), "DeleteCluster": len(deleteAccepts), "TagResource": len(tagAccepts),
		"UntagResource": len(untagAccepts), "ListTagsForResource": len(listTagsAccepts), "GetVpcEndpointServiceName": len(serviceAccepts),
		"PutClusterPolicy": len(putPolicyAccepts), "GetClusterPolicy": len(getPolicyAccepts), "DeleteClusterPolicy": len(deletePolicyAccepts),
		"CreateStream": len(createStreamAccepts), "GetStream": len(getStreamAccepts),
		"ListStreams": len(listStreamsAccepts), "DeleteStream": len(deleteStreamAccepts),
	}
	for _, op := range Operations {
		// Those that are retired promise nothing.
		if _, kept := LookupShape(Current, op.Name); kept && op.Service && rows[op.Name] == 0 {
			t.Errorf("%s: got no row that promises success, want one at least", op.Name)
		}
	}
}

func TestTheLifecycleHasEachFactOfTheTransitionList(t *testing.T) {
	cited := map[FactID]bool{}
	for _, tr := range transitions {
		for _, id := range tr.Cite {
			cited[id] = true
		}
		switch tr.By {
		case ByService:
			if tr.When == nil {
				t.Errorf("%s: got no guard, want one on a service-driven edge", tr.ID)
			}
		default:
			if tr.Fair {
				t.Errorf("%s: got a fair edge by %v, want fairness on service-driven edges alone", tr.ID, tr.By)
			}
		}
	}
	for _, r := range Rules() {
		for _, id := range r.Cite {
			cited[id] = true
		}
	}
	// T25 is MRG-009, T28 and T29 are answered by what an update may be refused
	// for.
	except := map[FactID]bool{"T28": true, "T29": true}
	for _, f := range Facts() {
		if f.ID[0] == 'T' && !cited[f.ID] && !except[f.ID] {
			t.Errorf("%s: got no rule that cites it (%s)", f.ID, f.Says)
		}
	}
}
