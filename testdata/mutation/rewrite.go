package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"
)

// mutant is one change of one file. All mutants of a package are compiled into one program, each behind its number.
type mutant struct {
	ID       int    `json:"id"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Func     string `json:"func"`
	Operator string `json:"operator"`
	Was      string `json:"was"`
	Now      string `json:"now"`
}

// key is the mutant by its content: it stays the same when lines move.
func (m *mutant) key() string {
	return strings.Join([]string{m.File, m.Func, m.Operator, m.Was, m.Now}, "\x00")
}

// written is a node as it was written, before its parts were changed.
type written struct {
	text  string
	line  int
	parts []string
}

// rewriter puts the mutants of one file into its syntax.
type rewriter struct {
	*packages.Package
	path     string // below the repository
	source   []byte
	mutants  *[]mutant
	without  map[string]bool // the keys of mutants that do not compile
	function string
	results  []*ast.FieldList
	was      map[ast.Node]written
	constant map[ast.Node]bool // expressions that have to stay as they are
}

// rewrite returns the file with every mutant of it behind its number.
func (r *rewriter) rewrite(file *ast.File) ([]byte, error) {
	r.was, r.constant = map[ast.Node]written{}, map[ast.Node]bool{}
	file.Comments, file.Doc = nil, nil
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		f.Doc, r.function = nil, funcName(f)
		r.results = []*ast.FieldList{f.Type.Results}
		astutil.Apply(f.Body, r.enter, r.leave)
	}
	var out bytes.Buffer
	err := format.Node(&out, token.NewFileSet(), file)
	return out.Bytes(), err
}

func funcName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch index := t.(type) {
	case *ast.IndexExpr:
		t = index.X
	case *ast.IndexListExpr:
		t = index.X
	}
	return types.ExprString(t) + "." + f.Name.Name
}

// enter remembers the text of what may be changed, before its parts are.
func (r *rewriter) enter(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.FuncLit:
		r.results = append(r.results, n.Type.Results)
	case *ast.GenDecl:
		return n.Tok == token.VAR
	case *ast.ArrayType, *ast.TypeSwitchStmt:
		r.keepConstants(n)
	case *ast.KeyValueExpr:
		r.keepConstants(n.Key)
	}
	if e, ok := c.Node().(ast.Expr); ok && r.isConstant(e) {
		r.keepInside(e)
	}
	if n := c.Node(); n != nil && n.Pos().IsValid() {
		r.was[n] = written{r.text(n), r.Fset.Position(n.Pos()).Line, r.texts(parts(n))}
	}
	return true
}

// parts are the expressions of a node that its mutants name.
func parts(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return []ast.Expr{n.X, n.Y}
	case *ast.IfStmt:
		return []ast.Expr{n.Cond}
	case *ast.ForStmt:
		if n.Cond != nil {
			return []ast.Expr{n.Cond}
		}
	case *ast.ReturnStmt:
		return n.Results
	case *ast.CaseClause:
		return n.List
	}
	return nil
}

func (r *rewriter) texts(list []ast.Expr) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = r.text(e)
	}
	return out
}

// keepInside marks the literals inside of a constant expression, which are not to be changed one by one.
func (r *rewriter) keepInside(n ast.Expr) {
	if _, literal := n.(*ast.BasicLit); !literal {
		r.keepConstants(n)
	}
}

func (r *rewriter) keepConstants(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.BasicLit, *ast.BinaryExpr, *ast.UnaryExpr:
			r.constant[n] = true
		case *ast.BlockStmt:
			return false
		}
		return true
	})
}

func (r *rewriter) text(n ast.Node) string {
	from, to := r.Fset.Position(n.Pos()).Offset, r.Fset.Position(n.End()).Offset
	if from < 0 || to > len(r.source) || from > to {
		return ""
	}
	return strings.Join(strings.Fields(string(r.source[from:to])), " ")
}

// add makes a mutant. It is nil when this one does not compile.
func (r *rewriter) add(n ast.Node, operator, was, now string) ast.Expr {
	m := mutant{
		ID: len(*r.mutants) + 1, File: r.path, Line: r.was[n].line, Func: r.function,
		Operator: operator, Was: was, Now: now,
	}
	if r.without[m.key()] {
		return nil
	}
	*r.mutants = append(*r.mutants, m)
	return call("mutantIs", number(m.ID))
}

func call(name string, args ...ast.Expr) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent(name), Args: args}
}

func number(n int) ast.Expr {
	return &ast.BasicLit{Kind: token.INT, Value: fmt.Sprint(n)}
}

func (r *rewriter) isBasic(e ast.Expr, info types.BasicInfo) bool {
	t := r.TypesInfo.TypeOf(e)
	basic, ok := t.(*types.Basic)
	return ok && basic.Info()&info != 0
}

func (r *rewriter) isConstant(e ast.Expr) bool { return r.TypesInfo.Types[e].Value != nil }
