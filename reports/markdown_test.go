package reports

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// codeSpan is what code writes on its own: a span with single backticks.
var codeSpan = regexp.MustCompile("`[^`\n]*`")

// checkInert fails unless a page, fenced blocks apart, holds no markup but what
// the writers make themselves.
func checkInert(t *rapid.T, page string) {
	fence := ""
	columns := 0
	for _, line := range strings.Split(page, "\n") {
		switch {
		case fence != "":
			if strings.TrimSpace(line) == fence {
				fence = ""
			}
			continue
		case strings.HasPrefix(line, "```"):
			fence = line[:len(line)-len(strings.TrimLeft(line, "`"))]
			continue
		}
		rest := codeSpan.ReplaceAllString(line, "")
		for _, own := range []string{"<br>", "<code>", "</code>", "<details><summary>", "</summary>", "</details>"} {
			rest = strings.ReplaceAll(rest, own, "")
		}
		rest = regexp.MustCompile(`<https://[^\s<>"]+>`).ReplaceAllString(rest, "")
		if strings.ContainsAny(rest, "<>`[]@\\~_") {
			t.Fatalf("got markup in %q", line)
		}
		if regexp.MustCompile(`(?i)://|www\.`).MatchString(rest) {
			t.Fatalf("got an address in %q", line)
		}
		if !strings.HasPrefix(line, "|") {
			columns = 0
			if strings.Contains(rest, "|") {
				t.Fatalf("got a pipe outside of a table in %q", line)
			}
			continue
		}
		if n := strings.Count(line, "|"); columns != 0 && n != columns {
			t.Fatalf("got %d pipes, want %d as in the rows above: %q", n, columns, line)
		} else {
			columns = n
		}
	}
	if fence != "" {
		t.Fatalf("a block that begins with %s does not end", fence)
	}
	if i := strings.IndexFunc(strings.NewReplacer("\n", "", "\t", "").Replace(page), invisible); i >= 0 {
		t.Fatalf("got an invisible character at %d", i)
	}
}

func TestNoTargetCanBreakOrScriptAPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var page bytes.Buffer
		if err := WriteMarkdown(&page, New(result().Draw(t, "result"), target().Draw(t, "target"))); err != nil {
			t.Fatal(err)
		}
		checkInert(t, page.String())
	})
}

func TestNoTargetCanBreakOrScriptABugReport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var page bytes.Buffer
		if err := Bug(&page, finding().Draw(t, "finding"), target().Draw(t, "target")); err != nil {
			t.Fatal(err)
		}
		checkInert(t, page.String())
	})
}

func TestTextIsQuotedForMarkdown(t *testing.T) {
	for _, c := range []struct {
		name      string
		form      func(string) string
		text, got string
	}{
		{"a word as code", code, "us-east-1", "`us-east-1`"},
		{"nothing as code", code, "", "–"},
		{"a pipe as code", code, "a|b", "<code>a&#124;b</code>"},
		{"a backtick as code", code, "`", "<code>&#96;</code>"},
		{"a line break as code", code, "a\nb", `<code>a&#92;nb</code>`},
		{"spaces as code", code, " a ", "<code> a </code>"},
		{"a sentence", prose, "answers 501, it says", "answers 501, it says"},
		{"HTML in a sentence", prose, "a <b> c", "a &#60;b&#62; c"},
		{"a mention in a sentence", prose, "by @octocat", "by `@octocat`"},
		{"an address in a sentence", prose, "see https://evil.example/", "see `https://evil.example/`"},
		{"an address in a citation", linked, "F022: x https://docs.aws.amazon.com/a_b", "F022: x <https://docs.aws.amazon.com/a_b>"},
		{"a script in a citation", linked, "javascript:alert(1)", "javascript:alert(1)"},
		{"a fence in a block", func(s string) string { return block("", s) }, "```\nx", "````\n```\nx\n````\n"},
	} {
		if got := c.form(c.text); got != c.got {
			t.Errorf("%s: got %q, want %q", c.name, got, c.got)
		}
	}
}
