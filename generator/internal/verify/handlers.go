package verify

import (
	"go/ast"

	"github.com/oapi-guard/oapi-guard/generator/view"
)

// handlers compares what guards a program's own handlers, where no server is generated: each field of Guards is the
// guard of its operation's own policy, and Handler puts each guard around the handler of the same operation.
func handlers(f *view.File, functions map[string]*ast.FuncDecl, report func(string, ...any)) {
	if !f.Plain() {
		return
	}
	compareLists("NewGuards", guardFields(f), literal(functions["NewGuards"], "Guards[P]"), report)
	compareLists("Handler", servedHandlers(f), literal(functions["Handler"], "[]http.Handler"), report)
}

func guardFields(f *view.File) []expected {
	var all []expected
	for _, g := range f.Guards() {
		all = append(all, expected{g.Name, element(g.Element())})
	}
	return all
}

func servedHandlers(f *view.File) []expected {
	var all []expected
	for _, m := range f.Methods {
		all = append(all, expected{m.Name, element(m.Served())})
	}
	return all
}

// literal are the elements of the composite literals of a type in a function.
func literal(f *ast.FuncDecl, typeName string) []string {
	var all []string
	if f == nil || f.Body == nil {
		return nil
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok && c.Type != nil && printed(c.Type) == typeName {
			all = append(all, elements(c)...)
		}
		return true
	})
	return all
}

// handlerRow is the row of an operation in the table of a program's own handlers.
func handlerRow(r view.Route) expected {
	return expected{r.Operation.Name, element(r.Constant() + ": {guard.Operation" + r.Operation.PolicyLiteral() + ", " + r.PatternLiteral() + "}")}
}
