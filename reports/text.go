package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dsqlconform/conformance"
)

// secrets are the forms in which credentials and signatures can come back from
// a target: a signed request that it echoes, a presigned address, a key.
//
// The hints are lower-case texts of which a match holds one at least: almost no
// text has any, and looking for them costs far less than the pattern.
var secrets = []struct {
	hints   []string
	find    *regexp.Regexp
	replace string
}{
	{[]string{"aws4-"}, regexp.MustCompile(`AWS4-[A-Z0-9-]+\s+Credential=[^\r\n"<]*`), redacted},
	{[]string{"credential=", "signature="}, regexp.MustCompile(`(?i)\b(Credential|Signature)=[^\s,&"<]+`), "${1}=" + redacted},
	{[]string{"x-amz-s", "x-amz-c"}, regexp.MustCompile(`(?i)\b(X-Amz-(?:Security-Token|Signature|Credential))(["']?\s*(?:[=:]|%3D)\s*\[?["']?)[^\s,&"'<\]]+`), "${1}${2}" + redacted},
	{[]string{"authorization"}, regexp.MustCompile(`(?i)\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:basic|bearer|digest)\s+)[^\s"'<]+`), "${1}" + redacted},
	{[]string{"secret", "session"}, regexp.MustCompile(`(?i)\b((?:aws_)?(?:secret_?access_?key|session_?token)["']?\s*[:=]\s*["']?)[^\s,&"'<]+`), "${1}" + redacted},
	{[]string{"akia", "asia"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b`), redacted},
	{[]string{"@"}, regexp.MustCompile(`(://)[^\s/@"'<>]+@`), "${1}" + redacted + "@"},
}

const redacted = "(redacted)"

// redact returns text without anything that looks like a credential or a
// signature.
func redact(text string) string {
	// Folding maps the long s to s as the patterns do.
	lower := strings.ReplaceAll(strings.ToLower(text), "\u017f", "s")
	for _, s := range secrets {
		if slices.ContainsFunc(s.hints, func(h string) bool { return strings.Contains(lower, h) }) {
			text = s.find.ReplaceAllString(text, s.replace)
		}
	}
	return text
}

// clean returns text fit for a report: valid UTF-8 and without secrets.
func clean(text string) string {
	return redact(strings.ToValidUTF8(text, "\uFFFD"))
}

// clip returns at most limit bytes of text, cut between characters, and says
// how much was left out.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "… (cut)"
}

// lines splits a text into its lines; the newline at its end starts none.
func lines(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// slugLength bounds the readable part of a file name.
const slugLength = 80

// slug returns a file name without extension for a text, the same for the same
// text: its letters and digits, and a part of its hash, which tells apart what
// reads alike and, on file systems that ignore case, what differs in case only.
func slug(text string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		} else {
			dash = true
		}
		if b.Len() >= slugLength {
			break
		}
	}
	sum := sha256.Sum256([]byte(text))
	if b.Len() > 0 {
		b.WriteByte('-')
	}
	return b.String() + hex.EncodeToString(sum[:5])
}

// BugPath returns the path of a finding's bug report below the report
// directory, "bugs/NAME.md", with slashes. It depends on the signature alone;
// the sequence and the script have the same name with .dsqlseq and .sh.
func BugPath(f conformance.Finding) string {
	return bugBase(f) + ".md"
}

func bugBase(f conformance.Finding) string {
	return "bugs/" + slug(clean(f.Signature()))
}

func (a Answer) path() string {
	return "answers/" + slug(string(a.Question)+"/"+a.Context+"/"+a.Answer) + ".dsqlseq"
}
