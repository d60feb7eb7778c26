package oapicodegen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// parsedOutline is what outline must find, according to go/parser: a keyword, a name and an offset each.
func parsedOutline(tree *ast.File) []declaration {
	found := []declaration{{keyword: "package", start: int(tree.Package) - 1}}
	for _, d := range tree.Decls {
		entry := declaration{start: int(d.Pos()) - 1}
		switch d := d.(type) {
		case *ast.FuncDecl:
			entry.keyword = "func"
			if d.Recv == nil {
				entry.name, entry.nameAt = d.Name.Name, int(d.Name.Pos())-1
			}
		case *ast.GenDecl:
			entry.keyword = d.Tok.String()
			if d.Tok == token.TYPE && !d.Lparen.IsValid() {
				name := d.Specs[0].(*ast.TypeSpec).Name
				entry.name, entry.nameAt = name.Name, int(name.Pos())-1
			}
		}
		found = append(found, entry)
	}
	return found
}

func checkOutline(t *testing.T, content string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), "", content, parser.SkipObjectResolution)
	got, ok := outline([]byte(content))
	if err != nil {
		return
	}
	if !ok {
		t.Fatalf("outline fails on\n%s", content)
	}
	for i := range got {
		if i > 0 && got[i-1].end != got[i].start || got[i].end < got[i].start {
			t.Fatalf("declarations do not follow each other: %+v", got)
		}
	}
	for i := range got {
		got[i].end = 0
	}
	if want := parsedOutline(tree); !slices.Equal(got, want) {
		t.Fatalf("%s\n got %+v\nwant %+v", content, got, want)
	}
}

// outlineSources are valid files whose declarations are easily missed.
func outlineSources() []string {
	return []string{
		"package a",
		"// Package a.\npackage a\n\nimport \"fmt\"\nimport (\n\t\"os\"\n)\n",
		"package a; import \"fmt\"; var x = 1; func f() {}; type T int",
		"package a\nvar f = func() int { return 1 }\nfunc g() {}\n",
		"package a\nvar f =\n\tfunc() {}\nfunc g() {}\n",
		"package a\nvar f = // why\n\tfunc() {}\n",
		"package a\nvar f = /* why\n*/ func() {}\n",
		"package a\nvar x int /*\n*/ func g() {}\n",
		"package a\nvar x /* a */ int // b\nfunc g() {}\n",
		"package a\ntype F func(func(int)) func()\ntype G []func()\ntype H map[string]func()\ntype I chan\nfunc()\n",
		"package a\ntype (\n\tA int\n\tB = func()\n)\nconst (\n\tx, y = 1, 2\n)\n",
		"package a\nvar s = `\nfunc fake() {}\n{{{`\nfunc real() {}\n",
		"package a\nvar s = \"func fake() { \\\" {\"\nfunc real() {}\n",
		"package a\nvar r = '\"'\nvar q = '\\''\nvar b = '{'\nfunc real() {}\n",
		"package a\n// func fake() {\n/* func fake() { */\nfunc real() { /* } */ }\n",
		"package a\nfunc (t T) m() {}\nfunc /* c */ named /* d */ () {}\nfunc generic[T any](x T) {}\n",
		"package a\ntype /* c */ T struct {\n\tF func() `json:\"}\"`\n}\ntype P[T any] struct{}\n",
		"package a\nvar x = 4 / 2\nvar y = 1 /\n\t1\nfunc f()\nfunc g()\n",
		"package a\nfunc Größe() {}\ntype Änderung int\nvar x = Größe\n",
		"package a\nvar a, b = func() {}, func() {}\nvar c []func() = nil\nfunc d() {}\n",
		"package a\nvar x = struct{}{}\nfunc y() {}",
		"package a\nvar x interface {\n\tf()\n}\nfunc y() {}",
		"\ufeffpackage a\nfunc f() {}\n",
		"package a\r\nvar x = 1\r\nfunc y() {}\r\n// end",
	}
}

func TestOutline(t *testing.T) {
	for _, content := range outlineSources() {
		if _, err := parser.ParseFile(token.NewFileSet(), "", content, 0); err != nil {
			t.Errorf("%q is not valid: %v", content, err)
		}
		checkOutline(t, content)
	}
}

func TestOutlineRefuses(t *testing.T) {
	for _, content := range []string{
		"package a\nfunc f() {", "package a\n}", "package a\nvar s = \"x", "package a\nvar s = \"x\n\"", "package a\nvar s = `x",
		"package a\n/* x", "package a\nvar s = \"x\\", "package a\nvar r = '", "package a)(",
	} {
		if _, ok := outline([]byte(content)); ok {
			t.Errorf("outline accepts %q", content)
		}
	}
}

// FuzzOutline compares with go/parser whatever go/parser accepts.
func FuzzOutline(f *testing.F) {
	for _, content := range outlineSources() {
		f.Add(content)
	}
	f.Fuzz(checkOutline)
}

// TestLocate maps parsed text back to the file, the first byte of a piece and the end of the text included.
func TestLocate(t *testing.T) {
	s := &source{path: "a.go", content: []byte("ab\ncö = d\nef\n"), pieces: []piece{{at: 0, from: 0}, {at: 4, from: 3}, {at: 10, from: 11}}}
	for at, want := range map[int]string{0: "a.go:1:1", 1: "a.go:1:2", 4: "a.go:2:1", 7: "a.go:2:3", 10: "a.go:3:1", 12: "a.go:3:3", 99: "a.go:4:1"} {
		if got := s.locate(at).String(); got != want {
			t.Errorf("%d is at %s, want %s", at, got, want)
		}
	}
}
