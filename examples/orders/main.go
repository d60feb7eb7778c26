// Orders is a small shop: chi, oapi-codegen's strict server, and every way in which an OpenAPI document
// says who may call what (bearer or basic, an API key together with basic, optional, roles that include
// others).
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"golang.org/x/crypto/bcrypt"

	"github.com/oapi-guard/oapi-guard/examples/orders/api"
	"github.com/oapi-guard/oapi-guard/examples/orders/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

// newAuth has three accounts: a customer, customer care and an administrator.
func newAuth() (*auth, error) {
	a := &auth{
		accounts:   map[string]*account{},
		sessions:   map[string]string{"carla-token": "carla", "sam-token": "sam", "ada-token": "ada"},
		warehouses: map[string]string{"north-key": "north"},
	}
	people := []person{
		{Name: "carla"},
		{Name: "sam", Roles: []guard.Role{apiguard.RoleSupport}},
		{Name: "ada", Roles: []guard.Role{apiguard.RoleAdmin}},
	}
	for _, p := range people {
		hash, err := bcrypt.GenerateFromPassword([]byte(p.Name+"-password"), bcrypt.MinCost)
		if err != nil {
			return nil, err
		}
		a.accounts[p.Name] = &account{p, hash}
	}
	var err error
	a.absent, err = bcrypt.GenerateFromPassword([]byte("nobody"), bcrypt.MinCost)
	return a, err
}

func newShop() *shop {
	return &shop{
		products: map[string]int{"tea": 500, "coffee": 800},
		orders:   map[int64]api.Order{1: {Id: 1, Product: "tea", Customer: "carla"}},
		last:     1,
	}
}

// newHandler is the guarded shop on a chi router with a middleware of its own.
func newHandler(options guard.Options) (http.Handler, error) {
	a, err := newAuth()
	if err != nil {
		return nil, err
	}
	router := chi.NewRouter()
	router.Use(middleware.Recoverer)
	return apiguard.HandlerWithOptions(newShop(), a, options,
		api.ChiServerOptions{BaseRouter: router, BaseURL: "/v1"}, apiguard.StrictOptions{})
}

// logDecision tells the operator what was decided and why; the client never learns the reason.
func logDecision(ctx context.Context, e guard.Event) {
	slog.InfoContext(ctx, "guard", "operation", e.Operation, "verdict", e.Verdict, "scheme", e.Scheme, "reason", e.Reason)
}

func main() {
	address := flag.String("address", "127.0.0.1:8080", "`host:port` to listen on")
	flag.Parse()
	handler, err := newHandler(guard.Options{Realm: "orders", OnDecision: logDecision})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: *address, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}
