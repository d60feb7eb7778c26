package guard

import "github.com/oapi-guard/oapi-guard/runtime/verdict"

// Role is the name of a role, as the principal knows it.
type Role string

// AnyRole is a requirement that holds when the caller has any one of its roles.
type AnyRole []Role

// Requirement is one scheme of an [Alternative] with the rights that it must grant.
type Requirement struct {
	// Scheme is the scheme's name under components.securitySchemes.
	Scheme string
	// Scopes are those of an oauth2 or openIdConnect scheme; all are required.
	Scopes []string
	// Roles are the role names that OpenAPI 3.1 allows on every other type of scheme; all are required.
	Roles []AnyRole
}

// Alternative is one Security Requirement Object (OpenAPI 3.1.1 section 4.8.30): all of its schemes together. An
// empty one is {}: it admits a caller without any credential.
type Alternative []Requirement

// Operation is one operation of the API and who may call it.
type Operation struct {
	// ID is the operationId; Method is in upper case; Path is the template, "/orders/{orderId}".
	ID, Method, Path string
	// Public says that everybody may call the operation. It must be true exactly when Security is empty, so that a
	// forgotten Security is an error and not an open door.
	Public bool
	// Security are the alternatives, any one of which suffices, in the order of the document.
	Security []Alternative
	// Roles are those of x-required-roles, which hold for every alternative: the caller needs one of every group.
	Roles []AnyRole
	// Resource is the name of the check that [Guard.AdmitResource] makes, x-resource-check. It is empty when the
	// operation has none.
	Resource string
	// Conceal is x-conceal.
	Conceal Concealment
	// InvalidIsAnonymous is x-invalid-credentials: anonymous. Where {} is an alternative, invalid and expired credentials
	// then count as none, and nothing else does: not a malformed or an ambiguous one, a refused account or an outage.
	InvalidIsAnonymous bool
}

// Concealment says what an operation lets callers learn of a resource that they may not use. The zero value conceals
// nothing: it answers 403 to a caller who may not use the resource, and 404 when it does not exist.
type Concealment uint8

const (
	concealNothing Concealment = iota
	// ConcealAsNotFound answers 404 to both, so that nobody learns which resources exist. A caller without the scopes
	// or the roles of the operation gets that 404 too.
	ConcealAsNotFound
	// ConcealAsForbidden answers 403 to both.
	ConcealAsForbidden
)

// String is the value of x-conceal, empty when nothing is concealed.
func (c Concealment) String() string {
	switch c {
	case ConcealAsNotFound:
		return "not-found"
	case ConcealAsForbidden:
		return "forbidden"
	}
	return ""
}

// hides is the verdict that a denial is answered with in place of the true one. It is verdict.Fault, which replaces
// no other, when the denial conceals nothing. anonymous is Options.ConcealFromAnonymous.
//
// A refused account stays 403, as on every operation, and step-up stays 401: neither says anything about the
// resource. Faults and outages are not denials that a caller could learn to tell apart by asking again.
func (c Concealment) hides(v verdict.Verdict, anonymous bool) verdict.Verdict {
	switch v {
	case verdict.MissingScope, verdict.Forbidden:
		if c == ConcealAsNotFound {
			return verdict.NotFound
		}
	case verdict.MissingRole:
		switch c {
		case ConcealAsNotFound:
			return verdict.NotFound
		case ConcealAsForbidden:
			return verdict.Forbidden
		}
	case verdict.NotFound:
		if c == ConcealAsForbidden {
			return verdict.Forbidden
		}
	case verdict.BadBody, verdict.Ambiguous, verdict.Invalid, verdict.Expired, verdict.Malformed, verdict.Absent:
		if c == ConcealAsNotFound && anonymous {
			return verdict.NotFound
		}
	}
	return verdict.Fault
}
