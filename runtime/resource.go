package guard

import (
	"context"
	"errors"
	"net/http"
)

var errNoResource = errors.New("Guard.AdmitResource is asked, but the operation has no Resource: its decision was reported already")

// AdmitResource makes the operation's resource check on a request that [Guard.Admit] admitted: whether the
// caller may do this with the resource that the bound parameters name. It is true when the handler may run;
// otherwise the request is answered, and nothing is left to do.
//
// The check is called once. It returns nil when the caller may, or an error that is classified: [Forbidden],
// [NotFound] or [Unavailable]. Everything else is a fault, 500.
func (g *Guard[P]) AdmitResource(w http.ResponseWriter, r *http.Request, check func(context.Context) error) bool {
	g = g.orZero()
	var d Decision[P]
	found := g.decideResource(r.Context(), check, &d)
	if d.verdict != VerdictAllow {
		g.settings().deny(found, w, r, g.denied(&d))
	}
	return d.verdict == VerdictAllow
}

// AdmitResourceExchange is [Guard.AdmitResource] for a framework that is not built on net/http. The context of
// x is the one that [Guard.AdmitExchange] returned, or derived from it.
func (g *Guard[P]) AdmitResourceExchange(x Exchange, check func(context.Context) error) (admitted bool) {
	g = g.orZero()
	defer g.answerAbort(x, &admitted)
	var d Decision[P]
	found := g.decideResource(x.Context(), check, &d)
	if d.verdict != VerdictAllow {
		g.settings().denyExchange(found, x, g.denied(&d))
	}
	return d.verdict == VerdictAllow
}

// decideResource makes the check, fills d and reports it. It returns the context in which the guard found the
// request.
func (g *Guard[P]) decideResource(ctx context.Context, check func(context.Context) error, d *Decision[P]) context.Context {
	found := ctx
	for a := admissionOf(ctx); a != nil; a = admissionOf(a.Context) {
		if a.operation == &g.operation {
			found, d.scheme = a.Context, a.scheme
			break
		}
	}
	switch {
	case g.link == nil:
		d.reason = errUnlinked
	case g.link.broken.Load():
		d.reason = errBroken
	case g.operation.Resource == "":
		d.reason = errNoResource
	default:
		d.verdict, d.reason = g.check(ctx, check)
		d.concealed = g.operation.Conceal.hides(d.verdict, false)
	}
	if s := g.settings(); s.reports(d.verdict) {
		s.report(ctx, g.event(d))
	}
	return found
}

// check calls a check behind a fence. The results stay a fault until it is through.
func (g *Guard[P]) check(ctx context.Context, check func(context.Context) error) (verdict Verdict, reason error) {
	verdict, reason = VerdictFault, errPanickedNil
	where := g.source
	defer contain(&verdict, &reason, &where)
	err := check(ctx)
	return judgeCheck(ctx, err, g.source, g.operation.Conceal == ConcealNothing)
}

// WriteNotFound answers a request as the guard of its operation answers it when the resource is missing, to the
// byte. It is for handlers that find out themselves, before they write anything else: 404, or 403 under
// [ConcealAsForbidden]. For [Options].OnDecision the request was allowed. Where the operation has neither a
// resource check nor a concealment it is the default 404.
func WriteNotFound(w http.ResponseWriter, r *http.Request) {
	s, ctx, d := missing(r.Context())
	s.deny(ctx, w, r, d)
}

// WriteNotFoundExchange is [WriteNotFound] for a framework that is not built on net/http.
func WriteNotFoundExchange(x Exchange) {
	s, ctx, d := missing(x.Context())
	s.denyExchange(ctx, x, d)
}

// missing is the denial of a request whose resource is missing.
func missing(ctx context.Context) (*settings, context.Context, denied) {
	s, op := new(settings), new(Operation)
	if a := admissionOf(ctx); a != nil {
		s, op, ctx = a.settings, a.operation, a.Context
	}
	v := op.Conceal.hides(VerdictNotFound, false)
	if v == VerdictFault {
		v = VerdictNotFound
	}
	return s, ctx, denied{operation: op.ID, verdict: v}
}
