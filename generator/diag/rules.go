package diag

// Rules explains the rules of the diagnostics about OpenAPI documents (packages spec and policy), one line
// each. Packages that report on other files explain theirs in a function of the same name.
func Rules() map[string]string {
	return map[string]string{
		"bad-ref":               "A $ref leads nowhere, to itself, or to a file that cannot be read, or stands where it is ignored or ambiguous.",
		"duplicate-key":         "An object has a key twice, of which readers keep one.",
		"empty-security":        "A security list has only the empty alternative, so that anybody may call.",
		"explicit-roles":        "A bare list of several roles, which the configuration does not allow.",
		"filter-without-effect": "A filter of the oapi-codegen configuration names a tag or operationId that no operation has.",
		"load":                  "A file cannot be read, or is no valid JSON or YAML.",
		"misplaced-extension":   "An extension of the guards' vocabulary stands where it has no meaning.",
		"misplaced-security":    "Security stands where OpenAPI does not look for it.",
		"misspelt-extension":    "An extension looks like one of the guards' vocabulary and is none.",
		"misspelt-key":          "A key is one that guards depend on, but for upper and lower case.",
		"misspelt-security":     "A key looks like security or securitySchemes and is neither.",
		"not-supported-yet":     "An extension is part of the vocabulary, but not enforced by this version.",
		"overlay":               "An overlay is not valid, cannot be applied, or selects nothing.",
		"public-by-silence":     "An operation is public only because no security stands anywhere, in a document that has some.",
		"reading-mismatch":      "kin-openapi, with which oapi-codegen reads documents, reads this one differently.",
		"remote-ref":            "A $ref leads to a remote document that the configuration does not allow.",
		"role-cycle":            "A role of x-roles includes itself, by way of others or directly.",
		"role-grammar":          "A role is empty, is no string, or holds a comma, white space or a control character.",
		"role-names-3.0":        "Role names on a scheme without scopes in an OpenAPI 3.0 document, which 3.1 introduced.",
		"role-shape":            "x-required-roles or x-roles does not have the form that it must have.",
		"roles-on-public":       "Roles are required of the callers of a public operation.",
		"roles-with-optional":   "Roles are required of callers who may be anonymous.",
		"scheme-field":          "A field of a security scheme is missing or cannot be what it is.",
		"scheme-type":           "A security scheme has no type that OpenAPI knows.",
		"scope-grammar":         "A scope that RFC 6749 does not allow, so that no challenge can name it.",
		"security-shape":        "A security list does not have the form that OpenAPI gives it.",
		"swagger-2":             "The document is Swagger 2.0, which has to be converted first.",
		"undeclared-scope":      "A scope that no flow of its oauth2 scheme declares.",
		"undefined-scheme":      "Security names a scheme that components.securitySchemes does not have.",
		"unguarded-callback":    "A callback carries security or roles, which nobody enforces.",
		"unknown-role":          "A role is missing in the catalogue of the document (x-roles).",
		"unsupported-version":   "The document has no version of OpenAPI, or one that is not known.",
		"wrong-type":            "A part of the document is a list, mapping or value where OpenAPI has something else.",
	}
}
