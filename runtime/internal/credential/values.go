package credential

import (
	"crypto/x509"
	"errors"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// UserPass are the values of Basic credentials.
type UserPass struct {
	secret.Text
	user int
}

// UserPass are the credentials that [Basic] read.
func (c Credential) UserPass() UserPass { return UserPass{c.Text, c.user} }

// NewUserPass joins a user and a password.
func NewUserPass(user, password string) UserPass {
	return UserPass{secret.Hide(user + ":" + password), len(user)}
}

// Username is the text before the first colon.
func (u UserPass) Username() string { return secret.Reveal(u.Text)[:u.user] }

// Password is the text after the first colon.
func (u UserPass) Password() string {
	_, password, _ := strings.Cut(secret.Reveal(u.Text)[u.user:], ":")
	return password
}

// Verified are the verified chains of a client certificate.
type Verified struct {
	secret.Text // empty: it makes the type print as [redacted]
	chains      [][]*x509.Certificate
}

// Verified are the chains that [Certificate] read.
func (c Credential) Verified() Verified { return Verified{chains: c.connection.VerifiedChains} }

// NewVerified makes the value of chains.
func NewVerified(chains [][]*x509.Certificate) Verified { return Verified{chains: chains} }

// Chains are the verified chains.
func (v Verified) Chains() [][]*x509.Certificate { return v.chains }

// Bound is an access token with the proof that its sender holds the key, and the parts of the request that the
// proof names.
type Bound struct {
	secret.Text
	proof  secret.Text
	method string
	target secret.Text
}

// Bound is the token that [DPoP] read, with its proof.
func (c Credential) Bound(r Request) Bound {
	proof, _, _ := readProof(r) // DPoP.Read found it good
	return Bound{c.Text, secret.Hide(proof), r.HTTPMethod(), secret.Hide(pathOf(r.Target()))}
}

// NewBound makes the value of its parts.
func NewBound(token, proof, method, target string) Bound {
	return Bound{secret.Hide(token), secret.Hide(proof), method, secret.Hide(target)}
}

// Proof is the proof as the client sent it.
func (b Bound) Proof() string { return secret.Reveal(b.proof) }

// Method is the request's method.
func (b Bound) Method() string { return b.method }

// Target is the path of the request.
func (b Bound) Target() string { return secret.Reveal(b.target) }

// Params are the credentials of another scheme, with the parts of the request that they may have to name.
type Params struct {
	secret.Text
	scheme string
	method string
	target secret.Text // its query can hold secrets
}

// Params are the credentials that [Other] or [Digest] read.
func (c Credential) Params(scheme string, r Request) Params {
	return Params{c.Text, scheme, r.HTTPMethod(), secret.Hide(r.Target())}
}

// NewParams parses the text after the scheme of an Authorization field.
func NewParams(scheme, text, method, target string) (Params, error) {
	switch digest := grammar.EqualFold(scheme, "Digest"); {
	case digest && !isDigest(text):
		return Params{}, errors.New("not the parameters of Digest (RFC 7616 section 3.4)")
	case !digest && !grammar.IsToken68(text) && !grammar.IsParams(text):
		return Params{}, errors.New("neither a token68 nor a list of parameters")
	}
	return Params{secret.Hide(text), scheme, method, secret.Hide(target)}, nil
}

// NewOpaque takes the text after the scheme of an Authorization field, when the scheme is [Opaque].
func NewOpaque(scheme, text, method, target string) (Params, error) {
	if text == "" || text[0] == ' ' || !grammar.IsPrintable(text) {
		return Params{}, errors.New("empty or not printable ASCII")
	}
	return Params{secret.Hide(text), scheme, method, secret.Hide(target)}, nil
}

// Scheme is the authentication scheme as the document spells it.
func (p Params) Scheme() string { return p.scheme }

// Method is the request's method.
func (p Params) Method() string { return p.method }

// Target is the request target with its query.
func (p Params) Target() string { return secret.Reveal(p.target) }

// Token68 is the credential, or empty when it is a list of parameters.
func (p Params) Token68() string {
	if text := secret.Reveal(p.Text); grammar.IsToken68(text) {
		return text
	}
	return ""
}

// Param is the value of a parameter.
func (p Params) Param(name string) (string, bool) {
	text := secret.Reveal(p.Text)
	if grammar.IsToken68(text) {
		return "", false
	}
	return grammar.FindParam(text, name)
}
