package verify

import (
	"go/ast"
	"go/parser"
	"go/token"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// Policy compares generated code with the data of the policy, whoever wrote the templates: the handshake is there, the
// table has each operation once with its own literal and nothing else, and so does the table of receivers; and every
// operation with a resource check, and no other, asks for it.
func Policy(f *view.File, content []byte, path string) diag.List {
	var diags diag.List
	file, err := parser.ParseFile(token.NewFileSet(), path, content, parser.SkipObjectResolution)
	if err != nil {
		return nil // it was formatted
	}
	report := func(form string, args ...any) { diags.Report(diag.Position{File: path}, ruleUnguarded, form, args...) }
	functions, handshake := map[string]*ast.FuncDecl{}, false
	var checked []string
	for _, d := range file.Decls {
		function, ok := d.(*ast.FuncDecl)
		switch {
		case !ok:
			handshake = handshake || printed(d) == "const _ = gen."+f.Handshake
		case function.Recv == nil:
			functions[function.Name.Name] = function
		case receiverOf(function) == "checkedRequest":
			checked = append(checked, function.Name.Name)
		}
	}
	if !handshake {
		report("the generated code does not name the generation of the runtime")
	}
	compareLists("operations", operationRows(f), rows(functions["operations"]), report)
	handlers(f, functions, report)
	compareLists("receivers", receiverRows(f), rows(functions["receivers"]), report)
	compareLists("checkedRequest", checkedNames(f), checked, report)
	return diags
}

// expected is a row that the code must have, and the operation that it is for.
type expected struct{ operation, code string }

func operationRows(f *view.File) []expected {
	var all []expected
	for _, r := range f.Routes {
		if f.Plain() {
			all = append(all, handlerRow(r))
			continue
		}
		key := ""
		if r.Key != "" {
			key = r.KeyLiteral() + ", "
		}
		all = append(all, expected{r.Operation.Name, element(
			"{guard.Operation" + r.Operation.PolicyLiteral() + ", " + key + r.PatternLiteral() + ", (*wrapper)." + r.Binding + "}")})
	}
	return all
}

func receiverRows(f *view.File) []expected {
	var all []expected
	for _, r := range f.AllReceivers() {
		all = append(all, expected{r.Name, element(r.Constant + ": " + r.PolicyLiteral())})
	}
	return all
}

func checkedNames(f *view.File) []expected {
	var all []expected
	for _, m := range f.CheckedMethods {
		all = append(all, expected{m.Name, m.Name})
	}
	return all
}

// rows are the elements of the composite literal that a function returns. It does nothing else.
func rows(f *ast.FuncDecl) []string {
	if f == nil || f.Body == nil || len(f.Body.List) != 1 {
		return nil
	}
	result, ok := f.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(result.Results) != 1 {
		return nil
	}
	return elements(result.Results[0])
}

// elements are those of a composite literal, in one form.
func elements(e ast.Expr) []string {
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var all []string
	for _, element := range literal.Elts {
		all = append(all, printed(element))
	}
	return all
}

// element is an element as one of a literal.
func element(code string) string {
	e, err := parser.ParseExpr("x{" + code + "}")
	if err != nil {
		return code // nothing is like it
	}
	return elements(e)[0]
}

// compareLists reports what is missing, and what is too much.
func compareLists(where string, want []expected, got []string, report func(string, ...any)) {
	count := map[string]int{}
	for _, g := range got {
		count[g]++
	}
	for _, w := range want {
		if count[w.code]--; count[w.code] < 0 {
			report("operation %s: %s lacks `%s`", w.operation, where, view.Comment(w.code))
		}
	}
	for _, g := range got {
		if count[g] > 0 {
			count[g] = 0
			report("%s has `%s`, which the policy has not", where, view.Comment(g))
		}
	}
}
