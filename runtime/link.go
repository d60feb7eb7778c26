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
	// broken is set by the first construction error, whichever guard it was about.
	broken atomic.Bool
}

// judge turns what an authenticator or a combination returned into a verdict.
func (l *link[P]) judge(ctx context.Context, caller P, err error, source string) (Verdict, error) {
	if err != nil {
		return judge(ctx, err, source)
	}
	if l.nilable && isNil(caller) {
		return VerdictFault, fmt.Errorf("%s returned a nil caller and a nil error", source)
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
