package guardtest

import (
	"context"
	"net/http"
	"sync"
)

// UserAgent is the User-Agent of every request of [Run], for servers that it reaches over a socket.
const UserAgent = "oapi-guard-guardtest"

// markerKey is the key of the marker in a request's context.
type markerKey struct{}

// Marked reports whether a request with this context was made by [Run]. It is false for requests over a socket, which have
// the [UserAgent]. No client can set the marker, so that a handler may rely on it.
func Marked(ctx context.Context) bool { return ctx.Value(markerKey{}) != nil }

// Calls are the calls of handlers. Handlers of tests record themselves with [Calls.Called]; before real ones stands
// [Calls.Middleware], which records the call and never makes it. The zero value is usable.
type Calls struct {
	mu         sync.Mutex
	operations []string
}

// Called records that the handler of an operation runs; "" is one whose operation is not known.
func (c *Calls) Called(operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.operations = append(c.operations, operation)
}

// take is the calls since it was asked before.
func (c *Calls) take() []string {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	operations := c.operations
	c.operations = nil
	return operations
}

// Middleware stands for next in requests of [Run]: it records the call and answers 204, so that real handlers never see
// them. Other requests pass. Mount it where oapi-codegen's own middlewares are: they run behind the guards and the binding of
// parameters, and before the handlers.
//
//	api.StdHTTPServerOptions{Middlewares: []api.MiddlewareFunc{calls.Middleware}}
func (c *Calls) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Marked(r.Context()) && r.UserAgent() != UserAgent {
			next.ServeHTTP(w, r)
			return
		}
		c.Called("")
		w.WriteHeader(http.StatusNoContent)
	})
}
