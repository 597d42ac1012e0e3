package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dsqlconform/model"
)

// word is one argument of a command: literal text and variables, side by side.
type word []piece

type piece struct{ text, variable string }

func literal(text string) word { return word{{text: text}} }

// jsonWord returns a value as JSON.
func jsonWord(v any) word { return literal(jsonText(v)) }

func jsonText(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null" // no value of a sequence has such a form
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// String returns the word quoted for bash.
func (w word) String() string {
	var b strings.Builder
	text := ""
	flush := func() {
		if text != "" {
			b.WriteString(quote(text))
			text = ""
		}
	}
	for _, p := range w {
		if p.variable == "" {
			text += p.text
			continue
		}
		flush()
		b.WriteString(`"$` + p.variable + `"`)
	}
	flush()
	if b.Len() == 0 {
		return "''"
	}
	return b.String()
}

// inJSON returns a word as a JSON string. What its variables hold needs no escape.
func (w word) inJSON() word {
	out := word{{text: `"`}}
	for _, p := range w {
		if p.variable == "" {
			text := jsonText(p.text)
			p.text = text[1 : len(text)-1]
		}
		out = append(out, p)
	}
	return append(out, piece{text: `"`})
}

// hazard matches the values that the AWS CLI would take for something else: an
// option, a file or an address whose content it would send instead.
var hazard = regexp.MustCompile(`^(-|file://|fileb://|https?://)`)

// hazardous reports whether the AWS CLI would not send a word as it is.
func (w word) hazardous() bool {
	return len(w) > 0 && w[0].variable == "" &&
		(hazard.MatchString(w[0].text) || strings.ContainsRune(w[0].text, 0) || !utf8.ValidString(w[0].text))
}

type option struct {
	name  string
	value word // nil for a flag
}

// options are the options of a call, in order.
type options struct{ list []option }

func (o *options) add(name string, value word) { o.list = append(o.list, option{name, value}) }

// flag adds a flag, or the one that says no, or neither.
func (o *options) flag(name string, s model.Switch) {
	switch s {
	case model.On:
		o.add(name, nil)
	case model.Off:
		o.add("no-"+name, nil)
	}
}

func (o *options) tags(t model.Tags, given bool) {
	if given || t.Len() > 0 {
		o.add("tags", jsonWord(t.Map()))
	}
}

// unchecked reports whether the AWS CLI would refuse to send a value itself: it
// knows the least length of each.
func (o options) unchecked() bool {
	return slices.ContainsFunc(o.list, func(opt option) bool {
		if opt.value == nil {
			return false
		}
		text, short := opt.value.String(), false
		for _, p := range opt.value {
			short = short || strings.Contains(p.text, `""`)
		}
		return text == "''" || short
	})
}

// String returns the options, each with a space before it. Hazardous values
// are given as JSON, in which the AWS CLI looks for nothing special.
func (o options) String() string {
	var b strings.Builder
	input := map[string]string{}
	for _, opt := range o.list {
		switch {
		case opt.value.hazardous():
			input[camel(opt.name)] = opt.value[0].text
		case opt.value == nil:
			b.WriteString(" --" + opt.name)
		default:
			b.WriteString(" --" + opt.name + " " + opt.value.String())
		}
	}
	if len(input) > 0 {
		b.WriteString(" --cli-input-json " + quote(jsonText(input)))
	}
	return b.String()
}

// camel returns the member of the request that an option stands for.
func camel(option string) string {
	parts := strings.Split(option, "-")
	for i, p := range parts[1:] {
		parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
	}
	return strings.Join(parts, "")
}

// plainWord matches what no shell looks at twice.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:,+-]+$`)

// quote returns one argument for bash. No argument can hold NUL: bash ends the
// text there.
func quote(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	if utf8.ValidString(s) && strings.IndexFunc(s, invisible) < 0 {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c >= ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	b.WriteString("'")
	return b.String()
}

// percentB returns the text that printf's %b turns into s, NUL included.
func percentB(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\\':
			b.WriteString(`\\`)
		case c >= ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\0%03o`, c)
		}
	}
	return b.String()
}

// invisible reports whether a character changes how the text around it shows:
// control characters, line separators and the marks of writing direction.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// visible returns text in one line, with each invisible character written as
// its Go escape.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if invisible(r) {
			s := fmt.Sprintf("%+q", r)
			b.WriteString(s[1 : len(s)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
