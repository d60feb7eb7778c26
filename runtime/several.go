package guard

import (
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// authenticateEach authenticates the credentials of a scheme of which the request holds several. Exactly one that is
// accepted is the caller. Of none the worst decides, the first of equals. What an authenticator writes about a credential
// that it does not accept is taken back: an old cookie must not clear the one that is alive.
func (g *Guard[P]) authenticateEach(x *reach.Call, t *attempt[P], s *plan.Scheme[P]) {
	accepted := 0
	t.state, t.verdict = settled, verdict.Absent
	for _, value := range s.Each(x.Source, g.policy.MaxCredentialBytes) {
		one := g.authenticateOne(x, value, s)
		switch {
		case one.verdict == verdict.Allow:
			accepted++
			t.caller = one.caller
		case one.verdict < t.verdict:
			t.verdict, t.reason = one.verdict, one.reason
		}
	}
	switch accepted {
	case 0:
	case 1:
		t.verdict, t.reason = verdict.Allow, nil
	default:
		var none P
		t.caller, t.verdict, t.reason = none, verdict.Ambiguous, credential.ErrAccepted
	}
}

// authenticateOne authenticates one of several credentials, behind a fence of its own: what becomes of one must not
// depend on the order in which they were sent.
func (g *Guard[P]) authenticateOne(x *reach.Call, value credential.Value, s *plan.Scheme[P]) (one attempt[P]) {
	one.one = true
	one.take(value.Credential, value.Outcome, value.Reason)
	if one.state != presented {
		return one
	}
	e := evidence{where: &s.Source}
	if g.authenticateFenced(x, &one, s, &e); e.reason != nil {
		one.reason = e.reason
		x.Undo()
	}
	return one
}

func (g *Guard[P]) authenticateFenced(x *reach.Call, t *attempt[P], s *plan.Scheme[P], e *evidence) {
	defer func() { contain(e, recover()) }()
	g.authenticate(x, t, s)
}
