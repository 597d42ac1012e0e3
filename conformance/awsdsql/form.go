package awsdsql

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// form is a request of an operation that is made by hand. It is what the SDK
// would have made of the call.
type form struct {
	method  string
	path    string // with its members filled in, without the query
	query   url.Values
	members map[string]any // of the body; nil for none
}

// request returns the form as an HTTP request.
func (f *form) request() request {
	r := request{method: f.method, path: f.path}
	if len(f.query) > 0 {
		r.path += "?" + f.query.Encode()
	}
	if f.members != nil {
		r.media, r.sized = "application/json", true
		r.body, _ = json.Marshal(f.members) // of maps, texts and booleans: cannot fail
	}
	return r
}

// refused returns the request of a call that the SDK does not send, or not as it
// is meant: it wants every member of the path and every required enumeration,
// even with its validation removed, leaves out a flag that is false, and has
// forgotten the operations that are retired.
func refused(call conformance.Call) (request, bool) {
	retired, byHand := false, false
	switch op := call.Op.(type) {
	case model.CreateMultiRegionClusters, model.DeleteMultiRegionClusters:
		retired = true
	case model.CreateCluster:
		byHand = op.Bypass == model.Off
	case model.PutClusterPolicy:
		byHand = op.Bypass == model.Off
	case model.CreateStream:
		ordering, format := streamOf(op)
		byHand = ordering == "" || format == ""
	}
	shape, ok := model.LookupShape(model.Current, operation(call.Op))
	if !ok && !retired {
		return request{}, false
	}
	missing := false
	var fill []string
	for _, member := range []struct{ name, value string }{
		{"{identifier}", call.Identifier}, {"{clusterIdentifier}", call.Identifier},
		{"{streamIdentifier}", call.Stream}, {"{resourceArn}", call.ARN},
	} {
		missing = missing || member.value == "" && strings.Contains(shape.Path, member.name)
		fill = append(fill, member.name, url.PathEscape(member.value))
	}
	if !missing && !byHand && !retired {
		return request{}, false
	}
	f := form{method: shape.Method, path: strings.NewReplacer(fill...).Replace(shape.Path), query: url.Values{}}
	f.fill(call)
	return f.request(), true
}

// operation returns the service's name of what an operation asks.
func operation(op model.Op) string {
	if wait, ok := op.(model.Await); ok {
		if wait.Stream != (model.StreamRef{}) {
			return model.GetStream{}.Name()
		}
		return model.GetCluster{}.Name()
	}
	return op.Name()
}

// fill adds what the operation asks for to a form.
func (f *form) fill(call conformance.Call) {
	text := func(name string, value model.Maybe) {
		if value.Given {
			f.members[name] = value.Value
		}
	}
	flag := func(name string, value model.Switch) {
		if value != model.Unset {
			f.members[name] = value == model.On
		}
	}
	switch op := call.Op.(type) {
	case model.CreateCluster:
		f.members = map[string]any{"clientToken": call.Token}
		flag("deletionProtectionEnabled", op.Protection)
		text("kmsEncryptionKey", op.Key)
		f.multi(op.Multi, call.Peers)
		if op.GivenTags || op.Tags.Len() > 0 {
			f.members["tags"] = op.Tags.Map()
		}
		text("policy", model.Maybe{Value: call.Policy, Given: op.Policy.Given})
		flag("bypassPolicyLockoutSafetyCheck", op.Bypass)
	case model.UpdateCluster:
		f.members = map[string]any{"clientToken": call.Token}
		flag("deletionProtectionEnabled", op.Protection)
		text("kmsEncryptionKey", op.Key)
		f.multi(op.Multi, call.Peers)
	case model.DeleteCluster, model.DeleteStream:
		f.query.Set("client-token", call.Token)
	case model.TagResource:
		f.members = map[string]any{"tags": op.Tags.Map()}
	case model.UntagResource:
		f.query["tagKeys"] = op.Keys
	case model.PutClusterPolicy:
		f.members = map[string]any{"clientToken": call.Token, "policy": call.Policy}
		flag("bypassPolicyLockoutSafetyCheck", op.Bypass)
		text("expectedPolicyVersion", call.Expect)
	case model.DeleteClusterPolicy:
		f.query.Set("client-token", call.Token)
		if call.Expect.Given {
			f.query.Set("expected-policy-version", call.Expect.Value)
		}
	case model.CreateStream:
		ordering, format := streamOf(op)
		f.members = map[string]any{
			"clientToken": call.Token, "ordering": ordering, "format": format,
			"targetDefinition": map[string]any{"kinesis": map[string]any{"streamArn": call.Kinesis, "roleArn": call.Role}},
		}
		if op.GivenTags || op.Tags.Len() > 0 {
			f.members["tags"] = op.Tags.Map()
		}
	case model.ListStreams:
		if page := next(call.Page, op.Next); page != nil {
			f.query.Set("next-token", *page)
		}
		if limit := most(op.Max); limit != nil {
			f.query.Set("max-results", strconv.Itoa(int(*limit)))
		}
	case model.CreateMultiRegionClusters:
		createMultiRegionClusters(f, op, call)
	case model.DeleteMultiRegionClusters:
		deleteMultiRegionClusters(f, call)
	}
}

// multi adds multiRegionProperties to the body.
func (f *form) multi(m *model.MultiRegion, peers []string) {
	multi := multiOf(m, peers)
	if multi == nil {
		return
	}
	properties := map[string]any{}
	if multi.WitnessRegion != nil {
		properties["witnessRegion"] = *multi.WitnessRegion
	}
	if multi.Clusters != nil {
		properties["clusters"] = multi.Clusters
	}
	f.members["multiRegionProperties"] = properties
}
