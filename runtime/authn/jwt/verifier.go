package jwt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

var errSignature = errors.New("jwt: no key of the provider has signed the token")

// Verifier verifies access tokens. It is made by [New], is safe for concurrent use, and needs no closing.
type Verifier struct {
	issuer     string
	audience   []string
	types      []string // as [mediaType] makes them
	algorithms []string
	leeway     time.Duration
	roles      []claimset.Path
	scopes     []claimset.Path
	source     keySource
	proofs     *proofVerifier // nil without DPoP
	now        func() time.Time
}

// keySource is where keys come from.
type keySource interface {
	// keys returns the keys that can have signed a token, or a classified error. For an expired one it does not ask for
	// newer keys.
	keys(ctx context.Context, c *compact, expired bool) ([]*key, error)
	// renew is called after a signature was verified.
	renew()
}

// keys implements [keySource] for keys that never change.
func (s *keySet) keys(_ context.Context, c *compact, _ bool) ([]*key, error) {
	fitting, _ := s.candidates(c)
	return fitting, nil
}

func (*keySet) renew() {}

// Authenticate is the authenticator of a bearer scheme. Its errors are classified: guard.Invalid, guard.Expired when only
// the time is wrong, and guard.Unavailable when the provider does not answer and the key of the token is not known. A token
// that is bound to a key is refused here (RFC 9449 section 7.2), and one that is bound to a certificate comes with it (RFC
// 8705 section 3).
func (v *Verifier) Authenticate(ctx context.Context, token guard.BearerToken) (*Caller, error) {
	c, err := parseCompact(token.Secret())
	if err != nil {
		return nil, guard.Invalid(err)
	}
	expired, err := v.checkClaims(c)
	if err != nil {
		return nil, guard.Invalid(err)
	}
	if err := claimset.Confirm(c.claims, "", token.Request().TLS()); err != nil {
		return nil, guard.Invalid(fmt.Errorf("jwt: %w", err))
	}
	if err := v.verify(ctx, c, expired); err != nil {
		return nil, err
	}
	return v.admit(c, expired)
}

// verify looks for the key that has signed the token. It comes after all that is cheap, so that a token which is refused
// anyway fetches nothing.
func (v *Verifier) verify(ctx context.Context, c *compact, expired bool) error {
	keys, err := v.source.keys(ctx, c, expired)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(keys, c.verifiedBy) {
		return guard.Invalid(errSignature)
	}
	v.source.renew()
	return nil
}

// admit makes the caller of a token that is right, unless it has expired.
func (v *Verifier) admit(c *compact, expired bool) (*Caller, error) {
	if expired {
		return nil, guard.Expired(errExpired)
	}
	return &Caller{
		claims: c.claims, payload: c.payload, expires: c.expires,
		roles: claimset.Roles(c.claims, v.roles), scopes: claimset.Scopes(c.claims, v.scopes),
	}, nil
}

// Mapped is a [Verifier] whose callers are the application's own.
type Mapped[P any] struct {
	verifier *Verifier
	caller   func(context.Context, *Caller) (P, error)
}

// Map makes the application's caller of each verified one. The errors of the function are the authenticator's, so they are
// classified: guard.Forbidden for a suspended account, guard.Unavailable when the database does not answer.
func Map[P any](v *Verifier, caller func(context.Context, *Caller) (P, error)) Mapped[P] {
	return Mapped[P]{v, caller}
}

// Authenticate is [Verifier.Authenticate] with the application's caller.
func (m Mapped[P]) Authenticate(ctx context.Context, token guard.BearerToken) (P, error) {
	c, err := m.verifier.Authenticate(ctx, token)
	return m.mapped(ctx, c, err)
}

// AuthenticateDPoP is [Verifier.AuthenticateDPoP] with the application's caller.
func (m Mapped[P]) AuthenticateDPoP(ctx context.Context, token guard.DPoPToken) (P, error) {
	c, err := m.verifier.AuthenticateDPoP(ctx, token)
	return m.mapped(ctx, c, err)
}

// Challenge is [Verifier.Challenge].
func (m Mapped[P]) Challenge(ctx context.Context) guard.Challenge { return m.verifier.Challenge(ctx) }

func (m Mapped[P]) mapped(ctx context.Context, c *Caller, err error) (P, error) {
	if err != nil {
		var none P
		return none, err
	}
	return m.caller(ctx, c)
}
