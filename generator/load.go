package generator

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// PolicyOptions say which document: Config is an oapi-guard.yaml, or empty; Spec is the document, or empty for the
// configuration's.
type PolicyOptions struct{ Config, Spec string }

// LoadPolicy reads the policy of a document, as the configuration says where there is one: overlay, filters, the extension
// with the roles. The policy is nil when the list, which is sorted, has an error.
func LoadPolicy(options PolicyOptions) (*policy.Policy, diag.List) {
	read, choices, diags := policySource(options)
	if diags.HasErrors() {
		return nil, diags
	}
	document, found := spec.Load(read)
	diags.Add(found)
	p, found := policy.Build(document, choices)
	diags.Add(found)
	diags.Sort()
	if diags.HasErrors() {
		return nil, diags
	}
	return p, diags
}

// policySource says how to read the document.
func policySource(options PolicyOptions) (spec.Options, policy.Options, diag.List) {
	if options.Config == "" {
		return spec.Options{Path: options.Spec}, policy.Options{}, nil
	}
	c, diags := config.Load(options.Config)
	if c == nil {
		return spec.Options{}, policy.Options{}, diags
	}
	if options.Spec != "" {
		c.Spec = options.Spec
	}
	diags.Add(c.CheckSpec())
	return specOptions(c), policy.Options{ExplicitRoles: c.ExplicitRoles}, diags
}
