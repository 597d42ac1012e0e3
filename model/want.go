package model

// Outcome is one thing that the service may do: what it answers and the world
// that follows. Rules are the rows that made it, the deciding one first.
type Outcome struct {
	Rules  []RuleID
	Want   Want
	Next   World
	Breaks RuleID // the Should rule that a service doing this breaks, or ""
}

// Want describes the replies of one outcome: those for which Allows is true.
type Want struct {
	Any bool // whatever is answered

	Codes  CodeSet // a refusal with one of these codes; empty for a success
	Reason string  // of a ValidationException, "" for any

	Cluster    Handle    // whom the identifier must name; 0: no identifier in the reply
	Fresh      bool      // the identifier must be one never seen before
	Status     StatusSet // allowed statuses; empty: the reply carries none
	Protection Protections
	Multi      Presence
	Witness    []Region // allowed witnesses, when one is shown
	Must       []Handle // members that must be shown, when any are; sorted
	May        []Handle // members that may be shown besides, sorted; may hold Unknown
	Tags       []Tags   // allowed tags; nil: not part of the reply
	List       bool     // the reply is a listing
	Listed     []Handle // of a listing: ours that must appear, sorted
	Unlisted   []Handle // of a listing: ours that must not appear, sorted
	Service    bool     // a VPC endpoint service name is part of the reply

	// Parts of the reply; nil: not part of it, and not judged.
	Encryption *EncryptionWant
	Policy     *PolicyWant
	Stream     *StreamWant
	Legacy     *LegacyWant
}

// Protections is the set of values of deletionProtectionEnabled that a reply
// may show; zero when the reply does not carry it.
type Protections uint8

// The members of a Protections set.
const (
	ShowsOff Protections = 1 << iota
	ShowsOn
)

// Presence says whether multiRegionProperties is part of a reply.
type Presence uint8

// The values of a Presence.
const (
	NotPart   Presence = iota // the operation's reply does not have the member
	Absent                    // absent or empty (Q25)
	Present                   // present
	Whichever                 // not determined
)

// Success reports whether the outcome is a success.
func (w *Want) Success() bool { return w.Codes == 0 }
