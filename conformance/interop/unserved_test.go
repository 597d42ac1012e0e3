//go:build unix

package interop_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
)

// detour sends requests for an operation to a path that no emulator knows: the
// answer is then what the emulator says of an operation that it lacks. Neither
// lacks one but those that are retired.
type detour struct{ http.RoundTripper }

func (d detour) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/vpc-endpoint-service-name") {
		req = req.Clone(req.Context())
		req.URL.Path, req.URL.RawPath = "/no/such/path", ""
	}
	return d.RoundTripper.RoundTrip(req)
}

func TestAnOperationThatIsNotServedIsListed(t *testing.T) {
	p := launch(t, "ministack") // moto answers with a web page, which may mean anything
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	known := slices.DeleteFunc(slices.Clone(p.Known), func(d conformance.Divergence) bool { return strings.HasPrefix(d.Signature, "DSQL-VPC-") })
	res := check(t, p, reach(t, p, detour{transport}), known)
	want := append(slices.Clone(p.NotImplemented), "GetVpcEndpointServiceName")
	if diff := cmp.Diff(want, res.NotServed); diff != "" {
		t.Errorf("not served (-want +got):\n%s", diff)
	}
	nothingNew(t, res)
}
