package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// TestSinglePanicNil: the way for one scheme and one alternative has a fence of its own.
func TestSinglePanicNil(t *testing.T) {
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

// TestDecisionHasCallerInContext: an audit log can say who was admitted.
func TestDecisionHasCallerInContext(t *testing.T) {
	var seen *caller
	options := guard.Options{CallerInContext: true, OnDecision: func(ctx context.Context, e guard.Event) {
		if got, ok := guard.CallerFrom[*caller](ctx); ok != (e.Verdict == verdict.Allow) {
			t.Errorf("%s: there is a caller: %t", e.Verdict, ok)
		} else if ok {
			seen = got
		}
	}}
	linker := gen.NewLinker(options, gen.Entitlements[*caller]{},
		[]gen.Scheme[*caller]{gen.Bearer("bearer", func(_ context.Context, token guard.BearerToken) (*caller, error) {
			if token.Secret() == "bad" {
				return nil, guard.Invalid(nil)
			}
			return &caller{token.Secret()}, nil
		})}, nil)
	g := linker.Guard(guard.Operation{ID: "one", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "bearer"}}}})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	h := g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {})
	for _, token := range []string{"bad", "ann"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		h(httptest.NewRecorder(), r)
	}
	if seen == nil || seen.name != "ann" {
		t.Errorf("the admitted caller is %v", seen)
	}
}
