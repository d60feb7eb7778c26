package guard

import (
	"fmt"

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
