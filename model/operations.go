package model

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
	{"await", "await", false, false},
	{"wait", "wait", false, false},
	{"connect", "connect", false, true},
	{"raw", "raw", false, true},
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
func (Await) Name() string                     { return "await" }
func (Wait) Name() string                      { return "wait" }
func (Connect) Name() string                   { return "connect" }
func (Raw) Name() string                       { return "raw" }

func (CreateCluster) sealed()             {}
func (GetCluster) sealed()                {}
func (ListClusters) sealed()              {}
func (UpdateCluster) sealed()             {}
func (DeleteCluster) sealed()             {}
func (TagResource) sealed()               {}
func (UntagResource) sealed()             {}
func (ListTagsForResource) sealed()       {}
func (GetVpcEndpointServiceName) sealed() {}
func (Await) sealed()                     {}
func (Wait) sealed()                      {}
func (Connect) sealed()                   {}
func (Raw) sealed()                       {}

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
