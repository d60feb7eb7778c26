package overlay

import (
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// index has the JSONPath (RFC 9535) of every operation that stands in the document itself.
type index map[*spec.Node]string

func placesOf(root *spec.Node) index {
	p := index{}
	p.pathItems("$.paths", root.Get("paths"))
	p.pathItems("$.webhooks", root.Get("webhooks"))
	components := root.Get("components")
	p.pathItems("$.components.pathItems", components.Get("pathItems"))
	p.callbacks("$.components.callbacks", components.Get("callbacks"))
	return p
}

// pathItems is a map from paths, names or expressions to path items.
func (p index) pathItems(at string, items *spec.Node) {
	within(at, items, func(at string, item *spec.Node) {
		within(at, item, p.operation)
		additional := item.Get("additionalOperations")
		within(at+".additionalOperations", additional, p.operation)
	})
}

// operation notes an operation, or a field of the path item that is none, which does no harm.
func (p index) operation(at string, operation *spec.Node) {
	p[operation] = at
	p.callbacks(at+".callbacks", operation.Get("callbacks"))
}

func (p index) callbacks(at string, callbacks *spec.Node) { within(at, callbacks, p.pathItems) }

// within visits the mappings in a mapping that an overlay reaches.
func within(at string, n *spec.Node, visit func(at string, n *spec.Node)) {
	if n == nil || n.Borrowed() {
		return
	}
	for _, m := range n.Members() {
		if m.Value.Kind() == spec.Mapping && !m.Value.Borrowed() && !strings.ContainsFunc(m.Key, unicode.IsControl) {
			visit(at+step(m.Key), m.Value)
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
