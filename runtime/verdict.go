package guard

import (
	"net/http"
	"strconv"
)

// Verdict is what a guard concludes about a request, or about one scheme or alternative of it. The
// constants stand in the order of precedence, the worst first: of several findings the smallest wins.
// The zero value is a fault, so that a verdict nobody set denies.
type Verdict uint8

// The verdicts.
const (
	// VerdictFault is a mistake in the application or its configuration: 500.
	VerdictFault Verdict = iota
	// VerdictCanceled is a request whose client went away before it was decided: 503, which nobody reads.
	VerdictCanceled
	// VerdictUnavailable is an authenticator, or a resource check, that cannot say now: 503.
	VerdictUnavailable
	// VerdictStepUpRequired is a caller who must authenticate more strongly or more recently (RFC 9470): 401.
	VerdictStepUpRequired
	// VerdictMissingScope is a caller whose credential does not cover a scope of the alternative: 403.
	VerdictMissingScope
	// VerdictRefused is a caller whom the authenticator knows and refuses: 403.
	VerdictRefused
	// VerdictMissingRole is a caller who lacks a role: 403.
	VerdictMissingRole
	// VerdictForbidden is a caller whom the resource check refuses: 403.
	VerdictForbidden
	// VerdictNotFound is a resource that does not exist, or that must seem so: 404.
	VerdictNotFound
	// VerdictAmbiguous is a credential given more than once: 400.
	VerdictAmbiguous
	// VerdictInvalid is a credential that the authenticator does not accept: 401.
	VerdictInvalid
	// VerdictExpired is an authentic credential whose time has passed: 401.
	VerdictExpired
	// VerdictMalformed is a credential that the grammar of its scheme does not admit: 401.
	VerdictMalformed
	// VerdictAbsent is no credential at all: 401.
	VerdictAbsent
	// VerdictAllow is the only verdict on which a handler runs.
	VerdictAllow
)

// presented is what reading a scheme yields when there is a credential to authenticate: nothing speaks
// against it so far.
const presented = VerdictAllow

// String is the verdict in kebab-case, for logs and metrics.
func (v Verdict) String() string {
	switch v {
	case VerdictFault:
		return "fault"
	case VerdictCanceled:
		return "canceled"
	case VerdictUnavailable:
		return "unavailable"
	case VerdictStepUpRequired:
		return "step-up-required"
	case VerdictMissingScope:
		return "missing-scope"
	case VerdictRefused:
		return "refused"
	case VerdictMissingRole:
		return "missing-role"
	case VerdictForbidden:
		return "forbidden"
	case VerdictNotFound:
		return "not-found"
	case VerdictAmbiguous:
		return "ambiguous"
	case VerdictInvalid:
		return "invalid"
	case VerdictExpired:
		return "expired"
	case VerdictMalformed:
		return "malformed"
	case VerdictAbsent:
		return "absent"
	case VerdictAllow:
		return "allow"
	}
	return "verdict(" + strconv.Itoa(int(v)) + ")"
}

// MarshalText is String, so that structured logs in JSON do not show numbers.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Status is the HTTP status code of a denial (RFC 9110 section 15.5 and 15.6) where nothing is concealed, and 0
// for [VerdictAllow]: the handler chooses.
func (v Verdict) Status() int {
	switch v {
	case VerdictAllow:
		return 0
	case VerdictAbsent, VerdictMalformed, VerdictExpired, VerdictInvalid, VerdictStepUpRequired:
		return http.StatusUnauthorized
	case VerdictAmbiguous:
		return http.StatusBadRequest
	case VerdictForbidden, VerdictMissingRole, VerdictRefused, VerdictMissingScope:
		return http.StatusForbidden
	case VerdictNotFound:
		return http.StatusNotFound
	case VerdictUnavailable, VerdictCanceled:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
