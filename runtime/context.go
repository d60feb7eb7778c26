package guard

import "context"

// CallerKey is a second key below which the caller is found, for contexts that know no keys but strings, as
// gin's: what the value of the request's context is for this key is to be their value for it.
const CallerKey = "github.com/oapi-guard/oapi-guard/runtime.caller"

// callerKey is the key below which the caller of type P is found.
type callerKey[P any] struct{}

// callerContext is a context with a caller, or with the knowledge that there is none. A type of its own
// costs one allocation where context.WithValue costs two.
type callerContext[P any] struct {
	context.Context
	caller Optional[P]
}

// Value returns the context itself for the key of its caller.
func (c *callerContext[P]) Value(key any) any {
	if key == (callerKey[P]{}) || key == CallerKey {
		return c
	}
	return c.Context.Value(key)
}

// String keeps the caller out of printed contexts.
func (c *callerContext[P]) String() string { return "guard caller" }

// ContextWithCaller returns a context that carries the caller for [CallerFrom]. Guards do this themselves
// with [Options].CallerInContext; tests of handlers do it here.
func ContextWithCaller[P any](ctx context.Context, caller P) context.Context {
	return &callerContext[P]{ctx, OptionalOf(caller)}
}

// CallerFrom returns the caller in the context. It returns false when the request was not guarded, when
// its caller is anonymous, or when the guards' type of caller is not P.
func CallerFrom[P any](ctx context.Context) (P, bool) {
	c, ok := ctx.Value(callerKey[P]{}).(*callerContext[P])
	if !ok {
		c, ok = ctx.Value(CallerKey).(*callerContext[P])
	}
	if ok {
		return c.caller.Get()
	}
	var none P
	return none, false
}
