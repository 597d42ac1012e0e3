package model

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Tags is an immutable map from tag key to value. It is comparable: two Tags
// are equal when they hold the same pairs. The zero value is empty.
type Tags struct {
	text string // quoted key=value pairs in key order, joined by commas: the text form
}

// NewTags returns the tags of m.
func NewTags(m map[string]string) Tags {
	if len(m) == 0 {
		return Tags{}
	}
	var b strings.Builder
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(k))
		b.WriteByte('=')
		b.WriteString(quote(m[k]))
	}
	return Tags{b.String()}
}

// All yields the pairs in key order.
func (t Tags) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		rest := t.text
		for rest != "" {
			var k, v string
			k, rest = unquote(rest)
			v, rest = unquote(strings.TrimPrefix(rest, "="))
			rest = strings.TrimPrefix(rest, ",")
			if !yield(k, v) {
				return
			}
		}
	}
}

// Map returns the pairs as a new map, never nil.
func (t Tags) Map() map[string]string {
	m := map[string]string{}
	maps.Insert(m, t.All())
	return m
}

// Len returns the number of pairs.
func (t Tags) Len() int {
	n := 0
	for range t.All() {
		n++
	}
	return n
}

// With returns the tags with those of more added, their values winning (F148).
func (t Tags) With(more Tags) Tags {
	if more.text == "" {
		return t
	}
	m := t.Map()
	maps.Insert(m, more.All())
	return NewTags(m)
}

// Without returns the tags without the given keys.
func (t Tags) Without(keys ...string) Tags {
	m := t.Map()
	for _, k := range keys {
		delete(m, k)
	}
	return NewTags(m)
}

// String returns the text form: "key"="value" pairs in key order, joined by
// commas; quotes are left out around plain words.
func (t Tags) String() string { return t.text }

// unquote reads one quoted or plain word and returns it and what follows.
func unquote(s string) (word, rest string) {
	if strings.HasPrefix(s, `"`) {
		if q, err := strconv.QuotedPrefix(s); err == nil {
			word, _ = strconv.Unquote(q)
			return word, s[len(q):]
		}
	}
	if i := strings.IndexAny(s, "=,"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
