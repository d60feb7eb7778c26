package write

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	RuleForeign = diag.Rule{
		ID: "output-foreign", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The place of a file to write is taken by something that was not generated, or is no file.",
	}
	RuleStale = diag.Rule{
		ID: "output-stale", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A generated file is missing, or differs from what would be generated now.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		RuleForeign, RuleStale,
	}
}
