package generator

import (
	"fmt"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/server"
)

// echoClashes simulates echo, whose parameters reach to the end of the segment: {id}.json is one parameter, with
// the name "id.json".
func echoClashes(framework server.Framework, routes []route) []clash {
	parsed := make([]echoPattern, len(routes))
	for i, r := range routes {
		parsed[i] = parseEcho(framework, r.pattern)
	}
	found := samePlace(string(framework), routes, func(i int) string { return parsed[i].place })
	if framework == server.Echo {
		found = append(found, echoColons(routes, parsed)...)
	}
	for i, r := range routes {
		if name := unread(r.pair.operation.PathParameters, parsed[i].names); name != "" {
			found = append(found, unbound(framework, i, r, name))
		}
	}
	return found
}

// echoPattern is a pattern of echo.
type echoPattern struct {
	// place is the pattern without the names of parameters, with \: for a colon that is text.
	place string
	names []string
}

// parseEcho reads a pattern. Echo v5 lets a name end at an escaped colon as well, if only text follows in the
// segment; v4 takes that for a part of the name.
func parseEcho(framework server.Framework, pattern string) echoPattern {
	var p echoPattern
	for pattern != "" {
		switch {
		case strings.HasPrefix(pattern, `\:`):
			p.place, pattern = p.place+`\:`, pattern[2:]
		case pattern[0] == ':':
			name, _, _ := strings.Cut(pattern[1:], "/")
			if plain, verb, ok := strings.Cut(name, `\:`); ok && framework == server.Echo5 && !strings.Contains(plain+strings.ReplaceAll(verb, `\:`, ""), ":") {
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
func echoColons(routes []route, parsed []echoPattern) []clash {
	texts, parameters := map[string]*route{}, map[string]*route{}
	var found []clash
	for i := range routes {
		other := noteColons(&routes[i], parsed[i].place, texts, parameters)
		if other == nil {
			continue
		}
		o := routes[i].pair.operation
		found = append(found, clash{route: i, other: other,
			text:  fmt.Sprintf("echo v4 cannot tell %s %s from ", o.Method, o.Path),
			after: ", because one has a colon where the other has a parameter: rename one of the paths, or generate echo5-server"})
	}
	return found
}

// noteColons remembers what stands before each colon of a route, and finds a route that has the other kind there.
func noteColons(r *route, place string, texts, parameters map[string]*route) *route {
	var before strings.Builder
	var other *route
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
