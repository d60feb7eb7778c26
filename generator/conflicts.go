package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/server"
)

// A clash is a route that the router would not serve as the document says. Routers are not asked, because the
// generator imports none but net/http's: what each one does with patterns is simulated, as far as patterns of
// oapi-codegen go.
type clash struct {
	// route is the place of the route among all, in the order in which they are registered.
	route int
	// other is the route that stands in the way, or nil.
	other *route
	// text and after are the message: what happens and what helps. The other operation, if any, is named
	// between them.
	text, after string
	// warning is set where the router serves the operation, under the right guard, although not quite as the
	// document says: the application may configure the router otherwise, or read the parameter by itself.
	warning bool
}

// refuseConflicts reports what the framework's router cannot register, cannot reach, or would answer with
// another operation.
func refuseConflicts(framework server.Framework, j *joined, diags *diag.List) {
	if framework == server.StdHTTP {
		refusePatternConflicts(j, diags)
		return
	}
	reported := refuseSameShape(j, diags)
	for _, c := range clashes(framework, j.routes) {
		o := j.routes[c.route].pair.operation
		if reported[o] {
			continue
		}
		reported[o] = true
		report, text := diags.Errorf, c.text
		if c.warning {
			report = diags.Warnf
		}
		if c.other != nil {
			text += where(c.other.pair.operation) + c.after
		}
		report(o.Position, ruleConflict, "%s", text)
	}
}

// where names an operation with its position, for a message about another one.
func where(o *policy.Operation) string {
	return fmt.Sprintf("%s %s (%s)", o.Method, o.Path, o.Position)
}

// clashes asks the simulation of a framework's router. A route has at most one clash, the worst first.
func clashes(framework server.Framework, routes []route) []clash {
	found := append(specialCharacters(framework, routes), adjacent(framework, routes)...)
	switch framework {
	case server.StdHTTP:
	case server.Chi:
		found = append(found, chiClashes(routes)...)
	case server.Gorilla:
		found = append(found, gorillaClashes(routes)...)
	case server.Echo, server.Echo5:
		found = append(found, echoClashes(framework, routes)...)
	case server.Gin:
		found = append(found, ginClashes(routes)...)
	case server.Fiber, server.Fiber3:
		found = append(found, fiberClashes(framework, routes)...)
	case server.Iris:
		found = append(found, irisClashes(routes)...)
	}
	slices.SortStableFunc(found, func(a, b clash) int {
		if a.warning != b.warning && a.route == b.route {
			if a.warning {
				return 1
			}
			return -1
		}
		return a.route - b.route
	})
	return slices.CompactFunc(found, func(a, b clash) bool { return a.route == b.route })
}

// refuseSameShape reports paths that differ in the names of their parameters only: the router has one
// place for both, and the guard of one of them would never be asked.
func refuseSameShape(j *joined, diags *diag.List) map[*policy.Operation]bool {
	seen, reported := map[string]*policy.Operation{}, map[*policy.Operation]bool{}
	for _, r := range j.routes {
		o := r.pair.operation
		shape := o.Method + " " + parameter.ReplaceAllString(o.Path, "{}")
		if other, ok := seen[shape]; ok {
			reported[o] = true
			diags.Errorf(o.Position, ruleConflict, "%s %s and %s are the same to a router: only one of them can be reached, remove or rename the other",
				o.Method, o.Path, where(other))
			continue
		}
		seen[shape] = o
	}
	return reported
}

// special are the characters that mean something in a router's patterns and that oapi-codegen does not escape.
func special(framework server.Framework) string {
	switch framework {
	case server.Chi, server.Iris:
		return "*"
	case server.Echo, server.Echo5, server.Gin:
		return `*\`
	case server.Fiber, server.Fiber3:
		return `*+?<\`
	}
	return ""
}

// specialCharacters reports paths that are text to OpenAPI and a wildcard to the router, which would answer for
// paths that the document does not have, or has elsewhere.
func specialCharacters(framework server.Framework, routes []route) []clash {
	var found []clash
	for i, r := range routes {
		path := r.pair.operation.Path
		literal := parameter.ReplaceAllString(path, "")
		if at := strings.IndexAny(literal, special(framework)); at >= 0 {
			found = append(found, clash{route: i, text: fmt.Sprintf("%q in %s is no text to %s, but part of its language of patterns: rename the path, or generate another server (std-http-server, gorilla-server)",
				literal[at], path, framework)})
		}
	}
	return found
}

// adjacent warns of parameters that no router can tell apart. Their operation is reached, with values that the
// caller did not mean.
func adjacent(framework server.Framework, routes []route) []clash {
	var found []clash
	for i, r := range routes {
		if path := r.pair.operation.Path; strings.Contains(path, "}{") {
			found = append(found, clash{route: i, warning: true, text: fmt.Sprintf("%s cannot tell where one parameter of %s ends and the next one begins: put text between them", framework, path)})
		}
	}
	return found
}
