package tours

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestRead(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	good := file("# dsqlseq 1\nget c1\n")
	list, err := read(fstest.MapFS{"direct/01.dsqlseq": good, "plain/01.dsqlseq": good, "plain/02.dsqlseq": good, "slow/01.dsqlseq": good, "slow/notes.txt": good})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for i := range list {
		got += list[i].Temperament + strings.Repeat("+", list[i].Lines())
	}
	if want := "plain++direct+slow+"; got != want {
		t.Errorf("got tours %q, want %q", got, want)
	}
	_, err = read(fstest.MapFS{"plain/01.dsqlseq": good, "plain/02.dsqlseq": file("# dsqlseq 1\nget\n")})
	if err == nil || !strings.HasPrefix(err.Error(), "plain/02.dsqlseq: ") {
		t.Errorf("got error %v, want one that names the file", err)
	}
}
