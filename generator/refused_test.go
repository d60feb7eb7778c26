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

// operation is an operation of a document, from line 4 on when it is the first; its method stands in the
// second line.
func operation(path, id, parameters string) string {
	return "  " + path + ":\n    get:\n      operationId: " + id + "\n      parameters: [" + parameters + "]\n      responses: {'204': {description: ok}}\n"
}

// additional is an operation of a method that OpenAPI 3.2 has no field for.
func additional(method string) string {
	return "  /a:\n    additionalOperations:\n      " + method + ": {operationId: one, responses: {'204': {description: ok}}}\n"
}

func parameter(name string) string {
	return "{name: " + name + ", in: path, required: true, schema: {type: string}}"
}

// TestRefusedDocuments expects what would be a panic at start-up, an unreachable guard or code that does not
// compile to be a diagnostic.
func TestRefusedDocuments(t *testing.T) {
	overlapping := operation("/a/{id}/x", "one", parameter("id")) + operation("/a/b/{id}", "two", parameter("id"))
	sameShape := operation("/a/{x}", "one", parameter("x")) + operation("/a/{y}", "two", parameter("y"))
	tests := []struct {
		name, paths    string
		server, folder string // oapi-codegen's server and its output's folder
		want           []string
	}{
		{
			"two patterns that overlap", overlapping, "std-http-server", "api",
			[]string{`openapi.yaml:10:5: route-conflict: net/http cannot tell GET /a/b/{id} from GET /a/{id}/x ($DIR/openapi.yaml:5:5) and panics at start-up: rename one of the paths, or generate another server (chi-server, gorilla-server)`},
		},
		{
			"a pattern that net/http cannot read", operation("/a/{id}.json", "one", parameter("id")), "std-http-server", "api",
			[]string{`openapi.yaml:5:5: route-conflict: net/http cannot route /a/{id}.json (pattern "/a/{id}.json") and panics at start-up: rename the path, or generate another server (chi-server, gorilla-server)`},
		},
		{"overlapping patterns are no problem for chi", overlapping, "chi-server", "api", nil},
		{"a path beside a parameter", operation("/a/{id}", "one", parameter("id")) + operation("/a/b", "two", ""), "std-http-server", "api", nil},
		{
			"one shape on chi", sameShape, "chi-server", "api",
			[]string{`openapi.yaml:10:5: route-conflict: GET /a/{y} and GET /a/{x} ($DIR/openapi.yaml:5:5) look the same to a router, so that only one of them can be reached: remove or rename the other`},
		},
		{
			"one shape on gorilla", sameShape, "gorilla-server", "api",
			[]string{`openapi.yaml:10:5: route-conflict: GET /a/{y} and GET /a/{x} ($DIR/openapi.yaml:5:5) look the same to a router, so that only one of them can be reached: remove or rename the other`},
		},
		{
			"one Go name", operation("/a", "get-a", "") + operation("/b", "getA", ""), "chi-server", "api",
			[]string{`openapi.yaml:10:5: name-collision: the operations GET /b and GET /a ($DIR/openapi.yaml:5:5) both become GetA in Go: give one of them another operationId`},
		},
		{
			"one Go name, once without operationId", operation("/a", "getB", "") + strings.Replace(operation("/b", "x", ""), "operationId: x", "summary: none", 1), "chi-server", "api",
			[]string{`openapi.yaml:10:5: name-collision: the operations GET /b and GET /a ($DIR/openapi.yaml:5:5) both become GetB in Go: give one of them another operationId`},
		},
		{
			"a method that chi does not have", additional("PURGE"), "chi-server", "api",
			[]string{`openapi.yaml:6:7: method-not-registrable: chi cannot serve PURGE /a: oapi-codegen can register DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, CONNECT, TRACE, QUERY here, and nothing else: leave the operation out (output-options: exclude-operation-ids), or generate another server (std-http-server)`},
		},
		{
			"a method of which oapi-codegen makes no Go", additional("WS!"), "chi-server", "api",
			[]string{`openapi.yaml:6:7: method-not-registrable: chi cannot serve WS! /a: oapi-codegen can register DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, CONNECT, TRACE, QUERY here, and nothing else: leave the operation out (output-options: exclude-operation-ids), or generate another server (std-http-server)`},
		},
		{
			"lower case on gorilla", additional("Lock"), "gorilla-server", "api",
			[]string{`openapi.yaml:6:7: method-not-registrable: gorilla cannot serve Lock /a: gorilla takes methods in upper case only: write LOCK or generate another server (std-http-server)`},
		},
		{
			"TRACE on gin", strings.Replace(operation("/a", "one", ""), "get:", "trace:", 1), "gin-server", "api",
			[]string{`openapi.yaml:5:5: method-not-registrable: gin cannot serve TRACE /a: oapi-codegen can register DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT here, and nothing else: leave the operation out (output-options: exclude-operation-ids), or generate another server (std-http-server)`},
		},
		{
			"two names on gin", operation("/a/{x}", "one", parameter("x")) + operation("/a/{y}/b", "two", parameter("y")), "gin-server", "api",
			[]string{`openapi.yaml:10:5: route-conflict: gin panics at start-up, because GET /a/{y}/b has the parameter "y" where "x" stands in GET /a/{x} ($DIR/openapi.yaml:5:5): give both the same name`},
		},
		{
			"text behind a parameter on fiber", operation("/a/{id}", "one", parameter("id")) + operation("/a/me", "two", ""), "fiber-v3-server", "api",
			[]string{`openapi.yaml:10:5: route-conflict: fiber3 answers GET /a/me with GET /a/{id} ($DIR/openapi.yaml:5:5), which the document has before it: move this path above that one, or rename one of them`},
		},
		{"text behind a parameter on gin", operation("/a/{id}", "one", parameter("id")) + operation("/a/me", "two", ""), "gin-server", "api", nil},
		{"QUERY on chi", strings.Replace(operation("/a", "one", ""), "get:", "query:", 1), "chi-server", "api", nil},
		{"QUERY on gorilla", strings.Replace(operation("/a", "one", ""), "get:", "query:", 1), "gorilla-server", "api", nil},
		{"any method on net/http", additional("Lock"), "std-http-server", "api", nil},
		{
			"text behind a parameter on gorilla", operation("/a/{id}", "one", parameter("id")) + operation("/a/me", "two", ""), "gorilla-server", "api",
			[]string{`openapi.yaml:10:5: route-conflict: gorilla answers GET /a/me with GET /a/{id} ($DIR/openapi.yaml:5:5), which the document has before it: move this path above that one, or rename one of them`},
		},
		{"text behind a parameter on chi", operation("/a/{id}", "one", parameter("id")) + operation("/a/me", "two", ""), "chi-server", "api", nil},
		{
			"an internal package", operation("/a", "one", ""), "chi-server", "svc/internal/api",
			[]string{`oapi-guard.yaml:3:9: internal-package: example.com/workspace/apiguard cannot import example.com/workspace/svc/internal/api: only packages in or below example.com/workspace/svc can; set output to a folder there, $DIR/svc/internal/apiguard/guards.gen.go`},
		},
		{"an internal package of the module", operation("/a", "one", ""), "chi-server", "internal/api", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, version := t.TempDir(), "openapi: 3.0.3"
			if strings.Contains(test.paths, "additionalOperations:") || strings.Contains(test.paths, "    query:") {
				version = "openapi: 3.2.0"
			}
			put(t, filepath.Join(dir, "go.mod"), "module example.com/workspace\n")
			put(t, filepath.Join(dir, "openapi.yaml"), version+"\ninfo: {title: Refused, version: \"1\"}\npaths:\n"+test.paths)
			put(t, filepath.Join(dir, "oapi-codegen.yaml"), "package: api\noutput: "+test.folder+"/api.gen.go\ngenerate: {"+test.server+": true, models: true}\n")
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
