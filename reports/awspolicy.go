package reports

import (
	"fmt"
	"strings"

	"dsqlconform/model"
)

// The calls of policies and streams.

// policy returns an operation on a resource policy. Where the versions of a
// cluster are used later, it keeps the one that is answered.
func (c *script) policy(region model.Region, l model.Line) []string {
	ref, _, _ := model.RefOf(l.Op)
	o := options{list: []option{{"identifier", c.identifier(ref)}}}
	var command string
	switch op := l.Op.(type) {
	case model.PutClusterPolicy:
		command = "put-cluster-policy"
		o.add("policy", c.filled(op.Policy, region))
		o.flag("bypass-policy-lockout-safety-check", op.Bypass)
	case model.GetClusterPolicy:
		command = "get-cluster-policy"
	case model.DeleteClusterPolicy:
		command = "delete-cluster-policy"
	}
	switch e := expectation(l.Op); {
	case e.Literal.Given:
		o.add("expected-policy-version", literal(e.Literal.Value))
	case e.Version > 0 && ref.Handle == 0:
		o.add("expected-policy-version", literal(unanswered))
	case e.Version > 0:
		o.add("expected-policy-version", word{{variable: fmt.Sprintf("{%s_v%d-%s}", variable(ref.Handle), e.Version, unanswered)}})
	}
	if model.TakesToken(l.Op) {
		c.addToken(&o, model.TokenOf(l.Op), l)
	}
	call := c.call(command, region, o, l)
	if !c.versions[ref.Handle] || l.Lost {
		return []string{c.quiet(call, l)}
	}
	c.needs["version"] = true
	return []string{fmt.Sprintf("answer=$(%s --output json) && echo \"$answer\" &&\n  version %s \"$answer\"", c.by(l)+call, variable(ref.Handle))}
}

// unanswered is sent for a version that has not been answered.
const unanswered = "unanswered"

// expectation returns the expectedPolicyVersion of op, none for one without.
func expectation(op model.Op) model.Expect {
	switch op := op.(type) {
	case model.PutClusterPolicy:
		return op.Expect
	case model.DeleteClusterPolicy:
		return op.Expect
	}
	return model.Expect{}
}

// stream returns an operation on change streams. A new one is captured.
func (c *script) stream(region model.Region, l model.Line) []string {
	switch op := l.Op.(type) {
	case model.GetStream:
		return c.simple("get-stream", region, l, c.streamOf(op.Ref, op.Stream)...)
	case model.ListStreams:
		return c.simple("list-streams", region, l, append([]option{{"cluster-identifier", c.identifier(op.Ref)}}, pages(op.Max, op.Next)...)...)
	case model.DeleteStream:
		return c.changes("delete-stream", region, l, op.Token, c.streamOf(op.Ref, op.Stream)...)
	case model.CreateStream:
		o := options{list: []option{{"cluster-identifier", c.identifier(op.Ref)}}}
		o.add("target-definition", c.target(op, region))
		o.add("ordering", literal(orElse(op.Ordering, "UNORDERED")))
		o.add("format", literal(orElse(op.Format, "JSON")))
		o.tags(op.Tags, op.GivenTags)
		c.addToken(&o, op.Token, l)
		call := c.call("create-stream", region, o, l)
		if l.Lost {
			return []string{c.quiet(call, l)}
		}
		name := op.As.String()
		c.use(name)
		return []string{fmt.Sprintf("answer=$(%s --query streamIdentifier --output text) &&\n  %s=$answer && echo \"%s = $%s\"", c.by(l)+call, name, name, name)}
	}
	return nil
}

func orElse(m model.Maybe, text string) string {
	if m.Given {
		return m.Value
	}
	return text
}

// streamOf names a stream and its cluster.
func (c *script) streamOf(r model.Ref, s model.StreamRef) []option {
	return []option{{"cluster-identifier", c.identifier(r)}, {"stream-identifier", c.streamWord(s)}}
}

// target returns the targetDefinition of a new stream as JSON. Where the
// sequence names none, whoever runs the script may.
func (c *script) target(op model.CreateStream, region model.Region) word {
	at := string(region)
	if !plainWord.MatchString(at) {
		at = "us-east-1" // such a Region has no stream to deliver to
	}
	arn := func(given model.Maybe, ours, made string) word {
		if given.Given {
			return c.filled(given.Value, region).inJSON()
		}
		return word{{text: `"`}, {variable: "{" + ours + ":-" + made + "}"}, {text: `"`}}
	}
	text := word{{text: `{"kinesis":{"streamArn":`}}
	text = append(text, arn(op.Kinesis, "KINESIS", "arn:aws:kinesis:"+at+":$account:stream/dsqlconform")...)
	text = append(text, piece{text: `,"roleArn":`})
	text = append(text, arn(op.Role, "ROLE", "arn:aws:iam::$account:role/dsqlconform")...)
	return append(text, piece{text: "}}"})
}

// filled returns a text in which "${account}" and "${region}" stand for those of
// the cluster.
func (c *script) filled(text string, region model.Region) word {
	text = strings.ReplaceAll(text, "${region}", string(region))
	if literal(text).hazardous() {
		return literal(strings.ReplaceAll(text, "${account}", "123456789012")) // goes into JSON as a whole
	}
	var w word
	for i, part := range strings.Split(text, "${account}") {
		if i > 0 {
			w = append(w, piece{variable: "account"})
		}
		w = append(w, piece{text: part})
	}
	return w
}

// namesAccount reports whether the account stands in what op sends.
func namesAccount(op model.Op) bool {
	names := func(m model.Maybe) bool { return strings.Contains(m.Value, "${account}") }
	switch op := op.(type) {
	case model.CreateCluster:
		return names(op.Policy)
	case model.PutClusterPolicy:
		return names(model.Some(op.Policy))
	case model.CreateStream:
		return !op.Kinesis.Given || !op.Role.Given || names(op.Kinesis) || names(op.Role)
	}
	return false
}
