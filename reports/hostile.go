package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"dsqlconform/model"
)

// What stands in a hostile request for the names that only the script knows.
const (
	namedCluster = "cidcidcidcidcidcidcidcidci"
	namedStream  = "sidsidsidsidsidsidsidsidsi"
	namedARN     = "arn:hostile-resource"
)

// signings is how the script signs a request: what stands before the call, and
// what behind it.
var signings = map[model.Signing]struct{ before, after string }{
	model.OtherSecret:  {before: "AWS_SECRET_ACCESS_KEY=not-the-secret "},
	model.OtherKey:     {before: "AWS_ACCESS_KEY_ID=AKIAHOSTILEKEY000000 AWS_SECRET_ACCESS_KEY=not-the-secret AWS_SESSION_TOKEN= "},
	model.OtherService: {before: "SERVICE=s3 "},
	model.Stale:        {after: ` --header "X-Amz-Date: $(date -u -d '1 hour ago' +%Y%m%dT%H%M%SZ)"`},
	model.OtherBody:    {after: " --header x-amz-content-sha256:" + hashOf("another body")},
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// hostile returns a hostile request, sent by curl byte for byte.
func (c *script) hostile(op model.Hostile) string {
	names := model.HTTPNames{Identifier: namedCluster, Stream: namedStream, ARN: namedARN,
		Policy: strings.ReplaceAll(model.PlainPolicy, "${account}", "*")}
	var (
		r   model.HTTPRequest
		err error
	)
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		shape, _ := model.LookupShape(rev, op.Operation)
		if r, err = op.Request(shape, names); err == nil {
			break
		}
	}
	if err != nil {
		return ":  # left out: there is no such hostile request"
	}
	signing, function := signings[r.Signing], "raw"
	if r.Signing == model.Unsigned {
		function = "unsigned"
	}
	c.needs[function] = true
	call := signing.before + function + " " + quote(string(op.Region)) + " " + quote(r.Method) + " " + c.path(r.Path, op)
	switch {
	case r.Type.Given:
		call += " --header " + quote("Content-Type: "+r.Type.Value)
	case r.Body != nil:
		call += " --header Content-Type:" // else curl makes one up
	}
	call += signing.after
	if r.Body == nil {
		return call
	}
	return printed(string(r.Body)) + " | " + call + " --data-binary @-"
}

// path returns the path of a hostile request for bash, with the script's own
// names in it, in the encoding that the fault leaves them.
func (c *script) path(path string, op model.Hostile) string {
	stream := fmt.Sprintf(`"${s%d-%s}"`, op.Stream.Handle, namedStream)
	if op.Stream.Handle == 0 {
		stream = quote(op.Stream.Literal)
	}
	arn := c.arn(op.Ref).String()
	if op.Stream != (model.StreamRef{}) {
		arn += "/stream/" + stream
	}
	cluster := c.identifier(op.Ref).String()
	encoded := func(function, text string) string {
		c.needs[function] = true
		return `"$(` + function + " " + text + `)"`
	}
	texts := map[string]func() string{
		namedCluster:        func() string { return cluster },
		namedStream:         func() string { return stream },
		coded(namedCluster): func() string { return encoded("coded", cluster) },
		coded(namedStream):  func() string { return encoded("coded", stream) },
		coded(namedARN):     func() string { return encoded("coded", arn) },
		"arn%3Ahostile-resource": func() string {
			if op.Fault == "plain" {
				return arn
			}
			return encoded("escaped", arn)
		},
	}
	var b strings.Builder
	rest := path
	for {
		at := placeholder.FindStringIndex(rest)
		if at == nil {
			break
		}
		if at[0] > 0 {
			b.WriteString(quote(rest[:at[0]]))
		}
		b.WriteString(texts[rest[at[0]:at[1]]]())
		rest = rest[at[1]:]
	}
	if rest != "" {
		b.WriteString(quote(rest))
	}
	return b.String()
}

// placeholder matches the names of a hostile path, as they are and encoded.
var placeholder = regexp.MustCompile(strings.Join([]string{
	namedCluster, namedStream, "arn%3Ahostile-resource", coded(namedCluster), coded(namedStream), coded(namedARN)}, "|"))

// coded returns a text with every character percent-encoded.
func coded(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02X", text[i])
	}
	return b.String()
}

// spaces is how many of them in a row are not written out.
const spaces = 1 << 10

// printed returns the commands that print a text, NUL and long runs of spaces
// included.
func printed(text string) string {
	head, tail, ok := strings.Cut(text, strings.Repeat(" ", spaces))
	if !ok {
		return "printf '%b' " + quote(percentB(text))
	}
	rest := strings.TrimLeft(tail, " ")
	return fmt.Sprintf("{ printf '%%b' %s; printf '%%%ds' ''; printf '%%b' %s; }",
		quote(percentB(head)), spaces+len(tail)-len(rest), quote(percentB(rest)))
}
