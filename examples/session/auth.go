package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/session/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/session/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// caller is a member in a browser where they have signed in.
type caller struct {
	store.User
	session store.Session
}

// HasRole reports whether the member was given the role.
func (c *caller) HasRole(role guard.Role) bool { return c.Moderator && role == apiguard.RoleModerator }

// auth answers "who are you?", for each security scheme.
type auth struct {
	store *store.Store
	pace  *pace
}

var (
	errOtherToken = errors.New("the token is not the session's")
	errTooMuch    = errors.New("too many writes")
)

// SessionCookie finds the session of a cookie, and renews it when half of its time is over.
func (a auth) SessionCookie(_ context.Context, key guard.APIKey) (*caller, error) {
	session, user, err := a.store.Session(key.Secret())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, guard.Invalid(err) // 401, or nobody where openapi.yaml says anonymous
	case err != nil:
		return nil, err // 500: the browser keeps its cookie
	case user.Suspended:
		return nil, guard.Forbidden(suspended)
	}
	session, renewed, err := a.store.Renew(session)
	if err != nil {
		return nil, err
	}
	if renewed {
		key.Request().AddHeader("Set-Cookie", sessionCookie(key.Secret(), a.store.Left(session)).String())
	}
	return &caller{user, session}, nil
}

// CsrfToken only carries the token to CombineSessionCookieAndCsrfToken: without a session there is nothing to
// compare it with. No operation asks for it alone, as TestWritesNeedTheToken makes sure.
func (a auth) CsrfToken(_ context.Context, key guard.APIKey) (*caller, error) {
	return &caller{session: store.Session{CSRF: key.Secret()}}, nil
}

// CombineSessionCookieAndCsrfToken is the member, if the page that sends the request could read the session's token.
// Every write comes past here, and so does a member who writes too much.
func (a auth) CombineSessionCookieAndCsrfToken(_ context.Context, member, page *caller) (*caller, error) {
	if subtle.ConstantTimeCompare([]byte(member.session.CSRF), []byte(page.session.CSRF)) != 1 {
		return nil, guard.Forbidden(errors.Join(errOtherToken, csrfMismatch))
	}
	if wait := a.pace.take(member.Name); wait > 0 {
		return nil, guard.TooManyRequests(wait, errTooMuch) // 429, and when to try again
	}
	return member, nil
}

// cookieName is the one in openapi.yaml.
const cookieName = "session"

// sessionCookie is out of reach for scripts (HttpOnly), for plain HTTP (Secure; browsers trust localhost), and for
// requests that other sites make, but for links to us (SameSite=Lax).
func sessionCookie(id string, left time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: id, Path: "/", MaxAge: int(left.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	}
}
