package conformance

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

// execution is one sequence being replayed against a target and judged.
type execution struct {
	target Target
	set    *Settings
	seq    model.Sequence
	event  Event // profile, seed and number of this execution

	bind   *binder
	belief *model.Belief
	census *census
	quiet  quiet
	start  time.Time
	line   int    // index of the line being executed; len(seq.Lines) in the teardown
	calls  int    // counts the calls, but for their tries
	why    string // why the present call is made
	tally  *tally

	records  []Record
	findings []Finding
	after    map[model.Handle]string      // the finding in whose wake a cluster's component is
	created  []model.Handle               // clusters, bound, in order
	channels []model.StreamHandle         // streams, bound, in order
	undo     []model.Line                 // what the teardown has done so far, but for polls
	lost     []model.Op                   // creations whose answer is lost, with their tokens, in order
	late     map[model.Await]model.RuleID // liveness findings already made, by what was read
	stop     func(f *Finding) bool        // ends the execution early
	stopped  bool
	heard    bool      // the target has answered something
	cleaning bool      // what was looked for is found: the teardown need not wait for the end
	deadline time.Time // after which no further line is begun; zero for none
	fatal    error     // the target cannot be asked at all
}

func newExecution(target Target, set *Settings, census *census, seq model.Sequence, event Event) *execution {
	if set.Revision != model.Current {
		seq.Revision = set.Revision.String()
	}
	x := &execution{
		target: target, set: set, census: census, seq: seq, event: event,
		bind:   newBinder(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))),
		belief: model.NewBelief(set.env()),
		start:  time.Now(),
		tally:  newTally(),
		after:  map[model.Handle]string{},
		late:   map[model.Await]model.RuleID{},
	}
	x.bind.revision = set.Revision
	x.bind.account = set.Account
	if account := census.owner(""); account != "" {
		x.bind.account = account
	}
	if set.Kinesis != (Kinesis{}) {
		x.bind.streams.given = set.Kinesis
	}
	return x
}

// run executes the sequence and undoes what it made.
func (x *execution) run(ctx context.Context) {
	begin := x.event
	begin.Begin = &x.seq
	x.set.Observe(begin)
	for i, line := range x.seq.Lines {
		if ctx.Err() != nil || x.stopped || x.fatal != nil || expired(x.deadline) {
			break
		}
		x.line, x.why = i, ""
		x.do(ctx, line)
	}
	x.line = len(x.seq.Lines)
	x.teardown(ctx)
	x.leave()
	end := x.event
	end.Done = &Done{x.tally.operations, x.tally.doubtful}
	x.set.Observe(end)
}

func (x *execution) do(ctx context.Context, line model.Line) {
	switch op := line.Op.(type) {
	case model.Wait:
		pause(ctx, op.For)
		return
	case model.Await:
		x.await(ctx, op, line.By)
		return
	case model.Connect:
		x.connect(ctx, op)
		return
	}
	op := line.Op
	x.calls++
	if line.Twice || line.Lost {
		op = x.withToken(op)
	}
	times := 1
	if line.Twice {
		times = 2
	}
	for i := range times {
		if i > 0 {
			x.why = "again"
			op = x.anew(op)
		}
		x.ask(ctx, op, line)
	}
}

// anew returns a creation with names that are free, should it be done a second
// time.
func (x *execution) anew(op model.Op) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		if p.As != nil && x.bind.bound[*p.As] != nil {
			*p.As = x.bind.spare()
		}
		if p.StreamAs != nil && x.bind.streams.bound[*p.StreamAs] != nil {
			*p.StreamAs = x.bind.streams.spare()
		}
		if p.Many != nil {
			list := slices.Clone(*p.Many)
			for i, h := range list {
				if x.bind.bound[h] != nil {
					list[i] = x.bind.spare()
				}
			}
			*p.Many = list
		}
	})
}

// withToken gives a mutating operation without a token one that is used nowhere
// else but in the tries of one call, so that it can be sent again as the same
// request.
func (x *execution) withToken(op model.Op) model.Op {
	if !changes(op) {
		return op
	}
	return model.Edit(op, func(p *model.Parts) {
		if p.Token != nil && *p.Token == (model.Token{}) {
			p.Token.Name = "t!" + strconv.Itoa(x.calls)
		}
	})
}

// seen is what came of a call.
type seen struct {
	reply  model.Reply
	expl   model.Explanation
	judged bool
	sent   time.Duration
	outage Outage
	http   int // status code, 0 for none
	pages  int // of a listing
}

// tries is how often a call that got no usable answer is made in all.
const tries = 3

// ask makes one call, retries it where that is called for, and judges the
// answer.
func (x *execution) ask(ctx context.Context, op model.Op, line model.Line) seen {
	var s seen
	why := x.why
	defer func() { x.why = why }()
	x.calls++
	for try := 1; ; try++ {
		s = x.once(ctx, op, line)
		if s.outage != Lost || line.Lost || x.fatal != nil || ctx.Err() != nil {
			break
		}
		// The call may have had its effect: asking again with the same token
		// is what tokens exist for.
		op = x.withToken(op)
		if try == tries && !x.heard {
			x.fatal = errSilent
			break
		}
		if try == tries {
			x.unanswered(op, &s)
			break
		}
		x.why = "again"
	}
	if changes(op) && (s.reply.Lost || s.reply.Refused()) && s.judged && s.expl.Broken == "" && !x.stopped {
		x.probe(ctx, op)
	}
	return s
}

// unanswered reports that every try of a call has failed. A request that breaks
// the service description is the sender's fault, and has to be told so.
func (x *execution) unanswered(op model.Op, s *seen) {
	rule, sev := ruleThrice.ID, Suspicion
	if h, _ := op.(model.Hostile); s.http >= 500 && h.Must(x.set.Revision) {
		if rule = ruleBlame.ID; !x.set.Remote {
			sev = Violation
		}
	}
	x.report(x.finding(rule, sev, Safety, op, &s.expl, "server error", s.reply))
}

// once makes one call and judges the answer.
func (x *execution) once(ctx context.Context, op model.Op, line model.Line) seen {
	call := x.bind.call(x.withToken(op), x.set.Regions[0])
	call.Op, call.Retries, call.By = op, line.Retries, line.By
	guessed := x.bind.account == "" && strings.Contains(call.Policy, nobody)
	ex, err := x.exchange(ctx, call, line.Lost)
	s := seen{sent: ex.sent, outage: ex.Answer.Outage, http: ex.Answer.HTTP, reply: ex.reply}
	if err != nil {
		if ctx.Err() == nil {
			x.doubtful("could not be asked: " + err.Error())
		}
		return s
	}
	if ex.Answer.HTTP != 0 {
		x.tally.reach(op)
	}
	if x.outage(op, line, ex.Exchange) {
		return s
	}
	if ex.disturbed {
		x.doubtful("clusters came and went while the pages of a listing were read")
		return s
	}
	if guessed && s.reply.Refused() {
		x.doubtful("a policy was refused that names an account which is not known yet")
		return s
	}
	s.pages = ex.pages
	if s.reply.Lost && s.outage != Undecodable {
		op = x.withToken(op)
	}
	x.keep(op, &s, line.Lost)
	attempts := len(ex.Attempts)
	if x.why == "again" {
		attempts++
	}
	x.judge(ctx, op, line, &s, model.Seen{Reply: s.reply, Sent: ex.sent, Answered: ex.answered, Attempts: attempts, By: line.By})
	return s
}

// keep notes what a call has made, or may have made.
func (x *execution) keep(op model.Op, s *seen, thrown bool) {
	handles, stream := made(op), createsStream(op)
	if len(handles) == 0 && stream == 0 {
		return
	}
	same := func(other model.Op) bool {
		return slices.Equal(made(other), handles) && createsStream(other) == stream
	}
	x.lost = slices.DeleteFunc(x.lost, func(other model.Op) bool {
		// Or it was a replay, and has the name of another.
		return same(other) && x.bind.knows(handles, stream)
	})
	if s.outage == Lost || thrown {
		if _, hostile := op.(model.Hostile); !hostile && !slices.ContainsFunc(x.lost, same) {
			x.lost = append(x.lost, x.withToken(op))
		}
		return
	}
	for _, h := range handles {
		if c := x.bind.bound[h]; c != nil && x.bind.handles[c.id] == h && !slices.Contains(x.created, h) {
			x.created = append(x.created, h)
		}
	}
	if s.reply.Stream.Handle == stream && stream != 0 && !slices.Contains(x.channels, stream) {
		x.channels = append(x.channels, stream)
	}
}

// judge takes an answer to the belief, and deals with what it says.
func (x *execution) judge(ctx context.Context, op model.Op, line model.Line, s *seen, got model.Seen) {
	text := ""
	switch op.(type) {
	case model.GetCluster, model.ListClusters:
	default:
		text = x.belief.Context(op) // before the answer is taken in
	}
	s.expl = x.belief.Observe(op, got)
	s.judged = true
	x.tally.operations++
	if x.why == "poll" || x.why == "probe" || got.Reply.Lost && !line.Lost {
		x.tally.operations--
		x.tally.probes++
	}
	e := &s.expl
	if e.Stale && !got.Reply.Lost {
		x.again(ctx, op, line, s)
		return
	}
	if e.Doubt != "" {
		if x.line < len(x.seq.Lines) {
			x.doubtful(e.Doubt)
		} else {
			// Removing what could not be read was not meant to tell anything.
			x.tally.operations--
			x.tally.probes++
		}
		if !x.cleaning {
			x.adopt(ctx, e.Affected)
		}
		return
	}
	if e.Broken != "" {
		x.violated(ctx, op, s)
		return
	}
	x.tally.take(op, e, got.Reply, func() string { return text }, x.seq)
	if line.By == "" {
		x.tally.try(op, e.Status, e.Role, got.Reply, x.seq)
	}
	for _, id := range e.Suspect {
		x.report(x.finding(id, Suspicion, Safety, op, e, e.Shape, got.Reply))
	}
}

// again asks a read once more until it is explained, or is too old to be a late
// answer.
func (x *execution) again(ctx context.Context, op model.Op, line model.Line, s *seen) {
	first := s.reply.String()
	x.tally.operations--
	x.tally.probes++
	why := x.why
	pace := newPace(x.set.Settle)
	for s.expl.Stale && ctx.Err() == nil && x.fatal == nil {
		pace.wait(ctx)
		call := x.bind.call(op, x.set.Regions[0])
		call.By = line.By
		ex, err := x.exchange(ctx, call, false)
		if err != nil || ex.Answer.Outage != Answered || ex.disturbed {
			continue
		}
		s.reply, s.sent, s.pages = ex.reply, ex.sent, ex.pages
		s.expl = x.belief.Observe(op, model.Seen{Reply: ex.reply, Sent: ex.sent, Answered: ex.answered, By: line.By})
		x.tally.probes++
	}
	x.why = why
	if s.expl.Stale {
		return
	}
	x.tally.operations++
	if s.expl.Doubt != "" {
		x.doubtful(s.expl.Doubt)
		x.adopt(ctx, s.expl.Affected)
		return
	}
	if s.expl.Broken != "" {
		x.violated(ctx, op, s)
		return
	}
	x.tally.note("stale read", op.Name()+" answered "+first)
}

// violated records a violation, reads what it put in doubt, and goes on.
func (x *execution) violated(ctx context.Context, op model.Op, s *seen) {
	e := &s.expl
	if x.set.Shared && (s.reply.Code == model.AccessDenied || vanished(s.reply)) {
		x.doubtful("others may have changed what is ours, or denied it")
	} else {
		f := x.finding(e.Broken, Violation, Safety, op, e, e.Shape, s.reply)
		// Others may come and go while its pages are read.
		f.fragile = x.set.Shared && s.pages > 1
		x.report(f)
	}
	if !x.stopped {
		x.adopt(ctx, e.Affected)
	}
}

// adopt reads clusters whose state is no longer known, and takes what it shows
// for granted.
func (x *execution) adopt(ctx context.Context, affected []model.Handle) {
	if len(affected) == 0 {
		return
	}
	shown := map[model.Handle]model.Reply{}
	var now time.Duration
	why := x.why
	defer func() { x.why = why }()
	x.why = "probe"
	for _, h := range affected {
		get := model.GetCluster{Ref: model.Ref{Handle: h}}
		for try := 1; ; try++ {
			call := x.bind.call(get, x.set.Regions[0])
			ex, err := x.exchange(ctx, call, false)
			now = ex.answered
			x.tally.probes++
			if err == nil && ex.Answer.Outage == Answered {
				if !ex.reply.Refused() {
					shown[h] = ex.reply
				}
				break
			}
			if try == tries || ex.Answer.Outage == Undecodable || ctx.Err() != nil {
				return // the next call on them is followed by another reading
			}
		}
	}
	x.belief.Adopt(affected, shown, now)
}

// vanished reports an answer that somebody else's delete would explain.
func vanished(r model.Reply) bool {
	return r.Code == model.NotFound || r.Status == model.Deleting || r.Status == model.PendingDelete || r.Status == model.Deleted
}

// finding describes a divergence.
func (x *execution) finding(rule model.RuleID, sev Severity, kind Kind, op model.Op, e *model.Explanation, shape string, got model.Reply) Finding {
	f := Finding{
		Rule: rule, Severity: sev, Kind: kind, Operation: op.Name(), Status: e.Status, Role: e.Role, Shape: shape,
		Profile: x.event.Profile, Seed: x.event.Seed, At: x.line, Sequence: x.seq, Minimal: x.seq, Got: got.String(),
	}
	if x.line == len(x.seq.Lines) && len(x.undo) > 0 {
		// What lies in the teardown becomes part of the sequence.
		f.Sequence.Lines = slices.Concat(x.seq.Lines, x.undo)
		f.At, f.Minimal = len(f.Sequence.Lines)-1, f.Sequence
	}
	for _, w := range e.Want {
		if text := w.String(); !slices.Contains(f.Expected, text) {
			f.Expected = append(f.Expected, text)
		}
	}
	if len(f.Expected) > 0 {
		f.Diff = cmp.Diff(words(nearest(f.Expected, f.Got)), words(f.Got))
	}
	for _, h := range x.component(op) {
		if sig := x.after[h]; sig != "" {
			f.After = sig
			break
		}
	}
	f.Calls = slices.Clone(x.records[max(0, len(x.records)-keptCalls):])
	return f
}

// keptCalls bounds the calls that a finding carries.
const keptCalls = 24

// report records a finding and marks what lies in its wake.
func (x *execution) report(f Finding) {
	sig := f.Signature()
	if f.After == sig {
		f.After = ""
	}
	if f.Severity == Violation {
		for _, h := range x.component(x.op()) {
			if x.after[h] == "" {
				x.after[h] = sig
			}
		}
	}
	x.findings = append(x.findings, f)
	ev := x.event
	ev.Finding = &x.findings[len(x.findings)-1]
	x.set.Observe(ev)
	if x.stop != nil && x.stop(ev.Finding) {
		x.stopped = true
	}
}

// op returns the operation being executed, nil in the teardown.
func (x *execution) op() model.Op {
	if x.line < len(x.seq.Lines) {
		return x.seq.Lines[x.line].Op
	}
	return nil
}

// component returns the clusters that an operation can depend on; all of them
// when it is none, or a listing.
func (x *execution) component(op model.Op) []model.Handle {
	if op == nil {
		return x.created
	}
	if _, ok := op.(model.ListClusters); ok {
		return x.created
	}
	var list []model.Handle
	for _, h := range op.Touches(model.World{}) {
		list = append(list, x.belief.Component(h)...)
	}
	return list
}

// outage deals with answers that are neither a success nor a refusal, and
// reports whether nothing is left to judge.
func (x *execution) outage(op model.Op, line model.Line, ex Exchange) bool {
	switch ex.Answer.Outage {
	case Throttled:
		x.doubtful("throttled")
	case NotServed:
		x.tally.notServed[operationOf(op)]++
	case Credentials:
		x.doubtful("credentials were missing, expired or refused")
		if line.By == "" {
			x.fatal = errors.New("the target refuses the credentials: " + ex.Answer.Code)
		}
	case Unreachable:
		x.doubtful("the target was unreachable")
		x.fatal = errUnreachable
	default:
		// Whoever turns a hostile request away need not know the operation.
		if _, hostile := op.(model.Hostile); !hostile || ex.Answer.HTTP < 300 {
			x.tally.served[operationOf(op)]++
		}
		return false
	}
	return true
}

var (
	errUnreachable = errors.New("the target is unreachable")
	errSilent      = errors.New("the target does not answer")
)

func (x *execution) doubtful(reason string) {
	x.tally.doubt(reason)
	x.tally.doubtful++
}

// probe reads what a refused or unanswered call touched.
func (x *execution) probe(ctx context.Context, op model.Op) {
	why := x.why
	defer func() { x.why = why }()
	for _, get := range x.probes(op) {
		if x.stopped {
			return
		}
		x.why = "probe"
		x.once(ctx, get, model.Line{})
	}
}

// probes returns the reads that show what a call touched: each cluster, and of
// its policy and its streams what the call was about.
func (x *execution) probes(op model.Op) []model.Op {
	var list []model.Op
	if _, ok := op.(model.CreateCluster); ok {
		return nil // whom it names it leaves alone
	}
	for _, h := range op.Touches(model.World{}) {
		if x.bind.bound[h] == nil || !x.belief.Exists(h) {
			continue
		}
		ref := model.Ref{Handle: h}
		if get := model.Op(model.GetCluster{Ref: ref}); !slices.Contains(list, get) {
			list = append(list, get)
		}
		if read := (model.GetClusterPolicy{}).Name(); policyCalls[operationOf(op)] && x.served(read) {
			list = append(list, model.GetClusterPolicy{Ref: ref})
		}
	}
	model.Edit(op, func(p *model.Parts) {
		if p.Ref == nil || p.Stream == nil || x.bind.streams.bound[p.Stream.Handle] == nil || !x.belief.Exists(p.Ref.Handle) {
			return
		}
		if x.belief.StreamExists(p.Ref.Handle, p.Stream.Handle) && x.served(model.GetStream{}.Name()) {
			list = append(list, model.GetStream{Ref: *p.Ref, Stream: model.StreamRef{Handle: p.Stream.Handle}})
		}
	})
	return list
}

// served reports whether an operation is worth asking: it was never said not to
// be served.
func (x *execution) served(operation string) bool {
	return x.tally.notServed[operation] == 0 || x.census.isServed(operation)
}

// policyCalls are the operations that change the policy of a cluster.
var policyCalls = map[string]bool{
	model.PutClusterPolicy{}.Name():    true,
	model.DeleteClusterPolicy{}.Name(): true,
}

func (x *execution) connect(ctx context.Context, op model.Connect) {
	c := x.bind.bound[op.Ref.Handle]
	if x.set.Connect == nil || c == nil {
		return
	}
	sent := time.Since(x.start)
	if err := x.set.Connect(ctx, c.id, c.region); err != nil {
		x.tally.note("connect failed", err.Error())
	}
	x.belief.Observe(op, model.Seen{Sent: sent, Answered: time.Since(x.start)})
}

// changesBy reports whether a success of the operation of that name may change
// a cluster.
func changesBy(name string) bool {
	row, _ := model.LookupOperation(name)
	return row.Mutates
}
