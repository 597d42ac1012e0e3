package reports

import (
	"fmt"
	"strconv"
	"strings"

	"dsqlconform/model"
)

// What each operation takes.

// commands returns what one operation takes.
func (c *script) commands(region model.Region, l model.Line) []string {
	switch op := l.Op.(type) {
	case model.CreateCluster:
		o := c.options(op.Multi, op.Protection, op.Key)
		o.tags(op.Tags, op.GivenTags)
		if op.Policy.Given {
			o.add("policy", c.filled(op.Policy.Value, region))
		}
		o.flag("bypass-policy-lockout-safety-check", op.Bypass)
		c.addToken(&o, op.Token, l)
		return c.create(op.As, c.call("create-cluster", region, o, l), l)
	case model.UpdateCluster:
		o := c.options(op.Multi, op.Protection, op.Key)
		o.list = append([]option{{"identifier", c.identifier(op.Ref)}}, o.list...)
		return c.changes("update-cluster", region, l, op.Token, o.list...)
	case model.DeleteCluster:
		return c.changes("delete-cluster", region, l, op.Token, option{"identifier", c.identifier(op.Ref)})
	case model.GetCluster:
		return c.simple("get-cluster", region, l, option{"identifier", c.identifier(op.Ref)})
	case model.GetVpcEndpointServiceName:
		return c.simple("get-vpc-endpoint-service-name", region, l, option{"identifier", c.identifier(op.Ref)})
	case model.ListTagsForResource:
		return c.simple("list-tags-for-resource", region, l, option{"resource-arn", c.resource(op.Ref, op.Stream)})
	case model.TagResource:
		return c.simple("tag-resource", region, l, option{"resource-arn", c.resource(op.Ref, op.Stream)}, option{"tags", jsonWord(op.Tags.Map())})
	case model.UntagResource:
		return c.simple("untag-resource", region, l, option{"resource-arn", c.resource(op.Ref, op.Stream)}, option{"tag-keys", jsonWord(each(op.Keys, same))})
	case model.ListClusters:
		return c.simple("list-clusters", region, l, pages(op.Max, op.Next)...)
	case model.PutClusterPolicy, model.GetClusterPolicy, model.DeleteClusterPolicy:
		return c.policy(region, l)
	case model.CreateStream, model.GetStream, model.ListStreams, model.DeleteStream:
		return c.stream(region, l)
	case model.CreateMultiRegionClusters, model.DeleteMultiRegionClusters:
		return c.retired(region, l)
	case model.Await:
		return []string{c.await(op, region, l)}
	case model.Connect:
		return []string{c.connect(op.Ref, region, l)}
	case model.Wait:
		return []string{"sleep " + strconv.FormatFloat(max(op.For.Seconds(), 0), 'f', -1, 64)}
	case model.Raw:
		return []string{c.quiet(c.raw(op), l)}
	case model.Hostile:
		return c.odd(op, l)
	}
	return []string{":  # the AWS CLI has no such call"}
}

func same(s string) string { return s }

func (c *script) simple(command string, region model.Region, l model.Line, list ...option) []string {
	return []string{c.quiet(c.call(command, region, options{list: list}, l), l)}
}

// changes is simple for an operation that takes a token.
func (c *script) changes(command string, region model.Region, l model.Line, token model.Token, list ...option) []string {
	o := options{list: list}
	c.addToken(&o, token, l)
	return c.simple(command, region, l, o.list...)
}

// pages asks for all pages, or for the one that a token names.
func pages(size int, next model.Maybe) []option {
	var list []option
	name := "page-size"
	if next.Given {
		name = "max-results"
	}
	if size > 0 {
		list = append(list, option{name, literal(strconv.Itoa(size))})
	}
	if next.Given {
		list = append(list, option{"next-token", literal(next.Value)})
	}
	return list
}

// options returns the options that a create and an update share.
func (c *script) options(multi *model.MultiRegion, protection model.Switch, key model.Maybe) options {
	var o options
	o.flag("deletion-protection-enabled", protection)
	if key.Given {
		o.add("kms-encryption-key", literal(key.Value))
	}
	if multi != nil {
		o.add("multi-region-properties", c.multi(multi))
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
			text = append(text, c.arn(peer).inJSON()...)
		}
		text = append(text, piece{text: "]"})
	}
	return append(text, piece{text: "}"})
}

// create captures what a create answered. A create whose answer is thrown away
// leaves its handle unbound.
func (c *script) create(h model.Handle, call string, l model.Line) []string {
	if l.Lost {
		return []string{c.quiet(call, l)}
	}
	name := variable(h)
	c.use(name)
	if !c.arns[h] && !c.account {
		return []string{fmt.Sprintf("answer=$(%s --query identifier --output text) &&\n  %s=$answer && echo \"%s = $%s\"", c.by(l)+call, name, name, name)}
	}
	text := fmt.Sprintf("answer=$(%s --query '[identifier,arn]' --output text) &&\n"+
		"  read -r %s %s_arn <<<\"$answer\" && echo \"%s = $%s\"", c.by(l)+call, name, name, name, name)
	if c.account {
		text += fmt.Sprintf(" &&\n  account=$(cut -d: -f5 <<<\"$%s_arn\")", name)
	}
	return []string{text}
}

// await polls a cluster, or a stream, with the call that reads it.
func (c *script) await(op model.Await, region model.Region, l model.Line) string {
	c.needs["await"] = true
	command, want := "get-cluster", op.Status.String()
	list := []option{{"identifier", c.identifier(op.Ref)}}
	if op.Stream != (model.StreamRef{}) {
		command, want, list = "get-stream", op.Shows.String(), c.streamOf(op.Ref, op.Stream)
	}
	return c.quiet("await "+quote(want)+" "+c.call(command, region, options{list: list}, model.Line{}), l)
}

// connect returns the call of the script's own function.
func (c *script) connect(r model.Ref, region model.Region, l model.Line) string {
	id := c.identifier(r)
	if id.hazardous() {
		return ":  # left out: the AWS CLI would not send this identifier as it is"
	}
	c.needs["connect"] = true
	return c.quiet("connect "+id.String()+" "+quote(string(region)), l)
}

// quiet returns a call as whoever asks makes it, with its answer thrown away if
// the line says so.
func (c *script) quiet(call string, l model.Line) string {
	if strings.HasPrefix(call, ":") {
		return call
	}
	if by := c.by(l); by != "" {
		call = "(" + by + call + ")"
	}
	if l.Lost {
		call += " >/dev/null 2>&1  # nobody sees the answer"
	}
	return call
}
