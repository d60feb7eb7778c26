package main

import (
	"context"
	"errors"
	"slices"

	"github.com/oapi-guard/oapi-guard/examples/documents/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// suspended is what a suspended account may know: it is the only text of the authenticator that a client ever reads.
const suspended guard.Detail = "Your account is suspended. Write to support@documents.example."

// user is who calls.
type user struct{ store.User }

// HasRole reports whether the user was given the role.
func (u *user) HasRole(role guard.Role) bool { return slices.Contains(u.Roles, string(role)) }

// auth answers "who are you?", for each security scheme.
type auth struct{ store *store.Store }

// BearerAuth finds the user of a token.
func (a auth) BearerAuth(_ context.Context, token guard.BearerToken) (*user, error) {
	return a.find(store.Bearer, token.Secret())
}

// SessionCookie finds the user of a browser's session.
func (a auth) SessionCookie(_ context.Context, key guard.APIKey) (*user, error) {
	return a.find(store.Session, key.Secret())
}

func (a auth) find(kind store.Kind, token string) (*user, error) {
	found, err := a.store.UserOf(kind, token)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, guard.Invalid(err) // 401: try another token
	case err != nil:
		return nil, err // 500: that the store cannot read is nothing that the caller did wrong
	case found.Suspended:
		return nil, guard.Forbidden(suspended) // 403: known, and refused; another token of the same user is, too
	}
	return &user{found}, nil
}
