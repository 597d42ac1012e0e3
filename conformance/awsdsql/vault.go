package awsdsql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"

	"dsqlconform/conformance"
)

// vault hands out the credentials of those who ask, and remembers what must not
// be told. It is safe for concurrent use.
type vault struct {
	keys map[string]*key // by principal; that of the run itself is ""
}

// key is one principal's credentials. It implements [aws.CredentialsProvider].
type key struct {
	provider aws.CredentialsProvider
	last     atomic.Pointer[aws.Credentials]
}

func newVault(own aws.CredentialsProvider, principals map[string]aws.CredentialsProvider) *vault {
	v := &vault{keys: map[string]*key{}}
	for name, provider := range principals {
		v.keys[name] = &key{provider: provider}
	}
	v.keys[""] = &key{provider: own}
	return v
}

// knows reports whether there is such a principal.
func (v *vault) knows(principal string) bool { return v.keys[principal] != nil }

// key returns the credentials of a principal that the vault knows.
func (v *vault) key(principal string) *key { return v.keys[principal] }

// keylessError says that there are no credentials to sign with.
type keylessError struct{ cause error }

func (e *keylessError) Error() string { return fmt.Sprintf("no credentials: %v", e.cause) }
func (e *keylessError) Unwrap() error { return e.cause }

// Retrieve returns the provider's credentials; its error is a keylessError.
func (k *key) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if k.provider == nil {
		return aws.Credentials{}, &keylessError{errors.New("none are configured")}
	}
	c, err := k.provider.Retrieve(ctx)
	if err == nil && !c.HasKeys() {
		err = errors.New("the provider gave no keys")
	}
	if err != nil {
		return aws.Credentials{}, &keylessError{err}
	}
	k.last.Store(&c)
	return c, nil
}

// keyless is the exchange of a call for which there were no credentials. Nothing
// was sent.
func (t *Target) keyless(err *keylessError) conformance.Exchange {
	now := t.options.Now()
	return conformance.Exchange{
		Answer:   conformance.Answer{Outage: conformance.Credentials, Message: err.Error()},
		Attempts: []conformance.Attempt{{Sent: now, Answered: now, Err: err.Error()}},
	}
}

// hidden stands for what must not be told.
const hidden = "REDACTED"

// shortestSecret is the fewest characters that a secret has: shorter ones, like
// the "test" that emulators are asked with, are none, and hiding them would
// garble the answer.
const shortestSecret = 16

// scrub replaces secrets in a text that a target made: some quote the request
// that they refuse, its token and signature included.
type scrub struct{ replacer *strings.Replacer }

func (v *vault) scrub(authorization string) scrub {
	_, signature, _ := strings.Cut(authorization, "Signature=")
	secrets := []string{signature}
	for _, k := range v.keys {
		if c := k.last.Load(); c != nil {
			secrets = append(secrets, c.SecretAccessKey, c.SessionToken)
		}
	}
	slices.Sort(secrets) // so that it does not depend on the order of a map
	var pairs []string
	for _, s := range secrets {
		if len(s) >= shortestSecret {
			pairs = append(pairs, s, hidden)
		}
	}
	return scrub{strings.NewReplacer(pairs...)}
}

func (s scrub) text(t string) string { return s.replacer.Replace(t) }

// bytes returns b itself when it holds no secret.
func (s scrub) bytes(b []byte) []byte {
	before := string(b)
	if after := s.replacer.Replace(before); after != before {
		return []byte(after)
	}
	return b
}
