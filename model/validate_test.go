package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples are a value that fits each pattern of the description and one of
// fitting length that does not. No value of another form has a sample.
var samples = map[string][2]string{
	clusterIDType.Pattern.String():            {strings.Repeat("a1", 13), "A"},
	arnType.Pattern.String():                  {"arn:aws:dsql:us-east-1:123456789012:cluster/" + strings.Repeat("a1", 13), "arn:aws:dsql"},
	resourceType.Pattern.String():             {"arn:aws:dsql:us-east-1:123456789012:cluster/x", "urn:x"},
	tokenType.Pattern.String():                {"t-1", "a b"},
	keyType.Pattern.String():                  {"AWS_OWNED_KMS_KEY", "a key"},
	tagKeyType.Pattern.String():               {"k", "a,b"},
	kinesisTarget().Pattern.String():          {"arn:aws:kinesis:us-east-1:123456789012:stream/x", "arn:aws:kinesis"},
	kinesisTarget("roleArn").Pattern.String(): {"arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:user/x"},
}

func kinesisTarget(name ...string) Member {
	of := targetType.Members[0].Members
	return of[slices.IndexFunc(of, func(m Member) bool { return m.Name == append(name, "streamArn")[0] })]
}

// sample returns a value that keeps all constraints of the member, every
// optional part given.
func sample(m Member) any {
	switch m.Form {
	case BooleanForm:
		return true
	case IntegerForm:
		return json.Number("1")
	case TimestampForm:
		return json.Number("1.5")
	case StructureForm:
		object := map[string]any{}
		for _, part := range m.Members {
			object[part.Name] = sample(part)
		}
		return object
	case ListForm:
		return []any{sample(*m.Item)}
	case MapForm:
		return map[string]any{sample(*m.Key).(string): sample(*m.Item)}
	}
	switch {
	case m.Enum != nil:
		return m.Enum[0]
	case m.Pattern != nil:
		return samples[m.Pattern.String()][0]
	}
	return "us-west-2"
}

func request(s Shape) map[string]any {
	values := map[string]any{}
	for _, m := range s.Request {
		values[m.Name] = sample(m)
	}
	return values
}

// breach returns a value of the member that breaks the constraint and as few
// others as can be.
func breach(m Member, c Constraint) any {
	fill := func(n int, first string) any {
		if m.Form == StringForm {
			return strings.Repeat(first, n)
		}
		if m.Form == MapForm {
			object := map[string]any{}
			for i := range n {
				object[fmt.Sprintf("k%d", i)] = sample(*m.Item)
			}
			return object
		}
		list := make([]any, n)
		for i := range list {
			list[i] = sample(*m.Item)
		}
		return list
	}
	switch c {
	case WrongForm:
		if m.Form == StringForm {
			return json.Number("1")
		}
		return "x"
	case TooShort, TooFew:
		return fill(m.Min-1, "a")
	case TooLong, TooMany:
		return fill(m.Max+1, "a")
	case OffPattern:
		return samples[m.Pattern.String()][1]
	case OffEnum:
		return "NO_SUCH_VALUE"
	case TooSmall:
		return json.Number(fmt.Sprint(m.Min - 1))
	case TooBig:
		return json.Number(fmt.Sprint(m.Max + 1))
	case Duplicate:
		return fill(2, "")
	case NotOne:
		return map[string]any{}
	}
	return nil
}

// put sets what stands at the path below a value, or takes it away.
func put(in map[string]any, path string, value any, away bool) {
	name, rest, deeper := strings.Cut(path, ".")
	item := strings.HasSuffix(name, "[]")
	name = strings.TrimSuffix(name, "[]")
	switch {
	case deeper && (rest == "key" || rest == "value"):
		of := in[name].(map[string]any)
		for key, old := range of {
			if rest == "value" {
				of[key] = value
			} else {
				delete(of, key)
				of[value.(string)] = old
			}
		}
	case deeper && (strings.HasPrefix(rest, "value.")):
		for _, of := range in[name].(map[string]any) {
			put(of.(map[string]any), strings.TrimPrefix(rest, "value."), value, away)
		}
	case deeper:
		put(in[name].(map[string]any), rest, value, away)
	case item:
		in[name] = []any{value}
	case away:
		delete(in, name)
	default:
		in[name] = value
	}
}

func TestEveryConstraintCanBeBrokenByItself(t *testing.T) {
	seen := map[Constraint]bool{}
	for _, rev := range []Revision{Current, May2025} {
		for _, s := range Shapes(rev) {
			s.Check(request(s), func(path string, c Constraint) {
				t.Errorf("%s: got %s of %s broken, want a request without fault", s.Name, c, path)
			})
			for _, p := range Constraints(s) {
				seen[p.Constraint] = true
				values := request(s)
				put(values, p.Path, breach(p.Member, p.Constraint), p.Constraint == Missing)
				var got []string
				s.Check(values, func(path string, c Constraint) { got = append(got, path+" "+c.String()) })
				if !slices.Contains(got, p.Path+" "+p.Constraint.String()) {
					t.Errorf("%s: got breaches %q, want %s of %s among them", s.Name, got, p.Constraint, p.Path)
				}
				for _, g := range got {
					if !strings.HasPrefix(g, p.Path) {
						t.Errorf("%s: got %s, want none but of %s", s.Name, g, p.Path)
					}
				}
			}
		}
	}
	for c := Missing; c <= NotOne; c++ {
		if c.String() == "" || !seen[c] && c != TooFew {
			t.Errorf("got no pair with constraint %d (%s), want one", c, c)
		}
	}
}

func TestThePairsOfARequest(t *testing.T) {
	for op, want := range map[string]string{
		"GetCluster": "identifier required, identifier pattern",
		"UpdateCluster": "identifier required, identifier pattern, deletionProtectionEnabled type, " +
			"kmsEncryptionKey type, kmsEncryptionKey too-short, kmsEncryptionKey too-long, kmsEncryptionKey pattern, " +
			"clientToken type, clientToken too-short, clientToken too-long, clientToken pattern, " +
			"multiRegionProperties type, multiRegionProperties.witnessRegion type, multiRegionProperties.witnessRegion too-long, " +
			"multiRegionProperties.clusters type, multiRegionProperties.clusters duplicate, " +
			"multiRegionProperties.clusters[] type, multiRegionProperties.clusters[] null, multiRegionProperties.clusters[] pattern",
		"TagResource": "resourceArn required, resourceArn too-short, resourceArn too-long, resourceArn pattern, " +
			"tags required, tags type, tags null, tags too-many, tags.key too-short, tags.key too-long, tags.key pattern, " +
			"tags.value type, tags.value null, tags.value too-long, tags.value pattern",
		"UntagResource": "resourceArn required, resourceArn too-short, resourceArn too-long, resourceArn pattern, " +
			"tagKeys required, tagKeys too-many, tagKeys[] too-short, tagKeys[] too-long, tagKeys[] pattern",
		"ListClusters": "maxResults type, maxResults too-small, maxResults too-big",
	} {
		s, _ := LookupShape(Current, op)
		var got []string
		for _, p := range Constraints(s) {
			got = append(got, p.Path+" "+p.Constraint.String())
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", op, diff)
		}
	}
}

func TestAValueIsCheckedAgainstItsMember(t *testing.T) {
	tests := map[string]struct {
		member Member
		value  any
		want   string
	}{
		"no member for a name that the shape does not have": {multiType, map[string]any{"other": json.Number("1")}, ""},
		"null for a member that may be absent":              {multiType, map[string]any{"clusters": nil}, ""},
		"null for an item":                                  {arnListType, []any{nil}, "x[] null"},
		"characters, not bytes, of a text":                  {Member{Form: StringForm, Max: 2}, "äö", ""},
		"a fraction for an integer":                         {pageSizeType, json.Number("1.5"), "x type"},
		"an integer beyond 32 bits":                         {pageSizeType, json.Number("4294967297"), "x type"},
		"a text for an integer":                             {pageSizeType, pageSizeType.Value("ten"), "x type"},
		"an integer in a query":                             {pageSizeType, pageSizeType.Value("101"), "x too-big"},
		"a text that looks like a number":                   {textType, textType.Value("10"), ""},
		"two members of a union": {Member{Form: StructureForm, Union: true, Members: []Member{textType.opt("a"), textType.opt("b")}},
			map[string]any{"a": "x", "b": "x"}, "x union"},
		"several breaches of one text": {tagKeyType, strings.Repeat(",", 129), "x too-long, x pattern"},
		"keys of a map in their order": {tagMapType, map[string]any{"b,": "", "a,": nil}, "x.key pattern, x.value null, x.key pattern"},
		"a list for a structure":       {multiType, []any{}, "x type"},
	}
	for name, tt := range tests {
		var got []string
		tt.member.Check(tt.value, "x", func(path string, c Constraint) { got = append(got, path+" "+c.String()) })
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzCheck(f *testing.F) {
	all := slices.Concat(Shapes(Current), Shapes(May2025))
	for i, s := range all {
		text, err := json.Marshal(request(s))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), text)
	}
	f.Fuzz(func(t *testing.T, op uint8, text []byte) {
		s := all[int(op)%len(all)]
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var values map[string]any
		if d.Decode(&values) != nil {
			return
		}
		known := map[string]bool{}
		for _, p := range Constraints(s) {
			known[p.Path+" "+p.Constraint.String()] = true
		}
		var first []string
		s.Check(values, func(path string, c Constraint) {
			first = append(first, path)
			// What stands in the path or the query is always a text, which
			// these values need not be.
			if text := path + " " + c.String(); !known[text] && c != WrongForm && c != IsNull {
				t.Errorf("%s: got %s, want one of the pairs", s.Name, text)
			}
		})
		var again []string
		s.Check(values, func(path string, _ Constraint) { again = append(again, path) })
		if !slices.Equal(first, again) {
			t.Errorf("%s: got %q, then %q, want the same twice", s.Name, first, again)
		}
	})
}
