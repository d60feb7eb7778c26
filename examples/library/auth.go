package library

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/crypto/bcrypt"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Member is a caller: somebody with a card, somebody who works here, or a publisher.
type Member struct {
	Name      string
	Roles     []guard.Role
	Scopes    []string
	Suspended bool
	// Terminal is set when the request came from a terminal of the library.
	Terminal string
}

// HasRole reports whether the member was given the role.
func (m *Member) HasRole(role guard.Role) bool { return slices.Contains(m.Roles, role) }

// HasScope reports whether the member's token was issued for the scope.
func (m *Member) HasScope(scope string) bool { return slices.Contains(m.Scopes, scope) }

// Auth is the Authenticator that the guards of all examples ask: one method for each security scheme of
// openapi.yaml. A credential is a value and not a request, so none of them knows which framework it is.
// The maps stand for a database or an identity provider.
type Auth struct {
	tokens    map[string]*Member // by bearer token
	expired   map[string]bool    // tokens that were valid once
	sessions  map[string]*Member // by session cookie
	feeds     map[string]*Member // by the key in a feed's URL
	terminals map[string]string  // name of the terminal, by key
	secrets   map[string]secret  // by user name or number of the card
	absent    []byte             // what an unknown user's password is compared with
}

// secret is a member with the bcrypt hash of their password or PIN.
type secret struct {
	member *Member
	hash   []byte
}

// MemberToken authenticates the tokens of the library's app.
func (a *Auth) MemberToken(_ context.Context, token guard.BearerToken) (*Member, error) {
	return a.bearer(token)
}

// Publisher authenticates tokens of the OAuth server, which know the scopes that they were issued for.
func (a *Auth) Publisher(_ context.Context, token guard.BearerToken) (*Member, error) {
	return a.bearer(token)
}

func (a *Auth) bearer(token guard.BearerToken) (*Member, error) {
	member, ok := a.tokens[token.Secret()]
	switch {
	case !ok:
		return nil, guard.Invalid(errors.New("no such token")) // 401
	case a.expired[token.Secret()]:
		return nil, guard.Expired(nil) // 401, and the challenge says so
	case member.Suspended:
		return nil, guard.Forbidden(errors.New("suspended")) // 403: known, and refused
	}
	return member, nil
}

// DeskLogin authenticates the staff at the desk.
func (a *Auth) DeskLogin(_ context.Context, credentials guard.BasicCredentials) (*Member, error) {
	return a.password(credentials)
}

// CardPin authenticates a member by the number of the card and its PIN.
func (a *Auth) CardPin(_ context.Context, credentials guard.BasicCredentials) (*Member, error) {
	return a.password(credentials)
}

// password takes as much time for an unknown user as for a wrong password.
func (a *Auth) password(credentials guard.BasicCredentials) (*Member, error) {
	found, ok := a.secrets[credentials.Username()]
	if !ok {
		found.hash = a.absent
	}
	err := bcrypt.CompareHashAndPassword(found.hash, []byte(credentials.Password()))
	if err != nil || !ok {
		return nil, guard.Invalid(errors.New("unknown user or wrong password"))
	}
	return found.member, nil
}

// TerminalKey authenticates a terminal of the library.
func (a *Auth) TerminalKey(_ context.Context, key guard.APIKey) (*Member, error) {
	terminal, ok := a.terminals[key.Secret()]
	if !ok {
		return nil, guard.Invalid(errors.New("no such terminal"))
	}
	return &Member{Terminal: terminal}, nil
}

// WebSession authenticates the cookie of the web site.
func (a *Auth) WebSession(_ context.Context, key guard.APIKey) (*Member, error) {
	return found(a.sessions[key.Secret()])
}

// FeedKey authenticates the key in the URL of a feed.
func (a *Auth) FeedKey(_ context.Context, key guard.APIKey) (*Member, error) {
	return found(a.feeds[key.Secret()])
}

func found(member *Member) (*Member, error) {
	if member == nil {
		return nil, guard.Invalid(errors.New("no such key"))
	}
	return member, nil
}

// CombineTerminalKeyAndCardPin is the member at a terminal: both credentials were valid.
func (a *Auth) CombineTerminalKeyAndCardPin(_ context.Context, terminal, member *Member) (*Member, error) {
	both := *member
	both.Terminal = terminal.Terminal
	return &both, nil
}
