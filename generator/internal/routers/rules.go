package routers

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	ruleConflict = diag.Rule{
		ID: "route-conflict", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The router cannot tell two paths apart, or cannot route one: it would panic at start-up, or answer one operation with another.",
	}
	ruleMethod = diag.Rule{
		ID: "method-not-registrable", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An operation has a method that the router cannot register, or that no request can have.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		ruleConflict, ruleMethod,
	}
}
