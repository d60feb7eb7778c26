package join

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	ruleCheckTypes = diag.Rule{
		ID: "resource-check-types", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A resource check would be given parameters of different types.",
	}
	ruleCollision = diag.Rule{
		ID: "name-collision", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Two names of the document become one in Go, or the server's package already has a name that guards need.",
	}
	ruleInternal = diag.Rule{
		ID: "internal-package", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The guards would lie where Go does not allow them to import the server's package.",
	}
	ruleMismatch = diag.Rule{
		ID: "server-mismatch", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The server file does not register each of its operations once.",
	}
	ruleResourceScheme = diag.Rule{
		ID: "resource-metadata-scheme", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Protected resource metadata are asked for, and no operation takes an access token.",
	}
	ruleResourceServers = diag.Rule{
		ID: "resource-metadata-servers", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "Protected resource metadata do not name an authorization server.",
	}
	ruleStale = diag.Rule{
		ID: "server-stale", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The document and the server file do not have the same operations.",
	}
	ruleType = diag.Rule{
		ID: "server-type", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A parameter of the server has a type that another package cannot name.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		ruleCheckTypes, ruleCollision, ruleInternal, ruleMismatch, ruleResourceScheme, ruleResourceServers, ruleStale, ruleType,
	}
}
