package guard

import (
	"context"
	"fmt"
	"sync/atomic"
)

// link is what the guards of an API have in common.
type link[P any] struct {
	settings *settings
	holdings Holdings[P]
	nilable  bool // a P can be nil
	// pointer is the nil P where P is a pointer type, and nil otherwise: comparing is cheaper than reflecting.
	pointer any
	// broken is set by the first construction error, whichever guard it was about.
	broken atomic.Bool
}

// judge turns what an authenticator or a combination returned into a verdict.
func (l *link[P]) judge(ctx context.Context, caller P, err error, source string) (Verdict, error) {
	if err != nil {
		return judge(ctx, err, source)
	}
	if l.isNil(caller) {
		return VerdictFault, fmt.Errorf("%s returned a nil caller and a nil error", source)
	}
	return VerdictAllow, nil
}

// isNil reports whether there is no caller in spite of a nil error.
func (l *link[P]) isNil(caller P) bool {
	if l.pointer != nil {
		return any(caller) == l.pointer
	}
	return l.nilable && isNil(caller)
}

func (l *link[P]) hasAny(caller P, roles AnyRole) bool {
	for _, role := range roles {
		if l.holdings.HasRole(caller, role) {
			return true
		}
	}
	return false
}
