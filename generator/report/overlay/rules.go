package overlay

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rule of this package's diagnostics.
var ruleUnreachable = diag.Rule{
	ID: "overlay-unreachable", Severity: diag.Warning, Exit: diag.ExitFindings,
	Text: "A part of the documentation is out of an overlay's reach: in another file, or behind a YAML alias.",
}

// Rules are the rules of this package's diagnostics.
func Rules() []diag.Rule { return []diag.Rule{ruleUnreachable} }
