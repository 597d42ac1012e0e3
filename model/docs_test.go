package model_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// standard are the methods whose contract the standard library wrote.
var standard = []string{"Error", "Unwrap"}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	packages := map[string][]*ast.File{}
	set := token.NewFileSet()
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, path.Join(s.dir, s.name), s.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		packages[s.dir] = append(packages[s.dir], file)
	}
	for dir, files := range packages {
		for _, problem := range undocumented(set, dir, files) {
			t.Error(problem)
		}
	}
}

// undocumented returns what the exported names of a package lack.
func undocumented(set *token.FileSet, dir string, files []*ast.File) []string {
	var list []string
	lacks := func(at token.Pos, format string, args ...any) {
		list = append(list, fmt.Sprintf("%v: %s", set.Position(at), fmt.Sprintf(format, args...)))
	}
	intros := 0
	for _, f := range files {
		if f.Doc.Text() != "" {
			intros++
		}
	}
	if intros != 1 {
		list = append(list, fmt.Sprintf("%s: got %d package comments, want 1", dir, intros))
	}
	promised := interfaceMethods(files)
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				switch {
				case !d.Name.IsExported(), !exportedReceiver(d):
				case d.Doc.Text() == "":
					if d.Recv == nil || !slices.Contains(promised, name) && !slices.Contains(standard, name) {
						lacks(d.Pos(), "%s has no comment", name)
					}
				case !begins(d.Doc.Text(), name):
					lacks(d.Pos(), "the comment of %s does not begin with its name", name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						text := spec.Doc.Text()
						if text == "" && !d.Lparen.IsValid() {
							text = d.Doc.Text()
						}
						switch {
						case !spec.Name.IsExported():
						case text == "":
							lacks(spec.Pos(), "%s has no comment", spec.Name)
						case !begins(text, spec.Name.Name):
							lacks(spec.Pos(), "the comment of %s does not begin with its name", spec.Name)
						}
					case *ast.ValueSpec:
						// A group of values may share the comment above it.
						if d.Doc.Text() != "" || spec.Doc.Text() != "" || spec.Comment.Text() != "" {
							continue
						}
						for _, name := range spec.Names {
							if name.IsExported() {
								lacks(name.Pos(), "%s has no comment", name)
							}
						}
					}
				}
			}
		}
	}
	return list
}

// interfaceMethods returns the names of the methods that a comment in an
// interface documents: there stands the contract of those who have them.
func interfaceMethods(files []*ast.File) []string {
	var names []string
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if it, ok := n.(*ast.InterfaceType); ok {
				for _, m := range it.Methods.List {
					if m.Doc.Text() == "" && m.Comment.Text() == "" {
						continue
					}
					for _, name := range m.Names {
						names = append(names, name.Name)
					}
				}
			}
			return true
		})
	}
	return names
}

// exportedReceiver reports whether a function has no receiver or one of an
// exported type: others have no documentation of their own.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return false
		}
	}
}

// begins reports whether a comment begins with the name that it is about, after
// an article if there is one.
func begins(text, name string) bool {
	for _, article := range []string{"A ", "An ", "The "} {
		text = strings.TrimPrefix(text, article)
	}
	rest, ok := strings.CutPrefix(text, name)
	return ok && (rest == "" || !token.IsIdentifier(name+rest[:1]))
}

func TestUndocumentedNamesAreTold(t *testing.T) {
	const head = "// Package p is one.\npackage p\n"
	for _, c := range []struct {
		says, text string
		want       int
	}{
		{"a package without a comment", "package p", 1},
		{"a function", head + "func F() {}", 1},
		{"a function with a comment", head + "// F is one.\nfunc F() {}", 0},
		{"a comment of another name", head + "// Function is one.\nfunc F() {}", 1},
		{"an unexported function", head + "func f() {}", 0},
		{"a type", head + "type T struct{}", 1},
		{"a type behind an article", head + "// A T is one.\ntype T struct{}", 0},
		{"a type in a group whose comment is not its own", head + "// These are types.\ntype (\n\tT struct{}\n)", 1},
		{"a method", head + "// T is one.\ntype T[P any] struct{}\nfunc (t *T[P]) M() {}", 1},
		{"a method of an unexported type", head + "type t struct{}\nfunc (t) M() {}", 0},
		{"a method that an interface documents", head + "// I is one.\ntype I interface {\n\t// M does.\n\tM()\n}\n\n// T is one.\ntype T struct{}\nfunc (T) M() {}", 0},
		{"a method that an interface only names", head + "// I is one.\ntype I interface{ M() }\n\n// T is one.\ntype T struct{}\nfunc (T) M() {}", 1},
		{"constants", head + "const A, b = 1, 2", 1},
		{"a group of constants with a comment", head + "// The numbers.\nconst (\n\tA = 1\n\tB = 2\n)", 0},
		{"a variable with a comment behind it", head + "var (\n\tA int // is one\n)", 0},
	} {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, "p.go", c.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", c.says, err)
		}
		if got := undocumented(set, "p", []*ast.File{file}); len(got) != c.want {
			t.Errorf("%s: got %q, want %d problems", c.says, got, c.want)
		}
	}
}
