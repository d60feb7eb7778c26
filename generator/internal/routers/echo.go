package routers

import (
	"fmt"
	"slices"
	"strings"
)

// Echo is version 4, which keeps routes in a tree. Parameters reach to the end of the segment: {id}.json is one
// parameter, with the name "id.json".
func Echo() Router {
	return Router{name: "echo", methods: append(commonMethods(), "CONNECT", "TRACE"), special: `*\`, simulate: func(r Router, routes []Route) []clash {
		parsed := parseEchoRoutes(routes, false)
		return slices.Concat(r.echoClashes(routes, parsed), echoColons(routes, parsed))
	}}
}

// Echo5 is version 5, which keeps escaped colons apart from parameters.
func Echo5() Router {
	return Router{name: "echo5", methods: append(commonMethods(), "CONNECT", "TRACE"), special: `*\`, simulate: func(r Router, routes []Route) []clash {
		return r.echoClashes(routes, parseEchoRoutes(routes, true))
	}}
}

func (r Router) echoClashes(routes []Route, parsed []echoPattern) []clash {
	clashes := slices.Concat(r.common(routes), r.samePlace(routes, func(i int) string { return parsed[i].place }))
	for i, o := range routes {
		if name := unread(o.Parameters, parsed[i].names); name != "" {
			clashes = append(clashes, r.unbound(i, o, name))
		}
	}
	return clashes
}

func parseEchoRoutes(routes []Route, verbs bool) []echoPattern {
	parsed := make([]echoPattern, len(routes))
	for i, r := range routes {
		parsed[i] = parseEcho(r.Pattern, verbs)
	}
	return parsed
}

// echoPattern is a pattern of echo.
type echoPattern struct {
	// place is the pattern without the names of parameters, with \: for a colon that is text.
	place string
	names []string
}

// parseEcho reads a pattern. With verbs (echo v5) a name also ends at an escaped colon if only text follows in the
// segment; without them (v4) that is a part of the name.
func parseEcho(pattern string, verbs bool) echoPattern {
	var p echoPattern
	for pattern != "" {
		switch {
		case strings.HasPrefix(pattern, `\:`):
			p.place, pattern = p.place+`\:`, pattern[2:]
		case pattern[0] == ':':
			name, _, _ := strings.Cut(pattern[1:], "/")
			if plain, verb, ok := strings.Cut(name, `\:`); ok && verbs && !strings.Contains(plain+strings.ReplaceAll(verb, `\:`, ""), ":") {
				name = plain
			}
			p.place, p.names, pattern = p.place+":", append(p.names, name), pattern[1+len(name):]
		default:
			p.place, pattern = p.place+pattern[:1], pattern[1:]
		}
	}
	return p
}

// echoColons reports colons that are text where another route has a parameter: echo v4 mixes the two up in its
// tree, which all methods share, and answers one with the other or panics when it is asked.
func echoColons(routes []Route, parsed []echoPattern) []clash {
	texts, parameters := map[string]*Route{}, map[string]*Route{}
	var clashes []clash
	for i := range routes {
		other := noteColons(&routes[i], parsed[i].place, texts, parameters)
		if other == nil {
			continue
		}
		o := routes[i]
		clashes = append(clashes, clash{route: i, other: other,
			text:  fmt.Sprintf("echo v4 cannot tell %s %s from ", o.Method, o.Path),
			after: ", because one has a colon where the other has a parameter: rename one of the paths, or generate echo5-server"})
	}
	return clashes
}

// noteColons remembers the text before each colon of a route, and finds a route that has the other kind there.
func noteColons(r *Route, place string, texts, parameters map[string]*Route) *Route {
	var before strings.Builder
	var other *Route
	for i := 0; i < len(place); i++ {
		if place[i] == '\\' {
			continue
		}
		if place[i] == ':' {
			own, others := parameters, texts
			if i > 0 && place[i-1] == '\\' {
				own, others = texts, parameters
			}
			if own[before.String()] == nil {
				own[before.String()] = r
			}
			if other == nil {
				other = others[before.String()]
			}
		}
		before.WriteByte(place[i])
	}
	return other
}
