package guard

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

var errNoResource = errors.New("Guard.AdmitResource was called on an operation without a Resource, whose decision was already reported")

// AdmitResource makes the operation's resource check on a request that [Guard.Admit] admitted: whether the caller
// may do this with the resource that the bound parameters name. It is true when the handler may run. Otherwise it
// has answered the request, and nothing is left to do.
//
// The check is called once. It returns nil when the caller may, or a classified error: [Forbidden], [NotFound] or
// [Unavailable]. Every other error is a fault, 500.
func (g *Guard[P]) AdmitResource(w http.ResponseWriter, r *http.Request, check func(context.Context) error) bool {
	g = g.orZero()
	var f finding
	outer := g.decideResource(r.Context(), check, &f)
	if f.verdict != verdict.Allow {
		var a answer.Answer
		g.answer(outer, (*credential.HTTP)(r), &f, &a)
		a.Write(w, r)
	}
	return f.verdict == verdict.Allow
}

// AdmitResourceExchange is [Guard.AdmitResource] for the exchanges of package gen. The context of x is the one that
// [Guard.AdmitExchange] returned, or derived from it.
func (g *Guard[P]) AdmitResourceExchange(x answer.Exchange, check func(context.Context) error) (admitted bool) {
	g = g.orZero()
	var f finding
	defer g.answerAbort(x, &f, &admitted)
	outer := g.decideResource(x.Context(), check, &f)
	if f.verdict != verdict.Allow {
		var a answer.Answer
		g.answer(outer, x, &f, &a)
		x.Deny(&a)
	}
	return f.verdict == verdict.Allow
}

// Done reports a request that the guard admitted and for which [Guard.AdmitResource] was never called, as when its
// parameters did not bind: it was allowed. It is deferred by those who call [Guard.Admit], with the context of the
// request that Admit returned. On an operation without a resource check it does nothing.
func (g *Guard[P]) Done(ctx context.Context) {
	if g == nil || !g.checks() {
		return
	}
	if a := g.admission(ctx); a != nil && !a.reported.Swap(true) && g.reports(verdict.Allow) {
		g.report(ctx, &finding{verdict: verdict.Allow, scheme: a.scheme})
	}
}

// decideResource makes the check, fills f and reports it. It returns the context that came with the request, before
// the guard.
func (c *core) decideResource(ctx context.Context, check func(context.Context) error, f *finding) context.Context {
	outer := ctx
	a := c.admission(ctx)
	if a != nil {
		outer, f.scheme, f.reported = a.Context, a.scheme, a.reported.Swap(true)
	}
	switch f.reason = c.unusable(); {
	case f.reason != nil:
	case !c.checks():
		f.reason = errNoResource
	default:
		e := c.checkFor(ctx, a, check)
		f.verdict, f.reason = e.verdict, e.reason
		f.concealed = c.operation.Conceal.hides(f.verdict, false)
	}
	if !f.reported && c.reports(f.verdict) {
		c.report(ctx, f)
	}
	return outer
}

// checkFor calls the check for an admission, nil when the guard made none. What the check writes is settled.
func (c *core) checkFor(ctx context.Context, a *admission, check func(context.Context) error) evidence {
	if a == nil {
		return c.check(ctx, nil, check)
	}
	a.checking.Store(true)
	e := c.check(ctx, a, check)
	a.checking.Store(false)
	if e.verdict == verdict.Fault {
		reach.CallOf(a.origin).Undo()
	}
	return e
}

// check calls a check behind a fence. The evidence is a fault until the check has returned.
func (c *core) check(ctx context.Context, a *admission, check func(context.Context) error) (e evidence) {
	e = evidence{reason: errPanickedNil, where: &c.source}
	defer func() { contain(&e, recover()) }()
	err := check(ctx)
	if a != nil && c.asker.Wrote.Load() {
		if bad := reach.CallOf(a.origin).Settle(); bad != nil {
			e.reason = fmt.Errorf("%s: %w", c.source, bad)
			return e
		}
	}
	e.verdict, e.reason = judgeCheck(ctx, err, c.source, c.operation.Conceal == concealNothing)
	return e
}

// WriteNotFound answers a request as the guard of its operation answers it when the resource does not exist, to the
// byte. Handlers that find this out themselves call it before they write anything else. The answer is 404, or 403
// under [ConcealAsForbidden]. For [Options].OnDecision the request was allowed. Where the operation has neither a
// resource check nor a concealment, the answer is the default 404.
func WriteNotFound(w http.ResponseWriter, r *http.Request) {
	a := answer.NotFound((*credential.HTTP)(r))
	a.Write(w, r)
}
