package weather

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// listing says how a listing's answer is made.
type listing struct {
	member string   // holds the rows
	id     string   // the member of a row that names the resource
	row    []string // the members of a row, which a read of the resource has too
}

// listings is the operations that answer in pages.
var listings = map[string]listing{
	listClusters: {"clusters", "identifier", []string{"identifier", "arn"}},
	listStreams:  {"streams", "streamIdentifier", []string{"clusterIdentifier", "streamIdentifier", "arn", "creationTime", "status"}},
}

// page is one page of a listing, or what is left to show of it.
type page struct {
	member string // that holds the rows
	rows   []json.RawMessage
	next   string // the token of the page after it, "" for none
	others object // its other members

	held    bool  // it is shown behind a token of ours, without asking the endpoint
	empties int   // how many empty pages were shown just before
	foreign []row // strangers yet to be shown
	asOf    time.Time
}

// readPage reads a page from the members of an answer to a listing, or reports
// false.
func readPage(op string, o object) (page, bool) {
	p := page{member: listings[op].member, others: object{}}
	if o[p.member] == nil || o.member(p.member, &p.rows) != nil || p.rows == nil || o.member("nextToken", &p.next) != nil {
		return page{}, false
	}
	for k, v := range o {
		if k != p.member && k != "nextToken" {
			p.others[k] = v
		}
	}
	return p, true
}

// object returns the page as the members of an answer.
func (p page) object() object {
	o := object{p.member: raw(p.rows)}
	if p.rows == nil {
		o[p.member] = json.RawMessage("[]")
	}
	if p.next != "" {
		o["nextToken"] = raw(p.next)
	}
	for k, v := range p.others {
		o[k] = v
	}
	return o
}

// pager cuts listings into other pages than the endpoint's. It never changes a
// request, whose signature would break: what does not fit on a page waits in
// memory behind a token of its own, and the last of it carries the endpoint's.
type pager struct {
	sky     *sky
	name    string // of its tokens
	pending memory[page]
	count   int
}

// turn answers a listing. The function edit may add rows to a page and
// returns how many of them to show now; more says that the rest, even if it is
// none, comes on another page. A page never exceeds the call's maximum.
func (g *pager) turn(c *call, ask asker, edit func(p *page) (show int, more bool)) answer {
	key := func(token string) string { return c.region + " " + c.path + " " + token }
	g.sky.mu.Lock()
	kept, _ := g.pending.get(key(c.next))
	g.sky.mu.Unlock()

	var a answer
	p := kept
	if p.held {
		a = plain(http.StatusOK, object{}).at(p.asOf)
	} else {
		a = ask(c)
		o, ok := a.object()
		if !ok {
			return a
		}
		if p, ok = readPage(c.op, o); !ok || len(p.rows) > c.max {
			return a
		}
		p.foreign, p.empties, p.asOf = kept.foreign, kept.empties, a.asOf
	}
	asked := len(p.rows)
	show, more := edit(&p)
	show = min(show, len(p.rows), c.max)

	rest := p
	rest.rows = p.rows[show:]
	rest.held = more || len(rest.rows) > 0
	rest.empties = 0
	if show == 0 {
		rest.empties = p.empties + 1
	}
	shown := page{member: p.member, rows: p.rows[:show], next: p.next, others: p.others}
	g.sky.mu.Lock()
	if rest.held {
		g.count++
		shown.next = fmt.Sprintf("%s-%d", g.name, g.count)
	}
	if shown.next != "" {
		g.pending.put(key(shown.next), rest) // in place of what an earlier listing left
	}
	g.sky.mu.Unlock()
	if !p.held && shown.next == p.next && len(shown.rows) == asked {
		return a
	}
	return a.with(shown.object())
}

func insert[E any](list []E, at int, e E) []E { return slices.Insert(slices.Clip(list), at, e) }

func emptyPages(s *sky, d *dice) layer {
	g := &pager{sky: s, name: "empty-pages"}
	return func(c *call, ask asker) answer {
		if listings[c.op].member == "" {
			return ask(c)
		}
		return g.turn(c, ask, func(p *page) (int, bool) {
			all := len(p.rows)
			if !d.one(3) {
				return all, false
			}
			show := d.below(all + 1)
			if show == 0 && p.empties >= patience {
				return all, false
			}
			return show, true
		})
	}
}
