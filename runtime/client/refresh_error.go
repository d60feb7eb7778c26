package client

// RefreshError says that there is no token to send a request with. It unwraps to the cause: the error of the source,
// [ErrTokenRefused], or context.DeadlineExceeded after [Options.RefreshTimeout].
type RefreshError struct {
	Err error
	// Denial is the 401 that asked for another token. It is nil when there was none: before the first request, and when a
	// token expired.
	Denial *DenialError
}

// Error names the 401 and the cause.
func (e *RefreshError) Error() string {
	text := "client: no token for the request"
	if e.Denial != nil {
		text += " after " + e.Denial.summary()
	}
	return text + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *RefreshError) Unwrap() error { return e.Err }

// As finds the 401 too: errors.As with a *DenialError.
func (e *RefreshError) As(target any) bool {
	if denial, ok := target.(**DenialError); ok && e.Denial != nil {
		*denial = e.Denial
		return true
	}
	return false
}
