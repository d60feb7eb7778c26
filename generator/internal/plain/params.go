package plain

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// params are the path parameters of an operation with a resource check, in the path's order.
func (r *reader) params(from *spec.Operation, o *policy.Operation) []server.Param {
	if o.Check == "" {
		return nil
	}
	var params []server.Param
	taken := map[string]bool{}
	for _, name := range o.PathParameters {
		goName := paramName(name)
		for taken[goName] {
			goName += "Param"
		}
		taken[goName] = true
		params = append(params, server.Param{Name: goName, Type: r.param(from, o, name)})
	}
	return params
}

// paramName is the parameter's name in Go, in lower camel case.
func paramName(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) || view.Hidden(c) })
	for i, word := range words {
		runes := []rune(word)
		if runes[0] = unicode.ToUpper(runes[0]); i == 0 {
			runes[0] = unicode.ToLower(runes[0])
		}
		words[i] = string(runes)
	}
	joined := strings.Join(words, "")
	if !token.IsIdentifier(joined) || types.Universe.Lookup(joined) != nil { // type, string, 1st, or nothing
		joined += "Param"
	}
	if !token.IsIdentifier(joined) {
		joined = "p" + joined
	}
	return joined
}

// param is the Go type of a path parameter. Without one there is a finding where the document says something else.
func (r *reader) param(from *spec.Operation, o *policy.Operation, name string) goType {
	p, ok := r.Document.PathParameter(from, name)
	if !ok {
		r.refuse(o.CheckPosition, name, o, "is not among the operation's parameters: declare it (in: path)")
		return ""
	}
	kind, problem := typeOf(p)
	if problem != "" {
		r.refuse(position(p), name, o, problem)
	}
	return kind
}

// refuse reports a parameter once for all operations of its path.
func (r *reader) refuse(at diag.Position, name string, o *policy.Operation, problem string) {
	if r.refused[at] {
		return
	}
	r.refused[at] = true
	r.diags.Report(at, ruleParameter, "the resource check %q cannot get the path parameter %s of %s, which %s", o.Check, name, o.Path, problem)
}

// position is that of the schema, where there is one.
func position(p spec.Parameter) diag.Position {
	if p.Schema != nil {
		return p.Schema.Position()
	}
	return p.Position
}

// goType is a type of path parameters that a resource check can get: one of gen.PathParameter's.
type goType string

// Position has no place: no file has the type.
func (goType) Position() diag.Position { return diag.Position{} }

// Render is the type's name, which needs no package.
func (t goType) Render(server.Qualifier) (string, error) { return string(t), nil }

// instead is the remedy for a schema that no type fits.
const instead = "give it the type string, integer or boolean"

// typeOf is the type for a parameter, or the reason why there is none.
func typeOf(p spec.Parameter) (goType, string) {
	switch style := p.Node.StringAt("style"); {
	case p.Node.Get("content") != nil:
		return "", "has content of a media type: " + instead
	case style != "" && style != "simple":
		return "", fmt.Sprintf("has the style %s: remove style", style)
	case p.Schema == nil:
		return "", "has no schema: " + instead
	}
	return schemaType(p.Schema)
}

func schemaType(schema *spec.Node) (goType, string) {
	allowed := typesOf(schema)
	switch {
	case len(allowed) == 0:
		return "", "has a schema without a type: " + instead
	case len(allowed) > 1:
		return "", fmt.Sprintf("may have one of several types (%s): keep one", strings.Join(allowed, ", "))
	}
	switch allowed[0] {
	case "string":
		return "string", ""
	case "boolean":
		return "bool", ""
	case "integer":
		if schema.StringAt("format") == "int32" {
			return "int32", ""
		}
		return "int64", ""
	}
	return "", fmt.Sprintf("has the type %s: %s", allowed[0], instead)
}

// typesOf are the types that a schema allows, null excepted, which no path can hold.
func typesOf(schema *spec.Node) []string {
	node := schema.Get("type")
	if node.Kind() == spec.String {
		return []string{node.Text()}
	}
	var allowed []string
	for _, item := range node.Items() {
		allowed = append(allowed, item.Text())
	}
	return slices.DeleteFunc(allowed, func(t string) bool { return t == "null" })
}
