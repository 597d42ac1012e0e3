package model_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// modulePath is the path of the module whose root is one directory up.
const modulePath = "dsqlconform"

const (
	cmpModule   = "github.com/google/go-cmp"
	rapidModule = "pgregory.net/rapid"
	sdkModule   = "github.com/aws/aws-sdk-go-v2"
	sdkService  = sdkModule + "/service"
)

// layer says what the packages of one directory may import, tests apart. A
// package may import what stands in its row, the packages below it included,
// and the standard library. What a row leaves out is what the layering forbids.
type layer struct {
	dir     string
	inside  []string // directories of the module
	outside []string // packages of other modules, with those below them
}

// layers is the order of the packages: a row names only rows above it.
var layers = []layer{
	{"model", nil, nil},
	{"generators", []string{"model"}, []string{rapidModule}},
	{"conformance/reference", []string{"model"}, []string{sdkModule + "/aws"}}, // the signer, to verify signatures
	{"conformance/weather", []string{"model"}, nil},
	{"conformance/tours", []string{"model"}, nil},
	{"conformance", []string{"model", "generators"}, []string{rapidModule, cmpModule}},
	{"conformance/awsdsql", []string{"model", "generators", "conformance"}, []string{sdkModule, "github.com/aws/smithy-go"}},
	{"conformance/mutants", []string{"model", "generators", "conformance", "conformance/reference", "conformance/weather"}, nil},
	{"conformance/interop", nil, nil}, // tests alone
	{"reports", []string{"model", "generators", "conformance"}, nil},
	{"cmd/dsqlconform", []string{
		"model", "generators", "conformance", "conformance/reference", "conformance/weather",
		"conformance/awsdsql", "conformance/mutants", "conformance/tours", "reports",
	}, []string{"github.com/alecthomas/kong", sdkModule, "github.com/schollz/progressbar", "golang.org/x/term"}},
}

// only are the packages of other modules that stay in one place, whatever a row
// of layers allows.
var only = []struct {
	path string
	dirs []string
}{
	{sdkService, []string{"conformance/awsdsql"}},
	{rapidModule, []string{"generators", "conformance"}},
}

// source is a Go file of the module.
type source struct {
	dir, name string // of the package below the module's root, with slashes
	text      []byte
}

// sources returns the Go files of the module, whatever system they are for.
func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != ".." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		rel, relErr := filepath.Rel("..", name)
		if err == nil {
			err = relErr
		}
		list = append(list, source{path.Dir(filepath.ToSlash(rel)), base, text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 100 {
		t.Fatalf("got %d Go files below the root, want those of the whole module", len(list))
	}
	return list
}

// imported returns the paths that a file imports.
func imported(s source) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path.Join(s.dir, s.name), s.text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// within reports whether a path is one of the list or below one.
func within(p string, list []string) bool {
	return slices.ContainsFunc(list, func(root string) bool { return p == root || strings.HasPrefix(p, root+"/") })
}

// layerOf returns the row of a directory: that of the nearest directory that
// has one.
func layerOf(dir string) (layer, bool) {
	for ; dir != "."; dir = path.Dir(dir) {
		if i := slices.IndexFunc(layers, func(l layer) bool { return l.dir == dir }); i >= 0 {
			return layers[i], true
		}
	}
	return layer{}, false
}

// forbidden returns why a package of the module may not import a path, or "".
func forbidden(dir, imported string) string {
	row, ok := layerOf(dir)
	if !ok {
		return "the directory has no row in the table of layers"
	}
	for _, o := range only {
		if within(imported, []string{o.path}) && !slices.Contains(o.dirs, dir) {
			return fmt.Sprintf("%s stays in %s", o.path, strings.Join(o.dirs, " and "))
		}
	}
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case first == modulePath:
		to, ok := layerOf(strings.TrimPrefix(strings.TrimPrefix(imported, modulePath), "/"))
		if ok && (to.dir == row.dir || slices.Contains(row.inside, to.dir)) {
			return ""
		}
	case !strings.Contains(first, "."):
		return "" // the standard library
	case within(imported, row.outside):
		return ""
	}
	return fmt.Sprintf("the layer %s may import only %q, %q and the standard library", row.dir, row.inside, row.outside)
}

func TestPackagesImportOnlyWhatTheirLayerMay(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") {
			continue
		}
		paths, err := imported(s)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, p := range paths {
			if why := forbidden(s.dir, p); why != "" {
				t.Errorf("%s/%s imports %s: %s", s.dir, s.name, p, why)
			}
		}
	}
}

func TestEveryLayerNamesOnlyLayersAboveItAndHoldsPackages(t *testing.T) {
	files := sources(t)
	var above []string
	for _, l := range layers {
		for _, dir := range l.inside {
			if !slices.Contains(above, dir) {
				t.Errorf("%s names %s, want a row above it", l.dir, dir)
			}
		}
		above = append(above, l.dir)
		if !slices.ContainsFunc(files, func(s source) bool { return s.dir == l.dir }) {
			t.Errorf("%s holds no Go file", l.dir)
		}
	}
}

// TestTheModuleIsItself holds that the name above is the module's.
func TestTheModuleIsItself(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^module ` + modulePath + `$`).Match(text) {
		t.Errorf("got a go.mod of another module, want %s", modulePath)
	}
}

func TestForbiddenImportsAreTold(t *testing.T) {
	for _, c := range []struct {
		dir, imported string
		allowed       bool
	}{
		{"model", "slices", true},
		{"model", "encoding/json", true},
		{"model", modulePath + "/generators", false},
		{"model", cmpModule + "/cmp", false},
		{"model/explore", modulePath + "/model", true},
		{"model/explore", modulePath + "/conformance", false},
		{"model/diagram", modulePath + "/model", true},
		{"model/diagram", modulePath + "/conformance", false},
		{"generators", modulePath + "/model", true},
		{"generators", modulePath + "/conformance", false},
		{"conformance", modulePath + "/generators", true},
		{"conformance", modulePath + "/reports", false},
		{"conformance", modulePath + "/conformance/awsdsql", false},
		{"conformance", sdkModule + "/aws", false},
		{"conformance/reference", sdkModule + "/aws/signer/v4", true},
		{"conformance/reference", sdkService + "/dsql", false},
		{"conformance/reference", modulePath + "/conformance", false},
		{"conformance/reference", modulePath + "/conformance/reference/speak", true},
		{"conformance/awsdsql", sdkService + "/dsql/types", true},
		{"conformance/awsdsql", rapidModule, false},
		{"reports", modulePath + "/conformance", true},
		{"reports", modulePath + "/cmd/dsqlconform", false},
		{"cmd/dsqlconform", modulePath + "/reports", true},
		{"cmd/dsqlconform", sdkModule + "/config", true},
		{"cmd/dsqlconform", sdkService + "/dsql", false},
		{"cmd/dsqlconform", rapidModule, false},
		{"tools", "fmt", false},
	} {
		if why := forbidden(c.dir, c.imported); (why == "") != c.allowed {
			t.Errorf("%s imports %s: got %q, want allowed=%v", c.dir, c.imported, why, c.allowed)
		}
	}
}
