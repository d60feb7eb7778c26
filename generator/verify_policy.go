package generator

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// verifyPolicy compares generated code with the data of the policy, whoever wrote the templates: that the handshake is there,
// that Policy tells of every operation, that each one that is not public has a guard of its own policy, and that every
// route is registered once, behind the guard of its operation unless that is public.
func verifyPolicy(f *view.File, content []byte, path string, diags *diag.List) {
	file, err := parser.ParseFile(token.NewFileSet(), path, content, parser.SkipObjectResolution)
	if err != nil {
		return // format has parsed it
	}
	report := func(form string, args ...any) {
		diags.Errorf(diag.Position{File: path}, ruleTemplateUnguarded, form, args...)
	}
	functions := map[string]*ast.FuncDecl{}
	handshake := false
	for _, i := range items(file) {
		if function, ok := i.node.(*ast.FuncDecl); ok {
			functions[function.Name.Name] = function
		}
		handshake = handshake || title(i) == strconv.Quote("const _ = gen."+f.Handshake)
	}
	if !handshake {
		report("the generated code does not name the generation of the runtime")
	}
	compareLists("Policy", policyCalls(f), elementsOf(functions["Policy"]), report)
	if f.Guarded {
		compareLists("newGuards", guardsOf(f), elementsOf(functions["newGuards"]), report)
	}
	compareLists("routes", routesOf(f), elementsOf(functions["routes"]), report)
}

// expected is a line that the code must have, and the operation that it is for.
type expected struct{ operation, code string }

func policyCalls(f *view.File) []expected {
	var calls []expected
	for _, o := range f.Operations {
		calls = append(calls, expected{o.Name, o.PolicyFunc() + "()"})
	}
	return calls
}

func guardsOf(f *view.File) []expected {
	var guards []expected
	for _, o := range f.GuardedOperations() {
		guards = append(guards, expected{o.Name, o.Name + ": linker.Guard(" + o.PolicyFunc() + "())"})
	}
	return guards
}

func routesOf(f *view.File) []expected {
	var routes []expected
	for _, r := range f.Routes {
		handler := fmt.Sprintf("guarded(g.%s, (*%s).%s)", r.Operation.Name, r.Wrapper, r.Binding)
		if r.Operation.Public() {
			handler = "public." + r.Binding
		}
		key := ""
		if r.Key != "" {
			key = "Operation: " + view.Quote(r.Key) + ", "
		}
		routes = append(routes, expected{r.Operation.Name,
			fmt.Sprintf("{%sMethod: %s, Pattern: baseURL + %s, Handler: %s}", key, r.MethodLiteral(), view.Quote(r.Pattern), handler)})
	}
	return routes
}

// elementsOf are the elements of the last composite literal in a function's outermost statements.
func elementsOf(f *ast.FuncDecl) []string {
	var elements []string
	if f == nil || f.Body == nil {
		return nil
	}
	for _, statement := range f.Body.List {
		var values []ast.Expr
		switch s := statement.(type) {
		case *ast.ReturnStmt:
			values = s.Results
		case *ast.AssignStmt:
			values = s.Rhs
		}
		for _, value := range values {
			if address, ok := value.(*ast.UnaryExpr); ok {
				value = address.X
			}
			if literal, ok := value.(*ast.CompositeLit); ok {
				elements = nil
				for _, element := range literal.Elts {
					elements = append(elements, code(element))
				}
			}
		}
	}
	return elements
}

// compareLists reports what is missing, and what is too much.
func compareLists(where string, want []expected, got []string, report func(string, ...any)) {
	count := map[string]int{}
	for _, g := range got {
		count[g]++
	}
	for _, w := range want {
		if count[w.code]--; count[w.code] < 0 {
			report("operation %s: %s lacks `%s`", w.operation, where, w.code)
		}
	}
	for _, g := range got {
		if count[g] > 0 {
			count[g] = 0
			report("%s has `%s`, which the policy has not", where, g)
		}
	}
}
