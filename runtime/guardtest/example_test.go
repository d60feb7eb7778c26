package guardtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// bearerAuth is an authenticator to be tested.
func bearerAuth(_ context.Context, token guard.BearerToken) (string, error) {
	if token.Secret() == "t-ann" {
		return "Ann", nil
	}
	return "", guard.Invalid(errors.New("no such token"))
}

// An authenticator is tested without a request.
func ExampleBearerToken() {
	caller, err := bearerAuth(context.Background(), guardtest.BearerToken("t-ann"))
	fmt.Println(caller, err)
	_, err = bearerAuth(context.Background(), guardtest.BearerToken("wrong"))
	fmt.Println(err)
	fmt.Println(guardtest.BearerToken("never printed"))
	// Output:
	// Ann <nil>
	// no such token
	// [redacted]
}

// The parameters of other schemes are parsed as a guard parses them.
func ExampleHTTPCredentials() {
	c, err := guardtest.HTTPCredentials("Signature", `keyId="k1", signature="c2ln"`, "GET", "/orders?page=2")
	if err != nil {
		panic(err)
	}
	key, _ := c.Param("keyid")
	fmt.Println(c.Scheme(), key, c.Method(), c.Target())
	// Output: Signature k1 GET /orders?page=2
}

// apiPolicy and apiSchemes are what generated code calls Policy and Schemes.
func apiPolicy() []guard.Operation {
	return []guard.Operation{{
		ID: "deleteOrder", Method: "DELETE", Path: "/orders/{id}",
		Security: []guard.Alternative{{{Scheme: "bearer"}}}, Roles: []guard.AnyRole{{"admin"}},
	}}
}

func apiSchemes() []guard.Scheme {
	return []guard.Scheme{{Name: "bearer", Type: "http", HTTP: "bearer"}}
}

// newServer is a program's own server. Tokens are names here.
func newServer(options guard.Options) http.Handler {
	users := map[string]*guardtest.Caller{"root-token": {Roles: []guard.Role{"admin"}}, "ann-token": {}}
	bearer := func(_ context.Context, token guard.BearerToken) (*guardtest.Caller, error) {
		if user := users[token.Secret()]; user != nil {
			return user, nil
		}
		return nil, guard.Invalid(errors.New("no such token"))
	}
	linker := gen.NewLinker(options, gen.Entitlements[*guardtest.Caller]{HasRole: (*guardtest.Caller).HasRole},
		[]gen.Scheme[*guardtest.Caller]{gen.Bearer("bearer", bearer)}, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /orders/{id}", linker.Guard(apiPolicy()[0]).Wrap(func(w http.ResponseWriter, _ *http.Request, _ guard.Optional[*guardtest.Caller]) {
		w.WriteHeader(http.StatusNoContent)
	}))
	return mux
}

// printer is a *testing.T that prints.
type printer struct{}

func (printer) Helper()                           {}
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (printer) Logf(string, ...any)               {}

// In a test, t is its *testing.T. The credentials are those of the program's own test users.
func ExampleRun() {
	credentials := func(w guardtest.Wanted, _ *http.Request) (string, error) {
		if w.Caller.HasRole("admin") {
			return "root-token", nil
		}
		return "ann-token", nil
	}
	var t printer
	forgotten := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "gone") })
	options := guardtest.Options{Schemes: apiSchemes(), Credentials: credentials, Unsafe: true}
	guardtest.Run(t, newServer(guard.Options{}), apiPolicy(), options)
	guardtest.Run(firstOnly(), forgotten, apiPolicy(), options)
	// Output:
	// deleteOrder (DELETE /orders/{id}): no credential: 200; want 401
}

// The routes are those that the program's router lists.
func ExampleRoutes() {
	routes := []guardtest.Route{{"DELETE", "/orders/:id"}, {"GET", "/debug/vars"}, {"GET", "/metrics"}}
	guardtest.Routes(printer{}, apiPolicy(), "", routes,
		guardtest.AllowedRoute{Route: guardtest.Route{Method: "GET", Path: "/metrics"}, Reason: "the proxy lets nobody else in"})
	// Output: no operation covers the route GET /debug/vars: nothing of the document guards it
}

// The guards report to the coverage while the program's tests run. With TestMain there is a threshold: see
// [guardtest.Coverage.Main].
func ExampleCoverage() {
	coverage := guardtest.NewCoverage[*guardtest.Caller](apiPolicy())
	var options guard.Options
	coverage.Observe(&options)
	r := httptest.NewRequest("DELETE", "/orders/1", nil)
	r.Header.Set("Authorization", "Bearer root-token")
	newServer(options).ServeHTTP(httptest.NewRecorder(), r)
	_ = coverage.Report().WriteText(os.Stdout)
	// Output:
	// deleteOrder
	// 	not exercised: deny: no credential
	// 	not exercised: deny: bearer without role admin
	// policy coverage: 33.3% (1 of 3)
}

// firstOnly prints the first failure.
func firstOnly() guardtest.T { return &first{} }

type first struct {
	printer
	failed bool
}

func (f *first) Errorf(format string, args ...any) {
	if !f.failed {
		f.printer.Errorf(format, args...)
	}
	f.failed = true
}
