package weather

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clock is time that passes when it is told to.
type clock struct{ t time.Time }

func newClock() *clock { return &clock{time.Unix(1_790_000_000, 300_000_000)} }

func (k *clock) Now() time.Time            { return k.t }
func (k *clock) Sleep(d time.Duration)     { k.t = k.t.Add(d) }
func (k *clock) config(seed uint64) Config { return Config{Seed: seed, Now: k.Now, Sleep: k.Sleep} }

// fake is a small control plane. It remembers what was true when, and it
// refuses a request whose method, target or body is not the signed one.
type fake struct {
	*clock
	clusters []*cluster // in the order of their creation
	replays  map[string]*cluster
	calls    int // understood and signed
}

// cluster is one, or, when it has a host, a change stream of one: both live the
// same life here.
type cluster struct {
	id, region    string
	host          *cluster
	born, deleted time.Time // deleted is zero until a delete was accepted
	tags          []tagged  // the last is in force
	policies      []tagged  // likewise; nil is none
}

type tagged struct {
	since time.Time
	tags  map[string]string
}

const phase = time.Second // how long CREATING and DELETING take

func newFake(k *clock) *fake { return &fake{clock: k, replays: map[string]*cluster{}} }

func (c *cluster) arn() string {
	if c.host != nil {
		return c.host.arn() + "/stream/" + c.id
	}
	return "arn:aws:dsql:" + c.region + ":210987654321:cluster/" + c.id
}

// path is where the cluster or the stream is read.
func (c *cluster) path() string {
	if c.host != nil {
		return "/stream/" + c.host.id + "/" + c.id
	}
	return "/cluster/" + c.id
}

// status returns the status at a time, "gone" when there is none.
func (c *cluster) status(at time.Time) string {
	switch {
	case at.Before(c.born):
		return "gone"
	case !c.deleted.IsZero() && !at.Before(c.deleted.Add(phase)):
		return "gone"
	case !c.deleted.IsZero() && !at.Before(c.deleted):
		return "DELETING"
	case at.Before(c.born.Add(phase)):
		return "CREATING"
	}
	return "ACTIVE"
}

// tagsAt returns the tags at a time, none before the birth.
func (c *cluster) tagsAt(at time.Time) map[string]string {
	if now := inForce(c.tags, at); now != nil {
		return now
	}
	return map[string]string{}
}

// policyAt returns the policy at a time, "" for none.
func (c *cluster) policyAt(at time.Time) string { return inForce(c.policies, at)["policy"] }

func inForce(list []tagged, at time.Time) (now map[string]string) {
	for _, t := range list {
		if !at.Before(t.since) {
			now = t.tags
		}
	}
	return now
}

// was reports whether something held of the cluster less than lag before now.
func (c *cluster) was(now time.Time, lag time.Duration, holds func(at time.Time) bool) bool {
	moments := []time.Time{now, now.Add(-lag + 1), c.born, c.born.Add(phase), c.deleted, c.deleted.Add(phase)}
	for _, t := range slices.Concat(c.tags, c.policies) {
		moments = append(moments, t.since)
	}
	return slices.ContainsFunc(moments, func(at time.Time) bool {
		return !at.After(now) && now.Sub(at) < lag && holds(at)
	})
}

func (f *fake) find(region, id string) *cluster {
	for _, c := range f.clusters {
		if c.region == region && c.id == id && c.status(f.t) != "gone" {
			return c
		}
	}
	return nil
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	reply := func(status int, v any) {
		text, _ := json.Marshal(v)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(status)
		w.Write(text)
	}
	fail := func(status int, code string) {
		w.Header().Set("X-Amzn-Errortype", code)
		reply(status, map[string]string{"message": code, "reason": "other", "resourceId": "x", "resourceType": "cluster"})
	}
	region, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=KEY/20260101/")
	region, sum, ok2 := strings.Cut(region, "/dsql/aws4_request, SignedHeaders=host, Signature=")
	if !ok || !ok2 || sum != signature(r.Method, r.URL.RequestURI(), body) {
		fail(403, "AccessDeniedException")
		return
	}
	f.calls++
	var in struct {
		ClientToken string
		Policy      string
		Tags        map[string]string
	}
	if r.Method == "POST" && json.Unmarshal(body, &in) != nil {
		fail(400, "ValidationException")
		return
	}
	path := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(path, "/tags/"); ok {
		arn, _ := url.PathUnescape(rest)
		c := f.find(region, arn[strings.LastIndex(arn, "/")+1:])
		if c == nil || c.arn() != arn {
			fail(404, "ResourceNotFoundException")
			return
		}
		tags := maps.Clone(c.tagsAt(f.t))
		switch r.Method {
		case "GET":
			reply(200, map[string]any{"tags": tags})
			return
		case "POST":
			maps.Copy(tags, in.Tags)
		case "DELETE":
			for _, k := range r.URL.Query()["tagKeys"] {
				delete(tags, k)
			}
		}
		c.tags = append(c.tags, tagged{f.t, tags})
		return
	}
	part := strings.Split(path[1:], "/")
	at := f.find(region, part[min(len(part)-1, 1)])
	if len(part) > 1 && (at == nil || at.host != nil) {
		fail(404, "ResourceNotFoundException")
		return
	}
	if (path == "/cluster" || part[0] == "stream" && len(part) == 2) && r.Method == "POST" {
		token := region + path + in.ClientToken
		c := f.replays[token]
		if c == nil || in.ClientToken == "" {
			c = &cluster{id: fmt.Sprintf("%026d", len(f.clusters)), region: region, host: at, born: f.t, tags: []tagged{{f.t, in.Tags}}}
			if in.Tags == nil {
				c.tags[0].tags = map[string]string{}
			}
			f.clusters = append(f.clusters, c)
			f.replays[token] = c
		}
		out := summary(c, "CREATING")
		out["deletionProtectionEnabled"] = false
		reply(200, out)
		return
	}
	if path == "/cluster" || part[0] == "stream" && len(part) == 2 {
		f.list(region, at, r, reply)
		return
	}
	c := at
	switch {
	case part[len(part)-1] == "policy":
		if r.Method != "GET" {
			c.policies = append(c.policies, tagged{f.t, map[string]string{"policy": in.Policy}})
		}
		if r.Method == "GET" && c.policyAt(f.t) == "" {
			fail(404, "ResourceNotFoundException")
			return
		}
		reply(200, map[string]any{"policy": c.policyAt(f.t), "policyVersion": strconv.Itoa(len(c.policies))})
		return
	case len(part) == 3:
		if c = f.find(region, part[2]); c == nil || c.host != at {
			fail(404, "ResourceNotFoundException")
			return
		}
	}
	out := summary(c, c.status(f.t))
	switch r.Method {
	case "GET":
		out["tags"] = c.tagsAt(f.t)
		out["deletionProtectionEnabled"] = false
	case "DELETE":
		if c.deleted.IsZero() {
			c.deleted = f.t
		}
		out["status"] = "DELETING"
	}
	reply(200, out)
}

// summary is what a listing says of a cluster or a stream that shows a status.
func summary(c *cluster, status string) map[string]any {
	out := map[string]any{"identifier": c.id, "arn": c.arn(), "status": status, "creationTime": c.born.Unix()}
	if c.host != nil {
		out["streamIdentifier"], out["clusterIdentifier"] = c.id, c.host.id
		delete(out, "identifier")
	}
	return out
}

// list answers with a page of the clusters of the Region, or of the streams of
// host.
func (f *fake) list(region string, host *cluster, r *http.Request, reply func(int, any)) {
	size := 10
	if n, err := strconv.Atoi(r.URL.Query().Get("max-results")); err == nil {
		size = n
	}
	rows, last := []map[string]any{}, ""
	out := map[string]any{}
	for _, c := range f.clusters {
		if c.region != region || c.host != host || c.status(f.t) == "gone" || c.id <= r.URL.Query().Get("next-token") {
			continue
		}
		if len(rows) == size {
			out["nextToken"] = last
			break
		}
		rows, last = append(rows, summary(c, c.status(f.t))), c.id
	}
	out["clusters"] = rows
	if host != nil {
		out["streams"] = rows
		delete(out, "clusters")
	}
	reply(200, out)
}

func signature(method, target string, body []byte) string {
	return strconv.FormatUint(hash(method+" "+target+" "+string(body)), 16)
}

// request returns a signed request.
func request(method, region, target string, body []byte) *http.Request {
	r, err := http.NewRequest(method, "http://dsql.test"+target, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=KEY/20260101/"+region+
		"/dsql/aws4_request, SignedHeaders=host, Signature="+signature(method, r.URL.RequestURI(), body))
	return r
}

// got is what a client sees of an answer.
type got struct {
	Cut    bool
	Status int
	Code   string
	Retry  string
	Body   string

	members map[string]any
}

// lost reports whether the effect is not known.
func (g got) lost() bool { return g.Cut || g.Status >= 500 }

func (g got) text(key string) string { s, _ := g.members[key].(string); return s }

func (g got) tags() map[string]string {
	tags := map[string]string{}
	m, _ := g.members["tags"].(map[string]any)
	for k, v := range m {
		if !strings.HasPrefix(k, "stranger:") {
			tags[k] = v.(string)
		}
	}
	return tags
}

func (g got) rows() (ids []string) {
	for list, id := range map[string]string{"clusters": "identifier", "streams": "streamIdentifier"} {
		rows, _ := g.members[list].([]any)
		for _, r := range rows {
			ids = append(ids, r.(map[string]any)[id].(string))
		}
	}
	return ids
}

// client asks an endpoint and demands that its answers be well-formed.
type client struct {
	t failer
	http.RoundTripper
	log []string // what was got, in order
}

func (c *client) ask(method, region, target, body string) got {
	c.t.Helper()
	resp, err := c.RoundTrip(request(method, region, target, []byte(body)))
	if err == io.ErrUnexpectedEOF {
		c.log = append(c.log, "cut")
		return got{Cut: true}
	}
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: got a broken body: %v", method, target, err)
	}
	g := got{Status: resp.StatusCode, Code: resp.Header.Get("X-Amzn-Errortype"), Retry: resp.Header.Get("Retry-After"), Body: string(text)}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &g.members); err != nil {
			c.t.Fatalf("%s %s: got %q, want a JSON object: %v", method, target, text, err)
		}
	}
	want, known := map[string]int{"": 0, "AccessDeniedException": 403, "ValidationException": 400, "ResourceNotFoundException": 404,
		"ServiceQuotaExceededException": 402, "ThrottlingException": 429, "InternalServerException": 500}[g.Code]
	if !known || want != 0 && want != g.Status || want == 0 && g.Status/100 == 4 {
		c.t.Fatalf("%s %s: got %d %q, want a status code that agrees with the error", method, target, g.Status, g.Code)
	}
	required := map[int][]string{400: {"reason"}, 402: {"resourceId", "resourceType", "serviceCode", "quotaCode"}, 404: {"resourceId", "resourceType"}}
	if g.Status != 200 {
		for _, key := range append([]string{"message"}, required[g.Status]...) {
			if g.text(key) == "" {
				c.t.Fatalf("%s %s: got %s, want the member %s", method, target, text, key)
			}
		}
	}
	c.log = append(c.log, fmt.Sprint(g.Status, g.Code, g.Retry, g.Body))
	return g
}

// insist asks until the answer is not lost, throttled or over quota, at most
// three times.
func (c *client) insist(method, region, target, body string) got {
	c.t.Helper()
	for range patience + 1 {
		if g := c.ask(method, region, target, body); !g.lost() && g.Status != 429 && g.Status != 402 {
			return g
		}
	}
	c.t.Fatalf("%s %s failed %d times in a row", method, target, patience+1)
	return got{}
}

// listing follows a listing to its end and returns the pages.
func (c *client) listing(region string, size int) (pages [][]string) {
	c.t.Helper()
	return c.pages(region, "/cluster", size)
}

// pages follows the listing at a path to its end.
func (c *client) pages(region, path string, size int) (pages [][]string) {
	c.t.Helper()
	query := url.Values{}
	limit := 100
	if size > 0 {
		query.Set("max-results", strconv.Itoa(size))
		limit = size
	}
	for range 500 {
		target := path
		if len(query) > 0 {
			target += "?" + query.Encode()
		}
		g := c.insist("GET", region, target, "")
		if g.Status != 200 {
			c.t.Fatalf("listing: got %d %s", g.Status, g.Body)
		}
		pages = append(pages, g.rows())
		if len(g.rows()) > limit {
			c.t.Fatalf("listing: got a page of %d, want at most %d", len(g.rows()), limit)
		}
		next := g.text("nextToken")
		if next == "" {
			return pages
		}
		query.Set("next-token", next)
	}
	c.t.Fatalf("listing: no end after %d pages", len(pages))
	return nil
}

// under returns a client of a new fake under the named weathers.
func under(t testing.TB, seed uint64, names ...string) (*client, *fake) {
	t.Helper()
	k := newClock()
	f := newFake(k)
	wrap, _, err := Compose(names, k.config(seed))
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, RoundTripper: InProcess(wrap(f))}, f
}

func tagsPath(arn string) string { return "/tags/" + url.PathEscape(arn) }

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
