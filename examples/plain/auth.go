package main

import (
	"context"
	"crypto/subtle"
	"slices"

	guard "github.com/oapi-guard/oapi-guard/runtime"

	"github.com/oapi-guard/oapi-guard/examples/plain/apiguard"
)

// user is a caller: a customer, somebody of the shop, or the payment service.
type user struct {
	name  string
	roles []guard.Role
	// staff see the orders of everybody: customer care, say.
	staff bool
}

// HasRole is all that the API's policy asks about a caller.
func (u *user) HasRole(role guard.Role) bool { return slices.Contains(u.roles, role) }

// auth has the users by their tokens. A real one asks a database or an identity provider.
type auth struct {
	tokens     map[string]*user
	paymentKey string
}

func newAuth() auth {
	return auth{
		paymentKey: "payment-key",
		tokens: map[string]*user{
			"alice-token": {name: "alice"},
			"bob-token":   {name: "bob"},
			"sam-token":   {name: "sam", staff: true},
			"mia-token":   {name: "mia", staff: true, roles: []guard.Role{apiguard.RoleManager}},
		},
	}
}

// BearerAuth says whose token it is.
func (a auth) BearerAuth(_ context.Context, token guard.BearerToken) (*user, error) {
	if u := a.tokens[token.Secret()]; u != nil {
		return u, nil
	}
	return nil, guard.Invalid(nil)
}

// PaymentKey knows one key, that of the payment service.
func (a auth) PaymentKey(_ context.Context, key guard.APIKey) (*user, error) {
	if subtle.ConstantTimeCompare([]byte(key.Secret()), []byte(a.paymentKey)) == 1 {
		return &user{name: "payments"}, nil
	}
	return nil, guard.Invalid(nil)
}

// checks answer whose order it is.
type checks struct{ shop *shop }

// OwnsOrder admits the customer who placed the order, and everybody whom the shop lets see all of them.
func (c checks) OwnsOrder(_ context.Context, caller *user, orderId int64) error {
	order, found := c.shop.find(orderId)
	switch {
	case !found:
		return guard.NotFound(nil)
	case order.Customer != caller.name && !caller.staff:
		return guard.Forbidden(nil)
	}
	return nil
}
