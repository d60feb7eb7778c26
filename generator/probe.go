package generator

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

// LoadProbe reads what a server is asked about: the policy of a document, and a request for each operation. The list is
// sorted; with an error in it the subject is nil.
func LoadProbe(options PolicyOptions) (*probe.Subject, diag.List) {
	read, build, diags := policyOptions(options)
	if diags.HasErrors() {
		return nil, diags
	}
	document, found := spec.Load(read)
	if diags.Add(found); document == nil {
		diags.Sort()
		return nil, diags
	}
	p, more := policy.Build(document, build)
	diags.Add(more)
	diags.Sort()
	if diags.HasErrors() {
		return nil, diags
	}
	return probe.NewSubject(document, p), diags
}
