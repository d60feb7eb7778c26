package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

var boundaries = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
}

var opposites = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD,
}

// leave puts the mutants of a node in its place, when its parts have theirs.
func (r *rewriter) leave(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.FuncLit:
		r.results = r.results[:len(r.results)-1]
	case *ast.BinaryExpr:
		r.binary(c, n)
	case *ast.BasicLit:
		r.literal(c, n)
	case *ast.IfStmt:
		n.Cond = r.negated(n, n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			n.Cond = r.negated(n, n.Cond)
		}
	case *ast.SwitchStmt:
		r.cases(c, n)
	case *ast.ReturnStmt:
		r.returned(c, n)
	case ast.Stmt:
		r.statement(c, n)
	}
	return true
}

// binary swaps an operator.
func (r *rewriter) binary(c *astutil.Cursor, n *ast.BinaryExpr) {
	if r.constant[n] || r.isConstant(n) {
		return
	}
	operator, other := "boundary", boundaries[n.Op]
	if other == token.ILLEGAL {
		operator, other = "operator", opposites[n.Op]
	}
	if other == token.ILLEGAL {
		return
	}
	swapped := &ast.BinaryExpr{X: n.X, Op: other, Y: n.Y}
	was := r.was[n]
	now := was.parts[0] + " " + other.String() + " " + was.parts[1]
	if n.Op == token.ADD || n.Op == token.SUB {
		if !r.isBasic(n, types.IsInteger) {
			return
		}
		if on := r.add(n, operator, was.text, now); on != nil {
			c.Replace(call("mutantPick", on, n, swapped))
		}
		return
	}
	if on := r.add(n, operator, was.text, now); on != nil {
		c.Replace(choice(on, n, swapped))
	}
}

// choice is one of two conditions, of which only one is evaluated.
func choice(on, was, now ast.Expr) ast.Expr {
	and := func(a, b ast.Expr) ast.Expr {
		return &ast.BinaryExpr{X: a, Op: token.LAND, Y: &ast.ParenExpr{X: b}}
	}
	not := &ast.UnaryExpr{Op: token.NOT, X: on}
	return &ast.ParenExpr{X: &ast.BinaryExpr{X: and(not, was), Op: token.LOR, Y: and(on, now)}}
}

// literal makes a number one larger.
func (r *rewriter) literal(c *astutil.Cursor, n *ast.BasicLit) {
	t, basic := r.TypesInfo.TypeOf(n).(*types.Basic)
	if n.Kind != token.INT || r.constant[n] || !basic || t.Info()&types.IsUntyped != 0 {
		return
	}
	if on := r.add(n, "constant", n.Value, n.Value+"+1"); on != nil {
		more := &ast.BinaryExpr{X: &ast.BasicLit{Kind: token.INT, Value: n.Value}, Op: token.ADD, Y: number(1)}
		c.Replace(call("mutantPick", on, call(t.Name(), n), more))
	}
}

// negated is a condition that a mutant turns round. A condition that is one comparison has that mutant already.
func (r *rewriter) negated(n ast.Node, cond ast.Expr) ast.Expr {
	was := r.was[n].parts[0]
	if isEquality(was) {
		return cond
	}
	if on := r.add(n, "negate", was, "!("+was+")"); on != nil {
		return &ast.BinaryExpr{X: on, Op: token.NEQ, Y: &ast.ParenExpr{X: cond}}
	}
	return cond
}

func isEquality(text string) bool {
	return !strings.ContainsAny(text, "&|") && (strings.Contains(text, " == ") || strings.Contains(text, " != "))
}

// cases drops the values of a switch, one by one. A switch with a tag becomes one of conditions.
func (r *rewriter) cases(c *astutil.Cursor, n *ast.SwitchStmt) {
	if len(n.Body.List) == 0 {
		return
	}
	if _, labelled := c.Parent().(*ast.LabeledStmt); labelled {
		return
	}
	tag := ast.NewIdent("mutantTag")
	used := false
	for _, stmt := range n.Body.List {
		clause := stmt.(*ast.CaseClause)
		for i, value := range clause.List {
			used = true
			cond := value
			if n.Tag != nil {
				cond = &ast.BinaryExpr{X: tag, Op: token.EQL, Y: value}
			}
			if on := r.add(clause, "case", "case "+r.was[clause].parts[i], "(no such case)"); on != nil {
				cond = &ast.BinaryExpr{X: &ast.UnaryExpr{Op: token.NOT, X: on}, Op: token.LAND, Y: &ast.ParenExpr{X: cond}}
			}
			clause.List[i] = cond
		}
	}
	if n.Tag == nil || !used {
		return
	}
	assign := &ast.AssignStmt{Lhs: []ast.Expr{tag}, Tok: token.DEFINE, Rhs: []ast.Expr{n.Tag}}
	list := []ast.Stmt{assign, &ast.SwitchStmt{Body: n.Body}}
	if n.Init != nil {
		list = append([]ast.Stmt{n.Init}, list...)
	}
	c.Replace(&ast.BlockStmt{List: list})
}

// statement removes a statement.
func (r *rewriter) statement(c *astutil.Cursor, n ast.Stmt) {
	if c.Index() < 0 {
		return
	}
	switch s := n.(type) {
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); ok && types.ExprString(call.Fun) == "panic" {
			return
		}
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE || isBlank(s.Lhs) {
			return
		}
	case *ast.BranchStmt:
		if s.Tok != token.BREAK && s.Tok != token.CONTINUE {
			return
		}
	case *ast.IncDecStmt, *ast.DeferStmt, *ast.SendStmt, *ast.GoStmt:
	default:
		return
	}
	if on := r.add(n, "statement", r.was[n].text, "(removed)"); on != nil {
		c.Replace(&ast.IfStmt{Cond: &ast.UnaryExpr{Op: token.NOT, X: on}, Body: &ast.BlockStmt{List: []ast.Stmt{n}}})
	}
}

func isBlank(left []ast.Expr) bool {
	for _, e := range left {
		if id, ok := e.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}

// returned returns zero values, or the opposite of a boolean.
func (r *rewriter) returned(c *astutil.Cursor, n *ast.ReturnStmt) {
	results := r.results[len(r.results)-1]
	if len(n.Results) == 0 || results == nil || c.Index() < 0 {
		return
	}
	if len(n.Results) == 1 && len(results.List) == 1 && isName(results.List[0].Type, "bool") {
		was := r.was[n].parts[0]
		if isEquality(was) {
			return
		}
		if on := r.add(n, "return", "return "+was, "return !("+was+")"); on != nil {
			n.Results[0] = &ast.BinaryExpr{X: on, Op: token.NEQ, Y: &ast.ParenExpr{X: n.Results[0]}}
		}
		return
	}
	if r.isAllZero(n) {
		return
	}
	var zeros []ast.Expr
	for _, field := range results.List {
		for range max(1, len(field.Names)) {
			zeros = append(zeros, &ast.StarExpr{X: call("new", field.Type)})
		}
	}
	if on := r.add(n, "return", r.was[n].text, "return zero values"); on != nil {
		c.InsertBefore(&ast.IfStmt{Cond: on, Body: &ast.BlockStmt{List: []ast.Stmt{&ast.ReturnStmt{Results: zeros}}}})
	}
}

// isAllZero reports whether the results are the zero values of their types as far as one sees.
func (r *rewriter) isAllZero(n *ast.ReturnStmt) bool {
	for i, v := range n.Results {
		switch text := r.was[n].parts[i]; {
		case text == "nil", text == "none", text == "0", strings.HasSuffix(text, "{}"): // a mutated 0 is no constant any more
		case r.isZeroConstant(v):
		default:
			return false
		}
	}
	return true
}

func (r *rewriter) isZeroConstant(e ast.Expr) bool {
	value := r.TypesInfo.Types[e].Value
	if value == nil {
		return false
	}
	switch value.Kind() {
	case constant.Int:
		return constant.Sign(value) == 0
	case constant.String:
		return constant.StringVal(value) == ""
	case constant.Bool:
		return !constant.BoolVal(value)
	}
	return false
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
