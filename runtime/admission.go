package guard

import (
	"context"
	"sync/atomic"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// admission is the record of an admitted request in its context, for the resource check and for a handler that
// finds nothing. It is itself the context.
type admission struct {
	context.Context // the one that came with the request
	core            *core
	origin          reach.Origin
	scheme          string // the one that decided
	// checking says that the resource check runs.
	checking atomic.Bool
	// reported says that the event of the request was reported. Handlers may run beside the goroutine that waits
	// for them, as under http.TimeoutHandler.
	reported atomic.Bool
}

// Value returns the admission itself for its key, and for that of the request.
func (a *admission) Value(key any) any {
	if key == (answer.AdmissionKey{}) || key == (reach.Key{}) {
		return a
	}
	return a.Context.Value(key)
}

// String keeps the rest out of printed contexts.
func (a *admission) String() string { return "guard admission" }

// NotFound is the answer of a handler that finds nothing.
func (a *admission) NotFound(r credential.Request) (missing answer.Answer) {
	f := finding{verdict: verdict.NotFound}
	f.concealed = a.core.operation.Conceal.hides(f.verdict, false)
	a.core.answer(a.Context, r, &f, &missing)
	return missing
}

// admission finds the guard's own admission of a request, nil when there is none.
func (c *core) admission(ctx context.Context) *admission {
	for a := innermost(ctx); a != nil; a = innermost(a.Context) {
		if a.core == c {
			return a
		}
	}
	return nil
}

func innermost(ctx context.Context) *admission {
	a, _ := ctx.Value(answer.AdmissionKey{}).(*admission)
	return a
}

// carry puts the caller and the admission into the context, as far as they are wanted, in one allocation.
func (g *Guard[P]) carry(x *reach.Call, d *Decision[P]) context.Context {
	ctx, origin := x.Context, reach.For[P](x, g.asker)
	switch {
	case !g.options.CallerInContext:
		return &admission{Context: ctx, core: &g.core, origin: origin, scheme: d.scheme}
	case !g.admits():
		return &callerContext[P]{ctx, d.caller}
	}
	both := &struct {
		admission
		caller callerContext[P]
	}{admission: admission{Context: ctx, core: &g.core, origin: origin, scheme: d.scheme}}
	both.caller = callerContext[P]{&both.admission, d.caller}
	return &both.caller
}
