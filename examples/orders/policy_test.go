package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/oapi-guard/oapi-guard/examples/orders/api"
	"github.com/oapi-guard/oapi-guard/examples/orders/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// coverage is what the tests of this package exercise of the policy.
var coverage = guardtest.NewCoverage[*person](apiguard.Policy())

// TestMain fails a run that leaves too much of the policy out.
func TestMain(m *testing.M) { os.Exit(coverage.Main(m, 100)) }

// observed are the options of a shop whose decisions count.
func observed() guard.Options {
	options := guard.Options{Realm: "orders"}
	coverage.Observe(&options)
	return options
}

// nobody says that the shop has no such account.
var errNoSuchPerson = fmt.Errorf("no person has just these roles: %w", errors.ErrUnsupported)

// credentials are those of the shop's own accounts.
func credentials(w guardtest.Wanted, _ *http.Request) (string, error) {
	name, known := map[string]string{"[]": "carla", "[support]": "sam", "[admin]": "ada"}[fmt.Sprint(w.Caller.Roles)]
	if !known {
		return "", errNoSuchPerson
	}
	switch w.Scheme.Name {
	case "bearerAuth":
		return name + "-token", nil
	case "basicAuth":
		return name + ":" + name + "-password", nil
	}
	return "north-key", nil
}

// TestPolicy asks the shop every question that its policy answers. Before its handlers stands the middleware of calls, so
// that no order is deleted.
func TestPolicy(t *testing.T) {
	a, err := newAuth()
	if err != nil {
		t.Fatal(err)
	}
	calls := new(guardtest.Calls)
	handler, err := apiguard.HandlerWithOptions(newShop(), a, observed(),
		api.ChiServerOptions{BaseURL: "/v1", Middlewares: []api.MiddlewareFunc{calls.Middleware}}, apiguard.StrictOptions{})
	if err != nil {
		t.Fatal(err)
	}
	guardtest.Run(t, handler, apiguard.Policy(), guardtest.Options{
		Schemes: apiguard.Schemes(), Credentials: credentials, Calls: calls, BaseURL: "/v1",
	})
}

// TestRoutes: the shop's router has no route that the document does not have.
func TestRoutes(t *testing.T) {
	handler, err := newHandler(guard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var routes []guardtest.Route
	err = chi.Walk(handler.(chi.Router), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, guardtest.Route{Method: method, Path: path})
		return nil
	})
	if err != nil || !slices.Contains(routes, guardtest.Route{Method: "GET", Path: "/v1/orders"}) {
		t.Fatal(routes, err)
	}
	guardtest.Routes(t, apiguard.Policy(), "/v1", routes)
}
