package model

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Constraint is one thing that the service description asks of a value.
type Constraint uint8

// The constraints, each named after its breach. Lengths are of strings in
// characters, sizes are values of integers, numbers are of items of lists and
// maps.
const (
	Missing    Constraint = iota + 1 // a required member is absent
	WrongForm                        // the value does not have the member's JSON form
	IsNull                           // the value is null
	TooShort                         // a string has fewer than Min characters
	TooLong                          // a string has more than Max
	OffPattern                       // a string does not have the pattern
	OffEnum                          // a string is none of the values
	TooSmall                         // an integer is less than Min
	TooBig                           // an integer is more than Max
	TooFew                           // a list or a map has fewer than Min items
	TooMany                          // a list or a map has more than Max
	Duplicate                        // a list holds an item twice
	NotOne                           // a union has no member, or several
)

var constraintNames = [...]string{"", "required", "type", "null", "too-short", "too-long", "pattern", "enum",
	"too-small", "too-big", "too-few", "too-many", "duplicate", "union"}

// String returns the name of the constraint, such as "too-long".
func (c Constraint) String() string {
	if int(c) < len(constraintNames) {
		return constraintNames[c]
	}
	return ""
}

// Pair is a member of a request and one constraint on it that a request can
// break.
type Pair struct {
	// Path names the member: "clientToken", "multiRegionProperties.clusters"
	// and its items "multiRegionProperties.clusters[]", the keys "tags.key" and
	// the values "tags.value" of a map.
	Path string
	// Member is the member at that path; Location is where the outermost
	// member of the path stands.
	Member     Member
	Location   Location
	Constraint Constraint
}

// Constraints returns every pair of a member and a constraint of the shape's
// request, in the order of the table. A text of the path or the query is always
// a string, so that it breaks no type unless it stands for another form, and is
// never null. For a member that may be absent null is no breach: it means that
// the member is absent.
func Constraints(s Shape) []Pair {
	var list []Pair
	for _, m := range s.Request {
		at := spot{path: m.Name, where: m.Location, text: m.Location != InBody, bare: m.Required}
		list = m.pairs(list, at)
	}
	return list
}

// spot is where a value stands.
type spot struct {
	path  string
	where Location
	text  bool // it is no JSON value but a text: of the path, the query, or the key of a map
	bare  bool // null cannot stand for it
}

// pairs appends the pairs of a member and of what it is made of.
func (m Member) pairs(list []Pair, at spot) []Pair {
	add := func(when bool, c Constraint) {
		if when {
			list = append(list, Pair{at.path, m, at.where, c})
		}
	}
	add(m.Required, Missing)
	add(!at.text || m.Form == IntegerForm, WrongForm)
	add(!at.text && at.bare, IsNull)
	switch m.Form {
	case StringForm:
		add(m.Min > 0, TooShort)
		add(m.Max > 0, TooLong)
		add(m.Pattern != nil, OffPattern)
		add(m.Enum != nil, OffEnum)
	case IntegerForm:
		add(m.Max > 0, TooSmall)
		add(m.Max > 0, TooBig)
	case ListForm, MapForm:
		add(m.Min > 0, TooFew)
		add(m.Max > 0, TooMany)
		add(m.Unique, Duplicate)
	case StructureForm:
		add(m.Union, NotOne)
	}
	for _, part := range m.Members {
		list = part.pairs(list, spot{at.path + "." + part.Name, at.where, at.text, part.Required})
	}
	switch m.Form {
	case ListForm:
		list = m.Item.pairs(list, spot{at.path + "[]", at.where, at.text, true})
	case MapForm:
		list = m.Key.pairs(list, spot{at.path + ".key", at.where, true, true})
		list = m.Item.pairs(list, spot{at.path + ".value", at.where, at.text, true})
	}
	return list
}

// Value returns what a text of the path, the query or a header means for
// [Member.Check]: a number for a member that is an integer, if it is one, and
// otherwise the text itself.
func (m Member) Value(text string) any {
	if _, err := strconv.ParseInt(text, 10, 32); m.Form == IntegerForm && err == nil {
		return json.Number(text)
	}
	return text
}

// Check reports every breach of the shape's request by the values of its
// members, wherever they stood, in the order of the table: values as
// encoding/json decodes them with UseNumber, those of lists in the query as
// []any. Members that the shape does not have are none of its concern.
func (s Shape) Check(request map[string]any, report func(path string, c Constraint)) {
	checkAll(s.Request, "", request, report)
}

func checkAll(members []Member, prefix string, object map[string]any, report func(string, Constraint)) {
	for _, m := range members {
		value, there := object[m.Name]
		switch {
		case !there && m.Required:
			report(prefix+m.Name, Missing)
		case value == nil && m.Required:
			report(prefix+m.Name, IsNull)
		case value != nil:
			m.Check(value, prefix+m.Name, report)
		}
	}
}

// Check reports every breach of the member's constraints, and of those of its
// parts, by a value as encoding/json decodes it with UseNumber: nil, bool,
// string, json.Number, []any, map[string]any. A value of another form breaks
// [WrongForm] and nothing else. Paths are those of [Pair]; they begin with path.
// Unknown members are no breach.
func (m Member) Check(value any, path string, report func(path string, c Constraint)) {
	if value == nil {
		report(path, IsNull)
		return
	}
	broken := func(when bool, c Constraint) {
		if when {
			report(path, c)
		}
	}
	switch m.Form {
	case StringForm:
		if s, ok := value.(string); ok {
			m.checkText(s, broken)
			return
		}
	case BooleanForm:
		if _, ok := value.(bool); ok {
			return
		}
	case IntegerForm:
		if n, ok := value.(json.Number); ok {
			if i, err := strconv.ParseInt(string(n), 10, 32); err == nil {
				broken(m.Max > 0 && i < int64(m.Min), TooSmall)
				broken(m.Max > 0 && i > int64(m.Max), TooBig)
				return
			}
		}
	case TimestampForm:
		if _, ok := value.(json.Number); ok {
			return
		}
	case StructureForm:
		if object, ok := value.(map[string]any); ok {
			given := func(part Member) bool { return object[part.Name] != nil }
			broken(m.Union && count(m.Members, given) != 1, NotOne)
			checkAll(m.Members, path+".", object, report)
			return
		}
	case ListForm:
		if list, ok := value.([]any); ok {
			m.checkCount(len(list), broken)
			seen := map[string]bool{}
			twice := func(item any) bool {
				s, ok := item.(string)
				again := ok && seen[s]
				seen[s] = seen[s] || ok
				return again
			}
			broken(m.Unique && slices.ContainsFunc(list, twice), Duplicate)
			for _, item := range list {
				m.Item.Check(item, path+"[]", report)
			}
			return
		}
	case MapForm:
		if object, ok := value.(map[string]any); ok {
			m.checkCount(len(object), broken)
			for _, key := range slices.Sorted(maps.Keys(object)) {
				m.Key.Check(key, path+".key", report)
				m.Item.Check(object[key], path+".value", report)
			}
			return
		}
	}
	report(path, WrongForm)
}

func (m Member) checkText(s string, broken func(bool, Constraint)) {
	n := utf8.RuneCountInString(s)
	broken(n < m.Min, TooShort)
	broken(m.Max > 0 && n > m.Max, TooLong)
	broken(m.Pattern != nil && !m.Pattern.MatchString(s), OffPattern)
	broken(m.Enum != nil && !slices.Contains(m.Enum, s), OffEnum)
}

func (m Member) checkCount(n int, broken func(bool, Constraint)) {
	broken(n < m.Min, TooFew)
	broken(m.Max > 0 && n > m.Max, TooMany)
}

func count(members []Member, when func(Member) bool) int {
	n := 0
	for _, m := range members {
		if when(m) {
			n++
		}
	}
	return n
}
