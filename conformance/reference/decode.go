package reference

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dsqlconform/model"
)

// request is an authenticated request in the model's terms.
type request struct {
	op     model.Op
	region model.Region
	token  string // its client token, "" for none
	after  string // a listing begins behind this identifier
}

// route returns the segments of a path, unescaped. Paths are split by hand:
// [http.ServeMux] would redirect the identifiers "." and "..".
func route(u *url.URL) ([]string, bool) {
	path, ok := strings.CutPrefix(u.EscapedPath(), "/")
	if !ok {
		return nil, false
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return nil, false
		}
		segments[i] = plain
	}
	return segments, true
}

// decode reads a request. What it refuses itself cannot be said in the model's
// terms; everything else is left to the model.
func (e *Endpoint) decode(r *http.Request, region model.Region, body []byte) (request, *answer) {
	unknown := frontDoor(http.StatusNotFound, "UnknownOperationException", "there is no such operation")
	path, ok := route(r.URL)
	if !ok {
		return request{}, unknown
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return request{}, invalid("cannotParse", "", "the query cannot be parsed")
	}
	d := decoder{e: e, request: request{region: region}, query: query, body: body}
	switch key := r.Method + " " + path[0]; {
	case len(path) == 1 && key == "POST cluster":
		d.create()
	case len(path) == 1 && key == "GET cluster":
		d.list()
	case len(path) == 2 && key == "GET cluster":
		d.op = model.GetCluster{Ref: e.hold.lookup(path[1]), At: region}
	case len(path) == 2 && key == "POST cluster":
		d.update(path[1])
	case len(path) == 2 && key == "DELETE cluster":
		d.op = model.DeleteCluster{Ref: e.hold.lookup(path[1]), At: region, Token: d.queryToken()}
	case len(path) == 2 && key == "POST tags":
		d.tag(path[1])
	case len(path) == 2 && key == "DELETE tags":
		d.op = model.UntagResource{Ref: e.resource(path[1]), At: region, Keys: query["tagKeys"]}
	case len(path) == 2 && key == "GET tags":
		d.op = model.ListTagsForResource{Ref: e.resource(path[1]), At: region}
	case len(path) == 3 && key == "GET clusters" && path[2] == "vpc-endpoint-service-name":
		d.op = model.GetVpcEndpointServiceName{Ref: e.hold.lookup(path[1]), At: region}
	case unserved(r.Method, path):
		return request{}, frontDoor(http.StatusNotImplemented, "UnknownOperationException", "the operation is not served")
	default:
		return request{}, unknown
	}
	return d.request, d.refused
}

// unserved reports whether the path is that of an operation that the service
// has and the endpoint does not: policies and streams.
func unserved(method string, path []string) bool {
	known := map[string][]string{"POST": {"cluster/*/policy", "stream/*"}, "GET": {"cluster/*/policy", "stream/*", "stream/*/*"}, "DELETE": {"cluster/*/policy", "stream/*/*"}}
	shape := slices.Clone(path)
	for i := range shape {
		if i > 0 && shape[i] != "policy" {
			shape[i] = "*"
		}
	}
	return slices.Contains(known[method], strings.Join(shape, "/"))
}

// decoder reads the members of one request. The first member that cannot be
// read refuses it.
type decoder struct {
	request
	e       *Endpoint
	query   url.Values
	body    []byte
	object  map[string]json.RawMessage
	refused *answer
}

func (d *decoder) refuse(reason, field, message string) {
	if d.refused == nil {
		d.refused = invalid(reason, field, message)
	}
}

// parse reads the body: one JSON object, or nothing, which is an empty one.
// Names are taken as they are spelt; unknown members are ignored.
func (d *decoder) parse() {
	if len(bytes.TrimSpace(d.body)) == 0 {
		return
	}
	if !utf8.Valid(d.body) || json.Unmarshal(d.body, &d.object) != nil || d.object == nil {
		d.refuse("cannotParse", "", "the request body is not a JSON object")
	}
}

// member reads a member into value and reports whether it is there; null is
// absent.
func (d *decoder) member(object map[string]json.RawMessage, name string, value any) bool {
	raw := bytes.TrimSpace(object[name])
	if len(raw) == 0 || string(raw) == "null" {
		return false
	}
	if json.Unmarshal(raw, value) != nil {
		d.refuse("cannotParse", name, "the member has the wrong type")
		return false
	}
	return true
}

func (d *decoder) text(name string) model.Maybe {
	var m model.Maybe
	m.Given = d.member(d.object, name, &m.Value)
	return m
}

func (d *decoder) toggle(name string) model.Switch {
	var on bool
	if !d.member(d.object, name, &on) {
		return model.Unset
	}
	return model.SwitchOf(on)
}

func (d *decoder) tags() (model.Tags, bool) {
	var given map[string]*string
	if !d.member(d.object, "tags", &given) {
		return model.Tags{}, false
	}
	plain := make(map[string]string, len(given))
	for k, v := range given {
		if v == nil {
			d.refuse("cannotParse", "tags", "a tag value is null")
			return model.Tags{}, false
		}
		plain[k] = *v
	}
	return model.NewTags(plain), true
}

func (d *decoder) bodyToken() model.Token {
	token := d.text("clientToken")
	d.token = token.Value
	return model.Token{Literal: token}
}

func (d *decoder) queryToken() model.Token {
	if !d.query.Has("client-token") {
		return model.Token{}
	}
	d.token = d.query.Get("client-token")
	return model.Token{Literal: model.Some(d.token)}
}

// multi reads multiRegionProperties. More peers than the model can hold besides
// the cluster itself are refused.
func (d *decoder) multi() *model.MultiRegion {
	var object map[string]json.RawMessage
	if !d.member(d.object, "multiRegionProperties", &object) {
		return nil
	}
	m := &model.MultiRegion{}
	m.Witness.Given = d.member(object, "witnessRegion", &m.Witness.Value)
	var arns []*string
	m.GivenPeers = d.member(object, "clusters", &arns)
	for _, arn := range arns {
		if arn == nil {
			d.refuse("cannotParse", "multiRegionProperties.clusters", "a member of the list is null")
			return nil
		}
		ref := d.e.resource(*arn)
		if ref.Handle == 0 {
			ref.Literal = *arn // the whole of it tells strangers apart
		}
		m.Peers = append(m.Peers, ref)
	}
	if len(m.Peers) > model.MaxPeers+1 {
		d.refuse("fieldValidationFailed", "multiRegionProperties.clusters", "the list of clusters is too long")
	}
	return m
}

func (d *decoder) create() {
	d.parse()
	op := model.CreateCluster{Region: d.region, Protection: d.toggle("deletionProtectionEnabled"), Key: d.text("kmsEncryptionKey"), Multi: d.multi(), Token: d.bodyToken()}
	op.Tags, op.GivenTags = d.tags()
	d.text("policy") // not kept: policies are not served
	d.toggle("bypassPolicyLockoutSafetyCheck")
	if d.refused != nil {
		return
	}
	var room bool
	if op.As, room = d.e.hold.handle(); !room {
		d.refused = d.e.refusal(model.QuotaExceeded, "", op, "")
	}
	d.op = op
}

func (d *decoder) update(id string) {
	d.parse()
	d.op = model.UpdateCluster{Ref: d.e.hold.lookup(id), At: d.region, Protection: d.toggle("deletionProtectionEnabled"), Key: d.text("kmsEncryptionKey"), Multi: d.multi(), Token: d.bodyToken()}
}

func (d *decoder) tag(arn string) {
	d.parse()
	tags, given := d.tags()
	if !given {
		d.refuse("fieldValidationFailed", "tags", "the member is required")
	}
	d.op = model.TagResource{Ref: d.e.resource(arn), At: d.region, Tags: tags}
}

func (d *decoder) list() {
	op := model.ListClusters{Region: d.region}
	if d.query.Has("max-results") {
		n, err := strconv.Atoi(d.query.Get("max-results"))
		switch {
		case err != nil:
			d.refuse("cannotParse", "maxResults", "the member is not a number")
		case n == 0:
			n = -1 // 0 means none to the model, and is as little allowed
		}
		op.Max = n
	}
	if d.query.Has("next-token") {
		var ok bool
		if d.after, ok = d.e.pageAfter(d.region, d.query.Get("next-token")); !ok {
			op.Next = model.Some(d.query.Get("next-token"))
			d.after = ""
		}
	}
	d.op = op
}

var clusterARN = regexp.MustCompile(`^arn:(aws(?:-[^:]+)?):dsql:([a-z0-9-]{1,20}):([0-9]{12}):cluster/([a-z0-9]{26})$`)

// resource returns how to name, to the model, the cluster with that ARN. The
// ARN of another account, and of a cluster in a Region where it is not, names
// none.
func (e *Endpoint) resource(arn string) model.Ref {
	part := clusterARN.FindStringSubmatch(arn)
	if part == nil {
		// Neither 26 characters nor, by the colon, well-formed.
		return model.Ref{Literal: ":" + arn}
	}
	ref := e.hold.lookup(part[4])
	c, ok := e.hold.find(ref.Handle)
	if !ok || part[1] != "aws" || part[2] != string(c.Region) || part[3] != e.opts.Account {
		return model.Ref{Literal: part[4]}
	}
	return ref
}
