package model

// Rows calls guard for each guard of the operation's decision table that holds in
// w, and accept for each row that promises success there; either may be nil. It
// does nothing for operations without a table.
func Rows(w *World, op Op, guard, accept func(*Rule)) {
	switch op := op.(type) {
	case CreateCluster:
		holding(w, op, createGuards, createAccepts, guard, accept)
	case GetCluster:
		holding(w, op, getGuards, getAccepts, guard, accept)
	case ListClusters:
		holding(w, op, listGuards, listAccepts, guard, accept)
	case UpdateCluster:
		holding(w, op, updateGuards, updateAccepts, guard, accept)
	case DeleteCluster:
		holding(w, op, deleteGuards, deleteAccepts, guard, accept)
	case TagResource:
		holding(w, op, tagGuards, tagAccepts, guard, accept)
	case UntagResource:
		holding(w, op, untagGuards, untagAccepts, guard, accept)
	case ListTagsForResource:
		holding(w, op, listTagsGuards, listTagsAccepts, guard, accept)
	case GetVpcEndpointServiceName:
		holding(w, op, serviceGuards, serviceAccepts, guard, accept)
	case PutClusterPolicy:
		holding(w, op, putPolicyGuards, putPolicyAccepts, guard, accept)
	case GetClusterPolicy:
		holding(w, op, getPolicyGuards, getPolicyAccepts, guard, accept)
	case DeleteClusterPolicy:
		holding(w, op, deletePolicyGuards, deletePolicyAccepts, guard, accept)
	case CreateStream:
		holding(w, op, createStreamGuards, createStreamAccepts, guard, accept)
	case GetStream:
		holding(w, op, getStreamGuards, getStreamAccepts, guard, accept)
	case ListStreams:
		holding(w, op, listStreamsGuards, listStreamsAccepts, guard, accept)
	case DeleteStream:
		holding(w, op, deleteStreamGuards, deleteStreamAccepts, guard, accept)
	case CreateMultiRegionClusters:
		holding(w, op, createLinkedGuards, createLinkedAccepts, guard, accept)
	case DeleteMultiRegionClusters:
		holding(w, op, deleteLinkedGuards, deleteLinkedAccepts, guard, accept)
	}
}

func holding[O Op](w *World, op O, guards []Guard[O], accepts []Accept[O], guard, accept func(*Rule)) {
	for i := range guards {
		if guard != nil && guards[i].When(w, op) {
			guard(&guards[i].Rule)
		}
	}
	for i := range accepts {
		if accept != nil && accepts[i].When(w, op) {
			accept(&accepts[i].Rule)
		}
	}
}
