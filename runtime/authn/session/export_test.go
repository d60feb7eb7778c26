package session

import "time"

// SetClock replaces the clock. scs has a clock of its own.
func (a *Authenticator[P]) SetClock(now func() time.Time) { a.now = now }
