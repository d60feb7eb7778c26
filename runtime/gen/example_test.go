package gen_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// Generated code in short: schemes, a linker, a guard for each operation, and routes.
func Example() {
	authenticate := func(_ context.Context, key guard.APIKey) (string, error) {
		if key.Secret() == "k-ann" {
			return "Ann", nil
		}
		return "", guard.Invalid(nil)
	}
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[string]{},
		[]gen.Scheme[string]{gen.APIKey("apiKey", gen.InHeader, "X-API-Key", authenticate)}, nil)
	getOrder := linker.Guard(guard.Operation{
		ID: "getOrder", Method: http.MethodGet, Path: "/orders/{orderId}",
		Security: []guard.Alternative{{{Scheme: "apiKey"}}},
	})
	if err := linker.Err(); err != nil {
		panic(err)
	}
	routes := []gen.Route[http.HandlerFunc]{{
		Operation: "getOrder", Method: http.MethodGet, Pattern: "/orders/{orderId}",
		Handler: getOrder.Wrap(func(w http.ResponseWriter, _ *http.Request, caller guard.Optional[string]) {
			fmt.Fprint(w, "served to ", caller.Must())
		}),
	}}
	mux := http.NewServeMux()
	if err := gen.Mount(routes, nil, func(r gen.Route[http.HandlerFunc]) {
		mux.Handle(r.Method+" "+r.Pattern, r.Handler)
	}); err != nil {
		panic(err)
	}

	r := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
	r.Header.Set("X-API-Key", "k-ann")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 served to Ann
}

// A linker collects all mistakes. Until they are mended its guards deny everything.
func ExampleLinker_Err() {
	linker := gen.NewLinker[string](guard.Options{}, gen.Entitlements[string]{}, nil, nil)
	g := linker.Guard(guard.Operation{ID: "getOrder", Security: []guard.Alternative{{{Scheme: "apiKey"}}}})
	fmt.Println(linker.Err())
	fmt.Println(g.Check(httptest.NewRequest(http.MethodGet, "/orders/7", nil)).Status())
	// Output:
	// guard: operation getOrder: scheme "apiKey" is not defined
	// 500
}
