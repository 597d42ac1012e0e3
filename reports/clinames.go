package reports

import (
	"fmt"
	"maps"
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
func (c *script) asked(op model.Op) (region model.Region, ok bool) {
	model.Edit(op, func(p *model.Parts) {
		switch {
		case p.Region != nil:
			region, ok = *p.Region, true
		case p.At != nil && *p.At != "":
			region, ok = *p.At, true
		case p.Ref != nil:
			region, ok = c.own(*p.Ref), true
		}
	})
	return region, ok
}

// settle notes where an operation makes clusters.
func (c *script) settle(op model.Op) {
	if op, ok := op.(model.CreateMultiRegionClusters); ok {
		for i, h := range op.As[:min(len(op.As), len(op.Linked))] {
			c.home[h] = op.Linked[i]
		}
		return
	}
	model.Edit(op, func(p *model.Parts) {
		if p.As != nil && p.Region != nil {
			c.home[*p.As] = *p.Region
		}
	})
}

// own returns the Region that a cluster was created in.
func (c *script) own(r model.Ref) model.Region {
	if region, ok := c.home[r.Handle]; ok {
		return region
	}
	return c.first
}

// caller is a principal who asks, and the end of the variables of its keys.
type caller struct{ name, variable string }

// by returns what puts in the keys of whoever asks, "" for the run's own.
func (c *script) by(l model.Line) string {
	if l.By == "" {
		return ""
	}
	c.needs["as"] = true
	i := slices.IndexFunc(c.callers, func(k caller) bool { return k.name == l.By })
	if i < 0 {
		i = len(c.callers)
		name := strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, strings.ToUpper(l.By))
		if slices.ContainsFunc(c.callers, func(k caller) bool { return k.variable == name }) {
			name += "_" + strconv.Itoa(i)
		}
		c.callers = append(c.callers, caller{l.By, name})
	}
	return "as " + c.callers[i].variable + " && "
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

// addToken gives a call the token of its line.
func (c *script) addToken(o *options, t model.Token, l model.Line) {
	if w := c.token(t, l.Twice); w != nil {
		o.add("client-token", w)
	}
}

// identifier returns how a call names a cluster.
func (c *script) identifier(r model.Ref) word {
	if r.Handle == 0 {
		return literal(r.Literal)
	}
	c.use(variable(r.Handle))
	return word{{variable: variable(r.Handle)}}
}

// streamWord returns how a call names a stream.
func (c *script) streamWord(r model.StreamRef) word {
	if r.Handle == 0 {
		return literal(r.Literal)
	}
	c.use(r.Handle.String())
	return word{{variable: r.Handle.String()}}
}

// arn returns how a call names a cluster where it takes an ARN.
func (c *script) arn(r model.Ref) word {
	switch {
	case r.Handle != 0:
		c.use(variable(r.Handle))
		return word{{variable: variable(r.Handle) + "_arn"}}
	case strings.HasPrefix(r.Literal, "arn:"):
		return literal(r.Literal)
	}
	return word{{text: "arn:aws:dsql:" + string(c.first) + ":"}, {variable: "account"}, {text: ":cluster/" + r.Literal}}
}

// resource returns how a tag operation names a cluster, or its stream.
func (c *script) resource(r model.Ref, s model.StreamRef) word {
	switch {
	case s == (model.StreamRef{}):
		return c.arn(r)
	case s.Handle == 0 && strings.HasPrefix(s.Literal, "arn:"):
		return literal(s.Literal)
	}
	return append(append(c.arn(r), piece{text: "/stream/"}), c.streamWord(s)...)
}

// byARN returns the clusters that an operation names by ARN.
func byARN(op model.Op) []model.Ref {
	var refs []model.Ref
	if m := model.MultiOf(op); m != nil {
		refs = m.Peers
	}
	switch op := op.(type) {
	case model.TagResource, model.UntagResource, model.ListTagsForResource, model.Hostile:
		ref, _, ok := model.RefOf(op)
		if ok {
			refs = append(refs, ref)
		}
	case model.DeleteMultiRegionClusters:
		refs = op.Refs
	}
	return refs
}

// use notes that the script needs the variable of a handle.
func (c *script) use(name string) {
	if !slices.Contains(c.used, name) {
		c.used = append(c.used, name)
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
	if len(c.callers) > 0 {
		b.WriteString("\n# The keys of those who ask; SESSION_OF_… for a session token.\n")
	}
	for _, k := range c.callers {
		fmt.Fprintf(&b, ": \"${KEY_OF_%s:?set it to an access key}\" \"${SECRET_OF_%s:?set it to its secret}\"  # %s\n", k.variable, k.variable, visible(clean(k.name)))
	}
	if c.account {
		b.WriteString("\naccount=${ACCOUNT:-123456789012}  # until an answer tells\n")
	}
	for _, f := range scriptFunctions {
		if c.needs[f.name] || f.name == "letters" && len(c.used)+len(c.tokens) > 0 {
			b.WriteString("\n" + f.text)
		}
	}
	if len(c.used) > 0 {
		b.WriteString("\n# Until it is made, each of these is an identifier that does not exist.\n")
	}
	for _, name := range c.used {
		fmt.Fprintf(&b, "%s=$(letters 26)\n", name)
	}
	for _, h := range slices.Sorted(maps.Keys(c.arns)) {
		if name := variable(h); slices.Contains(c.used, name) {
			region := string(c.own(model.Ref{Handle: h}))
			fmt.Fprintf(&b, "%s_arn=arn:aws:dsql:%s:%s:cluster/$%s\n", name, quote(region), c.someone(), name)
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

// someone returns the account of clusters that do not exist.
func (c *script) someone() string {
	if c.account {
		return "$account"
	}
	return "123456789012"
}
