package reference

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"dsqlconform/model"
)

// request is an authenticated request in the model's terms.
type request struct {
	op     model.Op
	shape  *model.Shape
	region model.Region
	sent   input  // what was sent
	token  string // its client token, "" for none
	after  string // a listing begins behind this identifier
}

// input is the members of a request by name, as [parse] returns them; those in
// the path and the query are texts, numbers or lists of texts. One that is null
// is as good as absent.
type input map[string]any

// decode reads a request. Whether it keeps the table of shapes is settled here,
// but for what stands in the path; everything else is left to the model.
func (e *Endpoint) decode(r *http.Request, region model.Region, body []byte) (request, *answer) {
	at, path, refused := find(e.routes, r)
	if refused != nil {
		return request{}, refused
	}
	in, refused := at.read(r, body)
	if refused != nil {
		return request{}, refused
	}
	for name, text := range path {
		in[name] = text
	}
	d := decoder{e: e, request: request{shape: &at.shape, region: region, sent: in}}
	d.op = operations[at.shape.Name](&d)
	return d.request, d.refused
}

// read returns the members of the query and the body, or the refusal of those
// that break the table of shapes.
func (at *route) read(r *http.Request, body []byte) (input, *answer) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, invalid("cannotParse", "the query cannot be parsed")
	}
	object, refused := at.object(r, body)
	if refused != nil {
		return nil, refused
	}
	in := input{}
	for i := range at.open.Request {
		m := &at.open.Request[i]
		texts := query[m.Wire]
		switch {
		case m.Location == model.InBody:
			if value, there := object[m.Name]; there {
				in[m.Name] = value
			}
		case len(texts) == 0:
		case m.Form == model.ListForm:
			list := make([]any, len(texts))
			for i, s := range texts {
				list[i] = s
			}
			in[m.Name] = list
		case len(texts) > 1:
			return nil, invalid("cannotParse", "the query cannot be parsed", m.Name)
		default:
			in[m.Name] = m.Value(texts[0])
		}
	}
	reason, fields := "fieldValidationFailed", []string{}
	at.open.Check(in, func(path string, c model.Constraint) {
		if c == model.WrongForm || c == model.IsNull {
			reason = "cannotParse"
		}
		if !slices.Contains(fields, path) {
			fields = append(fields, path)
		}
	})
	if len(fields) > 0 {
		return nil, invalid(reason, "the request breaks the service description", fields...)
	}
	return in, nil
}

// object reads the body: one JSON object, or nothing, which is an empty one. An
// operation without members there has no body to read.
func (at *route) object(r *http.Request, body []byte) (map[string]any, *answer) {
	inBody := func(m model.Member) bool { return m.Location == model.InBody }
	if len(bytes.TrimSpace(body)) == 0 || !slices.ContainsFunc(at.open.Request, inBody) {
		return nil, nil
	}
	if kind := r.Header.Get("Content-Type"); kind != "" {
		if kind, _, err := mime.ParseMediaType(kind); err != nil || kind != "application/json" {
			return nil, frontDoor(http.StatusUnsupportedMediaType, "UnsupportedMediaTypeException", "the request body is not application/json")
		}
	}
	value, _ := parse(body)
	object, ok := value.(map[string]any)
	if !ok {
		return nil, invalid("cannotParse", "the request body is not one JSON object with each member once")
	}
	return object, nil
}

func (in input) text(name string) model.Maybe {
	text, given := in[name].(string)
	return model.Maybe{Value: text, Given: given}
}

func (in input) texts(name string) []string {
	list, _ := in[name].([]any)
	var texts []string
	for _, v := range list {
		text, _ := v.(string)
		texts = append(texts, text)
	}
	return texts
}

func (in input) flag(name string) model.Switch {
	on, given := in[name].(bool)
	if !given {
		return model.Unset
	}
	return model.SwitchOf(on)
}

func (in input) tags() (tags model.Tags, given bool) {
	object, given := in["tags"].(map[string]any)
	plain := make(map[string]string, len(object))
	for key, value := range object {
		plain[key], _ = value.(string)
	}
	return model.NewTags(plain), given
}
