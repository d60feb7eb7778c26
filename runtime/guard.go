package guard

import (
	"context"
	"fmt"
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Guard decides who may call one operation. The zero value denies everything with 500; a gen.Linker makes the
// others. A guard is safe for concurrent use.
type Guard[P any] struct {
	core
	policy *plan.Policy[P]
}

// New makes the guard of a compiled policy. It is for package gen, which alone can make a [plan.Policy]; everybody
// else gets guards from a gen.Linker.
func New[P any](operation Operation, options Options, policy *plan.Policy[P]) *Guard[P] {
	if policy == nil {
		return new(Guard[P])
	}
	return &Guard[P]{newCore(operation, options, policy.Terms), policy}
}

// HandlerFunc serves a request that a guard admitted, with its caller. [Guard.Wrap] takes one.
type HandlerFunc[P any] func(w http.ResponseWriter, r *http.Request, caller Optional[P])

// Wrap returns a handler that calls next exactly when the guard allows the request, and answers it otherwise. It
// panics when next is nil. On an operation with a resource check next has to call [Guard.AdmitResource] before it
// serves.
func (g *Guard[P]) Wrap(next HandlerFunc[P]) http.HandlerFunc {
	if next == nil {
		panic("guard: Wrap: next is nil")
	}
	g = g.orZero()
	return func(w http.ResponseWriter, r *http.Request) {
		r, caller, admitted := g.Admit(w, r)
		if !admitted {
			return
		}
		if g.checks() {
			defer g.Done(r.Context())
		}
		next(w, r, caller)
	}
}

// Admit decides about a request, and answers it when it is denied: then admitted is false, and nothing is left to
// do. Otherwise the handler gets the returned request and the caller. It is [Guard.Wrap] for frameworks that are
// built on net/http but have handlers of their own; on an operation with a resource check they call [Guard.Done]
// when the handler has returned.
func (g *Guard[P]) Admit(w http.ResponseWriter, r *http.Request) (_ *http.Request, caller Optional[P], admitted bool) {
	g = g.orZero()
	var d Decision[P]
	ctx := g.admit((*credential.HTTP)(r), &d)
	if d.verdict != verdict.Allow {
		a := g.answer(ctx, &d.finding)
		a.Write(w, r)
		return r, Optional[P]{}, false
	}
	if g.carries {
		r = r.WithContext(ctx)
	}
	if d.private {
		answer.SetPrivate(w.Header())
	}
	return r, d.caller, true
}

// AdmitExchange is [Guard.Admit] for the exchanges of package gen. The handler gets the returned context.
func (g *Guard[P]) AdmitExchange(x answer.Exchange) (ctx context.Context, caller Optional[P], admitted bool) {
	g = g.orZero()
	defer g.answerAbort(x, &admitted)
	var d Decision[P]
	ctx = g.admit(x, &d)
	if d.verdict != verdict.Allow {
		a := g.answer(ctx, &d.finding)
		x.Deny(&a)
		return ctx, Optional[P]{}, false
	}
	if d.private {
		x.SetField("Cache-Control", "private")
	}
	return ctx, d.caller, true
}

// Check decides about a request. It reads no body, writes nothing and reports no event. It calls authenticators as
// far as the decision needs them, and never the operation's resource check.
func (g *Guard[P]) Check(r *http.Request) Decision[P] {
	var d Decision[P]
	g.orZero().decide((*credential.HTTP)(r), &d)
	return d
}

// orZero is the guard itself, or the zero guard, which denies everything.
func (g *Guard[P]) orZero() *Guard[P] {
	if g == nil {
		return new(Guard[P])
	}
	return g
}

// admit decides, and reports the decision unless the resource check is still to come. The context is the handler's
// when the request is admitted.
func (g *Guard[P]) admit(r credential.Request, d *Decision[P]) context.Context {
	g.decide(r, d)
	ctx := r.Context()
	if d.verdict == verdict.Allow {
		if g.carries {
			ctx = g.carry(ctx, d)
		}
		if g.checks() {
			return ctx
		}
	}
	g.report(ctx, &d.finding)
	return ctx
}

// attempt is the state of one scheme in one request. Each scheme is read and authenticated when it is first needed,
// and once.
type attempt[P any] struct {
	credential credential.Credential
	caller     P
	reason     error
	verdict    verdict.Verdict // of a settled one
	state      state
}

type state uint8

const (
	unread    state = iota
	presented       // there is a credential to authenticate
	settled         // there is none, or it was authenticated
)

// fewSchemes is how many schemes an operation can have without an allocation per request.
const fewSchemes = 8

// decide fills d, which must be its zero value. (Returning it would copy it at every level.) The attempts travel
// beside the request: escape analysis looks at structs as a whole, and one struct would end up on the heap.
func (g *Guard[P]) decide(r credential.Request, d *Decision[P]) {
	if d.reason = g.unusable(); d.reason != nil {
		return
	}
	if n := len(g.policy.Schemes); n <= fewSchemes {
		var few [fewSchemes]attempt[P]
		g.conclude(r, few[:n], d)
	} else {
		g.conclude(r, make([]attempt[P], n), d)
	}
}

// conclude takes the first alternative that is satisfied, {} when nothing was presented, or else the worst finding,
// the first of equals.
func (g *Guard[P]) conclude(r credential.Request, all []attempt[P], d *Decision[P]) {
	d.verdict, d.reason = verdict.Absent, credential.ErrAbsent
	for i := range g.policy.Alternatives {
		a := &g.policy.Alternatives[i]
		if g.evaluate(r, all, a, d) {
			return
		}
	}
	if g.policy.Anonymous && allAbsent(all) {
		d.verdict, d.reason, d.scheme = verdict.Allow, nil, ""
		return
	}
	g.challenge(r, all, d)
}

func allAbsent[P any](all []attempt[P]) bool {
	for i := range all {
		if all[i].verdict != verdict.Absent {
			return false
		}
	}
	return true
}

// evaluate reports whether an alternative is satisfied, and records the finding. Where a scheme is absent it calls
// no authenticator, so that anonymous probes cause no traffic behind the guard.
func (g *Guard[P]) evaluate(r credential.Request, all []attempt[P], a *plan.Alternative[P], d *Decision[P]) bool {
	var v verdict.Verdict
	var scheme string
	var reason error
	if g.read(r, all, a) {
		v, scheme, reason = g.try(r, all, a, d)
	} else {
		v, scheme, reason = g.worst(all, a)
	}
	if v == verdict.Allow {
		d.verdict, d.reason, d.scheme, d.challenges, d.private = v, nil, scheme, nil, a.Private
		return true
	}
	if d.scheme == "" || v < d.verdict {
		d.verdict, d.reason, d.scheme, d.challenges = v, reason, scheme, nil
		if v == verdict.MissingScope {
			d.challenges = a.ScopeChallenge
		}
	}
	return false
}

// read reads all schemes of an alternative and reports whether none of them is absent.
func (g *Guard[P]) read(r credential.Request, all []attempt[P], a *plan.Alternative[P]) bool {
	complete := true
	for _, slot := range a.Slots {
		t := &all[slot]
		if t.state == unread {
			var outcome credential.Outcome
			t.credential, outcome, t.reason = g.policy.Schemes[slot].Reader.Read(r, g.policy.MaxCredentialBytes)
			t.settle(outcome)
		}
		complete = complete && (t.state == presented || t.verdict != verdict.Absent)
	}
	return complete
}

// settle records the outcome of reading.
func (t *attempt[P]) settle(outcome credential.Outcome) {
	t.state = settled
	switch outcome {
	case credential.Presented:
		t.state = presented
	case credential.Absent:
		t.verdict = verdict.Absent
	case credential.Ambiguous:
		t.verdict = verdict.Ambiguous
	case credential.Malformed:
		t.verdict = verdict.Malformed
	}
}

// worst is the worst finding about the schemes of an alternative, the first of equals. A credential that was not
// authenticated speaks neither for nor against it.
func (g *Guard[P]) worst(all []attempt[P], a *plan.Alternative[P]) (v verdict.Verdict, scheme string, reason error) {
	v = verdict.Allow
	for _, slot := range a.Slots {
		if t := &all[slot]; t.state == settled && t.verdict < v {
			v, scheme, reason = t.verdict, g.policy.Schemes[slot].Name, t.reason
		}
	}
	return v, scheme, reason
}

// try authenticates the schemes of an alternative that has been read, and gives d the caller when it is satisfied.
// All functions of the application that can decide run in here, behind one fence; where and scheme say which one
// runs. The results are a fault until everything is through. A panic ends the alternative, for nothing is worse.
func (g *Guard[P]) try(r credential.Request, all []attempt[P], a *plan.Alternative[P], d *Decision[P]) (v verdict.Verdict, scheme string, reason error) {
	var where string
	v, reason = verdict.Fault, errPanickedNil
	defer contain(&v, &reason, &where)
	for _, slot := range a.Slots {
		if t := &all[slot]; t.state == presented {
			s := &g.policy.Schemes[slot]
			where, scheme = s.Source, s.Name
			g.authenticate(r, t, s)
		}
	}
	if v, culprit, cause := g.worst(all, a); v != verdict.Allow {
		return v, culprit, cause
	}
	where, scheme = a.Source, a.Title
	caller := all[a.Slots[0]].caller
	if a.Combine != nil {
		combined, v, err := g.combine(r.Context(), all, a)
		if v != verdict.Allow {
			return v, scheme, err
		}
		caller = combined
	}
	if a.Entitled != nil {
		if v, missing := a.Entitled(caller); v != verdict.Allow {
			return v, scheme, missing
		}
	}
	d.caller = Optional[P]{caller, true}
	return verdict.Allow, scheme, nil
}

// authenticate calls a scheme's authenticator. When it panics, the scheme stays a fault.
func (g *Guard[P]) authenticate(r credential.Request, t *attempt[P], s *plan.Scheme[P]) {
	t.state, t.verdict, t.reason = settled, verdict.Fault, errPanickedNil
	caller, err := s.Authenticate(r, t.credential)
	v, reason := g.judge(r.Context(), caller, err, s.Source)
	t.caller, t.verdict, t.reason = caller, v, reason
}

// combine makes one caller of those of an alternative's schemes.
func (g *Guard[P]) combine(ctx context.Context, all []attempt[P], a *plan.Alternative[P]) (P, verdict.Verdict, error) {
	callers := make([]P, len(a.Callers))
	for i, slot := range a.Callers {
		callers[i] = all[slot].caller
	}
	caller, err := a.Combine(ctx, callers)
	v, reason := g.judge(ctx, caller, err, a.Source)
	return caller, v, reason
}

// judge turns the results of an authenticator or a combination into a verdict with its reason.
func (g *Guard[P]) judge(ctx context.Context, caller P, err error, source string) (verdict.Verdict, error) {
	switch {
	case err != nil:
		return judge(ctx, err, source)
	case g.policy.IsNil != nil && g.policy.IsNil(caller):
		return verdict.Fault, fmt.Errorf("%s returned a nil caller and a nil error", source)
	}
	return verdict.Allow, nil
}
