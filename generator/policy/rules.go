package policy

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	ruleChallengeGrammar = diag.Rule{
		ID: "challenge-grammar", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An x-challenge has another form, or holds text that no WWW-Authenticate header can carry.",
	}
	ruleCheckOnPublic = diag.Rule{
		ID: "check-on-public", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A public operation has a resource check, but no caller to check.",
	}
	ruleConcealOnPublic = diag.Rule{
		ID: "conceal-on-public", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A public operation has x-conceal, but refuses nobody.",
	}
	ruleConcealValue = diag.Rule{
		ID: "conceal-value", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-conceal is neither not-found nor forbidden nor false.",
	}
	ruleCredentialsGrammar = diag.Rule{
		ID: "credentials-grammar", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "Credentials of a known http scheme do not fit the grammar of RFC 9110, so without x-credentials: opaque they are malformed.",
	}
	ruleCredentialsValue = diag.Rule{
		ID: "credentials-value", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-credentials is not opaque.",
	}
	ruleDuplicatesValue = diag.Rule{
		ID: "duplicates-value", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-duplicates is neither try nor refuse.",
	}
	ruleEmptySecurity = diag.Rule{
		ID: "empty-security", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A security list has only the empty alternative, so anybody may call.",
	}
	ruleExplicitRoles = diag.Rule{
		ID: "explicit-roles", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A bare list names several roles, which the configuration does not allow.",
	}
	ruleForeignRoles = diag.Rule{
		ID: "foreign-roles", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An operation has roles, permissions or scopes in an extension that is not read, and requires none in another way.",
	}
	ruleGoName = diag.Rule{
		ID: "go-name", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-go-name is not a Go name that begins with a capital.",
	}
	ruleGuardIgnore = diag.Rule{
		ID: "guard-ignore", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-guard-ignore is not a mapping of rules to reasons.",
	}
	ruleInvalidCredentialsConflict = diag.Rule{
		ID: "invalid-credentials-conflict", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An operation denies invalid credentials, but a scheme of it says that they count as none.",
	}
	ruleInvalidCredentialsNotOptional = diag.Rule{
		ID: "invalid-credentials-not-optional", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Invalid credentials are to count as none on an operation that does not serve both kinds of callers, authenticated and anonymous.",
	}
	ruleInvalidCredentialsUnused = diag.Rule{
		ID: "invalid-credentials-unused", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "Invalid credentials of a scheme are to count as none, but no operation with the scheme serves anonymous callers.",
	}
	ruleInvalidCredentialsValue = diag.Rule{
		ID: "invalid-credentials-value", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-invalid-credentials is neither anonymous nor deny.",
	}
	ruleOneAuthorization = diag.Rule{
		ID: "one-authorization", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An alternative needs two different credentials in Authorization, of which a request has one line.",
	}
	rulePreflightDenied = diag.Rule{
		ID: "preflight-denied", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An OPTIONS operation inherits the document's security, so a browser's preflight is denied.",
	}
	rulePublicBySilence = diag.Rule{
		ID: "public-by-silence", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "Operations are public only because they have no security, in a document where other operations have some.",
	}
	ruleResourceCheckName = diag.Rule{
		ID: "resource-check-name", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The name of a resource check cannot become that of a Go method.",
	}
	ruleResourceCheckParameters = diag.Rule{
		ID: "resource-check-parameters", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A resource check is used by paths that differ in their parameters.",
	}
	ruleRoleCycle = diag.Rule{
		ID: "role-cycle", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A role of x-roles includes itself, by way of others or directly.",
	}
	ruleRoleGrammar = diag.Rule{
		ID: "role-grammar", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A role is empty, is not a string, or holds a comma, white space or a control character.",
	}
	ruleRoleNames30 = diag.Rule{
		ID: "role-names-3.0", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An OpenAPI 3.0 document has role names on a scheme without scopes, which OpenAPI 3.1 introduced.",
	}
	ruleRoleShape = diag.Rule{
		ID: "role-shape", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-required-roles or x-roles does not have the form that it must have.",
	}
	ruleRolesOnPublic = diag.Rule{
		ID: "roles-on-public", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Roles are required of the callers of a public operation.",
	}
	ruleRolesWithOptional = diag.Rule{
		ID: "roles-with-optional", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Roles are required of callers who may be anonymous.",
	}
	ruleSchemeField = diag.Rule{
		ID: "scheme-field", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A field of a security scheme is missing or has an unusable value.",
	}
	ruleSchemeType = diag.Rule{
		ID: "scheme-type", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The type of a security scheme is missing or unknown.",
	}
	ruleScopeGrammar = diag.Rule{
		ID: "scope-grammar", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A scope has characters that RFC 6749 does not allow, so no challenge can name it.",
	}
	ruleSecurityShape = diag.Rule{
		ID: "security-shape", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A security list does not have the form that OpenAPI gives it.",
	}
	ruleSignedBodyUnused = diag.Rule{
		ID: "signed-body-unused", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A scheme signs the body, but only operations without a body (GET and HEAD) have the scheme.",
	}
	ruleSignedBodyValue = diag.Rule{
		ID: "signed-body-value", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "x-signed-body is not a size from 1 byte to 32MiB.",
	}
	ruleUndeclaredScope = diag.Rule{
		ID: "undeclared-scope", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "No flow of an oauth2 scheme declares the scope.",
	}
	ruleUndefinedScheme = diag.Rule{
		ID: "undefined-scheme", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "Security names a scheme that components.securitySchemes does not have.",
	}
	ruleUnguardedCallback = diag.Rule{
		ID: "unguarded-callback", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A callback has security or roles that nothing enforces.",
	}
	ruleUnusedRole = diag.Rule{
		ID: "unused-role", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "No operation requires a role of the document's catalogue (x-roles).",
	}
	ruleUnknownRole = diag.Rule{
		ID: "unknown-role", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A role is missing in the document's catalogue (x-roles).",
	}
	ruleUnreachablePath = diag.Rule{
		ID: "unreachable-path", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A path holds # or ?, which end the path of a request, so requests go to another path.",
	}
	ruleUnusedSchemes = diag.Rule{
		ID: "unused-schemes", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A document declares security schemes, but nothing uses one, and operations are public without saying so.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		ruleChallengeGrammar, ruleCheckOnPublic, ruleConcealOnPublic, ruleConcealValue,
		ruleCredentialsGrammar, ruleCredentialsValue, ruleDuplicatesValue, ruleEmptySecurity, ruleExplicitRoles,
		ruleForeignRoles, ruleGoName, ruleGuardIgnore, ruleInvalidCredentialsConflict, ruleInvalidCredentialsNotOptional, ruleInvalidCredentialsUnused,
		ruleInvalidCredentialsValue, ruleOneAuthorization, rulePreflightDenied, rulePublicBySilence, ruleResourceCheckName,
		ruleResourceCheckParameters, ruleRoleCycle, ruleRoleGrammar, ruleRoleNames30, ruleRoleShape,
		ruleRolesOnPublic, ruleRolesWithOptional, ruleSchemeField, ruleSchemeType, ruleScopeGrammar,
		ruleSecurityShape, ruleSignedBodyUnused, ruleSignedBodyValue, ruleUndeclaredScope, ruleUndefinedScheme, ruleUnguardedCallback,
		ruleUnknownRole, ruleUnreachablePath, ruleUnusedRole, ruleUnusedSchemes,
	}
}
