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

// Call is an operation bound to concrete names. What an operation does not have
// is left zero; a [model.Hostile] has what its operation has.
type Call struct {
	Op         model.Op     // what is asked; symbolic names in it are for messages
	Region     model.Region // the Region that is asked
	By         string       // the principal that asks, see [model.Line]; empty for the run's own
	Identifier string       // of the cluster, for operations with one
	Stream     string       // identifier of the stream, for operations with one
	ARN        string       // of the resource, for tag operations: a cluster, or its stream
	Peers      []string     // ARNs in place of the operation's Multi.Peers, in its order
	ARNs       []string     // in place of the Refs of a DeleteMultiRegionClusters, in its order
	Kinesis    string       // ARN of the Kinesis stream of a CreateStream
	Role       string       // ARN of the role of a CreateStream
	Policy     string       // of operations that give one, with "${account}" filled in; sent when the operation gives a policy
	Expect     model.Maybe  // expectedPolicyVersion; sent when it is given, even when it is empty
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

	// Of an answer about a cluster:
	Identifier string
	ARN        string
	Status     string
	Created    time.Time
	Protection *bool
	Multi      *Multi
	Encryption *Encryption
	Service    string // VPC endpoint service name

	Tags map[string]string // of a cluster, or of a stream

	// Of the policy operations:
	Policy        *string // the document as answered
	PolicyVersion string

	Stream  *Stream  // of an answer about one stream
	Listed  []Listed // of one page of ListClusters
	Streams []Stream // of one page of ListStreams; a row has no more than its summary has
	Page    string   // nextToken

	// Of the revision 2025-05-13:
	Witness *string  // witnessRegion beside multiRegionProperties
	Linked  []string // linkedClusterArns, in the order of the answer; not nil when it is present
}

// Multi is multiRegionProperties as answered; Clusters is nil when absent.
type Multi struct {
	Witness  *string
	Clusters []string
}

// Encryption is encryptionDetails as answered. Key is kmsKeyArn, nil when absent.
type Encryption struct {
	Type, Status string
	Key          *string
}

// Stream is what an answer says of one change stream.
type Stream struct {
	Cluster    string // clusterIdentifier
	Identifier string // streamIdentifier
	ARN        string
	Status     string
	Created    time.Time
	Ordering   string
	Format     string
	Kinesis    string // ARN of the Kinesis stream in targetDefinition
	Role       string // ARN of the role there
	Reason     bool   // statusReason is present
}

// Listed is one row of a listing of clusters.
type Listed struct{ Identifier, ARN string }
