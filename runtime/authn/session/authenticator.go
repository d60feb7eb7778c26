package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Authenticator authenticates browsers by their sessions. P is your type of caller.
type Authenticator[P any] struct {
	*keeper
	caller func(context.Context) (P, error)
}

// New makes an authenticator. The function makes your caller of a session, which is in its context for the manager's methods,
// for every request; its errors are passed on as they are. What it puts into the session is not kept.
func New[P any](config Config, caller func(ctx context.Context) (P, error)) (*Authenticator[P], error) {
	if caller == nil {
		return nil, errors.New("session: the function that makes the caller is nil")
	}
	if err := config.check(); err != nil {
		return nil, err
	}
	return &Authenticator[P]{&keeper{config, config.Manager, time.Now}, caller}, nil
}

// Authenticate accepts or refuses the value of a session's cookie, and renews the session of an accepted one.
func (a *Authenticator[P]) Authenticate(ctx context.Context, key guard.APIKey) (none P, err error) {
	loaded, err := a.load(ctx, key.Secret())
	if err != nil {
		return none, err
	}
	caller, err := a.caller(loaded)
	if err != nil {
		return none, err
	}
	cookie, err := a.renew(ctx, loaded, key.Secret())
	if err != nil {
		return none, err
	}
	if cookie != nil {
		key.Request().AddHeader("Set-Cookie", cookie.String())
	}
	return caller, nil
}

// keeper is what does not depend on the type of callers.
type keeper struct {
	config  Config
	manager *scs.SessionManager
	now     func() time.Time
}

var (
	errUnknown = errors.New("session: the session is unknown, or has ended")
	errExpired = errors.New("session: the session has expired")
)

// load returns a context with the session of a token.
func (k *keeper) load(ctx context.Context, token string) (context.Context, error) {
	if token == "" {
		return nil, guard.Invalid(errUnknown)
	}
	loaded, err := k.manager.Load(fresh{ctx}, token)
	switch {
	case err != nil:
		return nil, guard.Unavailable(fmt.Errorf("session: the store: %w", err))
	case k.manager.Token(loaded) != token: // a new session, for the store has none
		return nil, guard.Invalid(errUnknown)
	case !k.now().Before(k.manager.Deadline(loaded)):
		return nil, guard.Expired(errExpired)
	}
	return loaded, nil
}

// current is load for a session that may have got another token meanwhile.
func (k *keeper) current(ctx context.Context, token string) (context.Context, error) {
	for {
		loaded, err := k.load(ctx, token)
		if err != nil {
			return nil, err
		}
		next := open(token, k.manager.GetString(loaded, replaced))
		if next == "" {
			return loaded, nil
		}
		token = next
	}
}
