package reports

import (
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// sample is a run with one of everything. The golden files show it, and its
// answers are as hostile as a target can make them.
func sample(t testing.TB) (conformance.Result, Target) {
	t.Helper()
	long := parse(t, "c1 = create us-east-1 protection=on", "await c1 ACTIVE", "get c1", "delete c1")
	minimal := parse(t, "c1 = create us-east-1 protection=on", "delete c1")
	protected := conformance.Finding{
		Rule: "DSQL-DEL-002", Severity: conformance.Violation, Kind: conformance.Safety,
		Operation: "DeleteCluster", Status: "CREATING", Role: "single", Shape: "status=DELETING",
		Profile: "lifecycle", Seed: 42, At: 3, Sequence: long, Minimal: minimal, ShrinkOperations: 40, Hits: 5, Tries: 5,
		Expected: []string{"ValidationException"}, Got: "ok c1 DELETING",
		Diff:     "- ValidationException\n+ ok c1 DELETING\n",
		AlsoSeen: []string{"DSQL-GET-002/GetCluster/CREATING/single/missing"},
		Calls: []conformance.Record{{
			Line: 3, Call: conformance.Call{Op: model.DeleteCluster{Ref: model.C(1)}, Region: "us-east-1", Identifier: "abcdefghijklmnopqrstuvwxyz"},
			Exchange: conformance.Exchange{Attempts: []conformance.Attempt{{
				Method: "DELETE", URL: "http://127.0.0.1:8000/cluster/abcdefghijklmnopqrstuvwxyz?client-token=x",
				Header:     map[string][]string{"Authorization": {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x, SignedHeaders=host, Signature=5ec2e7"}},
				StatusCode: 200, Answer: []byte(`{"identifier":"abcdefghijklmnopqrstuvwxyz","status":"DELETING"}`),
				AnswerHeader: map[string][]string{"Content-Type": {"application/json"}},
			}}},
			Reply: model.Reply{Cluster: 1, Status: model.Deleting},
		}},
	}
	script := conformance.Finding{
		Rule: "DSQL-GET-999", Severity: conformance.Suspicion, Kind: conformance.Wire,
		Operation: "GetCluster", Status: "ACTIVE", Role: "single", Shape: "<script>alert(1)</script>",
		After: protected.Signature(), Profile: "wire", Seed: 43, At: 0, Sequence: minimal, Minimal: minimal, Hits: 1, Tries: 3,
		Expected: []string{"ok c1 ACTIVE"}, Got: "```\n</pre><img src=x onerror=alert(1)>|\n# heading",
	}
	known := protected
	known.Known, known.Role, known.Profile = true, "mutual", "pairs"
	return conformance.Result{
		Verdict: conformance.Diverges, Seed: 42,
		Profiles: []conformance.ProfileResult{
			{Name: conformance.TourName, Verdict: conformance.Conforms, Sequences: 3, Operations: 30, Reason: "3 of its 9 sequences were replayed"},
			{Name: "lifecycle", Verdict: conformance.Diverges, Sequences: 10, Operations: 98, Doubtful: 2},
			{Name: "wire", Verdict: conformance.Conforms, Sequences: 5, Operations: 50},
			{Name: "pairs", Verdict: conformance.Conforms, Sequences: 5, Operations: 50},
			{Name: "tags", Verdict: conformance.Conforms, Sequences: 4, Operations: 40},
			{Name: "streams", Verdict: conformance.Unserved, Reason: "CreateStream answers 501"},
			{Name: "quota", Verdict: conformance.Inconclusive, Reason: "no turn within the budget"},
		},
		Findings:  []conformance.Finding{protected, script, known},
		Open:      []conformance.Open{{Question: "Q14", Rule: "DSQL-DEL-003", Context: "DeleteCluster CREATING single", Answer: "the deletion is accepted", Count: 7, Sequence: minimal}},
		NotServed: []string{"CreateStream"},
		Doubts:    []conformance.Doubt{{Reason: "throttled", Count: 2}},
		Notes:     []conformance.Note{{Kind: "stale read", Example: "get c1: CREATING after ACTIVE | <b>", Count: 3}},
		Known:     []conformance.KnownResult{{Entry: "delete-protected", Status: "seen"}, {Entry: "old", Status: "stale"}, {Entry: "later", Status: "not-attempted"}},
		Rules:     conformance.Tally{"DSQL-DEL-002": 3, "DSQL-DEL-003": 0}, Transitions: conformance.Tally{"T04": 9},
		Edges:     conformance.Tally{"none CreateCluster CREATING": 24, "CREATING service ACTIVE": 9, "ACTIVE service IDLE": 0},
		Cells:     conformance.Tally{"GetCluster ACTIVE single ok": 12, "GetCluster IDLE single ok": 0, "UntagResource ACTIVE mutual ok": 0, "UpdateCluster ACTIVE mutual refused": 0},
		Toured:    conformance.Tally{"none CreateCluster CREATING": 3, "CREATING service ACTIVE": 1, "GetCluster ACTIVE single ok": 1, "GetCluster IDLE single ok": 0},
		Faults:    conformance.Tally{"GetCluster identifier pattern": 2, "GetCluster unsigned": 0},
		Sequences: 27, Operations: 268, Probes: 12,
		Started: time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC), Duration: 9876543210 * time.Nanosecond,
	}, Target{Name: "toy", Version: "1.2", Endpoint: "http://127.0.0.1:8000", Regions: []string{"us-east-1", "us-east-2"}, Witness: "us-west-2", Revision: "current"}
}

// parse returns the sequence of the lines.
func parse(t testing.TB, lines ...string) model.Sequence {
	t.Helper()
	s, err := model.ParseSequence("# dsqlseq 1\n# seed: 42\n# profile: lifecycle\n# regions: us-east-1,us-east-2\n" + strings.Join(lines, "\n") + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
