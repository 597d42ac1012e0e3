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
	"slices"
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
	handler  http.Handler
	now      func() time.Time
	ids      map[model.Handle]string
	homes    map[model.Handle]model.Region
	first    map[string]model.Handle // the first handle that an identifier was bound to
	streams  map[model.StreamHandle]string
	channels map[string]channel  // by identifier
	versions map[string][]string // of policies that were answered, by identifier of the cluster
}

// channel is a stream as it was first made.
type channel struct {
	handle model.StreamHandle
	target target
}

// target is where a stream delivers to.
type target struct {
	Stream string `json:"streamArn"`
	Role   string `json:"roleArn"`
}

// New returns a speaker that knows no cluster. now is the clock that requests
// are signed by.
func New(h http.Handler, now func() time.Time) *Speaker {
	return &Speaker{
		handler:  h,
		now:      now,
		ids:      map[model.Handle]string{},
		homes:    map[model.Handle]model.Region{},
		first:    map[string]model.Handle{},
		streams:  map[model.StreamHandle]string{},
		channels: map[string]channel{},
		versions: map[string][]string{},
	}
}

// Ask makes one call, or all those of a listing's pages, and returns its
// answer. The error says that the operation cannot be asked or that the answer
// cannot be read.
func (s *Speaker) Ask(op model.Op) (model.Reply, error) {
	r, err := s.compose(op)
	if err != nil {
		return model.Reply{}, err
	}
	var all listing
	reply, page, err := s.send(op, r, &all)
	for seen := 1; err == nil && page != "" && seen < 1000; seen++ {
		r.query.Set("next-token", page)
		_, page, err = s.send(op, r, &all)
	}
	all.into(&reply)
	return reply, err
}

// Located returns op with the Region that is asked written out.
func (s *Speaker) Located(op model.Op) model.Op {
	return model.Edit(op, func(p *model.Parts) {
		if p.Ref != nil && p.At != nil {
			*p.At = s.asked(*p.Ref, *p.At)
		}
	})
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

// send makes one call. It returns the next page's token of a listing, whose rows
// it adds to all.
func (s *Speaker) send(op model.Op, q request, all *listing) (model.Reply, string, error) {
	r, err := Request(q.method, q.line(), q.region, q.content(), s.now())
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
	s.list(all, &b)
	return s.read(op, q, &b), b.NextToken, nil
}

func (s *Speaker) handle(id string) model.Handle {
	if h, ok := s.first[id]; ok {
		return h
	}
	return model.Unknown
}

// bind gives a name to a cluster.
func (s *Speaker) bind(h model.Handle, id string, region model.Region) {
	s.ids[h], s.homes[h] = id, region
	if _, bound := s.first[id]; !bound {
		s.first[id] = h
	}
}

// version returns the number of a policy version of a cluster, from 1.
func (s *Speaker) version(cluster, version string) int {
	i := slices.Index(s.versions[cluster], version)
	if i < 0 {
		i = len(s.versions[cluster])
		s.versions[cluster] = append(s.versions[cluster], version)
	}
	return i + 1
}
