package diagram

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"dsqlconform/model"
)

// families are the titles of the families of rules, in the order of the
// catalogue. A family that is not in the table comes last, without a title.
var families = []struct{ code, title string }{
	{"LIF", "Lifecycle of a cluster"},
	{"MRG", "Multi-Region clusters"},
	{"CRE", "CreateCluster"},
	{"GET", "GetCluster"},
	{"LST", "ListClusters"},
	{"UPD", "UpdateCluster"},
	{"DEL", "DeleteCluster"},
	{"TAG", "TagResource"},
	{"UTG", "UntagResource"},
	{"LTG", "ListTagsForResource"},
	{"VPC", "GetVpcEndpointServiceName"},
	{"PRO", "Deletion protection"},
	{"ENC", "Encryption"},
	{"TOK", "Client tokens"},
	{"POL", "Resource policies"},
	{"PPO", "PutClusterPolicy"},
	{"GPO", "GetClusterPolicy"},
	{"DPO", "DeleteClusterPolicy"},
	{"STR", "Change streams"},
	{"SCR", "CreateStream"},
	{"SGT", "GetStream"},
	{"SLS", "ListStreams"},
	{"PAG", "Pages of a listing of streams"},
	{"SDL", "DeleteStream"},
	{"CML", "CreateMultiRegionClusters (retired)"},
	{"DML", "DeleteMultiRegionClusters (retired)"},
	{"REV", "Revisions of the API"},
	{"ERR", "Refusals and server errors"},
	{"VAL", "Requests that break the service description"},
	{"PRM", "Permissions"},
	{"WIR", "Form of answers on the wire"},
	{"INV", "Invariants of every state"},
	{"GOL", "Goals of a run"},
}

// Catalogue writes rules as Markdown: a list of contents, the rules by family, and
// the facts that they cite, with their sources. The order of rules does not
// matter. The error is that of w.
func Catalogue(w io.Writer, rules []model.Rule) error {
	rules = slices.Clone(rules)
	slices.SortFunc(rules, func(a, b model.Rule) int { return strings.Compare(string(a.ID), string(b.ID)) })
	list := slices.Clone(families)
	for _, r := range rules {
		if code := r.ID.Family(); !slices.ContainsFunc(list, func(f struct{ code, title string }) bool { return f.code == code }) {
			list = append(list, struct{ code, title string }{code, ""})
		}
	}
	edges := map[model.RuleID]Edge{}
	for _, e := range slices.Concat(Clusters().Edges, Streams().Edges) {
		edges[e.ID] = e
	}

	var contents, body strings.Builder
	cited := map[model.FactID]bool{}
	for _, f := range list {
		count := 0
		for _, r := range rules {
			if r.ID.Family() != f.code {
				continue
			}
			if count++; count == 1 {
				fmt.Fprintf(&body, "\n<a id=\"%s\"></a>\n\n## %s\n", strings.ToLower(f.code), title(f.code, f.title))
			}
			entry(&body, r, edges)
			for _, id := range r.Cite {
				cited[id] = true
			}
		}
		if count > 0 {
			fmt.Fprintf(&contents, "- [%s](#%s): %s\n", title(f.code, f.title), strings.ToLower(f.code), plural(count, "rule"))
		}
	}

	var b strings.Builder
	b.WriteString("# Rules\n\nWritten by `dsqlconform rules`. A *must* rests on what AWS wrote, and breaking it is a violation; a *should* rests on what people observed, and breaking it is a suspicion; a *may* cannot be broken. ")
	b.WriteString("Operations and statuses are those that a rule speaks of; a status is that of the cluster asked for, before the call.\n\n")
	b.WriteString(contents.String())
	b.WriteString("- [Facts](#facts): what the rules cite, with sources\n")
	b.WriteString(body.String())
	b.WriteString("\n<a id=\"facts\"></a>\n\n## Facts\n\n")
	for _, f := range model.Facts() {
		if cited[f.ID] {
			fmt.Fprintf(&b, "- <a id=\"%s\"></a>**%s** (%s): %s. %s\n", strings.ToLower(string(f.ID)), f.ID, f.Certainty, strings.TrimSuffix(f.Says, "."), origin(f))
		}
	}
	_, err := io.WriteString(w, strings.ReplaceAll(b.String(), "?. ", "? "))
	return err
}

// entry writes one rule.
func entry(b *strings.Builder, r model.Rule, edges map[model.RuleID]Edge) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n- force: %s, basis: %s\n", r.ID, r.Says, r.Force, r.Basis)
	if r.Question != "" {
		fmt.Fprintf(b, "- open question: %s\n", link(r.Question))
	}
	scope := model.ScopeOf(r.ID)
	if e, ok := edges[r.ID]; ok {
		fmt.Fprintf(b, "- transition: %s, by %s\n", e.way(), e.driven())
	} else {
		fmt.Fprintf(b, "- operations: %s\n- statuses: %s\n", orAny(strings.Join(scope.Operations, ", ")), statuses(scope.Statuses))
	}
	var facts []string
	for _, id := range r.Cite {
		facts = append(facts, link(id))
	}
	fmt.Fprintf(b, "- facts: %s\n", strings.Join(facts, ", "))
}

// statuses returns a set in words, by what it lacks where that is shorter.
func statuses(set model.StatusSet) string {
	all := model.Statuses()
	for s := model.Creating; s <= model.Gone; s++ {
		all |= model.Statuses(s)
	}
	switch lacks := all &^ set; {
	case set == 0 || lacks == 0:
		return "any"
	case lacks.Len() <= 3:
		return "any but " + strings.ReplaceAll(lacks.String(), "|", ", ")
	}
	return strings.ReplaceAll(set.String(), "|", ", ")
}

// origin returns the titles of a fact's sources, with their addresses.
func origin(f model.Fact) string {
	var list []string
	for _, key := range f.Sources {
		s, ok := model.LookupSource(key)
		switch {
		case !ok:
			list = append(list, key)
		case s.URL == "":
			list = append(list, s.Title)
		default:
			list = append(list, fmt.Sprintf("[%s](%s)", s.Title, s.URL))
		}
	}
	if list == nil {
		return "No source."
	}
	return "Source: " + strings.Join(list, "; ") + "."
}

func link(id model.FactID) string {
	return fmt.Sprintf("[%s](#%s)", id, strings.ToLower(string(id)))
}

func title(code, text string) string {
	if text == "" {
		return code
	}
	return code + ": " + text
}

func orAny(text string) string {
	if text == "" {
		return "any"
	}
	return text
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
