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

	sealed()
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

// TagResource adds tags to a cluster, or replaces their values.
type TagResource struct {
	Ref  Ref
	At   Region
	Tags Tags
}

// UntagResource removes tags from a cluster.
type UntagResource struct {
	Ref  Ref
	At   Region
	Keys []string
}

// ListTagsForResource reads the tags of a cluster.
type ListTagsForResource struct {
	Ref Ref
	At  Region
}

// GetVpcEndpointServiceName reads the name of the VPC endpoint service.
type GetVpcEndpointServiceName struct {
	Ref Ref
	At  Region
}

// Await polls a cluster with GetCluster until it shows Status, or is no longer
// found for [Gone].
type Await struct {
	Ref    Ref
	Status Status
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
	Lost    bool // the answer is thrown away
	Twice   bool // sent twice with one token
	Retries bool // the SDK's own retries stay on
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
