package render_test

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

// TestTemplateErrors: an error is at the place of the template that made it, wherever the output goes wrong.
func TestTemplateErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a field in a range", map[string]string{"roles.tmpl": "{{define \"roles\"}}\n{{range .Roles}}\n  {{if .Constant}}ä {{.Name}}{{end}}{{end}}{{end}}"},
			"roles.tmpl:3:23: .Name: can't evaluate field Name in type view.Role; . is a view.Role here (block \"roles\") [template-execute]"},
		{"a field behind a range", map[string]string{"roles.tmpl": `{{define "roles"}}{{range .Roles}}{{.Constant}}{{end}}{{.X}}{{end}}`},
			". is a *view.File here"},
		{"a method of nothing", map[string]string{"interfaces.tmpl": `{{define "server"}}{{range .Receivers}}{{else}}{{with $x := (index .Methods 0).Operation}}{{$x.Nothing}}{{end}}{{end}}{{end}}`},
			"can't evaluate field Nothing in type *view.Operation; . is a *view.Operation here"},
		{"a function that fails", map[string]string{"roles.tmpl": `{{define "roles"}}{{import "github.com/x/go-y"}}{{end}}`},
			`roles.tmpl:1:21: import "github.com/x/go-y": error calling import: "go-y" is not the name of a package: give one, {{import "github.com/x/go-y" "name"}}`},
		{"an index out of range", map[string]string{"roles.tmpl": `{{define "roles"}}{{index .Operations 99}}{{end}}`},
			"roles.tmpl:1:21: index .Operations 99: error calling index"},
		{"a helper's field", map[string]string{"roles.tmpl": "{{define \"roles\"}}{{template \"mine\" .Title}}{{end}}\n{{define \"mine\"}}{{.X}}{{end}}"},
			`roles.tmpl:2:20: .X: can't evaluate field X in type string; . is a string here (block "mine")`},
		{"code in a text", map[string]string{"roles.tmpl": "{{define \"roles\"}}\nvar x int\nfunc {{\"f\"}}() {\n\tx == := 1\n}\n{{end}}"},
			"roles.tmpl:4:7: the generated code does not parse: expected operand, found ':='"},
		{"code of an action", map[string]string{"roles.tmpl": "{{define \"roles\"}}\nvar x = {{\")\"}}\n{{end}}"},
			`roles.tmpl:2:11: the generated code does not parse: expected operand, found ')' in line `},
		{"a brace that is missing before built-in code", map[string]string{"roles.tmpl": "{{define \"roles\"}}\nfunc f() {\n{{end}}"},
			`written by block "policy" of operations.tmpl (built in)`},
		{"a block of another framework", map[string]string{"roles.tmpl": `{{define "roles"}}{{template "strict-defaults" .}}{{template "new-router" .}}{{template "get-context" .}}{{end}}`},
			`there is no block "get-context" in the templates of std-http`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var all strings.Builder
			for _, d := range generator.GenerateWith("../../../testdata/golden/checks/oapi-guard.yaml", generator.Options{Templates: folder(t, test.files)}).Diagnostics {
				all.WriteString(d.Position.String() + ": " + d.Message + " [" + d.Rule.ID + "]\n")
			}
			if !strings.Contains(all.String(), test.want) {
				t.Errorf("got\n%swant\n%s", all.String(), test.want)
			}
		})
	}
}

// TestImportFunction: a package is imported once, by a name that is free, and the built-in ones by theirs.
func TestImportFunction(t *testing.T) {
	result := generator.GenerateWith("../../../testdata/golden/checks/oapi-guard.yaml", generator.Options{Templates: folder(t, map[string]string{
		"hooks.tmpl": `{{define "declarations"}}
var _ = []any{ {{import "net/http"}}.StatusOK, {{import "example.com/x/guard"}}.A, {{import "example.com/w/v2"}}.A, {{import "example.com/y/go-z" "z"}}.A, {{import "example.com/x/guard"}}.B }
{{end}}`})})
	if result.Diagnostics.HasErrors() {
		t.Fatal(result.Diagnostics)
	}
	guards := string(result.Files[len(result.Files)-1].Content)
	for _, want := range []string{"[]any{http.StatusOK, guard2.A, w2.A, z.A, guard2.B}", `guard2 "example.com/x/guard"`, `w2 "example.com/w/v2"`, `z "example.com/y/go-z"`} {
		if !strings.Contains(guards, want) {
			t.Errorf("the guards do not have %s:\n%s", want, guards[:1500])
		}
	}
}
