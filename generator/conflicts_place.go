package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/server"
)

// Routers that keep routes in a tree: chi, echo and iris. They prefer text to parameters whatever the order,
// and a route is lost only to one that lies at the same place of the tree.

// samePlace reports every route that lies where an earlier one of its method lies: routers keep the later.
func samePlace(router string, routes []route, place func(i int) string) []clash {
	var found []clash
	seen := map[string]*route{}
	for i := range routes {
		o := routes[i].pair.operation
		key := o.Method + " " + place(i)
		if other, ok := seen[key]; ok {
			found = append(found, clash{route: i, other: other,
				text:  fmt.Sprintf("%s has one place for %s %s and ", router, o.Method, o.Path),
				after: ", and would answer both with one of them: rename one of the paths"})
			continue
		}
		seen[key] = &routes[i]
	}
	return found
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

// unbound warns of a parameter that the generated server asks the router for in vain. Nobody gets past a guard
// by it, but no request can be served either.
func unbound(framework server.Framework, i int, r route, name string) clash {
	return clash{route: i, warning: true, text: fmt.Sprintf("%s does not find the parameter %s of %s in its pattern %q, which takes a whole path segment as one parameter: the server refuses every request with 400, unless it gets the parameter by other means",
		framework, name, r.pair.operation.Path, r.pattern)}
}

// chiClashes simulates chi, which can have several parameters in a segment, but none twice in a path.
func chiClashes(routes []route) []clash {
	found := expressions(server.Chi, routes)
	for i, r := range routes {
		o := r.pair.operation
		for at, name := range o.PathParameters {
			if slices.Contains(o.PathParameters[:at], name) {
				found = append(found, clash{route: i, text: fmt.Sprintf("chi panics at start-up, because the parameter %s stands twice in %s: rename one of them", name, o.Path)})
			}
		}
	}
	return found
}

// expressions reports parameters of which chi and gorilla would take a part for a regular expression.
func expressions(framework server.Framework, routes []route) []clash {
	var found []clash
	for i, r := range routes {
		for _, name := range r.pair.operation.PathParameters {
			if strings.Contains(name, ":") {
				found = append(found, clash{route: i, text: fmt.Sprintf("%s takes what follows the colon in the parameter %s of %s for a regular expression: rename the parameter", framework, name, r.pair.operation.Path)})
			}
		}
	}
	return found
}

// irisClashes simulates iris, where a parameter is a whole segment. In other places it would be text, and what
// follows it in its segment is part of its name. oapi-codegen does not escape colons here.
func irisClashes(routes []route) []clash {
	found := samePlace("iris", routes, func(i int) string {
		place, _ := irisPlace(routes[i].pattern)
		return place
	})
	for i, r := range routes {
		o := r.pair.operation
		for _, segment := range strings.Split(o.Path, "/") {
			switch {
			case strings.HasPrefix(segment, ":") && len(segment) > 1:
				found = append(found, clash{route: i, text: fmt.Sprintf("iris takes %q in %s for a parameter: rename the path", segment, o.Path)})
			case strings.Index(segment, "{") > 0:
				found = append(found, clash{route: i, text: fmt.Sprintf("iris never reaches %s %s, because parameters are whole path segments to it and %q would be text: rename the path", o.Method, o.Path, segment)})
			}
		}
		_, names := irisPlace(r.pattern)
		if name := unread(o.PathParameters, names); name != "" {
			found = append(found, unbound(server.Iris, i, r, name))
		}
	}
	return found
}

// irisPlace is a pattern with : for every parameter, and the parameters' names. Iris drops a slash at the end.
func irisPlace(pattern string) (place string, names []string) {
	segments := strings.Split(strings.TrimSuffix(pattern, "/"), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, ":") && len(segment) > 1 {
			names = append(names, segment[1:])
			segments[i] = ":"
		}
	}
	return strings.Join(segments, "/"), names
}
