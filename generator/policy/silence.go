package policy

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// publicBySilence warns of operations without security in a document where others ask for credentials: forgotten
// security looks exactly like this. Paths, webhooks and callbacks are compared among themselves, because each kind is
// another server's. A webhook is usually authenticated by a signature, which no security scheme can describe, so
// webhooks without security say nothing about the paths.
func (b *builder) publicBySilence(from []*spec.Operation, built []*Operation) {
	guarded := slices.ContainsFunc(built, func(o *Operation) bool { return !o.Public() })
	silent := b.silent(from)
	switch {
	case !guarded || len(silent) == 0:
	case len(silent) == 1:
		b.diags.Warn(silent[0].Position, rulePublicBySilence, "%s is public, because neither it nor the document has security: write security: [] on it if that is intended, or give the document a default",
			silent[0])
	default:
		var names []string
		for _, o := range silent {
			names = append(names, o.String())
		}
		b.diags.Warn(silent[0].Position, rulePublicBySilence, "%d operations are public, because neither they nor the document have security: write security: [] on those that are meant to be, or give the document a default. They are %s",
			len(silent), strings.Join(names, ", "))
	}
}

// unusedSchemes warns of a document that declares security schemes and asks nobody for a credential. Operations that a
// filter leaves out may be those that do.
func (b *builder) unusedSchemes(p *Policy) {
	if !b.document.Sound() || len(b.document.Schemes) == 0 || len(p.Schemes) > 0 || len(p.Operations) == 0 || slices.ContainsFunc(b.elsewhere(), asks) {
		return
	}
	var names []string
	for _, s := range b.document.Schemes {
		names = append(names, s.Name)
	}
	b.diags.Warn(b.document.Schemes[0].Position, ruleUnusedSchemes, "nothing uses the security schemes of this document (%s), so every operation is public: give the document security, as in [{%s: []}], or remove the schemes if everything is meant to be public",
		strings.Join(names, ", "), names[0])
}

// elsewhere are operations of the document that have no guard.
func (b *builder) elsewhere() []*spec.Operation {
	return slices.Concat(b.document.Dropped, b.document.NestedCallbacks)
}

// asks reports whether an operation has security of its own with a scheme.
func asks(o *spec.Operation) bool {
	return slices.ContainsFunc(o.Node.Get("security").Items(), func(n *spec.Node) bool { return len(n.Members()) > 0 })
}

// silent are the operations that have no security, neither their own nor the document's.
func (b *builder) silent(from []*spec.Operation) []*spec.Operation {
	return slices.DeleteFunc(slices.Clone(from), func(o *spec.Operation) bool {
		_, said := b.security(o)
		return said
	})
}
