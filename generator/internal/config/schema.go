package config

import "encoding/json"

// Schema is the JSON Schema (draft 2020-12) of oapi-guard.yaml, for editors.
func Schema() []byte {
	schema := groupSchema(keys())
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "oapi-guard.yaml"
	schema["description"] = "Configuration of oapi-guard. Paths are relative to the file."
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic("config: the schema holds only strings, booleans, lists and maps: " + err.Error())
	}
	return append(text, '\n')
}

func groupSchema(known []key) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, k := range known {
		properties[k.name] = keySchema(k)
		if k.required {
			required = append(required, k.name)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

func keySchema(k key) map[string]any {
	schema := map[string]any{}
	switch {
	case k.values != nil:
		schema = map[string]any{"enum": k.values}
	case k.field != nil:
		schema = fieldSchema(k.field(&Config{}))
	case k.items != nil:
		schema = map[string]any{"type": "array", "items": groupSchema(k.items)}
	case k.short != "":
		schema["anyOf"] = []any{textSchema(), groupSchema(k.keys)}
	default:
		schema = groupSchema(k.keys)
	}
	schema["description"] = k.doc
	if k.fallback != "" {
		schema["description"] = k.doc + " Default: " + k.fallback + "."
	}
	return schema
}

func fieldSchema(field any) map[string]any {
	switch field.(type) {
	case *bool:
		return map[string]any{"type": "boolean"}
	case *[]string:
		return map[string]any{"type": "array", "items": textSchema()}
	}
	return textSchema()
}

func textSchema() map[string]any {
	return map[string]any{"type": "string", "pattern": `\S`}
}
