package generator

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
)

// OverlayOptions say of which document [Overlay] makes an overlay, and how.
type OverlayOptions struct {
	PolicyOptions
	overlay.Options
}

// Overlay makes an OpenAPI Overlay that documents who may call the operations of a document: see package overlay. It is
// nil when the list, which is sorted, has an error. Where the configuration has an overlay of its own, this one is made
// of the document with that one applied.
func Overlay(options OverlayOptions) ([]byte, diag.List) {
	read, build, diags := policyOptions(options.PolicyOptions)
	if diags.HasErrors() {
		return nil, diags
	}
	document, found := spec.Load(read)
	if diags.Add(found); document == nil {
		diags.Sort()
		return nil, diags
	}
	p, more := policy.Build(document, build)
	if diags.Add(more); diags.HasErrors() {
		diags.Sort()
		return nil, diags
	}
	content, more := overlay.Make(document, p, options.Options)
	diags.Add(more)
	diags.Sort()
	if diags.HasErrors() {
		return nil, diags
	}
	return content, diags
}
