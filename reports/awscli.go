package reports

import (
	"fmt"
	"io"
	"strconv"
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
	body   strings.Builder
	home   map[model.Handle]model.Region // the Region of each created cluster
	first  model.Region                  // for clusters that nothing creates
	wide   bool                          // more than one Region is asked
	arns   map[model.Handle]bool         // handles whose ARN is used
	used   []model.Handle                // every handle, in order of appearance
	tokens []tokenName
	near   map[string]bool // tokens of which the near miss is used
	needs  map[string]bool // shell functions that are called
	spare  int             // tokens made up for !twice
}

func newScript(s model.Sequence) *script {
	c := &script{
		home:  map[model.Handle]model.Region{},
		first: "us-east-1",
		arns:  map[model.Handle]bool{},
		near:  map[string]bool{},
		needs: map[string]bool{},
	}
	if len(s.Regions) > 0 {
		c.first = s.Regions[0]
	}
	for _, l := range s.Lines {
		if op, ok := l.Op.(model.CreateCluster); ok {
			c.home[op.As] = op.Region
		}
	}
	regions := map[model.Region]bool{}
	for _, l := range s.Lines {
		region, ok := c.asked(l.Op)
		if ok {
			regions[region] = true
		}
		for _, r := range byARN(l.Op) {
			c.arns[r.Handle] = true
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

// commands returns what one operation takes.
func (c *script) commands(region model.Region, l model.Line) []string {
	switch op := l.Op.(type) {
	case model.CreateCluster:
		o := c.options(op.Multi, op.Protection, op.Key, op.Token, l.Twice)
		if op.GivenTags || op.Tags.Len() > 0 {
			o.add("tags", jsonWord(op.Tags.Map()))
		}
		return []string{c.create(op.As, c.call("create-cluster", region, o, l), l.Lost)}
	case model.UpdateCluster:
		o := c.options(op.Multi, op.Protection, op.Key, op.Token, l.Twice)
		o.list = append([]option{{"identifier", c.identifier(op.Ref)}}, o.list...)
		return []string{c.quiet(c.call("update-cluster", region, o, l), l)}
	case model.DeleteCluster:
		o := c.options(nil, model.Unset, model.Maybe{}, op.Token, l.Twice)
		o.list = append([]option{{"identifier", c.identifier(op.Ref)}}, o.list...)
		return []string{c.quiet(c.call("delete-cluster", region, o, l), l)}
	case model.GetCluster:
		return c.simple("get-cluster", region, l, option{"identifier", c.identifier(op.Ref)})
	case model.GetVpcEndpointServiceName:
		return c.simple("get-vpc-endpoint-service-name", region, l, option{"identifier", c.identifier(op.Ref)})
	case model.ListTagsForResource:
		return c.simple("list-tags-for-resource", region, l, option{"resource-arn", c.arn(op.Ref)})
	case model.TagResource:
		return c.simple("tag-resource", region, l, option{"resource-arn", c.arn(op.Ref)}, option{"tags", jsonWord(op.Tags.Map())})
	case model.UntagResource:
		return c.simple("untag-resource", region, l, option{"resource-arn", c.arn(op.Ref)}, option{"tag-keys", jsonWord(each(op.Keys, same))})
	case model.ListClusters:
		return c.simple("list-clusters", region, l, listOptions(op)...)
	case model.Await:
		return []string{c.function("await", op.Ref, region, quote(op.Status.String()))}
	case model.Connect:
		return []string{c.function("connect", op.Ref, region)}
	case model.Wait:
		return []string{"sleep " + strconv.FormatFloat(max(op.For.Seconds(), 0), 'f', -1, 64)}
	case model.Raw:
		return []string{c.quiet(c.raw(op), l)}
	}
	return []string{":  # the AWS CLI has no such call"}
}

func same(s string) string { return s }

func (c *script) simple(command string, region model.Region, l model.Line, list ...option) []string {
	return []string{c.quiet(c.call(command, region, options{list: list}, l), l)}
}

// listOptions asks for all pages, or for the one that a token names.
func listOptions(op model.ListClusters) []option {
	var list []option
	size := "page-size"
	if op.Next.Given {
		size = "max-results"
	}
	if op.Max > 0 {
		list = append(list, option{size, literal(strconv.Itoa(op.Max))})
	}
	if op.Next.Given {
		list = append(list, option{"next-token", literal(op.Next.Value)})
	}
	return list
}

// options returns the options that a create and an update share.
func (c *script) options(multi *model.MultiRegion, protection model.Switch, key model.Maybe, token model.Token, twice bool) options {
	var o options
	switch protection {
	case model.On:
		o.add("deletion-protection-enabled", nil)
	case model.Off:
		o.add("no-deletion-protection-enabled", nil)
	}
	if key.Given {
		o.add("kms-encryption-key", literal(key.Value))
	}
	if multi != nil {
		o.add("multi-region-properties", c.multi(multi))
	}
	if word := c.token(token, twice); word != nil {
		o.add("client-token", word)
	}
	return o
}

// multi returns multiRegionProperties as JSON with the peers' ARNs as
// variables.
func (c *script) multi(m *model.MultiRegion) word {
	text := word{{text: "{"}}
	if m.Witness.Given {
		text = append(text, piece{text: `"witnessRegion":` + jsonText(m.Witness.Value)})
	}
	if m.GivenPeers || len(m.Peers) > 0 {
		if m.Witness.Given {
			text = append(text, piece{text: ","})
		}
		text = append(text, piece{text: `"clusters":[`})
		for i, peer := range m.Peers {
			if i > 0 {
				text = append(text, piece{text: ","})
			}
			if peer.Handle == 0 {
				text = append(text, piece{text: jsonText(peer.Literal)})
			} else {
				text = append(text, piece{text: `"`}, c.arn(peer)[0], piece{text: `"`})
			}
		}
		text = append(text, piece{text: "]"})
	}
	return append(text, piece{text: "}"})
}

// create captures what a create answered. A create whose answer is thrown away
// leaves its handle unbound.
func (c *script) create(h model.Handle, call string, lost bool) string {
	if lost {
		return call + " >/dev/null 2>&1  # nobody sees the answer"
	}
	c.use(h)
	name := variable(h)
	if !c.arns[h] {
		return fmt.Sprintf("answer=$(%s --query identifier --output text) &&\n  %s=$answer && echo \"%s = $%s\"", call, name, name, name)
	}
	return fmt.Sprintf("answer=$(%s --query '[identifier,arn]' --output text) &&\n"+
		"  read -r %s %s_arn <<<\"$answer\" && echo \"%s = $%s\"", call, name, name, name, name)
}

// quiet throws the answer of a call away if the line says so.
func (c *script) quiet(call string, l model.Line) string {
	if l.Lost && !strings.HasPrefix(call, ":") {
		return call + " >/dev/null 2>&1  # nobody sees the answer"
	}
	return call
}

// call returns one command of the AWS CLI.
func (c *script) call(command string, region model.Region, o options, l model.Line) string {
	prefix := ""
	if l.Retries {
		prefix = "AWS_MAX_ATTEMPTS=3 "
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

// function returns the call of one of the script's own functions.
func (c *script) function(name string, r model.Ref, region model.Region, more ...string) string {
	id := c.identifier(r)
	if id.hazardous() {
		return ":  # left out: the AWS CLI would not send this identifier as it is"
	}
	c.needs[name] = true
	return strings.Join(append([]string{name, id.String(), quote(string(region))}, more...), " ")
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
