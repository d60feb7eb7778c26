package guardtest_test

import (
	"net/http"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// Another spelling of a path may be the path of a public operation, whose handler runs.
func TestDetourToAPublicOperation(t *testing.T) {
	calls := new(guardtest.Calls)
	s := newSite(calls)
	mux := http.NewServeMux()
	mux.Handle("GET /orders", s.guarded("listOrders", s.handle("listOrders")))
	mux.Handle("GET /{page}", s.handle("getPage"))
	f := &failures{}
	guardtest.Run(f, mux, []guard.Operation{
		*s.operation("listOrders"), {ID: "getPage", Method: "GET", Path: "/{page}", Public: true},
	}, guardtest.Options{Schemes: schemes(), Calls: calls})
	pass(t, f)
}

// Credentials need not know callers whose roles are almost those of the document: their error is no failure.
func TestAlmostUnknown(t *testing.T) {
	s := newSite(new(guardtest.Calls))
	pass(t, s.run(guardtest.Options{Credentials: func(w guardtest.Wanted, r *http.Request) (string, error) {
		for _, role := range w.Caller.Roles {
			if role == "SUPPORT" || role == "suppor" || role == "supports" {
				return "", http.ErrNoCookie
			}
		}
		return guardtest.Mint(w, r)
	}}))
}
