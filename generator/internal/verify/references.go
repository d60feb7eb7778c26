package verify

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strconv"

	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// names are the names that the rules for hooks are about.
type names struct {
	imports     map[string]string // the paths of the imported packages, by name
	used        map[string]bool   // the identifiers of the built-in code
	declared    *ast.Scope        // its package-level names
	added       map[string]bool   // the package-level names in addition
	hookMethods map[string]bool   // the methods that interfaces have in addition
	methods     map[string]bool   // the server's
	serving     []string          // names of the server's package that serve without a guard
	qualifier   string
}

func newNames(data *view.File, built *ast.File, serving []string) *names {
	n := &names{
		imports: map[string]string{}, used: map[string]bool{}, declared: built.Scope, added: map[string]bool{},
		hookMethods: map[string]bool{}, methods: map[string]bool{}, serving: serving, qualifier: data.Qualifier,
	}
	for _, spec := range built.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value) // it was parsed
		name := imports.PackageName(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		n.imports[name] = importPath
	}
	ast.Inspect(built, func(node ast.Node) bool {
		if id, ok := node.(*ast.Ident); ok && id.Name != "_" {
			n.used[id.Name] = true
		}
		return true
	})
	for _, r := range data.Routes {
		n.methods[r.Binding] = true
	}
	for _, r := range data.AllReceivers() {
		n.methods[r.MethodName] = true
	}
	return n
}

// taken reports whether a name means something to the built-in code.
func (n *names) taken(name string) bool {
	return n.used[name] || types.Universe.Lookup(name) != nil || n.imports[name] != ""
}

// checkReferences checks what a hook uses: its variables, what hooks declare, and of the built-in code and of packages what
// leads to no guard, router or server. It goes by the parser's resolution of identifiers: types would need the imported
// packages, which need not be there yet.
func (v *verifier) checkReferences(p *piece) {
	if p == nil {
		return
	}
	refuse := func(n ast.Node, reason string) {
		if reason != "" && int(n.Pos())-1 >= p.offset {
			v.reportHook(p, n, "%s", reason)
		}
	}
	packages := map[*ast.Ident]bool{}
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if receiver := receiverOf(n); receiver != "" && !v.names.added[receiver] {
				refuse(n, keyOf(n)+" may not be declared: only types of your own can have more methods")
			}
		case *ast.SelectorExpr:
			x := v.names.packageOf(n)
			packages[x] = true
			refuse(n, v.names.selected(x, n.Sel.Name))
		case *ast.InterfaceType:
			refuse(v.names.requires(n))
		}
		return true
	})
	for _, id := range p.file.Unresolved {
		if !packages[id] {
			refuse(id, v.names.elsewhere(id.Name))
		}
	}
}

// packageOf is the package that a selector selects from, nil when it selects from a value.
func (n *names) packageOf(s *ast.SelectorExpr) *ast.Ident {
	if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil && n.imports[x.Name] != "" {
		return x
	}
	return nil
}

// selected says why a name of a package may not be used, or one of a value where there is no package.
func (n *names) selected(pkg *ast.Ident, name string) string {
	if pkg == nil {
		return n.member(name)
	}
	return n.packageMember(pkg.Name, name)
}

// requires says why no interface may require a method.
func (n *names) requires(t *ast.InterfaceType) (ast.Node, string) {
	for _, m := range t.Methods.List {
		for _, id := range m.Names {
			if reason := n.member(id.Name); reason != "" {
				return m, reason
			}
		}
	}
	return t, ""
}

// routerAccess are the methods by which a framework's request leads to its router.
var routerAccess = []string{"App", "Application", "Echo", "Router"}

// member says why no method or field of a name may be used.
func (n *names) member(name string) string {
	switch {
	case n.methods[name]:
		return name + " is a method of the server, which only the built-in code calls"
	case slices.Contains(routerAccess, name):
		return name + " leads to the router"
	}
	return ""
}

// elsewhere says why a name that the hook does not declare may not be used.
func (n *names) elsewhere(name string) string {
	switch {
	case n.added[name]:
	case n.declared.Lookup(name) != nil && !ast.IsExported(name):
		return name + " is a part of the guards"
	case n.qualifier == "" && slices.Contains(n.serving, name):
		return name + " could register or admit what is not behind its guard"
	case n.qualifier != "" && n.declared.Lookup(name) == nil && types.Universe.Lookup(name) == nil && n.imports[name] == "":
		return name + " is not there: a hook has its own variables and declarations, and exported names of the guards"
	}
	return ""
}

var (
	// httpNames are what a hook may use of net/http: what answers a request, and nothing that registers a handler.
	httpNames = regexp.MustCompile(`^(ResponseWriter|Request|Handler|HandlerFunc|Error|Header|Cookie|SetCookie|SameSite\w*|Status\w+|Method\w+|TimeFormat|CanonicalHeaderKey|DetectContentType|MaxBytesReader|ErrNoCookie|Flusher|NewResponseController|ResponseController)$`)
	// frameworkNames are the same of the frameworks.
	frameworkNames = regexp.MustCompile(`^(Context|Ctx|H|Map|HTTPError|NewHTTPError|Error|NewError|URLParam|Vars|Header\w+|MIME\w+|Status\w+|Method\w+|Problem|NewProblem)$`)
	frameworks     = regexp.MustCompile(`^github\.com/(go-chi/chi|gorilla/mux|labstack/echo|gin-gonic/gin|gofiber/fiber|kataras/iris)(/|$)`)
)

// packageMember says why a name of a package may not be used.
func (n *names) packageMember(name, member string) string {
	allowed := true
	switch importPath := n.imports[name]; {
	case importPath == "net/http":
		allowed = httpNames.MatchString(member)
	case importPath == generated.Runtime:
		allowed = member != "Guard" && member != "ContextWithCaller"
	case importPath == generated.Gen || imports.Refused(importPath):
		allowed = false
	case frameworks.MatchString(importPath):
		allowed = frameworkNames.MatchString(member)
	case name+"." == n.qualifier:
		allowed = !slices.Contains(n.serving, member)
	}
	if allowed {
		return ""
	}
	return fmt.Sprintf("%s.%s could register or admit what is not behind its guard", name, member)
}
