package generator

import (
	"bytes"
	"fmt"
	"go/ast"
	goformat "go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/view"
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
	got, want         *rendering
	gotFile, wantFile *ast.File
	overrides         *Overrides
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

// verify reports where the rendering would guard something else than the built-in templates' does.
func verify(r *rendering, overrides *Overrides, content, server []byte, diags *diag.List) {
	want := execute(r.data, r.path, &Overrides{}, diags)
	if want == nil {
		return
	}
	v := &verifier{got: r, want: want, overrides: overrides, diags: diags}
	if !v.parse(server) {
		return
	}
	v.names()
	v.checkPreamble(content)
	v.checkImports()
	v.checkDeclarations()
}

// parse parses both. The parser also resolves which identifiers mean a declaration of the file.
func (v *verifier) parse(server []byte) bool {
	var err error
	if v.gotFile, err = parser.ParseFile(token.NewFileSet(), "", v.got.source, parser.ParseComments); err == nil {
		v.wantFile, err = parser.ParseFile(token.NewFileSet(), "", v.want.source, 0)
	}
	if err == nil {
		v.refused, err = waysAround(server)
	}
	if err != nil {
		v.diags.Errorf(diag.Position{File: v.got.path}, ruleTemplateUnguarded, "the generated code cannot be verified: %v", err)
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
		name := packageName(importPath)
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
	for _, o := range v.got.data.Operations {
		v.operations[o.Name], v.operations[o.PolicyFunc()] = o.Name, o.Name
		v.methods[o.Name], v.policy[o.PolicyFunc()] = true, true
	}
	for _, r := range v.got.data.Routes {
		v.operations[r.Binding], v.methods[r.Binding] = r.Operation.Name, true
	}
	for _, kind := range v.got.data.Receivers {
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
			at, _ := v.got.trace.own(int(spec.Pos())-1, int(spec.End())-1)
			v.diags.Errorf(at, ruleTemplateImport, "the import %s is not declared: leave the list as {{range .Imports}}{{.}}{{end}}, and write {{import %s}} where the name of the package is needed",
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

// item is one declaration of a file: a function, or a spec of a group.
type item struct {
	key, name string
	node      ast.Node
}

// items are the declarations of a file but for imports.
func items(file *ast.File) []item {
	var all []item
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				all = append(all, item{"func " + d.Name.Name, d.Name.Name, d})
			} else {
				all = append(all, item{"method " + receiverType(d) + "." + d.Name.Name, "", d})
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					all = append(all, item{"type " + s.Name.Name, s.Name.Name, s})
				case *ast.ValueSpec:
					all = append(all, valueItems(d.Tok, s)...)
				}
			}
		}
	}
	return all
}

// valueItems is an item for every name, so that none hides behind another; the first one stands for the spec.
func valueItems(kind token.Token, spec *ast.ValueSpec) []item {
	var all []item
	for _, name := range spec.Names {
		all = append(all, item{kind.String() + " " + name.Name, name.Name, spec})
	}
	return all
}

// receiverType is the name of the type that a method belongs to.
func receiverType(d *ast.FuncDecl) string {
	if len(d.Recv.List) == 0 {
		return ""
	}
	expression := d.Recv.List[0].Type
	for {
		switch e := expression.(type) {
		case *ast.StarExpr:
			expression = e.X
		case *ast.ParenExpr:
			expression = e.X
		case *ast.IndexExpr:
			expression = e.X
		case *ast.IndexListExpr:
			expression = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// checkDeclarations checks that every declaration is there once and as it must be, and the ones in addition.
func (v *verifier) checkDeclarations() {
	known, seen := map[string]ast.Node{}, map[string]bool{}
	for _, want := range items(v.wantFile) {
		known[want.key] = want.node
	}
	for _, got := range items(v.gotFile) {
		want, protected := known[got.key]
		switch {
		case protected && seen[got.key]:
			v.reportAt(got.node, v.operationIn(want), "%s is declared twice", got.key)
		case protected:
			seen[got.key] = true
			v.compare(got.key, want, got.node)
		default:
			v.checkAdded(got)
		}
	}
	for _, want := range items(v.wantFile) {
		if !seen[want.key] {
			seen[want.key] = true
			v.reportMissing(want.node, "%s is missing", title(want))
		}
	}
}

// title is a declaration in a message.
func title(i item) string {
	if spec, ok := i.node.(*ast.ValueSpec); ok && i.name == "_" && len(spec.Values) == 1 {
		return strconv.Quote(i.key + " = " + snippet(spec.Values[0]))
	}
	return i.key
}

// checkAdded checks a declaration that the built-in templates do not make.
func (v *verifier) checkAdded(i item) {
	reason := ""
	switch d := i.node.(type) {
	case *ast.FuncDecl:
		switch receiver := d.Recv; {
		case receiver != nil && !v.added[receiverType(d)]:
			reason = "only types of your own can have more methods"
		case receiver == nil && (i.name == "init" || i.name == "main"):
			reason = "it would run on its own"
		}
	case *ast.ValueSpec:
		if i.name == "_" && i.key == "const _" {
			reason = "the only one is the generation of the runtime"
		}
	}
	if types.Universe.Lookup(i.name) != nil || v.imports[i.name] != "" {
		reason = "the name has a meaning in the built-in code"
	}
	if reason == "" {
		reason = v.references(i.node, nil)
	}
	if reason != "" {
		v.reportAt(i.node, v.operationIn(i.node), "%s may not be added: %s", i.key, reason)
	}
}

// operationIn is the operation that a piece of code is about, empty when it is about none or several.
func (v *verifier) operationIn(n ast.Node) string {
	names := v.operationsIn(n)
	if slices.ContainsFunc(names, func(name string) bool { return name != names[0] }) || len(names) == 0 {
		return ""
	}
	return names[0]
}

// firstOperation is the first operation that a piece of code names.
func (v *verifier) firstOperation(n ast.Node) string {
	if names := v.operationsIn(n); len(names) > 0 {
		return names[0]
	}
	return ""
}

func (v *verifier) operationsIn(n ast.Node) []string {
	var names []string
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && v.operations[id.Name] != "" {
			names = append(names, v.operations[id.Name])
		}
		return true
	})
	return names
}

// reportAt reports a piece of the generated code, at the place of the template that it comes from.
func (v *verifier) reportAt(n ast.Node, operation, form string, args ...any) {
	at := diag.Position{File: v.overrides.Dir}
	if own, ok := v.got.trace.own(int(n.Pos())-1, int(n.End())-1); ok {
		at = own
	}
	v.report(at, operation, form, args...)
}

// reportMissing reports what is not there, at the override of the block that has it built in.
func (v *verifier) reportMissing(n ast.Node, form string, args ...any) {
	at := diag.Position{File: v.overrides.Dir}
	if from, _ := v.want.trace.at(int(n.Pos()) - 1); from.file != nil {
		for _, f := range v.overrides.files {
			switch {
			case f.trees[from.block] != nil && mayDefine(f.name, []string{from.file.name}):
				at = f.definedAt(from.block)
			case f.name == fileTemplate && at.Line == 0:
				at = diag.Position{File: f.path, Line: 1, Column: 1}
			}
		}
	}
	v.report(at, v.operationIn(n), form, args...)
}

func (v *verifier) report(at diag.Position, operation, form string, args ...any) {
	message := fmt.Sprintf(form, args...)
	if operation != "" {
		message = "operation " + operation + ": " + message
	}
	v.diags.Errorf(at, ruleTemplateUnguarded, "%s", view.Comment(message))
}

// code is a piece of code on one line.
func code(n ast.Node) string {
	var b bytes.Buffer
	if field, ok := n.(*ast.Field); ok {
		n = field.Type // a field alone cannot be printed
		for _, name := range field.Names {
			b.WriteString(name.Name + " ")
		}
	}
	if err := goformat.Node(&b, token.NewFileSet(), n); err != nil {
		return "?"
	}
	return oneLine(b.Bytes())
}

// oneLine writes code with single spaces, but for those in literals.
func oneLine(source []byte) string {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, nil, 0)
	var b strings.Builder
	end := 0
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return b.String()
		}
		if tok == token.SEMICOLON && literal == "\n" {
			continue
		}
		text := tok.String()
		if literal != "" {
			text = literal
		}
		if start := file.Offset(pos); start > end && end > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		end = file.Offset(pos) + len(text)
	}
}

// snippet is code on one line, shortened.
func snippet(n ast.Node) string {
	text := []rune(code(n))
	const most = 110
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
