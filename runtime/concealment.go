package guard

// Concealment says what an operation lets callers learn of a resource that they may not use.
type Concealment uint8

const (
	// ConcealNothing answers 403 to a caller who may not, and 404 when there is nothing.
	ConcealNothing Concealment = iota
	// ConcealAsNotFound answers 404 to both, so that nobody learns what exists. A caller without the scopes
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

// hides is the verdict that a denial is answered as in place of the true one, or VerdictFault, which takes
// nobody's place, when it is answered as it is. anonymous is Options.ConcealFromAnonymous.
//
// A refused account stays 403, as it is on every operation, and step-up stays 401: neither says anything of
// the resource. Faults and outages are not denials that a caller could learn to tell apart by asking again.
func (c Concealment) hides(v Verdict, anonymous bool) Verdict {
	switch v {
	case VerdictMissingScope, VerdictForbidden:
		if c == ConcealAsNotFound {
			return VerdictNotFound
		}
	case VerdictMissingRole:
		switch c {
		case ConcealAsNotFound:
			return VerdictNotFound
		case ConcealAsForbidden:
			return VerdictForbidden
		}
	case VerdictNotFound:
		if c == ConcealAsForbidden {
			return VerdictForbidden
		}
	case VerdictAmbiguous, VerdictInvalid, VerdictExpired, VerdictMalformed, VerdictAbsent:
		if c == ConcealAsNotFound && anonymous {
			return VerdictNotFound
		}
	}
	return VerdictFault
}
