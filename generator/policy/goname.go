package policy

import (
	"go/token"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

const goNameKey = "x-go-name"

// goName reads the Go name that a scheme or a role has in place of one made from its own.
func goName(diags *diag.List, m spec.Member) string {
	n := m.Value
	switch {
	case n.Kind() != spec.String:
		diags.Report(n.Position(), ruleGoName, "%s must be a Go name, but it is %s", goNameKey, n.Kind())
	case !token.IsIdentifier(n.Text()) || !token.IsExported(n.Text()):
		diags.Report(n.Position(), ruleGoName, "%s cannot be %q: it is a Go name that begins with a capital, such as OrdersRead", goNameKey, n.Text())
	default:
		return n.Text()
	}
	return ""
}

func (c *schemeCheck) goName() {
	if m, ok := c.node.Member(goNameKey); ok {
		c.GoName = goName(&c.diags, m)
	}
}
