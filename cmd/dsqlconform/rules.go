package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// rulesCommand prints the catalogue of rules.
type rulesCommand struct {
	Format string `help:"${enum}." enum:"md,json" default:"md"`
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
	rules := append(model.Rules(), conformance.Rules()...)
	slices.SortFunc(rules, func(a, b model.Rule) int { return strings.Compare(string(a.ID), string(b.ID)) })
	if c.Format == "json" {
		return rulesJSON(os.Stdout, rules)
	}
	return rulesMarkdown(os.Stdout, rules)
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

func rulesMarkdown(w io.Writer, rules []model.Rule) error {
	var b strings.Builder
	b.WriteString("# Rules\n\nBreaking a *must* is a violation and breaking a *should* a suspicion; a *may* cannot be broken.\n")
	family := ""
	for _, r := range rules {
		if f, _, _ := strings.Cut(strings.TrimPrefix(string(r.ID), "DSQL-"), "-"); f != family {
			family = f
			fmt.Fprintf(&b, "\n## %s\n", f)
		}
		fmt.Fprintf(&b, "\n**%s** (%s, %s", r.ID, r.Force, r.Basis)
		if r.Question != "" {
			fmt.Fprintf(&b, ", open question %s", r.Question)
		}
		fmt.Fprintf(&b, "): %s.\n", r.Says)
		for _, c := range r.Citations() {
			fmt.Fprintf(&b, "- %s\n", c)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
