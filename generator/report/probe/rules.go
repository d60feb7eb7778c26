package probe

import "github.com/oapi-guard/oapi-guard/generator/diag"

// ruleCredentials is the one rule of the credentials file.
var ruleCredentials = diag.Rule{
	ID: "probe-credentials", Severity: diag.Error, Exit: diag.ExitFailure,
	Text: "The credentials file of probe cannot be read, or says something that the document does not know.",
}

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule { return []diag.Rule{ruleCredentials} }
