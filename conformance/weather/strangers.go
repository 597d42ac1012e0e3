package weather

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// crowd is how many foreign clusters a Region holds.
const crowd = 3

// row is a member of a listing of clusters.
type row struct {
	ID  string `json:"identifier"`
	ARN string `json:"arn"`
}

// others is what strangers remembers of the account that it shares.
type others struct {
	*sky
	*dice
	began time.Time
	home  name // partition and account
}

func strangers(s *sky, d *dice) layer {
	o := &others{sky: s, dice: d, began: s.Now(), home: name{partition: "aws", account: s.Account}}
	g := &pager{sky: s, name: "strangers"}
	return func(c *call, ask asker) answer {
		switch c.op {
		case listClusters:
			return g.turn(c, ask, func(p *page) (int, bool) { return o.mingle(c, p), false })
		case getCluster:
			return o.tag(c, o.impersonate(c, ask(c)))
		case listTags, getStream:
			return o.tag(c, ask(c))
		case createCluster:
			a := ask(c)
			o.learn(a.text("arn"))
			return a
		}
		return ask(c)
	}
}

// learn takes partition and account from an ARN of the endpoint.
func (o *others) learn(arn string) {
	if n, ok := parseARN(arn); ok {
		o.sky.mu.Lock()
		o.home = name{partition: n.partition, account: n.account}
		o.sky.mu.Unlock()
	}
}

// foreign returns the foreign clusters of a Region, always the same.
func (o *others) foreign(region string) []row {
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	o.sky.mu.Lock()
	n := o.home
	o.sky.mu.Unlock()
	n.region = region
	r := rand.New(rand.NewPCG(o.Seed, hash("strangers of "+region)))
	list := make([]row, crowd)
	for i := range list {
		id := make([]byte, 26)
		for k := range id {
			id[k] = alphabet[r.IntN(len(alphabet))]
		}
		n.id = string(id)
		list[i] = row{n.id, n.String()}
	}
	return list
}

// mingle puts foreign clusters anywhere on a page and returns how many rows to
// show. Those that a first page does not take come on later ones.
func (o *others) mingle(c *call, p *page) int {
	for _, text := range p.rows {
		var r row
		if json.Unmarshal(text, &r) == nil {
			o.learn(r.ARN)
			break
		}
	}
	if c.next == "" {
		p.foreign = o.foreign(c.region)
	}
	take := len(p.foreign)
	if p.next != "" {
		take = o.below(take + 1)
	}
	for _, r := range p.foreign[:take] {
		p.rows = insert(p.rows, o.below(len(p.rows)+1), raw(r))
	}
	p.foreign = p.foreign[take:]
	return len(p.rows)
}

// impersonate answers for a foreign cluster what the endpoint does not know.
func (o *others) impersonate(c *call, a answer) answer {
	if a.status != http.StatusNotFound {
		return a
	}
	list := o.foreign(c.region)
	i := slices.IndexFunc(list, func(r row) bool { return r.ID == c.id })
	if i < 0 {
		return a
	}
	return plain(http.StatusOK, object{
		"identifier":                raw(c.id),
		"arn":                       raw(list[i].ARN),
		"status":                    raw("ACTIVE"),
		"creationTime":              raw(o.began.Add(-time.Duration(i+1) * time.Hour).Unix()),
		"deletionProtectionEnabled": raw(true),
		"tags":                      raw(map[string]string{}),
	}).at(a.asOf)
}

// tag adds a foreign tag to what is known of a cluster or a stream, always the
// same, for every other one.
func (o *others) tag(c *call, a answer) answer {
	h := hash(fmt.Sprint("tags of ", o.Seed, c.of()))
	members, ok := a.object()
	if !ok || h%2 == 0 {
		return a
	}
	tags := object{}
	if members.member("tags", &tags) != nil || tags == nil {
		return a
	}
	tags["stranger:team"] = raw("team-" + strconv.FormatUint(h%100, 10))
	members["tags"] = tags.encode()
	return a.with(members)
}
