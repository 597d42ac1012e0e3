package reference

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// parse reads a JSON text: objects become map[string]any, arrays []any, numbers
// [json.Number]. It reports false for what is no JSON text or no UTF-8, and when
// an object has a member twice.
func parse(text []byte) (value any, ok bool) {
	if !utf8.Valid(text) || !json.Valid(text) { // which also bounds the depth
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return parseNext(d)
}

func parseNext(d *json.Decoder) (any, bool) {
	token, err := d.Token()
	if err != nil {
		return nil, false
	}
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, false
			}
			value, ok := parseNext(d)
			if _, twice := object[name.(string)]; twice || !ok {
				return nil, false
			}
			object[name.(string)] = value
		}
		_, err = d.Token()
		return object, err == nil
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, ok := parseNext(d)
			if !ok {
				return nil, false
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err == nil
	}
	return token, true
}
