package generator

import (
	"go/ast"
	"go/constant"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// comparison compares one declaration.
type comparison struct {
	*verifier
	// place is where the comparison is: it says what statements in addition may use.
	place place
	// accepted are the statements in addition that are allowed.
	accepted []ast.Node
	// wants are the nodes that lead to the one that is being compared.
	wants []ast.Node
	found *deviation
	// top is the interface that a type declaration is about.
	top *ast.InterfaceType
}

// place is a position in the built-in code.
type place struct {
	function string
	// request are the names of the request that is admitted here.
	request map[string]bool
	// params are those of the innermost function.
	params []string
	// caller is the receiver of which the field caller may be read; options says that the options of the guards may be
	// changed.
	caller  string
	options bool
}

// deviation is the first difference.
type deviation struct {
	want, got ast.Node // want is nil for what is in addition, got for what is missing
	reason    string   // why something cannot be added
	within    []ast.Node
}

// compare compares a declaration and reports the first deviation.
func (v *verifier) compare(key string, want, got ast.Node) {
	m := &comparison{verifier: v}
	if f, ok := want.(*ast.FuncDecl); ok {
		m.enter(f)
	}
	if t, ok := want.(*ast.TypeSpec); ok {
		m.top, _ = t.Type.(*ast.InterfaceType)
	}
	if m.same(want, got) {
		return
	}
	d := m.found
	if d == nil {
		d = &deviation{want: want, got: got}
	}
	operation := ""
	for _, n := range slices.Backward(append([]ast.Node{want}, d.within...)) {
		if operation = v.operationIn(n); operation != "" {
			break
		}
	}
	switch {
	case d.got == nil:
		v.reportAt(got, operation, "%s lacks `%s`", key, snippet(d.want))
	case d.reason != "":
		if own := v.firstOperation(d.got); own != "" {
			operation = own
		}
		v.reportAt(d.got, operation, "%s may not have `%s`: %s", key, snippet(d.got), d.reason)
	case d.want == nil:
		if own := v.firstOperation(d.got); own != "" {
			operation = own
		}
		v.reportAt(d.got, operation, "%s has `%s` in addition", key, snippet(d.got))
	default:
		v.reportAt(d.got, operation, "%s has `%s` where the guards need `%s`", key, snippet(d.got), snippet(d.want))
	}
}

// enter sets the place at the beginning of a function.
func (m *comparison) enter(f *ast.FuncDecl) {
	m.place = place{function: f.Name.Name, params: paramNames(f.Type), options: f.Recv == nil && f.Name.Name == "newGuards"}
	if f.Recv == nil {
		return
	}
	switch receiverType(f) {
	case "guardedRequest", "webhookRequest", "callbackRequest":
		m.place.caller = f.Recv.List[0].Names[0].Name
		m.place.request = setOf(m.place.params)
	}
}

func paramNames(t *ast.FuncType) []string {
	var names []string
	for _, field := range t.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}

func setOf(names []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = name != "_"
	}
	return set
}

// differ notes the first deviation.
func (m *comparison) differ(want, got ast.Node, reason string) bool {
	if m.found == nil {
		m.found = &deviation{want, got, reason, slices.Clone(m.wants)}
	}
	return false
}

// same compares two nodes.
func (m *comparison) same(want, got ast.Node) bool {
	want, got = bare(want), bare(got)
	if isNil(want) || isNil(got) {
		return isNil(want) && isNil(got)
	}
	if reflect.TypeOf(want) != reflect.TypeOf(got) {
		return m.differ(want, got, "")
	}
	m.wants = append(m.wants, want)
	defer func() { m.wants = m.wants[:len(m.wants)-1] }()
	switch w := want.(type) {
	case *ast.Ident:
		return w.Name == got.(*ast.Ident).Name || m.differ(want, got, "")
	case *ast.BasicLit:
		return sameLiteral(w, got.(*ast.BasicLit)) || m.differ(want, got, "")
	case *ast.BlockStmt:
		return m.sameStatements(w.List, got.(*ast.BlockStmt))
	case *ast.FuncLit:
		return m.sameFunction(w, got.(*ast.FuncLit), nil)
	case *ast.CallExpr:
		return m.sameCall(w, got.(*ast.CallExpr))
	case *ast.AssignStmt:
		if m.answersErrors(w) {
			return m.sameAnswer(w, got.(*ast.AssignStmt))
		}
	case *ast.InterfaceType:
		if w == m.top {
			return m.contains(w, got.(*ast.InterfaceType))
		}
	}
	return m.sameFields(want, got)
}

func isNil(n ast.Node) bool { return n == nil || reflect.ValueOf(n).IsNil() }

// bare is an expression without the parentheses around it.
func bare(n ast.Node) ast.Node {
	for {
		p, ok := n.(*ast.ParenExpr)
		if !ok {
			return n
		}
		n = p.X
	}
}

func sameLiteral(want, got *ast.BasicLit) bool {
	return want.Kind == got.Kind &&
		constant.MakeFromLiteral(want.Value, want.Kind, 0).ExactString() == constant.MakeFromLiteral(got.Value, got.Kind, 0).ExactString()
}

var (
	nodeType = reflect.TypeFor[ast.Node]()
	posType  = reflect.TypeFor[token.Pos]()
	// comments are no part of the program, and the field Obj of an identifier is never reached: it is compared by name.
	comments = reflect.TypeFor[*ast.CommentGroup]()
)

// sameFields compares nodes of one type field by field.
func (m *comparison) sameFields(want, got ast.Node) bool {
	w, g := reflect.ValueOf(want).Elem(), reflect.ValueOf(got).Elem()
	for i := range w.NumField() {
		field := w.Type().Field(i)
		if field.Type == comments {
			continue
		}
		if !m.sameValue(field.Name, w.Field(i), g.Field(i)) {
			return m.differ(want, got, "")
		}
	}
	return true
}

func (m *comparison) sameValue(name string, w, g reflect.Value) bool {
	switch {
	case w.Type() == posType:
		// Where something stands means nothing, but that there is a "..." or the "=" of an alias does.
		return name != "Ellipsis" && name != "Assign" || (w.Int() != 0) == (g.Int() != 0)
	case w.Type().Implements(nodeType):
		a, _ := w.Interface().(ast.Node)
		b, _ := g.Interface().(ast.Node)
		return m.same(a, b)
	case w.Kind() == reflect.Slice:
		return m.sameList(w, g)
	}
	return reflect.DeepEqual(w.Interface(), g.Interface())
}

func (m *comparison) sameList(w, g reflect.Value) bool {
	if w.Len() != g.Len() {
		return m.differInLength(w, g)
	}
	for i := range w.Len() {
		if !m.same(element(w, i), element(g, i)) {
			return false
		}
	}
	return true
}

// differInLength notes what is missing in a list, or what it has in addition.
func (m *comparison) differInLength(w, g reflect.Value) bool {
	first := 0
	for first < min(w.Len(), g.Len()) && code(element(w, first)) == code(element(g, first)) {
		first++
	}
	if w.Len() < g.Len() {
		return m.differ(nil, element(g, first), "")
	}
	m.wants = append(m.wants, element(w, first))
	defer func() { m.wants = m.wants[:len(m.wants)-1] }()
	return m.differ(element(w, first), nil, "")
}

func element(list reflect.Value, i int) ast.Node { return list.Index(i).Interface().(ast.Node) }

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
