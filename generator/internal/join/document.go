package join

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// CheckDocument reports operations that the generated server cannot have: those with a method that the router cannot
// register, and those that share a Go name. For such a document the server file is not worth reading. The function
// name is that of [server.Generator].
func CheckDocument(p *policy.Policy, f framework.Framework, name func(id, method, path string) string) diag.List {
	var operations []routers.Operation
	for _, o := range p.Operations {
		operations = append(operations, routerOperation(o))
	}
	diags := f.Router().CheckMethods(operations)
	diags.Add(sameGoName(p, name))
	return diags
}

// sameGoName reports operations that oapi-codegen gives one Go name. Its output then lacks a method, or does not compile,
// and the document is the place to mend that.
func sameGoName(p *policy.Policy, goName func(id, method, path string) string) diag.List {
	var diags diag.List
	first := map[string]*policy.Operation{}
	for _, o := range p.Operations {
		if o.AliasOf != "" {
			continue // an alias shares the method on purpose
		}
		name := goName(o.ID, o.Method, o.Path)
		if other, taken := first[name]; taken && name != "" {
			diags.Report(o.Position, ruleCollision, "the operations %s %s and %s %s (%s) both become %s in Go: give one of them another operationId",
				o.Method, o.Path, other.Method, other.Path, other.Position, name)
			continue
		}
		first[name] = o
	}
	return diags
}
