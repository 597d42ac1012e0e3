package weather

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dsqlconform/model"
)

func TestTableIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range All() {
		if seen[w.Name] || w.Name == "" || strings.ContainsAny(w.Name, " ,") {
			t.Errorf("got name %q, want a word of its own", w.Name)
		}
		seen[w.Name] = true
		if w.Says == "" || strings.HasSuffix(w.Says, ".") {
			t.Errorf("%s says %q, want a sentence without a full stop", w.Name, w.Says)
		}
		if len(w.Cite) == 0 {
			t.Errorf("%s cites nothing", w.Name)
		}
		for _, id := range w.Cite {
			if _, ok := model.LookupFact(id); !ok {
				t.Errorf("%s cites %s, which is no fact", w.Name, id)
			}
		}
		if got, ok := Lookup(w.Name); !ok || got.Says != w.Says {
			t.Errorf("Lookup(%q): got %q, %v", w.Name, got.Says, ok)
		}
	}
	if _, ok := Lookup("hail"); ok {
		t.Error("got a weather that does not exist")
	}
}

func TestComposeNamesWhatIsWrong(t *testing.T) {
	for _, tt := range []struct {
		names []string
		want  string
		lag   time.Duration
	}{
		{nil, "", 0},
		{[]string{"strangers", "slow"}, "", 0},
		{[]string{"slow", "flapping"}, "", ReadLag},
		{[]string{"hail"}, `got weather "hail", want one of read-after-write, `, 0},
		{[]string{"slow", "quota", "slow"}, `got weather "slow" twice`, 0},
	} {
		_, lag, err := Compose(tt.names, Config{})
		if lag != tt.lag && tt.want == "" {
			t.Errorf("%v: got read lag %v, want %v", tt.names, lag, tt.lag)
		}
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got error %v, want %q", tt.names, err, tt.want)
		}
	}
}

// seeds runs a test for several seeds and demands that what it counts be seen
// in some of them.
func seeds(t *testing.T, run func(seed uint64) (seen int)) {
	t.Helper()
	total := 0
	for seed := range uint64(40) {
		total += run(seed)
	}
	if total == 0 {
		t.Error("the weather never showed")
	}
}

func TestReadAfterWriteHidesOnlyTheYoung(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		c, f := under(t, seed, "read-after-write")
		id := c.ask("POST", "us-east-1", "/cluster", `{"clientToken":"t"}`).text("identifier")
		for range 40 {
			f.Sleep(100 * time.Millisecond)
			if c.ask("GET", "us-east-1", "/cluster/"+id, "").Status == 404 {
				seen++
				if age := f.t.Sub(f.clusters[0].born); age >= ReadLag {
					t.Fatalf("got a 404 for a cluster of age %v, want none from %v on", age, ReadLag)
				}
			}
			// A replay does not make it young again.
			c.ask("POST", "us-east-1", "/cluster", `{"clientToken":"t"}`)
		}
		return seen
	})
}

func TestReadsAreYoungerThanTheLag(t *testing.T) {
	for _, tt := range []struct {
		weather string
		lag     time.Duration
	}{{"stale-reads", ReadLag}, {"listing-lag", time.Second}} {
		seeds(t, func(seed uint64) (seen int) {
			c, f := under(t, seed, tt.weather)
			g := c.ask("POST", "us-east-1", "/cluster", `{}`)
			x := f.clusters[0]
			for i := range 40 {
				c.ask("POST", "us-east-1", tagsPath(x.arn()), fmt.Sprintf(`{"tags":{"n":"%d"}}`, i))
				f.Sleep(time.Duration(1+i*50%1700) * time.Millisecond)
				for _, path := range []string{"/cluster/" + g.text("identifier"), tagsPath(x.arn())} {
					tags := c.ask("GET", "us-east-1", path, "").tags()
					if tags["n"] != fmt.Sprint(i) {
						seen++
					}
					if !x.was(f.t, tt.lag, func(at time.Time) bool { return maps.Equal(x.tagsAt(at), tags) }) {
						t.Fatalf("%s: got tags %v, want those of the last %v", tt.weather, tags, tt.lag)
					}
				}
			}
			return seen
		})
	}
}

func TestFlappingAlternatesForAMoment(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		c, f := under(t, seed, "flapping")
		id := c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier")
		x := f.clusters[0]
		row := 0
		for i := range 80 {
			if i == 40 {
				c.ask("DELETE", "us-east-1", "/cluster/"+id, "")
			}
			f.Sleep(100 * time.Millisecond)
			g := c.ask("GET", "us-east-1", "/cluster/"+id, "")
			shown := g.text("status")
			if g.Status == 404 {
				shown = "gone"
			}
			if shown == x.status(f.t) {
				row = 0
				continue
			}
			seen++
			if row++; row > 1 {
				t.Fatalf("read %d: got the former status %s twice in a row", i, shown)
			}
			if !x.was(f.t, ReadLag, func(at time.Time) bool { return x.status(at) == shown }) {
				t.Fatalf("read %d: got status %s, want one of the last %v", i, shown, ReadLag)
			}
		}
		return seen
	})
}

func TestRegionLagRefusesOnlyTheYoungOfAnotherRegion(t *testing.T) {
	for _, tt := range []struct {
		op, region string
		refuses    bool
	}{
		{"create", "us-east-1", false},
		{"update", "us-east-1", false},
		{"create", "us-east-2", true},
		{"update", "us-east-2", true},
	} {
		seen, codes := 0, map[string]bool{}
		for seed := range uint64(40) {
			c, f := under(t, seed, "region-lag")
			target := "/cluster"
			if tt.op == "update" {
				target += "/" + c.ask("POST", tt.region, "/cluster", `{}`).text("identifier")
			}
			arn := c.ask("POST", "us-east-1", "/cluster", `{}`).text("arn")
			peer := f.clusters[len(f.clusters)-1]
			for i := range 40 {
				before := f.calls
				body := fmt.Sprintf(`{"clientToken":"%d","multiRegionProperties":{"witnessRegion":"us-west-2","clusters":[%q]}}`, i, arn)
				if g := c.ask("POST", tt.region, target, body); g.Status != 200 {
					seen++
					codes[g.Code] = true
					if f.calls != before {
						t.Fatal("a call was refused after it had reached the endpoint")
					}
					if age := f.t.Sub(peer.born); age >= ReadLag {
						t.Fatalf("got a refusal for a peer of age %v, want none from %v on", age, ReadLag)
					}
					continue
				}
				if g := c.ask("POST", tt.region, target, body); g.Status != 200 {
					t.Fatalf("retry of what worked: got %d, want 200", g.Status)
				}
				f.Sleep(100 * time.Millisecond)
			}
		}
		if (seen > 0) != tt.refuses {
			t.Errorf("%s in %s: got %d refusals, want some: %v", tt.op, tt.region, seen, tt.refuses)
		}
		if codes["ResourceNotFoundException"] != (tt.refuses && tt.op == "update") {
			t.Errorf("%s in %s: got the errors %v, want one of not-found for updates alone", tt.op, tt.region, codes)
		}
	}
}

func TestLostCallsAreLostAtMostTwiceInARow(t *testing.T) {
	for _, name := range []string{"lost-after", "lost-before"} {
		kinds, goesOn := map[string]bool{}, 0
		seeds(t, func(seed uint64) (seen int) {
			c, f := under(t, seed, name)
			for i := range 60 {
				for row := 0; ; row++ {
					before, had := f.calls, len(f.clusters)
					g := c.ask("POST", "us-east-1", "/cluster", fmt.Sprintf(`{"clientToken":"t%d"}`, i))
					if !g.lost() {
						if g.Status != 200 {
							t.Fatalf("got %d, want 200 or a lost answer", g.Status)
						}
						break
					}
					seen++
					kinds[fmt.Sprint(g.Cut, g.Status)] = true
					if row == 2 {
						t.Fatal("lost three times in a row")
					}
					if reached := f.calls > before; reached != (name == "lost-after") {
						t.Fatalf("got a call that reached the endpoint: %v", reached)
					}
					if name == "lost-before" && len(f.clusters) != had {
						t.Fatal("got an effect, want none")
					}
				}
				if name == "lost-before" && i >= 30 && c.ask("GET", "us-east-1", "/cluster", "").lost() {
					goesOn++
				}
				if name == "lost-after" && c.ask("GET", "us-east-1", "/cluster", "").lost() {
					t.Fatal("got a lost read, want lost changes alone")
				}
			}
			if len(f.clusters) != 60 {
				t.Fatalf("got %d clusters, want 60: a retry makes none", len(f.clusters))
			}
			return seen
		})
		if len(kinds) != len(losses) {
			t.Errorf("%s: got the losses %v, want all %d", name, kinds, len(losses))
		}
		if name == "lost-before" && goesOn <= 2*40 {
			t.Errorf("got %d lost reads in 40 runs, want losing to go on after answers", goesOn)
		}
	}
}

func TestListingsUnderPaging(t *testing.T) {
	for _, tt := range []struct {
		weather string
		extra   int
	}{{"strangers", crowd}, {"empty-pages", 0}} {
		empty, places := 0, map[int]bool{}
		for seed := range uint64(40) {
			c, _ := under(t, seed, tt.weather)
			var ours []string
			for range 7 {
				ours = append(ours, c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier"))
			}
			c.ask("POST", "us-east-2", "/cluster", `{}`)
			var foreign []string
			for size := range 13 {
				row, pos := 0, 0
				var all, others []string
				for _, page := range c.listing("us-east-1", size) {
					if row++; len(page) > 0 {
						row = 0
					} else {
						empty++
					}
					if row > patience+1 {
						t.Fatalf("got %d empty pages in a row", row)
					}
					for _, id := range page {
						if slices.Contains(ours, id) {
							all = append(all, id)
						} else {
							others = append(others, id)
							places[pos] = true
						}
						pos++
					}
				}
				if !slices.Equal(all, ours) {
					t.Fatalf("maxResults %d: got ours %v, want each once, in order: %v", size, all, ours)
				}
				others = sorted(others)
				if foreign == nil {
					foreign = others
				}
				if len(slices.Compact(others)) != tt.extra || !slices.Equal(others, foreign) {
					t.Fatalf("maxResults %d: got strangers %v, want the same %d each time: %v", size, others, tt.extra, foreign)
				}
			}
			for _, id := range foreign {
				if !validID(id) {
					t.Fatalf("got identifier %q, want 26 letters and digits", id)
				}
			}
		}
		if tt.weather == "empty-pages" && empty == 0 || tt.weather == "strangers" && len(places) < 10 {
			t.Errorf("%s: got %d empty pages and strangers at %v, want some and anywhere", tt.weather, empty, places)
		}
	}
}

func TestStrangersAnswerForThemselvesInTheirRegion(t *testing.T) {
	c, f := under(t, 3, "strangers")
	ours := c.ask("POST", "us-east-1", "/cluster", `{"tags":{"a":"b"}}`)
	for _, page := range c.listing("us-east-1", 0) {
		for _, id := range page {
			g := c.ask("GET", "us-east-1", "/cluster/"+id, "")
			arn, ok := parseARN(g.text("arn"))
			if g.Status != 200 || g.text("identifier") != id || !ok || arn.account != "210987654321" || arn.region != "us-east-1" || arn.id != id {
				t.Errorf("got %d %s, want cluster %s of the endpoint's account", g.Status, g.Body, id)
			}
			if _, err := model.ParseStatus(g.text("status")); err != nil {
				t.Error(err)
			}
			if at, _ := g.members["creationTime"].(float64); at <= 0 || int64(at) > f.t.Unix() {
				t.Errorf("got creation time %v, want one before now", at)
			}
			if id != ours.text("identifier") && c.ask("GET", "us-east-2", "/cluster/"+id, "").Status != 404 {
				t.Errorf("got a stranger of us-east-1 in us-east-2")
			}
		}
	}
}

func TestStrangersShareTheAccount(t *testing.T) {
	c, _ := under(t, 3, "strangers")
	account := func() string {
		g := c.ask("GET", "us-east-2", "/cluster", "")
		arn, _ := parseARN(g.members["clusters"].([]any)[0].(map[string]any)["arn"].(string))
		return arn.account
	}
	if got := account(); got != "123456789012" {
		t.Errorf("got account %s, want the default before any is known", got)
	}
	c.ask("POST", "us-east-1", "/cluster", `{}`)
	if got := account(); got != "210987654321" {
		t.Errorf("got account %s, want that of the endpoint's answers", got)
	}
}

func TestStrangersTagSomeClusters(t *testing.T) {
	c, _ := under(t, 3, "strangers")
	foreign := 0
	for range 20 {
		ours := c.ask("POST", "us-east-1", "/cluster", `{"tags":{"a":"b"}}`)
		get := c.ask("GET", "us-east-1", "/cluster/"+ours.text("identifier"), "")
		list := c.ask("GET", "us-east-1", tagsPath(ours.text("arn")), "")
		if fmt.Sprint(get.members["tags"]) != fmt.Sprint(list.members["tags"]) || get.tags()["a"] != "b" {
			t.Errorf("got tags %v and %v, want the same with a=b", get.members["tags"], list.members["tags"])
		}
		foreign += len(get.members["tags"].(map[string]any)) - 1
	}
	if foreign == 0 || foreign == 20 {
		t.Errorf("got %d foreign tags for 20 clusters, want some", foreign)
	}
}

func TestQuotaRefusesFirstTriesOfCreationsOnly(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		c, f := under(t, seed, "quota")
		for i := range 40 {
			before := len(f.clusters)
			body := fmt.Sprintf(`{"clientToken":"%d"}`, i)
			switch g := c.ask("POST", "us-east-1", "/cluster", body); g.Status {
			case 402:
				seen++
				if g.text("message") != "You have reached the cluster limit." || len(f.clusters) != before {
					t.Fatalf("got %s and %d more clusters, want none", g.Body, len(f.clusters)-before)
				}
			case 200:
				for range 10 {
					if g := c.ask("POST", "us-east-1", "/cluster", body); g.Status != 200 {
						t.Fatalf("retry of what worked: got %d, want 200", g.Status)
					}
				}
			}
			if g := c.ask("GET", "us-east-1", "/cluster", ""); g.Status != 200 {
				t.Fatalf("read: got %d, want 200", g.Status)
			}
		}
		return seen
	})
}

func TestSubsecondKeepsTheSecond(t *testing.T) {
	c, f := under(t, 1, "subsecond")
	fractions := map[float64]bool{}
	for range 5 {
		f.Sleep(1700 * time.Millisecond)
		g := c.ask("POST", "us-east-1", "/cluster", `{}`)
		at := g.members["creationTime"].(float64)
		if born := f.t.Unix(); int64(at) != born || at == float64(born) {
			t.Errorf("got creation time %v, want a fraction after %d", at, born)
		}
		fractions[at-float64(int64(at))] = true
		id := g.text("identifier")
		for _, method := range []string{"GET", "POST", "DELETE"} {
			f.Sleep(30 * time.Millisecond)
			if again := c.ask(method, "us-east-1", "/cluster/"+id, "{}").members["creationTime"]; again != at {
				t.Errorf("%s: got creation time %v, want %v again", method, again, at)
			}
		}
	}
	if len(fractions) < 2 {
		t.Errorf("got the fractions %v, want several", fractions)
	}
}

func TestThrottlingIsPatientAndWithoutEffect(t *testing.T) {
	waits := map[string]bool{}
	seeds(t, func(seed uint64) (seen int) {
		c, f := under(t, seed, "throttling")
		row := 0
		for i := range 200 {
			before := f.calls
			// Each call is another one: patience is with the client.
			g := c.ask("POST", "us-east-1", "/cluster", fmt.Sprintf(`{"clientToken":"%d"}`, i))
			if g.Status != 429 {
				row = 0
				continue
			}
			if i >= 100 {
				seen++ // it goes on
			}
			waits[g.Retry] = true
			if row++; row > 2 {
				t.Fatal("throttled three times in a row")
			}
			if f.calls != before {
				t.Fatal("a throttled call reached the endpoint")
			}
		}
		return seen
	})
	if len(waits) != 2 || !waits["0"] || !waits["1"] {
		t.Errorf("got Retry-After %v, want 0 and 1", waits)
	}
}

func TestSlowOnlySleeps(t *testing.T) {
	k := newClock()
	slept := 0
	c := k.config(5)
	c.Sleep = func(d time.Duration) {
		slept++
		if d <= 0 || d > 50*time.Millisecond {
			t.Errorf("got a sleep of %v, want at most 50ms", d)
		}
	}
	w, _ := Lookup("slow")
	f := newFake(k)
	cl := &client{t: t, RoundTripper: InProcess(w.Wrap(f, c))}
	for range 100 {
		if g := cl.ask("GET", "us-east-1", "/cluster", ""); g.Status != 200 {
			t.Fatalf("got %d, want 200", g.Status)
		}
	}
	if slept < 10 || slept > 40 {
		t.Errorf("got %d sleeps in 100 calls, want about 25", slept)
	}
}

func TestListingLagIsShort(t *testing.T) {
	hidden, lingered, untagged := 0, 0, 0
	for seed := range uint64(40) {
		c, f := under(t, seed, "listing-lag")
		for range 20 {
			f.Sleep(90 * time.Millisecond)
			g := c.ask("POST", "us-east-1", "/cluster", `{"tags":{"n":"0"}}`)
			id := g.text("identifier")
			c.ask("POST", "us-east-1", tagsPath(g.text("arn")), `{"tags":{"n":"1"}}`)
			for _, x := range f.clusters[max(0, len(f.clusters)-12):] {
				for _, path := range []string{"/cluster/" + x.id, tagsPath(x.arn())} {
					g := c.ask("GET", "us-east-1", path, "")
					if g.Status == 200 && g.tags()["n"] != "1" {
						untagged++
						if age := f.t.Sub(x.born); age > late {
							t.Fatalf("got tags %v that are %v late", g.tags(), age)
						}
					}
				}
			}
			if len(f.clusters) > 6 {
				c.ask("DELETE", "us-east-1", "/cluster/"+f.clusters[len(f.clusters)-5].id, "")
			}
			shown := slices.Concat(c.listing("us-east-1", 100)...)
			for _, x := range f.clusters {
				n := 0
				for _, y := range shown {
					if x.id == y {
						n++
					}
				}
				exists := x.status(f.t) != "gone"
				switch {
				case n == 0 && exists:
					hidden++
					if age := f.t.Sub(x.born); age > late {
						t.Fatalf("a cluster of age %v is not listed", age)
					}
				case n == 1 && !exists:
					lingered++
					if gone := f.t.Sub(x.deleted.Add(phase)); gone > late {
						t.Fatalf("a cluster gone for %v is listed", gone)
					}
				case n > 1:
					t.Fatalf("%s is listed %d times", id, n)
				}
			}
		}
	}
	if hidden == 0 || lingered == 0 || untagged == 0 {
		t.Errorf("got %d hidden, %d lingering, %d with late tags, want some of each", hidden, lingered, untagged)
	}
}

func TestAGoneClusterLingersForAMoment(t *testing.T) {
	seeds(t, func(seed uint64) (seen int) {
		for wait := time.Duration(0); wait < 3*late; wait += 100 * time.Millisecond {
			c, f := under(t, seed, "listing-lag")
			id := c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier")
			c.ask("DELETE", "us-east-1", "/cluster/"+id, "")
			f.Sleep(phase - 1)
			c.ask("GET", "us-east-1", "/cluster/"+id, "")
			f.Sleep(wait + 1)
			if len(c.listing("us-east-1", 0)[0]) > 0 {
				seen++
				if wait >= late {
					t.Fatalf("a cluster gone for %v is listed", wait)
				}
			}
			c.ask("POST", "us-east-1", "/cluster", `{}`)
			c.listing("us-east-1", 1) // a full page stays one
		}
		return seen
	})
}

// What waits on a page of ours is as old as when the endpoint showed it.
func TestAWaitingPageAges(t *testing.T) {
	waited := 0
	for seed := range uint64(40) {
		c, f := under(t, seed, "listing-lag", "empty-pages")
		id := c.ask("POST", "us-east-1", "/cluster", `{}`).text("identifier")
		f.Sleep(phase)
		c.ask("DELETE", "us-east-1", "/cluster/"+id, "")
		f.Sleep(phase - 1)
		next := c.ask("GET", "us-east-1", "/cluster", "").text("nextToken")
		f.Sleep(2 * late)
		for next != "" {
			g := c.ask("GET", "us-east-1", "/cluster?next-token="+next, "")
			if next = g.text("nextToken"); len(g.rows()) > 0 {
				waited++
			}
		}
		for range 5 {
			if rows := slices.Concat(c.listing("us-east-1", 0)...); len(rows) > 0 {
				t.Fatalf("got %v listed, which is gone for %v", rows, 2*late)
			}
		}
	}
	if waited == 0 {
		t.Error("no page waited")
	}
}

// Reads that are late for several reasons are no later than for one.
func TestAgesDoNotAddUp(t *testing.T) {
	lags := []string{"read-after-write", "flapping", "stale-reads", "listing-lag"}
	for shift := range lags {
		names := slices.Concat(lags[shift:], lags[:shift])
		for _, names := range [][]string{names, {names[3], names[2], names[1], names[0]}} {
			for seed := range uint64(40) {
				step := []time.Duration{190 * time.Millisecond, 290 * time.Millisecond}[seed%2]
				c, f := under(t, seed, names...)
				id := c.ask("POST", "us-east-1", "/cluster", `{"tags":{"n":"0"}}`).text("identifier")
				x := f.clusters[0]
				for i := range 60 {
					if i%12 == 11 {
						c.ask("POST", "us-east-1", tagsPath(x.arn()), fmt.Sprintf(`{"tags":{"n":"%d"}}`, i))
					}
					if i == 40 {
						c.ask("DELETE", "us-east-1", "/cluster/"+id, "")
					}
					f.Sleep(step)
					checkRead(t, f.clock, x, c.ask("GET", "us-east-1", "/cluster/"+id, ""), ReadLag)
				}
			}
		}
	}
}

var _ http.Handler = (*sky)(nil)
