package generator

import (
	"fmt"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/server"
)

// ginClashes simulates gin. A parameter reaches to the end of its segment, with no other behind it, and its
// name belongs to the place: two routes with the same text before a parameter must call it the same.
func ginClashes(routes []route) []clash {
	var found []clash
	taken := map[string]ginPlace{}
	for i := range routes {
		r := &routes[i]
		parameters := ginParameters(r.pattern)
		c := ginClash(i, *r, parameters)
		if c == nil || c.warning {
			if renamed := takeGin(taken, i, r, parameters); renamed != nil {
				c = renamed
			}
		}
		if c != nil {
			found = append(found, *c)
		}
	}
	return found
}

// ginParameter is a parameter of a pattern, with the pattern before it.
type ginParameter struct{ before, name string }

// ginPlace is a place in gin's tree that has a parameter, and the route that put it there.
type ginPlace struct {
	name  string
	route *route
}

func ginParameters(pattern string) []ginParameter {
	var found []ginParameter
	for i := 0; i < len(pattern); i++ {
		switch {
		case strings.HasPrefix(pattern[i:], `\:`):
			i++
		case pattern[i] == ':':
			name, _, _ := strings.Cut(pattern[i+1:], "/")
			found = append(found, ginParameter{pattern[:i], name})
			i += len(name)
		}
	}
	return found
}

// ginClash looks at one route by itself.
func ginClash(i int, r route, parameters []ginParameter) *clash {
	var names []string
	for _, p := range parameters {
		if strings.Contains(p.name, ":") {
			return &clash{route: i, text: fmt.Sprintf("gin cannot route %s (pattern %q) and panics at start-up, because a colon follows a parameter in its segment: rename the path, or generate another server (chi-server, gorilla-server)", r.pair.operation.Path, r.pattern)}
		}
		names = append(names, p.name)
	}
	if name := unread(r.pair.operation.PathParameters, names); name != "" {
		c := unbound(server.Gin, i, r, name)
		return &c
	}
	return nil
}

// takeGin puts a route's parameters in their places, unless one of these has another name there.
func takeGin(taken map[string]ginPlace, i int, r *route, parameters []ginParameter) *clash {
	o := r.pair.operation
	for _, p := range parameters {
		if other, ok := taken[o.Method+" "+p.before]; ok && other.name != p.name {
			return &clash{
				route: i, other: other.route,
				text:  fmt.Sprintf("gin panics at start-up, because %s %s has the parameter %q where %q stands in ", o.Method, o.Path, p.name, other.name),
				after: ": give both the same name",
			}
		}
	}
	for _, p := range parameters {
		if _, ok := taken[o.Method+" "+p.before]; !ok {
			taken[o.Method+" "+p.before] = ginPlace{p.name, r}
		}
	}
	return nil
}
