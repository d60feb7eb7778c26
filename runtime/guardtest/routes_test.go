package guardtest_test

import (
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// routed is a policy with the paths of the tests of routes.
func routed() []guard.Operation {
	var all []guard.Operation
	for _, path := range []string{"/orders", "/orders/{order-id}", "/files/{name}.json", "/a/{b}/c/{d}", "/search/", "/items:batch"} {
		all = append(all, guard.Operation{ID: path, Method: "GET", Path: path, Public: true})
	}
	return append(all, guard.Operation{ID: "hook", Method: "POST", Public: true})
}

func outside(base string, routes []guardtest.Route, allowed ...guardtest.AllowedRoute) string {
	f := &failures{}
	guardtest.Routes(f, routed(), base, routes, allowed...)
	return strings.Join(f.all, "\n")
}

// The paths of each router are understood, and those that are wider than an operation's are not taken for it.
func TestRouteSyntax(t *testing.T) {
	for _, test := range []struct {
		router, path string
		covered      bool
	}{
		{"any", "/orders", true},
		{"any", "/orders/", false},
		{"any", "/order", false},
		{"any", "/admin", false},
		{"net/http", "/orders/{order_id}", true},
		{"net/http", "/search/{$}", true},
		{"net/http", "/orders/{rest...}", false},
		{"chi", "/orders/{id:[0-9]{3}}", true},
		{"chi", "/orders/{id:.*}", false},
		{"chi", "/orders/*", false},
		{"chi", "/files/{name}.json", true},
		{"chi", "/files/{name}.csv", false},
		{"gorilla", "/a/{b}/c/{d:[a-z]+}", true},
		{"gorilla", "/a/{b}/c", false},
		{"echo", "/orders/:order-id", true},
		{"echo", "/a/:b/c/:d", true},
		{"echo", "/orders/*", false},
		{"echo", "/files/:name.json", true},
		{"gin", "/orders/:id", true},
		{"gin", "/orders/*rest", false},
		{"fiber", "/orders/:id<int>", true},
		{"fiber", "/orders/:id?", false},
		{"fiber", "/orders/+", false},
		{"fiber", `/items\:batch`, true},
		{"fiber", "/items:batch", true},
		{"iris", "/orders/{id:uint64}", true},
		{"iris", "/orders/{rest:path}", false},
	} {
		got := outside("", []guardtest.Route{{Method: "GET", Path: test.path}})
		if test.covered != (got == "") {
			t.Errorf("%s: %s: covered: %t; %s", test.router, test.path, !test.covered, got)
		}
	}
}

func TestRouteMethods(t *testing.T) {
	for method, covered := range map[string]bool{"GET": true, "HEAD": true, "POST": false, "": false, "echo_route_not_found": false} {
		if got := outside("", []guardtest.Route{{method, "/orders"}}); covered != (got == "") {
			t.Errorf("%q: covered: %t; %s", method, !covered, got)
		}
	}
	if got := outside("/v1/", []guardtest.Route{{"GET", "/v1/orders/:id"}}); got != "" {
		t.Error(got)
	}
	if got := outside("/v1", []guardtest.Route{{"GET", "/orders/:id"}}); got != "no operation covers the route GET /orders/:id: nothing of the document guards it" {
		t.Error(got)
	}
}

// iris lists a path without the slash at its end; where a router lists both, one of them is outside.
func TestRouteWithoutItsSlash(t *testing.T) {
	if got := outside("", []guardtest.Route{{"GET", "/search"}}); got != "" {
		t.Error(got)
	}
	if got := outside("", []guardtest.Route{{"GET", "/search"}, {"GET", "/search/"}}); !strings.Contains(got, "GET /search:") {
		t.Error("/search is not /search/")
	}
}

// An allowed route has a reason, is there, and is not covered.
func TestAllowedRoutes(t *testing.T) {
	debug := guardtest.Route{Method: "GET", Path: "/debug/vars"}
	routes := []guardtest.Route{{"GET", "/orders"}, debug, debug}
	allow := func(r guardtest.Route, reason string) guardtest.AllowedRoute {
		return guardtest.AllowedRoute{Route: r, Reason: reason}
	}
	for _, test := range []struct {
		allowed guardtest.AllowedRoute
		want    string
	}{
		{allow(debug, "on loopback only"), ""},
		{allow(debug, " "), "the allowed route GET /debug/vars has no reason"},
		{allow(routes[0], "why not"), "the allowed route GET /orders is not among the routes, or an operation covers it: remove it\nno operation covers the route GET /debug/vars"},
		{allow(guardtest.Route{Method: "GET", Path: "/gone"}, "it was there"), "the allowed route GET /gone is not among"},
	} {
		if got := outside("", routes, test.allowed); !strings.HasPrefix(strings.TrimPrefix(got, "guardtest: "), test.want) || (got == "") != (test.want == "") {
			t.Errorf("%v: %s", test.allowed, got)
		}
	}
	if got := outside("", routes); strings.Count(got, "/debug/vars") != 1 {
		t.Errorf("each route once: %s", got)
	}
	if got := outside("", nil); got == "" {
		t.Error("no routes at all")
	}
}
