package lint

import "strings"

// uncheckedParameter reports operations that name a resource and check nobody's right to it. Many APIs have resources that
// belong to nobody, so the rule is off by default.
func (l *linter) uncheckedParameter(o operation) {
	if o.Public() || o.Check != "" || len(o.PathParameters) == 0 {
		return
	}
	l.report(o.Position, ruleUncheckedParameter, o.nodes(), "whoever is admitted gets every {%s} (OWASP API1): name a check in x-resource-check, or say in x-guard-ignore why none is needed",
		strings.Join(o.PathParameters, "}, {"))
}
