package gen

import (
	"fmt"
	"math"
)

// WithSignedBody returns the scheme with the body as a part of its credential, x-signed-body: its authenticator gets the
// bytes from [guard.Request.SignedBody]. The body is read, up to max bytes, when a credential of the scheme is presented
// and before the authenticator is asked. A longer one is answered with 413.
func (s Scheme[P]) WithSignedBody(max int64) Scheme[P] {
	if s.signedBody = max; s.err == nil && (max <= 0 || max == math.MaxInt64) {
		s.err = fmt.Errorf("the largest signed body is %d bytes: it has to be a positive number", max)
	}
	return s
}
