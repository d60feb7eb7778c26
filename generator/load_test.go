package generator_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/oapi-guard/oapi-guard/generator"
)

const bareDocument = `openapi: 3.1.0
info: {title: t, version: "1"}
security: [{a: []}]
paths:
  /kept: {get: {operationId: kept, tags: [kept], x-permissions: [r], responses: {'204': {description: ok}}}}
  /gone: {$ref: 'gone.yaml'}
components: {securitySchemes: {a: {type: http, scheme: basic}}}
`

const gonePart = `get: {operationId: gone, tags: [gone], responses: {'204': {description: ok}}}
`

// TestLoadBareDocument: the document alone, from disk or from elsewhere, with the files that it refers to.
func TestLoadBareDocument(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "api.yaml"), bareDocument)
	put(t, filepath.Join(dir, "gone.yaml"), gonePart)
	elsewhere := fstest.MapFS{"x/api.yaml": {Data: []byte(bareDocument)}, "x/gone.yaml": {Data: []byte(gonePart)}}
	for name, options := range map[string]generator.PolicyOptions{
		"disk":      {Spec: filepath.Join(dir, "api.yaml")},
		"elsewhere": {Spec: "x/api.yaml", Read: func(name string) ([]byte, error) { return fs.ReadFile(elsewhere, filepath.ToSlash(name)) }},
	} {
		t.Run(name, func(t *testing.T) {
			p, diags := generator.LoadPolicy(options)
			if diags.HasErrors() || len(p.Operations) != 2 || len(p.Operations[0].Alternatives) != 1 || !p.Operations[0].Roles.Empty() {
				t.Fatalf("%v, %v", p, diags)
			}
			if file := p.Operations[1].Position.File; !strings.HasSuffix(filepath.ToSlash(file), "gone.yaml") {
				t.Errorf("the operation is at %s", file)
			}
		})
	}
}

// TestLoadConfiguredDocument: filters and the roles' extension of the configuration apply, to another document too.
func TestLoadConfiguredDocument(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "oapi-guard.yaml")
	put(t, filepath.Join(dir, "go.mod"), "module example.com/x\n\ngo 1.26.0\n")
	put(t, config, "spec: api.yaml\nserver: oapi-codegen.yaml\noutput: guards/guards.gen.go\nroles: {extension: x-permissions}\n")
	put(t, filepath.Join(dir, "oapi-codegen.yaml"), "package: api\noutput: api.gen.go\ngenerate: {std-http-server: true}\noutput-options: {include-tags: [kept]}\n")
	put(t, filepath.Join(dir, "api.gen.go"), "package api\n")
	put(t, filepath.Join(dir, "gone.yaml"), gonePart)
	put(t, filepath.Join(dir, "other.yaml"), bareDocument)
	if p, diags := generator.LoadPolicy(generator.PolicyOptions{Config: config}); p != nil || diags.Exit() != 2 {
		t.Errorf("without the document: %v, %v", p, diags)
	}
	put(t, filepath.Join(dir, "api.yaml"), bareDocument)
	for _, document := range []string{"", filepath.Join(dir, "other.yaml")} {
		p, diags := generator.LoadPolicy(generator.PolicyOptions{Config: config, Spec: document})
		if diags.HasErrors() || len(p.Operations) != 1 || len(p.Operations[0].Roles.Groups) != 1 {
			t.Errorf("%q: %v, %v", document, p, diags)
		}
	}
}

// TestLoadRefusedDocument: what generate refuses has errors here.
func TestLoadRefusedDocument(t *testing.T) {
	for name, text := range map[string]string{
		"a typo":        "x-required-role: [a]\n" + bareDocument,
		"not a mapping": "[]",
	} {
		p, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: "a.yaml", Read: func(string) ([]byte, error) { return []byte(text), nil }})
		if !diags.HasErrors() {
			t.Errorf("%s: %v, %v", name, p, diags)
		}
	}
}
