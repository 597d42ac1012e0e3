package model

import (
	"fmt"
	"time"
)

// Region is a Region name, such as "us-east-1". Any text is allowed.
type Region string

// Handle is a symbolic cluster name: 7 stands for "c7". It says nothing of the
// identifier that a target chose. Zero is no handle; the greatest that a
// sequence may use is [MaxHandle].
type Handle uint16

// MaxHandle is the greatest handle that a sequence may use.
const MaxHandle Handle = 999

// Unknown stands in a [Reply] for an identifier that the run has not seen
// before, such as that of somebody else's cluster.
const Unknown Handle = 0xFFFF

// String returns "c7" for handle 7.
func (h Handle) String() string {
	switch h {
	case 0:
		return "none"
	case Unknown:
		return "unknown"
	}
	return fmt.Sprintf("c%d", uint16(h))
}

// Ref is how an operation names a cluster: by handle, or by a literal
// identifier that is sent as it is and never names a cluster of the run.
// A handle that no create has bound stands for a well-formed identifier that
// does not exist, fresh for each handle and execution.
type Ref struct {
	Handle  Handle // 0 when Literal is meant
	Literal string
}

// C returns the reference to handle n, for brevity in tables and tests.
func C(n int) Ref { return Ref{Handle: Handle(n)} }

// Maybe is an optional text: absent unless Given.
type Maybe struct {
	Value string
	Given bool
}

// Some returns a given text.
func Some(value string) Maybe { return Maybe{value, true} }

// StreamHandle is a symbolic name of a change stream: 2 stands for "s2". Zero is
// no handle; the greatest that a sequence may use is [MaxHandle].
type StreamHandle uint16

// UnknownStream stands in a [Reply] for a stream that the run has not seen
// before.
const UnknownStream StreamHandle = 0xFFFF

// String returns "s2" for handle 2.
func (h StreamHandle) String() string {
	switch h {
	case 0:
		return "none"
	case UnknownStream:
		return "unknown"
	}
	return fmt.Sprintf("s%d", uint16(h))
}

// StreamRef is how an operation names a stream of its cluster: by handle, or by
// a literal identifier when Handle is 0. The zero value names none.
type StreamRef struct {
	Handle  StreamHandle
	Literal string
}

// Switch is an optional boolean.
type Switch uint8

// The values of a Switch: absent, false, true.
const (
	Unset Switch = iota
	Off
	On
)

// SwitchOf returns On for true and Off for false.
func SwitchOf(on bool) Switch {
	if on {
		return On
	}
	return Off
}

// String returns "unset", "off" or "on".
func (s Switch) String() string {
	switch s {
	case Off:
		return "off"
	case On:
		return "on"
	}
	return "unset"
}

// Token is a symbolic client token. Each execution gives it a fresh value of
// the same length and alphabet, so that no execution replays another. The zero
// Token means that the operation carries none of its own: the engine makes one
// up that is used nowhere else, as an SDK would.
type Token struct {
	Name    string // "t1", "t2", …; empty for none or for a Literal
	Near    bool   // the value of Name with the case of its last letter changed
	Length  int    // characters, 1 to 128; 0 means 36
	Literal Maybe  // sent as it is: for malformed tokens
}

// MultiRegion is the multiRegionProperties of a request. Peers may hold the
// cluster itself (F104); at most [MaxPeers] of them are other clusters.
type MultiRegion struct {
	Witness    Maybe
	Peers      []Ref
	GivenPeers bool // an empty list and no list are different requests
}

// MaxPeers is how many other clusters a request may name in the model.
const MaxPeers = 3

// Op is one operation of a sequence, as plain data. The set of operations is
// closed: it is the table [Operations].
type Op interface {
	// Name returns the service's name of the operation, or the lower-case
	// name of a pseudo-operation ("await", "wait", "connect").
	Name() string
	// String returns the text form, one line without a newline.
	String() string
	// Touches returns the handles whose state the allowed answers, or the
	// effect, depend on in this world: the clusters named and, through the
	// token table, those that a token stands for. It may hold duplicates.
	Touches(w World) []Handle

	subject() Handle // see [Subject]; it also closes the set
}

// CreateCluster creates the cluster that later operations call As.
type CreateCluster struct {
	As         Handle
	Region     Region
	Protection Switch
	Key        Maybe // kmsEncryptionKey
	Tags       Tags
	GivenTags  bool // an empty map and no map are different requests
	Multi      *MultiRegion
	Policy     Maybe  // a resource policy to begin with, see [PutClusterPolicy]
	Bypass     Switch // bypassPolicyLockoutSafetyCheck
	Token      Token
}

// GetCluster reads a cluster. At is the Region that is asked; empty means the
// cluster's own.
type GetCluster struct {
	Ref Ref
	At  Region
}

// ListClusters lists a Region, all pages. Max is maxResults, 0 for none.
// Next is the first nextToken to send, for hostile calls.
type ListClusters struct {
	Region Region
	Max    int
	Next   Maybe
}

// UpdateCluster changes a cluster.
type UpdateCluster struct {
	Ref        Ref
	At         Region
	Protection Switch
	Key        Maybe
	Multi      *MultiRegion
	Token      Token
}

// DeleteCluster deletes a cluster.
type DeleteCluster struct {
	Ref   Ref
	At    Region
	Token Token
}

// TagResource adds tags to a cluster, or to its stream, or replaces their
// values.
type TagResource struct {
	Ref    Ref
	Stream StreamRef
	At     Region
	Tags   Tags
}

// UntagResource removes tags from a cluster, or from its stream.
type UntagResource struct {
	Ref    Ref
	Stream StreamRef
	At     Region
	Keys   []string
}

// ListTagsForResource reads the tags of a cluster, or of its stream.
type ListTagsForResource struct {
	Ref    Ref
	Stream StreamRef
	At     Region
}

// GetVpcEndpointServiceName reads the name of the VPC endpoint service.
type GetVpcEndpointServiceName struct {
	Ref Ref
	At  Region
}

// PutClusterPolicy attaches a resource policy to a cluster. In Policy the text
// "${account}" stands for the account that the target's clusters belong to.
type PutClusterPolicy struct {
	Ref    Ref
	At     Region
	Policy string
	Bypass Switch // bypassPolicyLockoutSafetyCheck
	Expect Expect
	Token  Token
}

// GetClusterPolicy reads the resource policy of a cluster.
type GetClusterPolicy struct {
	Ref Ref
	At  Region
}

// DeleteClusterPolicy removes the resource policy of a cluster.
type DeleteClusterPolicy struct {
	Ref    Ref
	At     Region
	Expect Expect
	Token  Token
}

// Expect is an expectedPolicyVersion. Versions are symbolic: 2 is the second
// that the target has answered for that cluster in this execution, and one that
// it has not answered yet is sent as a text that is none. The zero value sends
// no expectation.
type Expect struct {
	Version int   // from 1
	Literal Maybe // sent as it is
}

// CreateStream creates the change stream of a cluster that later operations
// call As.
type CreateStream struct {
	As        StreamHandle
	Ref       Ref
	At        Region
	Ordering  Maybe // UNORDERED when not given
	Format    Maybe // JSON when not given
	Kinesis   Maybe // ARN of the Kinesis stream; when not given the target's own, or a made-up one
	Role      Maybe // ARN of the role; likewise
	Tags      Tags
	GivenTags bool
	Token     Token
}

// GetStream reads a stream.
type GetStream struct {
	Ref    Ref
	Stream StreamRef
	At     Region
}

// ListStreams lists the streams of a cluster, all pages. Max and Next are as in
// [ListClusters].
type ListStreams struct {
	Ref  Ref
	At   Region
	Max  int
	Next Maybe
}

// DeleteStream deletes a stream.
type DeleteStream struct {
	Ref    Ref
	Stream StreamRef
	At     Region
	Token  Token
}

// CreateMultiRegionClusters is retired since 2025-05-19 (section 1 of the API
// history): it creates a cluster in each Region of Linked, at most [MaxPeers],
// already linked, which later operations call As, in the same order.
type CreateMultiRegionClusters struct {
	As         []Handle
	Region     Region // that is asked
	Linked     []Region
	Witness    Region
	Protection Switch // of every member
	Token      Token
}

// DeleteMultiRegionClusters is retired since 2025-05-19: it deletes all the
// clusters that it names.
type DeleteMultiRegionClusters struct {
	Region Region // that is asked
	Refs   []Ref
	Token  Token
}

// Hostile is a request of an operation that breaks the service description in
// one respect, or that a front door should turn away: the row Fault of the table
// of faults, applied to a member of the operation's request. It is sent signed
// over HTTP, and otherwise as the operation would be. See [Faults].
type Hostile struct {
	Region    Region
	Operation string    // the service's name
	Member    string    // path of the member, such as "multiRegionProperties.clusters[]"; empty for the request as a whole
	Fault     string    // name of the fault
	Ref       Ref       // for operations on a cluster
	Stream    StreamRef // for operations on a stream; the new one of a CreateStream
	As        Handle    // the new cluster of a CreateCluster, should it be made
}

// Await polls a cluster with GetCluster until it shows Status, or is no longer
// found for [Gone]; with a Stream it polls that with GetStream until it shows
// Shows, or is no longer found for [StreamGone].
type Await struct {
	Ref    Ref
	Status Status
	Stream StreamRef
	Shows  StreamStatus
}

// Wait lets time pass.
type Wait struct {
	For time.Duration
}

// Connect touches the data plane of a cluster, on targets that can.
type Connect struct {
	Ref Ref
}

// Raw is a signed request over HTTP, sent as it is.
type Raw struct {
	Region Region
	Method string
	Path   string // with the query, as it stands on the request line
	Type   Maybe  // Content-Type
	Body   Maybe
}

// Line is one line of a sequence: an operation and how it is sent.
type Line struct {
	Op      Op
	Lost    bool   // the answer is thrown away
	Twice   bool   // sent twice with one token
	Retries bool   // the SDK's own retries stay on
	By      string // the principal that asks, "" for the run's own; see [Env.Principals]
}

// Sequence is a test: operations in order, with the facts of its header. Other
// header lines are comments and are dropped.
type Sequence struct {
	Seed     uint64
	Profile  string
	Regions  []Region
	Revision string
	Lines    []Line
}
