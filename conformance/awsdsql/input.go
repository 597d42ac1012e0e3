package awsdsql

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"

	"dsqlconform/model"
)

// given returns a pointer to an optional text, nil when it is absent.
func given(m model.Maybe) *string {
	if !m.Given {
		return nil
	}
	return aws.String(m.Value)
}

// nonEmpty returns nil for "".
func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}

// boolOf returns nil for a switch that is unset.
func boolOf(s model.Switch) *bool {
	if s == model.Unset {
		return nil
	}
	return aws.Bool(s == model.On)
}

// multiOf returns the multiRegionProperties of a request, its clusters being
// peers. An empty list is sent as one.
func multiOf(m *model.MultiRegion, peers []string) *types.MultiRegionProperties {
	if m == nil {
		return nil
	}
	p := &types.MultiRegionProperties{WitnessRegion: given(m.Witness)}
	if m.GivenPeers || len(peers) > 0 {
		p.Clusters = append([]string{}, peers...)
	}
	return p
}
