package guard

import (
	"context"

	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
)

// Optional is the caller of an operation that also serves anonymous ones. The zero value is anonymous.
type Optional[P any] struct {
	caller P
	known  bool
}

// OptionalOf is a known caller.
func OptionalOf[P any](caller P) Optional[P] { return Optional[P]{caller, true} }

// Get returns the caller. It returns P's zero value and false when the caller is anonymous.
func (o Optional[P]) Get() (P, bool) { return o.caller, o.known }

// Must returns the caller, and panics when it is anonymous. Generated code calls it where the policy admits only
// authenticated callers, so that no handler ever runs without its caller.
func (o Optional[P]) Must() P {
	if !o.known {
		panic("guard: there is no caller")
	}
	return o.caller
}

// callerKey is the key of the caller of type P in a context. [plan.CallerKey] is a second one.
type callerKey[P any] struct{}

// callerContext is a context with a caller, or with the knowledge that the caller is anonymous. A type of its own
// costs one allocation where context.WithValue costs two.
type callerContext[P any] struct {
	context.Context
	caller Optional[P]
}

// Value returns the context itself for the key of its caller.
func (c *callerContext[P]) Value(key any) any {
	if key == (callerKey[P]{}) || key == plan.CallerKey {
		return c
	}
	return c.Context.Value(key)
}

// String keeps the caller out of printed contexts.
func (c *callerContext[P]) String() string { return "guard caller" }

// ContextWithCaller returns a context that carries the caller for [CallerFrom]. Guards do this themselves with
// [Options].CallerInContext; tests of handlers do it here.
func ContextWithCaller[P any](ctx context.Context, caller P) context.Context {
	return &callerContext[P]{ctx, OptionalOf(caller)}
}

// CallerFrom returns the caller in the context. It returns false when the request was not guarded, when its caller
// is anonymous, and when the guards' type of caller is not P.
func CallerFrom[P any](ctx context.Context) (P, bool) {
	c, ok := ctx.Value(callerKey[P]{}).(*callerContext[P])
	if !ok {
		c, ok = ctx.Value(plan.CallerKey).(*callerContext[P])
	}
	if ok {
		return c.caller.Get()
	}
	var none P
	return none, false
}
