package main

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"dsqlconform/conformance"
	"dsqlconform/model"
	"dsqlconform/model/diagram"
)

// rulesCommand prints the catalogue of rules, or the permissions that a run
// needs.
type rulesCommand struct {
	Format    string   `help:"${enum}." enum:"md,json" default:"md"`
	IAMPolicy bool     `name:"iam-policy" help:"Print the least IAM policy that a run with --profile and --regions needs."`
	Profile   string   `help:"With --iam-policy: the profiles, or all. Default: ${default}." default:"all" placeholder:"P,Q"`
	Regions   []string `help:"With --iam-policy: Regions that may hold clusters. Default: ${default}." default:"us-east-1,us-east-2" placeholder:"A,B"`
	Witness   string   `help:"With --iam-policy: witness Region. Default: ${default}." default:"us-west-2" placeholder:"R"`
}

// ruleEntry is a rule in JSON.
type ruleEntry struct {
	ID       model.RuleID   `json:"id"`
	Says     string         `json:"says"`
	Force    string         `json:"force"`
	Basis    string         `json:"basis"`
	Question model.FactID   `json:"question,omitempty"`
	Facts    []model.FactID `json:"facts"`
	Cite     []string       `json:"cite"` // one line a fact, as in a report
}

// Run runs the command.
func (c *rulesCommand) Run() error {
	if c.IAMPolicy {
		return c.iamPolicy(os.Stdout)
	}
	rules := append(model.Rules(), conformance.Rules()...)
	if c.Format != "json" {
		return diagram.Catalogue(os.Stdout, rules)
	}
	slices.SortFunc(rules, func(a, b model.Rule) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return rulesJSON(os.Stdout, rules)
}

// housekeeping are the operations that every run makes, whatever its profiles: it
// reads what it made, finds what it lost, and undoes all of it.
var housekeeping = []string{"GetCluster", "ListClusters", "UpdateCluster", "DeleteCluster"}

// iamPolicy prints the policy of a principal that may do what a run does and
// nothing else.
func (c *rulesCommand) iamPolicy(w io.Writer) error {
	tour, profiles, err := parseProfiles(c.Profile)
	if err != nil {
		return usage("--profile: %w", err)
	}
	u := model.Usage{Operations: slices.Clone(housekeeping)}
	for _, seq := range tour {
		for _, l := range seq.Lines {
			u.Operations = append(u.Operations, l.Op.Name())
			if create, ok := l.Op.(model.CreateCluster); ok {
				if create.Multi != nil {
					u.Witness = model.Region(c.Witness)
				}
				u.Tags, u.Policies = u.Tags || create.GivenTags, u.Policies || create.Policy.Given
			}
		}
	}
	for _, p := range profiles {
		u.Operations = slices.AppendSeq(u.Operations, maps.Keys(p.Operations))
		if p.MultiRegion > 0 {
			u.Witness = model.Region(c.Witness)
		}
		u.Tags, u.Policies = u.Tags || p.Tagged > 0, u.Policies || p.Policies > 0
	}
	if slices.Contains(u.Operations, "CreateStream") {
		u.Operations = append(u.Operations, "ListStreams", "GetStream", "DeleteStream")
	}
	if u.Regions, err = parseRegions(c.Regions); err != nil {
		return usage("--regions: %w", err)
	}
	slices.Sort(u.Operations)
	u.Operations = slices.Compact(u.Operations)
	_, err = w.Write(model.Least(u).Document())
	return err
}

func rulesJSON(w io.Writer, rules []model.Rule) error {
	list := []ruleEntry{}
	for _, r := range rules {
		list = append(list, ruleEntry{r.ID, r.Says, r.Force.String(), r.Basis.String(), r.Question, r.Cite, r.Citations()})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}
