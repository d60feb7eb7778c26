package client

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// Credential is one way to authenticate: [Bearer], [Basic], [HeaderKey], [QueryKey], [CookieKey], [DPoP] or [HTTP]. It
// prints as [redacted]. A credential that is made of nothing is nil: [New] refuses it among [Options.Credentials], and in an
// [Operation] it is one that the caller does not have.
type Credential interface {
	// check reports why the credential cannot be used.
	check() error
	// secrets are the texts that nothing may show.
	secrets() []secret.Text
}

// authorizer is a credential that is written into Authorization: there can be one in a request.
type authorizer interface {
	Credential
	// authorize sets the fields of an attempt.
	authorize(x *exchange, out *http.Request) error
	// react decides about a 401: whether to try again, and otherwise why not.
	react(x *exchange, resp *http.Response) (again bool, reason string, err error)
}

var (
	_ authorizer = (*basic)(nil)
	_ authorizer = (*bearer)(nil)
	_ authorizer = (*dpop)(nil)
	_ authorizer = (*function)(nil)
)

// hidden makes a credential print as [redacted] under every verb, in JSON and in logs.
type hidden struct{ secret.Text }

// basic is a user and a password.
type basic struct {
	hidden
	problem error
}

// Basic is a user and a password (RFC 7617), sent as UTF-8.
func Basic(username, password string) Credential {
	b := &basic{}
	if strings.Contains(username, ":") || hasControl(username) || hasControl(password) {
		b.problem = errors.New("a user with a colon, or a control character in user or password (RFC 7617 section 2)")
	}
	b.Text = secret.Hide(base64.StdEncoding.EncodeToString([]byte(username + ":" + password)))
	return b
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c >= 0x7f && c < 0xa0 })
}

func (b *basic) check() error           { return b.problem }
func (b *basic) secrets() []secret.Text { return []secret.Text{b.Text} }

func (b *basic) authorize(_ *exchange, out *http.Request) error {
	out.Header["Authorization"] = []string{"Basic " + secret.Reveal(b.Text)}
	return nil
}

func (b *basic) react(*exchange, *http.Response) (bool, string, error) {
	return false, "there is no other password", nil
}

// HTTP is a credential of another http scheme, such as Digest (RFC 7616). The function is called for each attempt. It
// returns what follows the scheme in Authorization: a token68, or parameters. Empty text sends no Authorization.
//
// The request is a copy without its body; GetBody of the caller's request is there if it was set. The challenge is the
// last one of the scheme, and nil as long as the server has sent none. After a 401 with a challenge of the scheme the
// function is asked once more, and its answer is sent when it is another one.
func HTTP(scheme string, authorize AuthorizeFunc) Credential {
	if authorize == nil {
		return nil
	}
	return &function{scheme: scheme, ask: authorize}
}

// AuthorizeFunc makes the credentials of an http scheme: see [HTTP].
type AuthorizeFunc func(req *http.Request, challenge *Challenge) (string, error)

// place is where an API key is sent.
type place uint8

const (
	inHeader place = iota
	inQuery
	inCookie
)

// apiKey is the key of an apiKey scheme (OpenAPI 3.1.1 section 4.8.27).
type apiKey struct {
	hidden
	in   place
	name string
}

// HeaderKey is an API key in a header field (OpenAPI 3.1.1 section 4.8.27).
func HeaderKey(name, key string) Credential { return newKey(inHeader, name, key) }

// QueryKey is an API key in the query (OpenAPI 3.1.1 section 4.8.27).
func QueryKey(name, key string) Credential { return newKey(inQuery, name, key) }

// CookieKey is an API key in a cookie (OpenAPI 3.1.1 section 4.8.27). The value is sent as it stands.
func CookieKey(name, key string) Credential { return newKey(inCookie, name, key) }

func newKey(in place, name, key string) Credential {
	if key == "" {
		return nil
	}
	if in == inHeader {
		name = http.CanonicalHeaderKey(name)
	}
	return &apiKey{hidden: hidden{secret.Hide(key)}, in: in, name: name}
}

func (k *apiKey) secrets() []secret.Text { return []secret.Text{k.Text} }

func (k *apiKey) check() error {
	key := secret.Reveal(k.Text)
	switch {
	case k.name == "" || k.in != inQuery && !grammar.IsToken(k.name):
		return fmt.Errorf("no field and no cookie can have the name %q", k.name)
	case k.in == inHeader && (!grammar.IsPrintable(key) || grammar.TrimSpace(key) != key),
		k.in == inCookie && !isCookieValue(key):
		return fmt.Errorf("the API key %s has a character that cannot be sent", k.name)
	}
	return nil
}

// isCookieValue reports whether a server reads the value as it was sent (RFC 6265 section 4.1.1). Inner spaces and commas,
// which net/http reads too, are allowed.
func isCookieValue(s string) bool {
	return grammar.IsPrintable(s) && grammar.TrimSpace(s) == s && !strings.ContainsAny(s, "\";\\")
}
