package routers

import (
	"fmt"
	"net/http"
)

// StdHTTP is net/http's ServeMux, which panics on patterns that it cannot read or cannot tell apart. It is the one
// router that is asked: each route is registered with a real one.
func StdHTTP() Router {
	return Router{name: "std-http", simulate: func(_ Router, routes []Route) []clash {
		return muxClashes(routes, ", or generate another server (chi-server, gorilla-server)")
	}}
}

// ServeMux is the same router where no server is generated.
func ServeMux() Router {
	return Router{name: "net/http", simulate: func(_ Router, routes []Route) []clash {
		return muxClashes(routes, ", or have a server for another router generated (chi-server, gorilla-server)")
	}}
}

// muxClashes asks a ServeMux. The remedy follows the advice to rename a path.
func muxClashes(routes []Route, remedy string) []clash {
	var clashes []clash
	mux := http.NewServeMux()
	for i, r := range routes {
		if registers(mux, r) {
			continue
		}
		if other := conflicting(routes[:i], r); other != nil {
			clashes = append(clashes, clash{
				route: i, other: other, text: fmt.Sprintf("net/http cannot tell %s %s from ", r.Method, r.Path),
				after: " and panics at start-up: rename one of the paths" + remedy,
			})
			continue
		}
		clashes = append(clashes, clash{route: i, text: fmt.Sprintf(
			"net/http cannot route %s (pattern %q) and panics at start-up: rename the path%s", r.Path, r.Pattern, remedy)})
	}
	return clashes
}

// conflicting finds the earlier route that cannot be registered together with r.
func conflicting(earlier []Route, r Route) *Route {
	for i := range earlier {
		mux := http.NewServeMux()
		if registers(mux, earlier[i]) && !registers(mux, r) {
			if alone := http.NewServeMux(); registers(alone, r) {
				return &earlier[i]
			}
			return nil
		}
	}
	return nil
}

// registers reports whether the mux takes the route.
func registers(mux *http.ServeMux, r Route) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	mux.Handle(r.Method+" "+r.Pattern, http.NotFoundHandler())
	return true
}
