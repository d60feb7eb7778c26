package guard

import (
	"context"
	"fmt"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Decision is the decision of a guard about one request. The zero value is a denial.
type Decision[P any] struct {
	finding
	caller Optional[P]
}

// finding is a decision without the caller.
type finding struct {
	scheme     string
	reason     error
	challenges []string
	rare       *answer.Rare // nil in most denials
	verdict    verdict.Verdict
	concealed  verdict.Verdict // the verdict to answer with; verdict.Fault when that is the true one
	private    bool            // the response to the caller is private
	reported   bool
}

// shown is the verdict that the response shows.
func (f *finding) shown() verdict.Verdict {
	if f.concealed != verdict.Fault {
		return f.concealed
	}
	return f.verdict
}

// Allowed reports whether the operation's handler may run.
func (d Decision[P]) Allowed() bool { return d.verdict == verdict.Allow }

// Caller is the caller of an allowed request. It is empty when the request is denied or anonymous.
func (d Decision[P]) Caller() Optional[P] {
	if !d.Allowed() {
		return Optional[P]{} // the event's alone
	}
	return d.caller
}

// Verdict is the decision in one word. It is the true one, also where the response conceals it.
func (d Decision[P]) Verdict() verdict.Verdict { return d.verdict }

// Status is the status code of a denial, and 0 when the request is allowed.
func (d Decision[P]) Status() int { return d.shown().Status() }

// Challenges are the values of the WWW-Authenticate fields of a denial, one line each (RFC 9110 section 11.6.1).
func (d Decision[P]) Challenges() []string { return slices.Clone(d.challenges) }

// Scheme is the scheme that decided: see [Event].
func (d Decision[P]) Scheme() string { return d.scheme }

// Err is the reason of a denial, for the operator and not for the client. It is nil when the request is allowed.
func (d Decision[P]) Err() error { return d.reason }

// challenge gives a denial its challenges. That of a missing scope is there already. A concealed denial has none,
// and the application is not asked for one.
func (g *Guard[P]) challenge(r credential.Request, all []attempt[P], d *Decision[P]) {
	if g.operation.Conceal != concealNothing {
		if d.concealed = g.operation.Conceal.hides(d.verdict, g.options.ConcealFromAnonymous); d.concealed != verdict.Fault {
			d.challenges = nil
			return
		}
	}
	switch d.verdict {
	case verdict.StepUpRequired:
		g.challengeStepUp(r, d)
	case verdict.Ambiguous, verdict.Invalid, verdict.Expired, verdict.Malformed:
		g.challengeAll(r, all, d, g.bearerError(all, d.verdict))
		g.clearCookies(all, d)
	case verdict.Absent, verdict.BadBody:
		g.challengeAll(r, all, d, challenge.NoError)
	}
}

// challengeAll adds the operation's challenges. When one that the application supplies fails, the decision becomes a
// fault.
func (g *Guard[P]) challengeAll(r credential.Request, all []attempt[P], d *Decision[P], b challenge.BearerError) {
	if !g.policy.Challenges.Waits {
		d.challenges = g.policy.Challenges.Fixed[b]
		return
	}
	for i := range g.policy.Challenges.Lines {
		line := &g.policy.Challenges.Lines[i]
		text, found := challengeLine(r, all, line, b, d.verdict)
		if found.verdict != verdict.Allow {
			*d = g.unsupplied(line, found)
			return
		}
		if !slices.Contains(d.challenges, text) {
			d.challenges = append(d.challenges, text)
		}
	}
	if nonce := g.nonce(all); nonce != "" {
		d.rare = &answer.Rare{Nonce: nonce}
	}
}

// unsupplied is the decision when the application did not supply a challenge.
func (g *Guard[P]) unsupplied(line *challenge.Line, e evidence) Decision[P] {
	return Decision[P]{finding: finding{verdict: e.verdict, reason: e.reason, scheme: g.policy.Schemes[line.Slot].Name}}
}

// challengeLine is one challenge for this request. Those of DPoP report the error of their own scheme.
func challengeLine[P any](r credential.Request, all []attempt[P], line *challenge.Line, b challenge.BearerError, v verdict.Verdict) (string, evidence) {
	if line.DPoP() {
		b = all[line.Slot].dpopError(v)
	}
	if !line.Supplied() {
		return line.Fixed(b), evidence{verdict: verdict.Allow}
	}
	return supply(r.Context(), line, b.Params())
}

// supply asks the application for a challenge. An answer that the grammar cannot carry is a fault, and so is a panic.
func supply(ctx context.Context, line *challenge.Line, p challenge.BearerParams) (text string, e evidence) {
	where := "the challenge function of scheme " + line.Name()
	e = evidence{reason: errPanickedNil, where: &where}
	defer func() { contain(&e, recover()) }()
	text, err := line.Supply(ctx, p)
	if err != nil {
		e.reason = fmt.Errorf("%s: %w", where, err)
		return "", e
	}
	e.verdict, e.reason = verdict.Allow, nil
	return text, e
}

// bearerError is the error that the Bearer challenges of a denial report: whether a bearer token was among the
// credentials that led to it, and whether it was expired rather than unknown.
func (g *Guard[P]) bearerError(all []attempt[P], denial verdict.Verdict) challenge.BearerError {
	e := challenge.NoError
	for slot := range g.policy.Schemes {
		if g.policy.Schemes[slot].Bearer {
			e = max(e, all[slot].bearerError(denial))
		}
	}
	return e
}

// nonce is the first that the authenticator of a DPoP scheme asks for.
func (g *Guard[P]) nonce(all []attempt[P]) string {
	for slot := range g.policy.Schemes {
		if n, ok := all[slot].reason.(*nonceReason); ok && g.policy.Schemes[slot].DPoP {
			return n.nonce
		}
	}
	return ""
}

// bearerError is the error that one scheme's attempt calls for (RFC 6750 section 3.1). A request with several
// credentials is answered with 400, which says nothing of those that are merely bad.
func (t *attempt[P]) bearerError(denial verdict.Verdict) challenge.BearerError {
	if (t.verdict == verdict.Ambiguous) != (denial == verdict.Ambiguous) {
		return challenge.NoError
	}
	switch t.verdict {
	case verdict.Ambiguous:
		return challenge.InvalidRequest
	case verdict.Expired:
		return challenge.ExpiredToken
	case verdict.Invalid, verdict.Malformed:
		return challenge.InvalidToken
	}
	return challenge.NoError
}

// dpopError is bearerError for a scheme that knows proofs and nonces (RFC 9449 sections 7.1 and 9).
func (t *attempt[P]) dpopError(denial verdict.Verdict) challenge.BearerError {
	e := t.bearerError(denial)
	if e != challenge.InvalidToken {
		return e
	}
	if _, ok := t.reason.(*nonceReason); ok {
		return challenge.UseNonce
	}
	if credential.BlamesProof(t.reason) {
		return challenge.InvalidProof
	}
	return e
}
