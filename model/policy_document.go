package model

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// CanonicalPolicy returns the text that stands for a policy document and for
// all that mean the same: JSON without white space and with sorted keys, where a
// list of one element is the element, a list of texts is a sorted set, and an
// account that is trusted (the member "AWS") is its root. A text that is no JSON
// stands for itself. The result is canonical.
func CanonicalPolicy(text string) string {
	value, ok := jsonOf(text)
	if !ok {
		return text
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(canonical(value, "")); err != nil {
		return text
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// jsonOf returns the value of a text that is one JSON value and no more.
func jsonOf(text string) (any, bool) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, false
	}
	_, err := dec.Token()
	return value, err == io.EOF
}

// canonical returns the canonical form of a JSON value that stands under key.
func canonical(value any, key string) any {
	switch v := value.(type) {
	case map[string]any:
		for k := range v {
			v[k] = canonical(v[k], k)
		}
	case []any:
		texts := make([]string, 0, len(v))
		for i := range v {
			v[i] = canonical(v[i], key)
			if s, ok := v[i].(string); ok {
				texts = append(texts, s)
			}
		}
		if len(texts) == len(v) {
			slices.Sort(texts)
			texts = slices.Compact(texts)
			v = v[:len(texts)]
			for i := range v {
				v[i] = texts[i]
			}
		}
		if len(v) == 1 {
			return v[0]
		}
		return v
	case string:
		if key == "AWS" && (v == account || len(v) == 12 && strings.Trim(v, "0123456789") == "") {
			return "arn:aws:iam::" + v + ":root"
		}
	}
	return value
}

// account stands in a policy for the account that the target's clusters belong
// to.
const account = "${account}"

// badPolicy reports whether a policy breaks the length that the service
// description sets: 1 to 20480 characters.
func badPolicy(text string) bool {
	n := utf8.RuneCountInString(strings.ReplaceAll(text, account, "123456789012"))
	return n < 1 || n > 20480
}

// oddPolicy reports whether a policy is anything but the plain document that
// every check of the service has to let through: it allows the account that owns
// the cluster something on it (F156, F157).
func oddPolicy(text string) bool {
	value, _ := jsonOf(text)
	doc, _ := value.(map[string]any)
	statements := listOf(doc["Statement"])
	return len(doc) != 2 || doc["Version"] != "2012-10-17" || len(statements) == 0 ||
		slices.ContainsFunc(statements, func(s any) bool { return !plainStatement(s) })
}

func plainStatement(value any) bool {
	s, _ := value.(map[string]any)
	trusted, _ := s["Principal"].(map[string]any)
	actions := listOf(s["Action"])
	return len(s) == 4 && s["Effect"] == "Allow" && s["Resource"] == "*" &&
		len(trusted) == 1 && trusted["AWS"] == "arn:aws:iam::"+account+":root" &&
		len(actions) > 0 && !slices.ContainsFunc(actions, func(a any) bool { return !plainAction(a) })
}

func plainAction(value any) bool {
	text, _ := value.(string)
	name, ours := strings.CutPrefix(text, "dsql:")
	return ours && slices.Contains(policyActions, name)
}

// policyActions is what can be done to a cluster. A service may refuse a policy
// about anything else.
var policyActions = []string{
	"DbConnect", "DbConnectAdmin", "GetCluster", "UpdateCluster", "DeleteCluster", "GetVpcEndpointServiceName",
	"TagResource", "UntagResource", "ListTagsForResource", "PutClusterPolicy", "GetClusterPolicy", "DeleteClusterPolicy",
}

// listOf returns the elements of a list, or of the list of one that value
// stands for; nil for none.
func listOf(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}
