package model

// inUse is the statuses in which a cluster surely counts against its quota: what
// PENDING_SETUP, PENDING_DELETE and FAILED count is open (Q33), and one that is
// CREATING may have failed unseen.
const inUse = StatusSet(1<<Active | 1<<Updating | 1<<Idle | 1<<Inactive)

// crowd counts the clusters of a Region that surely count against its quotas. One
// that was made multi-Region after its creation may count as either (Q11).
func crowd(w *World, at Region) (n Quota) {
	for i := range w.Clusters {
		c := &w.Clusters[i]
		switch {
		case c.Region != at || !inUse.Has(c.Status) || c.Turned || c.Status == Updating && c.Origin != Active:
		case c.Multi:
			n.Multi++
		default:
			n.Single++
		}
	}
	return n
}

// overQuota reports whether a creation surely goes beyond what the target is known
// to allow (F180).
func overQuota(w *World, op CreateCluster) bool {
	have, allowed := crowd(w, op.Region), w.Env.Quota
	if op.Multi != nil {
		return allowed.Multi > 0 && op.Multi.Witness.Value != "" && have.Multi+w.Crowd.Multi >= allowed.Multi
	}
	return allowed.Single > 0 && have.Single+w.Crowd.Single >= allowed.Single
}

// crowd returns the least number of clusters of a Region that surely live, over
// what is believed of all components but one.
func (b *Belief) crowd(at Region, but *group) (total Quota) {
	for _, g := range b.groups {
		if g == but || g.doubt != "" || len(g.states) == 0 {
			continue
		}
		least := crowd(&g.states[0].World, at)
		for i := range g.states[1:] {
			n := crowd(&g.states[i+1].World, at)
			least.Single, least.Multi = min(least.Single, n.Single), min(least.Multi, n.Multi)
		}
		total.Single += least.Single
		total.Multi += least.Multi
	}
	return total
}
