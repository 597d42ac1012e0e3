package conformance

import (
	"context"
	"strings"
	"sync"
	"time"

	"dsqlconform/model"
)

// maxPages bounds a listing: more pages than any account has clusters.
const maxPages = 1000

// exchange makes the call or, for a listing, the calls of all pages, and judges
// the bytes of each attempt. Throttled calls are retried.
func (x *execution) exchange(ctx context.Context, call Call) (Exchange, time.Duration, time.Duration, error) {
	op := call.Op
	sent := time.Since(x.start)
	ex, err := x.page(ctx, call)
	list, ok := op.(model.ListClusters)
	if !ok || err != nil {
		return ex, sent, time.Since(x.start), err
	}
	first := ex
	for walk := 1; ; walk++ {
		if ex, err = x.walk(ctx, call, list, first); err != nil || ex.Answer.Outage != Answered || ex.Answer.Code == "" || x.pages == 1 || walk == tries {
			// One traversal is one call; it was not retried.
			ex.Attempts = ex.Attempts[:min(1, len(ex.Attempts))]
			return ex, sent, time.Since(x.start), err
		}
		// What others create and delete meanwhile may make a page token
		// worthless: the walk begins again.
		sent = time.Since(x.start)
		if first, err = x.page(ctx, call); err != nil {
			return first, sent, time.Since(x.start), err
		}
	}
}

// walk follows the pages of a listing from the first on, and notes how many
// there were.
func (x *execution) walk(ctx context.Context, call Call, list model.ListClusters, ex Exchange) (Exchange, error) {
	all, op := ex, call.Op
	asked := map[string]bool{}
	for x.pages = 1; ; x.pages++ {
		a := ex.Answer
		if a.Outage != Answered || a.Code != "" || a.HTTP >= 400 {
			all.Answer = a
			break
		}
		if x.pages > 1 {
			all.Answer.Listed = append(all.Answer.Listed, a.Listed...)
		}
		if list.Max > 0 && !list.Next.Given && len(a.Listed) > list.Max {
			x.listing(op, "DSQL-LST-004", "a page with too many clusters")
		}
		if a.Page == "" {
			break
		}
		if asked[a.Page] || x.pages == maxPages {
			x.listing(op, "DSQL-LST-005", "pages without end")
			break
		}
		asked[a.Page] = true
		call.Page = a.Page
		// Each page is a call with tries of its own.
		for try := 1; try == 1 || try <= tries && ex.Answer.Outage == Lost; try++ {
			var err error
			if ex, err = x.page(ctx, call); err != nil {
				return all, err
			}
			all.Attempts = append(all.Attempts, ex.Attempts...)
		}
	}
	return all, nil
}

func (x *execution) listing(op model.Op, rule model.RuleID, shape string) {
	e := model.Explanation{Status: "none", Role: "none"}
	x.report(x.finding(rule, Violation, Safety, op, &e, shape, model.Reply{}))
}

// page makes one call.
func (x *execution) page(ctx context.Context, call Call) (Exchange, error) {
	pace := newPace(x.set.Settle)
	for try := 1; ; try++ {
		sent := time.Since(x.start)
		ex, err := x.target.Do(ctx, call)
		answered := time.Since(x.start)
		if err != nil {
			return ex, err
		}
		x.heard = x.heard || ex.Answer.HTTP != 0
		x.record(call, ex, sent, answered)
		if ex.Answer.Outage != Throttled || try == 2*tries || ctx.Err() != nil {
			x.wire(call, ex)
			return ex, nil
		}
		pace.wait(ctx)
	}
}

func (x *execution) record(call Call, ex Exchange, sent, answered time.Duration) {
	line := x.line
	why := x.why
	if line == len(x.seq.Lines) {
		line = -1
		if why == "" {
			why = "teardown"
		}
	}
	x.records = append(x.records, Record{Line: line, Why: why, Call: call, Exchange: ex, Sent: sent, Answered: answered})
	ev := x.event
	ev.Record = &x.records[len(x.records)-1]
	x.set.Observe(ev)
}

// wire judges the bytes of an exchange.
func (x *execution) wire(call Call, ex Exchange) {
	for _, a := range ex.Attempts {
		for _, r := range wireRules() {
			x.tally.rules[r]++
		}
		for _, f := range judgeWire(call, a) {
			rule, _ := model.LookupRule(f.Rule)
			if f.Rule == model.WireARN && call.Op.Name() == "ListClusters" {
				continue // strangers' clusters may be listed: ours are judged by DSQL-LST-002
			}
			if rule.Force == model.May {
				x.tally.note(rule.Says, f.Shape)
				continue
			}
			sev := Violation
			if rule.Force == model.Should {
				sev = Suspicion
			}
			e := model.Explanation{Status: "none", Role: "none"}
			found := x.finding(f.Rule, sev, Wire, call.Op, &e, f.Shape, model.Reply{})
			found.Expected, found.Got, found.Diff, found.After = []string{f.Want}, f.Got, "", ""
			x.reportWire(found)
		}
	}
}

// wireRules returns the rules by which the bytes of every answer are judged.
var wireRules = sync.OnceValue(func() []string {
	var list []string
	for _, r := range model.Rules() {
		if strings.HasPrefix(string(r.ID), "DSQL-WIR-") {
			list = append(list, string(r.ID))
		}
	}
	return list
})

// reportWire records a finding about bytes. It puts nothing in doubt.
func (x *execution) reportWire(f Finding) {
	x.findings = append(x.findings, f)
	ev := x.event
	ev.Finding = &x.findings[len(x.findings)-1]
	x.set.Observe(ev)
	if x.stop != nil && x.stop(ev.Finding) {
		x.stopped = true
	}
}

// pace spaces polls: quickly at first, then at a twentieth of the settle time.
type pace struct{ next, limit time.Duration }

func newPace(settle time.Duration) *pace {
	return &pace{next: max(settle/5000, time.Millisecond), limit: max(settle/20, time.Millisecond)}
}

func (p *pace) wait(ctx context.Context) {
	pause(ctx, p.next)
	p.next = min(p.next+p.next/2, p.limit)
}

// pause sleeps for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// words splits a reply's text into its members, for a readable difference.
func words(text string) map[string]string {
	m := map[string]string{}
	for i, w := range strings.Fields(text) {
		k, v, ok := strings.Cut(w, "=")
		if !ok {
			k, v = []string{"result", "cluster", "status"}[min(i, 2)], w
		}
		m[k] = v
	}
	return m
}

// nearest returns the text that shares the most words with got.
func nearest(list []string, got string) string {
	best, most := list[0], -1
	have := words(got)
	for _, text := range list {
		n := 0
		for k, v := range words(text) {
			if have[k] == v {
				n++
			}
		}
		if n > most {
			best, most = text, n
		}
	}
	return best
}
