package guardtest

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Caller is a caller of a test: nobody, with exactly these roles and scopes.
type Caller struct {
	Roles  []guard.Role `json:"roles,omitempty"`
	Scopes []string     `json:"scopes,omitempty"`
}

// HasRole reports whether the caller was given exactly this role.
func (c *Caller) HasRole(role guard.Role) bool { return slices.Contains(c.Roles, role) }

// HasScope reports whether the caller's credential was granted this scope.
func (c *Caller) HasScope(scope string) bool { return slices.Contains(c.Scopes, scope) }

// String says what the caller holds.
func (c *Caller) String() string {
	words := []string{}
	for _, role := range c.Roles {
		words = append(words, "role "+string(role))
	}
	for _, scope := range c.Scopes {
		words = append(words, "scope "+scope)
	}
	if len(words) == 0 {
		return "a caller without rights"
	}
	return "a caller with " + strings.Join(words, ", ")
}

// Combine is the caller of several credentials: it holds the rights of all of them.
func Combine(_ context.Context, callers ...*Caller) (*Caller, error) {
	all := &Caller{}
	for _, c := range callers {
		all.Roles = append(all.Roles, c.Roles...)
		all.Scopes = append(all.Scopes, c.Scopes...)
	}
	return all, nil
}

// mintingKey is of this process alone: an authenticator of tests that strays into a program admits nobody.
var mintingKey = sync.OnceValue(func() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it never fails
	return key
})

// seal is a text that only this process can have made.
func seal(text string) string {
	mac := hmac.New(sha256.New, mintingKey())
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Mint makes the credentials that [Authenticate] accepts. It is the Credentials of [Options] by default.
func Mint(w Wanted, r *http.Request) (string, error) {
	content, err := json.Marshal(w.Caller)
	if err != nil {
		return "", err
	}
	token := seal(base64.RawURLEncoding.EncodeToString(content))
	switch kindOf(w.Scheme) {
	case kindBasic:
		return "guardtest:" + token, nil
	case kindDigest:
		return fmt.Sprintf(`username="guardtest", realm="guardtest", nonce="guardtest", uri="%s", response="%s"`, r.URL.RequestURI(), token), nil
	case kindDPoP:
		r.Header["Dpop"] = []string{testProof}
	case kindCertificate:
		leaf := &x509.Certificate{Raw: []byte(token)}
		r.TLS = &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{leaf}, VerifiedChains: [][]*x509.Certificate{{leaf}}}
	}
	return token, nil
}

// testProof has the form of a proof; no test verifies it.
const testProof = "Z3VhcmQ.dGVzdHM.bm9uZQ"

var errNotMinted = errors.New("guardtest: this credential was not minted by this process")

// Authenticate is the authenticator of every scheme in tests: it accepts the credentials that [Mint] makes, and returns
// the caller that they were made for. Everything else is [guard.Invalid].
func Authenticate(credential any) (*Caller, error) {
	token := tokenOf(credential)
	text, _, _ := strings.Cut(token, ".")
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || !hmac.Equal([]byte(seal(text)), []byte(token)) {
		return nil, guard.Invalid(errNotMinted)
	}
	c := &Caller{}
	if err := json.Unmarshal(content, c); err != nil {
		return nil, guard.Invalid(errNotMinted)
	}
	return c, nil
}

// tokenOf is the part of a credential that was minted.
func tokenOf(credential any) string {
	switch c := credential.(type) {
	case guard.BasicCredentials:
		return c.Password()
	case guard.ClientCertificate:
		if leaf := c.Leaf(); leaf != nil {
			return string(leaf.Raw)
		}
	case guard.HTTPCredentials:
		if response, ok := c.Param("response"); ok {
			return response
		}
		return c.Secret()
	case interface{ Secret() string }:
		return c.Secret()
	}
	return ""
}
