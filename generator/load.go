package generator

import (
	"cmp"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// PolicyOptions say which document [LoadPolicy] reads, and how.
type PolicyOptions struct {
	// Config is an oapi-guard.yaml, whose overlay, filters and roles apply, or empty for a bare document.
	Config string
	// Spec is the document, or empty for the configuration's.
	Spec string
	// Read reads the document and the local files that it refers to, its overlay included; nil: from disk. The
	// configuration is always read from disk.
	Read func(name string) ([]byte, error)
}

// LoadPolicy reads the policy of a document, without a server. When the list, which is sorted, has an error, generate
// refuses the document and the policy must not be used; it is nil when the document could not be read.
func LoadPolicy(options PolicyOptions) (*policy.Policy, diag.List) {
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
	return p, diags
}

// policyOptions are the options of the two stages: those of the configuration, or those of a bare document.
func policyOptions(options PolicyOptions) (spec.Options, policy.Options, diag.List) {
	if options.Config == "" {
		return spec.Options{Path: options.Spec, Read: options.Read}, policy.Options{}, nil
	}
	c, diags := config.Load(options.Config)
	if diags.HasErrors() {
		return spec.Options{}, policy.Options{}, diags
	}
	if options.Spec == "" && options.Read == nil {
		diags.Add(c.CheckSpec())
	}
	read := specOptions(c)
	read.Path, read.Read = cmp.Or(options.Spec, read.Path), options.Read
	return read, policy.Options{ExplicitRoles: c.ExplicitRoles}, diags
}
