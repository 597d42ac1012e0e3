package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const scriptHead = `#!/usr/bin/env bash
# Needs the AWS CLI, and credentials that the endpoint takes.
# Usage: ENDPOINT=http://127.0.0.1:8000 bash THIS-FILE
`

const scriptSettings = `set -u
: "${ENDPOINT:?set it to the URL of the endpoint}"
export AWS_PAGER= AWS_MAX_ATTEMPTS=1
`

// scriptFunctions are the functions that a script may need, in the order in
// which they are written.
var scriptFunctions = []struct{ name, text string }{
	{"letters", `letters() { LC_ALL=C tr -dc a-z </dev/urandom | head -c "$1"; }
`},
	{"await", `# await IDENTIFIER REGION STATUS polls, at most 150 times.
await() {
  local try status=
  for ((try = 0; try < 150; try++)); do
    status=$(aws dsql get-cluster --endpoint-url "${ENDPOINT/REGION/$2}" --region "$2" \
      --identifier "$1" --query status --output text 2>&1)
    case $status in
      *ResourceNotFoundException*) status=gone ;;
    esac
    if [ "$status" = "$3" ]; then
      echo "$status"
      return
    fi
    sleep "${POLL:-2}"
  done
  echo "await: want $3, got $status" >&2
}
`},
	{"connect", `# connect IDENTIFIER REGION opens a connection to the cluster, with psql.
connect() {
  local host
  host=$(aws dsql get-cluster --endpoint-url "${ENDPOINT/REGION/$2}" --region "$2" \
    --identifier "$1" --query endpoint --output text) &&
    PGPASSWORD=$(aws dsql generate-db-connect-admin-auth-token --hostname "$host" --region "$2") \
      PGSSLMODE=require psql --host "$host" --username admin --dbname postgres --command 'select 1'
}
`},
	{"raw", `# raw REGION METHOD PATH [OPTION…] signs a request and sends it as it is, with curl.
raw() {
  curl --silent --show-error --include --globoff --path-as-is --max-time 60 \
    --config <(
      printf 'user = "%s:%s"\n' "${AWS_ACCESS_KEY_ID:?}" "${AWS_SECRET_ACCESS_KEY:?}"
      [ -z "${AWS_SESSION_TOKEN-}" ] || printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN"
    ) \
    --aws-sigv4 "aws:amz:$1:dsql" --request "$2" --url "${ENDPOINT/REGION/$1}$3" "${@:4}"
}
`},
}

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
