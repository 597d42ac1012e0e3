package conformance

import (
	"context"
	"time"

	"dsqlconform/model"
)

// Target is an endpoint, or a set of them, that claims to be the control plane.
// Do must be safe for use by one goroutine at a time.
type Target interface {
	// Do makes one call and returns what came of it, refusals and lost
	// answers included. The error says that the call could not be asked at
	// all (the operation cannot be expressed, the context ended before it was
	// sent): it is never the target's fault. Do returns when ctx ends.
	Do(ctx context.Context, call Call) (Exchange, error)
}

// Call is an operation bound to concrete names.
type Call struct {
	Op         model.Op     // what is asked; symbolic names in it are for messages
	Region     model.Region // the Region that is asked
	Identifier string       // of the cluster, for operations with one
	ARN        string       // of the resource, for tag operations
	Peers      []string     // ARNs in place of the operation's Multi.Peers, in its order
	Token      string       // the client token, for operations with one: sent even when it is empty
	Page       string       // nextToken of a listing; empty for the first page
	Retries    bool         // leave the SDK's own retries on
}

// Exchange is a call's answer and the attempts that it took.
type Exchange struct {
	Answer   Answer
	Attempts []Attempt // in order, at least one unless Do failed
}

// Attempt is one HTTP request and its response, as bytes. No header that
// authenticates is kept.
type Attempt struct {
	Method, URL  string
	Header       map[string][]string // of the request; without Authorization, X-Amz-Security-Token
	Body         []byte
	StatusCode   int // 0 when there was no response
	Answer       []byte
	AnswerHeader map[string][]string
	Truncated    bool // the response was longer than the limit and was cut
	Sent         time.Time
	Answered     time.Time
	Err          string // transport error, free of secrets; empty for none
}

// Outage classifies an answer that is neither a success nor a refusal.
type Outage uint8

// The outages.
const (
	Answered    Outage = iota // a success or a modelled or unmodelled 4xx refusal
	Lost                      // 5xx but 501, a timeout or a cut connection: the effect is not known
	Throttled                 // 429: no effect
	NotServed                 // 501, or an error that says that the operation is unknown
	Credentials               // missing, expired or rejected credentials
	Unreachable               // nobody listens: no connection could be made
	Undecodable               // a 2xx or 3xx answer that is not one of the service's
)

// Answer is a decoded answer in concrete names. Nil and empty mean that the
// answer did not carry the member.
type Answer struct {
	Outage  Outage
	Code    string // the service's name of the error of a refusal, "" for a success
	HTTP    int    // status code, 0 for none
	Message string // of an error
	Reason  string // of a ValidationException

	Identifier string
	ARN        string
	Status     string
	Created    time.Time
	Protection *bool
	Multi      *Multi
	Tags       map[string]string
	Listed     []Listed // of one page
	Page       string   // nextToken
	Service    string   // VPC endpoint service name
}

// Multi is multiRegionProperties as answered; Clusters is nil when absent.
type Multi struct {
	Witness  *string
	Clusters []string
}

// Listed is one row of a listing.
type Listed struct{ Identifier, ARN string }
