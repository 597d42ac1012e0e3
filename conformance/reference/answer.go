package reference

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strconv"
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

// success fills an answer within what the outcome wants.
func (e *Endpoint) success(o *model.Outcome, call request) *answer {
	want := &o.Want
	a := &answer{status: http.StatusOK}
	manner := &e.opts.Temperament.Manner
	body := map[string]any{}
	c, _ := e.hold.find(want.Cluster)
	if want.Cluster != 0 && want.Stream == nil {
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
			if want.Encryption != nil {
				body["encryptionDetails"] = e.encryption(&c)
			}
		}
	}
	switch {
	case want.Multi == model.Present, want.Multi == model.Whichever && c.Multi && !manner.Bare:
		m := e.multi(o, &c)
		body["multiRegionProperties"] = m
		e.legacy(body, m)
	case want.Multi == model.Absent && manner.Empty:
		body["multiRegionProperties"] = map[string]any{}
	}
	if e.opts.Revision == model.May2025 && want.Cluster != 0 && want.Stream == nil && want.Protection == 0 && !manner.Bare {
		body["deletionProtectionEnabled"] = c.Protected
		if c.Multi {
			e.legacy(body, map[string]any{"witnessRegion": string(c.Witness)})
		}
	}
	if want.Legacy != nil && want.Legacy.Linked != nil {
		body["linkedClusterArns"] = e.arns(want.Legacy.Linked)
	}
	switch s := want.Stream; {
	case s == nil:
	case s.Of != 0:
		e.listStreams(s, call, body)
	default:
		e.stream(s, body)
	}
	if want.Policy != nil {
		e.policy(want.Policy, call, body)
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
		c, _ := e.hold.find(model.Subject(call.op))
		body["serviceName"] = serviceName(c.Region)
		if !manner.Bare {
			body["clusterVpcEndpoint"] = fmt.Sprintf("%s.dsql-%s.%s.on.aws", e.hold.ids[c.Handle], serviceHash(c.Region), c.Region)
		}
	}
	a.body = trimmed(call.shape, body)
	return a
}

// trimmed returns the members of a body that the revision's shape has; nil for
// an empty body.
func trimmed(shape *model.Shape, body map[string]any) map[string]any {
	if len(shape.Members) == 0 {
		return nil
	}
	maps.DeleteFunc(body, func(name string, _ any) bool {
		return !slices.ContainsFunc(shape.Members, func(m model.Member) bool { return m.Name == name })
	})
	return body
}

// multi returns multiRegionProperties.
func (e *Endpoint) multi(o *model.Outcome, c *model.Cluster) map[string]any {
	m := map[string]any{}
	witness := c.Witness
	if w := o.Want.Witness; len(w) > 0 && !slices.Contains(w, witness) {
		witness = w[0]
	}
	if witness != "" {
		m["witnessRegion"] = string(witness)
	}
	if arns := e.arns(e.members(o, c)); len(arns) > 0 {
		m["clusters"] = arns
	}
	return m
}

// legacy adds the members that the revision 2025-05-13 has for what stands in
// multiRegionProperties; [trimmed] drops them elsewhere.
func (e *Endpoint) legacy(body, multi map[string]any) {
	if e.opts.Temperament.Manner.Bare {
		return
	}
	for name, old := range map[string]string{"witnessRegion": "witnessRegion", "clusters": "linkedClusterArns"} {
		if value := multi[name]; value != nil {
			body[old] = value
		}
	}
}

// arns returns the ARNs of clusters, sorted.
func (e *Endpoint) arns(list []model.Handle) []string {
	arns := []string{}
	for _, h := range list {
		arns = append(arns, e.arn(h))
	}
	slices.Sort(arns)
	return arns
}

// list fills in one page of a listing of clusters.
func (e *Endpoint) list(o *model.Outcome, call request, body map[string]any) {
	rows := map[string]any{}
	row := func(h model.Handle) {
		id := e.hold.ids[h]
		rows[id] = map[string]any{"identifier": id, "arn": e.arn(h)}
	}
	for _, h := range o.Want.Listed {
		row(h)
	}
	for _, c := range e.hold.world.Clusters {
		open := c.Region == call.region && !slices.Contains(o.Want.Unlisted, c.Handle)
		if open && !e.opts.Temperament.Manner.Bare {
			row(c.Handle)
		}
	}
	op, _ := call.op.(model.ListClusters)
	body["clusters"] = e.page(rows, string(call.region), op.Max, 100, call.after, body)
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
