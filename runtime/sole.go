package guard

import (
	"context"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// sole is the policy of most operations: one scheme and nothing in its place. No findings have to be compared then, and
// all challenges are ready. The general path decides the same with half as many instructions again
// (docs/PERFORMANCE.md); TestSole holds the two to each other.
type sole[P any] struct {
	*plan.Scheme[P]
	bearer      *credential.Bearer // nil when the scheme has another reader
	alternative *plan.Alternative[P]
	challenges  [verdict.Allow][]string
}

// isSole reports whether the guard's policy is such a one.
func (g *Guard[P]) isSole() bool {
	p := g.policy
	if len(p.Alternatives) != 1 || len(p.Schemes) != 1 || len(p.Alternatives[0].Schemes) != 1 || p.Anonymous {
		return false
	}
	s := p.Schemes[0]
	return s.Each == nil && s.Asker.SignedBody == 0 && !p.Clears && !p.Challenges.Waits && g.operation.Conceal == concealNothing
}

// constant are the verdicts whose denials are all alike.
var constant = [...]verdict.Verdict{
	verdict.Ambiguous, verdict.Invalid, verdict.Expired, verdict.Malformed, verdict.Absent, verdict.MissingScope, verdict.MissingRole,
}

// prepareSole asks the general path for everything that it keeps.
func (g *Guard[P]) prepareSole() {
	if !g.isSole() {
		return
	}
	s := &sole[P]{Scheme: g.policy.Schemes[0], alternative: &g.policy.Alternatives[0]}
	s.bearer, _ = s.Reader.(*credential.Bearer)
	for _, v := range constant {
		d := Decision[P]{finding: finding{verdict: v}}
		if v == verdict.MissingScope {
			d.challenges = s.alternative.ScopeChallenge
		}
		g.challenge(nil, []attempt[P]{{verdict: v}}, &d)
		s.challenges[v] = d.challenges
		if g.options.DenialBody == nil {
			g.ready[v] = new(answer.Answer)
			g.answer(context.Background(), nil, &d.finding, g.ready[v])
		}
	}
	g.sole = s
}

// decide fills d, which must be its zero value: a fault until everything is through. For a policy of one scheme it takes
// the way that is written out here, on which the functions of the application run behind one fence, see [contain].
func (g *Guard[P]) decide(x *reach.Call, d *Decision[P]) {
	s := g.sole
	if s == nil || g.broken.Load() {
		g.decideAny(x, d)
		return
	}
	c, outcome, reason := g.readSole(x)
	if outcome != credential.Presented {
		g.denySole(x, d, outcomes[outcome].verdict, reason)
		return
	}
	where, through := &s.Source, false
	defer func() {
		if !through {
			e := evidence{reason: errPanickedNil, where: where}
			contain(&e, recover())
			g.denySole(x, d, e.verdict, e.reason)
		}
	}()
	v := verdict.Allow
	caller, err := s.Authenticate(x.Context, reach.For[P](x, &s.Asker), c)
	if err != nil || s.Asker.Wrote.Load() || g.policy.IsNil(caller) {
		v, reason = g.judgeAnswer(x, s.Scheme, caller, err, true)
	}
	if v == verdict.Allow && s.alternative.Entitled != nil {
		where = &s.alternative.Source
		if v, reason = s.alternative.Entitled(caller); v != verdict.Allow {
			d.caller.caller = caller // for the event
		}
	}
	if v == verdict.Allow {
		d.verdict, d.scheme, d.caller, d.private = v, s.Name, Optional[P]{caller, true}, s.alternative.Private
	} else {
		g.denySole(x, d, v, reason)
	}
	through = true
}

// readSole saves bearer tokens two calls through interfaces.
func (g *Guard[P]) readSole(x *reach.Call) (credential.Credential, credential.Outcome, error) {
	if s := g.sole; s.bearer == nil || x.Authorization == nil {
		return s.Reader.Read(x.Source, g.policy.MaxCredentialBytes)
	}
	return g.sole.bearer.ReadLines(x.Authorization, g.policy.MaxCredentialBytes)
}

// denySole denies. What a function wrote that did not come through is taken back.
func (g *Guard[P]) denySole(x *reach.Call, d *Decision[P], v verdict.Verdict, reason error) {
	d.verdict, d.reason, d.scheme, d.challenges = v, reason, g.sole.Name, g.sole.challenges[v]
	switch v {
	case verdict.Fault:
		x.Undo()
	case verdict.StepUpRequired:
		g.challengeStepUp(x.Source, d)
	}
}
