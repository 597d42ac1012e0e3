package model

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deliberate are the differences between the table and AWS's description as
// botocore has it: a line of the table, and what stands there instead.
var deliberate = []struct {
	key, ours string
	theirs    []string
	why       string
}{
	{"CreateCluster request deletionProtectionEnabled", "body boolean default=true", []string{"body boolean"},
		"the default stands in the Smithy model, which botocore's is made from without it (F032)"},
	{"CreateCluster request multiRegionProperties.clusters", "body list unique", []string{"body list"},
		"uniqueItems stands in the Smithy model, and botocore has no word for it (F105)"},
	{"CreateCluster answer multiRegionProperties.clusters", "body list unique", []string{"body list"}, "as above"},
	{"GetCluster answer multiRegionProperties.clusters", "body list unique", []string{"body list"}, "as above"},
	{"UpdateCluster request multiRegionProperties.clusters", "body list unique", []string{"body list"}, "as above"},
	{"CreateStream request targetDefinition.kinesis.streamArn", wideKinesis, []string{wideKinesis, narrowKinesis},
		"releases differ, and what only one of them forbids is not held against anybody"},
	{"GetStream answer targetDefinition.kinesis.streamArn", wideKinesis, []string{wideKinesis, narrowKinesis}, "as above"},
	{"GetVpcEndpointServiceName answer serviceName", wideService, []string{wideService, narrowService}, "as above"},
}

const (
	wideKinesis   = `body string required min=1 max=2048 pattern=arn:aws.*:kinesis:.*:\d{12}:stream/\S+`
	narrowKinesis = `body string required min=1 max=2048 pattern=arn:aws[a-zA-Z-]*:kinesis:[a-z0-9-]*:[0-9]{12}:stream/[a-zA-Z0-9+=,.@_/\-]+`
	wideService   = `body string required min=1 max=128 pattern=com\.amazonaws\.[a-z0-9-]+\.dsql[a-z0-9-]*`
	narrowService = `body string required min=1 max=128 pattern=com\.amazonaws\.[a-z0-9-]+\.dsql-[a-f0-9]{6}`
)

func TestTheTableIsAWSsOwnDescription(t *testing.T) {
	text, from := description(t)
	var theirs service
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatalf("%s: %v", from, err)
	}
	ours, described := wireLines(Shapes(Current)), theirs.lines()
	for _, d := range deliberate {
		i := slices.Index(ours, d.key+": "+d.ours)
		j := slices.IndexFunc(described, func(line string) bool {
			text, ok := strings.CutPrefix(line, d.key+": ")
			return ok && slices.Contains(d.theirs, text)
		})
		if i < 0 || j < 0 {
			t.Errorf("%s: got no such difference any more, want %q in the table and one of %q in %s", d.key, d.ours, d.theirs, from)
			continue
		}
		ours[i] = described[j]
	}
	if diff := cmp.Diff(described, ours); diff != "" {
		t.Errorf("%s (-description +table):\n%s", from, diff)
	}
}

// The comparison is worth what it can see.
func TestTheComparisonSeesWhatIsBroken(t *testing.T) {
	whole := wireLines(Shapes(Current))
	edit := func(op, member string, f func(*Member)) func([]Shape) []Shape {
		return func(list []Shape) []Shape {
			for i := range list {
				for _, members := range []*[]Member{&list[i].Request, &list[i].Members} {
					*members = slices.Clone(*members)
					for j := range *members {
						if list[i].Name == op && (*members)[j].Name == member {
							f(&(*members)[j])
						}
					}
				}
			}
			return list
		}
	}
	for name, broken := range map[string]func([]Shape) []Shape{
		"an operation is missing": func(l []Shape) []Shape { return l[1:] },
		"another method":          func(l []Shape) []Shape { l[0].Method = "PUT"; return l },
		"another path":            func(l []Shape) []Shape { l[0].Path = "/clusters"; return l },
		"another status":          func(l []Shape) []Shape { l[0].Status = 201; return l },
		"an error too many":       func(l []Shape) []Shape { l[0].Errors |= Codes(NotFound); return l },
		"a member is missing":     func(l []Shape) []Shape { l[0].Request = l[0].Request[1:]; return l },
		"members in another order": func(l []Shape) []Shape {
			l[0].Members = slices.Clone(l[0].Members)
			slices.Reverse(l[0].Members)
			return l
		},
		"a member of another name":     edit("GetCluster", "tags", func(m *Member) { m.Name = "Tags" }),
		"a member that is required":    edit("GetCluster", "tags", func(m *Member) { m.Required = true }),
		"a member in another place":    edit("ListClusters", "maxResults", func(m *Member) { m.Location = InHeader }),
		"a member of another name out": edit("ListClusters", "maxResults", func(m *Member) { m.Wire = "maxResults" }),
		"another form":                 edit("GetCluster", "status", func(m *Member) { m.Form = IntegerForm }),
		"another pattern":              edit("GetCluster", "identifier", func(m *Member) { m.Pattern = pattern("[a-z]{26}") }),
		"another length":               edit("CreateCluster", "clientToken", func(m *Member) { m.Max = 64 }),
		"no token":                     edit("CreateCluster", "clientToken", func(m *Member) { m.Token = false }),
		"a value too few":              edit("GetCluster", "status", func(m *Member) { m.Enum = m.Enum[1:] }),
		"no union":                     edit("CreateStream", "targetDefinition", func(m *Member) { m.Union = false }),
		"other items":                  edit("ListClusters", "clusters", func(m *Member) { m.Item = &textType }),
		"other keys":                   edit("GetCluster", "tags", func(m *Member) { m.Key = &textType }),
	} {
		if cmp.Equal(whole, wireLines(broken(Shapes(Current)))) {
			t.Errorf("%s: got no difference, want one", name)
		}
	}
}

// description returns AWS's own description of the service and where it was
// found: the file that DSQL_SERVICE_MODEL names, or botocore's beside the
// emulators of the interop tests.
func description(t *testing.T) (text []byte, from string) {
	from = os.Getenv("DSQL_SERVICE_MODEL")
	if from == "" {
		if bin := os.Getenv("DSQLCONFORM_EMULATORS"); bin != "" {
			found, _ := filepath.Glob(filepath.Join(bin, "..", "lib", "python3*", "site-packages",
				"botocore", "data", "dsql", "2018-05-10", "service-2.json*"))
			if len(found) > 0 {
				from = found[0]
			}
		}
	}
	if from == "" {
		const missing = "no description of the service: set DSQL_SERVICE_MODEL to a service-2.json, or DSQLCONFORM_EMULATORS to what .ci/emulators prints"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		zipped, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", from, err)
		}
		if text, err = io.ReadAll(zipped); err != nil {
			t.Fatalf("%s: %v", from, err)
		}
	}
	return text, from
}

// wireLines returns everything that shapes and the errors say of the wire, a line
// for each operation, error and member, operations and errors by name.
func wireLines(list []Shape) []string {
	var lines []string
	slices.SortFunc(list, func(a, b Shape) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range list {
		var names []string
		for _, e := range Errors {
			if s.Errors.Has(e.Code) {
				names = append(names, e.Name)
			}
		}
		slices.Sort(names)
		lines = append(lines, fmt.Sprintf("%s: %s %s %d %s", s.Name, s.Method, s.Path, s.Status, strings.Join(names, ",")))
		for _, m := range s.Request {
			lines = m.lines(lines, s.Name+" request "+m.Name, m.Location)
		}
		for _, m := range s.Members {
			lines = m.lines(lines, s.Name+" answer "+m.Name, m.Location)
		}
	}
	var names []string
	for _, e := range Errors {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	for _, name := range names {
		s, _ := ErrorShape(name)
		lines = append(lines, fmt.Sprintf("%s: %d", name, s.Status))
		for _, m := range s.Members {
			lines = m.lines(lines, name+" member "+m.Name, m.Location)
		}
	}
	return lines
}

func (m Member) lines(lines []string, key string, where Location) []string {
	add := func(when bool, format string, args ...any) string {
		if when {
			return fmt.Sprintf(" "+format, args...)
		}
		return ""
	}
	text := where.String() + add(m.Wire != "", "as %s", m.Wire) + " " + m.Form.String() + add(m.Required, "required") +
		add(m.Token, "token") + add(m.Default != "", "default=%s", m.Default) +
		add(m.Min != 0, "min=%d", m.Min) + add(m.Max != 0, "max=%d", m.Max)
	if m.Pattern != nil {
		text += " pattern=" + strings.TrimSuffix(strings.TrimPrefix(m.Pattern.String(), "^(?:"), ")$")
	}
	text += add(m.Enum != nil, "enum=%s", strings.Join(m.Enum, "|")) + add(m.Unique, "unique") + add(m.Union, "union")
	lines = append(lines, key+": "+text)
	for _, part := range m.Members {
		lines = part.lines(lines, key+"."+part.Name, where)
	}
	if m.Key != nil {
		lines = m.Key.lines(lines, key+".key", where)
		return m.Item.lines(lines, key+".value", where)
	}
	if m.Item != nil {
		lines = m.Item.lines(lines, key+"[]", where)
	}
	return lines
}

// service is botocore's form of a description. What the table has no word for,
// such as texts for people and names of shapes, is left out.
type service struct {
	Operations map[string]struct {
		HTTP struct {
			Method       string
			RequestURI   string
			ResponseCode int
		}
		Input, Output reference
		Errors        []reference
	}
	Shapes map[string]struct {
		Type       string
		Required   []string
		Members    ordered
		Member     reference
		Key, Value reference
		Min, Max   int
		Pattern    string
		Enum       []string
		Union      bool
		Exception  bool
		Error      struct{ HTTPStatusCode int }
	}
}

type reference struct {
	Shape            string
	Location         string
	LocationName     string
	IdempotencyToken bool
}

// ordered is an object whose members keep their order.
type ordered []struct {
	Name string
	Of   reference
}

func (o *ordered) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var of reference
		if err := d.Decode(&of); err != nil {
			return err
		}
		*o = append(*o, struct {
			Name string
			Of   reference
		}{name.(string), of})
	}
	return nil
}

var botocoreLocations = map[string]Location{"": InBody, "uri": InPath, "querystring": InQuery, "header": InHeader}

func (s *service) lines() []string {
	var list []Shape
	for name, op := range s.Operations {
		shape := Shape{Name: name, Method: op.HTTP.Method, Path: op.HTTP.RequestURI, Status: op.HTTP.ResponseCode,
			Request: s.members(op.Input.Shape), Members: s.members(op.Output.Shape)}
		for _, e := range op.Errors {
			shape.Errors |= Codes(ParseCode(e.Shape))
		}
		list = append(list, shape)
	}
	// The errors' own lines come from the description, not from the table.
	lines := slices.DeleteFunc(wireLines(list), func(line string) bool { return exception.MatchString(line) })
	var names []string
	for name, shape := range s.Shapes {
		if shape.Exception {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		lines = append(lines, fmt.Sprintf("%s: %d", name, s.Shapes[name].Error.HTTPStatusCode))
		for _, m := range s.members(name) {
			lines = m.lines(lines, name+" member "+m.Name, m.Location)
		}
	}
	return lines
}

var exception = regexp.MustCompile(`^[A-Za-z]+Exception[ :]`)

// members returns the members of one of the description's structures.
func (s *service) members(name string) []Member {
	shape := s.Shapes[name]
	var list []Member
	for _, part := range shape.Members {
		m := s.member(part.Of.Shape)
		m.Name, m.Required, m.Token = part.Name, slices.Contains(shape.Required, part.Name), part.Of.IdempotencyToken
		m.Location, m.Wire = botocoreLocations[part.Of.Location], part.Of.LocationName
		list = append(list, m)
	}
	return list
}

func (s *service) member(name string) Member {
	shape := s.Shapes[name]
	m := Member{Form: Form(slices.Index(formNames[:], shape.Type)), Min: shape.Min, Max: shape.Max, Enum: shape.Enum, Union: shape.Union}
	if shape.Pattern != "" {
		m.Pattern = pattern(shape.Pattern)
	}
	switch m.Form {
	case StructureForm:
		m.Members = s.members(name)
	case ListForm:
		item := s.member(shape.Member.Shape)
		m.Item = &item
	case MapForm:
		key, item := s.member(shape.Key.Shape), s.member(shape.Value.Shape)
		m.Key, m.Item = &key, &item
	}
	return m
}
