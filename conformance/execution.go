package conformance

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
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
	start  time.Time
	line   int    // index of the line being executed; len(seq.Lines) in the teardown
	calls  int    // counts the calls, but for their tries
	why    string // why the present call is made
	tally  *tally

	records  []Record
	findings []Finding
	after    map[model.Handle]string              // the finding in whose wake a cluster's component is
	created  []model.Handle                       // bound, in order
	undo     []model.Line                         // what the teardown has done so far, but for polls
	lost     map[model.Handle]model.CreateCluster // creates whose answer is lost, with their tokens
	late     map[model.Handle]model.RuleID        // liveness findings already made
	stop     func(f *Finding) bool                // ends the execution early
	stopped  bool
	pages    int       // of the latest listing
	heard    bool      // the target has answered something
	cleaning bool      // what was looked for is found: the teardown need not wait for the end
	deadline time.Time // after which no further line is begun; zero for none
	fatal    error     // the target cannot be asked at all
}

func newExecution(target Target, set *Settings, seq model.Sequence, event Event) *execution {
	return &execution{
		target: target, set: set, seq: seq, event: event,
		bind:   newBinder(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))),
		belief: model.NewBelief(set.env()),
		start:  time.Now(),
		tally:  newTally(),
		after:  map[model.Handle]string{},
		lost:   map[model.Handle]model.CreateCluster{},
		late:   map[model.Handle]model.RuleID{},
	}
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
		x.await(ctx, op)
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
			if create, ok := op.(model.CreateCluster); ok && x.bind.bound[create.As] != nil {
				create.As = x.bind.spare() // should it make a second cluster
				op = create
			}
		}
		x.ask(ctx, op, line)
	}
}

// placed writes out the Region that is asked about a cluster that has none of
// its own: it matters to what a token means.
func (x *execution) placed(op model.Op) model.Op {
	region := func(r model.Ref, at model.Region) model.Region {
		if x.bind.bound[r.Handle] != nil {
			return at
		}
		return x.bind.home(r, at, x.set.Regions[0])
	}
	switch op := op.(type) {
	case model.UpdateCluster:
		op.At = region(op.Ref, op.At)
		return op
	case model.DeleteCluster:
		op.At = region(op.Ref, op.At)
		return op
	}
	return op
}

// withToken gives a mutating operation without a token one that is used nowhere
// else but in the tries of one call, so that it can be sent again as the same
// request.
func (x *execution) withToken(op model.Op) model.Op {
	token := model.Token{Name: "t!" + strconv.Itoa(x.calls)}
	switch op := op.(type) {
	case model.CreateCluster:
		if op.Token == (model.Token{}) {
			op.Token = token
		}
		return op
	case model.UpdateCluster:
		if op.Token == (model.Token{}) {
			op.Token = token
		}
		return op
	case model.DeleteCluster:
		if op.Token == (model.Token{}) {
			op.Token = token
		}
		return op
	}
	return op
}

// seen is what came of a call.
type seen struct {
	reply  model.Reply
	expl   model.Explanation
	judged bool
	sent   time.Duration
	outage Outage
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
			x.report(x.finding(ruleThrice.ID, Suspicion, Safety, op, &s.expl, "server error", s.reply))
			break
		}
		x.why = "again"
	}
	if _, made := op.(model.CreateCluster); made {
		return s
	}
	if changes(op) && (s.reply.Lost || s.reply.Refused()) && s.judged && s.expl.Broken == "" && !x.stopped {
		x.probe(ctx, op)
	}
	return s
}

// once makes one call and judges the answer.
func (x *execution) once(ctx context.Context, op model.Op, line model.Line) seen {
	call := x.bind.call(x.withToken(op), x.set.Regions[0])
	call.Op, call.Retries = op, line.Retries
	ex, sent, answered, err := x.exchange(ctx, call)
	s := seen{sent: sent, outage: ex.Answer.Outage}
	if err != nil {
		if ctx.Err() == nil {
			x.doubtful("could not be asked: " + err.Error())
		}
		return s
	}
	if x.outage(op, ex) {
		return s
	}
	as := creates(op)
	if as != 0 && s.outage == Lost || line.Lost {
		s.reply = model.Reply{Lost: true}
		if create, ok := op.(model.CreateCluster); ok {
			x.lost[as] = x.withToken(create).(model.CreateCluster)
			op = x.lost[as]
		}
	} else {
		s.reply = x.bind.reply(call, as, ex.Answer)
		if _, ok := op.(model.ListClusters); ok && !s.reply.Refused() && !s.reply.Lost {
			x.bind.list(&s.reply, ex.Answer.Listed)
		}
		if as != 0 && x.bind.bound[as] != nil {
			delete(x.lost, as) // or it was a replay, and has the name of another
		}
		if as != 0 && s.reply.Cluster == as && !slices.Contains(x.created, as) {
			x.created = append(x.created, as)
		}
	}
	if s.reply.Lost && s.outage != Undecodable {
		op = x.withToken(op)
	}
	attempts := len(ex.Attempts)
	if x.why == "again" {
		attempts++
	}
	x.judge(ctx, op, line, &s, model.Seen{Reply: s.reply, Sent: sent, Answered: answered, Attempts: attempts})
	return s
}

// judge takes an answer to the belief, and deals with what it says.
func (x *execution) judge(ctx context.Context, op model.Op, line model.Line, s *seen, got model.Seen) {
	text := ""
	if changes(op) || op.Name() == "GetVpcEndpointServiceName" || op.Name() == "ListTagsForResource" {
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
		x.doubtful(e.Doubt)
		x.adopt(ctx, e.Affected)
		return
	}
	if e.Broken != "" {
		x.violated(ctx, op, s)
		return
	}
	x.tally.take(op, e, got.Reply, func() string { return text }, x.seq)
	x.tally.try(op, e.Status, e.Role, got.Reply, x.seq)
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
		ex, sent, answered, err := x.exchange(ctx, call)
		if err != nil || ex.Answer.Outage != Answered {
			continue
		}
		reply := x.bind.reply(call, 0, ex.Answer)
		if _, ok := op.(model.ListClusters); ok && !reply.Refused() {
			x.bind.list(&reply, ex.Answer.Listed)
		}
		s.reply, s.sent = reply, sent
		s.expl = x.belief.Observe(op, model.Seen{Reply: reply, Sent: sent, Answered: answered})
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
		if _, ok := op.(model.ListClusters); ok {
			f.fragile = x.pages > 1
		}
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
			ex, _, answered, err := x.exchange(ctx, call)
			now = answered
			x.tally.probes++
			if err == nil && ex.Answer.Outage == Answered {
				if r := x.bind.reply(call, 0, ex.Answer); !r.Refused() {
					shown[h] = r
				}
				break
			}
			if try == tries || ctx.Err() != nil {
				return
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
func (x *execution) outage(op model.Op, ex Exchange) bool {
	switch ex.Answer.Outage {
	case Throttled:
		x.doubtful("throttled")
	case NotServed:
		x.tally.notServed[op.Name()]++
	case Credentials:
		x.doubtful("credentials were missing, expired or refused")
		x.fatal = errors.New("the target refuses the credentials: " + ex.Answer.Code)
	case Unreachable:
		x.doubtful("the target was unreachable")
		x.fatal = errUnreachable
	default:
		x.tally.served[op.Name()]++
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
	for _, h := range op.Touches(model.World{}) {
		if x.bind.bound[h] == nil || !x.belief.Exists(h) || x.stopped {
			continue
		}
		x.why = "probe"
		x.once(ctx, model.GetCluster{Ref: model.Ref{Handle: h}}, model.Line{})
	}
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

// changes reports whether a success of op may change a cluster.
func changes(op model.Op) bool {
	i := slices.IndexFunc(model.Operations, func(o model.Operation) bool { return o.Name == op.Name() })
	return i >= 0 && model.Operations[i].Mutates
}

// creates returns the handle that op gives to its result, or 0.
func creates(op model.Op) model.Handle {
	if create, ok := op.(model.CreateCluster); ok {
		return create.As
	}
	return 0
}
