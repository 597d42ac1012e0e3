package conformance

import (
	"context"
	"slices"
	"time"

	"dsqlconform/model"
)

// maxPages bounds a listing: more pages than any account has clusters.
const maxPages = 1000

// pageRules are the rules of a listing that are judged on its pages.
type pageRules struct {
	size model.RuleID // a page is not larger than maxResults
	end  model.RuleID // the pages come to an end
	most string       // what is said of a page that is
}

// listings is the table of the operations that answer in pages.
var listings = map[string]pageRules{
	model.ListClusters{}.Name(): {size: "DSQL-LST-004", end: "DSQL-LST-005", most: "a page with too many clusters"},
	model.ListStreams{}.Name():  {size: ruleStreamPage.ID, end: ruleStreamPages.ID, most: "a page with too many streams"},
}

var (
	ruleStreamPage = model.Rule{ID: "DSQL-PAG-001", Says: "a page holds no more streams than maxResults",
		Cite: []model.FactID{"F061"}, Basis: model.Modelled, Force: model.Must}
	ruleStreamPages = model.Rule{ID: "DSQL-PAG-002", Says: "the pages of a listing of streams come to an end",
		Cite: []model.FactID{"F061"}, Basis: model.Modelled, Force: model.Must}
)

// traverse makes the calls of all pages of a listing. The property is one of the
// whole traversal: each of ours that existed throughout appears exactly once.
// What comes or goes meanwhile may shift the pages, or make a page token
// worthless, so that a traversal that shows a fault is repeated unless nothing
// of ours came or went; a listing of one page is of one moment anyway.
func (x *execution) traverse(ctx context.Context, call Call, rules pageRules) (exchanged, error) {
	name, lag := listed(call), time.Duration(0)
	if x.set.ReadLag > 0 {
		lag = x.set.ReadLag + indexLag
	}
	pace := newPace(x.set.Settle)
	for walk := 1; ; walk++ {
		before := x.census.look(name, lag)
		e := exchanged{sent: time.Since(x.start)}
		err := x.walk(ctx, call, rules, walk > 1, &e)
		e.answered = time.Since(x.start)
		if err != nil || e.Answer.Outage != Answered || e.pages <= 1 {
			return e, err
		}
		calm := undisturbed(before, x.census.look(name, lag))
		refused := e.Answer.Code != "" // of a page token that the target itself gave
		if !refused && (calm || !x.faulty(call, &e.reply)) {
			return e, nil
		}
		if walk == tries || ctx.Err() != nil {
			e.disturbed = !calm
			return e, nil
		}
		pace.wait(ctx)
	}
}

// indexLag is how long a listing may lag behind where reads may be old (Q24).
const indexLag = time.Second

// listed returns the scope that a call lists.
func listed(call Call) string {
	if _, ok := call.Op.(model.ListStreams); ok {
		return call.Identifier
	}
	return string(call.Region)
}

// faulty reports whether a listing lacks one of ours that should be there, or
// shows one twice.
func (x *execution) faulty(call Call, r *model.Reply) bool {
	if _, ok := call.Op.(model.ListStreams); ok {
		missing := func(h model.StreamHandle) bool {
			c := x.bind.streams.bound[h]
			return c.cluster == call.Identifier && !slices.Contains(r.Stream.Listed, h) && x.belief.StreamExists(c.of.Handle, h) && !x.belief.StreamLeaving(c.of.Handle, h)
		}
		return len(r.Stream.Twice) > 0 || slices.ContainsFunc(x.channels, missing)
	}
	missing := func(h model.Handle) bool {
		return x.bind.bound[h].region == call.Region && !slices.Contains(r.Listed, h) && x.belief.Exists(h) && !x.belief.Leaving(h)
	}
	return len(r.Twice) > 0 || slices.ContainsFunc(x.created, missing)
}

// walk follows the pages of a listing from the first on. A traversal is one
// call; it was not retried. When it is made again, its first page is one like
// the others: its loss says nothing of the tries before.
func (x *execution) walk(ctx context.Context, call Call, rules pageRules, again bool, e *exchanged) error {
	first, given := paging(call.Op)
	ex, reply, err := x.page(ctx, call, false)
	for try := 2; again && err == nil && try <= tries && ex.Answer.Outage == Lost; try++ {
		ex, reply, err = x.page(ctx, call, false)
	}
	e.Exchange, e.reply = ex, reply
	if err != nil {
		return err
	}
	e.Attempts = e.Attempts[:min(1, len(e.Attempts))]
	asked := map[string]bool{}
	for e.pages = 1; ; e.pages++ {
		a := ex.Answer
		if a.Outage != Answered || a.Code != "" || a.HTTP >= 400 {
			e.Answer, e.reply = a, reply
			return nil
		}
		if e.pages > 1 {
			e.Answer.Listed = append(e.Answer.Listed, a.Listed...)
			e.Answer.Streams = append(e.Answer.Streams, a.Streams...)
		}
		if first > 0 && !given && len(a.Listed)+len(a.Streams) > first {
			x.listing(call.Op, rules.size, rules.most)
		}
		if a.Page == "" {
			break
		}
		if asked[a.Page] || e.pages == maxPages {
			x.listing(call.Op, rules.end, "pages without end")
			break
		}
		asked[a.Page] = true
		call.Page = a.Page
		// Each page is a call with tries of its own.
		for try := 1; try == 1 || try <= tries && ex.Answer.Outage == Lost; try++ {
			if ex, reply, err = x.page(ctx, call, false); err != nil {
				return err
			}
		}
	}
	if e.pages > 1 {
		e.reply = x.bind.reply(call, e.Answer)
	}
	return nil
}

// paging returns maxResults of a listing, and whether its first page token is
// none that the target gave.
func paging(op model.Op) (size int, given bool) {
	switch op := op.(type) {
	case model.ListClusters:
		return op.Max, op.Next.Given
	case model.ListStreams:
		return op.Max, op.Next.Given
	}
	return 0, false
}

func (x *execution) listing(op model.Op, rule model.RuleID, shape string) {
	e := model.Explanation{Status: "none", Role: "none"}
	x.report(x.finding(rule, Violation, Safety, op, &e, shape, model.Reply{}))
}
