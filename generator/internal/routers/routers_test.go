package routers_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
)

// document has operations written "GET /path", one a line, at the line's position.
func document(f framework.Framework, lines ...string) []routers.Route {
	var routes []routers.Route
	for i, line := range lines {
		method, path, _ := strings.Cut(line, " ")
		o := routers.Operation{Method: method, Path: path, Position: diag.Position{File: "d", Line: i + 1}}
		for _, match := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(path, -1) {
			o.Parameters = append(o.Parameters, match[1])
		}
		routes = append(routes, routers.Route{Operation: o, Pattern: f.Pattern(path)})
	}
	return routes
}

// answered are the frameworks that a document is a problem for, with the lines: "gin 2" is an error in line 2,
// "echo 1?" a warning in line 1.
func answered(lines []string) string {
	var found []string
	for _, f := range framework.All() {
		diags := f.Router().CheckRoutes(document(f, lines...))
		diags.Sort()
		for _, d := range diags {
			mark := ""
			if d.Severity == diag.Warning {
				mark = "?"
			}
			found = append(found, fmt.Sprintf("%s %d%s", f, d.Position.Line, mark))
		}
	}
	return strings.Join(found, ", ")
}

// TestConflicts has the behaviour of the real routers, at the versions of the oapi-codegen templates: each line
// was registered with them and asked for.
func TestConflicts(t *testing.T) {
	tests := []struct {
		name, document, want string
	}{
		{"plain", "GET /a|POST /a|GET /a/{id}|GET /a/{id}/b|GET /b/{id}", ""},
		{"text before a parameter", "GET /a/me|GET /a/{id}", ""},
		{"text after a parameter", "GET /a/{id}|GET /a/me", "gorilla 2, fiber 2, fiber3 2"},
		{"text after a parameter, other methods", "GET /a/{id}|POST /a/me", ""},
		{"one shape", "GET /a/{x}|GET /a/{y}", "std-http 2, chi 2, gorilla 2, echo 2, echo5 2, gin 2, fiber 2, fiber3 2, iris 2"},
		{"one shape, other methods", "GET /a/{x}|POST /a/{y}", ""},
		{"two names at a place", "GET /a/{x}|GET /a/{y}/b", "gin 2"},
		{"three names at a place", "GET /a/{x}|GET /a/{y}/b|GET /a/{y}/c", "gin 2, gin 3"},
		{"two names at a place, other methods", "GET /a/{x}|POST /a/{y}/b", ""},
		{"a name that begins like another", "GET /a/{x}|GET /a/{xy}/b", "gin 2"},
		{"ambiguous for net/http only", "GET /a/{x}/b|GET /a/c/{x}", "std-http 2"},
		{"a verb", "GET /a/{x}:undo", "std-http 1, echo 1?, gin 1, iris 1?"},
		{"a verb below a parameter", "POST /a/{x}|POST /a/{x}:undo", "std-http 2, gorilla 2, echo 2, gin 2, fiber 2, fiber3 2, iris 2"},
		{"a verb before a parameter", "POST /a/{x}:undo|POST /a/{x}", "std-http 1, echo 1?, echo 2, gin 1, iris 1?, iris 2"},
		{"two verbs", "POST /a/{x}:do|POST /a/{x}:undo", "std-http 1, std-http 2, echo 1?, echo 2, gin 1, gin 2, iris 1?, iris 2"},
		{"a verb with a parameter behind it", "GET /a/{x}:b{y}", "std-http 1, echo 1?, echo5 1?, gin 1, iris 1?"},
		{"verbs without parameters", "POST /a:do|POST /a:undo|POST /a", ""},
		{"a verb beside a prefix", "POST /a:do|POST /a{x}", "std-http 2, echo 2, iris 2"},
		{"a verb beside a prefix of another method", "POST /a:do|GET /a{x}", "std-http 2, echo 2, iris 2"},
		{"a format", "GET /a/{x}.json", "std-http 1, echo 1?, echo5 1?, gin 1?, iris 1?"},
		{"a format below a parameter", "GET /a/{x}|GET /a/{x}.json", "std-http 2, gorilla 2, echo 2, echo5 2, gin 2, fiber 2, fiber3 2, iris 2"},
		{"a range", "GET /a/{x}-{y}", "std-http 1, echo 1?, echo5 1?, gin 1, iris 1?"},
		{"nothing between parameters", "GET /a/{x}{y}", "std-http 1, chi 1?, gorilla 1?, echo 1?, echo5 1?, gin 1, fiber 1?, fiber3 1?, iris 1?"},
		{"a prefix", "GET /a{x}", "std-http 1, iris 1"},
		{"a dash in a name", "GET /a/{user-id}", "fiber 1, fiber3 1"},
		{"a dot in a name", "GET /a/{user.id}/b", "fiber 1, fiber3 1"},
		{"an underscore behind a parameter", "GET /a/{x}_b", "std-http 1, echo 1?, echo5 1?, gin 1?, fiber 1?, fiber3 1?, iris 1?"},
		{"a name twice", "GET /a/{x}/b/{x}", "std-http 1, chi 1"},
		{"HEAD beside GET", "GET /a|HEAD /a", "fiber 2"},
		{"HEAD before GET", "HEAD /a|GET /a", ""},
		{"HEAD and GET of others", "GET /a/{x}|HEAD /a/b", "fiber 2"},
		{"a slash at the end", "GET /a|GET /a/", "fiber 2?, fiber3 2?, iris 2"},
		{"a slash behind a parameter", "GET /a/{x}|GET /a/{x}/", "fiber 2?, fiber3 2?, iris 2"},
		{"a slash at the end first", "GET /a/{x}/|GET /a/{x}", "fiber 2, fiber3 2, iris 2"},
		{"one segment more", "GET /a/{x}/fixed|GET /a/{x}/{y}/fixed", ""},
		{"the root", "GET /|GET /{x}", ""},
		{"upper case", "GET /a|GET /A", "fiber 2?, fiber3 2?"},
		{"a star", "GET /a/*", "chi 1, echo 1, echo5 1, gin 1, fiber 1, fiber3 1, iris 1"},
		{"a plus", "GET /a/c++", "fiber 1, fiber3 1"},
		{"a colon at the beginning", "GET /a/:b", "iris 1"},
		{"a regular expression", "GET /a/{x:[0-9]+}", "chi 1, gorilla 1, echo 1?, echo5 1?, gin 1, fiber 1, fiber3 1"},
		{"percent", "GET /a/%d/{x}|GET /a/%d/{y}", "std-http 2, chi 2, gorilla 2, echo 2, echo5 2, gin 2, fiber 2, fiber3 2, iris 2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := answered(strings.Split(test.document, "|")); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestConflictMessages names both operations with their positions, and what helps.
func TestConflictMessages(t *testing.T) {
	tests := []struct {
		framework framework.Framework
		document  string
		want      string
	}{
		{framework.Gorilla, "GET /a/{id}|GET /a/me", "d:2: gorilla answers GET /a/me with GET /a/{id} (d:1), which the document has before it: move this path above that one, or rename one of them"},
		{framework.Fiber3, "GET /a/{id}|GET /a/me", "d:2: fiber3 answers GET /a/me with GET /a/{id} (d:1), which the document has before it: move this path above that one, or rename one of them"},
		{framework.Fiber, "GET /a|HEAD /a", "d:2: fiber v2 answers HEAD /a with GET /a (d:1), because its Get also takes HEAD: remove this operation, or generate fiber-v3-server"},
		{framework.Fiber, "GET /a|GET /A", "d:2: fiber answers GET /A with GET /a (d:1), unless fiber.Config sets CaseSensitive and StrictRouting"},
		{framework.Fiber, "GET /a/{user-id}", `d:1: fiber never reaches GET /a/{user-id} with its pattern "/a/:user-id", where the name of a parameter ends at a dash or a dot: rename the parameter`},
		{framework.Gin, "GET /a/{x}|GET /a/{y}/b", `d:2: gin panics at start-up, because GET /a/{y}/b has the parameter "y" where "x" stands in GET /a/{x} (d:1): give both the same name`},
		{framework.Gin, "GET /a/{x}:undo", `d:1: gin cannot route /a/{x}:undo (pattern "/a/:x\\:undo") and panics at start-up, because a colon follows a parameter in its segment: rename the path, or generate another server (chi-server, gorilla-server)`},
		{framework.Echo, "POST /a/{x}|POST /a/{x}:undo", "d:2: echo has one place for POST /a/{x}:undo and POST /a/{x} (d:1), and would answer both with one of them: rename one of the paths"},
		{framework.Echo, "POST /a:do|GET /a{x}", "d:2: echo v4 cannot tell GET /a{x} from POST /a:do (d:1), because one has a colon where the other has a parameter: rename one of the paths, or generate echo5-server"},
		{framework.Echo5, "GET /a/{x}.json", `d:1: echo5 does not find the parameter x of /a/{x}.json in its pattern "/a/:x.json", which takes a whole path segment as one parameter: the server refuses every request with 400, unless it gets the parameter by other means`},
		{framework.Iris, "GET /a{x}", `d:1: iris never reaches GET /a{x}, because parameters are whole path segments to it and "a{x}" would be text: rename the path`},
		{framework.Iris, "GET /a/:b", `d:1: iris takes ":b" in /a/:b for a parameter: rename the path`},
		{framework.Chi, "GET /a/{x}/b/{x}", "d:1: chi panics at start-up, because the parameter x occurs twice in /a/{x}/b/{x}: rename one of them"},
		{framework.Chi, "GET /a/{x:y}", "d:1: chi reads the text behind the colon in the parameter x:y of /a/{x:y} as a regular expression: rename the parameter"},
		{framework.Chi, "GET /a/{x}{y}", "d:1: chi cannot tell where one parameter of /a/{x}{y} ends and the next one begins: put text between them"},
		{framework.Chi, "GET /a/*", "d:1: '*' in /a/* is not plain text in patterns of chi: rename the path, or generate another server (std-http-server, gorilla-server)"},
		{framework.Chi, "GET /100%/{x}|GET /100%/{y}", "d:2: GET /100%/{y} and GET /100%/{x} (d:1) look the same to a router, so that only one of them can be reached: remove or rename the other"},
	}
	for _, test := range tests {
		diags := test.framework.Router().CheckRoutes(document(test.framework, strings.Split(test.document, "|")...))
		if len(diags) != 1 || diags[0].Rule.ID != "route-conflict" || diags[0].Position.String()+": "+diags[0].Message != test.want {
			t.Errorf("%s, %s: got %v, want %s", test.framework, test.document, diags, test.want)
		}
	}
}
