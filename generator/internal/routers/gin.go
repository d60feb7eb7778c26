package routers

import (
	"fmt"
	"strings"
)

// Gin keeps routes in a tree. A parameter reaches to the end of its segment, with no other behind it, and its name
// belongs to the place: two routes with the same text before a parameter must call it the same.
func Gin() Router {
	return Router{name: "gin", methods: commonMethods(), special: `*\`, simulate: ginClashes}
}

func ginClashes(r Router, routes []Route) []clash {
	clashes := r.common(routes)
	taken := map[string]ginPlace{}
	for i := range routes {
		parameters := ginParameters(routes[i].Pattern)
		c := r.ginClash(i, routes[i], parameters)
		if c == nil || c.warning {
			if renamed := takeGin(taken, i, &routes[i], parameters); renamed != nil {
				c = renamed
			}
		}
		if c != nil {
			clashes = append(clashes, *c)
		}
	}
	return clashes
}

// ginParameter is a parameter of a pattern, with the pattern before it.
type ginParameter struct{ before, name string }

// ginPlace is a place in gin's tree that has a parameter, and the route that put it there.
type ginPlace struct {
	name  string
	route *Route
}

func ginParameters(pattern string) []ginParameter {
	var parameters []ginParameter
	for i := 0; i < len(pattern); i++ {
		switch {
		case strings.HasPrefix(pattern[i:], `\:`):
			i++
		case pattern[i] == ':':
			name, _, _ := strings.Cut(pattern[i+1:], "/")
			parameters = append(parameters, ginParameter{pattern[:i], name})
			i += len(name)
		}
	}
	return parameters
}

// ginClash looks at one route by itself.
func (r Router) ginClash(i int, route Route, parameters []ginParameter) *clash {
	var names []string
	for _, p := range parameters {
		if strings.Contains(p.name, ":") {
			return &clash{route: i, text: fmt.Sprintf("gin cannot route %s (pattern %q) and panics at start-up, because a colon follows a parameter in its segment: rename the path, or generate another server (chi-server, gorilla-server)", route.Path, route.Pattern)}
		}
		names = append(names, p.name)
	}
	if name := unread(route.Parameters, names); name != "" {
		c := r.unbound(i, route, name)
		return &c
	}
	return nil
}

// takeGin puts a route's parameters in their places, unless one of these has another name there.
func takeGin(taken map[string]ginPlace, i int, r *Route, parameters []ginParameter) *clash {
	for _, p := range parameters {
		if other, ok := taken[r.Method+" "+p.before]; ok && other.name != p.name {
			return &clash{
				route: i, other: other.route,
				text:  fmt.Sprintf("gin panics at start-up, because %s %s has the parameter %q where %q stands in ", r.Method, r.Path, p.name, other.name),
				after: ": give both the same name",
			}
		}
	}
	for _, p := range parameters {
		if _, ok := taken[r.Method+" "+p.before]; !ok {
			taken[r.Method+" "+p.before] = ginPlace{p.name, r}
		}
	}
	return nil
}
