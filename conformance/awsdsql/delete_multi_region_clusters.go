package awsdsql

import "dsqlconform/conformance"

// deleteMultiRegionClusters returns the request of the retired operation, which
// the SDK no longer has.
func deleteMultiRegionClusters(f *form, call conformance.Call) {
	f.method, f.path = "DELETE", "/multi-region-clusters"
	f.query["linked-cluster-arns"] = call.ARNs
	f.query.Set("client-token", call.Token)
}
