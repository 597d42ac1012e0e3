package reference

import (
	"cmp"
	"net/http"

	"dsqlconform/model"
)

// frontDoor returns an error that is given before the service is reached.
func frontDoor(status int, kind, message string) *answer {
	return &answer{status, kind, map[string]any{"message": message}}
}

// invalid returns a ValidationException about the members with these names.
func invalid(reason, message string, names ...string) *answer {
	a := &answer{http.StatusBadRequest, model.Validation.String(), map[string]any{"message": message, "reason": reason}}
	fields := []any{}
	for _, name := range names {
		fields = append(fields, map[string]any{"name": name, "message": message})
	}
	if len(fields) > 0 {
		a.body["fieldList"] = fields
	}
	return a
}

// refusal returns a modelled error with every required member.
func (e *Endpoint) refusal(code model.Code, reason string, op model.Op, message string) *answer {
	if code == model.OtherError {
		return frontDoor(http.StatusBadRequest, "InvalidRequestException", "the request cannot be served")
	}
	a := &answer{kind: code.String(), body: map[string]any{}}
	for _, row := range model.Errors {
		if row.Code == code {
			a.status = row.HTTP
		}
	}
	id, kind := e.about(op)
	switch code {
	case model.Validation:
		a.body["reason"] = cmp.Or(reason, "other")
		a.body["message"] = "the request is not valid for the " + kind
		if reason == "deletionProtectionEnabled" {
			a.body["message"] = "deletion protection is enabled for the cluster"
		}
	case model.NotFound:
		a.body["message"] = "the " + kind + " does not exist"
		a.body["resourceId"], a.body["resourceType"] = id, kind
	case model.Conflict:
		a.body["message"] = "the " + kind + " is not in a state that allows the request"
		if !e.opts.Temperament.Manner.Bare {
			a.body["resourceId"], a.body["resourceType"] = id, kind
		}
	case model.QuotaExceeded:
		a.body["message"] = "You have reached the " + kind + " limit."
		a.body["resourceId"], a.body["resourceType"] = id, kind
		a.body["serviceCode"], a.body["quotaCode"] = service, quotaCodes[kind]
	case model.AccessDenied:
		a.body["message"] = "the caller may not perform the operation"
	default:
		a.body["message"] = "the request could not be served"
	}
	if message != "" {
		a.body["message"] = message
	}
	return a
}

// quotaCodes are made up: what the service answers is not published.
var quotaCodes = map[string]string{"cluster": "L-00000000", "stream": "L-00000001"}

// about returns the identifier and the type of the resource that a refusal of op
// is about.
func (e *Endpoint) about(op model.Op) (id, kind string) {
	kind = "cluster"
	var stream model.StreamRef
	model.Edit(op, func(p *model.Parts) {
		if p.Ref != nil {
			id = cmp.Or(e.hold.ids[p.Ref.Handle], p.Ref.Literal)
		}
		if p.Stream != nil {
			stream = *p.Stream
		}
	})
	if _, ok := op.(model.CreateStream); ok {
		kind = "stream"
	}
	if stream != (model.StreamRef{}) {
		id, kind = cmp.Or(e.hold.streams[stream.Handle].id, stream.Literal), "stream"
	}
	return cmp.Or(id, kind), kind
}
