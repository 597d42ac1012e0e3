package main

import (
	"context"
	"fmt"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/generators"
	"dsqlconform/model"
)

const (
	patience   = 10 * time.Second // for the first answer
	firstTries = 3                // where connections are cut
)

// silent asks the target for a listing before anything else, and says why no
// run can be made when there is no answer at all. What the answer says is for
// the run to judge.
func (x *session) silent(ctx context.Context) string {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range firstTries {
		region := x.settings.Regions[0]
		ex, err := x.target.Do(limited, conformance.Call{Op: model.ListClusters{Region: region}, Region: region})
		switch {
		case ctx.Err() != nil:
			return "" // the run will find out that it is interrupted
		case err == nil && ex.Answer.Outage == conformance.Unreachable:
			return "the target is unreachable: nobody listens"
		case err == nil && ex.Answer.Outage == conformance.Credentials && ex.Answer.HTTP == 0:
			return "there are no credentials to sign with: " + ex.Answer.Message
		case err == nil && (ex.Answer.Outage != conformance.Lost || ex.Answer.HTTP != 0):
			return ""
		case limited.Err() != nil:
			return fmt.Sprintf("the target does not answer: a listing took more than %v", patience)
		}
	}
	return "the target does not answer: it cuts every connection"
}

// unasked is the result of a run that was not made.
func unasked(seed uint64, profiles []generators.Profile, reason string) conformance.Result {
	res := conformance.Result{
		Verdict: conformance.Inconclusive, Seed: seed, Started: time.Now(),
		Rules: conformance.Tally{}, Transitions: conformance.Tally{}, Edges: conformance.Tally{}, Cells: conformance.Tally{},
	}
	for _, p := range profiles {
		res.Profiles = append(res.Profiles, conformance.ProfileResult{Name: p.Name, Verdict: conformance.Inconclusive, Reason: reason})
	}
	return res
}
