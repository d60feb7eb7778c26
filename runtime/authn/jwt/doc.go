// Package jwt authenticates callers by access tokens that are JWTs (RFC 9068), for guards that oapi-guard generates.
//
//	verifier, err := jwt.New(jwt.Config{
//		Issuer:   "https://id.example.com/realms/shop",
//		Audience: []string{"orders"},
//		Leeway:   30 * time.Second,
//	})
//
// One line mounts it in the generated Authenticator; [Caller] fits every generated Principal:
//
//	func (a auth) BearerAuth(ctx context.Context, token guard.BearerToken) (*jwt.Caller, error) {
//		return a.verifier.Authenticate(ctx, token)
//	}
//
// [Map] makes callers of the application's own type. [Verifier.AuthenticateDPoP] and [Verifier.Challenge] serve a DPoP
// scheme (RFC 9449), and [Verifier.Authenticate] takes tokens that are bound to a client certificate (RFC 8705).
//
// # Which tokens are accepted
//
// The type is at+jwt unless Config.Types says otherwise. The algorithm is asymmetric and in Config.Algorithms. Issuer and
// audience are those of the configuration. exp is there and in the future; nbf and iat are not in the future, give or take
// Config.Leeway. sub is a string that is not empty, and present in tokens of type at+jwt.
//
// All else is guard.Invalid: a member that is there twice, at any depth; more than 16 KiB or 64 levels; base64 with stray
// bits, padding or line breaks; invalid UTF-8; crit and b64, as no extension is understood; a cnf that is not proved. jku,
// jwk, x5u and x5c are ignored. guard.Expired means that a token is wrong in nothing but its time.
//
// # Where keys come from
//
// The metadata of the issuer names the address of the keys (OpenID Connect Discovery 1.0, RFC 8414). Config.JWKSURL makes
// that unnecessary, and Config.JWKS or Config.PublicKeys any request. Nothing is fetched before the first token comes, so
// the provider may be down when a service starts.
//
// A token of an unknown key fetches the keys, once for all requests that wait. When the key is not among them, or the
// provider does not answer, no unknown key causes another fetch during Config.CoolDown. Keys that are older than
// Config.Refresh are fetched again after a good token, and nobody waits for that. A provider that fails takes nothing away
// before the keys are older than Config.Staleness.
//
// A known key decides without the provider. An unknown one is guard.Invalid when the provider was asked and does not have
// it, and guard.Unavailable when it did not answer. During the cool-down an unknown key is
// guard.Unavailable too if the token says that it is of the second of the last fetch, or younger: the provider may have changed
// its keys since, and a 401 would make the client throw a good token away.
//
// Keys without ids cannot be told from each other: a token without kid needs exactly one key that fits. A provider that
// changes its keys gives them ids.
//
// # Libraries
//
// Signatures are verified by golang-jwt. The rest is made here, because the libraries at hand do something else.
//
//   - golang-jwt's parser reads JSON with encoding/json, which takes the last of two members and replaces invalid UTF-8. A
//     token that is expired and wrong otherwise has no single class there. PS256 is accepted with any salt.
//   - keyfunc and jwkset (3.9.1, 0.11.4) give up the whole set for one key that is broken, replace a good set with an empty
//     one, take the first of several keys with one id, and use keys that are for encryption. They read documents without a
//     limit, follow redirects anywhere, use keys of an outage for ever, and take a modulus of any size.
//
// What is left of a JWK is three types of public keys. Package crypto has the checks.
package jwt
