package conformance

import (
	"slices"
	"sync"
	"time"

	"dsqlconform/model"
)

// census is what the executions of one run tell each other: what comes and goes
// on the target by their own doing, which operations it serves, and whose
// account it is. It is safe for concurrent use.
type census struct {
	mu      sync.Mutex
	scopes  map[string]*scope
	served  map[string]bool
	nowhere map[string]*page404
	account string
}

// scope is a set that can be listed: the clusters of a Region, or the streams of
// a cluster.
type scope struct {
	changes int                  // comings and goings so far
	busy    int                  // calls under way that may make one come or go
	latest  time.Time            // when the last of both was seen
	leaving map[string]time.Time // members that have been deleted, and may vanish until then; zero for no end
}

func newCensus() *census {
	return &census{scopes: map[string]*scope{}, served: map[string]bool{}, nowhere: map[string]*page404{}}
}

func (c *census) scope(name string) *scope {
	s := c.scopes[name]
	if s == nil {
		s = &scope{leaving: map[string]time.Time{}}
		c.scopes[name] = s
	}
	return s
}

func (s *scope) changed() { s.changes, s.latest = s.changes+1, time.Now() }

// begin notes that a call is under way, and returns what is to be called once it
// was answered. A deleted member counts as leaving from then on.
func (c *census) begin(call Call) (end func()) {
	scopes, deleted := stirs(call)
	if len(scopes) == 0 {
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range scopes {
		c.scope(name).busy++
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for i, name := range scopes {
			s := c.scope(name)
			s.busy--
			s.changed()
			if deleted != "" && i == 0 {
				s.leaving[deleted] = time.Time{}
			}
		}
	}
}

// gone notes that a read did not find a member.
func (c *census) gone(name, member string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.scope(name); s.leaving != nil {
		if _, left := s.leaving[member]; left {
			delete(s.leaving, member)
			s.changed()
		}
	}
}

// forget says that nobody looks at these members any more: those that are still
// leaving will have vanished by then.
func (c *census) forget(members []string, by time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.scopes {
		for _, member := range members {
			if end, left := s.leaving[member]; left && end.IsZero() {
				s.leaving[member] = by
			}
		}
	}
}

// moment is what is known of a scope at some time.
type moment struct {
	changes int
	calm    bool
}

// look returns the present moment of a scope. It is calm when nothing of ours
// can come or go, nor has within lag.
func (c *census) look(name string, lag time.Duration) moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, now := c.scope(name), time.Now()
	calm := s.busy == 0 && (lag == 0 || s.latest.IsZero() || now.Sub(s.latest) > lag)
	for member, end := range s.leaving {
		if !end.IsZero() && now.After(end) {
			delete(s.leaving, member)
			continue
		}
		calm = false
	}
	return moment{s.changes, calm}
}

// undisturbed reports whether nothing of ours came or went between two moments.
func undisturbed(before, after moment) bool {
	return before.calm && after.calm && before.changes == after.changes
}

// stirs returns the scopes in which a call may make members come or go, and the
// one that it deletes from the first of them.
func stirs(call Call) (scopes []string, deleted string) {
	region := string(call.Region)
	switch op := call.Op.(type) {
	case model.CreateCluster:
		return []string{region}, ""
	case model.DeleteCluster:
		return []string{region, call.Identifier}, call.Identifier
	case model.CreateStream:
		return []string{call.Identifier}, ""
	case model.DeleteStream:
		return []string{call.Identifier}, call.Stream
	case model.CreateMultiRegionClusters:
		scopes = []string{region}
		for _, r := range op.Linked {
			scopes = append(scopes, string(r))
		}
	case model.DeleteMultiRegionClusters:
		scopes = []string{region}
		for _, arn := range call.ARNs {
			scopes = append(scopes, string(regionOf(arn)))
		}
	case model.Hostile:
		if changesBy(op.Operation) {
			scopes = []string{region, call.Identifier}
		}
	case model.Raw:
		scopes = []string{region}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), ""
}

// serves notes that an operation was answered as only one that is served can be.
func (c *census) serves(operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.served[operation] = true
}

func (c *census) isServed(operation string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.served[operation]
}

// owner returns the account that the target's clusters belong to, "" while no
// answer has told it; account is what the caller has learned of it, or "".
func (c *census) owner(account string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if account != "" {
		c.account = account
	}
	return c.account
}
