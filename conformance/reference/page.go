package reference

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// pageToken returns the nextToken of a page that ends with identifier last, of
// what is listed: the clusters of a Region or the streams of a cluster. It is
// worth nothing for anything else.
func (e *Endpoint) pageToken(listed, last string) string {
	return base64.RawURLEncoding.EncodeToString(append(e.seal(listed, last), last...))
}

// pageAfter returns the identifier that a page begins behind, and whether the
// token is one that pageToken gave for what is listed.
func (e *Endpoint) pageAfter(listed, token string) (last string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < sealSize {
		return "", false
	}
	last = string(raw[sealSize:])
	return last, hmac.Equal(e.seal(listed, last), raw[:sealSize])
}

// page returns one page of rows by identifier, behind after, and sets nextToken
// when more follow. Pages go by identifier, so that what is made or deleted
// between two of them moves nothing else. size is what the call asks for, 0 for
// nothing; usual is taken then.
func (e *Endpoint) page(rows map[string]any, listed string, size, usual int, after string, body map[string]any) []any {
	size = cmp.Or(size, e.opts.Temperament.Manner.Page, usual)
	page, last := []any{}, ""
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if id <= after {
			continue
		}
		if len(page) == size {
			body["nextToken"] = e.pageToken(listed, last)
			break
		}
		page, last = append(page, rows[id]), id
	}
	return page
}

const sealSize = 16

func (e *Endpoint) seal(listed, last string) []byte {
	var key [8]byte
	binary.BigEndian.PutUint64(key[:], e.opts.Seed)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(strings.Join([]string{"page", listed, last}, "\x00")))
	return mac.Sum(nil)[:sealSize]
}
