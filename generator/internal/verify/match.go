package verify

import (
	"go/ast"
	"go/constant"
	"go/token"
	"reflect"
	"slices"
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
