package reference

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"dsqlconform/model"
)

// The credentials that an endpoint accepts unless told otherwise. They open
// nothing but an endpoint of this package.
const (
	AccessKey = "AKIAREFERENCEENDPNT0"
	SecretKey = "reference-endpoint-no-secret"
)

// Account is the account that owns the clusters unless told otherwise.
const Account = "123456789012"

// bodyLimit is how many bytes of a request are read.
const bodyLimit = 1 << 20

// Options configures an [Endpoint]. The zero value works.
type Options struct {
	Now         func() time.Time  // the clock; nil means [time.Now]
	Seed        uint64            // of identifiers, delays and free choices
	Temperament Temperament       // the zero value behaves as "plain"
	Settle      time.Duration     // within which every due transition is taken; 0 means 2 s
	Regions     []model.Region    // that may hold clusters; empty means any
	Account     string            // 12 digits; empty means [Account]
	Credentials map[string]string // secret by access key; nil means [AccessKey] and [SecretKey]
	Env         *model.Env        // nil means [model.NewEnv], with every stream target usable

	Revision model.Revision // of the API that is served
	Quota    model.Quota    // how many resources there may be; a zero member is that of the temperament
	// Principals holds the permissions of those who may not do everything, by
	// access key.
	Principals map[string]*model.Permissions

	// Step replaces [model.Step], and Transitions edits the table of the
	// lifecycle: seeded faults. Nil means neither.
	Step        func(model.World, model.Op) []model.Outcome
	Transitions func([]model.Transition) []model.Transition
	// StreamTransitions edits that of streams.
	StreamTransitions func([]model.StreamTransition) []model.StreamTransition
}

// Endpoint is the reference endpoint, of all Regions: it tells them apart by
// the credential scope of a request. It is safe for concurrent use; requests
// are served one after the other, so that a seed and an order of requests
// determine every answer.
type Endpoint struct {
	opts   Options
	start  time.Time
	routes []route

	mu   sync.Mutex
	life lifecycle
	hold holdings
	dice dice
	hits map[model.RuleID]Tally
	sent uint64 // answers so far
}

// Tally counts what became of a rule of the model: how often it stood among the
// things that the endpoint might do, how often it was part of what was done,
// and how often that was a refusal.
type Tally struct{ Offered, Chosen, Refused int }

// New returns an endpoint without clusters.
func New(opts Options) *Endpoint {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Account == "" {
		opts.Account = Account
	}
	if opts.Credentials == nil {
		opts.Credentials = map[string]string{AccessKey: SecretKey}
	}
	env := model.NewEnv()
	env.Kinesis = true
	if opts.Env != nil {
		*env = *opts.Env
	}
	env.Revision = opts.Revision
	env.Quota = model.Quota{
		Single:  cmp.Or(opts.Quota.Single, opts.Temperament.Quota.Single),
		Multi:   cmp.Or(opts.Quota.Multi, opts.Temperament.Quota.Multi),
		Streams: cmp.Or(opts.Quota.Streams, opts.Temperament.Quota.Streams),
	}
	opts.Env = env
	if opts.Settle == 0 {
		opts.Settle = 2 * time.Second
	}
	if opts.Step == nil {
		opts.Step = model.Step
	}
	table := model.Transitions()
	if opts.Transitions != nil {
		table = opts.Transitions(table)
	}
	e := &Endpoint{opts: opts, start: opts.Now(), routes: routes(opts.Revision), dice: newDice(opts.Seed), hits: map[model.RuleID]Tally{}}
	e.life.table, e.life.streamTable = table, model.StreamTransitions()
	if opts.StreamTransitions != nil {
		e.life.streamTable = opts.StreamTransitions(e.life.streamTable)
	}
	e.Reset()
	return e
}

// Reset forgets every cluster and token. The clock goes on, and identifiers
// are not given out again.
func (e *Endpoint) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hold = newHoldings(e.opts)
	e.life.reset()
}

// World returns the present state: the live clusters, and every use of a token
// that is remembered.
func (e *Endpoint) World() model.World {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.advance()
	return e.hold.snapshot()
}

// Identifier returns the identifier that the endpoint gave to a cluster of its
// World, or "".
func (e *Endpoint) Identifier(h model.Handle) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.hold.ids[h]
}

// Coverage returns a tally for each rule that was ever among the outcomes of a
// call or the transitions that were enabled.
func (e *Endpoint) Coverage() map[model.RuleID]Tally {
	e.mu.Lock()
	defer e.mu.Unlock()
	hits := make(map[model.RuleID]Tally, len(e.hits))
	for id, t := range e.hits {
		hits[id] = t
	}
	return hits
}

// Connect touches the data plane of the cluster with that identifier, as a
// database client would.
func (e *Endpoint) Connect(identifier string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.advance()
	h, ok := e.hold.byID[identifier]
	if _, live := e.hold.world.Live(h); !ok || !live {
		return fmt.Errorf("got identifier %q, want that of a live cluster", identifier)
	}
	e.step(request{op: model.Connect{Ref: model.Ref{Handle: h}}})
	return nil
}

// ServeHTTP answers one request. It never panics: what the endpoint cannot
// handle is a 500.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit+1))
	switch {
	case err != nil:
		e.send(w, frontDoor(http.StatusBadRequest, "RequestTimeoutException", "the request body could not be read"))
		return
	case len(body) > bodyLimit:
		e.send(w, frontDoor(http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "the request body is longer than 1 MiB"))
		return
	}
	who, refused := e.authenticate(r, body)
	if refused != nil {
		e.send(w, refused)
		return
	}
	e.send(w, e.answer(r, who, body))
}

// answer routes and executes an authenticated request.
func (e *Endpoint) answer(r *http.Request, who caller, body []byte) (a *answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() {
		if recover() != nil {
			a = e.refusal(model.InternalServer, "", model.Raw{}, "an internal error occurred")
		}
	}()
	e.advance()
	call, refused := e.decode(r, who.region, body)
	if refused != nil {
		return refused
	}
	if e.authorise(who.key, call.op) {
		return e.refusal(model.AccessDenied, "", call.op, "")
	}
	o := e.step(call)
	if !o.Want.Success() {
		return e.refusal(e.code(&o, call), o.Want.Reason, call.op, "")
	}
	if o.Want.Any {
		call = e.plainly(call)
		o = e.step(call)
	}
	return e.success(&o, call)
}

// plainly returns the request that is served in place of one that the model gives
// no answer for: a listing from the start.
func (e *Endpoint) plainly(call request) request {
	if op, ok := call.op.(model.ListStreams); ok {
		op.Next = model.Maybe{}
		call.op = op
		return call
	}
	shape, _ := model.LookupShape(e.opts.Revision, model.ListClusters{}.Name())
	return request{op: model.ListClusters{Region: call.region}, shape: &shape, region: call.region}
}

// now returns the time since the endpoint's start; it never goes back.
func (e *Endpoint) now() time.Duration {
	return max(e.opts.Now().Sub(e.start), e.hold.world.Now)
}

// step asks the model, chooses an outcome, and makes its world the present one.
func (e *Endpoint) step(call request) model.Outcome {
	w := e.hold.view(call.op, call.token)
	outs := e.opts.Step(w, call.op)
	o := e.choose(w, call.op, outs)
	e.tally(outs, &o)
	e.life.called(e, call.op.Touches(w))
	e.hold.adopt(e, w, o.Next, call.token)
	e.issue(call)
	e.rekey(w)
	e.hold.described(call)
	e.tagLinked(call)
	if o.Want.Success() {
		e.life.plan(e)
	}
	return o
}

// tagLinked gives the clusters of a retired creation the tags that it has for
// their Regions, of which the model knows nothing.
func (e *Endpoint) tagLinked(call request) {
	op, _ := call.op.(model.CreateMultiRegionClusters)
	properties, _ := call.sent["clusterProperties"].(map[string]any)
	for _, h := range op.As {
		c, made := e.hold.world.Live(h)
		of, _ := properties[string(c.Region)].(map[string]any)
		if tags, given := input(of).tags(); made && given {
			c.Tags = tags
			e.hold.world = e.hold.world.With(c)
		}
	}
}

func (e *Endpoint) tally(outs []model.Outcome, chosen *model.Outcome) {
	seen := map[model.RuleID]Tally{}
	for i := range outs {
		if outs[i].Breaks == "" {
			for _, id := range outs[i].Rules {
				seen[id] = Tally{Offered: 1}
			}
		}
	}
	for _, id := range chosen.Rules {
		t := Tally{Offered: 1, Chosen: 1}
		if !chosen.Want.Success() {
			t.Refused = 1
		}
		seen[id] = t
	}
	for id, t := range seen {
		e.count(id, t)
	}
}

func (e *Endpoint) count(id model.RuleID, t Tally) {
	was := e.hits[id]
	e.hits[id] = Tally{was.Offered + t.Offered, was.Chosen + t.Chosen, was.Refused + t.Refused}
}
