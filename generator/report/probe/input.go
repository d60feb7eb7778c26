package probe

import (
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// word is the text that stands where nothing is prescribed. It is nobody's name.
const word = "oapi-guard-probe"

// input is a parameter with its value in a request.
type input struct {
	name, in string
	required bool
	// values are those of the request, several for a list in a query; nil where none can be made.
	values []string
	// typed says that word is not a value of the parameter.
	typed bool
	// other is another value of a path parameter that fits, empty where none is known.
	other string
}

func newInput(p spec.Followed) input {
	schema := p.Get("schema")
	media := firstMedia(p.Get("content"))
	in := input{name: p.StringAt("name"), in: p.StringAt("in"), required: p.Get("required").Text() == "true", typed: isTyped(schema)}
	if media.Node != nil {
		if v, ok := example(media, media.Get("schema"), false); ok {
			in.values = []string{encode(v)}
		}
		return in
	}
	in.required = in.required || in.in == "path"
	in.other = other(schema)
	if v, ok := example(p, schema, in.in == "path"); ok {
		in.values = texts(v, in)
	}
	return in
}

// isTyped reports whether a router or a binding may refuse text for a value of the schema.
func isTyped(schema spec.Followed) bool {
	switch typeOf(schema) {
	case "integer", "number", "boolean":
		return true
	}
	switch schema.StringAt("format") {
	case "uuid", "date", "date-time":
		return typeOf(schema) == "string"
	}
	return false
}

// other is a value of the schema that is not its simplest one. Enums and patterns may have none.
func other(schema spec.Followed) string {
	format := schema.StringAt("format")
	switch typeOf(schema) {
	case "integer", "number":
		return strconv.Itoa(numbered - 1)
	case "string":
		switch {
		case format == "uuid":
			return "00000000-0000-0000-0000-000000000001"
		case format == "" && schema.Get("pattern").Node == nil && schema.Get("enum").Node == nil:
			return word + "-2"
		}
	}
	return ""
}

// texts are a value as it stands in a request: a list in a query is the name several times, elsewhere it has commas.
func texts(v any, in input) []string {
	list, ok := v.([]any)
	switch {
	case !ok && in.in == "path" && scalar(v) == "":
		return nil
	case !ok:
		return []string{scalar(v)}
	case in.in == "query":
		all := []string{}
		for _, item := range list {
			all = append(all, scalar(item))
		}
		return all
	case len(list) == 0:
		return nil
	}
	return []string{scalar(list[0])}
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return encode(v)
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// body is the content of a request.
type body struct {
	mediaType string
	content   []byte
}

// newBody is the body's first media type that can be written, with an example.
func newBody(n spec.Followed) body {
	content := n.Get("content")
	media := firstMedia(content)
	if media.Node == nil {
		return body{}
	}
	b := body{mediaType: firstMediaType(content)}
	v, ok := example(media, media.Get("schema"), false)
	if !ok {
		return b
	}
	switch {
	case isJSON(b.mediaType):
		b.content = []byte(encode(v))
	case b.mediaType == "application/x-www-form-urlencoded":
		b.content = []byte(form(v).Encode())
	default:
		b.content = []byte(scalar(v))
	}
	return b
}

func form(v any) url.Values {
	values := url.Values{}
	if members, ok := v.(map[string]any); ok {
		for name, member := range members {
			values.Set(name, scalar(member))
		}
	}
	return values
}

// wrong is JSON that does not fit, but is JSON: what reads the syntax of bodies may come before a guard.
func (b body) wrong() []byte {
	if len(b.content) > 0 && b.content[0] == '[' {
		return []byte("{}")
	}
	return []byte("[]")
}
