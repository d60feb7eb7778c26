package render_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/render"
)

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestLoadOverrides: what may be overridden, and what would go unnoticed if it were not refused.
func TestLoadOverrides(t *testing.T) {
	const empty = `{{define "roles"}}{{end}}`
	tests := []struct {
		name  string
		files map[string]string
		want  string // the beginning of the only finding, without the folder; empty for none
	}{
		{"a block", map[string]string{"roles.tmpl": empty}, ""},
		{"a hook", map[string]string{"hooks.tmpl": `{{define "admitted"}}x(){{end}}`}, ""},
		{"a framework's hook", map[string]string{"gin/hooks.tmpl": `{{define "binding-error"}}x(){{end}}`}, ""},
		{"a family's hook for one framework", map[string]string{"nethttp/chi.tmpl": `{{define "binding-error"}}x(){{end}}`}, ""},
		{"the whole file", map[string]string{"file.tmpl": "x"}, `file.tmpl:1:1: the block "file.tmpl" is a part of the guard: fill a hook instead`},
		{"a framework's block", map[string]string{"nethttp/chi.tmpl": `{{define "add"}}{{end}}`}, `nethttp/chi.tmpl:1:11: the block "add" is a part of the guard: fill a hook instead`},
		{"a family's block for one framework", map[string]string{"nethttp/chi.tmpl": `{{define "guarded"}}{{end}}`}, `nethttp/chi.tmpl:1:11: the block "guarded" is a part`},
		{"several blocks", map[string]string{"checks.tmpl": "\n{{define \"not-found\"}}{{end}}{{define \"checks\"}}{{end}}"}, `checks.tmpl:2:11: the blocks "checks", "not-found" are parts of the guard`},
		{"a helper", map[string]string{"roles.tmpl": `{{define "roles"}}{{template "mine" .}}{{end}}{{define "mine"}}{{end}}`}, ""},
		{"a helper in another file", map[string]string{"interfaces.tmpl": `{{define "server"}}{{if .Strict}}{{template "mine" .}}{{end}}{{end}}`, "roles.tmpl": `{{define "mine"}}{{end}}`}, ""},
		{"files of others", map[string]string{"roles.tmpl": empty, "README.md": "x", "roles.tmpl~": "x", ".#roles.tmpl": "x", ".git/x.tmpl": "x"}, ""},
		{"a misspelt file", map[string]string{"role.tmpl": empty}, `role.tmpl: there is no template role.tmpl to override; did you mean "roles.tmpl"?; known are checks.tmpl, `},
		{"a file in another case", map[string]string{"Roles.TMPL": empty}, `Roles.TMPL: there is no template Roles.TMPL to override; did you mean "roles.tmpl"?`},
		{"a file in the wrong folder", map[string]string{"chi.tmpl": empty}, `chi.tmpl: there is no template chi.tmpl to override`},
		{"another extension", map[string]string{"roles.gotmpl": empty}, "roles.gotmpl: templates end in .tmpl: call it roles.tmpl"},
		{"a misspelt block", map[string]string{"hooks.tmpl": "\n" + `{{define "admited"}}{{end}}`}, `hooks.tmpl:2:11: hooks.tmpl has no block "admited", and no template here calls it; did you mean "admitted"?; known are header, admitted, denied, options, `},
		{"a block of another file", map[string]string{"roles.tmpl": `{{define "server"}}{{end}}`}, `roles.tmpl:1:11: the block "server" stands in interfaces.tmpl: override it there`},
		{"a framework's block for its family", map[string]string{"nethttp/family.tmpl": `{{define "add"}}{{end}}`}, `nethttp/family.tmpl:1:11: the block "add" stands in fiber/fiber.tmpl, fiber/fiber3.tmpl, nethttp/chi.tmpl`},
		{"a helper twice", map[string]string{"interfaces.tmpl": `{{define "mine"}}{{template "mine"}}{{end}}`, "roles.tmpl": `{{define "mine"}}{{end}}`}, `roles.tmpl:1:11: the block "mine" stands in `},
		{"a misspelt call", map[string]string{"roles.tmpl": `{{define "roles"}}{{template "purpos" .}}{{end}}`}, `roles.tmpl:1:30: there is no block "purpos"; did you mean "purpose"?`},
		{"text outside of blocks", map[string]string{"roles.tmpl": empty + "\nfunc init() {}"}, `roles.tmpl:2:1: this stands outside of {{define}}, where nothing is ever written`},
		{"syntax", map[string]string{"roles.tmpl": "{{define \"roles\"}}\nä {{range}}{{end}}{{end}}"}, `roles.tmpl:2:3: missing value for range`},
		{"an unknown function", map[string]string{"roles.tmpl": "{{define \"roles\"}}\nä {{ qoute .X}}{{end}}"}, `roles.tmpl:2:6: function "qoute" not defined; did you mean "quote"?; known are comment, import,`},
		{"the trace's function", map[string]string{"roles.tmpl": `{{define "roles"}}{{oapiGuardTrace 1 .}}{{end}}`}, `roles.tmpl:1:21: function "oapiGuardTrace" not defined`},
		{"an override of another framework with an error", map[string]string{"gin/hooks.tmpl": `{{define "binding-error"}}{{end`}, `gin/hooks.tmpl:1:27: unclosed action`},
		{"nothing", map[string]string{"README.md": "x"}, `: the folder holds no template; known are`},

		{"a block of version 1", map[string]string{"guards.tmpl": `{{define "guards"}}{{end}}`}, "guards.tmpl:1:1: guards.tmpl: written for version 1 of the templates, and this is version 2"},
		{"a block of version 1 in a file of both", map[string]string{"constructors.tmpl": `{{define "link"}}{{end}}`}, "constructors.tmpl:1:1: constructors.tmpl: written for version 1"},
		{"dumped by version 1", map[string]string{"roles.tmpl": "{{- /* oapi-guard template roles.tmpl, version 1, sha256:" + strings.Repeat("0", 64) + " */ -}}\n" + empty}, "roles.tmpl:1:1: roles.tmpl: written for version 1"},
		{"all kinds of version 1, and worse", map[string]string{
			"guards.tmpl": `{{define "guards"}}{{template "holdings" .}}{{end}}{{define "x"}}`, "routes.tmpl": `{{define "routes"}}{{.FindsOut}}{{end}}`,
			"request.tmpl": `{{define "request"}}{{end}}`, "nethttp/family.tmpl": `{{define "new-wrapper"}}{{end}}{{define "strict-prepare"}}{{end}}`,
		}, "nethttp/family.tmpl:1:1: nethttp/family.tmpl, routes.tmpl: written for version 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, test.files)
			_, diags := render.LoadOverrides(dir, render.OverrideOptions{})
			if test.want == "" {
				if len(diags) > 0 {
					t.Error(diags)
				}
				return
			}
			if len(diags) != 1 {
				t.Fatalf("findings: %v", diags)
			}
			got := strings.TrimPrefix(strings.TrimPrefix(diags[0].Position.String(), dir), "/") + ": " + diags[0].Message
			if !strings.HasPrefix(filepath.ToSlash(got), test.want) {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestOverridesStayInTheirFolder: links that lead out, to a folder or nowhere are errors; one within is followed.
func TestOverridesStayInTheirFolder(t *testing.T) {
	outside := folder(t, map[string]string{"roles.tmpl": `{{define "roles"}}{{end}}`})
	for name, test := range map[string]struct {
		link, to string
		fails    bool
	}{
		"out":         {"comments.tmpl", filepath.Join(outside, "roles.tmpl"), true},
		"folder":      {"nethttp", outside, true},
		"nowhere":     {"comments.tmpl", "missing.tmpl", true},
		"within":      {"comments.tmpl", "roles.tmpl", false},
		"folder here": {"nethttp", "echo", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"roles.tmpl": `{{define "mine"}}{{template "mine"}}{{end}}`, "echo/echo.tmpl": ``})
			if name == "within" {
				dir = folder(t, map[string]string{"text": `{{define "roles"}}{{end}}`})
				test.link, test.to = "roles.tmpl", "text"
			}
			if err := os.Symlink(test.to, filepath.Join(dir, test.link)); err != nil {
				t.Skip(err)
			}
			if _, diags := render.LoadOverrides(dir, render.OverrideOptions{}); diags.HasErrors() != test.fails {
				t.Errorf("findings: %v", diags)
			}
		})
	}
	if _, diags := render.LoadOverrides(filepath.Join(outside, "none"), render.OverrideOptions{}); !diags.HasErrors() {
		t.Error("a folder that does not exist is accepted")
	}
	if _, diags := render.LoadOverrides("https://example.com/templates", render.OverrideOptions{}); !diags.HasErrors() {
		t.Error("a URL is accepted")
	}
}

func TestOverrides(t *testing.T) {
	dir := folder(t, map[string]string{"roles.tmpl": `{{define "roles"}}// mine{{end}}`, "gin/hooks.tmpl": `{{define "binding-error"}}x(){{end}}`})
	o, diags := render.LoadOverrides(dir, render.OverrideOptions{})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if got := o.Names(); !slices.Equal(got, []string{"gin/hooks.tmpl", "roles.tmpl"}) {
		t.Errorf("names %q", got)
	}
	if got := o.Blocks("roles.tmpl"); !slices.Equal(got, []string{"roles"}) {
		t.Errorf("blocks %q", got)
	}
	if o.Source("roles.tmpl") == "" || o.Source("file.tmpl") != "" || o.Path("roles.tmpl") != filepath.Join(dir, "roles.tmpl") || o.Path("x") != "" {
		t.Error("source or path of the wrong file")
	}
}
