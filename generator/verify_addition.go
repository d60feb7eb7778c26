package generator

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// addition says why a statement may not stand between built-in ones, or nothing when it may. It runs to its end, so that
// what follows runs too; what it declares cannot be meant by what follows; and it uses only what [verifier.references]
// allows here.
func (m *comparison) addition(statement ast.Stmt) string {
	var names []*ast.Ident
	switch s := statement.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			for _, left := range s.Lhs {
				if id, ok := left.(*ast.Ident); ok {
					names = append(names, id)
				}
			}
		}
	case *ast.DeclStmt:
		names = declaredBy(s)
	case *ast.ExprStmt, *ast.DeferStmt, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt,
		*ast.BlockStmt, *ast.IncDecStmt, *ast.EmptyStmt:
	default:
		return "only calls, declarations, assignments, conditions and loops may be added"
	}
	for _, name := range names {
		if name.Name != "_" && (m.used[name.Name] || types.Universe.Lookup(name.Name) != nil || m.imports[name.Name] != "") {
			return "the name " + name.Name + " has a meaning in the built-in code, choose another one"
		}
	}
	if reason := leaves(statement); reason != "" {
		return reason
	}
	return m.references(statement, &m.place, m.accepted...)
}

func declaredBy(s *ast.DeclStmt) []*ast.Ident {
	var names []*ast.Ident
	for _, spec := range s.Decl.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			names = append(names, spec.Name)
		case *ast.ValueSpec:
			names = append(names, spec.Names...)
		}
	}
	return names
}

// leaves says how a statement would not run to its end. Functions within it may return.
func leaves(statement ast.Stmt) string {
	reason, loops := "", 0
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			reason = "it returns before the built-in code ends"
		case *ast.BranchStmt:
			if n.Label != nil || n.Tok == token.GOTO || n.Tok == token.FALLTHROUGH || loops == 0 {
				reason = "it jumps"
			}
		case *ast.LabeledStmt:
			reason = "it is the target of a jump"
		case *ast.ForStmt, *ast.RangeStmt:
			loops++
			ast.Inspect(bodyOf(n), visit)
			loops--
			return false
		}
		return true
	}
	ast.Inspect(statement, visit)
	return reason
}

func bodyOf(n ast.Node) ast.Node {
	if loop, ok := n.(*ast.ForStmt); ok {
		return loop.Body
	}
	return n.(*ast.RangeStmt).Body
}

// references says what a piece of code uses that nothing in addition may use, or nothing. The place is nil for a
// declaration; own are earlier pieces, whose names it may use.
func (v *verifier) references(n ast.Node, at *place, own ...ast.Node) string {
	c := &referenceCheck{verifier: v, at: at, own: append(slices.Clone(own), n), skip: map[*ast.Ident]bool{}}
	ast.Inspect(n, c.visit)
	return c.reason
}

// referenceCheck is one such check. It goes by the parser's resolution of identifiers within the file (ast.Ident.Obj): types
// would need the imported packages, which need not be there yet. A key of a composite literal may be taken for a
// reference by that, so that at worst something harmless is refused.
type referenceCheck struct {
	*verifier
	at     *place
	own    []ast.Node
	skip   map[*ast.Ident]bool // identifiers that are no references
	reason string
}

func (c *referenceCheck) visit(n ast.Node) bool {
	if c.reason != "" {
		return false
	}
	switch n := n.(type) {
	case *ast.SelectorExpr:
		c.selector(n)
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Obj == nil {
			c.skip[key] = true
		}
	case *ast.Field:
		for _, name := range n.Names {
			c.skip[name] = true
		}
	case *ast.InterfaceType:
		c.interfaceType(n)
	case *ast.GoStmt:
		if c.at != nil {
			c.reason = "a request must not outlive its handler: start goroutines in a function of your own"
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.changes(n.X, "takes the address of")
		}
	case *ast.IncDecStmt:
		c.changes(n.X, "changes")
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, left := range n.Lhs {
				c.changes(left, "changes")
			}
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			c.changes(n.Key, "changes")
			c.changes(n.Value, "changes")
		}
	case *ast.Ident:
		c.name(n)
	}
	return c.reason == ""
}

// selector checks x.Name: the names of packages and the methods that lead to operations and routers.
func (c *referenceCheck) selector(s *ast.SelectorExpr) {
	c.skip[s.Sel] = true
	x, isIdent := s.X.(*ast.Ident)
	switch {
	case isIdent && x.Obj == nil && c.imports[x.Name] != "":
		c.skip[x] = true
		c.reason = c.packageMember(x.Name, s.Sel.Name)
	case c.methods[s.Sel.Name]:
		c.reason = fmt.Sprintf("%s is a method of the server, which only the built-in code calls", s.Sel.Name)
	case routerAccess[s.Sel.Name]:
		c.reason = fmt.Sprintf("%s leads to the router", s.Sel.Name)
	case isIdent && c.at != nil && c.at.caller != "" && x.Name == c.at.caller && s.Sel.Name == "caller":
		c.skip[x] = true
	case isIdent && c.at != nil && c.at.options && x.Name == "options" && optionFields[s.Sel.Name]:
		c.skip[x] = true
	}
}

// routerAccess are the methods by which a framework's request leads to its router.
var routerAccess = map[string]bool{"App": true, "Application": true, "Echo": true, "Router": true}

// optionFields are the options that a template may set for everybody. CallerInContext is not one of them: handlers
// rely on it.
var optionFields = map[string]bool{
	"Realm": true, "Realms": true, "ResourceMetadata": true, "MaxCredentialBytes": true, "RetryAfter": true,
	"OmitScopeChallenge": true, "PrivateResponses": true, "ConcealFromAnonymous": true, "DenialBody": true, "OnDecision": true,
}

var (
	// httpNames are what a template may use of net/http: what answers a request, and nothing that registers a handler.
	httpNames = regexp.MustCompile(`^(ResponseWriter|Request|Handler|HandlerFunc|Error|Header|Cookie|SetCookie|SameSite\w*|Status\w+|Method\w+|TimeFormat|CanonicalHeaderKey|DetectContentType|MaxBytesReader|ErrNoCookie|Flusher|NewResponseController|ResponseController)$`)
	// frameworkNames are the same of the frameworks.
	frameworkNames = regexp.MustCompile(`^(Context|Ctx|H|Map|HTTPError|NewHTTPError|Error|NewError|URLParam|Vars|Header\w+|MIME\w+|Status\w+|Method\w+|Problem|NewProblem)$`)
	frameworks     = regexp.MustCompile(`^github\.com/(go-chi/chi|gorilla/mux|labstack/echo|gin-gonic/gin|gofiber/fiber|kataras/iris)(/|$)`)
	// runtimeNames are the same of the runtime: what tells of callers and decisions, and nothing that makes a guard,
	// admits or mounts.
	runtimeNames = regexp.MustCompile(`^(AnyRole|Alternative|CallerFrom|Challenge|Conceal\w*|Denial|Detail\w*|Event|Expired|Forbidden|Invalid|IsNotFound|NotFound|Operation|Optional|Options|Param|Requirement|Role|StepUp|Unavailable|WriteNotFound)$`)
	genNames     = regexp.MustCompile(`^(CloneStrings|InCookie|InHeader|InQuery|IsNotFound|Location|NotNil)$`)
)

// packageMember says why a name of a package may not be used.
func (c *referenceCheck) packageMember(name, member string) string {
	allowed := true
	switch importPath := c.imports[name]; {
	case importPath == "net/http":
		allowed = httpNames.MatchString(member)
	case importPath == runtimePath:
		allowed = runtimeNames.MatchString(member)
	case importPath == genPath:
		allowed = genNames.MatchString(member)
	case frameworks.MatchString(importPath):
		allowed = frameworkNames.MatchString(member)
	case name+"." == c.got.data.Qualifier:
		allowed = !c.refused[member]
	case slices.Contains(refusedImports, importPath):
		allowed = false
	}
	if allowed {
		return ""
	}
	return fmt.Sprintf("%s.%s could register or admit what is not behind its guard", name, member)
}

// interfaceType refuses an interface with a method of the server, which any server would have.
func (c *referenceCheck) interfaceType(t *ast.InterfaceType) {
	for _, field := range t.Methods.List {
		for _, name := range field.Names {
			if c.methods[name.Name] {
				c.reason = fmt.Sprintf("%s is a method of the server, which only the built-in code calls", name.Name)
			}
		}
	}
}

// changes refuses to change what the built-in code declares.
func (c *referenceCheck) changes(e ast.Expr, verb string) {
	root, field := rootOf(e)
	switch {
	case root == nil || root.Name == "_" || c.isOwn(root):
	case c.at != nil && c.at.options && root.Name == "options" && optionFields[field] && verb == "changes":
	case c.reason == "":
		c.reason = fmt.Sprintf("it %s %s, which is the built-in code's", verb, root.Name)
	}
}

// rootOf is the name that an expression begins with, and the field that is taken of it.
func rootOf(e ast.Expr) (*ast.Ident, string) {
	field := ""
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x, field
		case *ast.SelectorExpr:
			e, field = x.X, x.Sel.Name
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil, ""
		}
	}
}

// isOwn reports whether a name is declared by what is in addition.
func (c *referenceCheck) isOwn(id *ast.Ident) bool {
	if id.Obj == nil {
		return false
	}
	if c.packageLevel(id) {
		return c.added[id.Name]
	}
	at := id.Obj.Pos()
	return slices.ContainsFunc(c.own, func(n ast.Node) bool { return n.Pos() <= at && at < n.End() })
}

func (c *referenceCheck) packageLevel(id *ast.Ident) bool {
	return id.Obj != nil && c.gotFile.Scope.Lookup(id.Name) == id.Obj
}

// name checks an identifier that means a declaration.
func (c *referenceCheck) name(id *ast.Ident) {
	if c.skip[id] {
		return
	}
	switch {
	case id.Obj == nil:
		c.elsewhere(id.Name)
	case c.packageLevel(id):
		if !c.added[id.Name] && !ast.IsExported(id.Name) && !c.policy[id.Name] {
			c.reason = id.Name + " is a part of the guards"
		}
	case c.isOwn(id), c.at != nil && c.at.request[id.Name], id.Obj.Kind == ast.Typ:
	default:
		c.reason = id.Name + " is the built-in code's" + c.allowedNames()
	}
}

// allowedNames says which names of the place may be used.
func (c *referenceCheck) allowedNames() string {
	if c.at == nil || len(c.at.request) == 0 {
		return ", and there is no admitted request here"
	}
	return "; the request's are " + strings.Join(sortedKeys(c.at.request), ", ")
}

// elsewhere checks a name that the file does not declare: it is predeclared, or of the server's package when the guards
// are part of it.
func (c *referenceCheck) elsewhere(name string) {
	switch {
	case c.at != nil && (name == "panic" || name == "recover"):
		c.reason = name + " would change how the built-in code ends"
	case c.got.data.Qualifier == "" && c.refused[name]:
		c.reason = name + " could register or admit what is not behind its guard"
	}
}
