package weather

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// The operations that weather has something to say about beyond that they can be
// lost, throttled and slow.
const (
	createCluster = "CreateCluster"
	getCluster    = "GetCluster"
	listClusters  = "ListClusters"
	updateCluster = "UpdateCluster"
	tagResource   = "TagResource"
	listTags      = "ListTagsForResource"
	getPolicy     = "GetClusterPolicy"
	createStream  = "CreateStream"
	getStream     = "GetStream"
	listStreams   = "ListStreams"
	createLinked  = "CreateMultiRegionClusters"
)

// routes is the operations that weather understands.
var routes = map[string]string{
	"POST /cluster":                 createCluster,
	"GET /cluster":                  listClusters,
	"GET /cluster/{id}":             getCluster,
	"POST /cluster/{id}":            updateCluster,
	"DELETE /cluster/{id}":          "DeleteCluster",
	"GET /tags/{arn}":               listTags,
	"POST /tags/{arn}":              tagResource,
	"DELETE /tags/{arn}":            "UntagResource",
	"GET /clusters/{id}/vpc":        "GetVpcEndpointServiceName",
	"GET /cluster/{id}/policy":      getPolicy,
	"POST /cluster/{id}/policy":     "PutClusterPolicy",
	"DELETE /cluster/{id}/policy":   "DeleteClusterPolicy",
	"POST /stream/{id}":             createStream,
	"GET /stream/{id}":              listStreams,
	"GET /stream/{id}/{stream}":     getStream,
	"DELETE /stream/{id}/{stream}":  "DeleteStream",
	"POST /multi-region-clusters":   createLinked,
	"DELETE /multi-region-clusters": "DeleteMultiRegionClusters",
}

// maxBody is the longest request body that weather looks into.
const maxBody = 1 << 20

// call is a request that weather understands.
type call struct {
	op       string
	region   string
	client   string // who asks: access key and Region
	identity string // equal for the tries of one call
	place    string // equal too for the tries of a call whose token is made anew
	id       string // of the cluster, "" for none
	stream   string // of the stream, "" for none
	token    string // client token, "" for none
	next     string // nextToken of a listing
	max      int    // maxResults of a listing, 100 when not given
	peers    []name // of multiRegionProperties, foreign Regions or not
	path     string // as it was escaped

	r *http.Request // as it came
}

// name is what an ARN holds, that of a cluster or, when stream is not empty, of
// one of its streams.
type name struct{ partition, region, account, id, stream string }

func (n name) String() string {
	text := "arn:" + n.partition + ":dsql:" + n.region + ":" + n.account + ":cluster/" + n.id
	if n.stream != "" {
		text += "/stream/" + n.stream
	}
	return text
}

var (
	arnPattern = regexp.MustCompile(`^arn:(aws(?:-[^:]+)?):dsql:([a-z0-9-]{1,20}):([0-9]{12}):cluster/([a-z0-9]{26})(?:/stream/([a-z0-9]{26}))?$`)
	errBody    = errors.New("request not understood")
)

func parseARN(text string) (name, bool) {
	m := arnPattern.FindStringSubmatch(text)
	if m == nil {
		return name{}, false
	}
	return name{m[1], m[2], m[3], m[4], m[5]}, true
}

func validID(id string) bool {
	for i := range len(id) {
		if c := id[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(id) == 26
}

// mutates reports whether the call can have an effect.
func (c *call) mutates() bool { return c.r.Method != http.MethodGet }

// of returns the identifier of the resource that the call is about: that of a
// stream, or else of a cluster.
func (c *call) of() string { return cmp.Or(c.stream, c.id) }

// parse reads what weather needs from a request. Whether or not it understands
// it, the request can be served afterwards as if it had not been read.
func parse(r *http.Request) (*call, bool) {
	key, region, ok := scope(r.Header.Get("Authorization"))
	if !ok {
		return nil, false
	}
	path := r.URL.EscapedPath()
	shape, at, ok := place(path)
	if !ok {
		return nil, false
	}
	c := &call{op: routes[r.Method+" "+shape], region: region, client: key + " " + region, id: at.id, stream: at.stream, path: path, r: r, max: 100}
	if c.op == "" {
		return nil, false
	}
	if err := c.readQuery(); err != nil {
		return nil, false
	}
	var body []byte
	if r.Method == http.MethodPost {
		if body, ok = peek(r); !ok {
			return nil, false
		}
		if err := c.readBody(body); err != nil {
			return nil, false
		}
	}
	c.place = c.client + " " + c.op + " " + path
	c.identity = c.op + " " + region + " " + path + " " + c.token
	if c.token == "" {
		c.identity += "?" + r.URL.RawQuery + " " + strconv.FormatUint(hash(canonical(body)), 16)
	}
	return c, true
}

// canonical returns a JSON text with the members of its objects in order: a
// client may write a map in another order each time.
func canonical(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return string(body)
	}
	return string(raw(v))
}

// scope returns access key and Region of a SigV4 credential scope for the
// service: Credential=KEY/20260101/us-east-1/dsql/aws4_request.
func scope(authorization string) (key, region string, ok bool) {
	_, rest, ok := strings.Cut(authorization, "Credential=")
	if !ok {
		return "", "", false
	}
	if end := strings.IndexAny(rest, ", "); end >= 0 {
		rest = rest[:end]
	}
	part := strings.Split(rest, "/")
	if len(part) != 5 || part[2] == "" || part[3] != "dsql" || part[4] != "aws4_request" {
		return "", "", false
	}
	return part[0], part[2], true
}

// place returns the shape of an escaped path, as in routes, and the identifiers
// in it. A malformed identifier is not understood.
func place(path string) (shape string, at name, ok bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) == 2 && parts[0] == "tags" {
		text, err := url.PathUnescape(parts[1])
		if err != nil {
			return "", name{}, false
		}
		at, ok = parseARN(text)
		return "/tags/{arn}", at, ok
	}
	if len(parts) > 1 {
		at.id, parts[1] = parts[1], "{id}"
		if !validID(at.id) {
			return "", name{}, false
		}
	}
	if len(parts) > 2 && parts[0] == "stream" {
		at.stream, parts[2] = parts[2], "{stream}"
		if !validID(at.stream) {
			return "", name{}, false
		}
	}
	shape = "/" + strings.Join(parts, "/")
	return strings.TrimSuffix(shape, "-endpoint-service-name"), at, strings.HasPrefix(path, "/")
}

func (c *call) readQuery() error {
	if c.r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return err
	}
	for key, values := range query {
		switch {
		case key == "tagKeys", key == "linked-cluster-arns":
		case len(values) != 1:
			return errBody
		case key == "client-token":
			c.token = values[0]
		case key == "next-token":
			c.next = values[0]
		case key == "max-results":
			if c.max, err = strconv.Atoi(values[0]); err != nil || c.max < 1 || c.max > 100 {
				return errBody
			}
		}
	}
	return nil
}

func (c *call) readBody(text []byte) error {
	body, ok := decode(text)
	if !ok {
		return errBody
	}
	if c.op == tagResource {
		return nil
	}
	var multi struct {
		ARNs []string `json:"clusters"`
	}
	if err := body.member("clientToken", &c.token); err != nil {
		return err
	}
	if err := body.member("multiRegionProperties", &multi); err != nil {
		return err
	}
	for _, text := range multi.ARNs {
		if arn, ok := parseARN(text); ok && arn.stream == "" {
			c.peers = append(c.peers, arn)
		}
	}
	return nil
}

// peek returns the body of a request, or false when it is too long or cannot be
// read to its end. The request keeps its body.
func peek(r *http.Request) ([]byte, bool) {
	if r.Body == nil {
		return nil, true
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) <= maxBody {
		r.Body = io.NopCloser(bytes.NewReader(body))
		return body, true
	}
	rest := io.Reader(r.Body)
	if err != nil {
		rest = failing{err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), r.Body}
	return nil, false
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// object is a JSON object whose members are kept as they were written.
type object map[string]json.RawMessage

// member decodes a member into to, which keeps its value when the member is
// absent or null.
func (o object) member(key string, to any) error {
	raw, ok := o[key]
	if !ok {
		return nil
	}
	return json.Unmarshal(raw, to)
}
