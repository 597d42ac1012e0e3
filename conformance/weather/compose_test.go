package weather

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Any weathers in any order stay within the bounds of each.
func TestComposedWeatherStaysLegal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.Permutation(knownNames()).Draw(t, "names")
		names = names[:rapid.IntRange(0, len(names)).Draw(t, "how many")]
		k := newClock()
		f := newFake(k)
		wrap, lag, err := Compose(names, k.config(rapid.Uint64().Draw(t, "seed")))
		if err != nil {
			t.Fatal(err)
		}
		lag = max(lag, 60*time.Millisecond) // slow answers are that old
		c := &client{t: t, RoundTripper: InProcess(wrap(f))}

		regions := []string{"us-east-1", "us-east-2"}
		made := map[string]*cluster{} // and streams
		pick := func() *cluster {
			return made[rapid.SampledFrom(slices.Sorted(maps.Keys(made))).Draw(t, "resource")]
		}
		host := func() *cluster {
			if x := pick(); x.host == nil {
				return x
			} else {
				return x.host
			}
		}
		steps := rapid.IntRange(5, 60).Draw(t, "steps")
		for step := range steps {
			k.Sleep(time.Duration(rapid.IntRange(0, 400).Draw(t, "ms")) * time.Millisecond)
			action := rapid.SampledFrom([]string{"create", "create", "peer", "get", "get", "get", "tags", "tag", "untag", "delete", "list", "list", "stream", "streams", "put", "policy"}).Draw(t, "action")
			if len(made) == 0 {
				action = "create"
			}
			switch action {
			case "create", "peer":
				region := rapid.SampledFrom(regions).Draw(t, "region")
				body := fmt.Sprintf(`{"clientToken":"%d","tags":{"n":"%d"}`, step, step)
				var peer *cluster
				if action == "peer" {
					peer = host()
					body += fmt.Sprintf(`,"multiRegionProperties":{"clusters":[%q]}`, peer.arn())
				}
				g := c.insist("POST", region, "/cluster", body+"}")
				if g.Status == 200 {
					made[g.text("identifier")] = f.find(region, g.text("identifier"))
				} else if peer == nil || k.t.Sub(peer.born) >= ReadLag || !slices.Contains(names, "region-lag") {
					t.Fatalf("create: got %d %s, want 200", g.Status, g.Body)
				}
			case "get":
				x := pick()
				checkRead(t, k, x, c.insist("GET", x.region, x.path(), ""), lag)
			case "tags":
				x := pick()
				if x.status(k.t) == "ACTIVE" {
					checkTags(t, k, x, c.insist("GET", x.region, tagsPath(x.arn()), ""), lag)
				}
			case "tag":
				x := pick()
				c.insist("POST", x.region, tagsPath(x.arn()), fmt.Sprintf(`{"tags":{"n":"%d"}}`, step))
			case "untag":
				x := pick()
				c.insist("DELETE", x.region, tagsPath(x.arn())+"?tagKeys=n&tagKeys=m", "")
			case "delete":
				x := pick()
				c.insist("DELETE", x.region, x.path()+"?client-token=d", "")
			case "list":
				region := rapid.SampledFrom(regions).Draw(t, "region")
				checkListing(t, k, f, c, region, nil, rapid.IntRange(0, 4).Draw(t, "size"), slices.Contains(names, "strangers"))
			case "stream":
				x := host()
				if x.status(k.t) == "ACTIVE" {
					g := c.insist("POST", x.region, "/stream/"+x.id, fmt.Sprintf(`{"clientToken":"%d","tags":{"n":"%d"}}`, step, step))
					made[g.text("streamIdentifier")] = f.find(x.region, g.text("streamIdentifier"))
				}
			case "streams":
				if x := host(); x.status(k.t) == "ACTIVE" {
					checkListing(t, k, f, c, x.region, x, rapid.IntRange(0, 4).Draw(t, "size"), false)
				}
			case "put":
				x := host()
				c.insist("POST", x.region, x.path()+"/policy", fmt.Sprintf(`{"clientToken":"%d","policy":"%d"}`, step, step))
			case "policy":
				x := host()
				checkPolicy(t, k, x, c.insist("GET", x.region, x.path()+"/policy", ""), lag)
			}
		}
		k.Sleep(ReadLag + phase)
		for _, id := range slices.Sorted(maps.Keys(made)) {
			x := made[id]
			checkRead(t, k, x, c.insist("GET", x.region, x.path(), ""), 60*time.Millisecond)
		}
	})
}

// failer is what checks need of a test.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func checkRead(t failer, k *clock, x *cluster, g got, lag time.Duration) {
	t.Helper()
	status := g.text("status")
	if g.Status == 404 {
		status = "gone"
		if x.host != nil && x.host.status(k.t) == "gone" {
			return // with its cluster
		}
	}
	if !x.was(k.t, lag, func(at time.Time) bool { return x.status(at) == status }) {
		t.Fatalf("got %d %s, want a status of the last %v; now it is %s", g.Status, g.Body, lag, x.status(k.t))
	}
	if g.Status == 200 {
		checkTags(t, k, x, g, lag)
	}
}

func checkTags(t failer, k *clock, x *cluster, g got, lag time.Duration) {
	t.Helper()
	if !x.was(k.t, max(lag, time.Second), func(at time.Time) bool { return maps.Equal(x.tagsAt(at), g.tags()) }) {
		t.Fatalf("got %d %s, want tags of the last %v; now they are %v", g.Status, g.Body, lag, x.tagsAt(k.t))
	}
}

func checkPolicy(t failer, k *clock, x *cluster, g got, lag time.Duration) {
	t.Helper()
	if !x.was(k.t, max(lag, time.Second), func(at time.Time) bool {
		if g.Status == 404 {
			return x.policyAt(at) == "" || x.status(at) == "gone"
		}
		return g.Status == 200 && x.policyAt(at) == g.text("policy")
	}) {
		t.Fatalf("got %d %s, want the policy of the last %v; now it is %q", g.Status, g.Body, lag, x.policyAt(k.t))
	}
}

// checkListing checks the listing of a Region's clusters, or of a cluster's
// streams.
func checkListing(t failer, k *clock, f *fake, c *client, region string, host *cluster, size int, strangers bool) {
	t.Helper()
	begin, path := k.t.Add(-time.Second), "/cluster"
	if host != nil {
		path = "/stream/" + host.id
	}
	count := map[string]int{}
	for _, page := range c.pages(region, path, size) {
		for _, id := range page {
			count[id]++
		}
	}
	for _, x := range f.clusters {
		n := count[x.id]
		delete(count, x.id)
		ours := x.region == region && x.host == host
		always := ours && x.status(begin) != "gone" && x.status(k.t) != "gone"
		ever := ours && x.was(k.t, k.t.Sub(begin), func(at time.Time) bool { return x.status(at) != "gone" })
		if n > 1 || n == 0 && always || n == 1 && !ever {
			t.Fatalf("listing of %s: got %s %d times; it was %s and is %s", region, x.id, n, x.status(begin), x.status(k.t))
		}
	}
	if want := map[bool]int{true: crowd}[strangers]; len(count) != want {
		t.Fatalf("listing of %s: got the strangers %v, want %d", region, count, want)
	}
}

// script asks the same calls of any endpoint.
func script(c *client, k *clock) []string {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		k.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
		id := fmt.Sprintf("%026d", r.IntN(1+i/20))
		switch r.IntN(16) {
		case 0, 1:
			c.ask("POST", "us-east-1", "/cluster", fmt.Sprintf(`{"clientToken":"%d"}`, i/2))
		case 2, 3, 11, 12, 13, 14, 15:
			c.ask("GET", "us-east-1", "/cluster/"+id, "")
		case 4:
			c.ask("POST", "us-east-1", tagsPath("arn:aws:dsql:us-east-1:210987654321:cluster/"+id), fmt.Sprintf(`{"tags":{"n":"%d"}}`, i))
		case 5:
			c.ask("DELETE", "us-east-1", "/cluster/"+id, "")
		case 6:
			c.ask("GET", "us-east-1", "/cluster?max-results=100", "")
		case 7:
			c.ask("POST", "us-east-1", "/stream/"+id, fmt.Sprintf(`{"clientToken":"%d"}`, i/2))
		case 8:
			c.ask("GET", "us-east-1", "/stream/"+id, "")
		case 9:
			c.ask("POST", "us-east-1", "/cluster/"+id+"/policy", fmt.Sprintf(`{"policy":"%d"}`, i))
		case 10:
			c.ask("GET", "us-east-1", "/cluster/"+id+"/policy", "")
		}
	}
	return c.log
}

func TestWeatherIsDeterministic(t *testing.T) {
	for _, names := range append([][]string{knownNames()}, chunks(knownNames())...) {
		if slices.Contains(names, "region-lag") && len(names) == 1 {
			continue // the script peers with nobody; its own test repeats by seed
		}
		run := func(seed uint64) []string {
			c, f := under(t, seed, names...)
			return script(c, f.clock)
		}
		first := run(1)
		if diff := cmp.Diff(first, run(1)); diff != "" {
			t.Errorf("%v: the same seed gave another answer:\n%s", names, diff)
		}
		others := 0
		for seed := range uint64(8) {
			if !slices.Equal(first, run(seed+2)) {
				others++
			}
		}
		if others == 0 && names[0] != "slow" {
			t.Errorf("%v: every seed gave the same answers", names)
		}
	}
}

func chunks(names []string) (list [][]string) {
	for _, n := range names {
		list = append(list, []string{n})
	}
	return list
}

// What weather does not understand must reach the endpoint as it was sent, and
// come back as it was answered, every time.
func TestUnknownTrafficIsLeftAlone(t *testing.T) {
	id := strings.Repeat("a", 26)
	scope := "AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/dsql/aws4_request, Signature=x"
	for _, tt := range []struct{ name, method, target, auth, body string }{
		{"no signature", "GET", "/cluster", "", ""},
		{"another scheme", "GET", "/cluster", "Bearer x", ""},
		{"another service", "GET", "/cluster", "AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/s3/aws4_request", ""},
		{"a scope without a Region", "GET", "/cluster", "AWS4-HMAC-SHA256 Credential=KEY/20260101//dsql/aws4_request", ""},
		{"a path of nobody", "GET", "/", scope, ""},
		{"a path with a trailing slash", "GET", "/cluster/", scope, ""},
		{"a malformed identifier", "DELETE", "/cluster/.", scope, ""},
		{"an identifier in capitals", "GET", "/cluster/" + strings.ToUpper(id), scope, ""},
		{"an escaped path", "GET", "/cluster/%61" + id[1:], scope, ""},
		{"a policy of nobody", "GET", "/cluster/./policy", scope, ""},
		{"a policy that is a list", "POST", "/cluster/" + id + "/policy", scope, "[]"},
		{"a stream of nobody", "POST", "/stream/" + id[1:], scope, "{}"},
		{"a malformed stream", "GET", "/stream/" + id + "/..", scope, ""},
		{"something of a stream", "GET", "/stream/" + id + "/" + id + "/tags", scope, ""},
		{"tags of a malformed stream", "GET", "/tags/arn:aws:dsql:us-east-1:123456789012:cluster%2F" + id + "%2Fstream%2F" + id[1:], scope, ""},
		{"a retired operation on one", "GET", "/multi-region-clusters/" + id, scope, ""},
		{"a wrong method", "PUT", "/cluster", scope, "{}"},
		{"no body", "POST", "/cluster", scope, ""},
		{"a list for a body", "POST", "/cluster", scope, "[]"},
		{"null for a body", "POST", "/cluster", scope, "null"},
		{"half a body", "POST", "/cluster", scope, `{"clientToken":`},
		{"a token that is a number", "POST", "/cluster", scope, `{"clientToken":7}`},
		{"peers that are no list", "POST", "/cluster/" + id, scope, `{"multiRegionProperties":{"clusters":{}}}`},
		{"a body that is no UTF-8", "POST", "/cluster", scope, "{\"a\":\"\xff\"}"},
		{"a body beyond measure", "POST", "/cluster", scope, `{"a":"` + strings.Repeat("b", maxBody) + `"}`},
		{"too many results", "GET", "/cluster?max-results=101", scope, ""},
		{"two tokens", "GET", "/cluster?next-token=a&next-token=b", scope, ""},
		{"a malformed query", "GET", "/cluster?next-token=%zz", scope, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var method, target, body string
			endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				method, target, body = r.Method, r.RequestURI, string(b)
				w.Header()["X-Odd"] = []string{"1", "2"}
				w.WriteHeader(299)
				io.WriteString(w, "<p>not JSON")
			})
			wrap, _, err := Compose(knownNames(), Config{Seed: 1, Sleep: func(time.Duration) { t.Error("slept") }})
			if err != nil {
				t.Fatal(err)
			}
			under := wrap(endpoint)
			for range 30 {
				r := httptest.NewRequest(tt.method, "/", strings.NewReader(tt.body))
				r.RequestURI = tt.target
				path, query, _ := strings.Cut(tt.target, "?")
				r.URL.Path, r.URL.RawPath, r.URL.RawQuery = unescape(path), path, query
				r.Header.Set("Authorization", tt.auth)
				w := httptest.NewRecorder()
				under.ServeHTTP(w, r)
				if method != tt.method || target != tt.target || body != tt.body {
					t.Fatalf("endpoint got %s %s with %d bytes, want %s %s with %d", method, target, len(body), tt.method, tt.target, len(tt.body))
				}
				if w.Code != 299 || w.Body.String() != "<p>not JSON" || len(w.Header()["X-Odd"]) != 2 {
					t.Fatalf("client got %d %q, want the endpoint's answer", w.Code, w.Body)
				}
			}
		})
	}
}

func unescape(path string) string {
	return strings.NewReplacer("%2F", "/", "%61", "a").Replace(path)
}

// A hostile page token is the endpoint's business.
func TestForeignPageTokensReachTheEndpoint(t *testing.T) {
	for _, token := range []string{"nonsense", "strangers-1", "empty-pages-9", ""} {
		var target string
		endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			target = r.RequestURI
			w.WriteHeader(400)
			io.WriteString(w, `{"message":"bad token","reason":"other"}`)
		})
		wrap, _, err := Compose([]string{"strangers", "empty-pages", "listing-lag"}, Config{})
		if err != nil {
			t.Fatal(err)
		}
		r := request("GET", "us-east-1", "/cluster?next-token="+token, nil)
		resp, err := InProcess(wrap(endpoint)).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != 400 || target != "/cluster?next-token="+token {
			t.Errorf("token %q: got %d for %s, want the endpoint's 400", token, resp.StatusCode, target)
		}
	}
}

// A body that cannot be read to its end fails for the endpoint as it would
// have without weather.
func TestBrokenBodiesStayBroken(t *testing.T) {
	r := request("POST", "us-east-1", "/cluster", nil)
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), failing{io.ErrUnexpectedEOF}))
	var got bytes.Buffer
	var err error
	endpoint := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, err = got.ReadFrom(r.Body) })
	w, _ := Lookup("lost-before")
	w.Wrap(endpoint, Config{}).ServeHTTP(httptest.NewRecorder(), r)
	if err != io.ErrUnexpectedEOF || got.String() != "{" {
		t.Errorf("got %q and error %v, want the part that came and the error", got.String(), err)
	}
}

// A refusal that the caller earned is not covered up by what it could read
// before.
func TestRefusalsAreShown(t *testing.T) {
	calm := []string{"read-after-write", "stale-reads", "flapping", "region-lag", "strangers", "empty-pages", "subsecond", "slow", "listing-lag"}
	for seed := range uint64(10) {
		c, f := under(t, seed, calm...)
		id := c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier")
		foreign := &others{sky: &sky{Config: Config{Seed: seed}}}
		for range 10 {
			f.Sleep(50 * time.Millisecond)
			for _, path := range []string{"/cluster/" + id, "/cluster/" + foreign.foreign("us-east-1")[0].ID, "/cluster", tagsPath(f.clusters[0].arn())} {
				c.ask("GET", "us-east-1", path, "")
				r := request("GET", "us-east-1", path, []byte("not signed"))
				r.Body = http.NoBody
				resp, err := c.RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				if resp.StatusCode != 403 {
					t.Fatalf("%s: got %d, want the endpoint's 403", path, resp.StatusCode)
				}
			}
		}
	}
}

// A page that is longer than was asked for is the endpoint's fault to show.
func TestAPageTooLongIsLeftAlone(t *testing.T) {
	const body = `{"clusters":[{"identifier":"a"},{"identifier":"b"},{"identifier":"c"}]}`
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
	wrap, _, err := Compose([]string{"strangers", "empty-pages", "listing-lag"}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		resp, err := InProcess(wrap(endpoint)).RoundTrip(request("GET", "us-east-1", "/cluster?max-results=2", nil))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(resp.Body); string(got) != body {
			t.Fatalf("got %s, want it untouched", got)
		}
	}
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	var m memory[int]
	const n = 3*memorySize + 7
	for i := range n {
		m.put(fmt.Sprint(i), i)
		if size := len(m.fresh) + len(m.faded); size > 2*memorySize {
			t.Fatalf("got %d keys, want at most %d", size, 2*memorySize)
		}
	}
	for i := n - memorySize; i < n; i++ {
		if v, ok := m.get(fmt.Sprint(i)); !ok || v != i {
			t.Fatalf("got %d, %v for key %d, want it among the last %d", v, ok, i, memorySize)
		}
	}
	m.drop(fmt.Sprint(n - 1))
	if m.has(fmt.Sprint(n-1)) || m.has("0") {
		t.Error("got a dropped or an old key")
	}
}

func TestWeatherIsSafeForConcurrentUse(t *testing.T) {
	id := strings.Repeat("a", 26)
	row := `{"identifier":"` + id + `","arn":"arn:aws:dsql:us-east-1:123456789012:cluster/` + id + `"`
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == "GET" && r.URL.Path == "/cluster" {
			io.WriteString(w, `{"clusters":[`+row+`}]}`)
			return
		}
		io.WriteString(w, row+`,"status":"ACTIVE","creationTime":1790000000,"tags":{}}`)
	})
	wrap, _, err := Compose(knownNames(), Config{Sleep: func(time.Duration) {}})
	if err != nil {
		t.Fatal(err)
	}
	via := InProcess(wrap(endpoint))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for k := range 100 {
				for _, r := range []*http.Request{
					request("POST", "us-east-1", "/cluster", fmt.Appendf(nil, `{"clientToken":"%d-%d"}`, i, k)),
					request("GET", "us-east-1", "/cluster", nil),
					request("GET", "us-east-1", "/cluster/"+id, nil),
				} {
					if _, err := via.RoundTrip(r); err != nil && err != io.ErrUnexpectedEOF {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
}
