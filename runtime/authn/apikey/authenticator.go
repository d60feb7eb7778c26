package apikey

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Record is what a store has of a key. O is your type of owner: a user with everything that your function needs, or a name.
// A record can be a caller itself: generated guards ask HasScope and HasRole.
type Record[O any] struct {
	// Digest is Key.Digest of the key.
	Digest []byte
	// Expires is when the key stops being good; the zero time is never.
	Expires time.Time
	// Revoked keys are as good as unknown ones.
	Revoked bool
	// Scopes and Roles are what the key may be used for.
	Scopes []string
	Roles  []guard.Role
	Owner  O
}

// HasScope reports whether the key has exactly this scope.
func (r Record[O]) HasScope(scope string) bool { return slices.Contains(r.Scopes, scope) }

// HasRole reports whether the key has exactly this role.
func (r Record[O]) HasRole(role guard.Role) bool { return slices.Contains(r.Roles, role) }

// Store finds the record of a key. It is safe for concurrent use.
type Store[O any] interface {
	// Find returns the record of a key with this ID, and false when there is none. An error is an outage of the store:
	// an unknown key is none.
	Find(ctx context.Context, id string) (Record[O], bool, error)
}

// Authenticator authenticates callers by their keys. P is your type of caller.
type Authenticator[P any] struct {
	format Format
	find   func(context.Context, Key) (P, error)
	now    func() time.Time
}

// New makes an authenticator for keys of a format. The function makes your caller of the record of an authentic key, for
// every request; its errors are passed on as they are.
func New[O, P any](format Format, store Store[O], caller func(context.Context, Record[O]) (P, error)) (*Authenticator[P], error) {
	switch {
	case format.prefix == "":
		return nil, errors.New("apikey: the format is the zero value; use NewFormat")
	case store == nil:
		return nil, errors.New("apikey: the store is nil")
	case caller == nil:
		return nil, errors.New("apikey: the function that makes the caller is nil")
	}
	a := &Authenticator[P]{format: format, now: time.Now}
	a.find = func(ctx context.Context, key Key) (p P, err error) {
		record, err := lookUp(ctx, store, key, a.now)
		if err != nil {
			return p, err
		}
		return caller(ctx, record)
	}
	return a, nil
}

// Authenticate accepts or refuses a key. The credential is a guard.APIKey, or a guard.BearerToken when keys come as bearer
// tokens.
func (a *Authenticator[P]) Authenticate(ctx context.Context, credential interface{ Secret() string }) (P, error) {
	key, err := a.format.Parse(credential.Secret())
	if err != nil {
		return *new(P), guard.Invalid(err)
	}
	return a.find(ctx, key)
}

var (
	errUnknown = errors.New("apikey: the key is unknown, or has been revoked")
	errExpired = errors.New("apikey: the key has expired")
)

// lookUp finds the record of a key that is good. Unknown, wrong and revoked keys take one and the same way.
func lookUp[O any](ctx context.Context, store Store[O], key Key, now func() time.Time) (Record[O], error) {
	record, found, err := store.Find(ctx, key.ID())
	if err != nil {
		return Record[O]{}, guard.Unavailable(fmt.Errorf("apikey: the store: %w", err))
	}
	same := subtle.ConstantTimeCompare(key.Digest(), record.Digest) == 1
	if !found || !same || record.Revoked {
		return Record[O]{}, guard.Invalid(errUnknown)
	}
	if !record.Expires.IsZero() && !now().Before(record.Expires) {
		return Record[O]{}, guard.Expired(errExpired)
	}
	return record, nil
}
