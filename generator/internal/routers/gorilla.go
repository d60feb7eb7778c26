package routers

import (
	"regexp"
	"slices"
	"strings"
)

// Gorilla is mux: a route is one regular expression, and the first that matches answers.
func Gorilla() Router { return Router{name: "gorilla", upperCase: true, simulate: gorillaClashes} }

func gorillaClashes(r Router, routes []Route) []clash {
	clashes := slices.Concat(r.common(routes), r.expressions(routes))
	matchers := make([]matcher, len(routes))
	for i, o := range routes {
		matchers[i] = gorillaMatcher(o.Pattern)
		sameMethod := func(other Route) bool { return other.Method == o.Method }
		by := firstMatch(routes, matchers, i, samplePath(o), sameMethod)
		if by != nil && by != &routes[i] {
			clashes = append(clashes, clash{route: i, other: by, text: answers(r.name, o), after: moveUp})
		}
	}
	return clashes
}

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
		return nil // the pattern is not UTF-8, which no document's is
	}
	return compiled.MatchString
}
