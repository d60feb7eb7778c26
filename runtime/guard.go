package guard

import (
	"context"
	"fmt"
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Guard decides who may call one operation. The zero value denies everything with 500; a gen.Linker makes the
// others. A guard is safe for concurrent use.
type Guard[P any] struct {
	core
	policy *plan.Policy[P]
	sole   *sole[P] // nil when the policy is another
}

// New makes the guard of a compiled policy. It is for package gen, which alone can make a [plan.Policy]; everybody
// else gets guards from a gen.Linker.
func New[P any](operation Operation, options Options, policy *plan.Policy[P]) *Guard[P] {
	if policy == nil {
		return new(Guard[P])
	}
	g := &Guard[P]{core: newCore(operation, options, policy.Terms), policy: policy}
	g.asker = &reach.Asker{Operation: &g.operation}
	for _, s := range policy.Schemes {
		s.Asker.Operation = &g.operation
		g.signed = g.signed || s.Asker.SignedBody > 0
	}
	g.prepareSole()
	g.absent = g.answerToNothing()
	return g
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
	if g = g.orZero(); g.checks() {
		next = g.done(next)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if r, caller, admitted := g.Admit(w, r); admitted {
			next(w, r, caller)
		}
	}
}

// done calls [Guard.Done] after next.
func (g *Guard[P]) done(next HandlerFunc[P]) HandlerFunc[P] {
	return func(w http.ResponseWriter, r *http.Request, caller Optional[P]) {
		defer g.Done(r.Context())
		next(w, r, caller)
	}
}

// Admit decides about a request, and answers it when it is denied: then admitted is false, and nothing is left to
// do. Otherwise the handler gets the returned request and the caller. It is [Guard.Wrap] for frameworks that are
// built on net/http but have handlers of their own; on an operation with a resource check they call [Guard.Done]
// when the handler has returned.
func (g *Guard[P]) Admit(w http.ResponseWriter, r *http.Request) (_ *http.Request, caller Optional[P], admitted bool) {
	g = g.orZero()
	var lines []string
	if g.absent != nil {
		if lines = r.Header["Authorization"]; len(lines) == 0 && !g.broken.Load() {
			g.absent.Write(w, r)
			return r, Optional[P]{}, false
		}
	}
	var d Decision[P]
	var x reach.Call // a literal would be made elsewhere, and copied
	x.Context, x.Source, x.Writer, x.Authorization = r.Context(), (*credential.HTTP)(r), w, lines
	ctx := g.admit(&x, &d)
	if d.verdict != verdict.Allow {
		if a := g.ready[d.verdict]; a != nil {
			a.Write(w, r)
			return r, Optional[P]{}, false
		}
		var a answer.Answer
		g.answer(ctx, (*credential.HTTP)(r), &d.finding, &a)
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
	var d Decision[P]
	defer g.answerAbort(x, &d.finding, &admitted)
	ctx = g.admit(&reach.Call{Context: x.Context(), Source: x}, &d)
	if d.verdict != verdict.Allow {
		var a answer.Answer
		g.answer(ctx, x, &d.finding, &a)
		x.Deny(&a)
		return ctx, Optional[P]{}, false
	}
	if d.private {
		x.SetField("Cache-Control", "private")
	}
	return ctx, d.caller, true
}

// Check decides about a request. It writes nothing and reports no event, and it reads no body but a signed one, which r
// still has afterwards. It calls authenticators as far as the decision needs them, and never the operation's resource
// check.
func (g *Guard[P]) Check(r *http.Request) Decision[P] {
	var d Decision[P]
	g.orZero().decide(&reach.Call{Context: r.Context(), Source: (*credential.HTTP)(r)}, &d)
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
func (g *Guard[P]) admit(x *reach.Call, d *Decision[P]) context.Context {
	g.decide(x, d)
	ctx := x.Context
	if d.verdict == verdict.Allow {
		if g.carries {
			ctx = g.carry(x, d)
		}
		if g.checks() {
			return ctx
		}
	}
	if g.reports(d.verdict) {
		g.report(g.refusedCaller(ctx, d), &d.finding)
	}
	return ctx
}

// refusedCaller puts the caller who lacks a right into the context of the event, where callers are wanted in contexts.
func (g *Guard[P]) refusedCaller(ctx context.Context, d *Decision[P]) context.Context {
	if !g.options.CallerInContext || !lacksRight(d.verdict) {
		return ctx
	}
	return &callerContext[P]{ctx, OptionalOf(d.caller.caller)}
}

// lacksRight reports whether a caller was known, and did not hold what the operation demands.
func lacksRight(v verdict.Verdict) bool { return v == verdict.MissingScope || v == verdict.MissingRole }

// attempt is the state of one scheme in one request. Each scheme is read and authenticated when it is first needed,
// and once.
type attempt[P any] struct {
	credential credential.Credential
	caller     P
	reason     error
	verdict    verdict.Verdict // verdict.Allow as long as nothing speaks against the scheme
	state      state
	one        bool // of several: its fields count only when it is accepted
}

type state uint8

const (
	unread    state = iota
	presented       // there is a credential to authenticate
	several         // there are several, to be authenticated one by one
	settled         // there is none, or it was authenticated
)

// evidence is the finding about one alternative. It is filled behind a fence: see [contain].
type evidence struct {
	reason  error
	scheme  *string // the one that decided
	where   *string // the function of the application that runs
	verdict verdict.Verdict
}

// fewSchemes is how many schemes an operation can have without an allocation per request.
const fewSchemes = 8

// decideAny is decide for any policy. (Returning d would copy it at every level.) The attempts travel beside the request:
// escape analysis looks at structs as a whole, and one struct would end up on the heap.
func (g *Guard[P]) decideAny(x *reach.Call, d *Decision[P]) {
	if d.reason = g.unusable(); d.reason != nil {
		return
	}
	switch n := len(g.policy.Schemes); {
	case n == 1: // eight would have to be zeroed
		var one [1]attempt[P]
		g.conclude(x, one[:], d)
	case n <= fewSchemes:
		var few [fewSchemes]attempt[P]
		g.conclude(x, few[:n], d)
	default:
		g.conclude(x, make([]attempt[P], n), d)
	}
}

// conclude takes the first alternative that is satisfied, {} when nothing was presented, or else the worst finding,
// the first of equals. Where a scheme is absent it calls no authenticator, so that anonymous probes cause no traffic
// behind the guard.
func (g *Guard[P]) conclude(x *reach.Call, all []attempt[P], d *Decision[P]) {
	d.verdict, d.reason = verdict.Absent, credential.ErrAbsent
	for i := range g.policy.Alternatives {
		a := &g.policy.Alternatives[i]
		var e evidence
		if !g.read(x, all, a) {
			e = worstOf(all, a)
		} else if caller := g.try(x, all, a, &e); e.verdict == verdict.Allow {
			d.caller, d.private = Optional[P]{caller, true}, a.Private
			d.verdict, d.reason, d.scheme, d.challenges = verdict.Allow, nil, a.Title, nil
			return
		} else if lacksRight(e.verdict) && (d.scheme == "" || e.verdict < d.verdict) {
			d.caller.caller = caller // for the event
		}
		d.worsen(&e, a.ScopeChallenge)
		if (e.verdict == verdict.Fault || g.signed) && e.endsRequest(x) {
			break
		}
	}
	if g.policy.Anonymous && g.noneCounts(all) {
		d.verdict, d.reason, d.scheme, d.caller = verdict.Allow, nil, "", Optional[P]{}
		return
	}
	g.challenge(x.Source, all, d)
}

// worsen records the finding about an alternative that is not satisfied.
func (f *finding) worsen(e *evidence, scopeChallenge []string) {
	if f.scheme != "" && e.verdict >= f.verdict {
		return
	}
	f.verdict, f.reason, f.scheme, f.challenges = e.verdict, e.reason, *e.scheme, nil
	if e.verdict == verdict.MissingScope {
		f.challenges = scopeChallenge
	}
}

// read reads the schemes of an alternative, and reports whether none of them is absent.
func (g *Guard[P]) read(x *reach.Call, all []attempt[P], a *plan.Alternative[P]) bool {
	complete := true
	for _, s := range a.Schemes {
		t := &all[s.Slot]
		if t.state == unread {
			t.take(s.Reader.Read(x.Source, g.policy.MaxCredentialBytes))
		}
		complete = complete && t.verdict != verdict.Absent
	}
	return complete
}

// take records the result of reading a scheme.
func (t *attempt[P]) take(c credential.Credential, outcome credential.Outcome, reason error) {
	t.credential, t.reason = c, reason
	t.verdict, t.state = outcomes[outcome].verdict, outcomes[outcome].state
}

// outcomes are the consequences of reading a scheme.
var outcomes = [...]struct {
	verdict verdict.Verdict
	state   state
}{
	credential.Absent:    {verdict.Absent, settled},
	credential.Ambiguous: {verdict.Ambiguous, settled},
	credential.Malformed: {verdict.Malformed, settled},
	credential.Presented: {verdict.Allow, presented},
	credential.Several:   {verdict.Allow, several},
}

// try authenticates the schemes of an alternative that was read, and returns the caller when e says that it is
// satisfied. All functions of the application that can decide run in here, behind one fence. e is a fault until
// everything is through. A panic ends the alternative, for nothing is worse.
func (g *Guard[P]) try(x *reach.Call, all []attempt[P], a *plan.Alternative[P], e *evidence) (caller P) {
	e.verdict, e.reason = verdict.Fault, errPanickedNil
	through := false // recover and a call of contain would cost 40 instructions of every request
	defer func() {
		if !through {
			contain(e, recover())
		}
	}()
	worst := verdict.Allow
	for _, s := range a.Schemes {
		t := &all[s.Slot]
		if t.state != settled {
			e.where, e.scheme = &s.Source, &s.Name
			g.authenticate(x, t, s)
		}
		worst, caller = min(worst, t.verdict), t.caller
	}
	if worst != verdict.Allow {
		*e = worstOf(all, a)
		through = true
		return caller
	}
	e.where, e.scheme = &a.Source, &a.Title
	v, reason := verdict.Allow, error(nil)
	if a.Combine != nil {
		caller, v, reason = g.combine(x, all, a)
	}
	if v == verdict.Allow && a.Entitled != nil {
		v, reason = a.Entitled(caller)
	}
	e.verdict, e.reason, through = v, reason, true
	return caller
}

// worstOf is the worst finding about the schemes of an alternative, the first of equals.
func worstOf[P any](all []attempt[P], a *plan.Alternative[P]) evidence {
	e := evidence{verdict: verdict.Allow}
	for _, s := range a.Schemes {
		if t := &all[s.Slot]; t.verdict < e.verdict {
			e = evidence{verdict: t.verdict, reason: t.reason, scheme: &s.Name}
		}
	}
	return e
}

// authenticate calls a scheme's authenticator. When it panics, the scheme stays a fault.
func (g *Guard[P]) authenticate(x *reach.Call, t *attempt[P], s *plan.Scheme[P]) {
	if t.state == several {
		g.authenticateEach(x, t, s)
		return
	}
	t.state, t.verdict, t.reason = settled, verdict.Fault, errPanickedNil
	if s.Asker.SignedBody > 0 {
		if v, reason := loadBody(x, s.Asker.SignedBody); v != verdict.Allow {
			t.verdict, t.reason = v, reason
			return
		}
	}
	caller, err := s.Authenticate(x.Context, reach.For[P](x, &s.Asker), t.credential)
	v, reason := verdict.Allow, error(nil)
	if err != nil || s.Asker.Wrote.Load() || g.policy.IsNil(caller) {
		v, reason = g.judgeAnswer(x, s, caller, err, !t.one || err == nil)
	}
	if v == verdict.Allow {
		t.caller = caller
	}
	t.verdict, t.reason = v, reason
}

// judgeAnswer judges what an authenticator returned and wrote, unless that is only a caller. counts says that the fields
// which it wrote are kept.
func (g *Guard[P]) judgeAnswer(x *reach.Call, s *plan.Scheme[P], caller P, err error, counts bool) (verdict.Verdict, error) {
	if s.Asker.Wrote.Load() {
		if bad := x.SettleIf(counts); bad != nil {
			return verdict.Fault, fmt.Errorf("%s: %w", s.Source, bad)
		}
	}
	if err == nil && !g.policy.IsNil(caller) {
		return verdict.Allow, nil
	}
	return judge(x.Context, err, s.Source, s.StepUp)
}

// fewCallers is how many callers a combination can have without a second allocation.
const fewCallers = 3

// combine makes one caller of those of an alternative's schemes.
func (g *Guard[P]) combine(x *reach.Call, all []attempt[P], a *plan.Alternative[P]) (P, verdict.Verdict, error) {
	given := &struct {
		reach.Context
		callers [fewCallers]P
	}{Context: reach.Context{Context: x.Context, Origin: reach.For[P](x, g.asker)}}
	callers := given.callers[:0]
	for _, slot := range a.Callers {
		callers = append(callers, all[slot].caller)
	}
	caller, err := a.Combine(&given.Context, callers)
	if g.asker.Wrote.Load() {
		if bad := x.Settle(); bad != nil {
			return caller, verdict.Fault, fmt.Errorf("%s: %w", a.Source, bad)
		}
	}
	if err != nil || g.policy.IsNil(caller) {
		v, reason := judge(x.Context, err, a.Source, a.StepUp != nil)
		return caller, v, reason
	}
	return caller, verdict.Allow, nil
}
