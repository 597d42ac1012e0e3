package reports

import (
	"fmt"
	"io"
	"strings"

	"dsqlconform/model"
)

// Script writes a bash script that makes the calls of a sequence with the AWS
// CLI, one after the other, against the endpoint in $ENDPOINT. Identifiers are
// captured in shell variables with the names of the handles. What the CLI
// cannot send is sent by curl or, failing that, left out with a comment. A
// refused call does not end the script, since a refusal may be the point. The
// error is that of w.
func Script(w io.Writer, s model.Sequence) error {
	c := newScript(s)
	for i, l := range s.Lines {
		c.line(i+1, l)
	}
	_, err := io.WriteString(w, c.head()+c.body.String())
	return err
}

// script is a script being written.
type script struct {
	body     strings.Builder
	home     map[model.Handle]model.Region // the Region of each created cluster
	first    model.Region                  // for clusters that nothing creates
	wide     bool                          // more than one Region is asked
	arns     map[model.Handle]bool         // handles whose ARN is used
	versions map[model.Handle]bool         // handles whose policy versions are used
	account  bool                          // the account is used
	used     []string                      // variables of every handle, in order of appearance
	tokens   []tokenName
	callers  []caller        // principals who ask
	near     map[string]bool // tokens of which the near miss is used
	needs    map[string]bool // shell functions that are called
	spare    int             // tokens made up for !twice
}

func newScript(s model.Sequence) *script {
	c := &script{
		home:     map[model.Handle]model.Region{},
		first:    "us-east-1",
		arns:     map[model.Handle]bool{},
		versions: map[model.Handle]bool{},
		near:     map[string]bool{},
		needs:    map[string]bool{},
	}
	if len(s.Regions) > 0 {
		c.first = s.Regions[0]
	}
	for _, l := range s.Lines {
		c.settle(l.Op)
	}
	regions := map[model.Region]bool{}
	for _, l := range s.Lines {
		region, ok := c.asked(l.Op)
		if ok {
			regions[region] = true
		}
		for _, r := range byARN(l.Op) {
			c.arns[r.Handle] = true
			c.account = c.account || r.Handle == 0 && !strings.HasPrefix(r.Literal, "arn:")
		}
		c.account = c.account || namesAccount(l.Op)
		if ref, _, ok := model.RefOf(l.Op); ok && expectation(l.Op).Version > 0 {
			c.versions[ref.Handle] = true
		}
	}
	c.wide = len(regions) > 1
	return c
}

// line writes one line of the sequence: a comment with its text, and the call,
// twice if it is sent twice.
func (c *script) line(n int, l model.Line) {
	fmt.Fprintf(&c.body, "\n# %d: %s\n", n, visible(lineText(l)))
	region, _ := c.asked(l.Op)
	commands := c.commands(region, l)
	if l.Twice {
		commands = append(commands, commands...)
	}
	for _, command := range commands {
		c.body.WriteString(command + "\n")
	}
}

// call returns one command of the AWS CLI.
func (c *script) call(command string, region model.Region, o options, l model.Line) string {
	prefix := ""
	if o.unchecked() {
		c.needs["unchecked"] = true
		prefix = "unchecked "
	}
	if l.Retries {
		prefix = "AWS_MAX_ATTEMPTS=3 " + prefix
	}
	at := "--region " + quote(string(region))
	if strings.HasPrefix(string(region), "-") {
		at = "--region=" + quote(string(region))
	}
	return prefix + "aws dsql " + command + " --endpoint-url " + c.endpoint(region) + " " + at + o.String()
}

// endpoint returns the endpoint of a Region: where several are asked, the word
// REGION in $ENDPOINT stands for each.
func (c *script) endpoint(region model.Region) string {
	if c.wide && plainWord.MatchString(string(region)) {
		return `"${ENDPOINT/REGION/` + string(region) + `}"`
	}
	return `"$ENDPOINT"`
}

// raw returns a request that is sent as it is, by curl.
func (c *script) raw(op model.Raw) string {
	if !strings.HasPrefix(op.Path, "/") || strings.ContainsRune(op.Path+op.Method+op.Type.Value, 0) {
		return ":  # left out: curl would not send this as it is"
	}
	c.needs["raw"] = true
	call := "raw " + quote(string(op.Region)) + " " + quote(op.Method) + " " + quote(op.Path)
	switch {
	case op.Type.Given && op.Type.Value == "":
		call += " --header 'Content-Type;'" // curl's way to send it empty
	case op.Type.Given:
		call += " --header " + quote("Content-Type: "+op.Type.Value)
	case op.Body.Given:
		call += " --header Content-Type:" // else curl makes one up
	}
	if op.Body.Given {
		return "printf '%b' " + quote(percentB(op.Body.Value)) + " | " + call + " --data-binary @-"
	}
	return call
}
