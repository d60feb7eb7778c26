package generator_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

// generatedLine is a place far down in oapi-codegen's output.
var generatedLine = regexp.MustCompile(`api\.gen\.go:\d{2,}(:\d+)?([:)])`)

// TestRouteConflicts expects what would be a panic of net/http at start-up to be a diagnostic.
func TestRouteConflicts(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Conflicts, version: "1"}
paths:
`
	operation := func(path, id, parameters string) string {
		return "  " + path + ":\n    get:\n      operationId: " + id + "\n      parameters: [" + parameters + "]\n      responses: {'204': {description: ok}}\n"
	}
	id := "{name: id, in: path, required: true, schema: {type: string}}"
	tests := []struct {
		name, paths, server string
		want                []string
	}{
		{
			"two patterns that overlap", operation("/a/{id}/x", "one", id) + operation("/a/b/{id}", "two", id), "std-http-server",
			[]string{`openapi.yaml:10:5: route-conflict: net/http cannot tell GET /a/b/{id} from GET /a/{id}/x ($DIR/openapi.yaml:5:5) and panics at start-up: rename one of the paths, or generate another server (chi-server, gorilla-server)`},
		},
		{
			"a pattern that net/http cannot read", operation("/a/{id}.json", "one", id), "std-http-server",
			[]string{`openapi.yaml:5:5: route-conflict: net/http cannot route /a/{id}.json (pattern "/a/{id}.json") and panics at start-up: rename the path, or generate another server (chi-server, gorilla-server)`},
		},
		{"the same for chi", operation("/a/{id}/x", "one", id) + operation("/a/b/{id}", "two", id), "chi-server", nil},
		{"no conflict", operation("/a/{id}", "one", id) + operation("/a/b", "two", ""), "std-http-server", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "go.mod"), "module example.com/workspace\n")
			put(t, filepath.Join(dir, "openapi.yaml"), document+test.paths)
			put(t, filepath.Join(dir, "oapi-codegen.yaml"), "package: api\noutput: api/api.gen.go\ngenerate: {"+test.server+": true, models: true}\n")
			put(t, filepath.Join(dir, "oapi-guard.yaml"), "spec: openapi.yaml\nserver: oapi-codegen.yaml\noutput: apiguard/guards.gen.go\ngenerate: {server: true}\n")
			result := generator.Generate(filepath.Join(dir, "oapi-guard.yaml"))
			if got := found(result, dir); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("diagnostics:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if (len(result.Files) == 0) != (test.want != nil) {
				t.Errorf("%d files to write", len(result.Files))
			}
		})
	}
}
