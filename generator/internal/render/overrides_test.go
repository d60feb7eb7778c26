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
	const empty = `{{define "guards"}}{{end}}`
	tests := []struct {
		name  string
		files map[string]string
		want  string // the beginning of the only finding, without the folder; empty for none
	}{
		{"a block", map[string]string{"guards.tmpl": empty}, ""},
		{"the whole file", map[string]string{"file.tmpl": "x"}, ""},
		{"a framework's block", map[string]string{"nethttp/chi.tmpl": `{{define "add"}}{{end}}`}, ""},
		{"a family's block for one framework", map[string]string{"nethttp/chi.tmpl": `{{define "guarded"}}{{end}}`}, ""},
		{"a helper", map[string]string{"guards.tmpl": `{{define "guards"}}{{template "mine" .}}{{end}}{{define "mine"}}{{end}}`}, ""},
		{"a helper in another file", map[string]string{"guards.tmpl": `{{define "guards"}}{{if .Strict}}{{template "mine" .}}{{end}}{{end}}`, "roles.tmpl": `{{define "mine"}}{{end}}`}, ""},
		{"files of others", map[string]string{"guards.tmpl": empty, "README.md": "x", "guards.tmpl~": "x", ".#guards.tmpl": "x", ".git/x.tmpl": "x"}, ""},
		{"a misspelt file", map[string]string{"guard.tmpl": empty}, `guard.tmpl: there is no template guard.tmpl to override; did you mean "guards.tmpl"?; known are checks.tmpl, `},
		{"a file in another case", map[string]string{"Guards.TMPL": empty}, `Guards.TMPL: there is no template Guards.TMPL to override; did you mean "guards.tmpl"?`},
		{"a file in the wrong folder", map[string]string{"chi.tmpl": empty}, `chi.tmpl: there is no template chi.tmpl to override`},
		{"another extension", map[string]string{"guards.gotmpl": empty}, "guards.gotmpl: templates end in .tmpl: call it guards.tmpl"},
		{"a misspelt block", map[string]string{"guards.tmpl": "\n" + `{{define "gaurds"}}{{end}}`}, `guards.tmpl:2:11: guards.tmpl has no block "gaurds", and no template here calls it; did you mean "guards"?; known are guards, holdings`},
		{"a block of another file", map[string]string{"guards.tmpl": `{{define "policy"}}{{end}}`}, `guards.tmpl:1:11: the block "policy" stands in policy.tmpl: override it there`},
		{"a framework's block for its family", map[string]string{"nethttp/family.tmpl": `{{define "add"}}{{end}}`}, `nethttp/family.tmpl:1:11: the block "add" stands in fiber/fiber.tmpl, fiber/fiber3.tmpl, nethttp/chi.tmpl`},
		{"a helper twice", map[string]string{"guards.tmpl": `{{define "mine"}}{{template "mine"}}{{end}}`, "roles.tmpl": `{{define "mine"}}{{end}}`}, `roles.tmpl:1:11: the block "mine" stands in `},
		{"a misspelt call", map[string]string{"guards.tmpl": `{{define "guards"}}{{template "holding" .}}{{end}}`}, `guards.tmpl:1:31: there is no block "holding"; did you mean "holdings"?`},
		{"text outside of blocks", map[string]string{"guards.tmpl": empty + "\nfunc init() {}"}, `guards.tmpl:2:1: this stands outside of {{define}}, where nothing is ever written`},
		{"syntax", map[string]string{"guards.tmpl": "{{define \"guards\"}}\nä {{range}}{{end}}{{end}}"}, `guards.tmpl:2:3: missing value for range`},
		{"an unknown function", map[string]string{"guards.tmpl": "{{define \"guards\"}}\nä {{ qoute .X}}{{end}}"}, `guards.tmpl:2:6: function "qoute" not defined; did you mean "quote"?; known are comment, import,`},
		{"the trace's function", map[string]string{"guards.tmpl": `{{define "guards"}}{{oapiGuardTrace 1 .}}{{end}}`}, `guards.tmpl:1:22: function "oapiGuardTrace" not defined`},
		{"an override of another framework with an error", map[string]string{"gin/gin.tmpl": `{{define "mount"}}{{end`}, `gin/gin.tmpl:1:19: unclosed action`},
		{"nothing", map[string]string{"README.md": "x"}, `: the folder holds no template; known are`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, test.files)
			_, diags := render.LoadOverrides(dir)
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
	outside := folder(t, map[string]string{"guards.tmpl": `{{define "guards"}}{{end}}`})
	for name, test := range map[string]struct {
		link, to string
		fails    bool
	}{
		"out":         {"guards.tmpl", filepath.Join(outside, "guards.tmpl"), true},
		"folder":      {"nethttp", outside, true},
		"nowhere":     {"guards.tmpl", "missing.tmpl", true},
		"within":      {"guards.tmpl", "roles.tmpl", false},
		"folder here": {"nethttp", "echo", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"roles.tmpl": `{{define "mine"}}{{template "mine"}}{{end}}`, "echo/echo.tmpl": `{{define "taken"}}{{end}}`})
			if name == "within" {
				dir = folder(t, map[string]string{"text": `{{define "roles"}}{{end}}`})
				test.link, test.to = "roles.tmpl", "text"
			}
			if err := os.Symlink(test.to, filepath.Join(dir, test.link)); err != nil {
				t.Skip(err)
			}
			if _, diags := render.LoadOverrides(dir); diags.HasErrors() != test.fails {
				t.Errorf("findings: %v", diags)
			}
		})
	}
	if _, diags := render.LoadOverrides(filepath.Join(outside, "none")); !diags.HasErrors() {
		t.Error("a folder that does not exist is accepted")
	}
	if _, diags := render.LoadOverrides("https://example.com/templates"); !diags.HasErrors() {
		t.Error("a URL is accepted")
	}
}

func TestOverrides(t *testing.T) {
	dir := folder(t, map[string]string{"roles.tmpl": `{{define "roles"}}// mine{{end}}`, "gin/gin.tmpl": `{{define "mount"}}{{end}}`})
	o, diags := render.LoadOverrides(dir)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if got := o.Names(); !slices.Equal(got, []string{"gin/gin.tmpl", "roles.tmpl"}) {
		t.Errorf("names %q", got)
	}
	if got := o.Blocks("roles.tmpl"); !slices.Equal(got, []string{"roles"}) {
		t.Errorf("blocks %q", got)
	}
	if o.Source("roles.tmpl") == "" || o.Source("guards.tmpl") != "" || o.Path("roles.tmpl") != filepath.Join(dir, "roles.tmpl") || o.Path("x") != "" {
		t.Error("source or path of the wrong file")
	}
}
