package guard

import "github.com/oapi-guard/oapi-guard/runtime/verdict"

// noneCounts reports whether the request holds no credential that counts, so that {} admits it.
func (g *Guard[P]) noneCounts(all []attempt[P]) bool {
	for slot := range all {
		t := &all[slot]
		forgiven := g.policy.Schemes[slot].InvalidIsAnonymous && t.isStale()
		if t.verdict != verdict.Absent && !forgiven {
			return false
		}
	}
	return true
}

// isStale reports whether the credential is invalid or expired, and nothing else is the matter with it. A proof that
// lacks the server's nonce is not stale: as anonymous its client would never learn the nonce.
func (t *attempt[P]) isStale() bool {
	if _, ok := t.reason.(*nonceReason); ok {
		return false
	}
	return t.verdict == verdict.Invalid || t.verdict == verdict.Expired
}
