package oapicodegen

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// typeExpr is a type as the server's file writes it.
type typeExpr struct {
	expr  ast.Expr
	scope *scope
}

// Position is the type's place in the server's file.
func (t typeExpr) Position() diag.Position { return t.scope.source.position(t.expr) }

// Render is the type as Go source for the file that q speaks for. An error is a [*server.TypeError].
func (t typeExpr) Render(q server.Qualifier) (string, error) {
	r := renderer{scope: t.scope, qualifier: q}
	r.expr(t.expr)
	if r.err != nil {
		return "", r.err
	}
	return r.out.String(), nil
}

// renderer writes a type expression (go.dev/ref/spec#Types). After the first error it writes nonsense.
type renderer struct {
	scope     *scope
	qualifier server.Qualifier
	out       strings.Builder
	err       error
}

func (r *renderer) fail(at ast.Node, format string, args ...any) {
	if r.err == nil {
		r.err = &server.TypeError{Position: r.scope.source.position(at), Reason: fmt.Sprintf(format, args...)}
	}
}

func (r *renderer) expr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident:
		r.ident(e)
	case *ast.SelectorExpr:
		r.selector(e)
	case *ast.StarExpr:
		r.prefixed("*", e.X)
	case *ast.ParenExpr:
		r.prefixed("(", e.X)
		r.out.WriteString(")")
	case *ast.Ellipsis:
		r.prefixed("...", e.Elt)
	case *ast.BasicLit:
		r.out.WriteString(e.Value)
	case *ast.IndexExpr:
		r.instance(e.X, e.Index)
	case *ast.IndexListExpr:
		r.instance(e.X, e.Indices...)
	default:
		r.composite(e)
	}
}

func (r *renderer) composite(e ast.Expr) {
	switch e := e.(type) {
	case *ast.ArrayType:
		r.array(e)
	case *ast.MapType:
		r.prefixed("map[", e.Key)
		r.prefixed("]", e.Value)
	case *ast.ChanType:
		r.channel(e)
	case *ast.FuncType:
		r.out.WriteString("func")
		r.signature(e)
	case *ast.StructType:
		r.structure(e)
	case *ast.InterfaceType:
		r.interfaceType(e)
	default:
		r.fail(e, "this form of type cannot be written in another package")
	}
}

func (r *renderer) prefixed(prefix string, e ast.Expr) {
	r.out.WriteString(prefix)
	r.expr(e)
}

// ident writes a name without a qualifier: one of the package, or a predeclared one that it does not redefine.
func (r *renderer) ident(name *ast.Ident) {
	_, declared := r.scope.declared[name.Name]
	switch {
	case !declared && predeclared(name.Name):
		r.out.WriteString(name.Name)
	case !declared && len(r.scope.dotted) > 0:
		r.dotted(name)
	case !declared:
		r.fail(name, "%s is not declared in the server's package", name.Name)
	default:
		r.local(name)
	}
}

// dotted writes a name that the file has from an import with a dot.
func (r *renderer) dotted(name *ast.Ident) {
	from, ok := r.scope.from(name.Name)
	if !ok {
		r.fail(name, "which import with a dot %s comes from cannot be told: import one of them by name", name.Name)
		return
	}
	r.out.WriteString(r.qualifier.Import(from.path, from.name) + "." + name.Name)
}

func (r *renderer) local(name *ast.Ident) {
	qualified := r.qualifier.Local(name.Name)
	if qualified != name.Name && !name.IsExported() {
		r.fail(name, "%s is not exported, so that another package cannot name it: "+
			"rename it (x-go-name), or generate the guards into the server's package", name.Name)
	}
	r.out.WriteString(qualified)
}

func (r *renderer) selector(e *ast.SelectorExpr) {
	pkg, ok := e.X.(*ast.Ident)
	if !ok {
		r.fail(e, "this form of type cannot be written in another package")
		return
	}
	target, ok := r.scope.imports.path(pkg.Name)
	if !ok {
		r.fail(e, "which package %s is cannot be told from the imports: give its import a name", pkg.Name)
		return
	}
	r.out.WriteString(r.qualifier.Import(target, pkg.Name) + "." + e.Sel.Name)
}

// instance writes a generic type with its arguments.
func (r *renderer) instance(generic ast.Expr, arguments ...ast.Expr) {
	r.expr(generic)
	for i, argument := range arguments {
		r.prefixed(separator(i, "[", ", "), argument)
	}
	r.out.WriteString("]")
}

func (r *renderer) array(e *ast.ArrayType) {
	r.out.WriteString("[")
	if e.Len != nil {
		r.expr(e.Len)
	}
	r.prefixed("]", e.Elt)
}

func (r *renderer) channel(e *ast.ChanType) {
	switch e.Dir {
	case ast.SEND:
		r.prefixed("chan<- ", e.Value)
	case ast.RECV:
		r.prefixed("<-chan ", e.Value)
	default:
		// The parentheses keep "chan (<-chan T)" apart from "chan<- (chan T)".
		r.prefixed("chan (", e.Value)
		r.out.WriteString(")")
	}
}

// signature writes parameters and results without their names, which are not part of the type.
func (r *renderer) signature(e *ast.FuncType) {
	r.out.WriteString("(")
	r.unnamed(e.Params)
	r.out.WriteString(")")
	if e.Results != nil {
		r.out.WriteString(" (")
		r.unnamed(e.Results)
		r.out.WriteString(")")
	}
}

func (r *renderer) unnamed(fields *ast.FieldList) {
	written := 0
	for _, field := range fields.List {
		for range max(1, len(field.Names)) {
			r.prefixed(separator(written, "", ", "), field.Type)
			written++
		}
	}
}

// structure writes a struct with its tags: they are part of the type's identity, as is the package of an
// unexported field.
func (r *renderer) structure(e *ast.StructType) {
	r.out.WriteString("struct{")
	for i, field := range e.Fields.List {
		r.out.WriteString(separator(i, "", "; "))
		for j, name := range field.Names {
			r.exported(name)
			r.out.WriteString(separator(j, "", ", ") + name.Name)
		}
		r.prefixed(separator(len(field.Names), "", " "), field.Type)
		if field.Tag != nil {
			r.out.WriteString(" " + field.Tag.Value)
		}
	}
	r.out.WriteString("}")
}

// interfaceType writes an interface of methods and embedded types.
func (r *renderer) interfaceType(e *ast.InterfaceType) {
	r.out.WriteString("interface{")
	for i, field := range e.Methods.List {
		r.out.WriteString(separator(i, "", "; "))
		signature, isMethod := field.Type.(*ast.FuncType)
		if !isMethod || len(field.Names) == 0 {
			r.expr(field.Type)
			continue
		}
		r.exported(field.Names[0])
		r.out.WriteString(field.Names[0].Name)
		r.signature(signature)
	}
	r.out.WriteString("}")
}

// exported fails for a member's name that means something else in another package. Whether this is one shows
// in how the qualifier names things.
func (r *renderer) exported(name *ast.Ident) {
	if !token.IsExported(name.Name) && r.qualifier.Local("X") != "X" {
		r.fail(name, "%s is not exported, so that another package cannot write this type: "+
			"rename it (x-go-name), or generate the guards into the server's package", name.Name)
	}
}

func separator(index int, first, others string) string {
	if index == 0 {
		return first
	}
	return others
}
