package generator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/oapi-guard/oapi-guard/generator"
)

// TestExtensionSchemaAccepts documents that are understood: the examples, the golden cases, those of publishers, and the
// cases of package policy that are right.
func TestExtensionSchemaAccepts(t *testing.T) {
	schema := extensionSchema(t)
	var paths []string
	for _, pattern := range []string{"../examples/*/openapi.yaml", "../testdata/golden/*/openapi.yaml", "../../shared/specs/*.yaml", "../../shared/specs/*.json"} {
		found, _ := filepath.Glob(pattern)
		paths = append(paths, found...)
	}
	if len(paths) < 20 {
		t.Fatalf("only %q", paths)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document(t, path, content)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for name, archive := range policyCases(t, "ok-*.txtar") {
		// Another extension has the roles where the case says so.
		if !strings.Contains(string(archive.Comment), "roles") && strings.HasSuffix(archive.Files[0].Name, ".yaml") {
			if err := schema.Validate(document(t, name, archive.Files[0].Data)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestExtensionSchemaRefuses the documents with wrong values that package policy refuses for their form.
func TestExtensionSchemaRefuses(t *testing.T) {
	schema := extensionSchema(t)
	for _, name := range []string{
		"challenge-grammar", "conceal-value", "credentials-value", "duplicates-value", "go-name", "guard-ignore", "invalid-credentials-value",
		"misplaced-extension-x-roles", "role-grammar", "role-shape", "role-shape-catalogue", "role-shape-list", "role-shape-scalar",
		"signed-body-value",
	} {
		for _, archive := range policyCases(t, name+".txtar") {
			if err := schema.Validate(document(t, name, archive.Files[0].Data)); err == nil {
				t.Errorf("%s: accepted\n%s", name, archive.Files[0].Data)
			}
		}
	}
}

// TestExtensionValues has schema and generator agree on single values.
func TestExtensionValues(t *testing.T) {
	schema := extensionSchema(t)
	for _, test := range []struct{ place, extension, right, wrong string }{
		{"operation", "x-required-roles", "a|[]|[a, b]|{anyOf: [a]}|{anyOf: [a, b], allOf: [c]}|[é]", "''|'a b'|'a,b'|1|true|[1]|['']|{}|{anyOf: []}|{anyOf: a}|{oneOf: [a]}|{anyOf: [a], not: [b]}|\"a\\u0001\""},
		{"path item", "x-required-roles", "a|[]", "{}|1"},
		{"root", "x-required-roles", "a|[]", "{}|1"},
		{"root", "x-roles", "[a]|{a: {}}|{a: }|{a: {description: text}, b: {includes: [a], x-go-name: Bee}}", "a|1|[1]|[a, a]|{a: []}|{a: {includes: a}}|{a: {include: [b]}}|{'a b': {}}|{a: {description: 1}}|{a: {x-go-name: bee}}"},
		{"operation", "x-resource-check", "ownsOrder|false|owns-order", "true|1|''|'a b'|[a]|'false'"},
		{"operation", "x-conceal", "not-found|forbidden|false", "true|notfound|'false'|404"},
		{"path item", "x-conceal", "not-found|false", "true"},
		{"root", "x-conceal", "not-found|false", "true"},
		{"operation", "x-invalid-credentials", "deny", "ignore|true|[anonymous]"},
		{"operation", "x-guard-ignore", "{missing-401: a reason}", "[missing-401]|{missing-401: ''}|{missing-401: ' '}|{missing-401: true}"},
		{"scheme", "x-go-name", "Bearer|Bearer_2|Ärger", "bearer|''|1|'A B'|A-B"},
		{"scheme", "x-challenge", "ApiKey|{scheme: ApiKey}|{scheme: ApiKey, params: {realm: a, max: 1, strict: true}}|{scheme: X, params: {realm: false, a: b}}", "'a b'|''|1|{}|{params: {a: b}}|{scheme: A, param: {a: b}}|{scheme: A, params: {'a b': c}}|{scheme: A, params: {a: [b]}}|{scheme: A, params: {realm: true, a: b}}"},
		{"scheme", "x-signed-body", "1|65536|64KiB|1MiB|33554432", "0|-1|1.5|64KB|64 KiB|'65536'|33554433|true"},
		{"scheme", "x-credentials", "opaque", "transparent|true"},
		{"cookie", "x-duplicates", "try|refuse", "first|true"},
		{"scheme", "x-duplicates", "", "try"},
		{"cookie", "x-credentials", "", "opaque"},
		{"operation", "x-roles", "", "[a]"},
	} {
		for _, value := range values(test.right) {
			agree(t, schema, withExtension(test.place, test.extension, value), true)
		}
		for _, value := range values(test.wrong) {
			agree(t, schema, withExtension(test.place, test.extension, value), false)
		}
	}
}

func values(list string) []string {
	return slices.DeleteFunc(strings.Split(list, "|"), func(v string) bool { return v == "" })
}

func agree(t *testing.T, schema *jsonschema.Schema, text string, right bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "openapi.yaml")
	put(t, path, text)
	_, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: path})
	if diags.HasErrors() == right {
		t.Errorf("the generator says %v of\n%s", diags, text)
	}
	if err := schema.Validate(document(t, path, []byte(text))); (err == nil) != right {
		t.Errorf("the schema says %v of\n%s", err, text)
	}
}

// withExtension is a document with the extension at one of its places.
func withExtension(place, extension, value string) string {
	at := func(p, indent string) string {
		if p != place {
			return ""
		}
		return indent + extension + ": " + value + "\n"
	}
	return "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nsecurity: [{b: [], c: []}]\n" + at("root", "") +
		"paths:\n  /a/{id}:\n" + at("path item", "    ") + "    put:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {}\n" + at("operation", "      ") +
		"components:\n  securitySchemes:\n    b:\n      type: http\n      scheme: x-own\n" + at("scheme", "      ") +
		"    c:\n      type: apiKey\n      in: cookie\n      name: c\n" + at("cookie", "      ")
}

func extensionSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	content, err := jsonschema.UnmarshalJSON(bytes.NewReader(generator.ExtensionSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("extensions.schema.json", content); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("extensions.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// document is a document as a schema sees it: JSON, with texts as keys.
func document(t *testing.T, name string, content []byte) any {
	t.Helper()
	if strings.HasSuffix(name, ".json") {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
		if err != nil {
			t.Fatal(name, err)
		}
		return value
	}
	var node yaml.Node
	if err := yaml.Unmarshal(content, &node); err != nil {
		t.Fatal(name, err)
	}
	textKeys(&node)
	var value any
	if err := node.Decode(&value); err != nil {
		t.Fatal(name, err)
	}
	return value
}

// textKeys makes texts of keys such as 200, and leaves out those that are there twice.
func textKeys(n *yaml.Node) {
	var kept []*yaml.Node
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i++ {
		textKeys(n.Content[i])
		if n.Kind != yaml.MappingNode {
			continue
		}
		key := n.Content[i]
		if i++; key.Tag != "!!merge" {
			key.Tag = "!!str"
		}
		if textKeys(n.Content[i]); !seen[key.Value] {
			seen[key.Value] = true
			kept = append(kept, key, n.Content[i])
		}
	}
	if n.Kind == yaml.MappingNode {
		n.Content = kept
	}
}

func policyCases(t *testing.T, pattern string) map[string]*txtar.Archive {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join("policy/testdata/cases", pattern))
	if len(names) == 0 {
		t.Fatalf("no case %s", pattern)
	}
	cases := map[string]*txtar.Archive{}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		cases[name] = archive
	}
	return cases
}
