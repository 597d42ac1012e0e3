package reports

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// TraceRecord is a [conformance.Record] in stable JSON. Durations are in
// nanoseconds since the start of the execution.
type TraceRecord struct {
	Line       int            `json:"line"`          // index in the sequence; -1 for teardown
	Why        string         `json:"why,omitempty"` // see conformance.Record
	Op         string         `json:"op"`            // text form
	Region     string         `json:"region,omitempty"`
	By         string         `json:"by,omitempty"` // the principal that asks
	Identifier string         `json:"identifier,omitempty"`
	Stream     string         `json:"stream,omitempty"` // its identifier
	ARN        string         `json:"arn,omitempty"`
	Peers      []string       `json:"peers,omitzero"`
	ARNs       []string       `json:"arns,omitzero"`
	Kinesis    string         `json:"kinesis,omitempty"`
	Role       string         `json:"role,omitempty"`
	Policy     string         `json:"policy,omitempty"`
	Expect     *string        `json:"expect,omitempty"` // expectedPolicyVersion
	Token      string         `json:"token,omitempty"`  // the client token
	Page       string         `json:"page,omitempty"`
	Retries    bool           `json:"retries,omitempty"`
	Sent       time.Duration  `json:"sent_ns"`
	Answered   time.Duration  `json:"answered_ns"`
	Reply      string         `json:"reply"` // text form
	Answer     TraceAnswer    `json:"answer"`
	Attempts   []TraceAttempt `json:"attempts"`
}

// TraceAnswer is a [conformance.Answer]. Members that the answer did not carry
// are left out.
type TraceAnswer struct {
	Outage     string            `json:"outage,omitempty"`
	Code       string            `json:"code,omitempty"`
	HTTP       int               `json:"http,omitempty"`
	Message    string            `json:"message,omitempty"`
	Reason     string            `json:"reason,omitempty"`
	Identifier string            `json:"identifier,omitempty"`
	ARN        string            `json:"arn,omitempty"`
	Status     string            `json:"status,omitempty"`
	Created    time.Time         `json:"created,omitzero"`
	Protection *bool             `json:"protection,omitempty"`
	Multi      *TraceMulti       `json:"multi,omitempty"`
	Encryption *TraceEncryption  `json:"encryption,omitempty"`
	Tags       map[string]string `json:"tags,omitzero"`
	Policy     *string           `json:"policy,omitempty"`
	Version    string            `json:"policy_version,omitempty"`
	Stream     *TraceStream      `json:"stream,omitempty"`
	Listed     []TraceListed     `json:"listed,omitzero"`
	Streams    []TraceStream     `json:"streams,omitzero"`
	Page       string            `json:"page,omitempty"`
	Service    string            `json:"service,omitempty"`
	Witness    *string           `json:"witness,omitempty"`
	Linked     []string          `json:"linked,omitzero"`
}

// TraceEncryption is a [conformance.Encryption].
type TraceEncryption struct {
	Type   string  `json:"type,omitempty"`
	Status string  `json:"status,omitempty"`
	Key    *string `json:"key,omitempty"`
}

// TraceStream is a [conformance.Stream].
type TraceStream struct {
	Cluster    string    `json:"cluster,omitempty"`
	Identifier string    `json:"identifier,omitempty"`
	ARN        string    `json:"arn,omitempty"`
	Status     string    `json:"status,omitempty"`
	Created    time.Time `json:"created,omitzero"`
	Ordering   string    `json:"ordering,omitempty"`
	Format     string    `json:"format,omitempty"`
	Kinesis    string    `json:"kinesis,omitempty"`
	Role       string    `json:"role,omitempty"`
	Reason     bool      `json:"reason,omitempty"`
}

// TraceMulti is a [conformance.Multi].
type TraceMulti struct {
	Witness  *string  `json:"witness,omitempty"`
	Clusters []string `json:"clusters,omitzero"`
}

// TraceListed is a [conformance.Listed].
type TraceListed struct {
	Identifier string `json:"identifier"`
	ARN        string `json:"arn"`
}

// TraceAttempt is a [conformance.Attempt].
type TraceAttempt struct {
	Method       string              `json:"method"`
	URL          string              `json:"url"`
	Header       map[string][]string `json:"header,omitzero"`
	Body         Payload             `json:"body,omitzero"`
	StatusCode   int                 `json:"status_code"`
	Answer       Payload             `json:"answer,omitzero"`
	AnswerHeader map[string][]string `json:"answer_header,omitzero"`
	Truncated    bool                `json:"truncated,omitempty"`
	Sent         time.Time           `json:"sent"`
	Answered     time.Time           `json:"answered"`
	Err          string              `json:"err,omitempty"`
}

// Payload is a body. In JSON it is a string, or {"base64": "…"} where it is not
// valid UTF-8.
type Payload []byte

type binary struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON implements [json.Marshaler].
func (p Payload) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("null"), nil
	}
	if utf8.Valid(p) {
		return json.Marshal(string(p))
	}
	return json.Marshal(binary{p})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (p *Payload) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*p = nil
		return nil
	}
	if text[0] == '"' {
		var s string
		if err := json.Unmarshal(text, &s); err != nil {
			return err
		}
		*p = Payload(s)
		return nil
	}
	var b binary
	if err := json.Unmarshal(text, &b); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	*p = b.Base64
	return nil
}

// outages names the values of conformance.Outage, in their order.
var outages = [...]string{
	conformance.Answered:    "",
	conformance.Lost:        "lost",
	conformance.Throttled:   "throttled",
	conformance.NotServed:   "not-served",
	conformance.Credentials: "credentials",
	conformance.Unreachable: "unreachable",
	conformance.Undecodable: "undecodable",
}

func outageText(o conformance.Outage) string {
	if int(o) < len(outages) {
		return outages[o]
	}
	return fmt.Sprintf("outage-%d", o)
}

func newTraceRecord(r conformance.Record) *TraceRecord {
	out := &TraceRecord{
		Line:       r.Line,
		Why:        clean(r.Why),
		Region:     clean(string(r.Call.Region)),
		By:         clean(r.Call.By),
		Identifier: clean(r.Call.Identifier),
		Stream:     clean(r.Call.Stream),
		ARN:        clean(r.Call.ARN),
		Peers:      cleanList(r.Call.Peers),
		ARNs:       cleanList(r.Call.ARNs),
		Kinesis:    clean(r.Call.Kinesis),
		Role:       clean(r.Call.Role),
		Policy:     clean(r.Call.Policy),
		Token:      clean(r.Call.Token),
		Page:       clean(r.Call.Page),
		Retries:    r.Call.Retries,
		Sent:       r.Sent,
		Answered:   r.Answered,
		Reply:      clean(r.Reply.String()),
		Answer:     newTraceAnswer(r.Exchange.Answer),
		Attempts:   each(r.Exchange.Attempts, newTraceAttempt),
	}
	if r.Call.Expect.Given {
		out.Expect = cleanText(&r.Call.Expect.Value)
	}
	if r.Call.Op != nil {
		out.Op = clean(r.Call.Op.String())
	}
	return out
}

func newTraceAnswer(a conformance.Answer) TraceAnswer {
	out := TraceAnswer{
		Outage:     outageText(a.Outage),
		Code:       clean(a.Code),
		HTTP:       a.HTTP,
		Message:    clean(a.Message),
		Reason:     clean(a.Reason),
		Identifier: clean(a.Identifier),
		ARN:        clean(a.ARN),
		Status:     clean(a.Status),
		Created:    sane(a.Created),
		Protection: a.Protection,
		Page:       clean(a.Page),
		Service:    clean(a.Service),
	}
	out.Policy, out.Version = cleanText(a.Policy), clean(a.PolicyVersion)
	out.Witness, out.Linked = cleanText(a.Witness), cleanList(a.Linked)
	if a.Multi != nil {
		out.Multi = &TraceMulti{Witness: cleanText(a.Multi.Witness), Clusters: cleanList(a.Multi.Clusters)}
	}
	if a.Encryption != nil {
		out.Encryption = &TraceEncryption{clean(a.Encryption.Type), clean(a.Encryption.Status), cleanText(a.Encryption.Key)}
	}
	if a.Stream != nil {
		s := newTraceStream(*a.Stream)
		out.Stream = &s
	}
	if a.Streams != nil {
		out.Streams = each(a.Streams, newTraceStream)
	}
	if a.Tags != nil {
		out.Tags = map[string]string{}
		for _, k := range slices.Sorted(maps.Keys(a.Tags)) {
			out.Tags[clean(k)] = clean(a.Tags[k])
		}
	}
	if a.Listed != nil {
		out.Listed = each(a.Listed, func(l conformance.Listed) TraceListed {
			return TraceListed{clean(l.Identifier), clean(l.ARN)}
		})
	}
	return out
}

func newTraceStream(s conformance.Stream) TraceStream {
	return TraceStream{
		Cluster: clean(s.Cluster), Identifier: clean(s.Identifier), ARN: clean(s.ARN), Status: clean(s.Status), Created: sane(s.Created),
		Ordering: clean(s.Ordering), Format: clean(s.Format), Kinesis: clean(s.Kinesis), Role: clean(s.Role), Reason: s.Reason,
	}
}

func newTraceAttempt(a conformance.Attempt) TraceAttempt {
	return TraceAttempt{
		Method:       clean(a.Method),
		URL:          clean(a.URL),
		Header:       cleanHeader(a.Header),
		Body:         cleanBody(a.Body),
		StatusCode:   a.StatusCode,
		Answer:       cleanBody(a.Answer),
		AnswerHeader: cleanHeader(a.AnswerHeader),
		Truncated:    a.Truncated,
		Sent:         sane(a.Sent),
		Answered:     sane(a.Answered),
		Err:          clean(a.Err),
	}
}

// Record returns the record that the line was written from, less what was
// cleaned away. It fails when the text of the operation or the reply is not one
// of this version of the model.
func (t *TraceRecord) Record() (conformance.Record, error) {
	line, err := model.ParseLine(t.Op)
	if err != nil {
		return conformance.Record{}, fmt.Errorf("operation %q: %w", t.Op, err)
	}
	reply, err := model.ParseReply(t.Reply)
	if err != nil {
		return conformance.Record{}, fmt.Errorf("reply %q: %w", t.Reply, err)
	}
	answer, err := t.Answer.answer()
	if err != nil {
		return conformance.Record{}, err
	}
	return conformance.Record{
		Line: t.Line,
		Why:  t.Why,
		Call: conformance.Call{
			Op:         line.Op,
			Region:     model.Region(t.Region),
			By:         t.By,
			Identifier: t.Identifier,
			Stream:     t.Stream,
			ARN:        t.ARN,
			Peers:      t.Peers,
			ARNs:       t.ARNs,
			Kinesis:    t.Kinesis,
			Role:       t.Role,
			Policy:     t.Policy,
			Expect:     maybe(t.Expect),
			Token:      t.Token,
			Page:       t.Page,
			Retries:    t.Retries,
		},
		Exchange: conformance.Exchange{Answer: answer, Attempts: each(t.Attempts, TraceAttempt.attempt)},
		Reply:    reply,
		Sent:     t.Sent,
		Answered: t.Answered,
	}, nil
}

func (t TraceAnswer) answer() (conformance.Answer, error) {
	outage := slices.Index(outages[:], t.Outage)
	if outage < 0 {
		return conformance.Answer{}, fmt.Errorf("got outage %q, want one of %s", t.Outage, strings.Join(outages[1:], ", "))
	}
	a := conformance.Answer{
		Outage:     conformance.Outage(outage),
		Code:       t.Code,
		HTTP:       t.HTTP,
		Message:    t.Message,
		Reason:     t.Reason,
		Identifier: t.Identifier,
		ARN:        t.ARN,
		Status:     t.Status,
		Created:    t.Created,
		Protection: t.Protection,
		Tags:       t.Tags,
		Page:       t.Page,
		Service:    t.Service,

		Policy:        t.Policy,
		PolicyVersion: t.Version,
		Witness:       t.Witness,
		Linked:        t.Linked,
	}
	if t.Encryption != nil {
		a.Encryption = &conformance.Encryption{Type: t.Encryption.Type, Status: t.Encryption.Status, Key: t.Encryption.Key}
	}
	if t.Stream != nil {
		s := t.Stream.stream()
		a.Stream = &s
	}
	if t.Streams != nil {
		a.Streams = each(t.Streams, TraceStream.stream)
	}
	if t.Multi != nil {
		a.Multi = &conformance.Multi{Witness: t.Multi.Witness, Clusters: t.Multi.Clusters}
	}
	if t.Listed != nil {
		a.Listed = each(t.Listed, func(l TraceListed) conformance.Listed {
			return conformance.Listed{Identifier: l.Identifier, ARN: l.ARN}
		})
	}
	return a, nil
}

func (t TraceStream) stream() conformance.Stream {
	return conformance.Stream{
		Cluster: t.Cluster, Identifier: t.Identifier, ARN: t.ARN, Status: t.Status, Created: t.Created,
		Ordering: t.Ordering, Format: t.Format, Kinesis: t.Kinesis, Role: t.Role, Reason: t.Reason,
	}
}

func (t TraceAttempt) attempt() conformance.Attempt {
	return conformance.Attempt{
		Method:       t.Method,
		URL:          t.URL,
		Header:       t.Header,
		Body:         t.Body,
		StatusCode:   t.StatusCode,
		Answer:       t.Answer,
		AnswerHeader: t.AnswerHeader,
		Truncated:    t.Truncated,
		Sent:         t.Sent,
		Answered:     t.Answered,
		Err:          t.Err,
	}
}

// sane returns a time that RFC 3339 can express: a target may answer any year.
func sane(t time.Time) time.Time {
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// secretHeaders are the headers whose values no report shows.
var secretHeaders = []string{"Authorization", "Proxy-Authorization", "X-Amz-Security-Token", "Cookie", "Set-Cookie", "X-Api-Key"}

func cleanHeader(h map[string][]string) map[string][]string {
	if h == nil {
		return nil
	}
	out := make(map[string][]string, len(h))
	for k, values := range h {
		if slices.Contains(secretHeaders, textproto.CanonicalMIMEHeaderKey(k)) {
			values = []string{redacted}
		}
		out[clean(k)] = each(values, clean)
	}
	return out
}

// cleanBody keeps the bytes of a body as they are but for secrets.
func cleanBody(b []byte) Payload {
	if b == nil {
		return nil
	}
	return Payload(redact(string(b)))
}

func cleanList(list []string) []string {
	if list == nil {
		return nil
	}
	return each(list, clean)
}

// cleanText cleans an optional text.
func cleanText(s *string) *string {
	if s == nil {
		return nil
	}
	text := clean(*s)
	return &text
}

func maybe(s *string) model.Maybe {
	if s == nil {
		return model.Maybe{}
	}
	return model.Some(*s)
}
