package probe

import _ "embed"

//go:embed schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of the credentials file.
func Schema() []byte { return []byte(schema) }
