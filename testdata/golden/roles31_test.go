package golden

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/golden/roles-3.1/api"
	"example.com/golden/roles-3.1/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// rolesAuth takes the credential for the names of roles: "reader+staff".
type rolesAuth struct{}

func (rolesAuth) Bearer(_ context.Context, token guard.BearerToken) (*caller, error) {
	return withRoles(token.Secret()), nil
}

func (rolesAuth) Key(_ context.Context, key guard.APIKey) (*caller, error) {
	return withRoles(key.Secret()), nil
}

func withRoles(names string) *caller {
	c := &caller{name: names}
	for name := range strings.SplitSeq(names, "+") {
		c.roles = append(c.roles, guard.Role(name))
	}
	return c
}

type rolesServer struct{ ran int }

func (s *rolesServer) ListThings(context.Context, *caller, api.ListThingsRequestObject) (api.ListThingsResponseObject, error) {
	s.ran++
	return api.ListThings204Response{}, nil
}

// TestRoles31: role names of a requirement (OpenAPI 3.1) are asked of the caller of that scheme, and the roles of the
// operation of every caller.
func TestRoles31(t *testing.T) {
	for _, test := range []struct {
		field, value string
		status       int
	}{
		{"Authorization", "Bearer reader+staff", 204},
		{"Authorization", "Bearer reader", 403},
		{"Authorization", "Bearer staff", 403},
		{"Authorization", "Bearer Reader+staff", 403},
		{"X-Key", "staff", 204},
		{"X-Key", "reader+staff", 204},
		{"X-Key", "reader", 403},
		{"X-Other", "staff", 401},
	} {
		server := new(rolesServer)
		h, err := apiguard.Handler[*caller](server, rolesAuth{}, quiet())
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "/things", nil)
		r.Header.Set(test.field, test.value)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.status || (server.ran == 1) != (test.status == 204) {
			t.Errorf("%s: %s: status %d, want %d; the handler ran %d times", test.field, test.value, w.Code, test.status, server.ran)
		}
		if w.Code == 403 && w.Header().Get("WWW-Authenticate") != "" {
			t.Errorf("%s: a lacking role is challenged", test.value)
		}
	}
}
