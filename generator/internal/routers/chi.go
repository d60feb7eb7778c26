package routers

import (
	"fmt"
	"slices"
)

// Chi keeps routes in a tree and prefers text to parameters, whatever the order. It can have several parameters in a
// segment, but none twice in a path.
func Chi() Router {
	return Router{name: "chi", methods: append(commonMethods(), "CONNECT", "TRACE", "QUERY"), special: "*", simulate: chiClashes}
}

func chiClashes(r Router, routes []Route) []clash {
	clashes := slices.Concat(r.common(routes), r.expressions(routes))
	for i, o := range routes {
		for at, name := range o.Parameters {
			if slices.Contains(o.Parameters[:at], name) {
				clashes = append(clashes, clash{route: i, text: fmt.Sprintf("chi panics at start-up, because the parameter %s occurs twice in %s: rename one of them", name, o.Path)})
			}
		}
	}
	return clashes
}
