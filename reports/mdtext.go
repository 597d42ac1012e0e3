package reports

import (
	"fmt"
	"regexp"
	"strings"
)

// Text from a target must not turn into structure, HTML, a link or a mention.
// Three forms keep it inert: code for values, prose for sentences, block for
// texts of several lines.

// codePlain matches what a code span with single backticks shows as it is, in
// a table too.
var codePlain = regexp.MustCompile("^[^\\s`|\\\\](?:[^`|\\\\]*[^\\s`|\\\\])?$")

// maxCell bounds what one value takes of a line, in bytes.
const maxCell = 1 << 10

// code returns a value as code, in one line. It is safe in a table cell.
func code(text string) string {
	text = visible(clip(text, maxCell))
	switch {
	case text == "":
		return "–"
	case codePlain.MatchString(text):
		return "`" + text + "`"
	}
	// Tables split their cells before they look for code spans, and versions
	// of GFM differ about a backslash there: entities are safe in all.
	if risky.MatchString(text) {
		return "<code>" + entities(text) + "</code>"
	}
	return "<code>" + inert(text) + "</code>"
}

// entities returns text with every ASCII punctuation character as a character
// reference, which CommonMark never takes for structure.
func entities(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == ' ') {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// harmless is the punctuation that means nothing in the midst of a sentence.
const harmless = ` .,:;'"()/%?!=+-^`

// risky matches the words that GitHub turns into links and mentions, even when
// they are escaped.
var risky = regexp.MustCompile(`(?i)[@#]|://|www\.`)

// prose returns text as a sentence, in one line. It is safe in a table cell;
// at the start of a line it is not, since "- " begins a list there.
func prose(text string) string {
	return strings.Join(each(strings.Split(visible(text), " "), proseWord), " ")
}

func proseWord(word string) string {
	if risky.MatchString(word) {
		return code(word)
	}
	return inert(word)
}

// inert returns text that holds nothing risky with its punctuation as character
// references, but for the harmless.
func inert(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(harmless, r) {
			b.WriteRune(r)
		} else {
			b.WriteString(entities(string(r)))
		}
	}
	return b.String()
}

// address matches what is safe between angle brackets as a link.
var address = regexp.MustCompile(`^https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9./_~%?=#&+-]*)?$`)

// linked is prose in which words that are addresses become links. It is for
// the model's own sources, never for what a target said.
func linked(text string) string {
	return strings.Join(each(strings.Split(visible(text), " "), func(word string) string {
		if address.MatchString(word) {
			return "<" + word + ">"
		}
		return proseWord(word)
	}), " ")
}

// block returns a text of several lines as a fenced block, which must begin a
// line. The fence is longer than any run of backticks in the text.
func block(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	var b strings.Builder
	b.WriteString(fence + language + "\n")
	for _, line := range lines(text) {
		// Tabs stay: they are harmless, and part of diffs.
		b.WriteString(strings.Join(each(strings.Split(line, "\t"), visible), "\t") + "\n")
	}
	b.WriteString(fence + "\n")
	return b.String()
}

// table returns a table; cells must be safe. No rows give no table.
func table(head []string, rows [][]string) string {
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	row(head)
	row(each(head, func(string) string { return "---" }))
	for _, cells := range rows {
		row(cells)
	}
	return b.String()
}
