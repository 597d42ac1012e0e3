package reference_test

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// members returns the names of an answer's members.
func (f *fixture) members(method, path, body string) (names []string, all map[string]any) {
	f.Helper()
	f.ask(method, path, body, 200, &all)
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, all
}

func TestEachRevisionAnswersWithItsOwnMembers(t *testing.T) {
	const multi = `{"deletionProtectionEnabled":false,"multiRegionProperties":{"witnessRegion":"us-west-2"}}`
	for _, tt := range []struct {
		rev                         model.Revision
		create, get, update, remove string
	}{
		{model.Current, "arn creationTime deletionProtectionEnabled encryptionDetails endpoint identifier multiRegionProperties status",
			"arn creationTime deletionProtectionEnabled encryptionDetails endpoint identifier multiRegionProperties status tags",
			"arn creationTime identifier status", "arn creationTime identifier status"},
		{model.May2025, "arn creationTime deletionProtectionEnabled identifier multiRegionProperties status",
			"arn creationTime deletionProtectionEnabled identifier linkedClusterArns multiRegionProperties status tags witnessRegion",
			"arn creationTime deletionProtectionEnabled identifier status witnessRegion", "arn creationTime deletionProtectionEnabled identifier status"},
	} {
		f := newFixture(t, tt.rev, reference.Temperament{})
		made, all := f.members("POST", "/cluster", multi)
		id, _ := all["identifier"].(string)
		read, shown := f.members("GET", "/cluster/"+id, "")
		if tt.rev == model.May2025 {
			m, _ := shown["multiRegionProperties"].(map[string]any)
			if shown["witnessRegion"] != m["witnessRegion"] || !slices.Equal(shown["linkedClusterArns"].([]any), m["clusters"].([]any)) {
				t.Errorf("got %v, want legacy members that agree with multiRegionProperties", shown)
			}
		}
		changed, _ := f.members("POST", "/cluster/"+id, `{"deletionProtectionEnabled":false}`)
		f.c.pass(2 * settle)
		deleted, _ := f.members("DELETE", "/cluster/"+id, "")
		for _, x := range []struct {
			of   string
			got  []string
			want string
		}{{"create", made, tt.create}, {"get", read, tt.get}, {"update", changed, tt.update}, {"delete", deleted, tt.remove}} {
			if got := strings.Join(x.got, " "); got != x.want {
				t.Errorf("%s %s: got %s, want %s", tt.rev, x.of, got, x.want)
			}
		}
	}
}

func TestEachRevisionHasItsOwnOperations(t *testing.T) {
	retired := `{"linkedRegionList":["us-east-1","us-east-2"],"witnessRegion":"us-west-2"}`
	now, then := newFixture(t, model.Current, reference.Temperament{}), newFixture(t, model.May2025, reference.Temperament{})
	for _, path := range []string{"/cluster/" + then.names.Identifier + "/policy", "/stream/" + then.names.Identifier} {
		then.ask("GET", path, "", 404, nil)
	}
	now.ask("POST", "/multi-region-clusters", retired, 404, nil)

	var made struct{ LinkedClusterArns []string }
	then.ask("POST", "/multi-region-clusters", retired, 200, &made)
	if len(made.LinkedClusterArns) != 2 {
		t.Fatalf("got %v, want two ARNs", made.LinkedClusterArns)
	}
	contrary, _ := reference.LookupTemperament("contrary")
	newFixture(t, model.May2025, contrary).ask("POST", "/multi-region-clusters", retired, 409, nil)
}

func TestTheRetiredOperationsMakeAndDeleteAPair(t *testing.T) {
	f := newFixture(t, model.May2025, reference.Temperament{})
	s := speak.New(f.e, f.c.now)
	ask := func(op model.Op) model.Reply {
		t.Helper()
		reply, err := s.Ask(op)
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	made := ask(model.CreateMultiRegionClusters{As: []model.Handle{1, 2}, Region: "us-east-1", Linked: regions, Witness: "us-west-2", Protection: model.Off})
	if !slices.Equal(made.Legacy.Linked, []model.Handle{1, 2}) {
		t.Fatalf("got %v, want clusters 1 and 2", made.Legacy.Linked)
	}
	f.c.pass(4 * settle)
	for h := range 2 {
		got := ask(model.GetCluster{Ref: model.C(h + 1)})
		if got.Status != model.Active || got.Witness.Value != "us-west-2" || got.Legacy.Witness.Value != "us-west-2" || !slices.Equal(got.Members, []model.Handle{1, 2}) {
			t.Errorf("got %s, want an ACTIVE member of the pair", got)
		}
	}
	if got := ask(model.DeleteMultiRegionClusters{Region: "us-east-1", Refs: []model.Ref{model.C(1), model.C(2)}}); got.Refused() {
		t.Errorf("got %s, want a success", got)
	}
	f.c.pass(4 * settle)
	for h := range 2 {
		if got := ask(model.GetCluster{Ref: model.C(h + 1)}); got.Code != model.NotFound {
			t.Errorf("got %s, want ResourceNotFoundException", got)
		}
	}
}

func TestClusterPropertiesOfARetiredCreation(t *testing.T) {
	f := newFixture(t, model.May2025, reference.Temperament{})
	var made struct{ LinkedClusterArns []string }
	f.ask("POST", "/multi-region-clusters", `{"linkedRegionList":["us-east-1","us-east-2"],"witnessRegion":"us-west-2",
		"clusterProperties":{"us-east-1":{"tags":{"a":"x"},"deletionProtectionEnabled":false},"us-east-2":{"deletionProtectionEnabled":false}}}`, 200, &made)
	_, id, _ := strings.Cut(made.LinkedClusterArns[0], ":cluster/")
	var got struct {
		Tags      map[string]string
		Protected *bool `json:"deletionProtectionEnabled"`
	}
	f.ask("GET", "/cluster/"+id, "", 200, &got)
	if got.Tags["a"] != "x" || *got.Protected {
		t.Errorf("got %v, protected %v, want a=x, unprotected", got.Tags, *got.Protected)
	}
	w := send(t, f.e, f.c, "POST", "/multi-region-clusters", `{"linkedRegionList":["us-east-1","us-east-2"],"witnessRegion":"us-west-2","clusterProperties":{"us-east-1":{"deletionProtectionEnabled":false}}}`)
	if refused(w) != "ValidationException" {
		t.Errorf("two protections: got %s, want a ValidationException", w.Body)
	}
}

// refused returns the name of the error of an answer.
func refused(w *httptest.ResponseRecorder) string {
	var body struct {
		Type string `json:"__type"`
	}
	json.Unmarshal(w.Body.Bytes(), &body)
	return body.Type
}
