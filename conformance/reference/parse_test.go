package reference

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestAnObjectHasEachMemberOnce(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":1,"b":[{"a":null}]}`:  true,
		` "x" `:                     true,
		`{"a":1,"a":1}`:             false,
		`{"b":{"a":1,"\u0061":2}}`:  false,
		`[{"a":{}},{"b":1,"b":[]}]`: false,
		`{"a":1} {"b":2}`:           false,
		`{"a":1,}`:                  false,
		``:                          false,
		"\"\xff\"":                  false,
		strings.Repeat("[", 1<<18):  false,
	} {
		if _, ok := parse([]byte(text)); ok != want {
			t.Errorf("%.40q: got read %v, want %v", text, ok, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{`{"a":[1,2.5,true,null,"\u00e9"],"b":{}}`, `{"a":1,"a":2}`, `[[[]]`, "\xff", `"\ud800"`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := parse(text)
		if !ok {
			return
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v (%v)", got, want, err)
		}
	})
}

func FuzzPageToken(f *testing.F) {
	e := New(Options{Seed: 1})
	f.Add("us-east-1", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "x")
	f.Fuzz(func(t *testing.T, listed, last, made string) {
		token := e.pageToken(listed, last)
		if after, ok := e.pageAfter(listed, token); !ok || after != last {
			t.Errorf("got %q, %v, want %q", after, ok, last)
		}
		if _, ok := e.pageAfter(listed+"x", token); ok {
			t.Error("got a token of another listing taken, want it refused")
		}
		if after, ok := e.pageAfter(listed, made); ok && e.pageToken(listed, after) != made {
			t.Errorf("got a made-up token %q taken, want it refused", made)
		}
	})
}
