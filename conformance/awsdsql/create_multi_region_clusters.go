package awsdsql

import (
	"dsqlconform/conformance"
	"dsqlconform/model"
)

// createMultiRegionClusters returns the request of the retired operation, which
// the SDK no longer has.
func createMultiRegionClusters(f *form, op model.CreateMultiRegionClusters, call conformance.Call) {
	f.method, f.path = "POST", "/multi-region-clusters"
	f.members = map[string]any{"linkedRegionList": op.Linked, "witnessRegion": op.Witness, "clientToken": call.Token}
	if op.Protection != model.Unset {
		properties := map[model.Region]any{}
		for _, region := range op.Linked {
			properties[region] = map[string]any{"deletionProtectionEnabled": op.Protection == model.On}
		}
		f.members["clusterProperties"] = properties
	}
}
