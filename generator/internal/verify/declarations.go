package verify

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// item is one declaration of a file: a function, or a spec of a group.
type item struct {
	key, name string
	node      ast.Node
}

// items are the declarations of a file but for imports.
func items(file *ast.File) []item {
	var all []item
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				all = append(all, item{"func " + d.Name.Name, d.Name.Name, d})
			} else {
				all = append(all, item{"method " + receiverType(d) + "." + d.Name.Name, "", d})
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					all = append(all, item{"type " + s.Name.Name, s.Name.Name, s})
				case *ast.ValueSpec:
					all = append(all, valueItems(d.Tok, s)...)
				}
			}
		}
	}
	return all
}

// valueItems is an item for every name, so that none hides behind another; the first one stands for the spec.
func valueItems(kind token.Token, spec *ast.ValueSpec) []item {
	var all []item
	for _, name := range spec.Names {
		all = append(all, item{kind.String() + " " + name.Name, name.Name, spec})
	}
	return all
}

// receiverType is the name of the type that a method belongs to.
func receiverType(d *ast.FuncDecl) string {
	if len(d.Recv.List) == 0 {
		return ""
	}
	expression := d.Recv.List[0].Type
	for {
		switch e := expression.(type) {
		case *ast.StarExpr:
			expression = e.X
		case *ast.ParenExpr:
			expression = e.X
		case *ast.IndexExpr:
			expression = e.X
		case *ast.IndexListExpr:
			expression = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// checkDeclarations checks that every declaration is there once and as it must be, and the ones in addition.
func (v *verifier) checkDeclarations() {
	known, seen := map[string]ast.Node{}, map[string]bool{}
	for _, want := range items(v.wantFile) {
		known[want.key] = want.node
	}
	for _, got := range items(v.gotFile) {
		want, protected := known[got.key]
		switch {
		case protected && seen[got.key]:
			v.reportAt(got.node, v.operationIn(want), "%s is declared twice", got.key)
		case protected:
			seen[got.key] = true
			v.compare(got.key, want, got.node)
		default:
			v.checkAdded(got)
		}
	}
	for _, want := range items(v.wantFile) {
		if !seen[want.key] {
			seen[want.key] = true
			v.reportMissing(want.node, "%s is missing", title(want))
		}
	}
}

// title is a declaration in a message.
func title(i item) string {
	if spec, ok := i.node.(*ast.ValueSpec); ok && i.name == "_" && len(spec.Values) == 1 {
		return strconv.Quote(i.key + " = " + snippet(spec.Values[0]))
	}
	return i.key
}

// checkAdded checks a declaration that the built-in templates do not make.
func (v *verifier) checkAdded(i item) {
	reason := ""
	switch d := i.node.(type) {
	case *ast.FuncDecl:
		switch receiver := d.Recv; {
		case receiver != nil && !v.added[receiverType(d)]:
			reason = "only types of your own can have more methods"
		case receiver == nil && (i.name == "init" || i.name == "main"):
			reason = "it would run on its own"
		}
	case *ast.ValueSpec:
		if i.name == "_" && i.key == "const _" {
			reason = "the only one is the generation of the runtime"
		}
	}
	if types.Universe.Lookup(i.name) != nil || v.imports[i.name] != "" {
		reason = "the name has a meaning in the built-in code"
	}
	if reason == "" {
		reason = v.references(i.node, nil)
	}
	if reason != "" {
		v.reportAt(i.node, v.operationIn(i.node), "%s may not be added: %s", i.key, reason)
	}
}

func specNames(spec ast.Spec) []string {
	var names []string
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names = append(names, s.Name.Name)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.Name != "_" {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
