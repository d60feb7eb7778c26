package verify

import (
	"go/ast"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// sameCall marks the function that is called when a request is admitted.
func (m *comparison) sameCall(want, got *ast.CallExpr) bool {
	selector, ok := want.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Wrap" || len(want.Args) != 1 || len(got.Args) != 1 {
		return m.sameFields(want, got)
	}
	handler, ok := want.Args[0].(*ast.FuncLit)
	served, same := bare(got.Args[0]).(*ast.FuncLit)
	if !ok || !same {
		return m.sameFields(want, got)
	}
	return m.same(want.Fun, got.Fun) && got.Ellipsis == token.NoPos && m.sameFunction(handler, served, setOf(paramNames(handler.Type)))
}

// sameFunction compares function literals; request are the names of an admitted request in it.
func (m *comparison) sameFunction(want, got *ast.FuncLit, request map[string]bool) bool {
	if !m.same(want.Type, got.Type) {
		return false
	}
	outer := m.place
	m.place = place{function: outer.function, params: paramNames(want.Type), request: request}
	defer func() { m.place = outer }()
	return m.same(want.Body, got.Body)
}

// sameStatements compares lists of statements: the built-in ones must be there in their order, and what is between them
// must be allowed in addition.
func (m *comparison) sameStatements(want []ast.Stmt, got *ast.BlockStmt) bool {
	outer := m.place
	defer func() { m.place = outer }()
	for _, statement := range got.List {
		var tried *deviation
		if len(want) > 0 {
			if tried = m.try(want[0], statement); tried == nil {
				m.passed(want[0])
				want = want[1:]
				continue
			}
		}
		reason := m.addition(statement)
		switch {
		case reason == "":
			m.accepted = append(m.accepted, statement)
			continue
		case len(want) > 0 && alike(want[0], statement):
			m.found = tried
		case len(want) > 0 && reflect.TypeOf(statement) == reflect.TypeFor[*ast.ReturnStmt]():
			m.differ(want[0], statement, "")
		default:
			m.differ(nil, statement, reason)
		}
		return false
	}
	if len(want) > 0 {
		m.wants = append(m.wants, want[0])
		m.differ(want[0], nil, "")
		m.wants = m.wants[:len(m.wants)-1]
		return false
	}
	return true
}

// alike reports whether a statement is a built-in one that was changed, rather than one in addition.
func alike(want, got ast.Stmt) bool {
	w, assigns := want.(*ast.AssignStmt)
	if g, ok := got.(*ast.AssignStmt); ok && assigns {
		return code(w.Lhs[0]) == code(g.Lhs[0])
	}
	return reflect.TypeOf(want) == reflect.TypeOf(got)
}

// try compares two statements and returns how they differ.
func (m *comparison) try(want, got ast.Stmt) *deviation {
	before, added := m.found, len(m.accepted)
	m.found = nil
	same := m.same(want, got)
	tried := m.found
	m.found = before
	if same {
		return nil
	}
	m.accepted = m.accepted[:added]
	if tried == nil {
		tried = &deviation{want: want, got: got, within: slices.Clone(m.wants)}
	}
	return tried
}

// passed notes what a built-in statement means for those that follow it: after the one that turns away who is not
// admitted, the request may be used; after the one that takes the options, they must stay.
func (m *comparison) passed(statement ast.Stmt) {
	switch s := statement.(type) {
	case *ast.IfStmt:
		if not, ok := s.Cond.(*ast.UnaryExpr); ok && not.Op == token.NOT && isName(not.X, "admitted") {
			m.place.request = setOf(append([]string{"caller", "r", "ctx"}, m.place.params...))
		}
	case *ast.AssignStmt:
		if len(s.Lhs) == 1 && isName(s.Lhs[0], "linker") {
			m.place.options = false
		}
	}
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// answersErrors reports whether a statement sets the function that answers what cannot be bound or written: it is
// called after the guard, and is free to answer as it likes.
func (m *comparison) answersErrors(s *ast.AssignStmt) bool {
	if m.place.function != "newWrapper" && m.place.function != "withDefaults" || len(s.Lhs) != 1 || len(s.Rhs) != 1 {
		return false
	}
	selector, ok := s.Lhs[0].(*ast.SelectorExpr)
	_, literal := s.Rhs[0].(*ast.FuncLit)
	return ok && literal && strings.Contains(selector.Sel.Name, "ErrorHandler")
}

func (m *comparison) sameAnswer(want, got *ast.AssignStmt) bool {
	if want.Tok != got.Tok || len(got.Lhs) != 1 || len(got.Rhs) != 1 {
		return m.differ(want, got, "")
	}
	function, ok := got.Rhs[0].(*ast.FuncLit)
	if !ok {
		return m.differ(want, got, "")
	}
	if !m.same(want.Lhs[0], got.Lhs[0]) || !m.sameTypes(want.Rhs[0].(*ast.FuncLit).Type, function.Type) {
		return false
	}
	if reason := m.references(function, &m.place); reason != "" {
		return m.differ(nil, got, reason)
	}
	m.accepted = append(m.accepted, function)
	return true
}

// sameTypes compares the types of parameters, whatever their names are.
func (m *comparison) sameTypes(want, got *ast.FuncType) bool {
	w, g := paramTypes(want), paramTypes(got)
	if len(w) != len(g) || got.TypeParams != nil || got.Results != nil {
		return m.differ(want, got, "")
	}
	for i := range w {
		if !m.same(w[i], g[i]) {
			return false
		}
	}
	return true
}

func paramTypes(t *ast.FuncType) []ast.Expr {
	var all []ast.Expr
	for _, field := range t.Params.List {
		for range max(len(field.Names), 1) {
			all = append(all, field.Type)
		}
	}
	return all
}

// contains reports whether an interface has all that the built-in one has, in its order; it may have more.
func (m *comparison) contains(want, got *ast.InterfaceType) bool {
	rest := want.Methods.List
	names := map[string]bool{}
	for _, field := range want.Methods.List {
		maps.Copy(names, fieldNames(field))
	}
	for _, field := range got.Methods.List {
		if len(rest) > 0 && maps.Equal(fieldNames(field), fieldNames(rest[0])) && len(field.Names) > 0 {
			if !m.same(rest[0], field) {
				return false
			}
			rest = rest[1:]
			continue
		}
		for name := range fieldNames(field) {
			if names[name] {
				return m.differ(nil, field, "it is there already, or in another order")
			}
		}
		if reason := m.references(field.Type, nil); reason != "" {
			return m.differ(nil, field, reason)
		}
	}
	if len(rest) > 0 {
		return m.differ(rest[0], nil, "")
	}
	return true
}

func fieldNames(field *ast.Field) map[string]bool {
	names := map[string]bool{}
	for _, name := range field.Names {
		names[name.Name] = true
	}
	return names
}
