package reports

import (
	"fmt"
	"net/url"
	"strings"

	"dsqlconform/model"
)

// What the AWS CLI has no command for is sent by curl.

// retired returns one of the operations of 2025, which the CLI has forgotten.
func (c *script) retired(region model.Region, l model.Line) []string {
	c.needs["raw"] = true
	l.Twice = true // a token stands in every such request
	switch op := l.Op.(type) {
	case model.CreateMultiRegionClusters:
		call := "raw " + quote(string(region)) + " POST /multi-region-clusters --header 'Content-Type: application/json' --data-binary " + c.linkedBody(op, l).String()
		if l.Lost {
			return []string{c.quiet(call, l)}
		}
		c.needs["linked"] = true
		names := ""
		for i, h := range op.As {
			c.use(variable(h))
			if i < len(op.Linked) {
				names += " " + variable(h) + " " + quote(string(op.Linked[i]))
			}
		}
		return []string{fmt.Sprintf("answer=$(%s)\necho \"$answer\"\nlinked \"$answer\"%s", c.by(l)+call, names)}
	case model.DeleteMultiRegionClusters:
		// In the order that the signature wants.
		path := word{{text: "/multi-region-clusters?client-token="}}
		if token := c.token(op.Token, l.Twice); op.Token.Literal.Given {
			path = append(path, piece{text: escape(op.Token.Literal.Value)})
		} else {
			path = append(path, token...)
		}
		for _, r := range op.Refs {
			c.needs["escaped"] = true
			path = append(path, piece{text: "&linked-cluster-arns="})
			for _, part := range c.arn(r) {
				if part.variable == "" {
					part.text = escape(part.text)
				} else {
					part.variable = "(escaped \"$" + part.variable + "\")"
				}
				path = append(path, part)
			}
		}
		return []string{c.quiet("raw "+quote(string(region))+" DELETE "+path.String(), l)}
	}
	return nil
}

// linkedBody returns the request of a CreateMultiRegionClusters as JSON.
func (c *script) linkedBody(op model.CreateMultiRegionClusters, l model.Line) word {
	text := `{"linkedRegionList":` + jsonText(each(op.Linked, func(r model.Region) string { return string(r) })) +
		`,"witnessRegion":` + jsonText(string(op.Witness))
	if op.Protection != model.Unset {
		properties := map[string]any{}
		for _, r := range op.Linked {
			properties[string(r)] = map[string]bool{"deletionProtectionEnabled": op.Protection == model.On}
		}
		text += `,"clusterProperties":` + jsonText(properties)
	}
	body := append(word{{text: text + `,"clientToken":`}}, c.token(op.Token, l.Twice).inJSON()...)
	return append(body, piece{text: "}"})
}

// escape percent-encodes a value of a query as a signature wants it.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// odd returns a hostile request. Should it make something, that is captured.
func (c *script) odd(op model.Hostile, l model.Line) []string {
	call := c.hostile(op)
	_, stream := model.Made(op)
	member, name := "identifier", ""
	switch {
	case op.As != 0:
		name = variable(op.As)
	case stream != 0:
		member, name = "streamIdentifier", stream.String()
	}
	if name == "" || l.Lost || strings.HasPrefix(call, ":") {
		return []string{c.quiet(call, l)}
	}
	c.use(name)
	c.needs["made"] = true
	text := fmt.Sprintf("answer=$(%s)\necho \"$answer\"\nmade %s %s \"$answer\"", c.by(l)+call, name, member)
	if c.arns[op.As] {
		text += fmt.Sprintf("\nmade %s_arn arn \"$answer\"", name)
	}
	return []string{text}
}
