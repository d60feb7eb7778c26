package generator

import (
	"fmt"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/server"
)

// fiberTable is what fiber compares requests with. Unless told otherwise, fiber takes upper case for lower case
// and a slash at the end for none: folded is its view by default, exact the one with CaseSensitive and
// StrictRouting.
type fiberTable struct {
	framework     server.Framework
	routes        []route
	exact, folded []matcher
}

// fiberClashes simulates fiber.
func fiberClashes(framework server.Framework, routes []route) []clash {
	table := fiberTable{framework: framework, routes: routes}
	var found []clash
	for i, r := range routes {
		table.exact = append(table.exact, parseFiber(r.pattern).match)
		table.folded = append(table.folded, parseFiber(foldFiber(r.pattern)).match)
		if c := table.clash(i); c != nil {
			found = append(found, *c)
		}
	}
	return found
}

// clash looks at a route and those before it. What fiber's configuration can put right is a warning: the
// operation that answers does so under its own guard.
func (t fiberTable) clash(i int) *clash {
	r := &t.routes[i]
	o, path := r.pair.operation, sample(*r)
	if !t.exact[i](path) {
		return &clash{route: i, text: fmt.Sprintf("%s never reaches %s %s with its pattern %q, where the name of a parameter ends at a dash or a dot: rename the parameter", t.framework, o.Method, o.Path, r.pattern)}
	}
	by := firstMatch(t.routes, t.exact, i, path, t.serves(o.Method))
	switch {
	case by != r && by.pair.operation.Method != o.Method:
		return &clash{route: i, other: by, text: answers("fiber v2", *r), after: ", because its Get also takes HEAD: remove this operation, or generate fiber-v3-server"}
	case by != r:
		return &clash{route: i, other: by, text: answers(string(t.framework), *r), after: moveUp}
	}
	if by := firstMatch(t.routes, t.folded, i, foldFiber(path), t.serves(o.Method)); by != r {
		return &clash{
			route: i, other: by, warning: true,
			text: answers(string(t.framework), *r), after: ", unless fiber.Config sets CaseSensitive and StrictRouting",
		}
	}
	if name := unread(o.PathParameters, parseFiber(r.pattern).names()); name != "" {
		c := unbound(t.framework, i, *r, name)
		return &c
	}
	return nil
}

// serves says which routes take requests of a method. Get of fiber v2 registers HEAD as well.
func (t fiberTable) serves(method string) func(route) bool {
	return func(r route) bool {
		own := r.pair.operation.Method
		return own == method || t.framework == server.Fiber && method == "HEAD" && own == "GET"
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
