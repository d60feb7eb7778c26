package bench

import (
	"context"
	"errors"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Caller is a caller with its roles as bits.
type Caller struct{ roles uint8 }

const supportBit = 1

// HasRole is what the generated policy asks.
func (c *Caller) HasRole(role guard.Role) bool { return role == "support" && c.roles&supportBit != 0 }

// Short tokens have the alphabet of JWTs and the length of opaque tokens.
const (
	supportToken  = "eyJhbGciOiJFUzI1NiJ9.c3VwcG9ydA.c2lnbmF0dXJl"
	customerToken = "eyJhbGciOiJFUzI1NiJ9.Y3VzdG9tZXI.c2lnbmF0dXJl"
	unknownToken  = "eyJhbGciOiJFUzI1NiJ9.bm9ib2R5.c2lnbmF0dXJl"
)

// longToken has the length of a JWT with a handful of claims and an RSA signature.
var longToken = "eyJhbGciOiJSUzI1NiJ9." + strings.Repeat("c3VwcG9ydA", 24) + "." + strings.Repeat("c2lnbmF0dX", 34)

// tokens is what every authenticator here looks tokens up in.
var tokens = map[string]*Caller{
	supportToken:  {supportBit},
	longToken:     {supportBit},
	customerToken: {0},
}

var errUnknown = guard.Invalid(errors.New("no such token"))

// Auth is the in-memory authenticator.
type Auth struct{}

// BearerAuth looks the token up.
func (Auth) BearerAuth(_ context.Context, token guard.BearerToken) (*Caller, error) {
	if c, ok := tokens[token.Secret()]; ok {
		return c, nil
	}
	return nil, errUnknown
}
