package gen

import (
	"context"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Observe has functions told of every decision, beside [guard.Options].OnDecision: one of them, once for each request. Either
// may be nil. Templates that fill the hooks for admitted and denied requests use it. The caller is there as soon as it is
// known, so that handlers find it in their context as well.
func Observe[P any](options *guard.Options, admitted, denied func(context.Context, guard.Event, guard.Optional[P])) {
	next := options.OnDecision
	options.CallerInContext = true
	options.OnDecision = func(ctx context.Context, e guard.Event) {
		observer := denied
		if e.Verdict == verdict.Allow {
			observer = admitted
		}
		if next != nil {
			defer next(ctx, e) // whatever becomes of the observer
		}
		if observer != nil {
			observer(ctx, e, callerIn[P](ctx))
		}
	}
}

func callerIn[P any](ctx context.Context) guard.Optional[P] {
	if caller, known := guard.CallerFrom[P](ctx); known {
		return guard.OptionalOf(caller)
	}
	return guard.Optional[P]{}
}
