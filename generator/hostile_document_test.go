package generator

import (
	"go/ast"
	"go/build/constraint"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// hostileDocument has a hostilePlace for every text that an OpenAPI document brings, marked «name».
const hostileDocument = `openapi: 3.1.0
info: {title: «title», version: "1", description: «infoDescription»}
tags: [{name: «tag», description: «description»}]
x-roles:
  «a:role»: {description: «roleDescription»}
  «b:otherRole»: {description: «description», includes: [«a:role»]}
paths:
  «/a/:path»:
    post:
      operationId: «addThing:operationId»
      summary: «summary»
      description: «description»
      tags: [«tag»]
      security: [{«a:scheme»: [], «b:scheme»: []}, {«c:scheme»: [«scope»]}, {«d:scheme»: []}]
      x-required-roles: [«a:role»]
      requestBody: {description: «description», content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      callbacks:
        «a:callback»:
          «{$request.body#/url}:expression»:
            post: {operationId: «thingAdded:operationId», summary: «summary», security: [{«b:scheme»: []}], responses: {"204": {description: «description»}}}
      responses: {"204": {description: «description»}}
  «/b/{id}/:path»:
    get:
      operationId: «readThing:operationId»
      summary: «summary»
      deprecated: true
      security: [{«a:scheme»: []}, {}]
      x-resource-check: «ownsThing:check»
      x-conceal: not-found
      x-invalid-credentials: anonymous
      parameters:
      - {name: id, in: path, required: true, description: «description», schema: {type: string}}
      - {name: «q:query», in: query, description: «description», schema: {type: string, description: «description»}}
      responses: {"204": {description: «description»}}
  /c:
    get: {summary: «summary», description: «description», security: [], responses: {"204": {description: «description»}}}
webhooks:
  «a:webhook»:
    post: {operationId: «tellThing:operationId», description: «description», security: [{«a:scheme»: []}], responses: {"204": {description: «description»}}}
components:
  schemas:
    Thing: {type: object, title: «title», description: «description», properties: {at: {type: string, description: «description»}}}
  securitySchemes:
    «a:scheme»: {type: http, scheme: bearer, bearerFormat: «bearerFormat», description: «schemeDescription», x-credentials: opaque, x-invalid-credentials: anonymous}
    «b:scheme»:
      type: apiKey
      in: header
      name: X-Key
      description: «schemeDescription»
      x-challenge: {scheme: ApiKey, params: {hint: «challengeValue»}}
      x-signed-body: 64KiB
    «c:scheme»: {type: oauth2, description: «schemeDescription», flows: {implicit: {authorizationUrl: 'https://example.com/a', scopes: {«scope»: «description»}}}}
    «d:scheme»: {type: http, scheme: DPoP, description: «schemeDescription»}
`

// hostilePlace is a place of hostileDocument.
var hostilePlace = regexp.MustCompile(`«((?:[^»:]|:/)*:)?([a-zA-Z]+)»`)

// places are the names of hostileDocument's places.
func places() []string {
	var names []string
	known := map[string]bool{}
	for _, m := range hostilePlace.FindAllStringSubmatch(hostileDocument, -1) {
		if !known[m[2]] {
			known[m[2]] = true
			names = append(names, m[2])
		}
	}
	return names
}

// fill is hostileDocument with texts; where there is none, a benign one.
func fill(text map[string]string) string {
	return hostilePlace.ReplaceAllStringFunc(hostileDocument, func(at string) string {
		m := hostilePlace.FindStringSubmatch(at)
		value, ok := text[m[2]]
		if !ok {
			value = benignPlace(m[2])
		}
		return strconv.QuoteToASCII(strings.TrimSuffix(m[1], ":") + valid(value))
	})
}

// valid is a text as a document can have it: one in UTF-8.
func valid(text string) string { return string([]rune(text)) }

func benignPlace(name string) string { return marker + strings.ToUpper(name[:1]) + name[1:] }

// said is what literals say in hostilePlace of benign texts. A path is in patterns, too, where routers have their own
// notation for it, so that nothing is expected there.
func said(text map[string]string) replacing {
	var pairs []string
	for name, value := range text {
		if name != "path" {
			pairs = append(pairs, benignPlace(name), valid(value))
		}
	}
	return replacing{strings.NewReplacer(pairs...), benignPlace("path")}
}

// generateHostile runs everything for a document in a module of its own.
func generateHostile(t testing.TB, framework int, text map[string]string) *Result {
	t.Helper()
	dir := t.TempDir()
	chosen, config := allFrameworks[framework%len(allFrameworks)], "spec: openapi.yaml\noutput: apiguard/guards.gen.go\n"
	codegen := "package: api\noutput: api/api.gen.go\ngenerate: {" + chosen.GenerateKey() + ": true, models: true, strict-server: " +
		strconv.FormatBool(framework/len(allFrameworks)%2 == 1) + "}\n"
	if chosen.GenerateKey() == "" {
		config += "server: none\n"
	} else {
		config += "server: oapi-codegen.yaml\ngenerate: {server: true}\n"
	}
	for name, content := range map[string]string{
		"go.mod": "module example.com/m\n", "openapi.yaml": fill(text), "oapi-codegen.yaml": codegen,
		"oapi-guard.yaml": config,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Generate(filepath.Join(dir, "oapi-guard.yaml"))
}

// twins generates for a hostile document and its benign twin, and compares what is written. It is false where the
// hostile one is refused.
func twins(t *testing.T, framework int, text map[string]string) bool {
	t.Helper()
	want := benignTwin(t, framework)
	got := generateHostile(t, framework, text)
	if got.Diagnostics.HasErrors() {
		return false
	}
	what := string(allFrameworks[framework%len(allFrameworks)])
	last := len(want.Files) - 1
	if last > 0 {
		compareServers(t, what, want.Files[0].Content, got.Files[0].Content)
	}
	compare(t, what, want.Files[last].Content, got.Files[last].Content, said(text))
	return true
}

// benignResults are what is written for the benign twin, by framework and strictness.
var benignResults sync.Map

func benignTwin(t *testing.T, framework int) *Result {
	t.Helper()
	key := framework % (2 * len(allFrameworks))
	if r, ok := benignResults.Load(key); ok {
		return r.(*Result)
	}
	r := generateHostile(t, framework, nil)
	if len(r.Files) == 0 {
		t.Fatal(r.Diagnostics)
	}
	benignResults.Store(key, r)
	return r
}

// compareServers compares what oapi-codegen writes: its declarations and imports.
func compareServers(t *testing.T, what string, want, got []byte) {
	t.Helper()
	for line := range strings.Lines(string(got)) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "//go:") && !strings.Contains(string(want), line) || constraint.IsPlusBuild(line) {
			t.Fatalf("%s: oapi-codegen writes the directive %q", what, line)
		}
	}
	wanted, found := uncommented(parseGuards(t, what, want)), uncommented(parseGuards(t, what, got))
	if len(wanted) != len(found) {
		t.Fatalf("%s: oapi-codegen writes %d nodes, and %d for a benign document", what, len(found), len(wanted))
	}
	for i := range wanted {
		if problem := differ(wanted[i], found[i], replacing{}); problem != "" {
			t.Fatalf("%s: oapi-codegen's node %d: %s", what, i, problem)
		}
	}
}

// uncommented are a file's nodes but for comments, which stand only where a document has text for them.
func uncommented(file *ast.File) []ast.Node {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc = nil
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.TypeSpec:
			n.Doc = nil
		case *ast.ValueSpec:
			n.Doc = nil
		}
		return true
	})
	return nodes(file)
}

// TestHostileDocuments generates from a document to the guards, with several payloads for each hostilePlace.
func TestHostileDocuments(t *testing.T) {
	for i, name := range places() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accepted := 0
			for k := i; k < len(hostile); k += 11 {
				if twins(t, i+k, map[string]string{name: hostile[k]}) {
					accepted++
				}
			}
			if accepted == 0 && !twins(t, i, map[string]string{name: "*/{{end}}//'&<"}) {
				t.Error("every payload is refused, which shows nothing")
			}
		})
	}
}

// TestHostileConstraint expects the texts of which gofmt would make a build constraint in oapi-codegen's output to be
// refused.
func TestHostileConstraint(t *testing.T) {
	for i := range 2 * len(allFrameworks) {
		if allFrameworks[i%len(allFrameworks)].GenerateKey() == "" {
			continue // no output to refuse
		}
		r := generateHostile(t, i, map[string]string{"description": "x\n+build ignore\nx"})
		if !r.Diagnostics.HasErrors() || len(r.Files) > 0 {
			t.Errorf("%s: %d files", allFrameworks[i%len(allFrameworks)], len(r.Files))
		}
	}
}

// FuzzHostileDocument does the same with any two texts, in places that a number selects.
//
//fuzzing:slow
func FuzzHostileDocument(f *testing.F) {
	names := places()
	for i := range names {
		f.Add(uint8(i), uint32(1)<<i, hostile[i%len(hostile)], "")
	}
	f.Fuzz(func(t *testing.T, framework uint8, where uint32, a, b string) {
		text := map[string]string{}
		for i, name := range names {
			if where>>i&1 == 1 {
				text[name] = a
				a, b = b, a
			}
		}
		if !twins(t, int(framework), text) {
			t.Skip("refused")
		}
	})
}
