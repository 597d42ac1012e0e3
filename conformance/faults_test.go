package conformance_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// hostileTo returns a sequence that puts every fault of one operation that must
// be refused to one ACTIVE cluster and its stream.
func hostileTo(rev model.Revision, operation string) model.Sequence {
	c, s := model.C(1), model.StreamRef{Handle: 1}
	lines := []model.Line{
		{Op: model.CreateCluster{As: 1, Region: "us-east-1", Protection: model.Off}},
		{Op: model.Await{Ref: c, Status: model.Active}},
	}
	if rev == model.Current {
		lines = append(lines, model.Line{Op: model.CreateStream{As: 1, Ref: c}})
	}
	for i, op := range model.Hostiles(rev) {
		if op.Operation != operation || !op.Must(rev) {
			continue
		}
		op.Region = "us-east-1"
		switch operation {
		case "CreateCluster", "CreateMultiRegionClusters":
			op.As = model.Handle(2 + i)
		case "ListClusters":
		case "CreateStream":
			op.Ref, op.Stream = c, model.StreamRef{Handle: model.StreamHandle(2 + i)}
		case "GetStream", "DeleteStream":
			op.Ref, op.Stream = c, s
		default:
			op.Ref = c
		}
		lines = append(lines, model.Line{Op: op})
	}
	return model.Sequence{Regions: []model.Region{"us-east-1"}, Lines: lines}
}

func TestTheEndpointRefusesEveryFault(t *testing.T) {
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		for _, shape := range model.Shapes(rev) {
			t.Run(rev.String()+" "+shape.Name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					endpoint := reference.New(reference.Options{Settle: settle, Revision: rev})
					seq := hostileTo(rev, shape.Name)
					set := conformance.Settings{Settle: settle, Revision: rev}
					trace, err := conformance.Replay(t.Context(), over(t, endpoint), seq, conformance.With(set))
					if err != nil {
						t.Fatal(err)
					}
					for _, f := range trace.Findings {
						t.Errorf("%s", conformance.Message(f))
					}
					answered := 0
					for _, r := range trace.Records {
						op, ok := r.Call.Op.(model.Hostile)
						if !ok {
							continue
						}
						answered++
						if a := r.Exchange.Answer; a.HTTP < 400 || a.HTTP >= 500 {
							t.Errorf("%s: got HTTP %d %s, want a 4xx", op, a.HTTP, a.Code)
						}
					}
					if hostile := strings.Count(seq.String(), "hostile "); answered < hostile || hostile == 0 {
						t.Errorf("got answers to %d of %d hostile requests, want all", answered, hostile)
					}
				})
			})
		}
	}
}

// validation returns the settings of a run that puts every fault once.
func validation(t *testing.T) conformance.Settings {
	p, err := generators.Lookup("validation")
	if err != nil {
		t.Fatal(err)
	}
	turns := (len(model.Hostiles(model.Current)) + p.Steps - 1) / p.Steps
	return conformance.Settings{Profiles: []generators.Profile{p}, Sequences: turns, Settle: settle}
}

func TestConsecutiveSequencesPutEveryFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		res := check(t, over(t, reference.New(reference.Options{Settle: settle})), validation(t))
		for _, f := range res.Findings {
			t.Errorf("%s", conformance.Message(f))
		}
		if len(res.Faults) != len(model.Hostiles(model.Current)) {
			t.Errorf("got %d faults in the result, want %d", len(res.Faults), len(model.Hostiles(model.Current)))
		}
		for name, n := range res.Faults {
			if n == 0 {
				t.Errorf("%s: got no answer to it, want one in %d sequences", name, res.Sequences)
			}
		}
	})
}

func TestOtherProfilesCountNoFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		res := check(t, over(t, reference.New(reference.Options{Settle: settle})), conformance.Settings{
			Profiles: []generators.Profile{generators.Profiles()[0]}, Sequences: 1, Settle: settle})
		if res.Faults != nil {
			t.Errorf("got %d faults, want none in a run that is not about them", len(res.Faults))
		}
	})
}

// An endpoint that says yes to whatever it refuses breaks each of the rules.
func TestAnEndpointThatRefusesNothingIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := reference.New(reference.Options{Settle: settle})
		yes := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			endpoint.ServeHTTP(rec, r)
			for name, values := range rec.Header() {
				w.Header()[name] = values
			}
			if rec.Code >= 400 && rec.Code != http.StatusNotFound || r.Method == "PUT" || strings.HasPrefix(r.URL.Path, "/no-such") ||
				strings.Contains(r.URL.EscapedPath(), "%2e") {
				w.Header().Del("X-Amzn-Errortype")
				w.Header().Del("Content-Length")
				w.WriteHeader(http.StatusOK)
				fmt.Fprint(w, "{}")
				return
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes())
		})
		set := validation(t)
		set.Shrinking = 1 // the findings as they are
		res := check(t, over(t, yes), set)
		for n := 1; n <= 7; n++ {
			rule := model.RuleID(fmt.Sprintf("DSQL-VAL-%03d", n))
			if !slices.ContainsFunc(res.Findings, func(f conformance.Finding) bool { return f.Rule == rule }) {
				t.Errorf("got no finding of %s, want one", rule)
			}
		}
	})
}

// An endpoint that refuses a delete, and deletes, is found by the read that
// follows.
func TestARefusalWithAnEffectIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := reference.New(reference.Options{Settle: settle})
		honest := over(t, endpoint)
		sly := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			endpoint.ServeHTTP(rec, r)
			id, ok := strings.CutPrefix(r.URL.Path, "/cluster/")
			if ok && r.Method == "DELETE" && rec.Code >= 400 {
				_, _ = honest.Do(t.Context(), conformance.Call{Op: model.DeleteCluster{}, Region: "us-east-1", Identifier: id, Token: "an-honest-token"})
			}
			for name, values := range rec.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes())
		})
		trace := replay(t, over(t, sly), "c1 = create us-east-1 protection=off\nawait c1 ACTIVE\n"+
			"hostile us-east-1 DeleteCluster clientToken too-long c1", conformance.Settings{Settle: settle})
		if len(trace.Findings) == 0 || trace.Findings[0].Rule != "DSQL-LIF-000" {
			t.Errorf("got findings %v, want the status that the probe after the refusal shows", trace.Findings)
		}
	})
}
