package generator

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/server"
)

// Routers that try their routes in the order of registration, which is the document's: gorilla and fiber. There
// an operation is out of reach when an earlier one takes its requests.

// A matcher reports whether a pattern takes a request's path.
type matcher func(path string) bool

// parameter is a path parameter in a path of the document, and in a pattern of net/http, chi and gorilla.
var parameter = regexp.MustCompile(`\{[^{}]*\}`)

// sampleValue stands for any value of a parameter: no path of a document holds it as text, so that only
// parameters match it.
const sampleValue = "\x01\x01"

// sample is a request's path for an operation.
func sample(r route) string { return parameter.ReplaceAllString(r.pair.operation.Path, sampleValue) }

// firstMatch finds the route that answers a request, among the first n+1 routes of which serves says that they
// take its method.
func firstMatch(routes []route, matchers []matcher, n int, path string, serves func(route) bool) *route {
	for i := range routes[:n+1] {
		if serves(routes[i]) && matchers[i] != nil && matchers[i](path) {
			return &routes[i]
		}
	}
	return nil
}

func sameMethod(method string) func(route) bool {
	return func(r route) bool { return r.pair.operation.Method == method }
}

// gorillaClashes simulates mux, where a route is one regular expression.
func gorillaClashes(routes []route) []clash {
	found := expressions(server.Gorilla, routes)
	matchers := make([]matcher, len(routes))
	for i, r := range routes {
		matchers[i] = gorillaMatcher(r.pattern)
		by := firstMatch(routes, matchers, i, sample(r), sameMethod(r.pair.operation.Method))
		if by != nil && by != &routes[i] {
			found = append(found, clash{route: i, other: by, text: answers("gorilla", r), after: moveUp})
		}
	}
	return found
}

// answers begins a message about an operation whose requests another one takes.
func answers(router string, r route) string {
	return fmt.Sprintf("%s answers %s %s with ", router, r.pair.operation.Method, r.pair.operation.Path)
}

// moveUp ends it for routers that ask their routes in order.
const moveUp = ", which the document has before it: move this path above that one, or rename one of them"

// gorillaMatcher is the regular expression that mux makes of a pattern.
func gorillaMatcher(pattern string) matcher {
	var expression strings.Builder
	end := 0
	for _, at := range parameter.FindAllStringIndex(pattern, -1) {
		expression.WriteString(regexp.QuoteMeta(pattern[end:at[0]]) + "[^/]+")
		end = at[1]
	}
	compiled, err := regexp.Compile("^" + expression.String() + regexp.QuoteMeta(pattern[end:]) + "$")
	if err != nil {
		return nil // of a pattern that is no UTF-8, which no document has
	}
	return compiled.MatchString
}
