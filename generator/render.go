package generator

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"text/template"

	"golang.org/x/tools/imports"

	"github.com/oapi-guard/oapi-guard/generator/server"
	"github.com/oapi-guard/oapi-guard/generator/view"
	"github.com/oapi-guard/oapi-guard/templates"
)

// families are the folders of the templates that frameworks share.
var families = map[server.Framework]string{
	server.StdHTTP: "nethttp", server.Chi: "nethttp", server.Gorilla: "nethttp",
	server.Echo: "echo", server.Echo5: "echo", server.Fiber: "fiber", server.Fiber3: "fiber",
	server.Gin: "gin", server.Iris: "iris",
}

// templateFiles are the templates of a framework: the shared ones, its own, and those of its family.
func templateFiles(framework server.Framework) []string {
	folder := families[framework]
	files := []string{"*.tmpl", folder + "/" + string(framework) + ".tmpl"}
	if _, err := fs.Stat(templates.FS, folder+"/family.tmpl"); err == nil {
		files = append(files, folder+"/family.tmpl")
	}
	return files
}

// render executes the templates of the file's framework and formats the result.
func render(f *view.File, path string) ([]byte, error) {
	t, err := template.New("file.tmpl").ParseFS(templates.FS, templateFiles(f.Framework)...)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	var source bytes.Buffer
	if err := t.Execute(&source, f); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	return format(path, source.Bytes())
}

// format formats generated Go code and makes sure that its imports are exactly the declared ones:
// imports.Process guesses what is missing, and a guess has no place in a guard.
func format(path string, source []byte) ([]byte, error) {
	formatted, err := imports.Process(path, source, &imports.Options{Comments: true, TabIndent: true, TabWidth: 8})
	if err != nil {
		return nil, fmt.Errorf("the generated code does not parse: %w", err)
	}
	declared, err := importSpecs(source)
	if err != nil {
		return nil, err
	}
	got, err := importSpecs(formatted)
	if err != nil {
		return nil, err
	}
	for _, spec := range got {
		if !slices.Contains(declared, spec) {
			return nil, fmt.Errorf("the generated code needs the import %s, which no template declares", spec)
		}
	}
	return formatted, nil
}

// importSpecs are the imports of a file, by path.
func importSpecs(source []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	specs := make([]string, len(file.Imports))
	for i, spec := range file.Imports {
		specs[i], _ = strconv.Unquote(spec.Path.Value)
	}
	return specs, nil
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
