// Package awsdsql is a [conformance.Target] over the AWS SDK for Go: it makes
// the calls of a run with the SDK's own client, one for each Region, and keeps
// the bytes of every request and response.
//
// It talks to loopback addresses only, unless [Options.AllowHosts] names the
// host. It follows no redirect, reads no more of an answer than
// [Options.MaxBody], and keeps nothing that authenticates.
//
//	target, err := awsdsql.New(awsdsql.Options{
//		Endpoint:    "http://127.0.0.1:4566",
//		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
//	})
package awsdsql

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// Options say where the target is and how to ask it.
type Options struct {
	// Endpoints holds the base URL of single Regions.
	Endpoints map[model.Region]string
	// Endpoint is the base URL of every other Region; "" is AWS's own
	// endpoint of the Region.
	Endpoint string
	// AllowHosts names the hosts, without a port, that may be asked although
	// they are not loopback. AWS's own endpoints need it too.
	AllowHosts []string
	// Credentials sign every request. Nil means that there are none: every
	// answer then has the outage conformance.Credentials.
	Credentials aws.CredentialsProvider
	// Principals sign the calls that are made by them, by the names of
	// [conformance.Call.By].
	Principals map[string]aws.CredentialsProvider
	// Transport sends the requests; nil means HTTP/1.1 over the network. A
	// transport that is given must honour the context of a request.
	Transport http.RoundTripper
	// CABundle holds PEM certificates to trust besides the system's. It
	// cannot be given together with Transport.
	CABundle []byte
	// Timeout bounds each attempt, its whole answer included; 0 means 10 s.
	Timeout time.Duration
	// MaxBody is how many bytes of an answer's body are read; 0 means 1 MiB.
	MaxBody int64
	// Now is the clock of [conformance.Attempt] and of the signatures of
	// requests that the SDK does not send; nil means time.Now.
	Now func() time.Time
}

// Target asks a control plane through the SDK. Its methods are safe for
// concurrent use.
type Target struct {
	options Options
	vault   *vault
	signer  *v4.Signer

	mu    sync.Mutex
	lines map[model.Region]line
}

// line is the way to one Region.
type line struct {
	client   *dsql.Client
	endpoint string // base URL
}

// New returns a target. It makes no call. The error names an option that cannot
// be used, such as an endpoint on a host that is neither loopback nor allowed.
func New(o Options) (*Target, error) {
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 1 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Endpoint == "" && len(o.Endpoints) == 0 && len(o.AllowHosts) == 0 {
		return nil, errors.New("got no endpoint, want a URL, or an allowed host of AWS's own")
	}
	if o.Endpoint != "" {
		if err := o.permit(o.Endpoint); err != nil {
			return nil, err
		}
	}
	for region, endpoint := range o.Endpoints {
		if err := o.permit(endpoint); err != nil {
			return nil, fmt.Errorf("region %q: %w", region, err)
		}
	}
	switch {
	case o.Transport == nil:
		transport, err := newTransport(o.CABundle)
		if err != nil {
			return nil, err
		}
		o.Transport = transport
	case len(o.CABundle) > 0:
		return nil, errors.New("got both a transport and a CA bundle, want one of them")
	}
	return &Target{
		options: o,
		vault:   newVault(o.Credentials, o.Principals),
		signer:  v4.NewSigner(),
		lines:   map[model.Region]line{},
	}, nil
}

// Close closes the connections that no call uses.
func (t *Target) Close() {
	if c, ok := t.options.Transport.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// Do makes one call. [model.Await] is asked as one GetCluster or GetStream; an
// operation without an HTTP form is an error. A call without a token sends none: unlike
// the SDK, Do makes up no token.
func (t *Target) Do(ctx context.Context, call conformance.Call) (conformance.Exchange, error) {
	if call.Op == nil {
		return conformance.Exchange{}, errors.New("got no operation, want one")
	}
	fail := func(err error) (conformance.Exchange, error) {
		return conformance.Exchange{}, fmt.Errorf("%s: %w", call.Op.Name(), err)
	}
	if err := ctx.Err(); err != nil {
		return fail(err)
	}
	if !t.vault.knows(call.By) {
		return fail(fmt.Errorf("got principal %q, want one of the options", call.By))
	}
	way, err := t.line(ctx, call.Region)
	if err != nil {
		return fail(err)
	}
	rec := &recorder{
		transport: t.options.Transport, vault: t.vault, now: t.options.Now,
		timeout: t.options.Timeout, limit: t.options.MaxBody,
	}
	answer, err := t.ask(ctx, way, rec, call)
	if len(rec.attempts) == 0 {
		if keyless := (*keylessError)(nil); errors.As(err, &keyless) && ctx.Err() == nil {
			return t.keyless(keyless), nil
		}
		return fail(err)
	}
	if rec.unsent && ctx.Err() != nil {
		return fail(ctx.Err())
	}
	answer = settle(answer, err, rec)
	if _, ok := call.Op.(model.Hostile); ok {
		answer = turnedAway(answer)
	}
	return conformance.Exchange{Answer: answer, Attempts: rec.attempts}, nil
}

// ask makes the call through the SDK, or by hand where the SDK refuses to send
// it or knows no such call.
func (t *Target) ask(ctx context.Context, way line, rec *recorder, call conformance.Call) (conformance.Answer, error) {
	if op, ok := call.Op.(model.Raw); ok {
		return t.byHand(ctx, way, rec, call, rawRequest(op))
	}
	if op, ok := call.Op.(model.Hostile); ok {
		return t.hostile(ctx, way, rec, call, op)
	}
	if r, ok := refused(call); ok {
		return t.byHand(ctx, way, rec, call, r)
	}
	ask, ok := asks[call.Op.Name()]
	if !ok {
		return conformance.Answer{}, errors.New("the operation has no HTTP form")
	}
	answer, err := ask(ctx, way.client, call, func(o *dsql.Options) {
		o.HTTPClient = rec
		if call.By != "" {
			o.Credentials = t.vault.key(call.By)
		}
		if call.Retries {
			// A new one for each call: its store of retry tokens would
			// otherwise make one call depend on those before.
			o.Retryer = retry.NewStandard()
		}
	})
	if err == nil {
		legacy(&answer, rec.attempts[len(rec.attempts)-1].Answer)
	}
	return answer, err
}

// asks is the table of the operations that the SDK can make.
var asks = map[string]func(context.Context, *dsql.Client, conformance.Call, func(*dsql.Options)) (conformance.Answer, error){
	model.CreateCluster{}.Name():             createCluster,
	model.GetCluster{}.Name():                getCluster,
	model.Await{}.Name():                     poll,
	model.ListClusters{}.Name():              listClusters,
	model.UpdateCluster{}.Name():             updateCluster,
	model.DeleteCluster{}.Name():             deleteCluster,
	model.TagResource{}.Name():               tagResource,
	model.UntagResource{}.Name():             untagResource,
	model.ListTagsForResource{}.Name():       listTagsForResource,
	model.GetVpcEndpointServiceName{}.Name(): getVpcEndpointServiceName,
	model.PutClusterPolicy{}.Name():          putClusterPolicy,
	model.GetClusterPolicy{}.Name():          getClusterPolicy,
	model.DeleteClusterPolicy{}.Name():       deleteClusterPolicy,
	model.CreateStream{}.Name():              createStream,
	model.GetStream{}.Name():                 getStream,
	model.ListStreams{}.Name():               listStreams,
	model.DeleteStream{}.Name():              deleteStream,
}

// poll asks once what an await asks again and again.
func poll(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	if op, _ := call.Op.(model.Await); op.Stream != (model.StreamRef{}) {
		return getStream(ctx, c, call, how)
	}
	return getCluster(ctx, c, call, how)
}

// line returns the way to a Region and makes it when it is first used.
func (t *Target) line(ctx context.Context, region model.Region) (line, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if way, ok := t.lines[region]; ok {
		return way, nil
	}
	endpoint, ok := t.options.Endpoints[region]
	if !ok {
		endpoint = t.options.Endpoint
	}
	if endpoint == "" {
		own, err := dsql.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, dsql.EndpointParameters{Region: aws.String(string(region))})
		if err != nil {
			return line{}, fmt.Errorf("region %q has no endpoint: %w", region, err)
		}
		endpoint = own.URI.String()
		if err := t.options.permit(endpoint); err != nil {
			return line{}, err
		}
	}
	way := line{endpoint: endpoint, client: dsql.New(dsql.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       string(region),
		Credentials:  t.vault.key(""),
		Retryer:      aws.NopRetryer{},
	}, func(o *dsql.Options) {
		// Else the SDK makes up a token for a call without one, and a
		// sequence could not say what was sent.
		o.IdempotencyTokenProvider = nil
	})}
	t.lines[region] = way
	return way, nil
}
