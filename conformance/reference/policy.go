package reference

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"dsqlconform/model"
)

// document is the resource policy of a cluster beside its state: the text as it
// was given, and how its versions are spelt, the first first.
type document struct {
	text     string
	versions []string
}

// version returns which version of a cluster's policy has that spelling.
func (h *holdings) version(c model.Handle, spelling string) (n int, ok bool) {
	for i, s := range h.documents[c].versions {
		if s == spelling {
			return i + 1, true
		}
	}
	return 0, false
}

// account stands for [Options.Account] in the policies of the model.
const account = "${account}"

// symbolic returns a policy as the model is told of it.
func (e *Endpoint) symbolic(policy string) string {
	return strings.ReplaceAll(policy, e.opts.Account, account)
}

// issue gives a number to each policy of the world that has none yet: it is the
// one that call has just set. Numbers count from 1 and are not used again.
func (e *Endpoint) issue(call request) {
	for _, c := range e.hold.world.Clusters {
		if !c.Policy.Given || c.Policy.Version != 0 {
			continue
		}
		d := e.hold.documents[c.Handle]
		d.text = call.sent.text("policy").Value
		c.Policy.Version = len(d.versions) + 1
		spelling := strconv.Itoa(c.Policy.Version)
		if e.opts.Temperament.Manner.Opaque {
			spelling = "v-" + e.dice.identifier()
		}
		d.versions = append(d.versions, spelling)
		e.hold.documents[c.Handle] = d
		e.hold.world = e.hold.world.With(c)
	}
}

// policy fills in what an answer says of a policy.
func (e *Endpoint) policy(want *model.PolicyWant, call request, body map[string]any) {
	c, _ := e.hold.find(model.Subject(call.op))
	d := e.hold.documents[c.Handle]
	if want.Read {
		body["policy"] = d.text
		var wide bytes.Buffer
		if e.opts.Temperament.Manner.Opaque && json.Indent(&wide, []byte(d.text), "", "  ") == nil {
			body["policy"] = wide.String()
		}
	}
	// Where nothing is in force any more, it is the last that was.
	if n := cmp.Or(want.Version, c.Policy.Version, len(d.versions)); n > 0 && n <= len(d.versions) {
		body["policyVersion"] = d.versions[n-1]
	}
}
