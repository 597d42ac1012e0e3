package reference

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"dsqlconform/model"
)

// pageToken returns the nextToken of a page that ends with identifier last. It
// is worth nothing in another Region.
func (e *Endpoint) pageToken(r model.Region, last string) string {
	return base64.RawURLEncoding.EncodeToString(append(e.seal(r, last), last...))
}

// pageAfter returns the identifier that a page begins behind, and whether the
// token is one that pageToken gave for the Region.
func (e *Endpoint) pageAfter(r model.Region, token string) (last string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < sealSize {
		return "", false
	}
	last = string(raw[sealSize:])
	return last, hmac.Equal(e.seal(r, last), raw[:sealSize])
}

const sealSize = 16

func (e *Endpoint) seal(r model.Region, last string) []byte {
	var key [8]byte
	binary.BigEndian.PutUint64(key[:], e.opts.Seed)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(strings.Join([]string{"page", string(r), last}, "\x00")))
	return mac.Sum(nil)[:sealSize]
}
