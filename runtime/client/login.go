package client

import "github.com/oapi-guard/oapi-guard/runtime/internal/secret"

// Key is the value of an API key. The zero Key is none. It prints as [redacted].
type Key struct{ secret.Text }

// NewKey makes a key.
func NewKey(value string) Key { return Key{secret.Hide(value)} }

// Header is the key as a [HeaderKey], or nil.
func (k Key) Header(name string) Credential { return HeaderKey(name, secret.Reveal(k.Text)) }

// Query is the key as a [QueryKey], or nil.
func (k Key) Query(name string) Credential { return QueryKey(name, secret.Reveal(k.Text)) }

// Cookie is the key as a [CookieKey], or nil.
func (k Key) Cookie(name string) Credential { return CookieKey(name, secret.Reveal(k.Text)) }

// Login is a user and a password. The zero Login is none. It prints as [redacted].
type Login struct {
	secret.Text
	credential Credential
}

// NewLogin makes a login.
func NewLogin(username, password string) Login {
	return Login{secret.Hide(password), Basic(username, password)}
}

// Basic is the login as [Basic], or nil.
func (l Login) Basic() Credential { return l.credential }

// Bound is a token source and the key that its tokens are bound to. The zero Bound is none.
type Bound struct {
	Source TokenSource
	Signer ProofSigner
}

// DPoP is the source as [DPoP], or nil.
func (b Bound) DPoP() Credential { return DPoP(b.Source, b.Signer) }
