package guard

import (
	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// sole is the policy of most operations: one scheme and nothing in its place. No findings have to be compared then, and
// all challenges are ready. The general path decides the same, at twice the instructions (docs/PERFORMANCE.md); TestSole
// holds the two to each other.
type sole[P any] struct {
	*plan.Scheme[P]
	bearer      *credential.Bearer // nil when the scheme has another reader
	alternative *plan.Alternative[P]
	challenges  [verdict.Allow][]string
}

// soleOf is nil when the policy is another. It asks the general path for everything that it keeps.
func soleOf[P any](g *Guard[P]) *sole[P] {
	p := g.policy
	if len(p.Alternatives) != 1 || len(p.Schemes) != 1 || p.Anonymous || p.Clears || p.Challenges.Waits || g.operation.Conceal != concealNothing {
		return nil
	}
	s := &sole[P]{Scheme: p.Schemes[0], alternative: &p.Alternatives[0]}
	if len(s.alternative.Schemes) != 1 || s.Each != nil || s.Asker.SignedBody > 0 {
		return nil
	}
	s.bearer, _ = s.Reader.(*credential.Bearer)
	for _, v := range []verdict.Verdict{verdict.Ambiguous, verdict.Invalid, verdict.Expired, verdict.Malformed, verdict.Absent, verdict.MissingScope, verdict.MissingRole} {
		d := Decision[P]{finding: finding{verdict: v}}
		if v == verdict.MissingScope {
			d.challenges = s.alternative.ScopeChallenge
		}
		g.challenge(nil, []attempt[P]{{verdict: v}}, &d)
		s.challenges[v] = d.challenges
		if g.options.DenialBody == nil {
			g.ready[v] = new(answer.Answer)
			g.answer(nil, nil, &d.finding, g.ready[v])
		}
	}
	return s
}

// decideSole is decide for such a policy.
func (g *Guard[P]) decideSole(x *reach.Call, d *Decision[P]) {
	s := g.sole
	var c credential.Credential
	var outcome credential.Outcome
	var reason error
	if s.bearer != nil && x.Authorization != nil {
		c, outcome, reason = s.bearer.ReadLines(x.Authorization, g.policy.MaxCredentialBytes)
	} else {
		c, outcome, reason = s.Reader.Read(x.Source, g.policy.MaxCredentialBytes)
	}
	if outcome != credential.Presented {
		d.verdict, d.reason, d.scheme = outcomes[outcome].verdict, reason, s.Name
		d.challenges = s.challenges[d.verdict]
		return
	}
	g.trySole(x, c, d)
	if d.scheme = s.Name; d.verdict == verdict.Allow {
		return
	}
	d.challenges = s.challenges[d.verdict]
	switch d.verdict {
	case verdict.Fault:
		x.Undo()
	case verdict.StepUpRequired:
		g.challengeStepUp(x.Source, d)
	}
}

// trySole asks the functions of the application, behind a fence: see [contain]. d is a fault until it is through.
func (g *Guard[P]) trySole(x *reach.Call, c credential.Credential, d *Decision[P]) {
	s, a := g.sole.Scheme, g.sole.alternative
	where, through := &s.Source, false
	defer func() {
		if !through {
			e := evidence{reason: errPanickedNil, where: where}
			contain(&e, recover())
			d.verdict, d.reason = e.verdict, e.reason
		}
	}()
	caller, err := s.Authenticate(x.Context, reach.For[P](x, &s.Asker), c)
	v, reason := verdict.Allow, error(nil)
	if err != nil || s.Asker.Wrote.Load() || g.policy.IsNil(caller) {
		v, reason = g.judgeAnswer(x, s, caller, err, true)
	}
	if v == verdict.Allow && a.Entitled != nil {
		where = &a.Source
		v, reason = a.Entitled(caller)
	}
	if d.verdict = v; v == verdict.Allow {
		d.caller, d.private = Optional[P]{caller, true}, a.Private
	} else {
		d.reason = reason
	}
	through = true
}
