package weather

import (
	"net/http"
	"slices"

	"dsqlconform/model"
)

func readAfterWrite(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		a := ask(c)
		if c.op != getCluster && c.op != getStream && c.op != getPolicy || a.status != http.StatusOK {
			return a
		}
		age, known := s.age(c.of())
		if !known || age >= young || !d.one(4) {
			return a
		}
		return notFound(c).at(s.Now().Add(-age)) // true until the birth
	}
}

// ages is the reads that may be old. Of a listing it is those of one page.
var ages = map[string]bool{getCluster: true, listTags: true, getPolicy: true, getStream: true, listStreams: true}

func staleReads(s *sky, d *dice) layer {
	const kept = 8 // answers of one request
	var former memory[[]answer]
	return func(c *call, ask asker) answer {
		a := ask(c)
		// That a cluster is gone may not be known yet either; but no other
		// refusal, and no lost answer, is a read.
		if !ages[c.op] || c.next != "" || a.text("nextToken") != "" || a.status != http.StatusOK && a.status != http.StatusNotFound {
			return a
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		key, now := c.region+c.r.URL.RequestURI(), s.Now()
		old, _ := former.get(key)
		old = recent(old, func(b answer) bool { return now.Sub(b.asOf) < young })
		if a.status == http.StatusOK {
			former.put(key, append(slices.Clip(old[max(0, len(old)-kept+1):]), a))
		}
		if len(old) == 0 || !d.one(4) {
			return a
		}
		return old[d.below(len(old))]
	}
}

// recent returns a new list of the elements to keep.
func recent[E any](list []E, keep func(E) bool) []E {
	var kept []E
	for _, e := range list {
		if keep(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

func flapping(s *sky, d *dice) layer {
	type view struct {
		is, was      answer // was has no body before the first change
		shows, flaps bool   // whether the next read shows was again; whether this change flaps
	}
	var views memory[view]
	state := func(a answer) string {
		if a.status == http.StatusNotFound {
			return "gone"
		}
		return a.text("status")
	}
	return func(c *call, ask asker) answer {
		a := ask(c)
		if c.op != getCluster && c.op != getStream || a.cut || a.status != http.StatusOK && a.status != http.StatusNotFound {
			return a
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		key := c.region + " " + c.path
		v, known := views.get(key)
		switch {
		case !known:
			if a.status == http.StatusOK {
				views.put(key, view{is: a})
			}
			return a
		case state(v.is) != state(a):
			views.put(key, view{is: a, was: v.is, flaps: d.one(2), shows: true})
			return a
		}
		v.is = a
		show := v.flaps && v.shows && s.Now().Sub(v.was.asOf) < young
		v.shows = !v.shows
		views.put(key, v)
		if show {
			return v.was
		}
		return a
	}
}

func regionLag(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		if c.op != createCluster && c.op != updateCluster || s.retried(c) {
			return ask(c)
		}
		for _, peer := range c.peers {
			age, known := s.age(peer.id)
			if peer.region == c.region || !known || age >= young || !d.one(4) {
				continue
			}
			// CreateCluster has no error for something that is not found.
			if c.op == updateCluster && d.one(2) {
				return refuse(model.NotFound, "a peer cluster does not exist",
					map[string]string{"resourceId": peer.String(), "resourceType": "cluster"}).at(s.Now())
			}
			return refuse(model.Validation, "a peer cluster does not exist", map[string]string{"reason": "other"}).at(s.Now())
		}
		return ask(c)
	}
}
