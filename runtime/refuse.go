package guard

import (
	"errors"
	"slices"
)

// challenge gives a denial the challenges that belong to it. The one for a missing scope is there already. A
// denial that is concealed has none, and nobody is asked for one.
func (g *Guard[P]) challenge(r Request, all outcomes[P], d *Decision[P]) {
	if g.operation.Conceal != ConcealNothing {
		if d.concealed = g.operation.Conceal.hides(d.verdict, g.link.settings.fromAnonymous); d.concealed != VerdictFault {
			d.challenges = nil
			return
		}
	}
	switch d.verdict {
	case VerdictStepUpRequired:
		d.challenges = g.stepUp(d)
	case VerdictAmbiguous:
		g.challengeAll(r, all, d, invalidRequest)
	case VerdictInvalid, VerdictExpired, VerdictMalformed:
		g.challengeAll(r, all, d, g.bearerFault(all))
	case VerdictAbsent:
		g.challengeAll(r, all, d, plain)
	}
}

// stepUp is the only challenge that helps a caller whose credential was accepted (RFC 9470 section 3).
func (g *Guard[P]) stepUp(d *Decision[P]) []string {
	if r := (*stepUpReason)(nil); errors.As(d.reason, &r) {
		return []string{bearerLine(g.link.settings.terms(d.scheme), r.challenge)}
	}
	return nil
}

// challengeAll adds the operation's challenges. Those that the application supplies can fail; then the
// decision is a fault.
func (g *Guard[P]) challengeAll(r Request, all outcomes[P], d *Decision[P], bearer variant) {
	if !g.challenges.wait {
		d.challenges = g.challenges.fixed[bearer]
		return
	}
	for i := range g.challenges.list {
		line, verdict, reason := g.line(r, all, &g.challenges.list[i], bearer, d.verdict)
		if verdict != VerdictAllow {
			*d = Decision[P]{verdict: verdict, reason: reason, scheme: g.schemes[g.challenges.list[i].slot].name}
			return
		}
		if !slices.Contains(d.challenges, line) {
			d.challenges = append(d.challenges, line)
		}
	}
	d.nonce = g.nonce(all)
}

func (g *Guard[P]) line(r Request, all outcomes[P], c *challenge, bearer variant, verdict Verdict) (string, Verdict, error) {
	v := bearer
	switch {
	case c.dpop() && verdict != VerdictAmbiguous:
		v = all[c.slot].dpopFault()
	case c.dpop() || c.kind == suppliedChallenge:
		v = plain
	}
	if c.kind != suppliedChallenge {
		return c.lines[v], VerdictAllow, nil
	}
	return c.supplied(r.Context(), c.terms, v)
}

// bearerFault is the variant for a request that is denied because of bad credentials: whether a bearer
// token was among them, and whether one was expired rather than unknown.
func (g *Guard[P]) bearerFault(all outcomes[P]) variant {
	v := plain
	for slot := range g.schemes {
		if g.schemes[slot].bearer {
			v = max(v, all[slot].fault())
		}
	}
	return v
}

// nonce is the first that the authenticator of a DPoP scheme asks for.
func (g *Guard[P]) nonce(all outcomes[P]) *nonceReason {
	for slot := range g.schemes {
		if n, ok := all[slot].reason.(*nonceReason); ok && g.schemes[slot].challenger.dpop() {
			return n
		}
	}
	return nil
}

// dpopFault is fault for a scheme that knows nonces.
func (o *outcome[P]) dpopFault() variant {
	if _, ok := o.reason.(*nonceReason); ok {
		return useNonce
	}
	return o.fault()
}

// fault is the variant that one scheme's outcome calls for.
func (o *outcome[P]) fault() variant {
	switch o.verdict {
	case VerdictExpired:
		return expiredToken
	case VerdictInvalid, VerdictMalformed:
		return invalidToken
	}
	return plain
}
