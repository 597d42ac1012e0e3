package model

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARevisionReadsAndPrintsTheSame(t *testing.T) {
	for text, want := range map[string]Revision{"": Current, "current": Current, "2025-05-13": May2025} {
		got, err := ParseRevision(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
		if text != "" && got.String() != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if got, err := ParseRevision("2018-05-10"); err == nil || !strings.Contains(err.Error(), "2025-05-13") {
		t.Errorf("got %v, %v, want an error that names the revisions", got, err)
	}
	if got := Revision(7).String(); got != "Revision(7)" {
		t.Errorf("got %q, want a revision that is none to say so", got)
	}
}

// Section 7 of the facts, an operation a line: the members of its request and
// of its answer, those that may be absent in parentheses.
var revisions = map[Revision]map[string][2]string{
	May2025: {
		"CreateCluster":             {"(deletionProtectionEnabled) (tags) (clientToken) (multiRegionProperties)", "identifier arn status creationTime (multiRegionProperties) deletionProtectionEnabled"},
		"DeleteCluster":             {"identifier (clientToken)", "identifier arn status creationTime (deletionProtectionEnabled)"},
		"GetCluster":                {"identifier", "identifier arn status creationTime (witnessRegion) (linkedClusterArns) deletionProtectionEnabled (multiRegionProperties) (tags)"},
		"UpdateCluster":             {"identifier (deletionProtectionEnabled) (clientToken) (multiRegionProperties)", "identifier arn status creationTime (witnessRegion) (linkedClusterArns) (deletionProtectionEnabled)"},
		"ListClusters":              {"(maxResults) (nextToken)", "(nextToken) clusters"},
		"TagResource":               {"resourceArn tags", ""},
		"UntagResource":             {"resourceArn tagKeys", ""},
		"ListTagsForResource":       {"resourceArn", "(tags)"},
		"GetVpcEndpointServiceName": {"identifier", "serviceName"},
		"CreateMultiRegionClusters": {"linkedRegionList (clusterProperties) witnessRegion (clientToken)", "linkedClusterArns"},
		"DeleteMultiRegionClusters": {"linkedClusterArns (clientToken)", ""},
	},
	Current: {
		"CreateCluster":             {"(deletionProtectionEnabled) (kmsEncryptionKey) (tags) (clientToken) (multiRegionProperties) (policy) (bypassPolicyLockoutSafetyCheck)", "identifier arn status creationTime (multiRegionProperties) (encryptionDetails) deletionProtectionEnabled (endpoint)"},
		"DeleteCluster":             {"identifier (clientToken)", "identifier arn status creationTime"},
		"GetCluster":                {"identifier", "identifier arn status creationTime deletionProtectionEnabled (multiRegionProperties) (tags) (encryptionDetails) (endpoint)"},
		"UpdateCluster":             {"identifier (deletionProtectionEnabled) (kmsEncryptionKey) (clientToken) (multiRegionProperties)", "identifier arn status creationTime"},
		"ListClusters":              {"(maxResults) (nextToken)", "(nextToken) clusters"},
		"TagResource":               {"resourceArn tags", ""},
		"UntagResource":             {"resourceArn tagKeys", ""},
		"ListTagsForResource":       {"resourceArn", "(tags)"},
		"GetVpcEndpointServiceName": {"identifier", "serviceName (clusterVpcEndpoint)"},
		"PutClusterPolicy":          {"identifier policy (bypassPolicyLockoutSafetyCheck) (expectedPolicyVersion) (clientToken)", "policyVersion"},
		"GetClusterPolicy":          {"identifier", "policy policyVersion"},
		"DeleteClusterPolicy":       {"identifier (expectedPolicyVersion) (clientToken)", "policyVersion"},
		"CreateStream":              {"clusterIdentifier targetDefinition ordering format (tags) (clientToken)", "clusterIdentifier streamIdentifier arn status creationTime ordering format"},
		"GetStream":                 {"clusterIdentifier streamIdentifier", "clusterIdentifier streamIdentifier arn status creationTime ordering format (targetDefinition) (statusReason) (tags)"},
		"ListStreams":               {"clusterIdentifier (maxResults) (nextToken)", "(nextToken) streams"},
		"DeleteStream":              {"clusterIdentifier streamIdentifier (clientToken)", "clusterIdentifier streamIdentifier arn status creationTime"},
	},
}

func TestEachRevisionHasItsOwnMembers(t *testing.T) {
	names := func(list []Member) string {
		var out []string
		for _, m := range list {
			if m.Required {
				out = append(out, m.Name)
			} else {
				out = append(out, "("+m.Name+")")
			}
		}
		return strings.Join(out, " ")
	}
	for rev, want := range revisions {
		got := map[string][2]string{}
		for _, s := range Shapes(rev) {
			got[s.Name] = [2]string{names(s.Request), names(s.Members)}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rev, diff)
		}
	}
}
