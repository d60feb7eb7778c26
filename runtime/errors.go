package guard

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Invalid classifies err, or nil, as a credential that is not accepted: unknown, wrong, revoked. The answer is 401
// (RFC 6750 section 3.1: invalid_token).
func Invalid(err error) error { return &classified{verdict.Invalid, err} }

// Expired classifies err, or nil, as an authentic credential whose time has passed. The answer is 401, and a bearer
// challenge says so. Return it only for a credential whose authenticity was verified.
func Expired(err error) error { return &classified{verdict.Expired, err} }

// Forbidden classifies err, or nil, as a caller who is known and refused. An authenticator returns it for a suspended
// account, say, and a resource check for a resource that belongs to somebody else. The answer is 403 (RFC 9110
// section 15.5.4).
func Forbidden(err error) error { return &classified{verdict.Refused, err} }

// NotFound classifies err, or nil, as a resource that does not exist. It is for resource checks. The answer is 404.
func NotFound(err error) error { return &classified{verdict.NotFound, err} }

// Unavailable classifies err, or nil, as an authenticator or a resource check that cannot decide now, because a
// system that it depends on does not answer. The answer is 503 (RFC 9110 section 15.6.4).
// [context.DeadlineExceeded] is of this class by itself.
func Unavailable(err error) error { return &classified{verdict.Unavailable, err} }

// Detail is an error whose text is for the client: Forbidden(Detail("The account is suspended.")) makes it the
// detail of the 403's problem document (RFC 9457 section 3.1.4). No other part of an error is ever shown. It counts
// in the 403 of a refused account, and in that of a resource check when the operation conceals nothing; anywhere
// else it is an ordinary error. It is UTF-8 without control characters; an empty one does not count.
type Detail string

// Error is the text.
func (d Detail) Error() string { return string(d) }

// detailed is the error of a refusal with its public part.
type detailed struct {
	error
	detail Detail
}

func (d *detailed) Unwrap() error { return d.error }

// judge adds the detail to a refusal. A detail that no document can carry is a fault.
func (d Detail) judge(v verdict.Verdict, err error, source string) (verdict.Verdict, error) {
	switch {
	case d == "":
		return v, err
	case !utf8.ValidString(string(d)) || strings.ContainsFunc(string(d), unicode.IsControl):
		return verdict.Fault, fmt.Errorf("guard.Detail from %s: %q is not UTF-8 without control characters", source, string(d))
	}
	return v, &detailed{err, d}
}

// StepUp is the error of an authenticator that accepts the caller but asks for a stronger or a more recent
// authentication (RFC 9470). The answer is 401 with a challenge that carries the fields.
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

// UseDPoPNonce is the error of a DPoP authenticator that wants a proof with this nonce in it. The answer is 401 with
// a DPoP challenge with error="use_dpop_nonce", and the nonce in a DPoP-Nonce field (RFC 9449 section 9). It is of the
// class of [Invalid]. From the authenticator of another scheme it is only that.
func UseDPoPNonce(nonce string) error { return &useDPoPNonce{nonce} }

type useDPoPNonce struct{ nonce string }

func (*useDPoPNonce) Error() string { return "the DPoP proof needs the nonce of the server" }

// nonceReason is the reason of a denial that hands out a nonce.
type nonceReason struct {
	error
	nonce string
}

func (r *nonceReason) Unwrap() error { return r.error }

// judge checks that the field can carry the nonce (RFC 9449 section 8.1).
func (n *useDPoPNonce) judge(err error, source string) (verdict.Verdict, error) {
	if !grammar.IsScope(n.nonce) { // its characters are NQCHAR too
		return verdict.Fault, fmt.Errorf("guard.UseDPoPNonce from %s: %q is not a nonce (RFC 9449 section 8.1)", source, n.nonce)
	}
	return verdict.Invalid, &nonceReason{err, n.nonce}
}
