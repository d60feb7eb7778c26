package overlay

import (
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// place is where an operation stands: its JSONPath (RFC 9535), and the one that selects all operations of its kind.
type place struct{ target, kind string }

func (p place) field(name string) place { return place{p.target + step(name), p.kind + step(name)} }

func (p place) member(name string) place { return place{p.target + step(name), p.kind + ".*"} }

// index has the places of the operations that stand in the document itself.
type index map[*spec.Node]place

func placesOf(root *spec.Node) index {
	p, top := index{}, place{"$", "$"}
	p.pathItems(top.field("paths"), root.Get("paths"))
	p.pathItems(top.field("webhooks"), root.Get("webhooks"))
	components := root.Get("components")
	p.pathItems(top.field("components").field("pathItems"), components.Get("pathItems"))
	p.callbacks(top.field("components").field("callbacks"), components.Get("callbacks"))
	return p
}

// pathItems is a map from paths, names or expressions to path items.
func (p index) pathItems(at place, items *spec.Node) {
	within(at, items, func(at place, item *spec.Node) {
		within(at, item, p.operation)
		within(at.field("additionalOperations"), item.Get("additionalOperations"), p.operation)
	})
}

// operation notes an operation, or another field of the path item, for which nobody asks.
func (p index) operation(at place, operation *spec.Node) {
	p[operation] = at
	p.callbacks(at.field("callbacks"), operation.Get("callbacks"))
}

func (p index) callbacks(at place, callbacks *spec.Node) { within(at, callbacks, p.pathItems) }

// within visits the mappings in a mapping that an overlay reaches.
func within(at place, n *spec.Node, visit func(at place, n *spec.Node)) {
	if n == nil || n.Borrowed() {
		return
	}
	for _, m := range n.Members() {
		if m.Value.Kind() == spec.Mapping && !m.Value.Borrowed() && !strings.ContainsFunc(m.Key, unicode.IsControl) {
			visit(at.member(m.Key), m.Value)
		}
	}
}

// step is the segment of a JSONPath that selects a member (RFC 9535 section 2.3.1): .get or ['/orders']. A name has no
// control characters: not all libraries read their escapes.
func step(name string) string {
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && name != "" {
		return "." + name
	}
	return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']"
}

// pointed is the JSONPath of the target of a reference into the document, with the target. It is empty where an overlay
// does not reach it.
func pointed(root *spec.Node, reference string) (string, *spec.Node) {
	fragment, ok := strings.CutPrefix(reference, "#/")
	if !ok {
		return "", nil
	}
	at, n := "$", root
	for _, token := range strings.Split(fragment, "/") {
		name := unescape(token)
		n = n.Get(name)
		if n == nil || n.Borrowed() || strings.ContainsFunc(name, unicode.IsControl) {
			return "", nil
		}
		at += step(name)
	}
	return at, n
}
