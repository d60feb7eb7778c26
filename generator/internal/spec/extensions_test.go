package spec

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestExtensionSchema has every extension of the grammar in the schema, at the same objects.
func TestExtensionSchema(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Properties map[string]any
		} `json:"$defs"`
	}
	if err := json.Unmarshal(ExtensionSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	root := grammar(RequiredRoles)
	pathItem := root.members["paths"].each
	for name, shape := range map[string]*shape{
		"root": root, "pathItem": pathItem, "operation": pathItem.members["get"],
		"scheme": root.members["components"].members["securitySchemes"].each,
	} {
		var got []string
		for key, value := range schema.Defs[name].Properties {
			if strings.HasPrefix(key, "x-") && value != false {
				got = append(got, key)
			}
		}
		slices.Sort(got)
		if want := slices.Sorted(slices.Values(shape.extensions)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var operations []string
	for key, value := range schema.Defs["pathItem"].Properties {
		if reference, ok := value.(map[string]any); ok && reference["$ref"] == "#/$defs/operation" {
			operations = append(operations, key)
		}
	}
	slices.Sort(operations)
	if want := slices.Sorted(slices.Values(methods[:])); !slices.Equal(operations, want) {
		t.Errorf("operations %q, want %q", operations, want)
	}
}
