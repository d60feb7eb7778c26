package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/webhooks/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// sender is who calls: a service that signs, or the operator.
type sender struct{ Name string }

// tolerance is how far the time of a signature may be from ours, as the senders recommend.
const tolerance = 5 * time.Minute

// auth answers "who are you?", for each security scheme.
type auth struct {
	secrets
	store *store.Store
	now   func() time.Time
}

// The reasons of a refusal. The operator reads them; the client gets the same 401 for each.
var (
	errSignature = errors.New("the signature is not the body's under any secret")
	errTime      = errors.New("the signature is too old, or from the future")
	errReplayed  = errors.New("the signature was used before")
	errToken     = errors.New("unknown token")
)

// GithubSignature verifies the MAC of the body. The signature says nothing of the time and nothing of the other fields,
// so an old delivery cannot be told from a new one here: ReceivePush sees to it that it does no harm.
func (a auth) GithubSignature(_ context.Context, key guard.APIKey) (*sender, error) {
	mac, err := parseGitHub(key.Secret())
	if err != nil {
		return nil, guard.Invalid(err)
	}
	if !a.GitHub.signed([][]byte{mac}, key.Request().SignedBody()) {
		return nil, guard.Invalid(errSignature)
	}
	return &sender{"github"}, nil
}

// StripeSignature verifies the MAC of time and body, that the time is about now, and that the signature is new. The
// sender signs each attempt anew, so a signature that comes twice comes from somebody who has seen it.
func (a auth) StripeSignature(_ context.Context, key guard.APIKey) (*sender, error) {
	signature, err := parseStripe(key.Secret())
	if err != nil {
		return nil, guard.Invalid(err)
	}
	body := key.Request().SignedBody()
	if !a.Stripe.signed(signature.macs, signature.message(body)...) {
		return nil, guard.Invalid(errSignature)
	}
	now := a.now()
	if now.Sub(signature.at).Abs() > tolerance {
		return nil, guard.Expired(errTime)
	}
	first, err := a.store.Use(signature.digest(body), signature.at.Add(tolerance), now)
	switch {
	case err != nil:
		return nil, err // 500: the sender tries again
	case !first:
		return nil, guard.Invalid(errReplayed)
	}
	return &sender{"stripe"}, nil
}

// OperatorToken compares digests, so that the time says nothing of a token's length either.
func (a auth) OperatorToken(_ context.Context, token guard.BearerToken) (*sender, error) {
	got, found := sha256.Sum256([]byte(token.Secret())), 0
	for _, secret := range a.Operator {
		want := sha256.Sum256([]byte(secret))
		found |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	if found == 0 {
		return nil, guard.Invalid(errToken)
	}
	return &sender{"operator"}, nil
}
