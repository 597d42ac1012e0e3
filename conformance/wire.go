package conformance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dsqlconform/model"
)

// fault is one way in which the bytes of an answer break a rule of the wire.
// Breaking a May rule is worth a note.
type fault struct {
	Rule  model.RuleID
	Local bool   // it counts against a target of one's own: elsewhere it may be what AWS has added since, or another's front door
	Shape string // what is wrong and where: no identifier and no time, so that it recurs
	Want  string
	Got   string // may quote the answer, shortened
}

const (
	maxFaults = 64             // of one answer; the rest would say the same
	plausible = 24 * time.Hour // between a creation and the answer that tells it
)

// judgeWire holds the bytes of one attempt's answer against the shape table and
// returns what is wrong with them, in a fixed order, each shape once. An attempt
// without an answer has no faults, nor has an operation that is not served.
//
// Front doors answer for themselves: of an error that the service description
// does not name only broken JSON, HTML and namelessness are faults. Nor is a
// [model.Raw] or a [model.Hostile] request owed more than the right form of the
// service's own errors, and no HTML; a hostile one is owed no redirect either.
//
// The members are those that the revision has. One that only the other has is a
// fault of its own, one that neither has is worth a note.
func judgeWire(rev model.Revision, call Call, a Attempt) []fault {
	if a.Err != "" || a.StatusCode == 0 || a.StatusCode == http.StatusNotImplemented || call.Op == nil {
		return nil
	}
	j := &judge{rev: rev, call: call, attempt: a, header: a.AnswerHeader, body: bytes.TrimSpace(a.Answer)}
	_, plain := call.Op.(model.Raw) // may ask for anything, a redirect too
	_, hostile := call.Op.(model.Hostile)
	j.raw = plain || hostile
	switch {
	case a.StatusCode >= 400:
		j.refusal()
	case j.raw && (plain || a.StatusCode < 300):
		j.html()
	case a.StatusCode >= 300:
		j.add(model.WireRedirect, "redirect", "an answer", fmt.Sprintf("HTTP %d", a.StatusCode))
	case a.StatusCode >= 200:
		j.success()
	}
	return j.faults
}

type judge struct {
	rev     model.Revision
	call    Call
	attempt Attempt
	header  http.Header
	body    []byte // without white space around it
	raw     bool
	faults  []fault
}

func (j *judge) add(rule model.RuleID, shape, want, got string) {
	same := func(f fault) bool { return f.Rule == rule && f.Shape == shape }
	if len(j.faults) < maxFaults && !slices.ContainsFunc(j.faults, same) {
		local := rule == model.WireEnum || j.raw && (rule == model.WireContent || rule == model.WireRedirect)
		j.faults = append(j.faults, fault{rule, local, shape, want, got})
	}
}

// success judges an answer with a 2xx status code.
func (j *judge) success() {
	shape, ok := model.LookupShape(j.rev, operation(j.call.Op))
	if j.html() || !ok {
		return
	}
	j.status(shape)
	switch {
	case j.attempt.StatusCode == http.StatusNoContent:
	case len(shape.Members) == 0 && len(j.body) == 0:
	default:
		j.contentType()
		if object, ok := j.object(); ok {
			j.structure("", shape.Members, object, model.WireRequired)
		}
	}
	j.requestID()
}

// operation returns the service's name of what an operation asks.
func operation(op model.Op) string {
	if wait, ok := op.(model.Await); ok && wait.Stream != (model.StreamRef{}) {
		return model.GetStream{}.Name()
	}
	return op.Name()
}

// transportErrors are refusals that HTTP servers give before any service sees
// the request: too slow, too large, too long, too many headers.
var transportErrors = []int{408, 413, 414, 431}

// refusal judges an answer with a 4xx or 5xx status code.
func (j *judge) refusal() {
	object, problem := parseObject(j.body)
	header := errorName(j.header.Get("X-Amzn-Errortype"))
	typed := errorName(text(object["__type"]))
	name := cmp.Or(header, errorName(text(object["code"])), typed)
	shape, modelled := model.ErrorShape(name)
	switch {
	case j.html(), j.raw && !modelled:
		return
	case name == "" && problem != "" && j.json():
		j.object()
	case name == "" && j.attempt.StatusCode < 500 && !slices.Contains(transportErrors, j.attempt.StatusCode) && !j.attempt.Truncated:
		j.add(model.WireNamed, "nameless error", "x-amzn-errortype or __type", fmt.Sprintf("HTTP %d without either", j.attempt.StatusCode))
	case !modelled && len(j.body) > 0 && j.json():
		j.object()
	case modelled:
		j.modelled(shape, object, header, typed)
	}
	if !j.raw {
		j.requestID()
	}
}

// modelled judges an error that the service description names.
func (j *judge) modelled(shape model.Shape, object map[string]any, header, typed string) {
	j.status(shape)
	if header != "" && typed != "" && header != typed {
		j.add(model.WireAgree, shape.Name+" with another __type", header, show(typed))
	}
	if len(j.body) > 0 {
		j.contentType()
		var ok bool
		if object, ok = j.object(); !ok {
			return
		}
	}
	// Members that name the error stand beside those that it has.
	for _, key := range []string{"__type", "code"} {
		if value, there := object[key]; there {
			if _, isText := value.(string); !isText && value != nil {
				j.add(model.WireForm, shape.Name+"."+key, "string", jsonForm(value))
			}
			delete(object, key)
		}
	}
	// The SDKs accept both spellings, since the service's front door sends
	// the second.
	if other, there := object["Message"]; there && object["message"] == nil {
		object["message"] = other
		delete(object, "Message")
	}
	j.structure(shape.Name, shape.Members, object, model.WireError)
}

func (j *judge) status(shape model.Shape) {
	if got := j.attempt.StatusCode; got != shape.Status {
		name := shape.Name
		if shape.Method != "" {
			name = "success"
		}
		j.add(model.WireStatus, fmt.Sprintf("%s with HTTP %d", name, got), fmt.Sprintf("HTTP %d", shape.Status), fmt.Sprintf("HTTP %d", got))
	}
}

func (j *judge) requestID() {
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id"} {
		if j.header.Get(name) != "" {
			return
		}
	}
	j.add(model.WireRequestID, "no request id", "x-amzn-requestid", "no such header")
}

// html reports whether the answer is a web page, which is a fault.
func (j *judge) html() bool {
	start := bytes.ToLower(j.body[:min(len(j.body), 16)])
	if j.media() != "text/html" && !bytes.HasPrefix(start, []byte("<!doctype html")) && !bytes.HasPrefix(start, []byte("<html")) {
		return false
	}
	j.add(model.WireContent, fmt.Sprintf("HTML with HTTP %d", j.attempt.StatusCode), "JSON", show(string(j.body)))
	return true
}

// media returns the media type of the answer, "" when it names none.
func (j *judge) media() string {
	media, _, _ := mime.ParseMediaType(j.header.Get("Content-Type"))
	return media
}

// isJSON reports whether a media type is one by which AWS services send JSON.
func isJSON(media string) bool {
	return media == "application/json" || strings.HasPrefix(media, "application/x-amz-json-1.")
}

// json reports whether the answer means to be JSON.
func (j *judge) json() bool {
	return isJSON(j.media()) || bytes.HasPrefix(j.body, []byte("{")) || bytes.HasPrefix(j.body, []byte("["))
}

func (j *judge) contentType() {
	if len(j.body) > 0 && !isJSON(j.media()) {
		j.add(model.WireContent, "content type", "application/json", show(j.header.Get("Content-Type")))
	}
}

// object returns the body's members. A body that is none of an object's is a
// fault, unless it was cut on our side.
func (j *judge) object() (map[string]any, bool) {
	if j.attempt.Truncated {
		return nil, false
	}
	object, problem := parseObject(j.body)
	if problem != "" {
		j.add(model.WireBody, problem, "one JSON object", show(string(j.body)))
	}
	return object, problem == ""
}

// structure judges an object's members; those required and missing break the
// rule absent.
func (j *judge) structure(path string, members []model.Member, object map[string]any, absent model.RuleID) {
	at := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	var missing []string
	known := map[string]bool{}
	for _, m := range members {
		if m.Location == model.InHeader {
			if value := strings.TrimSpace(j.header.Get(m.Wire)); value != "" {
				j.value(m.Wire, m, json.Number(value), absent)
			}
			continue
		}
		value, there := object[m.Name]
		known[m.Name] = true
		if value != nil {
			j.value(at(m.Name), m, value, absent)
			continue
		}
		if other := misspelt(object, m.Name); !there && other != "" {
			known[other] = true
			j.add(model.WireCase, at(m.Name), show(m.Name), show(other))
		} else if m.Required {
			missing = append(missing, m.Name)
		}
	}
	if len(missing) > 0 {
		list := strings.Join(missing, ", ")
		j.add(absent, cmp.Or(path, "answer")+" without "+list, list, "absent or null")
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !known[key] {
			rule := model.WireUnknown
			if path == "" && j.elsewhere(key) {
				rule = model.WireRevision
			}
			j.add(rule, at(label(key)), "no such member", show(key))
		}
	}
	j.arn(path, object)
}

// elsewhere reports whether another revision's answer has a member of that name.
func (j *judge) elsewhere(name string) bool {
	for _, rev := range []model.Revision{model.Current, model.May2025} {
		shape, _ := model.LookupShape(rev, operation(j.call.Op))
		if rev != j.rev && slices.ContainsFunc(shape.Members, func(m model.Member) bool { return m.Name == name }) {
			return true
		}
	}
	return false
}

// misspelt returns the first key that is the name but for its case, or "".
func misspelt(object map[string]any, name string) string {
	first := ""
	for key := range object {
		if key != name && strings.EqualFold(key, name) && (first == "" || key < first) {
			first = key
		}
	}
	return first
}

// arn judges an ARN beside identifiers: it ends in them, and names the Region
// that answered, since no Region shows clusters of another.
func (j *judge) arn(path string, object map[string]any) {
	ends := "cluster/" + text(object["identifier"])
	if stream := text(object["streamIdentifier"]); stream != "" {
		ends = "cluster/" + text(object["clusterIdentifier"]) + "/stream/" + stream
	}
	arn := text(object["arn"])
	part := strings.Split(arn, ":")
	if ends == "cluster/" || len(part) != 6 {
		return
	}
	at := strings.TrimPrefix(path+".arn", ".")
	if part[5] != ends {
		j.add(model.WireARN, at+" of another identifier", show(ends), show(arn))
	}
	if asked := string(j.call.Region); asked != "" && part[3] != asked {
		j.add(model.WireARN, at+" of another Region", show(asked), show(arn))
	}
}

// value judges a value that is not null.
func (j *judge) value(path string, m model.Member, value any, absent model.RuleID) {
	wrong := func() { j.add(model.WireForm, path, m.Form.String(), jsonForm(value)) }
	switch m.Form {
	case model.StringForm:
		if s, ok := value.(string); ok {
			j.text(path, m, s)
		} else {
			wrong()
		}
	case model.BooleanForm:
		if _, ok := value.(bool); !ok {
			wrong()
		}
	case model.IntegerForm:
		n, ok := value.(json.Number)
		if _, err := strconv.ParseInt(string(n), 10, 32); !ok || err != nil {
			wrong()
		}
	case model.TimestampForm:
		if n, ok := value.(json.Number); ok {
			j.time(path, n)
		} else {
			wrong()
		}
	case model.StructureForm:
		if object, ok := value.(map[string]any); ok {
			j.structure(path, m.Members, object, absent)
		} else {
			wrong()
		}
	case model.ListForm:
		if list, ok := value.([]any); ok {
			j.list(path, m, list, absent)
		} else {
			wrong()
		}
	case model.MapForm:
		if object, ok := value.(map[string]any); ok {
			j.length(path, m, len(object))
			for _, key := range slices.Sorted(maps.Keys(object)) {
				j.value(path+" key", *m.Key, key, absent)
				j.value(path+" value", *m.Item, object[key], absent)
			}
		} else {
			wrong()
		}
	}
}

func (j *judge) list(path string, m model.Member, list []any, absent model.RuleID) {
	j.length(path, m, len(list))
	seen := map[string]bool{}
	for _, item := range list {
		j.value(path+"[]", *m.Item, item, absent)
		if s, ok := item.(string); ok && m.Unique {
			if seen[s] {
				j.add(model.WireUnique, path, "each once", show(s)+" twice")
			}
			seen[s] = true
		}
	}
}

func (j *judge) text(path string, m model.Member, s string) {
	if m.Enum != nil && !slices.Contains(m.Enum, s) {
		j.add(model.WireEnum, path, strings.Join(m.Enum, "|"), show(s))
	}
	if m.Pattern != nil && !m.Pattern.MatchString(s) {
		rule := model.WireBounds
		if m.Identity {
			rule = model.WireIdentity
		}
		j.add(rule, path+" pattern", m.Pattern.String(), show(s))
	}
	j.length(path, m, utf8.RuneCountInString(s))
}

func (j *judge) length(path string, m model.Member, n int) {
	if n < m.Min || m.Max > 0 && n > m.Max {
		j.add(model.WireBounds, path+" length", fmt.Sprintf("%d to %d", m.Min, m.Max), strconv.Itoa(n))
	}
}

// time judges a time against the target's clock and ours: a target
// whose clock is off is plausible as long as it agrees with itself. What a run
// sees has been made in it, and nothing has happened to it earlier.
func (j *judge) time(path string, n json.Number) {
	clocks := []time.Time{j.attempt.Answered}
	if date, err := http.ParseTime(j.header.Get("Date")); err == nil {
		clocks = append(clocks, date)
	}
	seconds, err := n.Float64()
	near := func(clock time.Time) bool {
		return math.Abs(seconds-float64(clock.Unix())) <= plausible.Seconds()
	}
	if err != nil || !slices.ContainsFunc(clocks, near) {
		j.add(model.WireTime, path, "epoch seconds within 24 hours of the answer", show(string(n)))
	}
}

// parseObject returns the members of a JSON object, numbers as json.Number, or
// says why the text is not exactly one.
func parseObject(body []byte) (object map[string]any, problem string) {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil, "empty body"
	case !utf8.Valid(body):
		return nil, "body is not UTF-8"
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil || len(bytes.TrimSpace(body[d.InputOffset():])) > 0 {
		return nil, "body is not JSON"
	}
	object, ok := value.(map[string]any)
	switch {
	case !ok:
		return nil, "body is " + jsonForm(value)
	case pairs(value) != colons(body):
		return nil, "body names a member twice"
	}
	return object, ""
}

// pairs counts the members of all objects in a value. Of members with one name
// encoding/json keeps the last and says nothing, so there are fewer of them
// than colons in the text.
func pairs(value any) int {
	n := 0
	switch value := value.(type) {
	case map[string]any:
		n = len(value)
		for _, v := range value {
			n += pairs(v)
		}
	case []any:
		for _, v := range value {
			n += pairs(v)
		}
	}
	return n
}

// colons counts the colons of valid JSON that stand outside strings.
func colons(body []byte) int {
	n, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			n++
		}
	}
	return n
}

// errorName returns the bare name of an error: "ns#Name:http://…" is Name.
func errorName(s string) string {
	s, _, _ = strings.Cut(s, ":")
	if _, after, found := strings.Cut(s, "#"); found {
		s = after
	}
	return strings.TrimSpace(s)
}

// text returns a JSON value that is a string, "" for any other.
func text(value any) string {
	s, _ := value.(string)
	return s
}

// jsonForm returns what JSON calls a value.
func jsonForm(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number " + show(string(value))
	case []any:
		return "array"
	}
	return "object"
}

// label returns a member name for a shape. A name that could be data, such as
// an identifier used as a key, becomes "*".
func label(name string) string {
	strange := func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_') }
	if name == "" || len(name) > 40 || strings.ContainsFunc(name, strange) {
		return "*"
	}
	return name
}

// show quotes at most 80 bytes of a text.
func show(s string) string {
	if len(s) > 80 {
		return strconv.QuoteToASCII(s[:80]) + "…"
	}
	return strconv.QuoteToASCII(s)
}
