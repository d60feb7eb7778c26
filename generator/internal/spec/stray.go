package spec

import "cmp"

// further looks for misplaced extensions in a value that no guard depends on.
func (w *walker) further(s *shape, key string, value *Node) {
	if w.deep && !anything[key] {
		w.strayExtensions(within(s.name, key), value, s.name == "components" || named[key])
	}
}

// strayExtensions reports extensions of the vocabulary in n, which is an object that they do not belong in, or holds
// such objects. The keys of n may be names that the author chose. An extension of somebody else may hold anything, so
// a finding there is a warning; and a value with an anchor is a part for other places.
func (w *walker) strayExtensions(object string, n *Node, names bool) {
	if n == nil || n.anchored && isExtension(object) {
		return
	}
	for _, item := range n.Items() {
		w.strayExtensions(object, item, names)
	}
	for _, m := range n.Members() {
		switch {
		case names:
			w.strayExtensions(object, m.Value, false)
		case w.words.has(m.Key):
			w.stray(object, m)
		case !anything[m.Key] || object == objects["responses"]: // there default is a response
			w.strayExtensions(within(object, m.Key), m.Value, named[m.Key])
		}
	}
}

func (w *walker) stray(object string, m Member) {
	if w.met[m.Position] {
		return
	}
	report := w.diags.Report
	if isExtension(object) {
		report = w.diags.Warn
	}
	report(m.Position, RuleMisplacedExtension, "%s has no meaning in %s: it belongs in %s", m.Key, object, w.words.placesOf(m.Key))
}

// within is the object at a key of another, in words.
func within(object, key string) string {
	switch {
	case isExtension(object):
		return object
	case isExtension(key):
		return key
	}
	return cmp.Or(objects[key], object)
}

// objects are those at keys, or in the map or list there.
var objects = map[string]string{
	"content": "a media type", "encoding": "an encoding", "externalDocs": "a link to documentation",
	"flows": "the flows", "headers": "a header", "itemSchema": "a schema", "links": "a link",
	"mediaTypes": "a media type", "requestBodies": "a request body", "requestBody": "a request body",
	"responses": "a response", "schema": "a schema", "schemas": "a schema", "security": "security",
	"servers": "a server",
}

// named are the keys of maps from names that the author chose, where OpenAPI or JSON Schema has them; the maps
// whose keys cannot look like extensions are not among them.
var named = map[string]bool{
	"$defs": true, "definitions": true, "dependentSchemas": true, "encoding": true, "headers": true,
	"links": true, "mapping": true, "patternProperties": true, "properties": true, "scopes": true,
	"security": true, "variables": true,
}

// anything are the keys of values that are data.
var anything = map[string]bool{
	"const": true, "dataValue": true, "default": true, "enum": true, "example": true, "examples": true,
	"parameters": true, "value": true,
}
