// Package verify compares generated guards with the policy, and what overridden templates made with what the built-in
// ones make.
package verify

import (
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"

	"github.com/oapi-guard/oapi-guard/generator/internal/render"

	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// verifier compares what overridden templates made with what the built-in ones make of the same data.
//
// It does not look for known mistakes. Every declaration that the built-in templates make must be there, statement by
// statement and expression by expression; the rules say what may differ, and whatever no rule allows is refused:
//
//   - comments, but for the header and directives;
//   - the order of declarations;
//   - methods that an interface has in addition;
//   - statements in addition, as [verifier.addition] allows them;
//   - the functions that answer a request which cannot be bound;
//   - declarations in addition, as [verifier.references] allows them.
//
// What is in addition can neither name nor reach a guard, the wrapper, a router or a method of the server, so
// that there is nothing it could register or call without its guard.
type verifier struct {
	got, want         *render.Rendering
	gotFile, wantFile *ast.File
	overrides         *render.Overrides
	diags             *diag.List

	// imports are the paths of the imported packages by name.
	imports map[string]string
	// used are all identifiers of the built-in code: a new name is none of them.
	used map[string]bool
	// declared are its package-level names, and added those that only the overridden code has.
	declared, added map[string]bool
	// operations are the operations by the names that code calls them by.
	operations map[string]string
	// methods are the names of the server's methods.
	methods map[string]bool
	// refused are names of the server's package that could be used to go around the guards.
	refused map[string]bool
	policy  map[string]bool
}

// Overrides reports where the rendering would guard something else than the built-in templates' does. The content is what
// formatting made of it, and server the file that oapi-codegen wrote.
func Overrides(r *render.Rendering, overrides *render.Overrides, content, server []byte) diag.List {
	want, diags := render.Execute(r.Data, r.Path, &render.Overrides{})
	if want == nil {
		return diags
	}
	v := &verifier{got: r, want: want, overrides: overrides, diags: &diags}
	if !v.parse(server) {
		return diags
	}
	v.names()
	v.checkPreamble(content)
	v.checkImports()
	v.checkDeclarations()
	return diags
}

// parse parses both. The parser also resolves which identifiers mean a declaration of the file.
func (v *verifier) parse(server []byte) bool {
	var err error
	if v.gotFile, err = parser.ParseFile(token.NewFileSet(), "", v.got.Source, parser.ParseComments); err == nil {
		v.wantFile, err = parser.ParseFile(token.NewFileSet(), "", v.want.Source, 0)
	}
	if err == nil {
		v.refused, err = waysAround(server)
	}
	if err != nil {
		v.diags.Report(diag.Position{File: v.got.Path}, ruleTemplateUnguarded, "the generated code cannot be verified: %v", err)
	}
	return err == nil
}

// waysAround are the names of the server's package that serve without a guard: its functions and variables, and the
// types that bind requests to a server.
func waysAround(server []byte) (map[string]bool, error) {
	refused := map[string]bool{"ServerInterfaceWrapper": true, "strictHandler": true}
	file, err := parser.ParseFile(token.NewFileSet(), "", server, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				refused[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if d.Tok == token.VAR {
					for _, name := range specNames(spec) {
						refused[name] = true
					}
				}
			}
		}
	}
	return refused, nil
}

// names collects the names that the rules are about.
func (v *verifier) names() {
	v.imports, v.used, v.declared, v.added = map[string]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	v.operations, v.methods, v.policy = map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, spec := range v.gotFile.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value) // it was parsed
		name := imports.PackageName(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		v.imports[name] = importPath
	}
	ast.Inspect(v.wantFile, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v.used[id.Name] = true
		}
		return true
	})
	for _, item := range items(v.wantFile) {
		v.declared[item.name] = true
	}
	for _, item := range items(v.gotFile) {
		v.added[item.name] = !v.declared[item.name]
	}
	for _, o := range v.got.Data.Operations {
		v.operations[o.Name], v.operations[o.PolicyFunc()] = o.Name, o.Name
		v.methods[o.Name], v.policy[o.PolicyFunc()] = true, true
	}
	for _, r := range v.got.Data.Routes {
		v.operations[r.Binding], v.methods[r.Binding] = r.Operation.Name, true
	}
	for _, kind := range v.got.Data.Receivers {
		for _, r := range kind.Methods {
			v.operations[r.MethodName], v.operations[r.Constructor], v.methods[r.MethodName] = r.Name, r.Name, true
			v.operations["Guarded"+r.Constructor] = r.Name
		}
	}
}

// checkPreamble checks the header, the package and that no comment is a directive.
func (v *verifier) checkPreamble(content []byte) {
	if v.gotFile.Name.Name != v.wantFile.Name.Name {
		v.reportAt(v.gotFile.Name, "", "the package is %s, and must be %s", v.gotFile.Name.Name, v.wantFile.Name.Name)
	}
	if !hasHeader(v.gotFile) {
		v.reportAt(v.gotFile.Name, "", "the line %q must stand before the package clause: by it, the file is known as generated", write.Header)
	}
	for _, group := range v.gotFile.Comments {
		for _, comment := range group.List {
			if isDirective(comment.Text) {
				v.reportAt(comment, "", "%q is a directive, which could change what is compiled", comment.Text)
			}
		}
	}
	for line := range bytes.Lines(content) { // formatting makes directives of what looks like old ones
		if text := strings.TrimSpace(string(line)); strings.HasPrefix(text, "//go:build") {
			v.reportAt(v.gotFile.Name, "", "%q is a directive, which could change what is compiled", text)
		}
	}
}

func hasHeader(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if comment.Text == write.Header && comment.End() < file.Package {
				return true
			}
		}
	}
	return false
}

// isDirective reports whether a comment means something to the compiler, the go command or cgo. Those of linters do not.
func isDirective(text string) bool {
	if strings.HasPrefix(text, "/*line ") {
		return true
	}
	rest, line := strings.CutPrefix(text, "//")
	if !line {
		return false
	}
	word, _, _ := strings.Cut(rest, " ")
	tool, _, colon := strings.Cut(word, ":")
	switch {
	case strings.HasPrefix(strings.TrimSpace(rest), "+build"):
		return true
	case word == "line", word == "extern", word == "export":
		return true
	}
	return colon && tool != "" && strings.Trim(tool, "abcdefghijklmnopqrstuvwxyz0123456789") == "" &&
		tool != "nolint" && tool != "lint" && tool != "revive"
}

// checkImports checks that what is imported is what was declared: by the built-in templates, or by the function.
func (v *verifier) checkImports() {
	declared := map[string]bool{}
	for _, spec := range v.wantFile.Imports {
		declared[importText(spec)] = true
	}
	for _, spec := range v.gotFile.Imports {
		if text := importText(spec); !declared[text] {
			at, _ := v.got.Trace.Own(int(spec.Pos())-1, int(spec.End())-1)
			v.diags.Report(at, render.RuleTemplateImport, "the import %s is not declared: leave the list as {{range .Imports}}{{.}}{{end}}, and write {{import %s}} where the name of the package is needed",
				strings.TrimSpace(text), spec.Path.Value)
		}
	}
}

func importText(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name + " " + spec.Path.Value
	}
	return spec.Path.Value
}
