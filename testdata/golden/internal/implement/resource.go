package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// resources are the expressions for the path parameters of every operation, by method: parameters of a plain
// server, fields of a strict server's request object. oapi-codegen's ServerInterface names them for both.
func (c *Case) resources() (map[string][]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), c.Folder+"/api/api.gen.go", nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, method := range interfaceMethods(file, "ServerInterface") {
		for _, p := range method.Type.(*ast.FuncType).Params.List {
			for _, name := range p.Names {
				if !c.ofTheFramework(source(p.Type)) && name.Name != "params" {
					all[method.Names[0].Name] = append(all[method.Names[0].Name], c.bound(name.Name))
				}
			}
		}
	}
	return all, nil
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
