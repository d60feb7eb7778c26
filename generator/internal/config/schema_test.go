package config

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// TestSchema has the schema accept and refuse what the decoder does, as far as a schema can tell.
func TestSchema(t *testing.T) {
	schema := compile(t)
	for _, accepted := range []string{
		goodConfig,
		"spec: a\nserver: {config: b, file: c}\noutput: d.go\npackage: e\ngenerate: {server: true}\nroles: {explicit: false}\nallow-remote-refs: ['*']\n",
		"spec: a\nserver: none\noutput: d.go\ngenerate: {server: false}\n",
		"spec: a\nserver: none\noutput: d.go\nresource-metadata: {}\n",
		"spec: a\nserver: none\noutput: d.go\nresource-metadata: {identifier: 'https://a.example', authorization-servers: ['https://b.example']}\n",
		"spec: a\nserver: {config: b}\noutput: d.go\ngenerate: {}\nroles: {}\nallow-remote-refs: []\n",
	} {
		if err := validate(t, schema, accepted); err != nil {
			t.Errorf("%s%v", accepted, err)
		}
	}
	for _, test := range refusals() {
		shape := strings.Contains(test.want, "[config-key]") || strings.Contains(test.want, "[config-type]") ||
			strings.Contains(test.want, "[config-missing-key]") || strings.Contains(test.want, "is empty")
		if shape && test.config != "" && test.name != "merge key" && test.name != "key of keys" && validate(t, schema, test.config) == nil {
			t.Errorf("%s: the schema accepts\n%s", test.name, test.config)
		}
	}
}

// TestSchemaDocumentsKeys has every key explained, with its default.
func TestSchemaDocumentsKeys(t *testing.T) {
	var walk func(known []key)
	walk = func(known []key) {
		for _, k := range known {
			if !strings.HasSuffix(k.doc, ".") || !bytes.Contains(Schema(), []byte(`"`+k.name+`": {`)) {
				t.Errorf("%s: %q", k.name, k.doc)
			}
			if !k.required && k.keys == nil && k.fallback == "" {
				t.Errorf("%s has no default", k.name)
			}
			walk(k.keys)
		}
	}
	walk(keys())
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}
