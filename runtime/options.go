package guard

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Options are what all guards of an API have in common. The zero value is usable.
type Options struct {
	// Realm is the realm of challenges, "api" when empty. It is printable ASCII.
	Realm string
	// MaxCredentialBytes bounds the length of a credential, 16 KiB when 0. A longer one is malformed.
	MaxCredentialBytes int
	// RetryAfter is sent with 503, rounded up to seconds. 0 leaves it out.
	RetryAfter time.Duration
	// OmitScopeChallenge leaves the insufficient_scope challenge out of the 403 for a missing scope.
	OmitScopeChallenge bool
	// CallerInContext also puts the caller into the context of an admitted request, for OnDecision, the
	// application's middlewares and its handlers: see [CallerFrom]. It costs two allocations more.
	CallerInContext bool
	// DenialBody makes the body of denials in place of problem+json. Status and challenges stay the guard's.
	// When it panics, or its contentType is no media type, the default is sent. It must be constant for a
	// status code unless clients may learn what distinguishes the verdicts.
	DenialBody func(ctx context.Context, d Denial) (contentType string, body []byte)
	// OnDecision is told every decision of [Guard.Wrap], once, before the handler runs or the denial is
	// written. When it is nil, faults are logged by slog.Default at level Error, and nothing else is.
	OnDecision func(ctx context.Context, e Event)
}

// Denial is what [Options].DenialBody may know.
type Denial struct {
	// Operation is the operationId.
	Operation string
	Status    int
	Verdict   Verdict
}

const (
	defaultRealm              = "api"
	defaultMaxCredentialBytes = 16 << 10
)

// settings are Options, checked and made ready.
type settings struct {
	realm           string
	limit           int
	retryAfter      []string
	scopeChallenge  bool
	callerInContext bool
	denialBody      func(context.Context, Denial) (string, []byte)
	onDecision      func(context.Context, Event)
}

func newSettings(o Options) (*settings, error) {
	s := &settings{
		realm: o.Realm, limit: o.MaxCredentialBytes,
		scopeChallenge: !o.OmitScopeChallenge, callerInContext: o.CallerInContext,
		denialBody: o.DenialBody, onDecision: o.OnDecision,
	}
	if s.realm == "" {
		s.realm = defaultRealm
	}
	if s.limit == 0 {
		s.limit = defaultMaxCredentialBytes
	}
	if o.RetryAfter > 0 {
		s.retryAfter = []string{seconds(o.RetryAfter)}
	}
	return s, o.check()
}

func (o *Options) check() error {
	var errs []error
	if !quotable(o.Realm) {
		errs = append(errs, fmt.Errorf("guard: Options.Realm %q is not printable ASCII", o.Realm))
	}
	if o.MaxCredentialBytes < 0 {
		errs = append(errs, fmt.Errorf("guard: Options.MaxCredentialBytes is negative: %d", o.MaxCredentialBytes))
	}
	if o.RetryAfter < 0 {
		errs = append(errs, fmt.Errorf("guard: Options.RetryAfter is negative: %s", o.RetryAfter))
	}
	return errors.Join(errs...)
}
