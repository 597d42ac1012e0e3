package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

func TestEndpointsAreReadByRegionOrForAll(t *testing.T) {
	got, err := parseEndpoints([]string{"us-east-2=https://[::1]:9297", "http://127.0.0.1:5000/base?", "eu-west-1=http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	want := endpoints{all: "http://127.0.0.1:5000/base?", region: map[model.Region]string{"us-east-2": "https://[::1]:9297", "eu-west-1": "http://localhost"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(endpoints{})); diff != "" {
		t.Error(diff)
	}
}

func TestAnErrorAboutAnEndpointHoldsNoPassword(t *testing.T) {
	for _, text := range []string{"http://me:hunter2@host", "http://me:hunter2@host:x", "us-east-1=http://me:hunter2@h", "http://h?token=hunter2", "http://h/%zz#hunter2", "hunter2@h:1"} {
		if _, err := parseEndpoints([]string{text}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got error %v, want one without the password", text, err)
		}
	}
}

func FuzzParseEndpoints(f *testing.F) {
	for _, text := range []string{"http://127.0.0.1:1", "us-east-1=http://h", "=", "a=b=c", "http://[::1%25lo]:0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseEndpoints([]string{text})
		if err != nil {
			return
		}
		if len(e.list()) != 1 {
			t.Fatalf("got %d endpoints of %q, want 1", len(e.list()), text)
		}
		for r := range e.region {
			if _, err := parseRegion(string(r)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestARandomSeedIsOneThatTheFlagTakes(t *testing.T) {
	for range 1000 {
		if s := randomSeed(); s == 0 || s >= seedLimit {
			t.Fatalf("got seed %d, want 1 to 2^53-1", s)
		}
	}
}

func TestTextForATerminalHasNoControlCharacters(t *testing.T) {
	got := plain("a\x1b[31mb\x07\u009bc\u202ed\r\né\ttab")
	if want := "a\uFFFD[31mb\uFFFD\uFFFDc\uFFFDd\uFFFD\né\ttab"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var tail tail
	for range 10 {
		tail.Write([]byte(strings.Repeat("x", 99) + "\n"))
	}
	tail.Write([]byte("the end\n"))
	if got := tail.String(); len(got) > tailLength || !strings.HasSuffix(got, "x\nthe end") {
		t.Errorf("got %d bytes ending in %q, want at most %d and the end", len(got), got[len(got)-9:], tailLength)
	}
}
