package guardtest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Route is one route of a router, as the router lists it: the method, empty for every method, and the path in the router's
// own syntax.
type Route struct{ Method, Path string }

// AllowedRoute is a route that no operation covers, and the reason why it is there all the same.
type AllowedRoute struct {
	Route
	Reason string
}

// Routes reports the routes that no operation of the policy covers: a program serves them, and no guard of the document is
// before them. Base is the path that the API is mounted at, empty for the root. A route that is allowed needs a reason; an
// allowed route without one, and one that is not there or is covered, are failures too.
//
// The paths may have the syntax of net/http, chi, gorilla, echo, gin, fiber and iris. The lists come from the routers:
//
//	// chi
//	err := chi.Walk(router, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
//		routes = append(routes, guardtest.Route{Method: method, Path: path})
//		return nil
//	})
//	// gorilla: a route without methods answers all of them
//	err := router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
//		path, _ := r.GetPathTemplate()
//		methods, _ := r.GetMethods()
//		for _, method := range append(methods, "")[:max(1, len(methods))] {
//			routes = append(routes, guardtest.Route{Method: method, Path: path})
//		}
//		return nil
//	})
//	// echo 4: e.Routes(); echo 5: e.Router().Routes(); gin: engine.Routes(); fiber 2 and 3: app.GetRoutes(true);
//	// iris: app.GetRoutes()
//	for _, r := range e.Routes() {
//		routes = append(routes, guardtest.Route{Method: r.Method, Path: r.Path})
//	}
//
// http.ServeMux cannot list its routes.
func Routes(t T, policy []guard.Operation, base string, routes []Route, allowed ...AllowedRoute) {
	t.Helper()
	if len(routes) == 0 {
		t.Errorf("guardtest: there are no routes: the router's list is empty")
	}
	outside := map[Route]bool{}
	for _, r := range routes {
		if !covered(policy, base, r) && !slashless(policy, base, r, routes) {
			outside[r] = true
		}
	}
	for _, a := range allowed {
		switch {
		case strings.TrimSpace(a.Reason) == "":
			t.Errorf("guardtest: the allowed route %s has no reason", a.Route)
		case !outside[a.Route]:
			t.Errorf("guardtest: the allowed route %s is not among the routes, or an operation covers it: remove it", a.Route)
		}
		delete(outside, a.Route)
	}
	for _, r := range routes {
		if outside[r] {
			delete(outside, r)
			t.Errorf("no operation covers the route %s: nothing of the document guards it", r)
		}
	}
}

// String is the route in one line.
func (r Route) String() string {
	if r.Method == "" {
		return "(every method) " + r.Path
	}
	return r.Method + " " + r.Path
}

// covered reports whether an operation has the route. Routers answer HEAD where there is GET.
func covered(policy []guard.Operation, base string, r Route) bool {
	return slices.ContainsFunc(policy, func(op guard.Operation) bool {
		sameMethod := op.Method == r.Method || r.Method == http.MethodHead && op.Method == http.MethodGet
		if !sameMethod || !strings.HasPrefix(op.Path, "/") {
			return false
		}
		path := strings.TrimSuffix(base, "/") + op.Path
		return r.Path == path || slices.Contains(shapesOf(r.Path), braces(path))
	})
}

// slashless reports whether a route is that of an operation whose path ends in a slash, which iris removes. Other routers
// list the slash, and then a route without it is another one.
func slashless(policy []guard.Operation, base string, r Route, routes []Route) bool {
	withSlash := Route{r.Method, r.Path + "/"}
	return covered(policy, base, withSlash) && !slices.Contains(routes, withSlash)
}

// anything is the mark of a path parameter, and rest that of one that takes several segments.
const anything, rest = "{}", "{rest}"

var (
	colonWord = regexp.MustCompile(`:\w+(\([^/)]*\)|<[^/>]*>)?(\??)`)
	colonDash = regexp.MustCompile(`:[\w-]+(\([^/)]*\)|<[^/>]*>)?(\??)`)
)

// shapesOf are the ways to read a router's path, with marks in place of parameters. Whether a dash is a part of a
// parameter's name depends on the router.
func shapesOf(path string) []string {
	path = strings.TrimSuffix(path, "{$}") // net/http: the end of the path
	if strings.Contains(path, "{") {
		return []string{braces(path)}
	}
	var shapes []string
	for _, parameter := range []*regexp.Regexp{colonWord, colonDash} {
		segments := strings.Split(strings.ReplaceAll(path, `\:`, escaped), "/")
		for i, segment := range segments {
			if strings.HasPrefix(segment, "*") || segment == "+" {
				segments[i] = rest
				continue
			}
			segments[i] = parameter.ReplaceAllString(segment, anything+"$2")
		}
		shapes = append(shapes, strings.ReplaceAll(strings.Join(segments, "/"), escaped, ":"))
	}
	return shapes
}

// escaped stands for a colon with a backslash before it, by which echo and fiber know that no parameter begins.
const escaped = "\x00"

// braces reads a path with parameters in braces, in which there may be a type or a regular expression with braces.
func braces(path string) string {
	var shape, inside strings.Builder
	depth := 0
	for _, c := range path {
		switch {
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			if depth--; depth == 0 {
				shape.WriteString(mark(inside.String()))
				inside.Reset()
				continue
			}
		case depth == 0 && c == '*':
			shape.WriteString(rest)
			continue
		}
		if depth == 0 {
			shape.WriteRune(c)
		} else {
			inside.WriteRune(c)
		}
	}
	return shape.String()
}

// mark is that of the parameter whose braces have this text: net/http writes several segments as {name...}, iris as
// {name:path}, and a regular expression can take them with a dot.
func mark(text string) string {
	_, kind, _ := strings.Cut(text, ":")
	if strings.HasSuffix(text, "...") || kind == "path" || strings.Contains(kind, ".*") || strings.Contains(kind, ".+") {
		return rest
	}
	return anything
}
