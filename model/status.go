package model

import (
	"fmt"
	"math/bits"
	"strings"
)

// Status is a cluster status as the service spells it, plus [Gone] for a
// cluster whose record has vanished. The zero value is no status.
type Status uint8

// The ten statuses of the API (F186) and the model's own [Gone].
const (
	NoStatus Status = iota
	Creating
	Active
	Idle
	Inactive
	Updating
	Deleting
	Deleted
	Failed
	PendingSetup
	PendingDelete
	Gone
)

var statusNames = [...]string{"", "CREATING", "ACTIVE", "IDLE", "INACTIVE", "UPDATING",
	"DELETING", "DELETED", "FAILED", "PENDING_SETUP", "PENDING_DELETE", "gone"}

// String returns the service's spelling, "gone" for [Gone] and "" for no status.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", s)
}

// ParseStatus returns the status with that spelling ("gone" included), and an
// error that names the text for any other.
func ParseStatus(text string) (Status, error) {
	for i := Creating; i <= Gone; i++ {
		if statusNames[i] == text {
			return i, nil
		}
	}
	return NoStatus, fmt.Errorf("got status %q, want one of %s", text, strings.Join(statusNames[1:], ", "))
}

// StatusSet is a set of statuses.
type StatusSet uint16

// Statuses returns the set of the given statuses.
func Statuses(list ...Status) StatusSet {
	var set StatusSet
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

// Has reports whether s is in the set.
func (set StatusSet) Has(s Status) bool { return set&(1<<s) != 0 }

// Len returns how many statuses the set holds.
func (set StatusSet) Len() int { return bits.OnesCount16(uint16(set)) }

// List returns the members in the order of the constants.
func (set StatusSet) List() []Status {
	var list []Status
	for s := Creating; s <= Gone; s++ {
		if set.Has(s) {
			list = append(list, s)
		}
	}
	return list
}

// String returns the members joined by "|".
func (set StatusSet) String() string {
	var names []string
	for _, s := range set.List() {
		names = append(names, s.String())
	}
	return strings.Join(names, "|")
}
