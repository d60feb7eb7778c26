package guard

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// StepUp is the error of an authenticator that accepts the caller but asks for a stronger or a more recent
// authentication (RFC 9470). The answer is 401 with a challenge that carries the fields: on Bearer, or on DPoP when a
// scheme with that challenge decided. From a scheme with neither it is a fault, for no client would understand it.
type StepUp struct {
	// ACRValues are the acceptable authentication context classes, in order of preference.
	ACRValues []string
	// MaxAge is the greatest age of the authentication, rounded up to seconds. 0 leaves it out, and a negative one
	// asks for a fresh authentication ("0"), as with the MaxAge of http.Cookie.
	MaxAge time.Duration
	// Scope are the scopes to ask for.
	Scope []string
}

// Error is a constant.
func (StepUp) Error() string { return "a stronger or more recent authentication is required" }

// stepUpReason is a step-up's error with the parameters of its challenge.
type stepUpReason struct {
	error
	params challenge.BearerParams
}

func (r *stepUpReason) Unwrap() error { return r.error }

// judge checks that a challenge can carry the fields. A value that no challenge can carry is a fault.
func (s *StepUp) judge(err error, source string) (verdict.Verdict, error) {
	if bad := s.check(); bad != nil {
		return verdict.Fault, fmt.Errorf("guard.StepUp from %s: %w", source, bad)
	}
	return verdict.StepUpRequired, &stepUpReason{err, challenge.BearerParams{
		Scopes: s.Scope,
		Code:   "insufficient_user_authentication",
		ACR:    strings.Join(s.ACRValues, " "),
		MaxAge: s.maxAge(),
	}}
}

func (s *StepUp) check() error {
	for _, v := range s.ACRValues {
		if v == "" || strings.Contains(v, " ") || !grammar.IsPrintable(v) {
			return fmt.Errorf("the acr value %q is empty or not printable ASCII without spaces", v)
		}
	}
	for _, v := range s.Scope {
		if !grammar.IsScope(v) {
			return errors.New("the scope " + strconv.Quote(v) + " is not a scope-token (RFC 6749 section 3.3)")
		}
	}
	return nil
}

func (s *StepUp) maxAge() string {
	switch {
	case s.MaxAge == 0:
		return ""
	case s.MaxAge < 0:
		return "0"
	}
	return answer.Seconds(s.MaxAge)
}

// errStepUp is the fault of a step-up that no challenge can carry.
func errStepUp(err error, source string) error {
	return fmt.Errorf("guard.StepUp from %s, whose challenge is neither Bearer nor DPoP (RFC 9470 section 3): %w", source, err)
}

// challengeStepUp adds the only challenge that helps a caller whose credential was accepted (RFC 9470 section 3).
func (g *Guard[P]) challengeStepUp(r credential.Request, d *Decision[P]) {
	required := (*stepUpReason)(nil)
	s := g.decided(d.scheme)
	if !errors.As(d.reason, &required) || s == nil {
		return
	}
	line := g.policy.Challenges.DPoP(s.Slot)
	switch {
	case line == nil:
		bearer := challenge.Bearer()
		d.challenges = []string{bearer.With(s.Terms, required.params)}
	case !line.Supplied():
		d.challenges = []string{line.StepUp(required.params)}
	default:
		text, found := supply(r.Context(), line, required.params)
		if found.verdict != verdict.Allow {
			*d = g.unsupplied(line, found)
			return
		}
		d.challenges = []string{text}
	}
}

// decided is the scheme that can ask for a step-up, of the scheme or the alternative with this title.
func (g *Guard[P]) decided(title string) *plan.Scheme[P] {
	for i := range g.policy.Alternatives {
		a := &g.policy.Alternatives[i]
		for _, s := range a.Schemes {
			if s.Name == title {
				return s
			}
		}
		if a.Title == title {
			return a.StepUp
		}
	}
	return nil
}
