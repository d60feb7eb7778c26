// Package verdict names the conclusions of a guard, for events, denial bodies, metrics and tests. Every denied
// request has exactly one verdict, and every verdict one status code.
package verdict

import (
	"net/http"
	"strconv"
)

// Verdict is the conclusion of a guard about a request. The constants stand in the order of precedence, the worst
// first: of several findings the smallest decides. The zero value is a fault, so that a verdict that was never set
// denies.
type Verdict uint8

// The verdicts, with the status codes of their denials (RFC 9110 sections 15.5 and 15.6).
const (
	// Fault is a mistake in the application or its configuration: 500.
	Fault Verdict = iota
	// Canceled is a request whose client went away before the decision: 503, which nobody reads.
	Canceled
	// Unavailable is an authenticator or a resource check that cannot decide at the moment: 503.
	Unavailable
	// Throttled is a caller who sends too many requests (RFC 6585 section 4): 429.
	Throttled
	// StepUpRequired is a caller who must authenticate more strongly or more recently (RFC 9470): 401.
	StepUpRequired
	// MissingScope is a caller whose credential lacks a scope of the alternative (RFC 6750 section 3.1): 403.
	MissingScope
	// Refused is a caller whom the authenticator knows and refuses: 403.
	Refused
	// MissingRole is a caller who lacks a role: 403.
	MissingRole
	// Forbidden is a caller whom the resource check refuses: 403.
	Forbidden
	// NotFound is a resource that does not exist, or that must look as if it did not: 404.
	NotFound
	// TooLarge is a body that is larger than the scheme that signs it allows (RFC 9110 section 15.5.14): 413.
	TooLarge
	// BadBody is a signed body that ends early or cannot be read: 400.
	BadBody
	// Ambiguous is a credential that was sent more than once: 400.
	Ambiguous
	// Invalid is a credential that the authenticator does not accept: 401.
	Invalid
	// Expired is an authentic credential whose time has passed: 401.
	Expired
	// Malformed is a credential that breaks the grammar of its scheme: 401.
	Malformed
	// Absent is a request without a credential: 401.
	Absent
	// Allow is the only verdict on which a handler runs.
	Allow
)

var names = [...]string{
	Fault: "fault", Canceled: "canceled", Unavailable: "unavailable", Throttled: "throttled", StepUpRequired: "step-up-required",
	MissingScope: "missing-scope", Refused: "refused", MissingRole: "missing-role", Forbidden: "forbidden",
	NotFound: "not-found", TooLarge: "too-large", BadBody: "bad-body", Ambiguous: "ambiguous", Invalid: "invalid", Expired: "expired", Malformed: "malformed",
	Absent: "absent", Allow: "allow",
}

var statuses = [...]int{
	Fault: http.StatusInternalServerError, Canceled: http.StatusServiceUnavailable, Unavailable: http.StatusServiceUnavailable,
	Throttled: http.StatusTooManyRequests, StepUpRequired: http.StatusUnauthorized, MissingScope: http.StatusForbidden, Refused: http.StatusForbidden,
	MissingRole: http.StatusForbidden, Forbidden: http.StatusForbidden, NotFound: http.StatusNotFound,
	TooLarge: http.StatusRequestEntityTooLarge, BadBody: http.StatusBadRequest,
	Ambiguous: http.StatusBadRequest, Invalid: http.StatusUnauthorized, Expired: http.StatusUnauthorized,
	Malformed: http.StatusUnauthorized, Absent: http.StatusUnauthorized, Allow: 0,
}

// String is the verdict in kebab-case, for logs and metrics.
func (v Verdict) String() string {
	if int(v) < len(names) {
		return names[v]
	}
	return "verdict(" + strconv.Itoa(int(v)) + ")"
}

// MarshalText is String, so that structured logs in JSON show words instead of numbers.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Status is the status code of a denial that conceals nothing, and 0 for [Allow], where the handler chooses.
func (v Verdict) Status() int {
	if int(v) < len(statuses) {
		return statuses[v]
	}
	return http.StatusInternalServerError
}
