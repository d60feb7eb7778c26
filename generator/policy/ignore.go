package policy

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// ignores checks the form of every x-guard-ignore. Which rules there are, and whether a finding is suppressed, is the
// business of package lint.
func (b *builder) ignores() {
	b.ignore(b.document.Root)
	for _, o := range slices.Concat(b.document.Operations, b.document.Webhooks, b.document.Callbacks) {
		b.ignore(o.PathItem)
		b.ignore(o.Node)
	}
	for _, s := range b.document.Schemes {
		b.ignore(s.Node)
	}
}

func (b *builder) ignore(n *spec.Node) {
	m, ok := n.Member(spec.Ignore)
	if !ok {
		return
	}
	if m.Value.Kind() != spec.Mapping {
		b.diags.Report(m.Value.Position(), ruleGuardIgnore, "%s must be a mapping of rules to reasons, as in {public-write: the form of anonymous hints}, but it is %s", spec.Ignore, m.Value.Kind())
		return
	}
	for _, rule := range m.Value.Members() {
		if rule.Value.Kind() != spec.String || strings.TrimSpace(rule.Value.Text()) == "" {
			b.diags.Report(rule.Value.Position(), ruleGuardIgnore, "%s lacks the reason why its findings are meant to be so: write it as a string", rule.Key)
		}
	}
}
