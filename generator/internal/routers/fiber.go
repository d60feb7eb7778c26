package routers

import (
	"fmt"
	"strings"
)

// Fiber is version 2, which tries routes in order and whose Get also takes HEAD.
func Fiber() Router { return fiberRouter("fiber", true) }

// Fiber3 is version 3.
func Fiber3() Router { return fiberRouter("fiber3", false) }

func fiberRouter(name string, getTakesHead bool) Router {
	return Router{name: name, methods: append(commonMethods(), "CONNECT", "TRACE"), special: `*+?<\`, simulate: func(r Router, routes []Route) []clash {
		return fiberClashes(r, routes, getTakesHead)
	}}
}

// fiberTable has the patterns that fiber compares requests with. Unless told otherwise, fiber takes upper case for lower case
// and a slash at the end for none: folded is its view by default, exact the one with CaseSensitive and
// StrictRouting.
type fiberTable struct {
	Router
	getTakesHead  bool
	routes        []Route
	exact, folded []matcher
}

func fiberClashes(r Router, routes []Route, getTakesHead bool) []clash {
	table := fiberTable{Router: r, getTakesHead: getTakesHead, routes: routes}
	clashes := r.common(routes)
	for i, o := range routes {
		table.exact = append(table.exact, parseFiber(o.Pattern).match)
		table.folded = append(table.folded, parseFiber(foldFiber(o.Pattern)).match)
		if c := table.clash(i); c != nil {
			clashes = append(clashes, *c)
		}
	}
	return clashes
}

// clash looks at a route and those before it. A clash that fiber's configuration can prevent is a warning:
// the operation that answers does so under its own guard.
func (t fiberTable) clash(i int) *clash {
	r := &t.routes[i]
	path := samplePath(*r)
	if !t.exact[i](path) {
		return &clash{route: i, text: fmt.Sprintf("%s never reaches %s %s with its pattern %q, where the name of a parameter ends at a dash or a dot: rename the parameter", t.name, r.Method, r.Path, r.Pattern)}
	}
	by := firstMatch(t.routes, t.exact, i, path, t.serves(r.Method))
	switch {
	case by != r && by.Method != r.Method:
		return &clash{route: i, other: by, text: answers("fiber v2", *r), after: ", because its Get also takes HEAD: remove this operation, or generate fiber-v3-server"}
	case by != r:
		return &clash{route: i, other: by, text: answers(t.name, *r), after: moveUp}
	}
	if by := firstMatch(t.routes, t.folded, i, foldFiber(path), t.serves(r.Method)); by != r {
		return &clash{
			route: i, other: by, warning: true,
			text: answers(t.name, *r), after: ", unless fiber.Config sets CaseSensitive and StrictRouting",
		}
	}
	if name := unread(r.Parameters, parseFiber(r.Pattern).names()); name != "" {
		c := t.unbound(i, *r, name)
		return &c
	}
	return nil
}

// serves says which routes take requests of a method.
func (t fiberTable) serves(method string) func(Route) bool {
	return func(r Route) bool {
		return r.Method == method || t.getTakesHead && method == "HEAD" && r.Method == "GET"
	}
}

// foldFiber is a path or a pattern as fiber compares it by default.
func foldFiber(path string) string {
	folded := strings.TrimRight(strings.Map(lowerASCII, path), "/")
	if folded == "" {
		return "/"
	}
	return folded
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// fiberPattern is a pattern of fiber: text and parameters in turn. Wildcards, optional parameters and
// constraints are refused before (see special).
type fiberPattern []fiberPart

type fiberPart struct {
	// text is literal text, empty for a parameter.
	text, name string
	// until is the text that follows next, without a slash at its end: a parameter ends where it begins.
	until string
	// single is set for a parameter right before another one: it takes one byte.
	single bool
}

// parseFiber reads a pattern. A parameter's name ends before any of /-.:\ and a backslash makes the next
// character text.
func parseFiber(pattern string) fiberPattern {
	var parts fiberPattern
	for pattern != "" {
		var part fiberPart
		if pattern[0] == ':' {
			end := 1 + strings.IndexAny(pattern[1:]+"/", `/-.:\`)
			part.name, pattern = pattern[1:end], pattern[end:]
		} else {
			part.text, pattern = fiberText(pattern)
		}
		parts = append(parts, part)
	}
	until := ""
	for i := len(parts) - 1; i >= 0; i-- {
		parts[i].until = until
		parts[i].single = parts[i].text == "" && i+1 < len(parts) && parts[i+1].text == ""
		until = nextUntil(parts[i], until)
	}
	return parts
}

func nextUntil(part fiberPart, until string) string {
	switch part.text {
	case "":
		return until
	case "/":
		return "/"
	}
	return strings.TrimRight(part.text, "/")
}

// fiberText cuts the text before the first parameter off a pattern.
func fiberText(pattern string) (text, rest string) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
			b.WriteByte(pattern[i])
		case pattern[i] == ':':
			return b.String(), pattern[i:]
		default:
			b.WriteByte(pattern[i])
		}
	}
	return b.String(), ""
}

func (p fiberPattern) names() []string {
	var names []string
	for _, part := range p {
		if part.text == "" {
			names = append(names, part.name)
		}
	}
	return names
}

// match reports whether the pattern takes a path. Like fiber it never goes back: a parameter ends at the first
// place where the text behind it stands.
func (p fiberPattern) match(path string) bool {
	for i, part := range p {
		last := i == len(p)-1
		length := len(part.text)
		switch {
		case part.text == "":
			if length = part.length(path, last); length == 0 {
				return false
			}
		case last && len(p) > 1 && strings.HasSuffix(part.text, "/") && path == part.text[:length-1]:
			return true // a slash at the end of a pattern with parameters may be left out
		case !strings.HasPrefix(path, part.text):
			return false
		}
		path = path[length:]
	}
	return path == ""
}

// length is the number of bytes that a parameter takes, 0 if it cannot match.
func (part fiberPart) length(path string, last bool) int {
	until := part.until
	if last {
		until = "/"
	}
	if part.single && path != "" {
		return 1
	}
	at := strings.Index(path, until)
	switch {
	case at < 0:
		return len(path)
	case len(until) > 1 && strings.Contains(path[:at], "/"):
		return 0
	}
	return at
}
