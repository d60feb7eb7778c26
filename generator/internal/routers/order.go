package routers

import "fmt"

// Gorilla and fiber try their routes in the order of registration, which is the document's. There an operation is
// out of reach when an earlier one takes its requests.

// A matcher reports whether a pattern takes a request's path.
type matcher func(path string) bool

// sampleValue stands for any value of a parameter: no path of a document holds it as text, so that only
// parameters match it.
const sampleValue = "\x01\x01"

// samplePath is the path of a request for an operation.
func samplePath(r Route) string { return parameter.ReplaceAllString(r.Path, sampleValue) }

// firstMatch finds the route that answers a request, among the first n+1 routes of which serves says that they
// take its method.
func firstMatch(routes []Route, matchers []matcher, n int, path string, serves func(Route) bool) *Route {
	for i := range routes[:n+1] {
		if serves(routes[i]) && matchers[i] != nil && matchers[i](path) {
			return &routes[i]
		}
	}
	return nil
}

// answers begins a message about an operation whose requests another one takes.
func answers(router string, r Route) string {
	return fmt.Sprintf("%s answers %s %s with ", router, r.Method, r.Path)
}

// moveUp ends it for routers that ask their routes in order.
const moveUp = ", which the document has before it: move this path above that one, or rename one of them"
