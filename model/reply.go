package model

import (
	"math/bits"
	"strings"
	"time"
)

// Code is an error code of the service, or a class of answers that are none.
type Code uint8

// The error codes of the service, and OtherError for a 4xx answer that names
// none of them.
const (
	NoError Code = iota
	AccessDenied
	Validation
	NotFound
	Conflict
	QuotaExceeded
	Throttling
	InternalServer
	OtherError
)

// Errors is the table of the service's errors: name and HTTP status code (F018,
// F025, section "Errors" of the service description).
var Errors = [...]struct {
	Code Code
	Name string
	HTTP int
}{
	{AccessDenied, "AccessDeniedException", 403},
	{Validation, "ValidationException", 400},
	{NotFound, "ResourceNotFoundException", 404},
	{Conflict, "ConflictException", 409},
	{QuotaExceeded, "ServiceQuotaExceededException", 402},
	{Throttling, "ThrottlingException", 429},
	{InternalServer, "InternalServerException", 500},
}

// String returns the service's name of the error, "" for no error and "other"
// for [OtherError].
func (c Code) String() string {
	for _, e := range Errors {
		if e.Code == c {
			return e.Name
		}
	}
	if c == OtherError {
		return "other"
	}
	return ""
}

// ParseCode returns the code with that name, and [OtherError] for any other.
func ParseCode(name string) Code {
	for _, e := range Errors {
		if e.Name == name {
			return e.Code
		}
	}
	return OtherError
}

// CodeSet is a set of codes.
type CodeSet uint16

// Codes returns the set of the given codes.
func Codes(list ...Code) CodeSet {
	var set CodeSet
	for _, c := range list {
		set |= 1 << c
	}
	return set
}

// Any4xx is every refusal, modelled or not, but throttling.
const Any4xx = CodeSet(1<<AccessDenied | 1<<Validation | 1<<NotFound | 1<<Conflict | 1<<QuotaExceeded | 1<<OtherError)

// Has reports whether c is in the set.
func (set CodeSet) Has(c Code) bool { return set&(1<<c) != 0 }

// Len returns how many codes the set holds.
func (set CodeSet) Len() int { return bits.OnesCount16(uint16(set)) }

// String returns the members joined by "|", "any 4xx" for [Any4xx].
func (set CodeSet) String() string {
	if set == Any4xx {
		return "any 4xx"
	}
	var names []string
	for c := AccessDenied; c <= OtherError; c++ {
		if set.Has(c) {
			names = append(names, c.String())
		}
	}
	return strings.Join(names, "|")
}

// Reply is an answer in symbolic form: identifiers stand as handles, absent and
// empty are the same where the service leaves it open. The zero value of a
// member means that the answer did not carry it.
type Reply struct {
	// Lost says that there was no usable answer: 500, 502, 503, 504, a
	// timeout or a cut connection. Whether the call had its effect is not known.
	Lost bool
	// Code is the error of a refusal, NoError for a success.
	Code   Code
	Reason string // the reason of a ValidationException

	// Of a success:
	Cluster    Handle // whom the identifier names; Unknown for one never seen
	Changed    string // which of "identifier", "arn", "creationTime" differ from what was seen before, comma-separated
	Status     Status
	Protection Switch
	Multi      bool     // multiRegionProperties present and not empty
	Witness    Maybe    // its witnessRegion
	Members    []Handle // its clusters, sorted, each once; nil when absent
	Empty      bool     // its clusters is present and empty
	Tags       Tags
	Listed     []Handle // of a listing: ours, sorted; strangers left out
	Twice      []Handle // of a listing: ours that appear more than once
	Service    string   // the VPC endpoint service name
	Encryption Encryption
	Policy     Document // of the policy operations
	Stream     StreamReply
	Legacy     Legacy
}

// Document is a resource policy in an answer.
type Document struct {
	Text string // canonical, see [CanonicalPolicy]; "" for none
	// Version counts the versions that the target has answered for the
	// cluster in this execution, in the order of their first appearance, from
	// 1; equal texts have equal numbers. 0 for none.
	Version int
}

// StreamReply is what an answer says of streams.
type StreamReply struct {
	Handle   StreamHandle // whom the stream identifier names; UnknownStream for one never seen; 0 for none
	Status   StreamStatus
	Ordering string
	Format   string
	Target   Switch // On: targetDefinition is the one that was asked for, Off: another, Unset: absent
	Reason   bool   // statusReason is present
	// Of a listing of one cluster's streams: ours, sorted, with the status that
	// each shows, and those that appear more than once. Listed is not nil in a
	// listing.
	Listed []StreamHandle
	Shown  []StreamStatus // beside Listed
	Twice  []StreamHandle
}

// Legacy is what only the revision 2025-05-13 answers: witnessRegion and
// linkedClusterArns beside multiRegionProperties.
type Legacy struct {
	Witness Maybe
	Linked  []Handle // sorted, each once; in the order of the answer for CreateMultiRegionClusters; nil when absent
}

// Refused reports whether the reply is a refusal.
func (r Reply) Refused() bool { return !r.Lost && r.Code != NoError }

// Seen is a reply and when it was got, as durations since the start of the run.
type Seen struct {
	Reply          Reply
	Sent, Answered time.Duration
	Attempts       int    // how often the request was sent for this answer; 0 counts as 1
	By             string // the principal that asked, "" for the run's own
}
