package gen

import (
	"fmt"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
)

// NotNil returns an error when v is nil or an interface that holds a nil pointer, function, map, slice or channel:
// "what is nil". Generated constructors check their arguments with it.
func NotNil(what string, v any) error {
	if plan.IsNil(v) {
		return fmt.Errorf("%s is nil", what)
	}
	return nil
}

// Route is one registration of an operation with a router; H is the router's type of handler.
type Route[H any] struct {
	// Operation is the key of the operation in those options of oapi-codegen's servers that are kept by operation:
	// the operationId, or a name made of method and path where there is none.
	Operation string
	// Method is in upper case, and Pattern in the router's own notation.
	Method, Pattern string
	Handler         H
}

// Mount registers routes with a router, each by a call of add. Taken are the routes that the router already has
// ("GET /orders/{id}"), as far as it tells. When one of the routes is among them Mount registers nothing: the route
// that is there may not be guarded, and many routers would go on serving it. A panic of the router, which is how some
// refuse a route, becomes an error too.
func Mount[H any](routes []Route[H], taken []string, add func(Route[H])) (err error) {
	for _, r := range routes {
		if slices.Contains(taken, r.Method+" "+r.Pattern) {
			return fmt.Errorf("guard: %s %s is registered already: register the guards once, and not beside oapi-codegen's own handlers", r.Method, r.Pattern)
		}
	}
	var at Route[H]
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("guard: %s %s cannot be registered: %v", at.Method, at.Pattern, value)
		}
	}()
	for _, at = range routes {
		add(at)
	}
	return nil
}
