package conformance

import (
	"strings"

	"dsqlconform/model"
)

// faultKey names a pair of a place in a request and a fault that fits it.
func faultKey(op model.Hostile) string {
	words := strings.Fields(op.Operation + " " + op.Member + " " + op.Fault)
	return strings.Join(words, " ")
}

// reach notes that a hostile operation was answered.
func (t *tally) reach(op model.Op) {
	if op, ok := op.(model.Hostile); ok {
		t.faults[faultKey(op)]++
	}
}

// faults returns how often each fault was put to the target; nothing for a run
// without a profile that is about them.
func (r *run) faults() Tally {
	hostile := false
	for _, p := range r.set.Profiles {
		hostile = hostile || p.Operations[(model.Hostile{}).Name()] > 0
	}
	if !hostile {
		return nil
	}
	all := Tally{}
	for _, op := range model.Hostiles(r.set.Revision) {
		key := faultKey(op)
		all[key] = r.tally.faults[key]
	}
	return all
}
