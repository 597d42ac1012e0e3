package weather

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// hosted returns a client under the weathers, and a cluster of its endpoint that
// is ACTIVE and no longer young.
func hosted(t testing.TB, seed uint64, names ...string) (*client, *fake, *cluster) {
	t.Helper()
	c, f := under(t, seed, names...)
	c.insist("POST", "us-east-1", "/cluster", `{"clientToken":"host"}`)
	f.Sleep(ReadLag)
	return c, f, f.clusters[0]
}

// stream makes a stream of a cluster.
func stream(c *client, f *fake, host *cluster, token string) *cluster {
	c.t.Helper()
	g := c.insist("POST", host.region, "/stream/"+host.id, fmt.Sprintf(`{"clientToken":%q,"tags":{"n":"0"}}`, token))
	return f.find(host.region, g.text("streamIdentifier"))
}

func TestAYoungStreamIsHidden(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		c, f, host := hosted(t, seed, "read-after-write")
		x := stream(c, f, host, "s")
		for range 40 {
			f.Sleep(100 * time.Millisecond)
			g := c.ask("GET", "us-east-1", x.path(), "")
			if g.Status == 404 {
				seen++
				if age := f.t.Sub(x.born); age >= ReadLag || g.text("resourceType") != "stream" || g.text("resourceId") != x.id {
					t.Fatalf("got %s for a stream of age %v, want it about the stream, and none from %v on", g.Body, age, ReadLag)
				}
			}
			if g := c.ask("GET", "us-east-1", host.path(), ""); g.Status != 200 {
				t.Fatalf("got %d for a cluster that is not young, want 200", g.Status)
			}
		}
		return seen
	})
}

func TestReadsOfStreamsAndPoliciesAreYoungerThanTheLag(t *testing.T) {
	for _, tt := range []struct {
		weather string
		lag     time.Duration
	}{{"stale-reads", ReadLag}, {"listing-lag", time.Second}} {
		tags, policies := 0, 0
		for seed := range uint64(40) {
			c, f, host := hosted(t, seed, tt.weather)
			x := stream(c, f, host, "s")
			for i := range 20 {
				c.ask("POST", "us-east-1", tagsPath(x.arn()), fmt.Sprintf(`{"tags":{"n":"%d"}}`, i+1))
				c.ask("POST", "us-east-1", host.path()+"/policy", fmt.Sprintf(`{"policy":"p%d"}`, i))
				if i%7 == 6 {
					c.ask("DELETE", "us-east-1", host.path()+"/policy", "")
				}
				f.Sleep(time.Duration(1+i*50%1700) * time.Millisecond)
				for _, path := range []string{x.path(), tagsPath(x.arn())} {
					g := c.ask("GET", "us-east-1", path, "")
					checkTags(t, f.clock, x, g, tt.lag)
					if !maps.Equal(g.tags(), x.tagsAt(f.t)) {
						tags++
					}
				}
				g := c.ask("GET", "us-east-1", host.path()+"/policy", "")
				checkPolicy(t, f.clock, host, g, tt.lag)
				if g.text("policy") != host.policyAt(f.t) {
					policies++
				}
			}
		}
		if tags == 0 || policies == 0 {
			t.Errorf("%s: got %d old tags and %d old policies, want some of both", tt.weather, tags, policies)
		}
	}
}

func TestAStreamFlaps(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		c, f, host := hosted(t, seed, "flapping")
		x := stream(c, f, host, "s")
		for i := range 40 {
			if i == 20 {
				c.ask("DELETE", "us-east-1", x.path(), "")
			}
			f.Sleep(100 * time.Millisecond)
			g := c.ask("GET", "us-east-1", x.path(), "")
			checkRead(t, f.clock, x, g, ReadLag)
			if shown := g.text("status"); shown != x.status(f.t) && shown != "" {
				seen++
			}
		}
		return seen
	})
}

func TestListingsOfStreamsInPages(t *testing.T) {
	empty := 0
	for seed := range uint64(40) {
		c, f, host := hosted(t, seed, "empty-pages", "strangers")
		other := f.find("us-east-1", c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier"))
		var ours []string
		for i := range 5 {
			ours = append(ours, stream(c, f, host, fmt.Sprint(i)).id)
			stream(c, f, other, fmt.Sprint(i))
		}
		for size := range 7 {
			// Two listings at once do not get each other's rows.
			next := c.ask("GET", "us-east-1", "/stream/"+other.id+"?max-results=1", "").text("nextToken")
			pages := c.pages("us-east-1", "/stream/"+host.id, size)
			c.ask("GET", "us-east-1", "/stream/"+other.id+"?max-results=1&next-token="+url.QueryEscape(next), "")
			if all := slices.Concat(pages...); !slices.Equal(all, ours) {
				t.Fatalf("maxResults %d: got %v, want each of ours once, in order, and no strangers: %v", size, all, ours)
			}
			for _, page := range pages {
				if len(page) == 0 {
					empty++
				}
			}
		}
	}
	if empty == 0 {
		t.Error("got no empty page, want some")
	}
}

func TestListingsOfStreamsLag(t *testing.T) {
	hidden, lingered := 0, 0
	for seed := range uint64(40) {
		c, f, host := hosted(t, seed, "listing-lag")
		var streams []*cluster
		for i := range 12 {
			f.Sleep(170 * time.Millisecond)
			streams = append(streams, stream(c, f, host, fmt.Sprint(i)))
			if i > 4 {
				c.ask("DELETE", "us-east-1", streams[i-5].path(), "")
			}
			for _, x := range streams {
				c.ask("GET", "us-east-1", x.path(), "")
			}
			f.Sleep(90 * time.Millisecond)
			before := f.t
			checkListing(t, f.clock, f, c, "us-east-1", host, 100, false)
			shown := slices.Concat(c.pages("us-east-1", "/stream/"+host.id, 100)...)
			for _, x := range streams {
				switch listed := slices.Contains(shown, x.id); {
				case !listed && x.status(before) != "gone":
					hidden++
				case listed && x.status(before) == "gone":
					lingered++
				}
			}
		}
	}
	if hidden == 0 || lingered == 0 {
		t.Errorf("got %d hidden and %d lingering streams, want some of each", hidden, lingered)
	}
}

func TestQuotaIsThatOfClusters(t *testing.T) {
	for seed := range uint64(10) {
		c, _, host := hosted(t, seed, "quota")
		for i := range 40 {
			if g := c.ask("POST", "us-east-1", "/stream/"+host.id, fmt.Sprintf(`{"clientToken":"%d"}`, i)); g.Status == 402 {
				t.Fatal("got 402 for a stream, want it for clusters alone")
			}
		}
	}
}

func TestTimesOfStreamsHaveFractions(t *testing.T) {
	id := strings.Repeat("a", 26)
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one := `{"clusterIdentifier":"` + id + `","streamIdentifier":"` + id + `","creationTime":1790000000`
		if strings.Count(r.URL.Path, "/") == 2 && r.Method == "GET" {
			fmt.Fprint(w, `{"streams":[`+one+`},7]}`)
			return
		}
		fmt.Fprint(w, one+`,"statusReason":{"error":"KINESIS_STREAM_NOT_FOUND","updatedAt":1790000007}}`)
	})
	w, _ := Lookup("subsecond")
	c := &client{t: t, RoundTripper: InProcess(w.Wrap(endpoint, Config{Seed: 3}))}
	read := c.ask("GET", "us-east-1", "/stream/"+id+"/"+id, "")
	born := read.members["creationTime"]
	row := c.ask("GET", "us-east-1", "/stream/"+id, "").members["streams"].([]any)[0].(map[string]any)
	updated := read.members["statusReason"].(map[string]any)["updatedAt"].(float64)
	if b, _ := born.(float64); b <= 1790000000 || b >= 1790000001 {
		t.Errorf("got creation time %v, want a fraction after 1790000000", born)
	}
	if row["creationTime"] != born {
		t.Errorf("got creation time %v in the listing, want %v as in the read", row["creationTime"], born)
	}
	if updated <= 1790000007 || updated >= 1790000008 {
		t.Errorf("got updatedAt %v, want a fraction after 1790000007", updated)
	}
}

// Every call that changes something can be lost before and after its effect, and
// every call throttled.
func TestEveryOperationHasItsWeather(t *testing.T) {
	id := strings.Repeat("a", 26)
	arn := "arn:aws:dsql:us-east-1:123456789012:cluster/" + id
	for _, tt := range []struct{ method, target, body string }{
		{"POST", "/cluster", "{}"}, {"GET", "/cluster", ""}, {"GET", "/cluster/" + id, ""},
		{"POST", "/cluster/" + id, "{}"}, {"DELETE", "/cluster/" + id, ""},
		{"GET", "/clusters/" + id + "/vpc-endpoint-service-name", ""},
		{"GET", tagsPath(arn), ""}, {"POST", tagsPath(arn), "{}"}, {"DELETE", tagsPath(arn) + "?tagKeys=a&tagKeys=b", ""},
		{"GET", tagsPath(arn + "/stream/" + id), ""}, {"POST", tagsPath(arn + "/stream/" + id), "{}"}, {"DELETE", tagsPath(arn+"/stream/"+id) + "?tagKeys=a", ""},
		{"POST", "/cluster/" + id + "/policy", `{"policy":"{}"}`}, {"GET", "/cluster/" + id + "/policy", ""},
		{"DELETE", "/cluster/" + id + "/policy?expected-policy-version=1&client-token=t", ""},
		{"POST", "/stream/" + id, "{}"}, {"GET", "/stream/" + id + "?max-results=3", ""},
		{"GET", "/stream/" + id + "/" + id, ""}, {"DELETE", "/stream/" + id + "/" + id + "?client-token=t", ""},
		{"POST", "/multi-region-clusters", `{"clientToken":"t"}`}, {"DELETE", "/multi-region-clusters?linked-cluster-arns=a&linked-cluster-arns=b&client-token=t", ""},
	} {
		for _, name := range []string{"lost-after", "lost-before", "throttling"} {
			asked, disturbed := 0, 0
			endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++ })
			w, _ := Lookup(name)
			c := &client{t: t, RoundTripper: InProcess(w.Wrap(endpoint, Config{Seed: 1}))}
			const calls = 60
			for range calls {
				if g := c.ask(tt.method, "us-east-1", tt.target, tt.body); g.lost() || g.Status == 429 {
					disturbed++
				}
			}
			reads := name == "lost-after" && tt.method == "GET"
			if (disturbed == 0) != reads || (asked == calls) != (name == "lost-after") {
				t.Errorf("%s %s under %s: got %d of %d calls disturbed and %d served", tt.method, tt.target, name, disturbed, calls, asked)
			}
		}
	}
}

// A call whose token is another each time is still one call.
func TestLossesOfOnePlaceEnd(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		c, _, host := hosted(t, seed, "lost-after", "lost-before")
		row := 0
		for i := range 60 {
			if !c.ask("POST", "us-east-1", "/stream/"+host.id, fmt.Sprintf(`{"clientToken":"%d"}`, i)).lost() {
				row = 0
				continue
			}
			seen++
			if row++; row > patience {
				t.Fatalf("lost %d times in a row, want at most %d", row, patience)
			}
		}
		return seen
	})
}

// Nobody else's stream flaps into sight.
func TestAStreamIsNotShownUnderAnotherCluster(t *testing.T) {
	for seed := range uint64(20) {
		c, f, host := hosted(t, seed, "flapping", "stale-reads", "listing-lag")
		other := f.find("us-east-1", c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier"))
		x := stream(c, f, host, "s")
		for range 30 {
			f.Sleep(80 * time.Millisecond)
			c.ask("GET", "us-east-1", x.path(), "")
			if g := c.ask("GET", "us-east-1", "/stream/"+other.id+"/"+x.id, ""); g.Status != 404 {
				t.Fatalf("got %d %s, want 404", g.Status, g.Body)
			}
		}
	}
}
