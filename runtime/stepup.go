package guard

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// StepUp is the error of an authenticator that accepts the caller but asks for a stronger or a more recent
// authentication (RFC 9470). It is answered with 401 and a challenge that carries the fields.
type StepUp struct {
	// ACRValues are the acceptable authentication context classes, in order of preference.
	ACRValues []string
	// MaxAge is the greatest age of the authentication, rounded up to seconds. 0 leaves it out, and a
	// negative one asks for a fresh authentication ("0"), as with the MaxAge of http.Cookie.
	MaxAge time.Duration
	// Scope are the scopes to ask for.
	Scope []string
}

// Error is a constant.
func (StepUp) Error() string { return "a stronger or more recent authentication is required" }

// asStepUp asks an error for the StepUp in it, value or pointer, as errors.As does.
func asStepUp(err interface{ As(any) bool }) *StepUp {
	s, p := new(StepUp), new(*StepUp)
	if err.As(p) {
		return *p
	}
	if err.As(s) {
		return s
	}
	return nil
}

// stepUpReason is a step-up's error with the parameters of its challenge.
type stepUpReason struct {
	error
	challenge bearerParams
}

func (r *stepUpReason) Unwrap() error { return r.error }

// judge checks that a challenge can carry the fields: a value that none can is a fault.
func (s *StepUp) judge(err error, source string) (Verdict, error) {
	if bad := s.check(); bad != nil {
		return VerdictFault, fmt.Errorf("guard.StepUp from %s: %w", source, bad)
	}
	return VerdictStepUpRequired, &stepUpReason{err, bearerParams{
		scopes: s.Scope,
		code:   "insufficient_user_authentication",
		acr:    strings.Join(s.ACRValues, " "),
		maxAge: s.maxAge(),
	}}
}

func (s *StepUp) check() error {
	for _, v := range s.ACRValues {
		if v == "" || strings.Contains(v, " ") || !quotable(v) {
			return fmt.Errorf("the acr value %q is empty or not printable ASCII without spaces", v)
		}
	}
	for _, v := range s.Scope {
		if !all(v, scopeOctet) {
			return errNotScope(v)
		}
	}
	return nil
}

func errNotScope(scope string) error {
	return errors.New("the scope " + strconv.Quote(scope) + " is not a scope-token (RFC 6749 section 3.3)")
}

func (s *StepUp) maxAge() string {
	switch {
	case s.MaxAge == 0:
		return ""
	case s.MaxAge < 0:
		return "0"
	}
	return seconds(s.MaxAge)
}

// seconds rounds a duration up to whole seconds.
func seconds(d time.Duration) string {
	n := int64(d / time.Second)
	if d%time.Second > 0 {
		n++
	}
	return strconv.FormatInt(n, 10)
}
