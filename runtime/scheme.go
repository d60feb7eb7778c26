package guard

// Scheme is a security scheme of the document: the place of its credential in a request (OpenAPI 3.1.1 section 4.8.27).
// It is data, for tests and reports. Generated code lists the schemes of its operations in Schemes().
type Scheme struct {
	// Name is the scheme's name under components.securitySchemes, and Type its type: "http", "apiKey", "oauth2",
	// "openIdConnect" or "mutualTLS".
	Name, Type string
	// HTTP is the authentication scheme of type http, as the document spells it: "bearer", "Basic", "Digest".
	HTTP string
	// In and Parameter are the place of an apiKey, "header", "query" or "cookie", and its name there.
	In, Parameter string
	// Challenge is the authentication scheme of x-challenge, empty when the document has none.
	Challenge string
	// Opaque is x-credentials: opaque.
	Opaque bool
	// SignedBody is x-signed-body in bytes, 0 when the body is no part of the credential.
	SignedBody int64
	// InvalidIsAnonymous is x-invalid-credentials: anonymous, and TryDuplicates x-duplicates: try.
	InvalidIsAnonymous, TryDuplicates bool
}
