package join

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// Collisions reports the names of the guards that the server's own package declares already. The names of imports
// count: a package may not declare a name that one of its files imports under.
func Collisions(content []byte, f *view.File, s *server.Server, output string) diag.List {
	names := declaredNames(content)
	for _, i := range f.Imports {
		names = append(names, cmp.Or(i.Name, imports.PackageName(i.Path)))
	}
	slices.Sort(names)
	var taken []string
	for _, name := range names {
		if at, ok := s.Declared[name]; ok {
			taken = append(taken, name+" ("+filepath.Base(at.File)+":"+strconv.Itoa(at.Line)+")")
		}
	}
	var diags diag.List
	if len(taken) > 0 {
		diags.Report(diag.Position{File: output}, ruleCollision, "the package declares %s already: give the guards a package of their own (output: apiguard/guards.gen.go)", strings.Join(taken, ", "))
	}
	return diags
}

// declaredNames are the package-level names of a generated file, sorted.
func declaredNames(source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil // format has parsed it already
	}
	var names []string
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				names = append(names, specNames(spec)...)
			}
		}
	}
	slices.Sort(names)
	return names
}

func specNames(spec ast.Spec) []string {
	var names []string
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names = append(names, s.Name.Name)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.Name != "_" {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
