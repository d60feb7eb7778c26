package verify

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/render"
)

// declaration is a declaration of a file, with its text in one form and without comments.
type declaration struct {
	key, text string
	node      ast.Node
}

// declarations are those of a rendering, imports included. What a filled hook writes into one is left out.
func (v *verifier) declarations(r *render.Rendering) []declaration {
	file, err := parser.ParseFile(token.NewFileSet(), "", r.Source, parser.SkipObjectResolution)
	if err != nil {
		return nil // it parsed
	}
	var all []declaration
	for _, d := range file.Decls {
		key, compared := keyOf(d), d
		if v.got.Data.Fills(hooks[key]) {
			compared = without(d, func(m string) bool { return r == v.got && v.names.hookMethods[m] })
		}
		all = append(all, declaration{key, printed(compared), d})
	}
	return all
}

// keyOf names a declaration by its kind and all that it declares.
func keyOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if receiver := receiverOf(d); receiver != "" {
			return "method " + receiver + "." + d.Name.Name
		}
		return "func " + d.Name.Name
	case *ast.GenDecl:
		return strings.TrimSpace(d.Tok.String() + " " + strings.Join(namesOf(d), ", "))
	}
	return ""
}

// namesOf are the package-level names of a declaration.
func namesOf(d ast.Decl) []string {
	if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
		return []string{f.Name.Name}
	}
	var names []string
	g, _ := d.(*ast.GenDecl)
	for i := 0; g != nil && i < len(g.Specs); i++ {
		switch s := g.Specs[i].(type) {
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		case *ast.ValueSpec:
			for _, id := range s.Names {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// receiverOf is the type that a method belongs to, "?" for one without a name and nothing for a function.
func receiverOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	name := ""
	for _, field := range f.Recv.List {
		name, _, _ = strings.Cut(strings.Trim(printed(field.Type), "*()"), "[")
	}
	return cmp.Or(name, "?")
}

// without is a function without its body, or an interface without some of its methods.
func without(d ast.Decl, leftOut func(method string) bool) ast.Decl {
	if f, ok := d.(*ast.FuncDecl); ok {
		return &ast.FuncDecl{Name: f.Name, Type: f.Type, Body: &ast.BlockStmt{}}
	}
	spec := *d.(*ast.GenDecl).Specs[0].(*ast.TypeSpec)
	if t, ok := spec.Type.(*ast.InterfaceType); ok {
		methods := slices.DeleteFunc(slices.Clone(t.Methods.List), func(m *ast.Field) bool {
			return len(m.Names) == 1 && leftOut(m.Names[0].Name)
		})
		spec.Type = &ast.InterfaceType{Methods: &ast.FieldList{List: methods}}
	}
	return &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{&spec}}
}

// printed is code as gofmt prints it, whatever its lines were.
func printed(n ast.Node) string {
	var b bytes.Buffer
	if err := format.Node(&b, token.NewFileSet(), n); err != nil {
		return "?"
	}
	return b.String()
}
