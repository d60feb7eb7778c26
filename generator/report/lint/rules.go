package lint

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	rulePublicWrite = diag.Rule{
		ID: "public-write", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "Anybody may call an operation that changes something, in a document where other operations ask for credentials.",
	}
	ruleKeyInQuery = diag.Rule{
		ID: "key-in-query", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An API key in the query admits callers by itself, and logs, histories and Referer fields keep queries.",
	}
	rulePlainHTTP = diag.Rule{
		ID: "plain-http", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A server of the document sends credentials over http, so everybody on the way can read them.",
	}
	ruleUnusedScheme = diag.Rule{
		ID: "unused-scheme", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "No operation asks for a security scheme, although other schemes are in use.",
	}
	ruleCookieAlone = diag.Rule{
		ID: "cookie-alone", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A cookie alone admits callers to an operation that changes something, and browsers send cookies for other sites too.",
	}
	ruleMissing401 = diag.Rule{
		ID: "missing-401", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An operation asks for credentials, but does not document the response 401.",
	}
	ruleMissing403 = diag.Rule{
		ID: "missing-403", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An operation asks for roles, scopes or a resource check, but does not document the response 403.",
	}
	ruleNoChallenge = diag.Rule{
		ID: "no-challenge", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A documented 401 has no WWW-Authenticate header, which every 401 carries (RFC 9110 section 15.5.2).",
	}
	rule401AsForbidden = diag.Rule{
		ID: "401-as-forbidden", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A 401 is described as a lack of permission, which is 403: 401 means that the caller is not authenticated.",
	}
	rule403AsUnauthenticated = diag.Rule{
		ID: "403-as-unauthenticated", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A 403 is described as a lack of authentication, which is 401: 403 means that a known caller may not do this.",
	}
	rule403OnPublic = diag.Rule{
		ID: "403-on-public", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A public operation documents a 403, although it knows no caller whom it could refuse.",
	}
	ruleSimilarRoles = diag.Rule{
		ID: "similar-roles", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "The names of two roles are so alike that one of them may be a slip.",
	}
	ruleRedundantRole = diag.Rule{
		ID: "redundant-role", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "A required role changes nothing, because another one next to it says as much.",
	}
	ruleUncheckedParameter = diag.Rule{
		ID: "unchecked-parameter", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An operation has path parameters and no resource check, so every admitted caller gets every resource (OWASP API1).",
	}
	ruleUnusedIgnore = diag.Rule{
		ID: "unused-ignore", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An entry of x-guard-ignore suppresses nothing.",
	}
)

// Rules are the rules of the findings that only this package reports.
func Rules() []diag.Rule {
	return []diag.Rule{
		rule401AsForbidden, rule403AsUnauthenticated, rule403OnPublic, ruleCookieAlone, ruleKeyInQuery, ruleMissing401, ruleMissing403,
		ruleNoChallenge, rulePlainHTTP, rulePublicWrite, ruleRedundantRole, ruleSimilarRoles, ruleUncheckedParameter, ruleUnusedIgnore,
		ruleUnusedScheme,
	}
}

// IsOff reports whether a rule looks for nothing unless the configuration turns it on.
func IsOff(rule string) bool { return rule == ruleUncheckedParameter.ID }
