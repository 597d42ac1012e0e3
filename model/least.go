package model

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Usage says what somebody does with the service.
type Usage struct {
	Operations []string // names of operations of the service, and "await"
	Regions    []Region // that hold clusters, peered across them if there is a witness
	Witness    Region   // "" for single-Region clusters only
	Tags       bool     // creations give tags
	Policies   bool     // creations give resource policies
}

// Least returns the statements of a policy that suffices for that usage, and for
// no more of the table of permissions. Resources are patterns: whose account and
// identifier it is does not matter. Both readings of what is open in the documents
// are allowed for (F139, F143).
func Least(u Usage) *Permissions {
	actions := map[string][]string{} // by resources, joined
	resources := map[string]map[string]bool{}
	for _, r := range u.Regions {
		for _, other := range u.Regions {
			for _, name := range u.Operations {
				w, op, ok := u.laden(name, r, other)
				if !ok {
					continue
				}
				for _, n := range Needs(w, op, unnamed) {
					if resources[n.Action] == nil {
						resources[n.Action] = map[string]bool{}
					}
					for _, arn := range n.Resources {
						resources[n.Action][strings.ReplaceAll(arn, Unsaid, "*")] = true
					}
				}
			}
		}
	}
	for action, set := range resources {
		list := slices.DeleteFunc(slices.Sorted(maps.Keys(set)), func(arn string) bool {
			// What another pattern covers says nothing more.
			for other := range set {
				if other != arn && covers([]string{other}, strings.ReplaceAll(arn, "*", Unsaid)) == Granted {
					return true
				}
			}
			return false
		})
		key := strings.Join(list, "\n")
		actions[key] = append(actions[key], action)
	}
	p := &Permissions{}
	for _, key := range slices.Sorted(maps.Keys(actions)) {
		p.Statements = append(p.Statements, Statement{Allow: true, Actions: slices.Sorted(slices.Values(actions[key])), Resources: strings.Split(key, "\n")})
	}
	return p
}

// laden returns a call of the operation with everything that needs a permission
// of its own, and the world that it is made in: c1 in one Region with a peer c2
// in another. It returns false where there is no such call.
func (u Usage) laden(name string, region, other Region) (World, Op, bool) {
	w := World{Env: NewEnv()}
	w = w.With(Cluster{Handle: 1, Region: region, Status: Active, Multi: true, Peers: [MaxPeers]Handle{2}})
	w = w.With(Cluster{Handle: 2, Region: other, Status: Active, Multi: true, Peers: [MaxPeers]Handle{1}})
	it, tags := Ref{Handle: 1}, NewTags(map[string]string{"a": "b"})
	create, update := CreateCluster{As: 3, Region: region}, UpdateCluster{Ref: it}
	if u.Witness != "" {
		create.Multi = &MultiRegion{Witness: Some(string(u.Witness)), Peers: []Ref{{Handle: 2}}, GivenPeers: true}
		update.Multi = &MultiRegion{Witness: Some(string(u.Witness)), GivenPeers: true} // which drops the peer
	}
	if u.Tags {
		create.Tags = tags
	}
	if u.Policies {
		create.Policy = Some("{}")
	}
	for _, op := range []Op{
		create,
		GetCluster{Ref: it},
		ListClusters{Region: region},
		update,
		DeleteCluster{Ref: it},
		TagResource{Ref: it, Tags: tags},
		UntagResource{Ref: it, Keys: []string{"a"}},
		ListTagsForResource{Ref: it},
		GetVpcEndpointServiceName{Ref: it},
		PutClusterPolicy{Ref: it},
		GetClusterPolicy{Ref: it},
		DeleteClusterPolicy{Ref: it},
		CreateStream{As: 1, Ref: it, Tags: create.Tags},
		GetStream{Ref: it, Stream: StreamRef{Handle: 1}},
		ListStreams{Ref: it},
		DeleteStream{Ref: it, Stream: StreamRef{Handle: 1}},
		CreateMultiRegionClusters{As: []Handle{3, 4}, Region: region, Linked: []Region{region, other}, Witness: u.Witness},
		DeleteMultiRegionClusters{Region: region, Refs: []Ref{it, {Handle: 2}}},
		Await{Ref: it, Status: Active},
	} {
		if op.Name() == name {
			return w, op, true
		}
	}
	return w, nil, false
}

// Document returns the policy as IAM reads it: indented JSON with a final
// newline, which [ParsePermissions] reads back.
func (p *Permissions) Document() []byte {
	type statement struct {
		Effect    string
		Action    []string
		Resource  []string
		Condition map[string]map[string][]string `json:",omitempty"`
	}
	file := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17", Statement: []statement{}}
	for _, s := range p.Statements {
		one := statement{Effect: "Deny", Action: s.Actions, Resource: s.Resources}
		if s.Allow {
			one.Effect = "Allow"
		}
		for _, c := range s.Conditions {
			if one.Condition == nil {
				one.Condition = map[string]map[string][]string{}
			}
			if one.Condition[c.Operator] == nil {
				one.Condition[c.Operator] = map[string][]string{}
			}
			one.Condition[c.Operator][c.Key] = c.Values
		}
		file.Statement = append(file.Statement, one)
	}
	text, _ := json.MarshalIndent(file, "", "  ") // strings only
	return append(text, '\n')
}
