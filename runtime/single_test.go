package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
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
			linker := guard.NewLinker(guard.Options{}, guard.Holdings[*caller]{HasRole: test.hasRole},
				[]guard.Scheme[*caller]{guard.BearerScheme("bearer", test.authenticate)}, nil)
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
