package reference

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dsqlconform/model"
)

// answer is a response that is yet to be sent.
type answer struct {
	status int
	kind   string         // name of the error, "" for a success
	body   map[string]any // nil for an empty body
}

// send writes an answer.
func (e *Endpoint) send(w http.ResponseWriter, a *answer) {
	e.mu.Lock()
	e.sent++
	id := fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(e.opts.Seed), e.sent)
	e.mu.Unlock()
	h := w.Header()
	h.Set("x-amzn-RequestId", id)
	h.Set("Date", e.opts.Now().UTC().Format(http.TimeFormat))
	if a.kind != "" {
		types := e.opts.Temperament.Manner.Types
		switch types {
		case HeaderType:
			h.Set("x-amzn-ErrorType", a.kind+":http://internal.amazon.com/coral/com.amazonaws.dsql/")
		case BodyType:
			a.body["__type"] = "com.amazonaws.dsql#" + a.kind
		default:
			h.Set("x-amzn-ErrorType", a.kind)
			a.body["__type"] = a.kind
		}
	}
	var body []byte
	if a.body != nil {
		h.Set("Content-Type", "application/json")
		body, _ = json.Marshal(a.body) // texts, numbers, lists and maps of them cannot fail
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	w.Write(body) // nobody is left to tell of a failure
}

// frontDoor returns an error that is given before the service is reached.
func frontDoor(status int, kind, message string) *answer {
	return &answer{status, kind, map[string]any{"message": message}}
}

// invalid returns a ValidationException about a field.
func invalid(reason, field, message string) *answer {
	a := &answer{http.StatusBadRequest, model.Validation.String(), map[string]any{"message": message, "reason": reason}}
	if field != "" {
		a.body["fieldList"] = []any{map[string]any{"name": field, "message": message}}
	}
	return a
}

// refusal returns a modelled error with every required member.
func (e *Endpoint) refusal(code model.Code, reason string, op model.Op, message string) *answer {
	resource := "cluster"
	if id := e.hold.ids[subject(op)]; id != "" {
		resource = id
	}
	if code == model.OtherError {
		return frontDoor(http.StatusBadRequest, "InvalidRequestException", "the request cannot be served")
	}
	a := &answer{kind: code.String(), body: map[string]any{}}
	for _, row := range model.Errors {
		if row.Code == code {
			a.status = row.HTTP
		}
	}
	switch code {
	case model.Validation:
		if reason == "" {
			reason = "other"
		}
		a.body["reason"] = reason
		a.body["message"] = "the request is not valid for the cluster"
		if reason == "deletionProtectionEnabled" {
			a.body["message"] = "deletion protection is enabled for the cluster"
		}
	case model.NotFound:
		a.body["message"] = "the cluster does not exist"
		a.body["resourceId"], a.body["resourceType"] = resource, "cluster"
	case model.Conflict:
		a.body["message"] = "the cluster is not in a state that allows the request"
		if !e.opts.Temperament.Manner.Bare {
			a.body["resourceId"], a.body["resourceType"] = resource, "cluster"
		}
	case model.QuotaExceeded:
		a.body["message"] = "You have reached the cluster limit."
		a.body["resourceId"], a.body["resourceType"] = resource, "cluster"
		a.body["serviceCode"], a.body["quotaCode"] = "dsql", "L-00000000"
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

// success fills an answer within what the outcome wants.
func (e *Endpoint) success(o *model.Outcome, call request) *answer {
	want := &o.Want
	a := &answer{status: http.StatusOK}
	manner := &e.opts.Temperament.Manner
	body := map[string]any{}
	c, _ := e.hold.find(want.Cluster)
	if want.Cluster != 0 {
		body["identifier"] = e.hold.ids[want.Cluster]
		body["arn"] = e.arn(want.Cluster)
		body["creationTime"] = e.seconds(c.Born)
		body["status"] = e.status(o, call).String()
	}
	if want.Protection != 0 {
		shows := c.Protected
		if want.Protection != model.ShowsOff|model.ShowsOn {
			shows = want.Protection == model.ShowsOn
		}
		body["deletionProtectionEnabled"] = shows
		if !manner.Bare {
			body["endpoint"] = fmt.Sprintf("%s.dsql.%s.on.aws", e.hold.ids[c.Handle], c.Region)
			body["encryptionDetails"] = e.encryption(&c)
		}
	}
	switch {
	case want.Multi == model.Present, want.Multi == model.Whichever && c.Multi && !manner.Bare:
		body["multiRegionProperties"] = e.multi(o, &c)
	case want.Multi == model.Absent && manner.Empty:
		body["multiRegionProperties"] = map[string]any{}
	}
	if n := len(want.Tags); n > 0 {
		tags := want.Tags[0]
		if manner.Bare {
			tags = want.Tags[n-1] // what is gone soonest comes last
		}
		if tags.Len() > 0 || !manner.Bare {
			body["tags"] = tags.Map()
		}
	}
	if want.List {
		e.list(o, call, body)
	}
	if want.Service {
		c, _ := e.hold.find(subject(call.op))
		body["serviceName"] = serviceName(c.Region)
		if !manner.Bare {
			body["clusterVpcEndpoint"] = fmt.Sprintf("%s.dsql-%s.%s.on.aws", e.hold.ids[c.Handle], serviceHash(c.Region), c.Region)
		}
	}
	if shape, ok := model.LookupShape(call.op.Name()); !ok || len(shape.Members) > 0 {
		a.body = body
	}
	return a
}

func (e *Endpoint) multi(o *model.Outcome, c *model.Cluster) map[string]any {
	m := map[string]any{}
	witness := c.Witness
	if w := o.Want.Witness; len(w) > 0 && !slices.Contains(w, witness) {
		witness = w[0]
	}
	if witness != "" {
		m["witnessRegion"] = string(witness)
	}
	arns := []string{}
	for _, h := range e.members(o, c) {
		arns = append(arns, e.arn(h))
	}
	if len(arns) > 0 {
		slices.Sort(arns)
		m["clusters"] = arns
	}
	return m
}

// encryption returns encryptionDetails; a key given by its identifier shows as
// an ARN.
func (e *Endpoint) encryption(c *model.Cluster) map[string]any {
	if c.Key == "" {
		return map[string]any{"encryptionType": "AWS_OWNED_KMS_KEY", "encryptionStatus": "ENABLED"}
	}
	arn := c.Key
	if !strings.HasPrefix(arn, "arn:") {
		kind := "key/"
		if strings.HasPrefix(arn, "alias/") {
			kind = ""
		}
		arn = fmt.Sprintf("arn:aws:kms:%s:%s:%s%s", c.Region, e.opts.Account, kind, c.Key)
	}
	return map[string]any{"encryptionType": "CUSTOMER_MANAGED_KMS_KEY", "encryptionStatus": "ENABLED", "kmsKeyArn": arn}
}

// list fills in one page of a listing. Pages go by identifier, so that what is
// made or deleted between two of them moves nothing else.
func (e *Endpoint) list(o *model.Outcome, call request, body map[string]any) {
	all := map[string]model.Handle{}
	for _, h := range o.Want.Listed {
		all[e.hold.ids[h]] = h
	}
	for _, c := range e.hold.world.Clusters {
		open := c.Region == call.region && !slices.Contains(o.Want.Unlisted, c.Handle)
		if open && !e.opts.Temperament.Manner.Bare {
			all[e.hold.ids[c.Handle]] = c.Handle
		}
	}
	size := 100
	if n := e.opts.Temperament.Manner.Page; n > 0 {
		size = n
	}
	if op, ok := call.op.(model.ListClusters); ok && op.Max > 0 {
		size = op.Max
	}
	page := []any{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if id <= call.after {
			continue
		}
		if len(page) == size {
			last := page[size-1].(map[string]any)["identifier"].(string)
			body["nextToken"] = e.pageToken(call.region, last)
			break
		}
		page = append(page, map[string]any{"identifier": id, "arn": e.arn(all[id])})
	}
	body["clusters"] = page
}

// arn returns the ARN of a cluster, gone or not.
func (e *Endpoint) arn(h model.Handle) string {
	c, _ := e.hold.find(h)
	return fmt.Sprintf("arn:aws:dsql:%s:%s:cluster/%s", c.Region, e.opts.Account, e.hold.ids[h])
}

// seconds returns a moment as the service writes it: epoch seconds (F002).
func (e *Endpoint) seconds(at time.Duration) json.Number {
	ms := e.start.Add(at).UnixMilli()
	if !e.opts.Temperament.Manner.Fraction {
		return json.Number(strconv.FormatInt(ms/1000, 10))
	}
	return json.Number(fmt.Sprintf("%d.%03d", ms/1000, ms%1000))
}

func serviceHash(r model.Region) string {
	h := fnv.New32a()
	h.Write([]byte(r))
	return fmt.Sprintf("%06x", h.Sum32()&0xFFFFFF)
}

func serviceName(r model.Region) string {
	return fmt.Sprintf("com.amazonaws.%s.dsql-%s", r, serviceHash(r))
}
