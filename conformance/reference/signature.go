package reference

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"dsqlconform/model"
)

// service is the name that requests are signed for (F001).
const service = "dsql"

var regionName = regexp.MustCompile(`^[a-z0-9-]{1,20}$`)

// authorization is the Authorization header of Signature Version 4, taken apart.
type authorization struct {
	accessKey, date, region, service string
	signed                           []string // names of the signed headers, lower case
	signature                        string
}

// parseAuthorization takes the header apart, and reports whether it is one.
func parseAuthorization(header string) (authorization, bool) {
	rest, ok := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	if !ok {
		return authorization{}, false
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[key] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(scope) != 5 || scope[4] != "aws4_request" || fields["Signature"] == "" {
		return authorization{}, false
	}
	a := authorization{scope[0], scope[1], scope[2], scope[3], strings.Split(fields["SignedHeaders"], ";"), fields["Signature"]}
	return a, slices.Contains(a.signed, "host")
}

// skew is how far the clock of who signs may be from the endpoint's.
const skew = 5 * time.Minute

// caller is who asks, by access key, and which Region.
type caller struct {
	key    string
	region model.Region
}

// authenticate verifies the signature of a request and returns its caller.
func (e *Endpoint) authenticate(r *http.Request, body []byte) (caller, *answer) {
	deny := func(kind, message string) (caller, *answer) {
		return caller{}, frontDoor(http.StatusForbidden, kind, message)
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return deny("MissingAuthenticationTokenException", "the request carries no authentication token")
	}
	auth, ok := parseAuthorization(header)
	if !ok {
		return deny("IncompleteSignatureException", "the Authorization header is not one of AWS4-HMAC-SHA256")
	}
	signedAt, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || signedAt.Format("20060102") != auth.date {
		return deny("IncompleteSignatureException", "X-Amz-Date is missing or not of the credential scope's day")
	}
	secret, ok := e.opts.Credentials[auth.accessKey]
	if !ok {
		return deny("UnrecognizedClientException", "the security token included in the request is invalid")
	}
	if auth.service != service {
		return deny("InvalidSignatureException", "the credential should be scoped to the service dsql")
	}
	want, err := sign(r, body, auth, secret, signedAt)
	if err != nil || subtle.ConstantTimeCompare([]byte(want), []byte(auth.signature)) != 1 {
		return deny("InvalidSignatureException", "the request signature does not match the one calculated for it")
	}
	switch age := e.opts.Now().Sub(signedAt); {
	case age > skew:
		return deny("InvalidSignatureException", "the signature has expired")
	case age < -skew:
		return deny("InvalidSignatureException", "the signature is not yet current")
	}
	region := model.Region(auth.region)
	if !regionName.MatchString(auth.region) || len(e.opts.Regions) > 0 && !slices.Contains(e.opts.Regions, region) {
		return deny("InvalidSignatureException", "the credential should be scoped to a Region that the service has")
	}
	return caller{auth.accessKey, region}, nil
}

// sign returns the signature that the request should have: that of the same
// method, address, signed headers and body.
func sign(r *http.Request, body []byte, auth authorization, secret string, at time.Time) (string, error) {
	host := cmp.Or(r.Host, r.URL.Host)
	again := &http.Request{
		Method: r.Method,
		URL:    &url.URL{Scheme: "http", Host: host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery},
		Host:   host,
		Header: http.Header{},
	}
	for _, name := range auth.signed {
		if values := r.Header.Values(name); len(values) > 0 && name != "host" {
			again.Header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
		if name == "content-length" {
			again.ContentLength = int64(len(body))
		}
	}
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{AccessKeyID: auth.accessKey, SecretAccessKey: secret}
	err := v4.NewSigner().SignHTTP(context.Background(), credentials, again, hex.EncodeToString(sum[:]), auth.service, auth.region, at)
	if err != nil {
		return "", err
	}
	signed, _ := parseAuthorization(again.Header.Get("Authorization"))
	if !slices.Equal(signed.signed, auth.signed) {
		return "", nil
	}
	return signed.signature, nil
}
