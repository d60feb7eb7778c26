package generator

import (
	"cmp"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/view"
)

// The packages of the runtime that generated code imports: the guards that applications know, and the parts that only
// generated code calls.
const (
	runtimePath = "github.com/oapi-guard/oapi-guard/runtime"
	genPath     = runtimePath + "/gen"
)

// reserved are the identifiers that the templates use where a package name would be shadowed by them.
var reserved = []string{
	"add", "admitted", "answered", "auth", "baseURL", "bind", "binding", "body", "c", "caller", "callers", "check",
	"checked", "checkedRequest", "checks", "ctx", "e", "err", "errHandler", "exchange", "field", "fields", "g", "guarded",
	"guardedRequest", "guards", "h", "init", "known", "line", "lines", "linker", "list", "m", "method", "methods",
	"middlewares", "mount", "name", "newGuards", "newWrapper", "next", "notFound", "o", "ok", "options", "pattern",
	"public", "q", "query", "r", "received", "receiver", "request", "response", "router", "routes", "server",
	"serverOptions", "status", "strictOptions", "taken", "unserved", "value", "w", "webhookRequest", "callbackRequest",
	"wrapper", "wrapping", "x", "P",
	"Authenticator", "CallbackReceiver", "Handler", "HandlerFromServerInterface", "HandlerWithOptions", "NotFound",
	"Policy", "Principal", "RegisterHandlers", "RegisterHandlersFromServerInterface", "RegisterHandlersWithOptions",
	"ResourceChecker", "Server", "StrictOptions", "StrictServer", "WebhookReceiver",
}

// importSet gives every imported package one name in the generated file.
type importSet struct {
	names map[string]string // by path
	taken map[string]bool
	// asked are the packages that templates imported by the function import, in that order.
	asked []string
}

func newImportSet() *importSet {
	s := &importSet{names: map[string]string{}, taken: map[string]bool{}}
	for _, name := range slices.Concat(reserved, types.Universe.Names()) {
		s.taken[name] = true
	}
	return s
}

// importSetOf are the imports of a file of which the templates may want more.
func importSetOf(list []view.Import) *importSet {
	s := newImportSet()
	for _, i := range list {
		if i.Path != "" {
			name := cmp.Or(i.Name, packageName(i.Path))
			s.names[i.Path], s.taken[name] = name, true
		}
	}
	return s
}

// add imports a package under the name that is wanted, or one like it when that is taken, and returns
// the name.
func (s *importSet) add(importPath, wanted string) string {
	if name, ok := s.names[importPath]; ok {
		return name
	}
	name := wanted
	for n := 2; s.taken[name]; n++ {
		name = wanted + strconv.Itoa(n)
	}
	s.names[importPath], s.taken[name] = name, true
	return name
}

// list is the imports for the template: the standard library's first, each group sorted, an empty spec
// between them.
func (s *importSet) list() []view.Import {
	imports := make([]view.Import, 0, len(s.names))
	for importPath, name := range s.names {
		if name == packageName(importPath) && (standard(importPath) || !slices.Contains(s.asked, importPath)) {
			name = ""
		}
		imports = append(imports, view.Import{Name: name, Path: importPath})
	}
	slices.SortFunc(imports, func(a, b view.Import) int {
		if x, y := standard(a.Path), standard(b.Path); x != y {
			if x {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	if i := slices.IndexFunc(imports, func(i view.Import) bool { return !standard(i.Path) }); i > 0 {
		imports = slices.Insert(imports, i, view.Import{})
	}
	return imports
}

// standard reports whether the path is one of the standard library: its first element has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// qualifier renders the types of the server's signatures for the generated package.
type qualifier struct {
	imports *importSet
	prefix  string // "api.", or empty in the server's own package
}

// Local qualifies a name of the server's package.
func (q qualifier) Local(name string) string { return q.prefix + name }

// Import qualifies a name of a package that the server imports.
func (q qualifier) Import(importPath, name string) string { return q.imports.add(importPath, name) }
