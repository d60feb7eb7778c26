package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

// workspace is a copy of a golden case in a module of its own, with the files edited: old and new text by
// file name. oapi-codegen is not run again, so that its output can be stale.
func workspace(t *testing.T, goldenCase string, edits map[string][2]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(goldenDir, goldenCase))); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "go.mod"), "module example.com/workspace\n")
	edit(t, filepath.Join(dir, "oapi-guard.yaml"), "generate: {server: true", "generate: {server: false")
	for name, change := range edits {
		edit(t, filepath.Join(dir, name), change[0], change[1])
	}
	return filepath.Join(dir, "oapi-guard.yaml")
}

func edit(t *testing.T, path, old, new string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		t.Fatalf("%s does not contain %q", path, old)
	}
	put(t, path, strings.ReplaceAll(string(content), old, new))
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRefused expects exactly the diagnostics of the table, positions relative to the workspace, and no files.
func TestRefused(t *testing.T) {
	tests := []struct {
		name, golden string
		edits        map[string][2]string
		want         []string
	}{
		{
			"operation added", "same-package",
			map[string][2]string{"openapi.yaml": {"    get:\n      operationId: getHealth", "    head: {operationId: headHealth, security: [], responses: {}}\n    get:\n      operationId: getHealth"}},
			[]string{"openapi.yaml:10:5: server-stale: $DIR/api/api.gen.go has no method for HEAD /health: run oapi-codegen again, then oapi-guard"},
		},
		{
			"operation removed", "roles-3.1",
			map[string][2]string{"openapi.yaml": {"/things:", "/thing:"}},
			[]string{
				"api/api.gen.go:#: server-stale: ListThings serves GET /things, which the document does not have: run oapi-codegen again, then oapi-guard",
				"openapi.yaml:5:5: server-stale: $DIR/api/api.gen.go has no method for GET /thing: run oapi-codegen again, then oapi-guard",
			},
		},
		{
			"method changed", "roles-3.1",
			map[string][2]string{"openapi.yaml": {"    get:", "    post:"}},
			[]string{
				"api/api.gen.go:#: server-stale: ListThings serves GET /things, which the document does not have: run oapi-codegen again, then oapi-guard",
				"openapi.yaml:5:5: server-stale: $DIR/api/api.gen.go has no method for POST /things: run oapi-codegen again, then oapi-guard",
			},
		},
		{
			"operationId changed", "roles-3.1",
			map[string][2]string{"openapi.yaml": {"listThings", "getThings"}},
			[]string{"openapi.yaml:5:5: server-stale: $DIR/api/api.gen.go serves GET /things as ListThings, but its operationId is getThings: run oapi-codegen again, then oapi-guard"},
		},
		{
			"a strict method is gone", "roles-3.1",
			map[string][2]string{"api/api.gen.go": {"	ListThings(ctx context.Context, request ListThingsRequestObject) (ListThingsResponseObject, error)\n", ""}},
			[]string{"api/api.gen.go:#: server-strict: StrictServerInterface has no method ListThings: run oapi-codegen again, without custom templates for the server"},
		},
		{
			"registered twice", "roles-3.1",
			map[string][2]string{"api/api.gen.go": {`	m.HandleFunc(http.MethodGet+" "+options.BaseURL+"/things", wrapper.ListThings)
`, `	m.HandleFunc(http.MethodGet+" "+options.BaseURL+"/things", wrapper.ListThings)
	m.HandleFunc(http.MethodGet+" "+options.BaseURL+"/things", wrapper.ListThings)
`}},
			[]string{"api/api.gen.go:#: server-mismatch: ListThings is registered twice at GET /things"},
		},
		{
			"registered never", "roles-3.1",
			map[string][2]string{"api/api.gen.go": {`	m.HandleFunc(http.MethodGet+" "+options.BaseURL+"/things", wrapper.ListThings)
`, "	_ = wrapper\n"}},
			[]string{"api/api.gen.go:#: server-registration: ListThings is GET /things, which the file does not register: run oapi-codegen again, without custom templates for the server"},
		},
		{
			"an import's name of the server's own package", "same-package",
			map[string][2]string{"api/api.gen.go": {"type Order struct", "func guard() {}\n\ntype Order struct"}},
			[]string{"api/guards.gen.go: name-collision: the package declares guard (api.gen.go:#) already: give the guards a package of their own (output: apiguard/guards.gen.go)"},
		},
		{
			"alias removed", "aliases",
			map[string][2]string{"openapi.yaml": {"  /v2/thing: {$ref: '#/paths/~1v1~1thing'}\n", ""}},
			[]string{
				"api/api.gen.go:#: server-stale: DeleteThing is registered at DELETE /v2/thing, which is not its route in the document: run oapi-codegen again, then oapi-guard",
				"api/api.gen.go:#: server-stale: GetThing is registered at GET /v2/thing, which is not its route in the document: run oapi-codegen again, then oapi-guard",
			},
		},
		{
			"alias added", "aliases",
			map[string][2]string{"openapi.yaml": {"  /v2/thing: {", "  /v4/thing: {$ref: '#/paths/~1v1~1thing'}\n  /v2/thing: {"}},
			[]string{
				"openapi.yaml:6:5: server-mismatch: $DIR/api/api.gen.go registers no route for GET /v4/thing",
				"openapi.yaml:7:5: server-mismatch: $DIR/api/api.gen.go registers no route for DELETE /v4/thing",
			},
		},
		{
			"names of the server's own package", "same-package",
			map[string][2]string{"api/api.gen.go": {"type Order struct", "type Principal struct{}\n\nfunc Policy() {}\n\ntype Order struct"}},
			[]string{"api/guards.gen.go: name-collision: the package declares Policy (api.gen.go:#), Principal (api.gen.go:#) already: give the guards a package of their own (output: apiguard/guards.gen.go)"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := workspace(t, test.golden, test.edits)
			result := generator.Generate(config)
			if len(result.Files) != 0 {
				t.Error("there are files to write")
			}
			got := found(result, filepath.Dir(config))
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("diagnostics:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestSameFolderOtherPath: an output in the server's folder belongs to its package, also when the two paths are
// written differently.
func TestSameFolderOtherPath(t *testing.T) {
	config := workspace(t, "same-package", nil)
	edit(t, config, "output: api/guards.gen.go", "output: "+filepath.Join(filepath.Dir(config), "api", "guards.gen.go"))
	t.Chdir(filepath.Dir(config))
	result := generate(t, "oapi-guard.yaml")
	want, err := os.ReadFile("api/guards.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(result.Files[0].Content) != string(want) {
		t.Error("the guards differ from those of a relative path")
	}
}

// found are the diagnostics with paths relative to dir. Lines of oapi-codegen's output beyond its
// interface are #: they are its business.
func found(result *generator.Result, dir string) []string {
	var lines []string
	for _, d := range result.Diagnostics {
		line := d.Position.String() + ": " + d.Rule.ID + ": " + d.Message
		line = strings.ReplaceAll(strings.TrimPrefix(line, dir+"/"), dir, "$DIR")
		lines = append(lines, generatedLine.ReplaceAllString(line, "api.gen.go:#$2"))
	}
	return lines
}
