package generator

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
)

// VetOptions say which document [Vet] looks at.
type VetOptions struct {
	// PolicyOptions name the document. A configuration also has the switches of single rules.
	PolicyOptions
	// FailOn is "warning" to make errors of warnings, or "error" not to. Empty leaves it to fail-on of the configuration.
	FailOn string
}

// Vet finds what is wrong with a document, and what is valid but seldom meant: see package lint. The server is not
// looked at. The list is sorted.
func Vet(options VetOptions) diag.List {
	read, build, diags := policyOptions(options.PolicyOptions)
	r := &run{options: Options{FailOn: options.FailOn}}
	if r.ok(diags) {
		if options.Config != "" {
			r.config, _ = config.Load(options.Config)
		}
		r.vet(read, build)
	}
	if r.failOnWarning() {
		r.Diagnostics.Harden()
	}
	r.Diagnostics.Sort()
	return r.Diagnostics
}

func (r *run) vet(read spec.Options, build policy.Options) {
	document, found := spec.Load(read)
	if document == nil {
		r.ok(found)
		return
	}
	r.document = document
	p, more := policy.Build(document, build)
	r.Policy = p
	found.Add(more)
	var settings map[string]lint.Setting
	if r.config != nil {
		found.Add(join.CheckDocument(p, r.config.Framework, r.serverGenerator().OperationName))
		settings = r.config.Vet
	}
	r.ok(lint.Check(document, p, found, settings))
}
