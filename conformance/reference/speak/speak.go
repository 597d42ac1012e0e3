// Package speak asks an endpoint in the model's own terms and reads its answers
// back into them, over signed HTTP without a socket. It serves tests that want
// neither an SDK nor the engine; it trusts the endpoint to answer in the right
// form, which other tests hold it to.
package speak

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// Speaker keeps the names of one conversation: which identifier a handle stands
// for, and which Region its cluster lives in.
type Speaker struct {
	handler http.Handler
	now     func() time.Time
	ids     map[model.Handle]string
	homes   map[model.Handle]model.Region
	first   map[string]model.Handle // the first handle that an identifier was bound to
}

// New returns a speaker that knows no cluster. now is the clock that requests
// are signed by.
func New(h http.Handler, now func() time.Time) *Speaker {
	return &Speaker{h, now, map[model.Handle]string{}, map[model.Handle]model.Region{}, map[string]model.Handle{}}
}

// body is what an answer may carry.
type body struct {
	Type       string `json:"__type"`
	Reason     string
	Identifier string
	Status     string
	Protection *bool `json:"deletionProtectionEnabled"`
	Multi      *struct {
		Witness  *string   `json:"witnessRegion"`
		Clusters *[]string `json:"clusters"`
	} `json:"multiRegionProperties"`
	Tags      map[string]string
	Clusters  []struct{ Identifier string }
	NextToken string
	Service   string `json:"serviceName"`
}

// Ask makes one call, or all those of a listing's pages, and returns its
// answer. The error says that the operation cannot be asked or that the answer
// cannot be read.
func (s *Speaker) Ask(op model.Op) (model.Reply, error) {
	method, path, region, content, err := s.compose(op)
	if err != nil {
		return model.Reply{}, err
	}
	reply, page, err := s.send(op, method, path, region, content)
	for seen := 1; err == nil && page != "" && seen < 1000; seen++ {
		var more model.Reply
		query := url.Values{"next-token": {page}}
		if list := op.(model.ListClusters); list.Max != 0 {
			query.Set("max-results", strconv.Itoa(list.Max))
		}
		more, page, err = s.send(op, method, "/cluster?"+query.Encode(), region, nil)
		reply.Listed = append(reply.Listed, more.Listed...)
	}
	slices.Sort(reply.Listed)
	for i, h := range reply.Listed {
		if i > 0 && reply.Listed[i-1] == h {
			reply.Twice = append(reply.Twice, h)
		}
	}
	reply.Listed, reply.Twice = slices.Compact(reply.Listed), slices.Compact(reply.Twice)
	return reply, err
}

func (s *Speaker) compose(op model.Op) (method, path string, region model.Region, content map[string]any, err error) {
	content = map[string]any{}
	cluster := func(ref model.Ref, at model.Region) string {
		region = s.asked(ref, at)
		return "/cluster/" + url.PathEscape(s.identifier(ref))
	}
	tags := func(ref model.Ref, at model.Region) string {
		region = s.asked(ref, at)
		return "/tags/" + url.PathEscape(s.arn(ref, region))
	}
	switch op := op.(type) {
	case model.CreateCluster:
		s.members(content, op.Protection, op.Key, op.Multi, op.Token)
		if op.GivenTags || op.Tags.Len() > 0 {
			content["tags"] = op.Tags.Map()
		}
		return "POST", "/cluster", op.Region, content, nil
	case model.GetCluster:
		return "GET", cluster(op.Ref, op.At), region, nil, nil
	case model.Await:
		return "GET", cluster(op.Ref, ""), region, nil, nil
	case model.ListClusters:
		query := url.Values{}
		if op.Max != 0 {
			query.Set("max-results", strconv.Itoa(op.Max))
		}
		if op.Next.Given {
			query.Set("next-token", op.Next.Value)
		}
		return "GET", "/cluster?" + query.Encode(), op.Region, nil, nil
	case model.UpdateCluster:
		s.members(content, op.Protection, op.Key, op.Multi, op.Token)
		return "POST", cluster(op.Ref, op.At), region, content, nil
	case model.DeleteCluster:
		path := cluster(op.Ref, op.At)
		if token, ok := token(op.Token); ok {
			path += "?client-token=" + url.QueryEscape(token)
		}
		return "DELETE", path, region, nil, nil
	case model.TagResource:
		return "POST", tags(op.Ref, op.At), region, map[string]any{"tags": op.Tags.Map()}, nil
	case model.UntagResource:
		path := tags(op.Ref, op.At) + "?" + url.Values{"tagKeys": op.Keys}.Encode()
		return "DELETE", path, region, nil, nil
	case model.ListTagsForResource:
		return "GET", tags(op.Ref, op.At), region, nil, nil
	case model.GetVpcEndpointServiceName:
		path := strings.Replace(cluster(op.Ref, op.At), "/cluster/", "/clusters/", 1) + "/vpc-endpoint-service-name"
		return "GET", path, region, nil, nil
	}
	return "", "", "", nil, fmt.Errorf("got %q, want an operation of the service", op.Name())
}

func (s *Speaker) members(content map[string]any, protection model.Switch, key model.Maybe, multi *model.MultiRegion, t model.Token) {
	if protection != model.Unset {
		content["deletionProtectionEnabled"] = protection == model.On
	}
	if key.Given {
		content["kmsEncryptionKey"] = key.Value
	}
	if text, ok := token(t); ok {
		content["clientToken"] = text
	}
	if multi == nil {
		return
	}
	m := map[string]any{}
	if multi.Witness.Given {
		m["witnessRegion"] = multi.Witness.Value
	}
	if multi.GivenPeers || len(multi.Peers) > 0 {
		arns := []string{}
		for _, p := range multi.Peers {
			arns = append(arns, s.arn(p, "us-east-1"))
		}
		m["clusters"] = arns
	}
	content["multiRegionProperties"] = m
}

// token returns what is sent for a token; its length is not kept.
func token(t model.Token) (string, bool) {
	switch {
	case t.Literal.Given:
		return t.Literal.Value, true
	case t.Name == "":
		return "", false
	case t.Near:
		return "token-" + strings.ToUpper(t.Name), true
	}
	return "token-" + t.Name, true
}

func (s *Speaker) identifier(ref model.Ref) string {
	if ref.Handle == 0 {
		return ref.Literal
	}
	if id := s.ids[ref.Handle]; id != "" {
		return id
	}
	return fmt.Sprintf("%026d", ref.Handle)
}

func (s *Speaker) arn(ref model.Ref, otherwise model.Region) string {
	home := s.homes[ref.Handle]
	if home == "" {
		home = otherwise
	}
	return fmt.Sprintf("arn:aws:dsql:%s:%s:cluster/%s", home, reference.Account, s.identifier(ref))
}

func (s *Speaker) asked(ref model.Ref, at model.Region) model.Region {
	if at != "" {
		return at
	}
	if home := s.homes[ref.Handle]; home != "" {
		return home
	}
	return "us-east-1"
}

// Located returns op with the Region that is asked written out.
func (s *Speaker) Located(op model.Op) model.Op {
	switch op := op.(type) {
	case model.GetCluster:
		op.At = s.asked(op.Ref, op.At)
		return op
	case model.UpdateCluster:
		op.At = s.asked(op.Ref, op.At)
		return op
	case model.DeleteCluster:
		op.At = s.asked(op.Ref, op.At)
		return op
	case model.TagResource:
		op.At = s.asked(op.Ref, op.At)
		return op
	case model.UntagResource:
		op.At = s.asked(op.Ref, op.At)
		return op
	case model.ListTagsForResource:
		op.At = s.asked(op.Ref, op.At)
		return op
	case model.GetVpcEndpointServiceName:
		op.At = s.asked(op.Ref, op.At)
		return op
	}
	return op
}

// Request returns a signed request.
func Request(method, path string, region model.Region, body []byte, now time.Time) (*http.Request, error) {
	r, err := http.NewRequest(method, "http://dsql.test"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{AccessKeyID: reference.AccessKey, SecretAccessKey: reference.SecretKey}
	err = v4.NewSigner().SignHTTP(context.Background(), credentials, r, hex.EncodeToString(sum[:]), "dsql", string(region), now)
	return r, err
}

func (s *Speaker) send(op model.Op, method, path string, region model.Region, content map[string]any) (model.Reply, string, error) {
	var raw []byte
	if content != nil {
		raw, _ = json.Marshal(content)
	}
	r, err := Request(method, path, region, raw, s.now())
	if err != nil {
		return model.Reply{}, "", err
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	var b body
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
			return model.Reply{}, "", fmt.Errorf("got a body that is not JSON for %s: %w", op, err)
		}
	}
	if w.Code == http.StatusInternalServerError {
		return model.Reply{}, "", fmt.Errorf("got HTTP 500 for %s", op)
	}
	if w.Code != http.StatusOK {
		name, _, _ := strings.Cut(w.Header().Get("x-amzn-ErrorType"), ":")
		if _, bare, ok := strings.Cut(b.Type, "#"); name == "" && ok {
			name = bare
		}
		return model.Reply{Code: model.ParseCode(name), Reason: b.Reason}, "", nil
	}
	return s.read(op, region, &b), b.NextToken, nil
}

func (s *Speaker) read(op model.Op, region model.Region, b *body) model.Reply {
	reply := model.Reply{Tags: model.NewTags(b.Tags), Service: b.Service}
	if create, ok := op.(model.CreateCluster); ok && b.Identifier != "" {
		s.ids[create.As], s.homes[create.As] = b.Identifier, region
		if _, bound := s.first[b.Identifier]; !bound {
			s.first[b.Identifier] = create.As
		}
	}
	if b.Identifier != "" {
		reply.Cluster = s.handle(b.Identifier)
	}
	reply.Status, _ = model.ParseStatus(b.Status)
	if b.Protection != nil {
		reply.Protection = model.SwitchOf(*b.Protection)
	}
	if m := b.Multi; m != nil && (m.Witness != nil || m.Clusters != nil) {
		reply.Multi = true
		if m.Witness != nil {
			reply.Witness = model.Some(*m.Witness)
		}
		if m.Clusters != nil {
			for _, arn := range *m.Clusters {
				_, id, _ := strings.Cut(arn, ":cluster/")
				reply.Members = append(reply.Members, s.handle(id))
			}
			slices.Sort(reply.Members)
			reply.Members = slices.Compact(reply.Members)
			reply.Empty = len(reply.Members) == 0
		}
	}
	for _, row := range b.Clusters {
		if h, ours := s.first[row.Identifier]; ours {
			reply.Listed = append(reply.Listed, h)
		}
	}
	return reply
}

func (s *Speaker) handle(id string) model.Handle {
	if h, ok := s.first[id]; ok {
		return h
	}
	return model.Unknown
}
