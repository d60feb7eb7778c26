package guard

import (
	"context"
	"fmt"
	"sync/atomic"
)

// link is what the guards of an API have in common: the settings, and the application's functions behind
// a fence. Each of its methods turns a panic into a fault.
type link[P any] struct {
	settings *settings
	holdings Holdings[P]
	nilable  bool // a P can be nil
	// broken is set by the first construction error, whichever guard it was about.
	broken atomic.Bool
}

func (l *link[P]) authenticate(ctx context.Context, s *Scheme[P], c credential) (caller P, verdict Verdict, reason error) {
	verdict, reason = VerdictFault, errPanickedNil
	defer contain(&verdict, &reason, s.source)
	caller, err := s.authenticate(ctx, c)
	verdict, reason = l.judge(ctx, caller, err, s.source)
	return caller, verdict, reason
}

func (l *link[P]) combine(ctx context.Context, a *alternative[P], callers []P) (caller P, verdict Verdict, reason error) {
	verdict, reason = VerdictFault, errPanickedNil
	defer contain(&verdict, &reason, a.source)
	caller, err := a.combine(ctx, callers)
	verdict, reason = l.judge(ctx, caller, err, a.source)
	return caller, verdict, reason
}

// judge turns what came of an authenticator or a combination into a verdict.
func (l *link[P]) judge(ctx context.Context, caller P, err error, source string) (Verdict, error) {
	if err != nil {
		return judge(ctx, err, source)
	}
	if l.nilable && isNil(caller) {
		return VerdictFault, fmt.Errorf("%s returned a nil caller and a nil error", source)
	}
	return VerdictAllow, nil
}

func (l *link[P]) entitled(a *alternative[P], caller P) (verdict Verdict, reason error) {
	verdict, reason = VerdictFault, errPanickedNil
	defer contain(&verdict, &reason, "HasRole or HasScope")
	for i := range a.scopes {
		if !l.holdings.HasScope(caller, a.scopes[i].scope) {
			return VerdictMissingScope, a.scopes[i].missing
		}
	}
	for i := range a.roles {
		if !l.hasAny(caller, a.roles[i].anyOf) {
			return VerdictMissingRole, a.roles[i].missing
		}
	}
	return VerdictAllow, nil
}

func (l *link[P]) hasAny(caller P, roles AnyRole) bool {
	for _, role := range roles {
		if l.holdings.HasRole(caller, role) {
			return true
		}
	}
	return false
}
