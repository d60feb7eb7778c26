package verify

import "github.com/oapi-guard/oapi-guard/generator/diag"

var ruleUnguarded = diag.Rule{
	ID: "template-unguarded", Severity: diag.Error, Exit: diag.ExitFindings,
	Text: "An override changes the generated code where the guards rely on it, so that an operation could be without its guard.",
}

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule { return []diag.Rule{ruleUnguarded} }
