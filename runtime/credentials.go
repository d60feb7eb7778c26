package guard

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// The credentials are made by guards. Tests make them with package guardtest. Every one knows the [Request] that it came
// with.

// BearerToken is the token of an http bearer, oauth2 or openIdConnect scheme (RFC 6750). It prints as [redacted].
type BearerToken struct {
	secret.Text
	reach.Origin
}

// Secret is the token as the client sent it: a token68, or printable ASCII under x-credentials: opaque.
func (t BearerToken) Secret() string { return secret.Reveal(t.Text) }

// APIKey is the value of an apiKey scheme (OpenAPI 3.1.1 section 4.8.27). It prints as [redacted].
type APIKey struct {
	secret.Text
	reach.Origin
}

// Secret is the key as the client sent it.
func (k APIKey) Secret() string { return secret.Reveal(k.Text) }

// BasicCredentials are a user and a password (RFC 7617), decoded: valid UTF-8 without control characters. They print as
// [redacted].
type BasicCredentials struct {
	credential.UserPass
	reach.Origin
}

// Username is the text before the first colon; it can be empty.
func (c BasicCredentials) Username() string { return c.UserPass.Username() }

// Password is the text after the first colon; it can be empty.
func (c BasicCredentials) Password() string { return c.UserPass.Password() }

// ClientCertificate is a certificate that the TLS handshake verified (RFC 8705). It prints as [redacted].
type ClientCertificate struct {
	credential.Verified
	reach.Origin
}

// Leaf is the client's own certificate.
func (c ClientCertificate) Leaf() *x509.Certificate {
	chains := c.Chains()
	if len(chains) == 0 || len(chains[0]) == 0 {
		return nil
	}
	return chains[0][0]
}

// Thumbprint is the SHA-256 of the client's own certificate in base64url: the x5t#S256 of a token that is bound to the
// certificate (RFC 8705 section 3.1). It is empty when there is no certificate.
func (c ClientCertificate) Thumbprint() string {
	leaf := c.Leaf()
	if leaf == nil {
		return ""
	}
	sum := sha256.Sum256(leaf.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Chains are the verified chains, each from the leaf to a root. They belong to the connection: do not change them.
func (c ClientCertificate) Chains() [][]*x509.Certificate { return c.Verified.Chains() }

// DPoPToken is an access token, the proof that came with it, and the parts of the request that the proof has to name
// (RFC 9449). It prints as [redacted].
type DPoPToken struct {
	credential.Bound
	reach.Origin
}

// Secret is the token as the client sent it, a token68.
func (t DPoPToken) Secret() string { return secret.Reveal(t.Text) }

// Proof is the proof as the client sent it. It has the form of a JWS in compact serialisation, and nothing in it has
// been verified.
func (t DPoPToken) Proof() string { return t.Bound.Proof() }

// Method is the request's method, the htm of the proof.
func (t DPoPToken) Method() string { return t.Bound.Method() }

// Target is the path of the request as the client sent it, without the query. The proof has it in htu, after a scheme
// and a host that only the application can know.
func (t DPoPToken) Target() string { return t.Bound.Target() }

// HTTPCredentials are those of an http scheme other than Basic, Bearer and DPoP: a token68 or a list of parameters
// (RFC 9110 section 11.4), or any printable ASCII under x-credentials: opaque. They print as [redacted].
type HTTPCredentials struct {
	credential.Params
	reach.Origin
}

// Method is the request's method.
func (c HTTPCredentials) Method() string { return c.Params.Method() }

// Target is the request target as the client sent it, with the query. The uri of Digest must be the same (RFC 7616
// section 3.4.6); the authenticator has to compare the two.
func (c HTTPCredentials) Target() string { return c.Params.Target() }

// Scheme is the authentication scheme as the document spells it.
func (c HTTPCredentials) Scheme() string { return c.Params.Scheme() }

// Secret is everything behind the scheme and its spaces, as the client sent it. Under x-credentials: opaque nothing else
// is known about it, and the authenticator has to take it apart.
func (c HTTPCredentials) Secret() string { return secret.Reveal(c.Text) }

// Token68 is the credential when it is one: it is empty for a list of parameters.
func (c HTTPCredentials) Token68() string { return c.Params.Token68() }

// Param is the value of a parameter without quotes and escapes. Names are compared without regard to the case of
// ASCII letters; no name occurs twice.
func (c HTTPCredentials) Param(name string) (string, bool) { return c.Params.Param(name) }

// Challenge is the part of a WWW-Authenticate field after its scheme, for schemes whose challenges the application
// supplies: a token68, or parameters, or neither (RFC 9110 section 11.3).
type Challenge struct {
	Token68 string
	Params  []Param
}

// Param is a parameter of a challenge. Its value is written as a quoted-string, except for Digest's stale and
// algorithm, which RFC 7616 section 3.3 wants as tokens. Values are printable ASCII.
type Param struct{ Name, Value string }
