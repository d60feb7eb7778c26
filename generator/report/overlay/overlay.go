package overlay

import (
	"cmp"
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Access is the extension of everything that an overlay adds: in an operation the paragraph about access, in a component
// its origin.
const Access = "x-guard-access"

// Options change what an overlay adds.
type Options struct {
	// Public401 adds a 401 to public operations too, which says that it is never sent, for linters that want one
	// everywhere.
	Public401 bool
}

// Make makes the overlay of a document and its policy, as YAML. The same input makes the same bytes. The list says what
// the overlay does not reach.
func Make(document *spec.Document, p *policy.Policy, options Options) ([]byte, diag.List) {
	m := &maker{document: document, options: options, places: placesOf(document.Root), done: map[string]string{}}
	m.prefix = freePrefix(document.Root.Get("components"))
	m.operations(document.Operations, p.Operations)
	m.operations(document.Webhooks, p.Webhooks)
	m.operations(document.Callbacks, p.Callbacks)
	actions := slices.Concat(m.componentActions(), m.shared, m.removals, m.actions)
	if len(actions) == 0 {
		actions = []any{update("$", object{})} // an overlay has one action at least
	}
	return encode(object{
		{"overlay", "1.0.0"},
		{"x-speakeasy-jsonpath", "rfc9535"}, // or the library that oapi-codegen uses reads another dialect
		{"info", object{
			{"title", "Access to " + cmp.Or(p.Title, "the API")},
			{"version", cmp.Or(p.Version, "1")},
		}},
		{"actions", actions},
	}), m.diags
}

// maker is one run.
type maker struct {
	document *spec.Document
	options  Options
	places   index
	// prefix is that of the names of the components.
	prefix string
	// actions are those on operations, shared those on components that the document has, and removals those that
	// clear the badges of operations of a kind.
	actions, shared, removals []any
	// cleared are the kinds of operations whose badges are removed.
	cleared []string
	// used are the status codes whose components are referred to. challenges says that the header is referred to,
	// and problems that the schema is, by responses of the document's own.
	used                 []string
	challenges, problems bool
	// done has the paragraph of each target.
	done  map[string]string
	diags diag.List
}

func (m *maker) operations(from []*spec.Operation, built []*policy.Operation) {
	for i, o := range from {
		m.operation(o, built[i])
	}
}

// operation adds the actions on an operation. Where several paths or callbacks refer to one, they are the same.
func (m *maker) operation(from *spec.Operation, o *policy.Operation) {
	at, ok := m.places[from.Node]
	if !ok {
		m.unreachable(o.Position, "the operation is in another file or behind a YAML alias, so an overlay of this document cannot change it: make one of that file")
		return
	}
	paragraph := accessParagraph(o)
	if earlier, ok := m.done[at.target]; ok {
		if earlier != paragraph {
			m.unreachable(o.Position, "the operation stands for several with different access, of which the documentation can show one: write it out in both places")
		}
		return
	}
	m.done[at.target] = paragraph
	added := badges(from.Node, o)
	m.removeBadges(at, added)
	m.actions = append(m.actions, update(at.target, slices.Concat(object{
		{"description", describe(from.Node, paragraph)},
		{Access, paragraph},
	}, added, m.responses(from, o))))
}

func (m *maker) unreachable(at diag.Position, message string) {
	m.diags.Report(at, ruleUnreachable, "%s", message)
}
