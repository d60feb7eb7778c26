package spec

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	ruleBadRef = diag.Rule{
		ID: "bad-ref", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A $ref leads nowhere, to itself or to an unreadable file, or has a place where it is ignored or ambiguous.",
	}
	ruleDuplicateKey = diag.Rule{
		ID: "duplicate-key", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An object has a key twice, and readers keep only one of them.",
	}
	ruleFilterWithoutEffect = diag.Rule{
		ID: "filter-without-effect", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A filter of the oapi-codegen configuration names a tag or operationId that no operation has.",
	}
	ruleLoad = diag.Rule{
		ID: "load", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A file cannot be read, or is not valid JSON or YAML.",
	}
	RuleMisplacedExtension = diag.Rule{
		ID: "misplaced-extension", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An extension of the guards' vocabulary is in a place where it has no meaning.",
	}
	ruleMisplacedSecurity = diag.Rule{
		ID: "misplaced-security", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Security is in a place where OpenAPI ignores it.",
	}
	ruleMisspeltExtension = diag.Rule{
		ID: "misspelt-extension", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An extension looks like one of the guards' vocabulary but is not.",
	}
	ruleMisspeltKey = diag.Rule{
		ID: "misspelt-key", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A key differs only in case from one that guards depend on.",
	}
	ruleMisspeltSecurity = diag.Rule{
		ID: "misspelt-security", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A key looks like security or securitySchemes but is neither.",
	}
	ruleOverlay = diag.Rule{
		ID: "overlay", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An overlay is not valid, cannot be applied, or selects nothing.",
	}
	ruleReadingMismatch = diag.Rule{
		ID: "reading-mismatch", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "kin-openapi, with which oapi-codegen reads documents, reads this one differently.",
	}
	ruleRemoteRef = diag.Rule{
		ID: "remote-ref", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A $ref leads to a remote document that the configuration does not allow.",
	}
	ruleSwagger2 = diag.Rule{
		ID: "swagger-2", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The document is Swagger 2.0, which must be converted first.",
	}
	ruleUnsupportedVersion = diag.Rule{
		ID: "unsupported-version", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The version of OpenAPI is missing or unknown.",
	}
	ruleWrongType = diag.Rule{
		ID: "wrong-type", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A part of the document is a list, mapping or value where OpenAPI has something else.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		ruleBadRef, ruleDuplicateKey, ruleFilterWithoutEffect, ruleLoad, RuleMisplacedExtension,
		ruleMisplacedSecurity, ruleMisspeltExtension, ruleMisspeltKey, ruleMisspeltSecurity, ruleOverlay,
		ruleReadingMismatch, ruleRemoteRef, ruleSwagger2, ruleUnsupportedVersion, ruleWrongType,
	}
}
