package plain

import "github.com/oapi-guard/oapi-guard/generator/diag"

// ruleParameter is the rule of this package's diagnostics.
var ruleParameter = diag.Rule{
	ID: "check-parameter", Severity: diag.Error, Exit: diag.ExitFindings,
	Text: "A resource check would need a path parameter that is not a string, an integer or a boolean (server: none).",
}

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule { return []diag.Rule{ruleParameter} }
