package generators

import (
	"maps"
	"slices"

	"dsqlconform/model"
)

// permissions is the profile of principals who may do less than everything.
var permissions = Profile{
	Name: "permissions", Says: "calls by principals who lack a permission, or have just what they need", Weight: 1,
	Steps: 16, Clusters: 3, Streams: 1,
	Operations: map[string]int{
		"CreateCluster":             6, // needs the most permissions
		"UpdateCluster":             6,
		"GetCluster":                4, // that a denied call changed nothing
		"DeleteCluster":             4,
		"ListClusters":              2,
		"TagResource":               2,
		"UntagResource":             1,
		"ListTagsForResource":       1,
		"GetVpcEndpointServiceName": 1,
		"PutClusterPolicy":          1,
		"GetClusterPolicy":          1,
		"CreateStream":              1,
		"ListStreams":               1,
		"await":                     3,
	},
	MultiRegion: 55, Tagged: 30, Protected: 20,
	Others: 60,
}

// AskedBy returns the profile with calls by those principals, by the names of
// [model.Line.By]: as many as its share says.
func (p Profile) AskedBy(who map[string]*model.Permissions) Profile {
	if p.Others == 0 || len(who) == 0 {
		return p
	}
	env := *p.world()
	env.Principals = who
	p.env, p.who = &env, slices.Sorted(maps.Keys(who))
	return p
}

// asked draws who makes a call. Whether a token is the principal's own is open,
// so others use none twice.
func (d *draft) asked(l model.Line) model.Line {
	if len(d.profile.who) == 0 || !d.chance(d.profile.Others) {
		return l
	}
	if row, ok := model.LookupOperation(l.Op.Name()); !ok || !row.Service {
		return l
	}
	l.By = oneOf(d, d.profile.who)
	l.Op = withToken(l.Op, model.Token{})
	l.Twice, l.Lost = false, false
	return l
}
