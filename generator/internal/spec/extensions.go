package spec

import _ "embed" // the schema

//go:embed extensions.schema.json
var extensionSchema string

// ExtensionSchema is the JSON Schema (draft 2020-12) of the extensions that guards know, in an OpenAPI document.
func ExtensionSchema() []byte { return []byte(extensionSchema) }
