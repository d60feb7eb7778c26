package join

import (
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// CheckDocument reports operations that oapi-codegen cannot serve, or whose server is beyond reading: those with a method
// that the router has not, and several of one Go name.
func CheckDocument(p *policy.Policy, f framework.Framework, normalizer string) diag.List {
	var operations []routers.Operation
	for _, o := range p.Operations {
		operations = append(operations, routerOperation(o))
	}
	diags := f.Router().CheckMethods(operations)
	refuseSameNames(p, normalizer, &diags)
	return diags
}

// refuseSameNames reports operations that oapi-codegen gives one Go name: its output then has a method less,
// or does not compile, and the place to mend that is the document.
func refuseSameNames(p *policy.Policy, normalizer string, diags *diag.List) {
	normalize := codegen.NameNormalizers[codegen.NameNormalizerFunction(normalizer)]
	if normalize == nil {
		return // oapi-codegen reports it
	}
	first := map[string]*policy.Operation{}
	for _, o := range p.Operations {
		if o.AliasOf != "" {
			continue // an alias shares the method on purpose
		}
		name := normalize(operationID(o))
		if other, ok := first[name]; ok {
			diags.Report(o.Position, ruleCollision, "the operations %s %s and %s %s (%s) both become %s in Go: give one of them another operationId",
				o.Method, o.Path, other.Method, other.Path, other.Position, name)
			continue
		}
		first[name] = o
	}
}

// operationID is the operation's own, or the one that oapi-codegen makes of method and path.
func operationID(o *policy.Operation) string {
	if o.ID != "" {
		return o.ID
	}
	id := strings.ToLower(o.Method)
	for part := range strings.SplitSeq(o.Path, "/") {
		if part != "" {
			id += "-" + part
		}
	}
	return id
}
