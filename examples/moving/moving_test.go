// Package moving holds docs/MOVING.md to its word: the page's Go is this package's, and it does what the page says.
package moving

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	validator "github.com/oapi-codegen/nethttp-middleware"

	"github.com/oapi-guard/oapi-guard/examples/quickstart/api"
	"github.com/oapi-guard/oapi-guard/examples/quickstart/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// user is the caller of the page.
type user struct {
	name, tenant string
	roles        []guard.Role
}

func (u *user) HasRole(role guard.Role) bool { return slices.Contains(u.roles, role) }

type session struct{ user *user }

var errNoSession = errors.New("no session")

// auth is the authenticator of the page.
type auth struct{ sessions map[string]session }

func (a auth) BearerAuth(ctx context.Context, token guard.BearerToken) (*user, error) {
	session, err := a.find(ctx, token.Secret())
	switch {
	case errors.Is(err, errNoSession):
		return nil, guard.Invalid(err) // your 401
	case err != nil:
		return nil, guard.Unavailable(err) // your 500 that was a 401
	}
	return session.user, nil // what you put into the context
}

func (a auth) find(_ context.Context, token string) (session, error) {
	if s, ok := a.sessions[token]; ok {
		return s, nil
	}
	return session{}, errNoSession
}

// tenants is an authenticator that looks at the request.
type tenants struct{ auth }

func (a tenants) BearerAuth(ctx context.Context, token guard.BearerToken) (*user, error) {
	caller, err := a.auth.BearerAuth(ctx, token)
	if err != nil {
		return nil, err
	}
	tenant := token.Request().Header("X-Tenant")
	if len(tenant) != 1 || tenant[0] != caller.tenant {
		return nil, guard.Forbidden(errors.New("another tenant"))
	}
	return caller, nil
}

type server struct{}

func (server) GetHealth(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
func (server) GetMe(w http.ResponseWriter, _ *http.Request, caller *user) {
	_, _ = w.Write([]byte(caller.name))
}
func (server) GetAccount(w http.ResponseWriter, _ *http.Request, caller *user, _ int64) {
	_, _ = w.Write([]byte(caller.tenant))
}

func validated(document *openapi3.T, auth auth, realm string) (http.Handler, error) {
	validate := validator.OapiRequestValidatorWithOptions(document, &validator.Options{
		Options: openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	return apiguard.HandlerWithOptions(server{}, auth, guard.Options{Realm: realm}, api.StdHTTPServerOptions{
		Middlewares: []api.MiddlewareFunc{validate}, // behind the guard
	})
}

func service(auth apiguard.Authenticator[*user], count func(operation, verdict string)) (http.Handler, error) {
	h, err := apiguard.HandlerWithOptions(server{}, auth, guard.Options{
		Realm: "orders",
		OnDecision: func(ctx context.Context, e guard.Event) {
			count(e.Operation, e.Verdict.String())
			slog.InfoContext(ctx, "decision", "operation", e.Operation, "verdict", e.Verdict, "reason", e.Reason)
		},
	}, api.StdHTTPServerOptions{BaseURL: "/v1"})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", h)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return cors(requestID(mux)), nil
}

// cors is the outermost: it answers preflights, which have no credentials, and lets scripts read denials.
func cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
		w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			w.Header().Set("Access-Control-Allow-Headers", "Authorization")
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

type idKey struct{}

func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), idKey{}, r.Header.Get("X-Request-Id"))))
	})
}

var sessions = map[string]session{"t": {&user{name: "ada", tenant: "one", roles: []guard.Role{apiguard.RoleAdmin}}}}

// ask sends a request with a token and further header fields, and returns the response.
func ask(t *testing.T, h http.Handler, method, target, token string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestValidator: the guard speaks first, and the validator sees what the guard admits.
func TestValidator(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromFile("../quickstart/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	h, err := validated(document, auth{sessions}, "orders")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		target, token string
		status        int
	}{
		{"/accounts/x", "", 401}, {"/accounts/x", "other", 401}, {"/accounts/x", "t", 400}, {"/accounts/1", "t", 200}, {"/me", "t", 200}, {"/health", "", 204},
	} {
		if w := ask(t, h, "GET", test.target, test.token); w.Code != test.status {
			t.Errorf("GET %s with %q: %d %s, want %d", test.target, test.token, w.Code, w.Body, test.status)
		}
	}
}

// TestService: what stands around the guards sees and answers what the page says.
func TestService(t *testing.T) {
	var counted []string
	h, err := service(auth{sessions}, func(operation, verdict string) { counted = append(counted, operation+" "+verdict) })
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(t, h, "OPTIONS", "/v1/me", "", "Access-Control-Request-Method: GET"); w.Code != 204 || len(counted) > 0 {
		t.Errorf("a preflight gets %d, and the guards decide %q", w.Code, counted)
	}
	w := ask(t, h, "GET", "/v1/me", "")
	if w.Code != 401 || w.Header().Get("Access-Control-Allow-Origin") == "" || !slices.Equal(counted, []string{"getMe absent"}) {
		t.Errorf("a denial: %d %v, counted %q", w.Code, w.Header(), counted)
	}
	if w := ask(t, h, "GET", "/healthz", ""); w.Code != 204 {
		t.Errorf("beside the document: %d", w.Code)
	}
}

// TestTenants: a caller of another tenant is known, and refused.
func TestTenants(t *testing.T) {
	h, err := service(tenants{auth{sessions}}, func(string, string) {})
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]int{"X-Tenant: one": 200, "X-Tenant: two": 403, "X-Other: one": 403} {
		if w := ask(t, h, "GET", "/v1/me", "t", field); w.Code != want {
			t.Errorf("%s: %d, want %d", field, w.Code, want)
		}
	}
}

func TestHandlerAlone(t *testing.T) {
	w := httptest.NewRecorder()
	server{}.GetMe(w, httptest.NewRequest("GET", "/me", nil), &user{name: "ada"})
	if w.Body.String() != "ada" {
		t.Error(w.Body)
	}
}

func TestAuthenticatorAlone(t *testing.T) {
	_, err := auth{sessions}.BearerAuth(t.Context(), guardtest.BearerToken("unknown"))
	if !errors.Is(err, errNoSession) {
		t.Error(err)
	}
}

func TestWholeStack(t *testing.T) {
	fake := auth{map[string]session{"test": {&user{name: "ada"}}}} // tokens of the test
	h, err := apiguard.Handler(server{}, fake, guard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/accounts/1", nil)
	r.Header.Set("Authorization", "Bearer test")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden { // ada lacks the role admin
		t.Error(w.Code)
	}
}

// TestPage: each Go block of the page is code of this file.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/MOVING.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("moving_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 6 {
		t.Errorf("%d blocks", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(flat(string(code)), flat(block[1])) {
			t.Errorf("not in this file:\n%s", block[1])
		}
	}
}

// flat is a text without indentation.
func flat(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
