package weather

import (
	"encoding/json"
	"time"
)

// listingLag delays what listings and tags show, by less than late.
func listingLag(s *sky, d *dice) layer {
	l := &lateness{sky: s, dice: d}
	return func(c *call, ask asker) answer {
		a := ask(c)
		o, ok := a.object()
		if !ok {
			return a
		}
		switch c.op {
		case getCluster:
			l.sight(c.region, row{c.id, o.text("arn")}, a.asOf)
			return l.tags(c, a, o)
		case listTags:
			return l.tags(c, a, o)
		case listClusters:
			return l.listing(c, a, o)
		}
		return a
	}
}

// row is a member of a listing.
type row struct {
	ID  string `json:"identifier"`
	ARN string `json:"arn"`
}

type sighting struct {
	row
	at time.Time
}

type tagging struct {
	tags json.RawMessage // nil: absent
	at   time.Time
}

// lateness is what listing-lag remembers.
type lateness struct {
	*sky
	*dice
	seen   memory[[]sighting] // by Region, those whose row is well-formed
	tagged memory[[]tagging]  // by Region and identifier
}

// sight notes that a cluster existed at that moment.
func (l *lateness) sight(region string, r row, at time.Time) {
	if n, ok := parseARN(r.ARN); !ok || n.id != r.ID {
		return
	}
	l.sky.mu.Lock()
	defer l.sky.mu.Unlock()
	now := l.Now()
	list, _ := l.seen.get(region)
	list = recent(list, func(x sighting) bool { return x.ID != r.ID && now.Sub(x.at) < late })
	l.seen.put(region, append(list, sighting{r, at}))
}

// listing hides newcomers from a page and, when the page is a whole listing,
// shows some that have gone since they were seen.
func (l *lateness) listing(c *call, a answer, o object) answer {
	p, ok := readPage(o)
	if !ok {
		return a
	}
	changed := false
	present := map[string]bool{}
	rows := recent(p.rows, func(text json.RawMessage) bool {
		var r row
		if json.Unmarshal(text, &r) != nil {
			return true
		}
		present[r.ID] = true
		if age, known := l.age(r.ID); known && age < late && l.one(4) {
			changed = true
			return false
		}
		return true
	})
	if c.next == "" && p.next == "" {
		l.sky.mu.Lock()
		list, _ := l.seen.get(c.region)
		l.sky.mu.Unlock()
		for _, x := range list {
			if !present[x.ID] && l.Now().Sub(x.at) < late && len(rows) < c.max && l.one(2) {
				rows = insert(rows, l.below(len(rows)+1), raw(x.row))
				changed = true
			}
		}
	}
	for _, text := range p.rows {
		var r row
		if json.Unmarshal(text, &r) == nil {
			l.sight(c.region, r, a.asOf)
		}
	}
	if !changed {
		return a
	}
	p.rows = rows
	return a.with(p.object())
}

// tags shows tags that the cluster had a moment ago; none, if it has just been
// created.
func (l *lateness) tags(c *call, a answer, o object) answer {
	age, known := l.age(c.id)
	l.sky.mu.Lock()
	defer l.sky.mu.Unlock()
	key, now := c.region+" "+c.id, l.Now()
	list, _ := l.tagged.get(key)
	list = recent(list, func(t tagging) bool { return now.Sub(t.at) < late })
	old := list
	if known && age < late {
		old = append(recent(list, func(tagging) bool { return true }), tagging{json.RawMessage("{}"), now.Add(-age)})
	}
	l.tagged.put(key, append(list, tagging{o["tags"], a.asOf}))
	if len(old) == 0 || !l.one(4) {
		return a
	}
	t := old[l.below(len(old))]
	if string(t.tags) == string(o["tags"]) {
		return a
	}
	if t.tags == nil {
		delete(o, "tags")
	} else {
		o["tags"] = t.tags
	}
	return a.with(o).at(t.at)
}
