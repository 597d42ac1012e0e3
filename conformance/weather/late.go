package weather

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"
)

// listingLag delays what listings, tags and policies show, by less than late.
func listingLag(s *sky, d *dice) layer {
	l := &lateness{sky: s, dice: d}
	return func(c *call, ask asker) answer {
		a := ask(c)
		o, ok := a.object()
		switch c.op {
		case getPolicy:
			return l.policy(c, a)
		case getCluster:
			if ok {
				l.sight(listings[listClusters], c.region, o, a.asOf)
				return l.tags(c, a, o)
			}
		case getStream:
			if ok {
				l.sight(listings[listStreams], c.region+" "+c.id, o, a.asOf)
				return l.tags(c, a, o)
			}
		case listTags:
			if ok {
				return l.tags(c, a, o)
			}
		case listClusters:
			if ok {
				return l.listing(c, c.region, a, o)
			}
		case listStreams:
			if ok {
				return l.listing(c, c.region+" "+c.id, a, o)
			}
		}
		return a
	}
}

// sighting is a row of a listing that was seen to be true.
type sighting struct {
	id  string
	row json.RawMessage
	at  time.Time
}

type tagging struct {
	tags json.RawMessage // nil: absent
	at   time.Time
}

// lateness is what listing-lag remembers.
type lateness struct {
	*sky
	*dice
	seen     memory[[]sighting] // by what is listed, those whose row is well-formed
	tagged   memory[[]tagging]  // by Region and identifier
	policies memory[[]answer]   // by Region and identifier
}

// sight notes that a cluster or a stream existed at that moment.
func (l *lateness) sight(kind listing, scope string, o object, at time.Time) {
	id, row := o.text(kind.id), object{}
	if n, ok := parseARN(o.text("arn")); !ok || n.id != id && n.stream != id {
		return
	}
	for _, member := range kind.row {
		if o[member] == nil {
			return
		}
		row[member] = o[member]
	}
	l.sky.mu.Lock()
	defer l.sky.mu.Unlock()
	now := l.Now()
	list, _ := l.seen.get(scope)
	list = recent(list, func(x sighting) bool { return x.id != id && now.Sub(x.at) < late })
	l.seen.put(scope, append(list, sighting{id, row.encode(), at}))
}

// listing hides newcomers from a page and, when the page is a whole listing,
// shows some that have gone since they were seen.
func (l *lateness) listing(c *call, scope string, a answer, o object) answer {
	p, ok := readPage(c.op, o)
	if !ok {
		return a
	}
	kind := listings[c.op]
	changed := false
	present := map[string]bool{}
	rows := recent(p.rows, func(text json.RawMessage) bool {
		r, ok := decode(text)
		if !ok {
			return true
		}
		id := r.text(kind.id)
		present[id] = true
		if age, known := l.age(id); known && age < late && l.one(4) {
			changed = true
			return false
		}
		return true
	})
	if c.next == "" && p.next == "" {
		l.sky.mu.Lock()
		list, _ := l.seen.get(scope)
		l.sky.mu.Unlock()
		for _, x := range list {
			if !present[x.id] && l.Now().Sub(x.at) < late && len(rows) < c.max && l.one(2) {
				rows = insert(rows, l.below(len(rows)+1), x.row)
				changed = true
			}
		}
	}
	for _, text := range p.rows {
		if r, ok := decode(text); ok {
			l.sight(kind, scope, r, a.asOf)
		}
	}
	if !changed {
		return a
	}
	p.rows = rows
	return a.with(p.object())
}

// tags shows tags that the cluster or the stream had a moment ago; none, if it
// has just been created.
func (l *lateness) tags(c *call, a answer, o object) answer {
	age, known := l.age(c.of())
	l.sky.mu.Lock()
	defer l.sky.mu.Unlock()
	key, now := c.region+" "+c.of(), l.Now()
	list, _ := l.tagged.get(key)
	list = recent(list, func(t tagging) bool { return now.Sub(t.at) < late })
	old := list
	if known && age < late {
		old = append(slices.Clone(list), tagging{json.RawMessage("{}"), now.Add(-age)})
	}
	l.tagged.put(key, append(list, tagging{o["tags"], a.asOf}))
	if len(old) == 0 || !l.one(4) {
		return a
	}
	t := old[l.below(len(old))]
	if string(t.tags) == string(o["tags"]) {
		return a
	}
	o = maps.Clone(o)
	if t.tags == nil {
		delete(o, "tags")
	} else {
		o["tags"] = t.tags
	}
	return a.with(o).at(t.at)
}

// policy shows the policy that a cluster had a moment ago, or that it had none. A
// cluster that is not found may be gone, which no policy outlives.
func (l *lateness) policy(c *call, a answer) answer {
	if a.cut || a.status != http.StatusOK && a.status != http.StatusNotFound {
		return a
	}
	l.sky.mu.Lock()
	defer l.sky.mu.Unlock()
	key, now := c.region+" "+c.id, l.Now()
	list, _ := l.policies.get(key)
	list = recent(list, func(b answer) bool { return now.Sub(b.asOf) < late })
	l.policies.put(key, append(list, a))
	if a.status != http.StatusOK || len(list) == 0 || !l.one(4) {
		return a
	}
	return list[l.below(len(list))]
}
