package golden

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go run ./internal/implement

// options are those that the servers have in common.
type options struct {
	guard   guard.Options
	baseURL string
	// seen is called by one of oapi-codegen's own middlewares, with the request's context.
	seen func(ctx context.Context)
	// strict is called by a middleware of the strict servers.
	strict func(ctx context.Context, operation string)
}

// mounted is a guarded server, which can serve a socket and, for tests of one request, none.
type mounted interface {
	http.Handler
	// listen serves the listener until it or the server is closed.
	listen(net.Listener) error
	close() error
}

// constructor makes the guarded server of one case.
type constructor func(*probe, authenticator, options) (mounted, error)

// server is one of the cases that share the document. typed mounts an implementation of Server or
// StrictServer, untyped one of oapi-codegen's own interface.
type server struct {
	name, framework string
	strict          bool
	typed, untyped  constructor
	refused         func() []refused
	policy          func() []guard.Operation
}

// refused is a call of a constructor that must fail with an error about want.
type refused struct {
	name, want string
	call       func() (any, error)
}

// servers are all of them. Each is declared in the file that internal/implement writes for it.
var servers = []server{
	stdHttpCase, stdHttpStrictCase, chiCase, chiStrictCase, gorillaCase, gorillaStrictCase,
	echoCase, echoStrictCase, echo5Case, echo5StrictCase, ginCase, ginStrictCase,
	fiberCase, fiberStrictCase, fiber3Case, fiber3StrictCase, irisCase, irisStrictCase,
}

// fasthttp reports whether the server does not stand on net/http.
func (s server) fasthttp() bool { return s.framework == "fiber" || s.framework == "fiber3" }

// middlewaresFirst reports whether the middlewares of oapi-codegen's options are the router's own, which run
// before any handler and so before the guard: echo's OperationMiddlewares and iris's Middlewares.
func (s server) middlewaresFirst() bool {
	return s.framework == "echo" || s.framework == "echo5" || s.framework == "iris"
}

// serve serves on a loopback socket until the test ends.
func serve(t testing.TB, m mounted) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- m.listen(listener) }()
	t.Cleanup(func() {
		if err := m.close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// optionalFrom is the caller in the context.
func optionalFrom(ctx context.Context) guard.Optional[*caller] {
	if c, ok := guard.CallerFrom[*caller](ctx); ok {
		return guard.OptionalOf(c)
	}
	return guard.Optional[*caller]{}
}

// operationIDs are those of the document, for options that ask for them.
var operationIDs = func() (ids []string) {
	for _, op := range model {
		ids = append(ids, op.id)
	}
	return ids
}()
