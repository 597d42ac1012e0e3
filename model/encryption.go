package model

import (
	"fmt"
	"strings"
)

// EncryptionType is encryptionDetails.encryptionType; zero for none.
type EncryptionType uint8

// The encryption types (F160).
const (
	NoEncryption EncryptionType = iota
	AWSOwned
	CustomerManaged
)

var encryptionTypeNames = [...]string{"", "AWS_OWNED_KMS_KEY", "CUSTOMER_MANAGED_KMS_KEY"}

// String returns the service's spelling, "" for none.
func (t EncryptionType) String() string {
	if int(t) < len(encryptionTypeNames) {
		return encryptionTypeNames[t]
	}
	return fmt.Sprintf("EncryptionType(%d)", t)
}

// ParseEncryptionType returns the type with that spelling, and an error that
// names the text for any other.
func ParseEncryptionType(text string) (EncryptionType, error) {
	for i := AWSOwned; i <= CustomerManaged; i++ {
		if encryptionTypeNames[i] == text {
			return i, nil
		}
	}
	return NoEncryption, fmt.Errorf("got encryption type %q, want one of %s", text, strings.Join(encryptionTypeNames[1:], ", "))
}

// EncryptionStatus is encryptionDetails.encryptionStatus; zero for none.
type EncryptionStatus uint8

// The encryption statuses, section 2.2 of the facts.
const (
	NoEncryptionStatus EncryptionStatus = iota
	EncryptionEnabled
	EncryptionEnabling
	EncryptionUpdating
	KeyInaccessible
)

var encryptionStatusNames = [...]string{"", "ENABLED", "ENABLING", "UPDATING", "KMS_KEY_INACCESSIBLE"}

// String returns the service's spelling, "" for none.
func (s EncryptionStatus) String() string {
	if int(s) < len(encryptionStatusNames) {
		return encryptionStatusNames[s]
	}
	return fmt.Sprintf("EncryptionStatus(%d)", s)
}

// ParseEncryptionStatus returns the status with that spelling, and an error
// that names the text for any other.
func ParseEncryptionStatus(text string) (EncryptionStatus, error) {
	for i := EncryptionEnabled; i <= KeyInaccessible; i++ {
		if encryptionStatusNames[i] == text {
			return i, nil
		}
	}
	return NoEncryptionStatus, fmt.Errorf("got encryption status %q, want one of %s", text, strings.Join(encryptionStatusNames[1:], ", "))
}

// Encryption is encryptionDetails in an answer; zero when it is absent.
type Encryption struct {
	Type   EncryptionType
	Status EncryptionStatus
	Key    Maybe // kmsKeyArn
}

// EncryptionWant says which encryptionDetails are allowed. An answer may leave
// them out.
type EncryptionWant struct {
	keys   [2]string // the keys of which one must be shown, in the terms of [Cluster]
	status encryptionSet
}

// encryptionSet is a set of encryption statuses.
type encryptionSet uint8

const anyEncryption = encryptionSet(1<<EncryptionEnabled | 1<<EncryptionEnabling | 1<<EncryptionUpdating | 1<<KeyInaccessible)

// Rules about encryption that are no row of an operation's table.
var (
	ruleEncryption = Rule{ID: "DSQL-ENC-001", Says: "a cluster shows the kind of key that it has: that of AWS, unless it was given another",
		Cite: cite("F160", "F036", "F078", "F080"), Basis: Documented, Force: Must}
	ruleKeyShown = Rule{ID: "DSQL-ENC-002", Says: "kmsKeyArn is the ARN of the key that the cluster was given",
		Cite: cite("F045", "F078"), Basis: Documented, Force: Must}
	ruleRekeying = Rule{ID: "DSQL-ENC-003", Says: "encryptionStatus is UPDATING only after an update of the key",
		Cite: cite("F080"), Basis: Documented, Force: Should}
	ruleKeyLost = Rule{ID: "DSQL-ENC-004", Says: "KMS_KEY_INACCESSIBLE shows only on a cluster with a key of the customer",
		Cite: cite("F161", "F160"), Basis: Documented, Force: Should}

	encryptionRules = []Rule{ruleEncryption, ruleKeyShown, ruleRekeying, ruleKeyLost}
)

// oddStatuses is the table of encryption statuses that only some clusters have
// reason to show. ENABLED and ENABLING may show at any time (Q30).
var oddStatuses = []struct {
	Status EncryptionStatus
	Rule   RuleID
	Odd    func(c *Cluster) bool
}{
	{EncryptionUpdating, ruleRekeying.ID, func(c *Cluster) bool { return !c.Rekeyed }},
	{KeyInaccessible, ruleKeyLost.ID, func(c *Cluster) bool { return c.Key == "" && c.Before.Key == "" }},
}

// encryptionOf returns what a read of c shows of its encryption: while an update
// is in progress it may be that of before.
func encryptionOf(c *Cluster) *EncryptionWant {
	want := &EncryptionWant{keys: [2]string{c.Key, c.Key}, status: anyEncryption}
	if c.Before.Valid {
		want.keys[1] = c.Before.Key
	}
	for _, row := range oddStatuses {
		if row.Odd(c) {
			want.status &^= 1 << row.Status
		}
	}
	return want
}

// oddEncryption appends to the outcomes of a read of c what a service answers
// that shows a status without reason.
func oddEncryption(out []Outcome, c *Cluster) []Outcome {
	for _, o := range out {
		for _, row := range oddStatuses {
			if row.Odd(c) {
				o.Want.Encryption = &EncryptionWant{keys: o.Want.Encryption.keys, status: 1 << row.Status}
				o.Breaks = row.Rule
				out = append(out, o)
			}
		}
	}
	return out
}

// text returns the allowed values for a line, see [Want.String].
func (w *EncryptionWant) text() string {
	kinds, statuses := []string{kindOf(w.keys[0]).String()}, []string{}
	if kind := kindOf(w.keys[1]).String(); kind != kinds[0] {
		kinds = append(kinds, kind)
	}
	for s := EncryptionEnabled; s <= KeyInaccessible; s++ {
		if w.status&(1<<s) != 0 {
			statuses = append(statuses, s.String())
		}
	}
	text := "encryption=" + strings.Join(kinds, "|") + "/" + strings.Join(statuses, "|")
	return words(text, flag("kms="+quote(w.keys[0]), isKeyARN(w.keys[0]) && w.keys[0] == w.keys[1]))
}

func (w *EncryptionWant) diff(r *Reply, miss func(RuleID, string)) {
	if w == nil || r.Encryption == (Encryption{}) {
		return
	}
	got := &r.Encryption
	kind, key := got.Type == NoEncryption, false
	for _, k := range w.keys {
		if kindOf(k) == got.Type {
			kind = true
			key = key || !isKeyARN(k) || !got.Key.Given || got.Key.Value == k
		}
	}
	switch {
	case !kind:
		miss(ruleEncryption.ID, "encryption with "+got.Type.String())
	case !key && got.Type == CustomerManaged:
		miss(ruleKeyShown.ID, "another key")
	}
	if got.Status != NoEncryptionStatus && w.status&(1<<got.Status) == 0 {
		rule := ruleKeyLost.ID
		if got.Status == EncryptionUpdating {
			rule = ruleRekeying.ID
		}
		miss(rule, "encryption "+got.Status.String())
	}
}

// kindOf returns how a cluster with that key is encrypted.
func kindOf(key string) EncryptionType {
	if key == "" {
		return AWSOwned
	}
	return CustomerManaged
}

// isKeyARN reports whether a key was given by the ARN that kmsKeyArn shows: not
// by an alias, nor by an identifier alone.
func isKeyARN(key string) bool {
	return strings.HasPrefix(key, "arn:") && strings.Contains(key, ":kms:") && strings.Contains(key, ":key/")
}

// adoptEncryption takes what a read shows of a cluster's encryption for granted.
func adoptEncryption(c *Cluster, shown Encryption) {
	switch {
	case shown.Type == AWSOwned:
		c.Key = ""
	case shown.Type == CustomerManaged && shown.Key.Given:
		c.Key = shown.Key.Value
	case shown.Type == CustomerManaged && c.Key == "":
		c.Key = "unknown"
	}
	c.Rekeyed = c.Rekeyed || shown.Status == EncryptionUpdating
}
