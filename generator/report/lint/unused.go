package lint

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// unusedSchemes reports schemes that no operation asks for. When there is none in use at all, an earlier stage says so.
// Operations that a filter leaves out may use a scheme, and so may nested callbacks.
func (l *linter) unusedSchemes() {
	if len(l.policy.Schemes) == 0 {
		return
	}
	elsewhere := slices.Concat(l.document.Dropped, l.document.NestedCallbacks)
	inherited := len(l.document.Dropped) > 0
	for _, s := range l.document.Schemes {
		used := slices.ContainsFunc(l.policy.Schemes, func(u *policy.Scheme) bool { return u.Name == s.Name })
		used = used || slices.ContainsFunc(elsewhere, func(o *spec.Operation) bool { return names(o.Node, s.Name) }) ||
			inherited && names(l.document.Root, s.Name)
		if !used {
			l.report(s.Position, ruleUnusedScheme, []*spec.Node{s.Node}, "no operation asks for %s: remove it, or write it into the security of those that it was made for", s.Name)
		}
	}
}

// names reports whether the security of an operation or the document names a scheme.
func names(n *spec.Node, scheme string) bool {
	return slices.ContainsFunc(n.Get("security").Items(), func(a *spec.Node) bool {
		_, ok := a.Member(scheme)
		return ok
	})
}
