package write

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	RuleForeign = diag.Rule{
		ID: "output-foreign", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The path of an output is taken by something that was not generated, or is not a file.",
	}
	RuleStale = diag.Rule{
		ID: "output-stale", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A generated file is missing or out of date.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		RuleForeign, RuleStale,
	}
}
