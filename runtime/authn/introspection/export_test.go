package introspection

import "time"

// SetClock replaces the clock, before the first request.
func (a *Authenticator[P]) SetClock(now func() time.Time) { a.now = now }

// Remembered is the number of accepted answers and of refusals in memory.
func (a *Authenticator[P]) Remembered() (accepted, refused int) {
	return len(a.accepted.entries), len(a.refused.entries)
}

// Name is the name of a token in the shared cache.
func (a *Authenticator[P]) Name(token string) string { return a.shared.name(token) }
