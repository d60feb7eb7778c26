package spec

// shape is an object of the OpenAPI Specification, with the fields that guards depend on. Objects with a shape
// are checked for repeated and misspelt keys, and handed to kin-openapi.
type shape struct {
	// name is the object in words, for messages.
	name string
	// members are the object's fields; a field whose shape is nil is known and not looked into.
	members map[string]*shape
	// each is the shape of the values of a map; its keys are names that the author chose.
	each *shape
	// names says that the keys of a map are names whatever they look like (see isName).
	names bool
	// items is the shape of a list's values.
	items *shape
	// extensions are those of the vocabulary that have a meaning here.
	extensions []string
	// reference says that a Reference Object is allowed here.
	reference bool
	// foreign objects are looked into for misplaced extensions only.
	foreign bool
	// whole values matter with everything in them.
	whole bool
}

// methods are the fields of a Path Item Object that hold operations (OpenAPI 3.2.0 section 4.9), sorted.
var methods = [...]string{"connect", "delete", "get", "head", "options", "patch", "post", "put", "query", "trace"}

// grammar makes the shape of an OpenAPI Object (OpenAPI 3.2.0 section 4.1), with the required roles in this extension.
func grammar(requiredRoles string) *shape {
	parameter := object("a parameter", value("name", "in", "required"), known("description", "deprecated",
		"allowEmptyValue", "style", "explode", "allowReserved", "schema", "example", "examples", "content"))
	parameter.reference = true
	pathItem := pathItemShape(parameter, requiredRoles)
	callbacks := pathItem.members["get"].members["callbacks"]
	tag := object("a tag", known("name", "description", "externalDocs", "summary", "parent", "kind"))
	tag.foreign = true
	root := object("the document", value("openapi", requiredRoles, "x-conceal"), known("jsonSchemaDialect", "$self", "servers", "externalDocs"),
		"info", object("info", value("title", "version"), known("summary", "description", "termsOfService", "contact", "license")),
		"paths", mapOf("paths", pathItem),
		"webhooks", namesOf("webhooks", pathItem),
		"security", requirements(),
		"components", object("components",
			"parameters", mapOf("components.parameters", parameter),
			"pathItems", mapOf("components.pathItems", pathItem),
			"callbacks", mapOf("components.callbacks", callbacks.each),
			"securitySchemes", mapOf("components.securitySchemes", schemeShape()),
			known("schemas", "responses", "examples", "requestBodies", "headers", "links", "mediaTypes")),
		"tags", list("tags", tag))
	root.extensions = []string{"x-roles", requiredRoles, "x-conceal", Ignore}
	return root
}

func pathItemShape(parameter *shape, requiredRoles string) *shape {
	pathItem := object("a path item", value(requiredRoles, "x-resource-check", "x-conceal"), "parameters", list("parameters", parameter), known("summary", "description", "servers"))
	pathItem.extensions = []string{requiredRoles, "x-resource-check", "x-conceal", Ignore}
	pathItem.reference = true
	callback := mapOf("a callback", pathItem)
	callback.reference = true
	operation := object("an operation", value("operationId", "tags", requiredRoles, "x-resource-check", "x-conceal", "x-invalid-credentials"), "security", requirements(),
		"parameters", list("parameters", parameter), "callbacks", namesOf("callbacks", callback),
		known("summary", "description", "externalDocs", "requestBody", "responses", "deprecated", "servers"))
	operation.extensions = append([]string{"x-invalid-credentials"}, pathItem.extensions...)
	for _, m := range methods {
		pathItem.members[m] = operation
	}
	pathItem.members["additionalOperations"] = mapOf("additionalOperations", operation)
	return pathItem
}

func schemeShape() *shape {
	scheme := object("a security scheme", value("type", "name", "in", "scheme", "bearerFormat", "openIdConnectUrl", "flows"),
		known("description", "deprecated", "oauth2MetadataUrl"))
	scheme.extensions = []string{"x-go-name", "x-challenge", "x-signed-body", "x-credentials", "x-duplicates", "x-invalid-credentials", Ignore}
	scheme.reference = true
	return scheme
}

func requirements() *shape { return &shape{name: "security", whole: true} }

func mapOf(name string, each *shape) *shape { return &shape{name: name, each: each} }

func namesOf(name string, each *shape) *shape { return &shape{name: name, each: each, names: true} }

func list(name string, items *shape) *shape { return &shape{name: name, items: items} }

type fields map[string]*shape

func value(names ...string) fields {
	f := fields{}
	for _, n := range names {
		f[n] = &shape{name: n, whole: true}
	}
	return f
}

func known(names ...string) fields {
	f := fields{}
	for _, n := range names {
		f[n] = nil
	}
	return f
}

// object makes a shape of fields and of names each followed by its shape.
func object(name string, parts ...any) *shape {
	s := &shape{name: name, members: fields{}}
	for i := 0; i < len(parts); i++ {
		switch p := parts[i].(type) {
		case fields:
			for k, v := range p {
				s.members[k] = v
			}
		case string:
			i++
			s.members[p] = parts[i].(*shape)
		}
	}
	return s
}
