package model

import "slices"

// Operation is a row of the table of operations.
type Operation struct {
	Name    string // the service's name, or that of a pseudo-operation
	Word    string // its word in the text form
	Service bool   // an operation of the service
	Mutates bool   // a success may change a cluster
}

// Operations is the table of operations; a test holds that every layer knows
// each of them.
var Operations = []Operation{
	{"CreateCluster", "create", true, true},
	{"GetCluster", "get", true, false},
	{"ListClusters", "list", true, false},
	{"UpdateCluster", "update", true, true},
	{"DeleteCluster", "delete", true, true},
	{"TagResource", "tag", true, true},
	{"UntagResource", "untag", true, true},
	{"ListTagsForResource", "tags", true, false},
	{"GetVpcEndpointServiceName", "vpc", true, false},
	{"PutClusterPolicy", "put-policy", true, true},
	{"GetClusterPolicy", "get-policy", true, false},
	{"DeleteClusterPolicy", "delete-policy", true, true},
	{"CreateStream", "create-stream", true, true},
	{"GetStream", "get-stream", true, false},
	{"ListStreams", "list-streams", true, false},
	{"DeleteStream", "delete-stream", true, true},
	{"CreateMultiRegionClusters", "create-linked", true, true},
	{"DeleteMultiRegionClusters", "delete-linked", true, true},
	{"hostile", "hostile", false, true},
	{"await", "await", false, false},
	{"wait", "wait", false, false},
	{"connect", "connect", false, true},
	{"raw", "raw", false, true},
}

// LookupOperation returns the row of the operation with that name, and whether
// there is one.
func LookupOperation(name string) (Operation, bool) {
	i := slices.IndexFunc(Operations, func(o Operation) bool { return o.Name == name })
	if i < 0 {
		return Operation{}, false
	}
	return Operations[i], true
}

func (CreateCluster) Name() string             { return "CreateCluster" }
func (GetCluster) Name() string                { return "GetCluster" }
func (ListClusters) Name() string              { return "ListClusters" }
func (UpdateCluster) Name() string             { return "UpdateCluster" }
func (DeleteCluster) Name() string             { return "DeleteCluster" }
func (TagResource) Name() string               { return "TagResource" }
func (UntagResource) Name() string             { return "UntagResource" }
func (ListTagsForResource) Name() string       { return "ListTagsForResource" }
func (GetVpcEndpointServiceName) Name() string { return "GetVpcEndpointServiceName" }
func (PutClusterPolicy) Name() string          { return "PutClusterPolicy" }
func (GetClusterPolicy) Name() string          { return "GetClusterPolicy" }
func (DeleteClusterPolicy) Name() string       { return "DeleteClusterPolicy" }
func (CreateStream) Name() string              { return "CreateStream" }
func (GetStream) Name() string                 { return "GetStream" }
func (ListStreams) Name() string               { return "ListStreams" }
func (DeleteStream) Name() string              { return "DeleteStream" }
func (CreateMultiRegionClusters) Name() string { return "CreateMultiRegionClusters" }
func (DeleteMultiRegionClusters) Name() string { return "DeleteMultiRegionClusters" }
func (Hostile) Name() string                   { return "hostile" }
func (Await) Name() string                     { return "await" }
func (Wait) Name() string                      { return "wait" }
func (Connect) Name() string                   { return "connect" }
func (Raw) Name() string                       { return "raw" }

// The cluster that an operation is about, see [Subject]. Having the method is
// what makes a type an operation.

func (op CreateCluster) subject() Handle             { return op.As }
func (op GetCluster) subject() Handle                { return op.Ref.Handle }
func (ListClusters) subject() Handle                 { return 0 }
func (op UpdateCluster) subject() Handle             { return op.Ref.Handle }
func (op DeleteCluster) subject() Handle             { return op.Ref.Handle }
func (op TagResource) subject() Handle               { return op.Ref.Handle }
func (op UntagResource) subject() Handle             { return op.Ref.Handle }
func (op ListTagsForResource) subject() Handle       { return op.Ref.Handle }
func (op GetVpcEndpointServiceName) subject() Handle { return op.Ref.Handle }
func (op PutClusterPolicy) subject() Handle          { return op.Ref.Handle }
func (op GetClusterPolicy) subject() Handle          { return op.Ref.Handle }
func (op DeleteClusterPolicy) subject() Handle       { return op.Ref.Handle }
func (op CreateStream) subject() Handle              { return op.Ref.Handle }
func (op GetStream) subject() Handle                 { return op.Ref.Handle }
func (op ListStreams) subject() Handle               { return op.Ref.Handle }
func (op DeleteStream) subject() Handle              { return op.Ref.Handle }
func (CreateMultiRegionClusters) subject() Handle    { return 0 }
func (DeleteMultiRegionClusters) subject() Handle    { return 0 }
func (op Hostile) subject() Handle {
	if op.As != 0 {
		return op.As
	}
	return op.Ref.Handle
}
func (op Await) subject() Handle   { return op.Ref.Handle }
func (Wait) subject() Handle       { return 0 }
func (op Connect) subject() Handle { return op.Ref.Handle }
func (Raw) subject() Handle        { return 0 }

func touchRef(r Ref) []Handle {
	if r.Handle == 0 {
		return nil
	}
	return []Handle{r.Handle}
}

func touchMulti(list []Handle, m *MultiRegion) []Handle {
	if m != nil {
		for _, r := range m.Peers {
			list = append(list, touchRef(r)...)
		}
	}
	return list
}

// Touches implements [Op]: the peers named, and whom the token stands for.
func (op CreateCluster) Touches(w World) []Handle {
	return append(touchMulti([]Handle{op.As}, op.Multi), tokenUsers(w, op.Token)...)
}

// Touches implements [Op].
func (op GetCluster) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op]: a listing asks one question of every cluster.
func (op ListClusters) Touches(w World) []Handle {
	var list []Handle
	for i := range w.Clusters {
		list = append(list, w.Clusters[i].Handle)
	}
	return list
}

// Touches implements [Op]: the cluster, the peers named, and whom the token
// stands for.
func (op UpdateCluster) Touches(w World) []Handle {
	return append(touchMulti(touchRef(op.Ref), op.Multi), tokenUsers(w, op.Token)...)
}

// Touches implements [Op]: the cluster, and whom the token stands for.
func (op DeleteCluster) Touches(w World) []Handle {
	return append(touchRef(op.Ref), tokenUsers(w, op.Token)...)
}

// Touches implements [Op].
func (op TagResource) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op UntagResource) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op ListTagsForResource) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op GetVpcEndpointServiceName) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op Await) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op Wait) Touches(World) []Handle { return nil }

// Touches implements [Op].
func (op Connect) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op Raw) Touches(World) []Handle { return nil }

// Touches implements [Op]: the cluster, and whom the token stands for.
func (op PutClusterPolicy) Touches(w World) []Handle {
	return append(touchRef(op.Ref), tokenUsers(w, op.Token)...)
}

// Touches implements [Op].
func (op GetClusterPolicy) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op]: the cluster, and whom the token stands for.
func (op DeleteClusterPolicy) Touches(w World) []Handle {
	return append(touchRef(op.Ref), tokenUsers(w, op.Token)...)
}

// Touches implements [Op]: the cluster, and whom the token stands for.
func (op CreateStream) Touches(w World) []Handle {
	return append(touchRef(op.Ref), tokenUsers(w, op.Token)...)
}

// Touches implements [Op].
func (op GetStream) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op].
func (op ListStreams) Touches(World) []Handle { return touchRef(op.Ref) }

// Touches implements [Op]: the cluster, and whom the token stands for.
func (op DeleteStream) Touches(w World) []Handle {
	return append(touchRef(op.Ref), tokenUsers(w, op.Token)...)
}

// Touches implements [Op]: the new clusters, and whom the token stands for.
func (op CreateMultiRegionClusters) Touches(w World) []Handle {
	return append(slices.Clone(op.As), tokenUsers(w, op.Token)...)
}

// Touches implements [Op]: the clusters, and whom the token stands for.
func (op DeleteMultiRegionClusters) Touches(w World) []Handle {
	var list []Handle
	for _, r := range op.Refs {
		list = append(list, touchRef(r)...)
	}
	return append(list, tokenUsers(w, op.Token)...)
}

// Touches implements [Op]: the cluster named and the new one.
func (op Hostile) Touches(World) []Handle {
	list := touchRef(op.Ref)
	if op.As != 0 {
		list = append(list, op.As)
	}
	return list
}
