package routers

import (
	"fmt"
	"slices"
	"strings"
)

// Iris keeps routes in a tree, where a parameter is a whole segment. In other places it would be text, and the text
// behind it in its segment is part of its name. oapi-codegen does not escape colons here.
func Iris() Router {
	return Router{name: "iris", methods: append(commonMethods(), "CONNECT", "TRACE"), special: "*", simulate: irisClashes}
}

func irisClashes(r Router, routes []Route) []clash {
	clashes := slices.Concat(r.common(routes), r.samePlace(routes, func(i int) string {
		place, _ := irisPlace(routes[i].Pattern)
		return place
	}))
	for i, o := range routes {
		for _, segment := range strings.Split(o.Path, "/") {
			switch {
			case strings.HasPrefix(segment, ":") && len(segment) > 1:
				clashes = append(clashes, clash{route: i, text: fmt.Sprintf("iris takes %q in %s for a parameter: rename the path", segment, o.Path)})
			case strings.Index(segment, "{") > 0:
				clashes = append(clashes, clash{route: i, text: fmt.Sprintf("iris never reaches %s %s, because parameters are whole path segments to it and %q would be text: rename the path", o.Method, o.Path, segment)})
			}
		}
		_, names := irisPlace(o.Pattern)
		if name := unread(o.Parameters, names); name != "" {
			clashes = append(clashes, r.unbound(i, o, name))
		}
	}
	return clashes
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
