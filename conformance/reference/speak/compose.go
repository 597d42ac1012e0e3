package speak

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// request is one that is to be signed and sent.
type request struct {
	method  string
	path    string
	query   url.Values
	region  model.Region
	members map[string]any // of the body; nil for none
	body    string         // where there are no members
	cluster string         // identifier of the cluster that is asked about
}

// line returns the path with the query.
func (r *request) line() string {
	if len(r.query) == 0 {
		return r.path
	}
	return r.path + "?" + r.query.Encode()
}

func (r *request) content() []byte {
	if r.members == nil {
		return []byte(r.body)
	}
	raw, _ := json.Marshal(r.members) // texts, flags, lists and maps of them
	return raw
}

// compose returns the request of an operation.
func (s *Speaker) compose(op model.Op) (request, error) {
	r := request{query: url.Values{}}
	if ref, at, ok := model.RefOf(op); ok {
		r.region, r.cluster = s.asked(ref, at), s.identifier(ref)
	}
	cluster := "/cluster/" + url.PathEscape(r.cluster)
	stream := func(h model.StreamRef) string {
		return "/stream/" + url.PathEscape(r.cluster) + "/" + url.PathEscape(s.stream(h))
	}
	tags := func(ref model.Ref, h model.StreamRef) string {
		arn := s.arn(ref, r.region)
		if h != (model.StreamRef{}) {
			arn += "/stream/" + s.stream(h)
		}
		return "/tags/" + url.PathEscape(arn)
	}
	switch op := op.(type) {
	case model.CreateCluster:
		r.method, r.path, r.region, r.members = "POST", "/cluster", op.Region, map[string]any{}
		r.switched("deletionProtectionEnabled", op.Protection)
		r.given("kmsEncryptionKey", op.Key)
		r.given("policy", filled(op.Policy))
		r.switched("bypassPolicyLockoutSafetyCheck", op.Bypass)
		r.tagged(op.Tags, op.GivenTags)
		s.multi(&r, op.Multi)
	case model.GetCluster:
		r.method, r.path = "GET", cluster
	case model.ListClusters:
		r.method, r.path, r.region = "GET", "/cluster", op.Region
		r.pages(op.Max, op.Next)
	case model.UpdateCluster:
		r.method, r.path, r.members = "POST", cluster, map[string]any{}
		r.switched("deletionProtectionEnabled", op.Protection)
		r.given("kmsEncryptionKey", op.Key)
		s.multi(&r, op.Multi)
	case model.DeleteCluster:
		r.method, r.path = "DELETE", cluster
	case model.TagResource:
		r.method, r.path, r.members = "POST", tags(op.Ref, op.Stream), map[string]any{"tags": op.Tags.Map()}
	case model.UntagResource:
		r.method, r.path = "DELETE", tags(op.Ref, op.Stream)
		r.query["tagKeys"] = op.Keys
	case model.ListTagsForResource:
		r.method, r.path = "GET", tags(op.Ref, op.Stream)
	case model.GetVpcEndpointServiceName:
		r.method, r.path = "GET", "/clusters/"+url.PathEscape(r.cluster)+"/vpc-endpoint-service-name"
	case model.PutClusterPolicy:
		r.method, r.path, r.members = "POST", cluster+"/policy", map[string]any{}
		r.given("policy", filled(model.Some(op.Policy)))
		r.switched("bypassPolicyLockoutSafetyCheck", op.Bypass)
		r.given("expectedPolicyVersion", s.expected(r.cluster, op.Expect))
	case model.GetClusterPolicy:
		r.method, r.path = "GET", cluster+"/policy"
	case model.DeleteClusterPolicy:
		r.method, r.path = "DELETE", cluster+"/policy"
		r.given("expected-policy-version", s.expected(r.cluster, op.Expect))
	case model.CreateStream:
		r.method, r.path, r.members = "POST", "/stream/"+url.PathEscape(r.cluster), map[string]any{
			"targetDefinition": map[string]any{"kinesis": s.target(op, r.region)},
			"ordering":         "UNORDERED",
			"format":           "JSON",
		}
		r.given("ordering", op.Ordering)
		r.given("format", op.Format)
		r.tagged(op.Tags, op.GivenTags)
	case model.GetStream:
		r.method, r.path = "GET", stream(op.Stream)
	case model.ListStreams:
		r.method, r.path = "GET", "/stream/"+url.PathEscape(r.cluster)
		r.pages(op.Max, op.Next)
	case model.DeleteStream:
		r.method, r.path = "DELETE", stream(op.Stream)
	case model.CreateMultiRegionClusters:
		r.method, r.path, r.region = "POST", "/multi-region-clusters", op.Region
		r.members = map[string]any{"linkedRegionList": op.Linked, "witnessRegion": op.Witness}
		if op.Protection != model.Unset {
			properties := map[model.Region]any{}
			for _, region := range op.Linked {
				properties[region] = map[string]any{"deletionProtectionEnabled": op.Protection == model.On}
			}
			r.members["clusterProperties"] = properties
		}
	case model.DeleteMultiRegionClusters:
		r.method, r.path, r.region = "DELETE", "/multi-region-clusters", op.Region
		for _, ref := range op.Refs {
			r.query.Add("linked-cluster-arns", s.arn(ref, op.Region))
		}
	case model.Await:
		r.method, r.path = "GET", cluster
		if op.Stream != (model.StreamRef{}) {
			r.path = stream(op.Stream)
		}
	case model.Raw:
		r.method, r.path, r.region, r.body = op.Method, op.Path, op.Region, op.Body.Value
	default:
		return r, fmt.Errorf("got %q, want an operation of the service", op.Name())
	}
	if text, ok := token(model.TokenOf(op)); ok {
		if r.members != nil {
			r.members["clientToken"] = text
		} else {
			r.query.Set("client-token", text)
		}
	}
	return r, nil
}

// given sets a member of the body, or of the query where there is no body.
func (r *request) given(name string, m model.Maybe) {
	switch {
	case !m.Given:
	case r.members != nil:
		r.members[name] = m.Value
	default:
		r.query.Set(name, m.Value)
	}
}

func (r *request) switched(name string, on model.Switch) {
	if on != model.Unset {
		r.members[name] = on == model.On
	}
}

func (r *request) tagged(t model.Tags, given bool) {
	if given || t.Len() > 0 {
		r.members["tags"] = t.Map()
	}
}

func (r *request) pages(limit int, next model.Maybe) {
	if limit != 0 {
		r.query.Set("max-results", strconv.Itoa(limit))
	}
	r.given("next-token", next)
}

func (s *Speaker) multi(r *request, multi *model.MultiRegion) {
	if multi == nil {
		return
	}
	m := map[string]any{}
	if multi.Witness.Given {
		m["witnessRegion"] = multi.Witness.Value
	}
	if multi.GivenPeers || len(multi.Peers) > 0 {
		arns := []string{}
		for _, p := range multi.Peers {
			arns = append(arns, s.arn(p, "us-east-1"))
		}
		m["clusters"] = arns
	}
	r.members["multiRegionProperties"] = m
}

// filled returns a policy with the account in its place.
func filled(policy model.Maybe) model.Maybe {
	policy.Value = strings.ReplaceAll(policy.Value, "${account}", reference.Account)
	return policy
}

// expected returns the expectedPolicyVersion that is sent for a cluster.
func (s *Speaker) expected(cluster string, e model.Expect) model.Maybe {
	switch known := s.versions[cluster]; {
	case e.Version == 0:
		return e.Literal
	case e.Version <= len(known):
		return model.Some(known[e.Version-1])
	}
	return model.Some(fmt.Sprintf("no version %d", e.Version))
}

// target returns where a new stream is to deliver to.
func (s *Speaker) target(op model.CreateStream, region model.Region) target {
	to := target{
		Stream: fmt.Sprintf("arn:aws:kinesis:%s:%s:stream/changes", region, reference.Account),
		Role:   fmt.Sprintf("arn:aws:iam::%s:role/changes", reference.Account),
	}
	if op.Kinesis.Given {
		to.Stream = op.Kinesis.Value
	}
	if op.Role.Given {
		to.Role = op.Role.Value
	}
	return to
}

// token returns what is sent for a token; its length is not kept.
func token(t model.Token) (string, bool) {
	switch {
	case t.Literal.Given:
		return t.Literal.Value, true
	case t.Name == "":
		return "", false
	case t.Near:
		return "token-" + strings.ToUpper(t.Name), true
	}
	return "token-" + t.Name, true
}

func (s *Speaker) identifier(ref model.Ref) string {
	if ref.Handle == 0 {
		return ref.Literal
	}
	return cmp.Or(s.ids[ref.Handle], fmt.Sprintf("%026d", ref.Handle))
}

func (s *Speaker) stream(ref model.StreamRef) string {
	if ref.Handle == 0 {
		return ref.Literal
	}
	return cmp.Or(s.streams[ref.Handle], fmt.Sprintf("%026d", ref.Handle))
}

func (s *Speaker) arn(ref model.Ref, otherwise model.Region) string {
	home := cmp.Or(s.homes[ref.Handle], otherwise)
	return fmt.Sprintf("arn:aws:dsql:%s:%s:cluster/%s", home, reference.Account, s.identifier(ref))
}

func (s *Speaker) asked(ref model.Ref, at model.Region) model.Region {
	return cmp.Or(at, s.homes[ref.Handle], "us-east-1")
}
