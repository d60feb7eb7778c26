package config

import (
	"encoding/json"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
)

// key is a key of oapi-guard.yaml: the one description that decoding and the JSON Schema share.
type key struct {
	name, doc string
	required  bool
	// field is where the value goes: a *string, *bool, *[]string or vetSetting. Nil for a group of keys or a list.
	field func(*Config) any
	// keys are those of a group; a plain string is short for the group with only the key short.
	keys  []key
	short string
	// none is set by the word "none" in place of a group.
	none func(*Config) *bool
	// items are the keys of each element of a list; next appends an element, to which their fields then belong.
	items []key
	next  func(*Config)
	// values are the possible values of a string, if it is not free.
	values []string
	// fallback is the default in words.
	fallback string
}

// none is the word for a key without a value.
const none = "none"

// keys is the whole vocabulary, in the order of documentation.
func keys() []key {
	return []key{
		{
			name: "spec", required: true, field: func(c *Config) any { return &c.Spec },
			doc: "The OpenAPI document, JSON or YAML.",
		},
		{
			name: "server", required: true, short: "config", keys: serverKeys(), none: func(c *Config) *bool { return &c.NoServer },
			doc: "The oapi-codegen configuration that generates the server, the configuration and the server file, or none where no server is generated.",
		},
		{
			name: "output", required: true, field: func(c *Config) any { return &c.Output },
			doc: "The Go file to write. In the server's folder it becomes part of the server's package.",
		},
		{
			name: "package", field: func(c *Config) any { return &c.Package },
			doc:      "The package name of the output.",
			fallback: "the name of the output's folder, or the server's package if it is the same folder",
		},
		{
			name: "generate", keys: generateKeys(),
			doc: "Further code to generate in the same run.",
		},
		{
			name: "roles", keys: rolesKeys(),
			doc: "Where the document has required roles, and how it may write them.",
		},
		{
			name: "resource-metadata", keys: resourceKeys(),
			doc: "Generate ProtectedResource, the protected resource metadata of the API (RFC 9728). {} takes everything from the document.",
		},
		{
			name: "templates", short: "path", keys: templatesKeys(),
			doc:      "A folder of templates that fill hooks of the built-in ones, or replace blocks of them.",
			fallback: "none, the built-in templates as they are",
		},
		{
			name: "outputs", items: outputKeys(), next: func(c *Config) { c.Outputs = append(c.Outputs, Output{}) },
			doc:      "Further files to generate from the same policy, each with a template of your own.",
			fallback: "none",
		},
		{
			name: "client", keys: clientKeys(),
			doc:      "A typed client whose constructor asks for the credentials of the document's security schemes.",
			fallback: "none",
		},
		{
			name: "fail-on", field: func(c *Config) any { return &c.FailOn }, values: []string{"error", "warning"},
			doc:      "The mildest finding that fails a run: with warning, warnings are errors, and nothing is written.",
			fallback: "error",
		},
		{
			name: "vet", keys: vetKeys(),
			doc: "The severity of single rules of vet: off, warning or error.",
		},
		{
			name: "allow-remote-refs", field: func(c *Config) any { return &c.AllowRemoteRefs },
			doc:      "The URLs of documents on other hosts that a $ref may fetch, without fragment, or \"*\" for all.",
			fallback: "allow-remote-refs-from of the oapi-codegen configuration, or none",
		},
	}
}

func serverKeys() []key {
	return []key{
		{
			name: "config", required: true, field: func(c *Config) any { return &c.ServerConfig },
			doc: "The oapi-codegen configuration that generates the server.",
		},
		{
			name: "file", field: func(c *Config) any { return &c.ServerFile },
			doc:      "The server file, if it is not where that configuration's output says.",
			fallback: "the configuration's output",
		},
	}
}

func generateKeys() []key {
	return []key{
		{
			name: "server", field: func(c *Config) any { return &c.GenerateServer },
			doc: "Also write the server file, as oapi-codegen's own command would.", fallback: "false",
		},
		{
			name: "unimplemented-server", field: func(c *Config) any { return &c.Unimplemented },
			doc: "Also generate UnimplementedServer, which answers 501 to every operation, to be embedded in a server that lacks some.", fallback: "false",
		},
		{
			name: "server-per-tag", field: func(c *Config) any { return &c.ServerPerTag },
			doc: "Make the server's interface of one interface for each tag. An operation belongs to its first tag.", fallback: "false",
		},
		{
			name: "guard-tests", field: func(c *Config) any { return &c.GuardTests },
			doc: "Also generate a test of the guards beside them: guards.gen_test.go for guards.gen.go.", fallback: "false",
		},
	}
}

func templatesKeys() []key {
	return []key{
		{
			name: "path", required: true, field: func(c *Config) any { return &c.Templates },
			doc: "The folder.",
		},
		{
			name: "unprotected", field: func(c *Config) any { return &c.Unprotected },
			doc:      "Blocks that hold the guard and that the templates may replace all the same. Nothing verifies what they do then.",
			fallback: "none",
		},
	}
}

func clientKeys() []key {
	return []key{
		{
			name: "config", required: true, field: func(c *Config) any { return &c.Client.Config },
			doc: "The oapi-codegen configuration that generates the client (generate.client).",
		},
		{
			name: "output", required: true, field: func(c *Config) any { return &c.Client.Output },
			doc: "The Go file to write, in a package of its own.",
		},
	}
}

func outputKeys() []key {
	return []key{
		{
			name: "template", required: true, field: func(c *Config) any { return &c.lastOutput().Template },
			doc: "The template, a file.",
		},
		{
			name: "path", required: true, field: func(c *Config) any { return &c.lastOutput().Path },
			doc: "The file to write, below the folder of oapi-guard.yaml. With each: operation the path itself is a template, like docs/{{.Name}}.md.",
		},
		{
			name: "each", field: func(c *Config) any { return &c.lastOutput().Each }, values: []string{"file", "operation"},
			doc:      "How often the template is used: once for the file of guards, or once for each operation.",
			fallback: "file",
		},
	}
}

func rolesKeys() []key {
	return []key{
		{
			name: "explicit", field: func(c *Config) any { return &c.ExplicitRoles },
			doc: "Refuse a list of two or more roles that does not say anyOf or allOf.", fallback: "false",
		},
		{
			name: "extension", field: func(c *Config) any { return &c.RolesExtension },
			doc: "The extension of the document that has the required roles, x-permissions for example.", fallback: spec.RequiredRoles,
		},
	}
}

func resourceKeys() []key {
	return []key{
		{
			name: "identifier", field: func(c *Config) any { return &c.ResourceIdentifier },
			doc:      "The resource identifier of the API where the program's options have none: an https URL without a fragment.",
			fallback: "none, guard.Options.Resource has to say it",
		},
		{
			name: "authorization-servers", field: func(c *Config) any { return &c.AuthorizationServers },
			doc:      "The issuer identifiers of the authorization servers, in place of those that follow from the document.",
			fallback: "the issuers of openIdConnectUrl and oauth2MetadataUrl",
		},
	}
}

// vetKeys are the rules of vet that can be set.
func vetKeys() []key {
	var all []key
	for _, rule := range lint.Rules() {
		k := key{
			name: rule.ID, field: func(c *Config) any { return vetSetting{c, rule.ID} },
			values: []string{string(lint.Off), string(lint.Warning), string(lint.Error)}, doc: rule.Text, fallback: rule.Severity.String(),
		}
		if lint.IsOff(rule.ID) {
			k.fallback = string(lint.Off)
		}
		all = append(all, k)
	}
	return all
}

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
		schema["anyOf"] = append(noneSchema(k), textSchema(), groupSchema(k.keys))
	default:
		schema = groupSchema(k.keys)
	}
	schema["description"] = k.doc
	if k.fallback != "" {
		schema["description"] = k.doc + " Default: " + k.fallback + "."
	}
	return schema
}

// noneSchema has the word "none" for keys that take it: a path would allow it too, but editors offer what is listed.
func noneSchema(k key) []any {
	if k.none == nil {
		return nil
	}
	return []any{map[string]any{"const": none}}
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
