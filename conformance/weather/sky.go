package weather

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// asker passes a call on, inwards, and returns what came of it.
type asker func(*call) answer

// layer is one disturbance at work: it asks, once or not at all, and answers.
type layer func(c *call, ask asker) answer

// sky is an endpoint under weather. What its layers must agree on is kept here,
// so that disturbances together stay within the bounds of each.
type sky struct {
	Config
	next http.Handler
	top  asker

	mu      sync.Mutex // guards everything below and the memories of all layers
	reached memory[struct{}]
	born    memory[time.Time]
	failed  memory[int]
}

func newSky(next http.Handler, c Config, list []Weather) *sky {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = time.Sleep
	}
	if c.Account == "" {
		c.Account = "123456789012"
	}
	s := &sky{Config: c, next: next}
	s.top = s.endpoint
	for i := len(list) - 1; i >= 0; i-- {
		inner := s.top
		outer := list[i].disturb(s, newDice(c.Seed, list[i].Name))
		s.top = func(c *call) answer { return outer(c, inner) }
	}
	return s
}

// ServeHTTP answers a call under the weather, and hands on untouched what it
// does not understand.
func (s *sky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, ok := parse(r)
	if !ok {
		s.next.ServeHTTP(w, r)
		return
	}
	a := s.top(c)
	s.settle(c, a)
	a.write(w)
}

// endpoint is the innermost asker: it notes which tokens the endpoint has seen
// and when its clusters and streams were born.
func (s *sky) endpoint(c *call) answer {
	at := s.Now()
	first := true
	if c.token != "" {
		s.mu.Lock()
		first = !s.reached.has(c.identity)
		s.reached.put(c.identity, struct{}{})
		s.mu.Unlock()
	}
	a := record(s.next, c.r)
	a.asOf = at
	// A retry may answer with what was born long ago.
	if first {
		s.mu.Lock()
		for _, id := range newborn(c, a) {
			s.born.put(id, at)
		}
		s.mu.Unlock()
	}
	return a
}

// newborn returns the identifiers of the clusters or the stream that an answer
// says were made.
func newborn(c *call, a answer) (ids []string) {
	o, ok := a.object()
	if !ok {
		return nil
	}
	var linked []string
	switch c.op {
	case createCluster:
		ids = append(ids, o.text("identifier"))
	case createStream:
		ids = append(ids, o.text("streamIdentifier"))
	case createLinked:
		if o.member("linkedClusterArns", &linked) != nil {
			return nil
		}
	}
	for _, text := range linked {
		if arn, ok := parseARN(text); ok {
			ids = append(ids, arn.id)
		}
	}
	return ids
}

// retried reports whether the endpoint has already seen the call's token. What
// such a call did must be answered again, so it is not refused.
func (s *sky) retried(c *call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.token != "" && s.reached.has(c.identity)
}

// age returns how long ago a cluster or a stream was born, and whether that is known. It
// is never less than the true age.
func (s *sky) age(id string) (age time.Duration, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.born.get(id)
	return s.Now().Sub(at), ok
}

// may reports whether a call may fail once more for no fault of its own under
// all the keys, and if so counts the failure.
func (s *sky) may(keys ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range keys {
		if n, _ := s.failed.get(k); n >= patience {
			return false
		}
	}
	for _, k := range keys {
		n, _ := s.failed.get(k)
		s.failed.put(k, n+1)
	}
	return true
}

// settle ends the row of failures of a call that got a proper answer.
func (s *sky) settle(c *call, a answer) {
	if a.cut || a.status >= 500 || a.status == http.StatusTooManyRequests || a.status == http.StatusPaymentRequired {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed.drop(c.identity)
	s.failed.drop(c.place)
	s.failed.drop(c.client)
}

// dice make the choices of one layer.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func newDice(seed uint64, name string) *dice {
	return &dice{r: rand.New(rand.NewPCG(seed, hash(name)))}
}

// one is true once in n times.
func (d *dice) one(n int) bool { return d.below(n) == 0 }

// below returns a number from 0 to n-1.
func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

func hash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}
