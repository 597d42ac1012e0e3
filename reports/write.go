package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dsqlconform/conformance"
)

// formats are the files of a report directory that hold a whole report.
// report.json comes last: where it is, the others are.
var formats = []struct {
	file  string
	write func(io.Writer, Report) error
}{
	{"report.md", WriteMarkdown},
	{"junit.xml", WriteJUnit},
	{"report.json", WriteJSON},
}

// CheckDir makes the directory of a report, if need be, and fails unless
// [WriteDir] will be able to write to it. Call it before a run.
func CheckDir(dir string) error {
	for _, d := range []string{dir, filepath.Join(dir, "bugs"), filepath.Join(dir, "answers")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return dirError(dir, err)
		}
		probe, err := os.CreateTemp(d, ".writable-*")
		if err != nil {
			return dirError(dir, err)
		}
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		if err != nil {
			return dirError(dir, err)
		}
	}
	return nil
}

// WriteDir writes a report in every format to a directory, a bug report with
// its sequence and script for each finding below bugs, and the sequence of each
// answer below answers. Each file is either written whole or left as it was.
// Files that it does not write stay.
func WriteDir(dir string, r Report, findings []conformance.Finding) error {
	if err := CheckDir(dir); err != nil {
		return err
	}
	write := func(name string, mode fs.FileMode, fill func(io.Writer) error) error {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), mode, fill); err != nil {
			return dirError(dir, err)
		}
		return nil
	}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, s)
			return err
		}
	}
	for _, f := range findings {
		base := bugBase(f)
		err := errors.Join(
			write(base+".dsqlseq", 0o644, text(clean(f.Minimal.String()))),
			write(base+".sh", 0o755, func(w io.Writer) error { return Script(w, f.Minimal) }),
			write(base+".md", 0o644, func(w io.Writer) error { return Bug(w, f, r.Target) }),
		)
		if err != nil {
			return err
		}
	}
	for _, a := range r.Answers {
		// Not a.File: a report that was read may name any file.
		if err := write(a.path(), 0o644, text(strings.Join(a.Sequence, "\n")+"\n")); err != nil {
			return err
		}
	}
	for _, format := range formats {
		if err := write(format.file, 0o644, func(w io.Writer) error { return format.write(w, r) }); err != nil {
			return err
		}
	}
	return nil
}

func dirError(dir string, err error) error {
	return fmt.Errorf("report directory %s cannot be written: %w", dir, err)
}

// writeFile writes a file by way of a temporary one beside it.
func writeFile(name string, mode fs.FileMode, fill func(io.Writer) error) (err error) {
	var b bytes.Buffer
	if err := fill(&b); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".writing-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(b.Bytes())
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Chmod(f.Name(), mode); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
