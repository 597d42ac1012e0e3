package conformance

import (
	"context"
	"strings"
	"sync"
	"time"

	"dsqlconform/model"
)

// exchange makes the call or, for a listing, the calls of all pages, judges the
// bytes of each attempt, and puts the answer into symbolic form. Throttled calls
// are retried. With lost the answer is thrown away.
func (x *execution) exchange(ctx context.Context, call Call, lost bool) (exchanged, error) {
	if rules, paged := listings[call.Op.Name()]; paged && !lost {
		return x.traverse(ctx, call, rules)
	}
	e := exchanged{sent: time.Since(x.start)}
	var err error
	e.Exchange, e.reply, err = x.page(ctx, call, lost)
	e.answered = time.Since(x.start)
	return e, err
}

// exchanged is what came of a call.
type exchanged struct {
	Exchange
	reply          model.Reply
	sent, answered time.Duration
	pages          int  // of a listing
	disturbed      bool // what is listed came and went meanwhile: a fault may be its doing
}

// page makes one call.
func (x *execution) page(ctx context.Context, call Call, lost bool) (Exchange, model.Reply, error) {
	pace := newPace(x.set.Settle)
	for try := 1; ; try++ {
		end := x.census.begin(call)
		sent := time.Since(x.start)
		ex, err := x.target.Do(ctx, call)
		answered := time.Since(x.start)
		end()
		if err != nil {
			return ex, model.Reply{}, err
		}
		x.heard = x.heard || ex.Answer.HTTP != 0
		if x.unrouted(ctx, call, ex) {
			ex.Answer = Answer{Outage: NotServed, HTTP: ex.Answer.HTTP, Message: ex.Answer.Message}
		}
		reply := model.Reply{Lost: true}
		if !lost {
			reply = x.bind.reply(call, ex.Answer)
		}
		x.note(call, ex.Answer)
		x.record(call, ex, reply, sent, answered)
		if ex.Answer.Outage != Throttled || try == 2*tries || ctx.Err() != nil {
			if ex.Answer.Outage != NotServed {
				x.wire(call, ex)
			}
			return ex, reply, nil
		}
		pace.wait(ctx)
	}
}

// note tells the run what an answer says of the target.
func (x *execution) note(call Call, a Answer) {
	_, hostile := call.Op.(model.Hostile)
	named := model.ParseCode(a.Code) != model.OtherError && a.Code != model.AccessDenied.String()
	if a.Outage == Answered && (!hostile || named) {
		x.census.serves(operationOf(call.Op))
	}
	if x.bind.told {
		x.census.owner(x.bind.account)
	} else if account := x.census.owner(""); account != "" {
		x.bind.account = account
	}
	if model.ParseCode(a.Code) != model.NotFound || a.Outage != Answered {
		return
	}
	switch call.Op.(type) {
	case model.GetCluster:
		x.census.gone(string(call.Region), call.Identifier)
	case model.GetStream:
		x.census.gone(call.Identifier, call.Stream)
	}
}

func (x *execution) record(call Call, ex Exchange, reply model.Reply, sent, answered time.Duration) {
	line := x.line
	why := x.why
	if line == len(x.seq.Lines) {
		line = -1
		if why == "" {
			why = "teardown"
		}
	}
	x.records = append(x.records, Record{Line: line, Why: why, Call: call, Exchange: ex, Reply: reply, Sent: sent, Answered: answered})
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
		for _, f := range append(judgeWire(x.set.Revision, call, a), x.quiet.judge(call, a, x.set.ReadLag)...) {
			rule, _ := model.LookupRule(f.Rule)
			if f.Rule == model.WireARN && call.Op.Name() == "ListClusters" {
				continue // strangers' clusters may be listed: ours are judged by DSQL-LST-002
			}
			if f.Local && x.set.Remote {
				// It may be what the service has gained since, or another's
				// front door.
				x.tally.doubt(rule.Says)
				continue
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
