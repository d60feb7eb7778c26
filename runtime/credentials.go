package guard

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
)

// BearerToken is the token of an http bearer, oauth2 or openIdConnect scheme (RFC 6750). It prints as
// [redacted].
type BearerToken struct{ secret }

// NewBearerToken makes a token, for tests of authenticators.
func NewBearerToken(token string) BearerToken { return BearerToken{conceal(token)} }

// Secret is the token as the client sent it, a token68.
func (t BearerToken) Secret() string { return t.reveal() }

// APIKey is the value of an apiKey scheme. It prints as [redacted].
type APIKey struct{ secret }

// NewAPIKey makes a key, for tests of authenticators.
func NewAPIKey(key string) APIKey { return APIKey{conceal(key)} }

// Secret is the key as the client sent it.
func (k APIKey) Secret() string { return k.reveal() }

// BasicCredentials are a user and a password (RFC 7617), decoded: valid UTF-8 without control characters,
// and a user that is not empty. They print as [redacted].
type BasicCredentials struct {
	secret
	user int
}

// NewBasicCredentials makes credentials, for tests of authenticators.
func NewBasicCredentials(username, password string) BasicCredentials {
	return BasicCredentials{conceal(username + ":" + password), len(username)}
}

// Username is the text before the first colon.
func (c BasicCredentials) Username() string { return c.reveal()[:c.user] }

// Password is the text after the first colon; it can be empty.
func (c BasicCredentials) Password() string {
	_, password, _ := strings.Cut(c.reveal()[c.user:], ":")
	return password
}

// ClientCertificate is a certificate that the TLS handshake verified (RFC 8705). It prints as [redacted].
type ClientCertificate struct {
	secret
	chains [][]*x509.Certificate
}

// NewClientCertificate makes a certificate of verified chains, for tests of authenticators.
func NewClientCertificate(chains ...[]*x509.Certificate) ClientCertificate {
	return ClientCertificate{chains: chains}
}

// Leaf is the client's own certificate.
func (c ClientCertificate) Leaf() *x509.Certificate {
	if len(c.chains) == 0 || len(c.chains[0]) == 0 {
		return nil
	}
	return c.chains[0][0]
}

// Thumbprint is the SHA-256 of the client's own certificate in base64url: what a token that is bound to the
// certificate has as x5t#S256 (RFC 8705 section 3.1). It is empty when there is no certificate.
func (c ClientCertificate) Thumbprint() string {
	leaf := c.Leaf()
	if leaf == nil {
		return ""
	}
	sum := sha256.Sum256(leaf.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Chains are the verified chains, each from the leaf to a root. They belong to the connection: do not
// change them.
func (c ClientCertificate) Chains() [][]*x509.Certificate { return c.chains }

// HTTPCredentials are those of an http scheme other than Basic and Bearer: a token68 or a list of
// parameters (RFC 9110 section 11.4). They print as [redacted].
type HTTPCredentials struct {
	secret
	scheme string
	method string
	target secret // a query can hold secrets
}

// NewHTTPCredentials parses what follows the scheme in an Authorization field, for tests of authenticators.
func NewHTTPCredentials(scheme, credentials string) (HTTPCredentials, error) {
	switch digest := equalFold(scheme, "Digest"); {
	case digest && !validDigest(credentials):
		return HTTPCredentials{}, errors.New("guard: not the parameters of Digest (RFC 7616 section 3.4)")
	case !digest && !isToken68(credentials) && !validParams(credentials):
		return HTTPCredentials{}, errors.New("guard: neither a token68 nor a list of parameters")
	}
	return HTTPCredentials{secret: conceal(credentials), scheme: scheme}, nil
}

// WithRequest returns the credentials as those of a request with this method and this target, for tests of
// authenticators.
func (c HTTPCredentials) WithRequest(method, target string) HTTPCredentials {
	c.method, c.target = method, conceal(target)
	return c
}

// Method is the request's method.
func (c HTTPCredentials) Method() string { return c.method }

// Target is the request target as the client sent it, with the query. What Digest has in uri must be the same
// (RFC 7616 section 3.4.6); comparing the two is for the authenticator.
func (c HTTPCredentials) Target() string { return c.target.reveal() }

// Scheme is the authentication scheme as the document spells it.
func (c HTTPCredentials) Scheme() string { return c.scheme }

// Token68 is the credential, or empty when it is a list of parameters.
func (c HTTPCredentials) Token68() string {
	if text := c.reveal(); isToken68(text) {
		return text
	}
	return ""
}

// Param is the value of a parameter, quotes and escapes removed. Names are compared without regard to the
// case of ASCII letters; no name occurs twice.
func (c HTTPCredentials) Param(name string) (string, bool) {
	text := c.reveal()
	if isToken68(text) {
		return "", false
	}
	for text != "" {
		p, rest, ok := cutParam(text)
		if !ok {
			return "", false
		}
		if p.name != "" && equalFold(p.name, name) {
			return p.value(), true
		}
		text = rest
	}
	return "", false
}
