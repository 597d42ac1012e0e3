package awsdsql

import (
	"math"

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

// next returns the nextToken of a listing: that of the page, or else the first
// one to send.
func next(page string, first model.Maybe) *string {
	if page != "" {
		return aws.String(page)
	}
	return given(first)
}

// most returns maxResults, nil for 0.
func most(n int) *int32 {
	if n == 0 {
		return nil
	}
	return aws.Int32(int32(min(max(n, math.MinInt32), math.MaxInt32)))
}
