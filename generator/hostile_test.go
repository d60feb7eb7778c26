package generator

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/server"
)

// texts are what a document brings into the generated file.
type texts struct{ title, role, description, scheme, scope, path, parameter string }

var benign = texts{"title", "role", "description", "scheme", "scope", "/path", "X-Key"}

// hostile are payloads against comments, literals, templates, directives and readers.
var hostile = []string{
	"*/ func init() { panic(1) } /*",
	"x\n//go:embed secrets\nvar y = 1",
	"x\r\nimport \"os\"",
	"`\" + os.Getenv(\"HOME\") + \"`",
	"{{.}}{{template \"x\"}}{{define \"policy\"}}{{end}}",
	"\u202eadmin\u2066\u200b\ufeff",
	"\x00\x01\x7f\u0085\u2028\u2029",
	"\xff\xfe\xc0\xaf",
	"%s%d%!(EXTRA)",
	"//go:linkname a b",
	"+build ignore",
	"'\\u0022'",
}

// FuzzHostileText puts text everywhere that a document has any, and expects a file of the same shape as the
// one of a benign document: no declaration, import or directive more.
func FuzzHostileText(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, text, text, text, text, text, text)
		f.Add(text, "role", "", "scheme", "", "/path", "X-Key")
	}
	want := shape(f, benign)
	f.Fuzz(func(t *testing.T, title, role, description, scheme, scope, path, parameter string) {
		if exported(role) == "" || exported(scheme) == "" {
			t.Skip("refused: there is nothing to make a Go name of")
		}
		if description == "" {
			description = "none"
		}
		got := shape(t, texts{title, role, description, scheme, scope, path, parameter})
		if got != want {
			t.Errorf("the shape differs from a benign document's:\n%s\nwant:\n%s", got, want)
		}
	})
}

// shape is the file's syntax without names, values and comments, and its imports.
func shape(t testing.TB, text texts) string {
	t.Helper()
	content := renderTexts(t, text)
	file, err := parser.ParseFile(token.NewFileSet(), "guards.gen.go", content, parser.ParseComments)
	if err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
	var b strings.Builder
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if !strings.HasPrefix(comment.Text, "// ") && !strings.HasPrefix(comment.Text, "//\t") && comment.Text != "//" {
				t.Fatalf("a comment that may be a directive: %q", comment.Text)
			}
			if strings.ContainsAny(comment.Text, "\u202e\u2066\u200b\ufeff\u2028\u2029\u0085\x00\r") {
				t.Fatalf("a comment with hidden characters: %q", comment.Text)
			}
		}
	}
	for _, spec := range file.Imports {
		b.WriteString(spec.Path.Value + "\n")
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if _, ok := n.(*ast.CommentGroup); ok {
			return false
		}
		fmt.Fprintf(&b, "%T ", n)
		return true
	})
	return b.String()
}

// renderTexts generates the guards of one operation that uses every text.
func renderTexts(t testing.TB, text texts) []byte {
	t.Helper()
	bearer := &policy.Scheme{Name: text.scheme, Type: policy.OAuth2, Description: text.description}
	key := &policy.Scheme{Name: text.scheme + "Key", Type: policy.APIKey, In: "header", Parameter: text.parameter}
	groups := []policy.RoleGroup{{Written: []string{text.role}, AnyOf: []string{text.role}}}
	operation := &policy.Operation{
		ID: text.title, Method: "GET", Path: text.path,
		Alternatives: []policy.Alternative{
			{Requirements: []policy.Requirement{{Scheme: bearer, Scopes: []string{text.scope}}, {Scheme: key}}},
			{Requirements: []policy.Requirement{{Scheme: key, Roles: policy.Roles{Groups: groups}}}},
		},
		Roles: policy.Roles{Groups: groups},
	}
	p := &policy.Policy{
		Title: text.title, Operations: []*policy.Operation{operation}, Schemes: []*policy.Scheme{bearer, key},
		Roles: []*policy.Role{{Name: text.role, Description: text.description, Includes: []string{text.role}}},
	}
	s := &server.Server{
		Package: "api", ImportPath: "example.com/api",
		Methods: []server.Method{{Name: "Get", HTTPMethod: "GET", Path: text.path}},
	}
	one := &pair{operation, "Get", &s.Methods[0]}
	j := &joined{pairs: []*pair{one}, routes: []route{{pair: one, pattern: server.Chi.Pattern(text.path)}}}
	var diags diag.List
	data := build(p, s, j, target{pkg: "apiguard", own: true, framework: server.Chi}, &diags)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	content, err := render(data, "guards.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	return content
}
