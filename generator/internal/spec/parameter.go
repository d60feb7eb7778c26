package spec

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Parameter is a path parameter of an operation.
type Parameter struct {
	// Position is that of its place in the list of parameters.
	Position diag.Position
	// Node is the Parameter Object, and Schema its schema without references around it. A schema that cannot be found
	// is nil.
	Node, Schema *Node
}

// PathParameter finds the path parameter of a name. The operation's own counts before that of its path item (OpenAPI
// 3.1.1 section 4.8.10).
func (d *Document) PathParameter(o *Operation, name string) (Parameter, bool) {
	l := d.loader
	base := l.bases[o.Node]
	for _, holder := range []*Node{o.Node, o.PathItem} {
		for _, item := range holder.Get("parameters").Items() {
			p, ok := l.files.follow(located{item, base})
			if ok && p.StringAt("in") == "path" && p.StringAt("name") == name {
				return Parameter{item.Position(), p.Node, l.plainSchema(located{p.Get("schema"), p.base})}, true
			}
		}
	}
	return Parameter{}, false
}

// QueryNames are the names of the query parameters of all operations, each once, sorted.
func (d *Document) QueryNames() []string {
	var names []string
	for _, o := range slices.Concat(d.Operations, d.Webhooks, d.Callbacks) {
		names = append(names, d.loader.queryNames(o)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (l *loader) queryNames(o *Operation) []string {
	var names []string
	base := l.bases[o.Node]
	for _, holder := range []*Node{o.Node, o.PathItem} {
		for _, item := range holder.Get("parameters").Items() {
			p, ok := l.files.follow(located{item, base})
			if name := p.StringAt("name"); ok && p.StringAt("in") == "query" && name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// plainSchema follows references, and an allOf of one schema, which is how documents give a reference a description.
func (l *loader) plainSchema(schema located) *Node {
	for range chainLimit {
		target, ok := l.files.follow(schema)
		if !ok {
			return nil
		}
		all := target.Get("allOf").Items()
		if len(all) != 1 || target.Get("type") != nil {
			return target.Node
		}
		schema = located{all[0], target.base}
	}
	return nil
}
