package guard_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

type abortingHandler struct{ slog.Handler }

func (abortingHandler) Enabled(context.Context, slog.Level) bool  { return true }
func (abortingHandler) Handle(context.Context, slog.Record) error { panic(http.ErrAbortHandler) }

// callbacks makes a guard in which exactly one of the application's functions does something, and a
// request that reaches it.
var callbacks = []struct {
	name    string
	make    func(do func()) *guard.Guard[*caller]
	request func() *http.Request
}{
	{"authenticator", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{}, func() { do() }, nil, nil, nil, nil)
	}, bearerRequested},
	{"HasRole", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{}, nil, do, nil, nil, nil)
	}, bearerRequested},
	{"HasScope", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{}, nil, nil, do, nil, nil)
	}, bearerRequested},
	{"Combine", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{}, nil, nil, nil, do, nil)
	}, bearerRequested},
	{"Challenge", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{}, nil, nil, nil, nil, do)
	}, func() *http.Request { return request() }},
	{"OnDecision", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{OnDecision: func(context.Context, guard.Event) { do() }}, nil, nil, nil, nil, nil)
	}, bearerRequested},
	{"DenialBody", func(do func()) *guard.Guard[*caller] {
		return only(guard.Options{DenialBody: func(context.Context, guard.Denial) (string, []byte) {
			do()
			return "text/plain", nil
		}}, nil, nil, nil, nil, nil)
	}, func() *http.Request { return request() }},
}

func bearerRequested() *http.Request { return request("Authorization: Bearer b", "X-API-Key: k") }

// only makes a guard whose functions call the given ones, where those are not nil.
func only(options guard.Options, authenticate, role, scope, combine, challenge func()) *guard.Guard[*caller] {
	call := func(do func()) {
		if do != nil {
			do()
		}
	}
	l := gen.NewLinker(options, gen.Entitlements[*caller]{
		HasRole:  func(*caller, guard.Role) bool { call(role); return true },
		HasScope: func(*caller, string) bool { call(scope); return true },
	}, []gen.Scheme[*caller]{
		gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*caller, error) {
			call(authenticate)
			return &caller{"b"}, nil
		}),
		gen.APIKey("key", gen.InHeader, "X-API-Key", func(context.Context, guard.APIKey) (*caller, error) { return &caller{"k"}, nil }),
		gen.HTTP("custom", "Custom", func(context.Context, guard.HTTPCredentials) (*caller, error) { return &caller{"c"}, nil },
			func(context.Context) guard.Challenge { call(challenge); return guard.Challenge{} }),
	}, []gen.Combination[*caller]{
		gen.Combine([]string{"bearer", "key"}, func(_ context.Context, c []*caller) (*caller, error) { call(combine); return c[0], nil }),
	})
	g := l.Guard(guard.Operation{ID: "op", Roles: []guard.AnyRole{{"r"}}, Security: []guard.Alternative{
		{{Scheme: "bearer", Scopes: []string{"s"}}, {Scheme: "key"}}, {{Scheme: "custom"}},
	}})
	if err := l.Err(); err != nil {
		panic(err)
	}
	return g
}

// through sends a request through a guard and reports what became of it. The handler's own panics are none
// of the guard's business.
func through(g *guard.Guard[*caller], r *http.Request) (status, ran int, panicked any) {
	rec := httptest.NewRecorder()
	defer func() { panicked = recover() }()
	g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) { ran++ })(rec, r)
	return rec.Code, ran, nil
}

func TestCallbacksAreReached(t *testing.T) {
	for _, c := range callbacks {
		reached := 0
		through(c.make(func() { reached++ }), c.request())
		if reached != 1 {
			t.Errorf("%s was called %d times", c.name, reached)
		}
	}
}

// http.ErrAbortHandler is a way to end a response: it passes, and no handler runs.
func TestAbortPassesEverywhere(t *testing.T) {
	for _, c := range callbacks {
		_, ran, value := through(c.make(func() { panic(http.ErrAbortHandler) }), c.request())
		if value != http.ErrAbortHandler || ran != 0 {
			t.Errorf("%s: %v, the handler ran %d times", c.name, value, ran)
		}
	}
	replaceLog(t, abortingHandler{slog.Default().Handler()})
	g := only(guard.Options{}, func() { panic("fault") }, nil, nil, nil, nil)
	if _, _, value := through(g, bearerRequested()); value != http.ErrAbortHandler {
		t.Errorf("log handler: %v", value)
	}
}

func TestPanicsAreContained(t *testing.T) {
	status := map[string]int{"OnDecision": 200, "DenialBody": 401}
	for _, value := range []any{"text", errors.New("error"), fmt.Errorf("wrapped: %w", http.ErrAbortHandler), []int{1}, (*int)(nil), nil} {
		captureLog(t)
		for _, c := range callbacks {
			code, ran, escaped := through(c.make(func() { panic(value) }), c.request())
			want := max(status[c.name], 0)
			if want == 0 {
				want = 500
			}
			if escaped != nil || code != want || ran == 1 != (want == 200) {
				t.Errorf("%s, panic(%v): status %d, ran %d, escaped %v", c.name, value, code, ran, escaped)
			}
		}
	}
}

// With panicnil=1, recover cannot see a panic(nil) that it stops.
func TestPanicNilIsAFault(t *testing.T) {
	t.Setenv("GODEBUG", "panicnil=1")
	captureLog(t)
	for _, c := range callbacks {
		code, ran, escaped := through(c.make(func() { panic(nil) }), c.request())
		if c.name != "OnDecision" && ran != 0 || escaped != nil || c.name != "OnDecision" && c.name != "DenialBody" && code != 500 {
			t.Errorf("%s: status %d, ran %d, escaped %v", c.name, code, ran, escaped)
		}
	}
}

// The same on the path for policies of one scheme.
func TestPanicNilIsAFaultWithOneScheme(t *testing.T) {
	t.Setenv("GODEBUG", "panicnil=1")
	for _, where := range []string{"authenticator", "HasScope", "HasRole"} {
		here := func(name string) {
			if name == where {
				panic(nil)
			}
		}
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{
			HasRole:  func(*caller, guard.Role) bool { here("HasRole"); return true },
			HasScope: func(*caller, string) bool { here("HasScope"); return true },
		}, []gen.Scheme[*caller]{gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*caller, error) {
			here("authenticator")
			return &caller{"b"}, nil
		})}, nil)
		if d := l.Guard(operation("bearer(s);r")).Check(bearerRequested()); d.Verdict() != fault || d.Err() == nil {
			t.Errorf("%s: %s %v", where, d.Verdict(), d.Err())
		}
	}
}

// runtime.Goexit cannot be recovered from: the goroutine ends, and no handler runs on its way.
func TestGoexitRunsNoHandler(t *testing.T) {
	for _, c := range callbacks {
		ran := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.make(runtime.Goexit).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) { ran++ })(httptest.NewRecorder(), c.request())
		}()
		if <-done; ran != 0 {
			t.Errorf("%s: the handler ran", c.name)
		}
	}
}

// The handler's panics are its own.
func TestHandlerPanicsPass(t *testing.T) {
	defer func() {
		if recover() != "handler" {
			t.Error("the panic did not pass")
		}
	}()
	only(guard.Options{}, nil, nil, nil, nil, nil).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {
		panic("handler")
	})(httptest.NewRecorder(), bearerRequested())
}

func TestPanickedErrorUnwraps(t *testing.T) {
	g := only(guard.Options{}, func() { panic(errPlain) }, nil, nil, nil, nil)
	if d := g.Check(bearerRequested()); !errors.Is(d.Err(), errPlain) || d.Verdict() != fault {
		t.Errorf("%v", d.Err())
	}
}

// A panic(nil) that recover does not show is a fault all the same.
func TestPanicNil(t *testing.T) {
	t.Setenv("GODEBUG", "panicnil=1")
	captureLog(t)
	tests := map[string]struct {
		authenticate func(context.Context, guard.BearerToken) (*caller, error)
		hasRole      func(*caller, guard.Role) bool
	}{
		"authenticator": {
			func(context.Context, guard.BearerToken) (*caller, error) { panic(nil) },
			func(*caller, guard.Role) bool { return true },
		},
		"HasRole": {
			func(context.Context, guard.BearerToken) (*caller, error) { return &caller{}, nil },
			func(*caller, guard.Role) bool { panic(nil) },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			linker := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{HasRole: test.hasRole},
				[]gen.Scheme[*caller]{gen.Bearer("bearer", test.authenticate)}, nil)
			g := linker.Guard(guard.Operation{
				ID: "one", Method: "GET", Path: "/",
				Security: []guard.Alternative{{{Scheme: "bearer"}}}, Roles: []guard.AnyRole{{"admin"}},
			})
			if err := linker.Err(); err != nil {
				t.Fatal(err)
			}
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Authorization", "Bearer token")
			g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) { t.Error("the handler ran") })(w, r)
			if w.Code != http.StatusInternalServerError {
				t.Errorf("status %d, want 500", w.Code)
			}
		})
	}
}
