package guard

import (
	"errors"
	"slices"
)

// challenge gives a denial the challenges that belong to it. The one for a missing scope is there already.
func (g *Guard[P]) challenge(r Request, all outcomes[P], d *Decision[P]) {
	switch d.verdict {
	case VerdictStepUpRequired:
		d.challenges = g.stepUp(d.reason)
	case VerdictAmbiguous:
		g.challengeAll(r, all, d, invalidRequest)
	case VerdictInvalid, VerdictExpired, VerdictMalformed:
		g.challengeAll(r, all, d, g.bearerFault(all))
	case VerdictAbsent:
		g.challengeAll(r, all, d, plain)
	}
}

// stepUp is the only challenge that helps a caller whose credential was accepted (RFC 9470 section 3).
func (g *Guard[P]) stepUp(reason error) []string {
	if r := (*stepUpReason)(nil); errors.As(reason, &r) {
		return []string{r.challenge.line(g.link.settings.realm)}
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
}

func (g *Guard[P]) line(r Request, all outcomes[P], c *challenge, bearer variant, verdict Verdict) (string, Verdict, error) {
	if c.kind != suppliedChallenge {
		return c.lines[bearer], VerdictAllow, nil
	}
	v := plain
	if verdict != VerdictAmbiguous && c.dpop() {
		v = all[c.slot].fault()
	}
	return c.supplied(r.Context(), v)
}

// bearerFault is the variant for a request that is denied because of bad credentials: whether a bearer
// token was among them, and whether one was expired rather than unknown.
func (g *Guard[P]) bearerFault(all outcomes[P]) variant {
	v := plain
	for slot := range g.schemes {
		if g.schemes[slot].challenger.kind == bearerChallenge {
			v = max(v, all[slot].fault())
		}
	}
	return v
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
