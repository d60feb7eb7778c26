package main

import (
	"go/ast"
	"strings"
)

// resources are the expressions for the path parameters of every operation, by method: parameters of a plain
// server, fields of a strict server's request object. The methods in which the guards have resources checked
// name them for both.
func (c *Case) resources(file *ast.File) map[string][]string {
	all := map[string][]string{}
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok || f.Recv == nil || !strings.HasPrefix(source(f.Recv.List[0].Type), "*checkedRequest[") {
			continue
		}
		for _, p := range f.Type.Params.List {
			for _, name := range p.Names {
				if c.ofTheFramework(source(p.Type)) || name.Name == "params" {
					continue
				}
				all[f.Name.Name] = append(all[f.Name.Name], c.bound(name.Name))
			}
		}
	}
	return all
}

// ofTheFramework reports whether a parameter of this type is the framework's own.
func (c *Case) ofTheFramework(written string) bool {
	return written == "http.ResponseWriter" || written == "*http.Request" || written == routers[c.Framework].context
}

func (c *Case) bound(name string) string {
	if c.Strict {
		return "request." + strings.ToUpper(name[:1]) + name[1:]
	}
	return name
}

// Call says which operation is called for whom, and for which resource.
func (m Method) Call() string {
	resource := "nil"
	if len(m.Resource) > 0 {
		resource = "[]any{" + strings.Join(m.Resource, ", ") + "}"
	}
	return "call{\"" + m.ID + "\", " + m.CallerName() + ", " + resource + "}"
}
