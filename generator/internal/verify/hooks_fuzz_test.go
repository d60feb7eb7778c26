package verify_test

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

// filling is a hook, and a harmless text for it. Where it writes into a declaration, that is the declaration's name.
type filling struct{ file, block, harmless, declaration string }

// hookedDocument is small, for it is read for every text.
const hookedDocument = `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      security: [{key: []}, {token: [read]}]
      x-required-roles: [admin]
      x-resource-check: ownsOrder
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: OK}}
  /health:
    get: {operationId: getHealth, security: [], responses: {"204": {description: OK}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Key}
    token: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.example', scopes: {read: r}}}}
`

// A hooked case is a module with a server, and the hooks of its guards.
type hooked struct {
	dir   string
	hooks []filling
}

func hookedCases(f *testing.F) []hooked {
	shared := []filling{
		{"hooks.tmpl", "header", "// harmless", ""},
		{"hooks.tmpl", "admitted", "_ = e", "admitted"},
		{"hooks.tmpl", "denied", "_ = e", "denied"},
		{"hooks.tmpl", "options", "_ = options", "changeOptions"},
		{"hooks.tmpl", "principal-methods", "Harmless()", "Principal"},
		{"hooks.tmpl", "authenticator-methods", "Harmless()", "Authenticator"},
		{"hooks.tmpl", "declarations", "var harmless int", ""},
	}
	binding := func(family string) []filling {
		return append(slices.Clone(shared), filling{family + "/hooks.tmpl", "binding-error", "_ = err", "bindingError"})
	}
	return []hooked{
		{hookedModule(f, "", "apiguard/guards.gen.go"), binding("nethttp")},
		{hookedModule(f, "std-http-server: true", "api/guards.gen.go"), binding("nethttp")},
		{hookedModule(f, "gin-server: true, strict-server: true", "apiguard/guards.gen.go"), append(binding("gin"), filling{"gin/hooks.tmpl", "response-error", "_ = err", "responseError"})},
		{hookedModule(f, "fiber-v3-server: true", "apiguard/guards.gen.go"), binding("fiber")},
	}
}

// hookedModule is a module with the document and, for some of oapi-codegen's keys, its server.
func hookedModule(f *testing.F, server, output string) string {
	f.Helper()
	config := "spec: openapi.yaml\nserver: none\noutput: " + output + "\n"
	if server != "" {
		config = strings.Replace(config, "none", "oapi-codegen.yaml", 1)
	}
	dir := f.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n", "openapi.yaml": hookedDocument, "oapi-guard.yaml": config + "generate: {server: true}\n",
		"oapi-codegen.yaml": "package: api\noutput: api/api.gen.go\ngenerate: {models: true, " + server + "}\n", "api/doc.go": "package api\n",
	} {
		if server == "" {
			text = strings.TrimSuffix(text, "generate: {server: true}\n")
		}
		write(f, filepath.Join(dir, name), text)
	}
	result := generator.Generate(filepath.Join(dir, "oapi-guard.yaml"))
	if result.Diagnostics.HasErrors() {
		f.Fatal(result.Diagnostics)
	}
	write(f, result.Files[0].Path, string(result.Files[0].Content))
	write(f, filepath.Join(dir, "oapi-guard.yaml"), config)
	return dir
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}

// hookedGuards generates guards with one hook filled. There are none where it is refused.
func hookedGuards(t *testing.T, c hooked, f filling, text string) []byte {
	t.Helper()
	templates := t.TempDir()
	write(t, filepath.Join(templates, filepath.FromSlash(f.file)), `{{define "`+f.block+`"}}`+text+"\n{{end}}")
	result := generator.GenerateWith(filepath.Join(c.dir, "oapi-guard.yaml"), generator.Options{Templates: templates})
	if (len(result.Files) == 0) != result.Diagnostics.HasErrors() {
		t.Fatalf("%d files, and %v", len(result.Files), result.Diagnostics)
	}
	if len(result.Files) == 0 {
		return nil
	}
	return result.Files[0].Content
}

// harmlessGuards are the guards with the harmless text in a hook.
var harmlessGuards sync.Map

func harmless(t *testing.T, c hooked, f filling) *ast.File {
	t.Helper()
	if file, ok := harmlessGuards.Load(c.dir + f.block); ok {
		return file.(*ast.File)
	}
	content := hookedGuards(t, c, f, f.harmless)
	if content == nil {
		t.Fatalf("%+v is refused", f)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", content, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	harmlessGuards.Store(c.dir+f.block, file)
	return file
}

// code is code as gofmt prints it, without comments.
func code(t *testing.T, n any) string {
	var b bytes.Buffer
	if err := format.Node(&b, token.NewFileSet(), n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// byName are the declarations of a file by their names, in one form; imports have none.
func byName(t *testing.T, file *ast.File) map[string][]string {
	all := map[string][]string{}
	for _, d := range file.Decls {
		name := nameOf(d)
		stripped := *file
		stripped.Comments, stripped.Decls = nil, []ast.Decl{d}
		all[name] = append(all[name], code(t, &stripped))
	}
	return all
}

func nameOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return "method " + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		var names []string
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			case *ast.ImportSpec:
				names = append(names, "import "+s.Path.Value)
			}
		}
		return strings.Join(names, " ")
	}
	return ""
}

// imported are the imports of a file as they are written.
func imported(file *ast.File) []string {
	var all []string
	for _, s := range file.Imports {
		name := ""
		if s.Name != nil {
			name = s.Name.Name
		}
		all = append(all, name+" "+s.Path.Value)
	}
	return all
}

// ofHooks are the declarations that depend on which hooks are filled.
var ofHooks = []string{"admitted", "denied", "changeOptions", "newLinker", "bindingError", "requestError", "responseError", "Principal", "Authenticator", "harmless"}

// checkHooked compares guards with those of the harmless text: every declaration is there once, as it was, but for the one
// of the hook, whose head is as it was; what else is there is of "declarations". A text that fills several hooks, or none, is
// compared without the declarations that depend on that.
func checkHooked(t *testing.T, f filling, alone bool, want, got *ast.File) {
	wanted, found := byName(t, want), byName(t, got)
	alone = alone && (f.declaration == "" || found[f.declaration] != nil)
	free := func(name string) bool {
		return strings.HasPrefix(name, "import ") || name == "harmless" || name == f.declaration && name != "" || !alone && slices.Contains(ofHooks, name)
	}
	for name, texts := range wanted {
		if !free(name) && !slices.Equal(texts, found[name]) {
			t.Errorf("%s: %q, want %q", name, found[name], texts)
		}
	}
	for name, texts := range found {
		if wanted[name] == nil && !free(name) && (alone && f.block != "declarations" || name == "init" || name == "main") {
			t.Errorf("%s is more: %q", name, texts)
		}
	}
	for _, one := range imported(got) {
		if !slices.Contains(imported(want), one) && regexp.MustCompile(`^[_.] |"(C|unsafe|reflect|plugin|syscall|expvar|net/http/pprof)"$`).MatchString(one) {
			t.Errorf("it imports %s", one)
		}
	}
	if f.declaration != "" && alone {
		checkHead(t, f.declaration, want, got)
	}
}

// checkHead expects the declaration of a hook to be there once, with the same head.
func checkHead(t *testing.T, name string, want, got *ast.File) {
	head := func(file *ast.File) (heads []string) {
		for _, d := range file.Decls {
			if nameOf(d) != name {
				continue
			}
			switch d := d.(type) {
			case *ast.FuncDecl:
				heads = append(heads, code(t, d.Type))
			case *ast.GenDecl:
				heads = append(heads, methods(t, d.Specs[0].(*ast.TypeSpec))...)
			}
		}
		return heads
	}
	wanted, found := head(want), head(got)
	wanted = slices.DeleteFunc(wanted, func(m string) bool { return m == "Harmless func()" })
	for _, one := range wanted {
		if !slices.Contains(found, one) {
			t.Errorf("%s lacks %s: %q", name, one, found)
		}
	}
	if slices.Sort(found); len(slices.Compact(slices.Clone(found))) != len(found) || strings.HasPrefix(found[0], "func") && len(found) != 1 {
		t.Errorf("%s: %q", name, found)
	}
}

// methods are an interface's type parameters and methods; something embedded is none of them.
func methods(t *testing.T, s *ast.TypeSpec) (all []string) {
	i, ok := s.Type.(*ast.InterfaceType)
	if !ok {
		t.Fatalf("%s is no interface", s.Name)
	}
	if s.TypeParams != nil {
		all = append(all, "["+code(t, s.TypeParams.List[0].Type))
	}
	for _, m := range i.Methods.List {
		if len(m.Names) != 1 {
			t.Errorf("%s embeds %s", s.Name, code(t, m.Type))
			continue
		}
		all = append(all, m.Names[0].Name+" "+code(t, m.Type))
	}
	return all
}

// checkReach expects that what a hook wrote names nothing of the guards but exported names, and nothing of packages that
// registers a handler or makes a guard.
func checkReach(t *testing.T, f filling, want, got *ast.File) {
	wanted := byName(t, want)
	for _, d := range got.Decls {
		name := nameOf(d)
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT || name != f.declaration && (wanted[name] != nil || f.block != "declarations") {
			continue
		}
		if name == "Principal" || name == "Authenticator" {
			continue // compared with its methods
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if ok && x.Obj == nil && forbidden.MatchString(x.Name+"."+n.Sel.Name) {
					t.Errorf("%s uses %s.%s", name, x.Name, n.Sel.Name)
				}
			case *ast.Ident:
				o := got.Scope.Lookup(n.Name)
				if o != nil && n.Obj == o && want.Scope.Lookup(n.Name) != nil && !ast.IsExported(n.Name) && n.Name != name {
					t.Errorf("%s uses %s of the guards", name, n.Name)
				}
			}
			return true
		})
	}
}

var forbidden = regexp.MustCompile(`^(http\.(Handle|HandleFunc|DefaultServeMux|ServeMux|NewServeMux|Serve|ListenAndServe\w*)|gen\.\w+|guard\.(Guard|ContextWithCaller)|api\.(Handler\w*|RegisterHandlers\w*|ServerInterfaceWrapper))$`)

// isDirective reports whether a comment means something to a tool that compiles.
func isDirective(text string) bool {
	return constraint.IsGoBuild(text) || constraint.IsPlusBuild(text) || strings.HasPrefix(text, "//go:") || strings.HasPrefix(text, "//line ") ||
		strings.HasPrefix(text, "/*line ") || strings.HasPrefix(text, "//export ") || strings.HasPrefix(text, "//extern ")
}

// FuzzHooks puts any text into every hook: as template text, or as what a template writes. Either nothing is generated, or a
// file that parses and has every guard, every row and every declaration as with a harmless text.
//
//fuzzing:slow
func FuzzHooks(f *testing.F) {
	cases := hookedCases(f)
	for i, text := range hookTexts() {
		f.Add(uint8(i), uint8(i/len(cases)), i%3 == 0, text)
	}
	for c := range cases {
		for h, hook := range cases[c].hooks {
			f.Add(uint8(c), uint8(h), true, hook.harmless)
		}
	}
	f.Fuzz(func(t *testing.T, which, where uint8, written bool, text string) {
		c := cases[int(which)%len(cases)]
		hook := c.hooks[int(where)%len(c.hooks)]
		if written {
			text = "{{" + strconv.Quote(text) + "}}"
		}
		content := hookedGuards(t, c, hook, text)
		if content == nil {
			return
		}
		got, err := parser.ParseFile(token.NewFileSet(), "", content, parser.ParseComments)
		if err != nil {
			t.Fatalf("%s does not parse: %v", content, err)
		}
		want := harmless(t, c, hook)
		checkHooked(t, hook, !strings.Contains(text, "define") && !strings.Contains(text, "block"), want, got)
		checkReach(t, hook, want, got)
		for _, group := range got.Comments {
			for _, comment := range group.List {
				if isDirective(comment.Text) {
					t.Errorf("it has the directive %q", comment.Text)
				}
			}
		}
	})
}

// hookTexts are those of the attacks, and others that leave their places.
func hookTexts() []string {
	texts := []string{
		"}\nfunc init() {", "{{end}}{{define \"operations\"}}", "*/ func x() {} /*", "//go:linkname a b", "/*line a.go:1*/", "\n// +build ignore\n\npackage p", "`", "\"", "{{.}}", "{{",
		"return\n}\n\nfunc admitted2() {", "operations := 1\n_ = operations", "_ = operations", "http.DefaultServeMux.Handle(\"/\", nil)", "h := http.HandleFunc\nh(\"/\", nil)",
		"type mine = guard.Guard[int]", "func (p mine) X() {}\ntype mine int", "var a, b = 1, operations()", "_ = {{import \"reflect\"}}.ValueOf(options)", "_ = {{import \"os\"}}.Args",
		"goto a\na:", "func() { _ = linker }()", "\u2028", "\x00", "import \"C\"", "{{template \"admitted\" .}}", "{{block \"denied\" .}}x{{end}}", "HasRole(guard.Role) bool", "DeleteOrder()", "~int",
		"// Code generated by nobody. DO NOT EDIT.", "x:\n\tfor {\n\t\tbreak x\n\t}", "const iota = 1", "type error int", "type string = int", "var nil = 1", "func _() {}", "var _ = operations", "_ = gen.Observe",
	}
	for _, a := range attacks() {
		if len(a.edit) == 1 {
			_, text, _ := strings.Cut(a.edit[0], "}}")
			texts = append(texts, strings.TrimSuffix(text, "{{end}}"))
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
