package reports

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

// files returns the paths of all files below dir, with slashes.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWriteDirWritesEveryFormatAndEveryFinding(t *testing.T) {
	res, target := sample(t)
	r := New(res, target)
	dir := filepath.Join(t.TempDir(), "new", "report")
	for range 2 { // a second run writes over the first
		if err := WriteDir(dir, r, res.Findings); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{r.Answers[0].File}
	for _, f := range r.Findings {
		base := strings.TrimSuffix(f.File, ".md")
		want = append(want, base+".dsqlseq", base+".md", base+".sh")
	}
	want = append(want, "junit.xml", "report.json", "report.md")
	less := func(list []string) map[string]bool {
		m := map[string]bool{}
		for _, s := range list {
			m[s] = true
		}
		return m
	}
	if diff := cmp.Diff(less(want), less(files(t, dir))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	text, err := os.ReadFile(filepath.Join(dir, strings.TrimSuffix(r.Findings[0].File, ".md")+".dsqlseq"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := model.ParseSequence(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(res.Findings[0].Minimal, got, cmp.AllowUnexported(model.Tags{})); diff != "" {
		t.Errorf("sequence (-want +got):\n%s", diff)
	}
	text, err = os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestWriteDirWritesNowhereElse(t *testing.T) {
	res, target := sample(t)
	r := New(res, target)
	r.Answers[0].File, r.Findings[0].File = "../../escaped", "../../escaped"
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := WriteDir(dir, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, path := range files(t, filepath.Dir(filepath.Dir(dir))) {
		if !strings.HasPrefix(path, "a/b/") {
			t.Errorf("got %s, want nothing outside of a/b", path)
		}
	}
}

func TestADirectoryThatCannotBeWrittenIsTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	blocked := t.TempDir()
	if err := os.WriteFile(filepath.Join(blocked, "bugs"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{"a file": file, "below a file": filepath.Join(file, "x"), "bugs is a file": blocked}
	if os.Getuid() > 0 {
		locked := t.TempDir()
		if err := os.Chmod(locked, 0o555); err != nil {
			t.Fatal(err)
		}
		cases["without permission"] = locked
	}
	for name, dir := range cases {
		for _, err := range []error{CheckDir(dir), WriteDir(dir, Report{}, nil)} {
			if err == nil || !strings.Contains(err.Error(), "report directory "+dir+" cannot be written") {
				t.Errorf("%s: got error %v, want one that names the directory", name, err)
			}
		}
	}
}

func TestCheckDirLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	if err := CheckDir(dir); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); len(got) > 0 {
		t.Errorf("got %q, want no file", got)
	}
}

func TestAFailedWriteLeavesTheOldFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := writeFile(name, 0o644, func(w io.Writer) error {
		io.WriteString(w, "half")
		return io.ErrUnexpectedEOF
	})
	if err == nil {
		t.Fatal("got no error, want that of the writer")
	}
	if text, _ := os.ReadFile(name); string(text) != "old" {
		t.Errorf("got %q, want the old content", text)
	}
	if got := files(t, filepath.Dir(name)); len(got) != 1 {
		t.Errorf("got files %q, want no temporary one", got)
	}
}

func TestAFileThatCannotBeReplacedLeavesNoTemporaryOne(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	if err := os.MkdirAll(filepath.Join(name, "a directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(name, 0o644, func(io.Writer) error { return nil }); err == nil {
		t.Error("got no error, want one: a directory is in the way")
	}
	if got := files(t, filepath.Dir(name)); len(got) != 0 {
		t.Errorf("got files %q, want no temporary one", got)
	}
}
