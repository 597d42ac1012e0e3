package conformance

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"dsqlconform/model"
)

// quiet compares reads of one resource between which no call of ours fell. Most
// of what such reads may show is judged by the belief; what is left are the
// names in [constant], which nothing but a call changes.
//
// The zero value has seen nothing. It is not safe for concurrent use.
type quiet struct {
	since time.Time                    // when the last call was answered that may have changed anything
	reads map[string]map[string]string // by resource: the names that it showed last
}

// constant are the members, by the operation that reads them, that stay the same
// while nobody calls: host names and the ARN of a key. A name that is absent,
// null or empty says nothing.
var constant = map[string][]string{
	"GetCluster":                {"endpoint", "encryptionDetails.kmsKeyArn"},
	"GetVpcEndpointServiceName": {"serviceName", "clusterVpcEndpoint"},
}

// judge takes in an answer, in the order of the calls, and returns the names
// that differ from those of the read before. lag is how old a read may be: none
// is compared that may have been answered from before the last change.
func (q *quiet) judge(call Call, a Attempt, lag time.Duration) []fault {
	if call.Op == nil {
		return nil
	}
	op := operation(call.Op)
	if op == "await" {
		op = model.GetCluster{}.Name()
	}
	if changes(call.Op) {
		q.since, q.reads = a.Answered, nil
		return nil
	}
	names := constant[op]
	if names == nil || a.Err != "" || a.Truncated || a.StatusCode != http.StatusOK || a.Sent.Sub(q.since) < lag {
		return nil
	}
	object, problem := parseObject(bytes.TrimSpace(a.Answer))
	if problem != "" {
		return nil
	}
	key := op + " " + string(call.Region) + " " + call.Identifier
	shown := map[string]string{}
	var faults []fault
	for _, name := range names {
		now, before := at(object, name), q.reads[key][name]
		if now == "" {
			now = before
		}
		if before != "" && now != before {
			faults = append(faults, fault{Rule: model.WireQuiet, Shape: name + " changed", Want: show(before), Got: show(now)})
		}
		shown[name] = now
	}
	if q.reads == nil {
		q.reads = map[string]map[string]string{}
	}
	q.reads[key] = shown
	return faults
}

// changes reports whether a call may change what later reads show.
func changes(op model.Op) bool {
	row, ok := model.LookupOperation(op.Name())
	return !ok || row.Mutates
}

// at returns the text at a path of an object, "" when there is none.
func at(object map[string]any, path string) string {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return text(object[name])
	}
	inner, _ := object[name].(map[string]any)
	return at(inner, rest)
}
