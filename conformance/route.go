package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"dsqlconform/model"
)

// nowhere is a path that no operation has.
const nowhere = "/dsqlconform-no-such-path"

// page404 is how a target answers what it knows nothing of.
type page404 struct {
	status  int
	media   string
	members string // of a JSON object, sorted
}

// unrouted reports whether an answer says that the target has no such
// operation: it has never answered the operation otherwise, the answer names no
// error of the service, and is what any path is answered that nobody serves. A
// method that is not allowed says as much by itself.
func (x *execution) unrouted(ctx context.Context, call Call, ex Exchange) bool {
	operation := operationOf(call.Op)
	row := slices.IndexFunc(model.Operations, func(o model.Operation) bool { return o.Name == operation })
	if row < 0 || !model.Operations[row].Service || x.census.isServed(operation) {
		return false
	}
	if len(ex.Attempts) == 0 || ex.Answer.Outage != Answered || model.ParseCode(ex.Answer.Code) != model.OtherError {
		return false
	}
	a := ex.Attempts[len(ex.Attempts)-1]
	switch a.StatusCode {
	case http.StatusMethodNotAllowed:
		return true
	case http.StatusNotFound:
		other := x.stray(ctx, call, a.Method)
		return other != nil && *other == likeness(a)
	}
	return false
}

// stray asks for a path that no operation has, once in a run for each Region and
// method, and returns how that is answered; nil when it is not.
func (x *execution) stray(ctx context.Context, call Call, method string) *page404 {
	key := string(call.Region) + " " + method
	x.census.mu.Lock()
	known, asked := x.census.nowhere[key]
	x.census.mu.Unlock()
	if asked {
		return known
	}
	raw := Call{Op: model.Raw{Region: call.Region, Method: method, Path: nowhere}, Region: call.Region}
	ex, err := x.target.Do(ctx, raw)
	if err != nil || len(ex.Attempts) == 0 {
		return nil
	}
	if a := ex.Attempts[len(ex.Attempts)-1]; a.StatusCode != 0 {
		p := likeness(a)
		known = &p
	}
	x.census.mu.Lock()
	x.census.nowhere[key] = known
	x.census.mu.Unlock()
	return known
}

// likeness returns what an answer is like, whatever path it quotes.
func likeness(a Attempt) page404 {
	media, _, _ := mime.ParseMediaType(http.Header(a.AnswerHeader).Get("Content-Type"))
	p := page404{status: a.StatusCode, media: media}
	var object map[string]json.RawMessage
	if json.Unmarshal(a.Answer, &object) == nil {
		p.members = strings.Join(slices.Sorted(maps.Keys(object)), ",")
	}
	return p
}

// operationOf returns the name of the service's operation that op asks for.
func operationOf(op model.Op) string {
	if h, ok := op.(model.Hostile); ok {
		return cmp.Or(h.Operation, h.Name())
	}
	return op.Name()
}
