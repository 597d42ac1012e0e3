package conformance

import (
	"slices"
	"strings"

	"dsqlconform/model"
)

// policies ties the symbolic texts and versions of resource policies to the
// target's own.
type policies struct {
	texts    map[string]string   // canonical symbolic text, by the canonical text that was sent
	versions map[string][]string // that the target has answered, by cluster identifier
	voids    map[version]string  // texts that are no version
}

// version is a symbolic policy version of a cluster.
type version struct {
	cluster string
	number  int
}

func newPolicies() policies {
	return policies{texts: map[string]string{}, versions: map[string][]string{}, voids: map[version]string{}}
}

// symbolicAccount stands for the account in the text of a policy.
const symbolicAccount = "${account}"

// send fills a policy in, and notes what stands for its text.
func (p *policies) send(b *binder, call *Call, text string) {
	if text == "" {
		return
	}
	call.Policy = b.fill(text, call.Region)
	sent := model.CanonicalPolicy(call.Policy)
	if _, known := p.texts[sent]; !known {
		p.texts[sent] = model.CanonicalPolicy(text)
	}
}

// expected returns the expectedPolicyVersion that is sent for a cluster. A
// version that the target has not answered yet is a text that is none.
func (p *policies) expected(b *binder, cluster string, e model.Expect) model.Maybe {
	known := p.versions[cluster]
	switch {
	case e.Version > 0 && e.Version <= len(known):
		return model.Some(known[e.Version-1])
	case e.Version > 0:
		v := version{cluster, e.Version}
		if p.voids[v] == "" {
			p.voids[v] = b.word(tokenAlphabet, 12)
		}
		return model.Some(p.voids[v])
	}
	return e.Literal
}

// document puts a policy, and the version that goes with it, into symbolic form.
func (p *policies) document(b *binder, call Call, a Answer) model.Document {
	var d model.Document
	if a.Policy != nil {
		text := model.CanonicalPolicy(*a.Policy)
		symbolic, ours := p.texts[text]
		switch {
		case ours:
			d.Text = symbolic
		case b.account != "":
			d.Text = strings.ReplaceAll(text, b.account, symbolicAccount)
		default:
			d.Text = text
		}
	}
	if a.PolicyVersion == "" {
		return d
	}
	list := p.versions[call.Identifier]
	i := slices.Index(list, a.PolicyVersion)
	if i < 0 {
		i = len(list)
		p.versions[call.Identifier] = append(list, a.PolicyVersion)
	}
	d.Version = i + 1
	return d
}
