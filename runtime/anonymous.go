package guard

import "github.com/oapi-guard/oapi-guard/runtime/verdict"

// noneCounts reports whether the request holds no credential that counts, so that {} admits it.
func (g *Guard[P]) noneCounts(all []attempt[P]) bool {
	for slot := range all {
		t, s := &all[slot], g.policy.Schemes[slot]
		forgiven := s.InvalidIsAnonymous && t.isStale() && (!s.DPoP || !t.lacksNonce())
		if t.verdict != verdict.Absent && !forgiven {
			return false
		}
	}
	return true
}

// isStale reports whether the credential is invalid or expired, and nothing else is the matter with it.
func (t *attempt[P]) isStale() bool {
	return t.verdict == verdict.Invalid || t.verdict == verdict.Expired
}

// lacksNonce reports whether the authenticator asks for a proof with the server's nonce. Where the challenge is DPoP that
// is not stale: as anonymous the client would never learn the nonce.
func (t *attempt[P]) lacksNonce() bool {
	_, ok := t.reason.(*nonceReason)
	return ok
}
