package conformance

import (
	"encoding/json"
	"fmt"
	"strings"

	"dsqlconform/model"
)

// Principal is somebody who may ask the target besides the run's own principal,
// with dummy credentials and with a policy that is in force there.
type Principal struct {
	Name      string          `json:"name"` // of [model.Line.By]
	AccessKey string          `json:"access_key"`
	SecretKey string          `json:"secret_key"`
	Policy    json.RawMessage `json:"policy"` // as IAM reads it
}

// Permissions reads the principals' policies, by name. The error names the
// principal whose policy is not understood.
func Permissions(list []Principal) (map[string]*model.Permissions, error) {
	all := map[string]*model.Permissions{}
	for _, p := range list {
		can, err := model.ParsePermissions(p.Policy)
		if err != nil {
			return nil, fmt.Errorf("principal %q: %w", p.Name, err)
		}
		if p.Name == "" || all[p.Name] != nil {
			return nil, fmt.Errorf("got principal %q, want each named and once", p.Name)
		}
		all[p.Name] = can
	}
	return all, nil
}

// principals is the table of the principals that a target of one's own is given:
// each lacks one thing, or has one thing only. In a policy ${region} stands for
// the first Region of the run, ${witness} for its witness Region.
var principals = []struct{ name, policy string }{
	{"reader", `{"Effect": "Allow", "Action": ["dsql:Get*", "dsql:List*"], "Resource": "*"}`},
	{"resident", `{"Effect": "Allow", "Action": "dsql:*", "Resource": "arn:aws:dsql:${region}:*:cluster/*"},
		{"Effect": "Allow", "Action": "dsql:ListClusters", "Resource": "*"}`},
	{"single", `{"Effect": "Allow", "Action": ["dsql:CreateCluster", "dsql:GetCluster", "dsql:UpdateCluster", "dsql:DeleteCluster"], "Resource": "arn:aws:dsql:*:*:cluster/*"}`},
	{"unpeered", `{"Effect": "Allow", "Action": "dsql:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "dsql:AddPeerCluster", "Resource": "*"}`},
	{"unwitnessed", `{"Effect": "Allow", "Action": "*", "Resource": "*"},
		{"Effect": "Deny", "Action": "dsql:PutWitnessRegion", "Resource": "*", "Condition": {"StringEquals": {"dsql:WitnessRegion": "${witness}"}}}`},
	{"witnessed", `{"Effect": "Allow", "Action": ["dsql:Get*", "dsql:PutMultiRegionProperties", "dsql:AddPeerCluster", "dsql:UpdateCluster"], "Resource": "*"},
		{"Effect": "Allow", "Action": ["dsql:CreateCluster", "dsql:PutWitnessRegion"], "Resource": "*", "Condition": {"StringLike": {"dsql:WitnessRegion": "${witness}"}}}`},
	{"abroad", `{"Effect": "Allow", "Action": "dsql:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "dsql:PutWitnessRegion", "Resource": "arn:aws:dsql:${witness}:*:cluster/*"}`},
	{"untagged", `{"Effect": "Allow", "Action": "dsql:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "dsql:TagResource", "Resource": "*"}`},
	{"keeper", `{"Effect": "Allow", "Action": "dsql:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "dsql:Delete*", "Resource": "*"}`},
	{"faithful", `{"Effect": "Allow", "Action": "dsql:*", "Resource": "*"},
		{"Effect": "Deny", "Action": "dsql:RemovePeerCluster", "Resource": "*"}`},
	{"nobody", `{"Effect": "Deny", "Action": "*", "Resource": "*"}`},
}

// Principals returns the principals of the table for a run in those Regions, each
// with an access key of its own and that secret key. They are for targets that
// are told of them, such as the reference endpoint.
func Principals(regions []model.Region, witness model.Region, secret string) []Principal {
	home := "us-east-1"
	if len(regions) > 0 {
		home = string(regions[0])
	}
	fill := strings.NewReplacer("${region}", home, "${witness}", string(witness))
	var list []Principal
	for _, p := range principals {
		list = append(list, Principal{
			Name:      p.name,
			AccessKey: (strings.ToUpper("AKIA"+p.name) + strings.Repeat("0", 20))[:20],
			SecretKey: secret,
			Policy:    json.RawMessage(`{"Version": "2012-10-17", "Statement": [` + fill.Replace(p.policy) + `]}`),
		})
	}
	return list
}
