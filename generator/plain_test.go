package generator_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// plainCase is a module with a document and a configuration for guards without a generated server.
func plainCase(t *testing.T, paths, output string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module example.com/shop\n")
	put(t, filepath.Join(dir, "openapi.yaml"), "openapi: 3.1.0\ninfo: {title: Plain, version: \"1\"}\nsecurity: [{key: []}]\npaths:\n"+paths+
		"components: {securitySchemes: {key: {type: apiKey, in: header, name: Key}}}\n")
	put(t, filepath.Join(dir, "oapi-guard.yaml"), "spec: openapi.yaml\nserver: none\noutput: "+output+"\n")
	for name, content := range files {
		put(t, filepath.Join(dir, name), content)
	}
	return filepath.Join(dir, "oapi-guard.yaml")
}

// TestPlainRefused: what would be a panic at start-up, or code that does not compile, is a diagnostic without a generated
// server, too.
func TestPlainRefused(t *testing.T) {
	one := operation("/a", "one", "")
	tests := []struct {
		name, paths, output string
		files               map[string]string
		want                string
	}{
		{
			"two patterns that overlap", operation("/a/{id}/x", "one", parameter("id")) + operation("/a/b/{id}", "two", parameter("id")), "apiguard/g.go", nil,
			`openapi.yaml:11:5: route-conflict: net/http cannot tell GET /a/b/{id} from GET /a/{id}/x ($DIR/openapi.yaml:6:5) and panics at start-up: rename one of the paths, or have a server for another router generated (chi-server, gorilla-server)`,
		},
		{
			"a pattern that net/http cannot read", operation("/a/{id}.json", "one", parameter("id")), "apiguard/g.go", nil,
			`openapi.yaml:6:5: route-conflict: net/http cannot route /a/{id}.json (pattern "/a/{id}.json") and panics at start-up: rename the path, or have a server for another router generated (chi-server, gorilla-server)`,
		},
		{
			"one Go name", operation("/a", "get-a", "") + operation("/b", "getA", ""), "apiguard/g.go", nil,
			`openapi.yaml:11:5: name-collision: the operations GET /b and GET /a ($DIR/openapi.yaml:6:5) both become GetA in Go: give one of them another operationId`,
		},
		{
			"one Go name of two webhooks", one + "webhooks:\n  a: {post: {operationId: paid, responses: {'204': {description: ok}}}}\n  b: {post: {operationId: Paid, responses: {'204': {description: ok}}}}\n", "apiguard/g.go", nil,
			`openapi.yaml:12:7: name-collision: the POST webhook "b" and the POST webhook "a" ($DIR/openapi.yaml:11:7) both become Paid in Go: give one of them another operationId`,
		},
		{
			"a method that is no token", "  /a: {additionalOperations: {A B: {responses: {'204': {description: ok}}}}}\n", "apiguard/g.go", nil,
			`openapi.yaml:5:31: method-not-registrable: net/http cannot serve A B /a: it is not an HTTP method (RFC 9110 section 9.1): rename it`,
		},
		{
			"names that the package has", one, "g.go", map[string]string{"main.go": "package main\n\nfunc main() {}\n\ntype Handlers struct{}\n", "b_test.go": "package main\n\nvar Guards int\n"},
			`g.go: name-collision: the package declares Handlers (main.go:5) already: give the guards a package of their own (output: apiguard/guards.gen.go)`,
		},
		{"a package that is there", one, "g.go", map[string]string{"main.go": "package main\n\nfunc main() {}\n"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := plainCase(t, test.paths, test.output, test.files)
			result := generator.Generate(config)
			if got := strings.Join(found(result, filepath.Dir(config)), "\n"); got != test.want {
				t.Errorf("diagnostics:\n%s\nwant:\n%s", got, test.want)
			}
			if (len(result.Files) == 0) != (test.want != "") {
				t.Errorf("%d files to write", len(result.Files))
			}
		})
	}
}

// TestPlainNames: a handler can be set from another package whatever its operation is called.
func TestPlainNames(t *testing.T) {
	config := plainCase(t, operation("/a", "管理", "")+operation("/b/{x}", "1st", parameter("x"))+operation("/c", "_", "")+operation("/d", "handler", "")+
		operation("/e", "type", ""), "apiguard/g.go", nil)
	result := generate(t, config)
	for _, field := range []string{"GetA func(", "X1st func(", "GetC func(", "Handler func(", "Type func("} {
		if !strings.Contains(string(result.Files[0].Content), "\t"+field) {
			t.Errorf("there is no field %s", field)
		}
	}
}

// TestPlainRealSpecs generates guards for real documents, which must compile. The routes of two of them are not net/http's.
func TestPlainRealSpecs(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles large files")
	}
	config := realCase(t, realSpecs(t)[0], "std-http-server") // for its module
	dir := filepath.Dir(config)
	for _, spec := range realSpecs(t) {
		folder := strings.NewReplacer("-", "", ".", "").Replace(filepath.Base(spec))
		absolute, err := filepath.Abs(spec)
		if err != nil {
			t.Fatal(err)
		}
		config := filepath.Join(dir, folder, "oapi-guard.yaml")
		if err := os.MkdirAll(filepath.Dir(config), 0o755); err != nil {
			t.Fatal(err)
		}
		put(t, config, "spec: "+absolute+"\nserver: none\noutput: apiguard/guards.gen.go\n")
		result := generator.Generate(config)
		conflicts := 0
		for _, d := range result.Diagnostics {
			if d.Rule.ID == "route-conflict" {
				conflicts++
			} else if d.Severity == diag.Error {
				t.Errorf("%v", d)
			}
		}
		if wanted := map[string]bool{"evetechjson": true, "githubjson": true}[folder]; wanted != (conflicts > 0) {
			t.Errorf("%s: %d conflicts", folder, conflicts)
		}
		for _, file := range result.Files {
			writeGolden(t, file)
		}
	}
	if err := os.Remove(config); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "vet", "-mod=mod", "./...")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
