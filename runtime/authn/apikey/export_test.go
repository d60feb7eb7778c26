package apikey

import "time"

// SetClock replaces the clock, before the first request.
func (a *Authenticator[P]) SetClock(now func() time.Time) { a.now = now }

// WithChecksum completes a key.
func WithChecksum(text string) string { return text + checksum(text) }
