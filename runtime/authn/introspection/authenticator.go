package introspection

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Authenticator authenticates access tokens. P is your type of caller.
type Authenticator[P any] struct {
	*introspector
	caller func(context.Context, Claims) (P, error)
}

// New makes an authenticator. It asks the endpoint nothing yet, so the endpoint may be down. The function makes your caller of
// the claims of an accepted token, for every request; its errors are passed on as they are.
func New[P any](config Config, caller func(context.Context, Claims) (P, error)) (*Authenticator[P], error) {
	if caller == nil {
		return nil, errors.New("introspection: the function that makes the caller is nil")
	}
	i, err := newIntrospector(config)
	if err != nil {
		return nil, err
	}
	return &Authenticator[P]{i, caller}, nil
}

// Authenticate accepts or refuses a token: see the documentation of the package for the classes.
func (a *Authenticator[P]) Authenticate(ctx context.Context, token guard.BearerToken) (caller P, err error) {
	claims, err := a.claims(ctx, token.Secret())
	if err != nil {
		return caller, err
	}
	if err := a.config.judge(claims, token.Request(), a.now()); err != nil {
		return caller, err
	}
	return a.caller(ctx, claims)
}

// key stands for a token: its HMAC under a key of the process.
type key [sha256.Size]byte

// introspector is what does not depend on the type of callers.
type introspector struct {
	config   settings
	now      func() time.Time
	secret   []byte
	accepted *memory[Claims]
	refused  *memory[Claims] // inactive tokens have none, those that have expired do
	flights  *flights
	shared   *shared // nil without one
	client   *client
	turns    chan struct{}
}

func newIntrospector(c Config) (*introspector, error) {
	config, err := c.validated()
	if err != nil {
		return nil, err
	}
	i := &introspector{
		config: config, now: time.Now, secret: make([]byte, sha256.Size),
		accepted: newMemory[Claims](config.MaxEntries), refused: newMemory[Claims](config.MaxEntries),
		flights: &flights{
			byKey: map[key]*flight{}, max: 33 * config.MaxConcurrent,
			timeout: config.Timeout, patience: config.Timeout + config.SharedTimeout,
		},
		client: newClient(config.Config), turns: make(chan struct{}, config.MaxConcurrent),
	}
	if _, err := rand.Read(i.secret); err != nil {
		return nil, fmt.Errorf("introspection: %w", err)
	}
	if config.Shared != nil {
		if i.shared, err = newShared(config.Config); err != nil {
			return nil, fmt.Errorf("introspection: %w", err)
		}
	}
	return i, nil
}

func (i *introspector) key(token string) (k key) {
	mac := hmac.New(sha256.New, i.secret)
	mac.Write([]byte(token))
	mac.Sum(k[:0])
	return k
}

// claims are those of a token that the authorization server calls active.
func (i *introspector) claims(ctx context.Context, token string) (Claims, error) {
	k := i.key(token)
	if claims, err, found := i.recall(k); found {
		return claims, err
	}
	return i.flights.do(ctx, k, func(ctx context.Context) (Claims, error) {
		if claims, err, found := i.recall(k); found { // an earlier flight has just landed
			return claims, err
		}
		return i.find(ctx, k, token)
	})
}

func (i *introspector) recall(k key) (Claims, error, bool) {
	if claims, found := i.accepted.get(k, i.now()); found {
		return claims, nil, true
	}
	claims, found := i.refused.get(k, i.now())
	if found && claims.members == nil {
		return claims, guard.Invalid(errInactive), true
	}
	return claims, nil, found
}

// find looks into the shared cache, and then asks the endpoint.
func (i *introspector) find(ctx context.Context, k key, token string) (Claims, error) {
	if i.shared == nil {
		claims, _, err := i.ask(ctx, k, token)
		return claims, err
	}
	if raw, until := i.shared.get(ctx, token, i.now()); raw != nil {
		if claims, err := i.config.understand(raw); err == nil {
			i.remember(k, claims, until)
			return claims, nil
		}
	}
	claims, until, err := i.ask(ctx, k, token)
	if err == nil && !until.IsZero() {
		// What was found need not wait for the cache; the limit of the operation is its own.
		go i.shared.set(context.WithoutCancel(ctx), token, claims.raw, i.now(), until)
	}
	return claims, err
}

// ask asks the endpoint when it is our turn, and remembers the answer until the time that it returns.
func (i *introspector) ask(ctx context.Context, k key, token string) (claims Claims, until time.Time, err error) {
	select {
	case i.turns <- struct{}{}:
		defer func() { <-i.turns }()
	case <-ctx.Done():
		return claims, until, unavailable(ctx.Err())
	}
	raw, err := i.client.ask(ctx, token)
	if err != nil {
		return claims, until, err
	}
	claims, err = i.config.understand(raw)
	switch {
	case errors.Is(err, errInactive):
		err = guard.Invalid(errInactive)
		i.refuse(k, Claims{})
	case err != nil:
		err = unavailable(fmt.Errorf("the answer cannot be understood: %w", err))
	case i.config.isExpired(claims, i.now()):
		i.refuse(k, claims)
	default:
		until = i.remember(k, claims, i.now().Add(i.config.MaxAge))
	}
	return claims, until, err
}

// remember keeps claims until a time, and never beyond exp.
func (i *introspector) remember(k key, claims Claims, until time.Time) time.Time {
	if exp := claims.expires; !exp.IsZero() && exp.Before(until) {
		until = exp
	}
	if i.now().Before(until) {
		i.accepted.put(k, claims, until, len(claims.raw))
	}
	return until
}

// refuse keeps a refusal apart from what is accepted, so that unknown tokens push no good ones out.
func (i *introspector) refuse(k key, claims Claims) {
	if i.config.RefusalAge > 0 {
		i.refused.put(k, claims, i.now().Add(i.config.RefusalAge), len(claims.raw))
	}
}
