// Package routers finds operations that a framework's router cannot hold: it cannot register them, would never reach
// them, or would answer them with another operation. There is a file for each router.
//
// Routers are not asked, because the generator imports none but net/http's. The treatment of patterns is simulated instead,
// as far as oapi-codegen's patterns go. The tests' expectations were observed on the real routers.
package routers

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Operation is the part of an operation that a router depends on.
type Operation struct {
	Method, Path string
	// Parameters are the names of the path's parameters, in order.
	Parameters []string
	Position   diag.Position
}

// String names the operation with its position, for a message about another one.
func (o Operation) String() string { return fmt.Sprintf("%s %s (%s)", o.Method, o.Path, o.Position) }

// Route is an operation and the pattern that oapi-codegen registers it with.
type Route struct {
	Operation
	Pattern string
}

// Router is the router of a framework.
type Router struct {
	// name is that of the framework, for messages.
	name string
	// methods are those for which the router has a function that oapi-codegen calls. There are none where it
	// registers any method.
	methods []string
	// upperCase is set where methods must be in upper case.
	upperCase bool
	// special are the characters that mean something in patterns and that oapi-codegen does not escape.
	special string
	// simulate finds the clashes of routes in the order in which they are registered.
	simulate func(Router, []Route) []clash
}

// A clash is a route that the router would not serve as the document says.
type clash struct {
	// route is the index of the route.
	route int
	// other is the route that is in the way, or nil.
	other *Route
	// text and after are the message: the problem and the remedy. The other operation, if any, is named between
	// them.
	text, after string
	// warning is set where the router serves the operation, under the right guard, although not quite as the
	// document says: the application may configure the router otherwise, or read the parameter by itself.
	warning bool
}

// CheckRoutes reports routes that the router cannot register, cannot reach, or would answer with another operation:
// one finding for each route, the worst.
func (r Router) CheckRoutes(routes []Route) diag.List {
	var diags diag.List
	for _, c := range worst(r.simulate(r, routes)) {
		report, text := diags.Report, c.text
		if c.warning {
			report = diags.Warn
		}
		if c.other != nil {
			text += c.other.String() + c.after
		}
		report(routes[c.route].Position, ruleConflict, "%s", text)
	}
	return diags
}

// worst keeps the first error of each route, or its first warning when it has no errors.
func worst(clashes []clash) []clash {
	rank := map[bool]int{false: 0, true: 1}
	slices.SortStableFunc(clashes, func(a, b clash) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(rank[a.warning], rank[b.warning]))
	})
	return slices.CompactFunc(clashes, func(a, b clash) bool { return a.route == b.route })
}

// common are the clashes that all simulated routers have.
func (r Router) common(routes []Route) []clash {
	return slices.Concat(sameShape(routes), r.wildcards(routes), r.adjacent(routes))
}

// parameter is a path parameter in a path of the document, and in a pattern of net/http, chi and gorilla.
var parameter = regexp.MustCompile(`\{[^{}]*\}`)

// sameShape reports paths that differ in the names of their parameters only: the router has one place for both,
// and the guard of one of them would never be asked.
func sameShape(routes []Route) []clash {
	var clashes []clash
	first := map[string]*Route{}
	for i, o := range routes {
		shape := o.Method + " " + parameter.ReplaceAllString(o.Path, "{}")
		if other, taken := first[shape]; taken {
			clashes = append(clashes, clash{
				route: i, other: other, text: fmt.Sprintf("%s %s and ", o.Method, o.Path),
				after: " look the same to a router, so that only one of them can be reached: remove or rename the other",
			})
			continue
		}
		first[shape] = &routes[i]
	}
	return clashes
}

// wildcards reports paths that are text to OpenAPI and a wildcard to the router, which would answer for paths that
// the document does not have, or has elsewhere.
func (r Router) wildcards(routes []Route) []clash {
	var clashes []clash
	for i, o := range routes {
		literal := parameter.ReplaceAllString(o.Path, "")
		if at := strings.IndexAny(literal, r.special); at >= 0 {
			clashes = append(clashes, clash{route: i, text: fmt.Sprintf("%q in %s is not plain text in patterns of %s: rename the path, or generate another server (std-http-server, gorilla-server)",
				literal[at], o.Path, r.name)})
		}
	}
	return clashes
}

// adjacent warns of parameters that no router can tell apart. Their operation is reached, with values that the
// caller did not mean.
func (r Router) adjacent(routes []Route) []clash {
	var clashes []clash
	for i, o := range routes {
		if strings.Contains(o.Path, "}{") {
			clashes = append(clashes, clash{route: i, warning: true, text: fmt.Sprintf("%s cannot tell where one parameter of %s ends and the next one begins: put text between them", r.name, o.Path)})
		}
	}
	return clashes
}

// samePlace reports routes that lie where an earlier one of their method lies, for routers that keep their routes in
// a tree and the later of two at one place.
func (r Router) samePlace(routes []Route, place func(i int) string) []clash {
	var clashes []clash
	first := map[string]*Route{}
	for i, o := range routes {
		key := o.Method + " " + place(i)
		if other, taken := first[key]; taken {
			clashes = append(clashes, clash{
				route: i, other: other, text: fmt.Sprintf("%s has one place for %s %s and ", r.name, o.Method, o.Path),
				after: ", and would answer both with one of them: rename one of the paths",
			})
			continue
		}
		first[key] = &routes[i]
	}
	return clashes
}

// unread is the first parameter of a path that the router does not know by its name.
func unread(parameters, known []string) string {
	for _, name := range parameters {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}

// unbound warns of a parameter that the generated server asks the router for in vain. Nobody gets past a guard by
// it, but no request can be served either.
func (r Router) unbound(i int, route Route, name string) clash {
	return clash{route: i, warning: true, text: fmt.Sprintf("%s does not find the parameter %s of %s in its pattern %q, which takes a whole path segment as one parameter: the server refuses every request with 400, unless it gets the parameter by other means",
		r.name, name, route.Path, route.Pattern)}
}

// expressions reports parameters with a part that chi and gorilla would read as a regular expression.
func (r Router) expressions(routes []Route) []clash {
	var clashes []clash
	for i, o := range routes {
		for _, name := range o.Parameters {
			if strings.Contains(name, ":") {
				clashes = append(clashes, clash{route: i, text: fmt.Sprintf("%s reads the text behind the colon in the parameter %s of %s as a regular expression: rename the parameter", r.name, name, o.Path)})
			}
		}
	}
	return clashes
}

// Gorilla and fiber try their routes in the order of registration, which is the document's. There an operation is
// out of reach when an earlier one takes its requests.

// A matcher reports whether a pattern takes a request's path.
type matcher func(path string) bool

// sampleValue stands for any value of a parameter: no path of a document holds it as text, so that only
// parameters match it.
const sampleValue = "\x01\x01"

// samplePath is the path of a request for an operation.
func samplePath(r Route) string { return parameter.ReplaceAllString(r.Path, sampleValue) }

// firstMatch finds the route that answers a request, among the first n+1 routes that serve its method.
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

// commonMethods are the HTTP methods for which every router with functions of its own has one.
func commonMethods() []string {
	return []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
}

// CheckMethods reports operations whose method oapi-codegen cannot register: it writes a call named after the method,
// whether the router has one or not. Only the document counts, because the server file is not even Go for some
// methods, and registers something else for others (ALL, USE).
func (r Router) CheckMethods(operations []Operation) diag.List {
	var diags diag.List
	for _, o := range operations {
		if reason := r.refuses(o.Method); reason != "" {
			diags.Report(o.Position, ruleMethod, "%s cannot serve %s %s: %s", r.name, o.Method, o.Path, reason)
		}
	}
	return diags
}

// refuses says why the framework's server cannot have operations of a method, or nothing.
func (r Router) refuses(method string) string {
	const others = "generate another server (std-http-server)"
	switch {
	case len(r.methods) > 0 && slices.Contains(r.methods, method):
		return ""
	case len(r.methods) > 0:
		return "oapi-codegen can register " + strings.Join(r.methods, ", ") + " here, and nothing else: leave the operation out (output-options: exclude-operation-ids), or " + others
	case !isToken(method):
		return "it is not an HTTP method (RFC 9110 section 9.1): rename it"
	case r.upperCase && method != strings.ToUpper(method):
		return "gorilla takes methods in upper case only: write " + strings.ToUpper(method) + " or " + others
	}
	return ""
}

// isToken reports whether a string is a token of HTTP (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		alphanumeric := 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
		return !alphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
