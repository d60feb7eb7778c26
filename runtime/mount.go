package guard

import (
	"fmt"
	"slices"
)

// Route is one registration of an operation with a router; H is the router's type of handler.
type Route[H any] struct {
	// Operation is the key of the operation in the options of oapi-codegen's servers that have one for
	// operations: the operationId, or a name made of method and path where there is none.
	Operation string
	// Method is in upper case, and Pattern in the router's own notation.
	Method, Pattern string
	Handler         H
}

// Mount registers routes with a router, each by a call of add. Taken are the routes that the router has
// already ("GET /orders/{id}"), as far as it tells: when one of the routes is among them nothing is
// registered, for what is there may not be guarded, and many routers would go on serving it. A panic of the
// router, which is how some refuse a route, becomes an error too.
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
