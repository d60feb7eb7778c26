// Package introspection authenticates opaque access tokens: it asks the authorization server about each of them (RFC 7662)
// and remembers the answers. It needs the standard library only.
//
//	tokens, err := introspection.New(introspection.Config{
//		Endpoint:     "https://login.example.com/oauth2/introspect",
//		ClientID:     "orders",
//		ClientSecret: os.Getenv("INTROSPECTION_SECRET"),
//		Audience:     []string{"https://orders.example.com"},
//		RoleClaims:   []string{"realm_access.roles"},
//	}, func(ctx context.Context, claims introspection.Claims) (*User, error) {
//		return users.BySubject(ctx, claims.Subject())
//	})
//
// One line mounts it in a generated Authenticator:
//
//	func (a auth) Bearer(ctx context.Context, token guard.BearerToken) (*User, error) { return a.tokens.Authenticate(ctx, token) }
//
// # What becomes of a token
//
//   - Invalid (401): the answer is active=false; the audience or the issuer is another; nbf is in the future; the answer says
//     that it is a refresh token or an ID token, or of another token_type than Bearer; the token is bound to a key or to
//     another certificate; the endpoint refuses the token with 400 and unsupported_token_type (RFC 7009 section 2.2.1).
//   - Expired (401): the answer is active=true, everything is right, and exp has passed by our clock.
//   - Unavailable (503): the endpoint does not answer in time, or its answer is no answer (5xx, 429, a redirect, HTML, a member
//     twice, nested too deeply, too long). No token is called invalid then: clients would throw good tokens away.
//   - Unavailable (503) too: the endpoint refuses our own request with 400, 401 or 403. Either our configuration is wrong, or the
//     provider has lost our client. The guard's log says which status it was, and what to check.
//   - The errors of your own function are passed on as they are. guard.Forbidden is right for a suspended account.
//
// # What is remembered
//
// An accepted answer is remembered for MaxAge at most, and never beyond exp: this is how late a revocation is noticed. A refusal
// is remembered for RefusalAge, separately, so that a million unknown tokens push no good one out. Both are bounded in number.
// Tokens themselves are never kept: keys are an HMAC under a key that the process makes up. Your function is called for every
// request; the caller that it returns is not remembered.
//
// Requests with the same token at the same time wait for one question to the endpoint. The question does not end with the
// request that started it, and its context carries no values of that request.
//
// # A cache that processes share
//
// Shared is a second cache behind the one in memory; package redis, in a module of its own, keeps it in Redis. It gets accepted
// answers only, so strangers cannot fill it. Whoever can read it learns nothing, and whoever can write to it can forge nothing:
// names are an HMAC, and entries are encrypted, both under SharedKey. A writer can put an older entry of the same token
// back until its time is over, MaxAge at the latest.
//
// When it is down, the endpoint is asked as if it were empty. An operation on it gets SharedTimeout; after a failure it is left
// alone for a second. So a request waits for it once, and a broken cache costs questions to the endpoint, never a 401.
//
// # Bound tokens
//
// A certificate-bound token (RFC 8705, cnf with x5t#S256) is accepted on a TLS connection with that client certificate. A
// DPoP-bound token (RFC 9449, cnf with jkt) and every other confirmation are refused: no proof is verified here.
package introspection
