package reports

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dsqlconform/model"
)

// The names in a script: Regions, identifiers, ARNs and tokens.

// tokenName is the shell variable of a symbolic token.
type tokenName struct {
	name, variable string
	length         int
}

// asked returns the Region that an operation asks.
func (c *script) asked(op model.Op) (model.Region, bool) {
	own := func(r model.Ref, at model.Region) (model.Region, bool) {
		if at != "" {
			return at, true
		}
		return c.own(r), true
	}
	switch op := op.(type) {
	case model.CreateCluster:
		return op.Region, true
	case model.ListClusters:
		return op.Region, true
	case model.Raw:
		return op.Region, true
	case model.GetCluster:
		return own(op.Ref, op.At)
	case model.UpdateCluster:
		return own(op.Ref, op.At)
	case model.DeleteCluster:
		return own(op.Ref, op.At)
	case model.TagResource:
		return own(op.Ref, op.At)
	case model.UntagResource:
		return own(op.Ref, op.At)
	case model.ListTagsForResource:
		return own(op.Ref, op.At)
	case model.GetVpcEndpointServiceName:
		return own(op.Ref, op.At)
	case model.Await:
		return own(op.Ref, "")
	case model.Connect:
		return own(op.Ref, "")
	}
	return "", false
}

// own returns the Region that a cluster was created in.
func (c *script) own(r model.Ref) model.Region {
	if region, ok := c.home[r.Handle]; ok {
		return region
	}
	return c.first
}

// token returns the value of a token, nil to let the CLI make one up.
func (c *script) token(t model.Token, twice bool) word {
	switch {
	case t.Literal.Given:
		return literal(t.Literal.Value)
	case t.Name == "" && !twice:
		return nil
	case t.Name == "":
		c.spare++
		t = model.Token{Name: "once" + strconv.Itoa(c.spare)}
	}
	name := c.tokenVariable(t)
	if t.Near {
		c.near[name] = true
		return word{{variable: name + "_near"}}
	}
	return word{{variable: name}}
}

// shellName matches the token names that can be part of a variable's name.
var shellName = regexp.MustCompile(`^(t|once)[0-9]{1,6}$`)

func (c *script) tokenVariable(t model.Token) string {
	length := t.Length
	if length == 0 {
		length = 36
	}
	i := slices.IndexFunc(c.tokens, func(n tokenName) bool { return n.name == t.Name && n.length == length })
	if i >= 0 {
		return c.tokens[i].variable
	}
	variable := fmt.Sprintf("token%d", len(c.tokens)+1)
	if shellName.MatchString(t.Name) {
		variable = t.Name
		if length != 36 {
			variable = fmt.Sprintf("%s_%d", t.Name, max(length, 0))
		}
	}
	c.tokens = append(c.tokens, tokenName{t.Name, variable, length})
	return variable
}

// identifier returns how a call names a cluster.
func (c *script) identifier(r model.Ref) word {
	if r.Handle == 0 {
		return literal(r.Literal)
	}
	c.use(r.Handle)
	return word{{variable: variable(r.Handle)}}
}

// arn returns how a call names a cluster where it takes an ARN.
func (c *script) arn(r model.Ref) word {
	if r.Handle == 0 {
		return literal(r.Literal)
	}
	c.use(r.Handle)
	return word{{variable: variable(r.Handle) + "_arn"}}
}

// byARN returns the clusters that an operation names by ARN.
func byARN(op model.Op) []model.Ref {
	var multi *model.MultiRegion
	switch op := op.(type) {
	case model.TagResource:
		return []model.Ref{op.Ref}
	case model.UntagResource:
		return []model.Ref{op.Ref}
	case model.ListTagsForResource:
		return []model.Ref{op.Ref}
	case model.CreateCluster:
		multi = op.Multi
	case model.UpdateCluster:
		multi = op.Multi
	}
	if multi == nil {
		return nil
	}
	return multi.Peers
}

func (c *script) use(h model.Handle) {
	if !slices.Contains(c.used, h) {
		c.used = append(c.used, h)
	}
}

func variable(h model.Handle) string { return "c" + strconv.Itoa(int(h)) }

// head returns what stands before the calls. It is written last, when it is
// known what they need.
func (c *script) head() string {
	var b strings.Builder
	b.WriteString(scriptHead)
	if c.wide {
		b.WriteString("# Where each Region has an endpoint of its own, write REGION in place of its name.\n")
	}
	b.WriteString(scriptSettings)
	for _, f := range scriptFunctions {
		if c.needs[f.name] || f.name == "letters" && len(c.used)+len(c.tokens) > 0 {
			b.WriteString("\n" + f.text)
		}
	}
	if len(c.used) > 0 {
		b.WriteString("\n# Until it is created, a cluster has an identifier that does not exist.\n")
	}
	for _, h := range c.used {
		fmt.Fprintf(&b, "%s=$(letters 26)\n", variable(h))
		if c.arns[h] {
			region := string(c.own(model.Ref{Handle: h}))
			fmt.Fprintf(&b, "%s_arn=arn:aws:dsql:%s:123456789012:cluster/$%s\n", variable(h), quote(region), variable(h))
		}
	}
	if len(c.tokens) > 0 {
		b.WriteString("\n# Client tokens, fresh for each run of this script.\n")
	}
	for _, t := range c.tokens {
		fmt.Fprintf(&b, "%s=$(letters %d)a\n", t.variable, min(max(t.length, 1), 4096)-1)
		if c.near[t.variable] {
			fmt.Fprintf(&b, "%s_near=${%s%%a}A\n", t.variable, t.variable)
		}
	}
	return b.String()
}
